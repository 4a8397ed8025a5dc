"""The own figures of one account: as the records stand while it is open, as booked afterwards; and of one organisation for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.programme.queries import own_figures
from klyngeforum.ground.programme.terms import OwnFigure

from .efforts import own
from .models import Account, BookedFigure
from .own_figures import booked_own, of_organisation, organisations_behind
from .queries import current_lines, resting
from .working import standing_work


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One own figure as a person reads it; no value: nothing was stated, or it is held back."""

    figure: OwnFigure
    version: str
    value: Decimal | None
    last_year: Decimal | None = None
    moved: bool = False  # the records say otherwise now than when it was booked
    now: Decimal | None = None
    held_back: bool = False


def own_rows(account: Account) -> list[OwnRow]:
    """Every own figure that the account holds, in the programme's order; what was not counted when it was booked is not there."""
    return resting(("own rows", account.pk), account.cluster_id, account.year, lambda: _rows(account))


def _rows(account: Account) -> list[OwnRow]:
    lines = current_lines(account.cluster_id, account.year) if account.booked else standing_work(account).lines
    one = of_organisation(account.cluster_id, account.year, lines)
    fresh = {figure.code: own(figure, one) for figure in own_figures()}
    held = {figure.code: (figure.version, fresh[figure.code]) for figure in own_figures()}
    if account.booked:
        rows = BookedFigure.objects.filter(account=account, measure__in=fresh)
        held = {code: (version, value) for code, version, value in rows.values_list("measure", "version", "value")}
    before = {
        code: value
        for code, rows in booked_own(account.year - 1).items()
        for cluster, _, value in rows
        if cluster == account.cluster_id
    }
    return [
        OwnRow(figure, *held[figure.code], before.get(figure.code), fresh[figure.code] != held[figure.code][1], fresh[figure.code])
        for figure in own_figures()
        if figure.code in held
    ]  # fmt: skip


def own_told(cluster_id: int, year: int, *, seen_by: Actor, on: date) -> list[OwnRow]:
    """The organisation's own figures of a published year as the reader may see them."""
    found = []
    for figure in own_figures():
        for cluster, value, back in organisations_behind(year, figure.code, seen_by=seen_by, on=on):
            if cluster == cluster_id:
                version = next(version for other, version, _ in booked_own(year)[figure.code] if other == cluster)
                found.append(OwnRow(figure, version, value, held_back=back))
    return found
