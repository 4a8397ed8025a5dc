"""Open data of the accounts: the nation and each organisation, one row a figure and year, with scope, definition version and coverage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from klyngeforum.ground.access.queries import EVERYBODY
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import own_figures
from klyngeforum.ground.programme.terms import Entry

from .models import Account, BookedFigure
from .nation import Slice, national
from .own_figures import NationalEffort, efforts_of, held_of
from .queries import Standing, ordered_measures, published_years, standing
from .rules import edition_year
from .surveyed import Surveyed, of_nation, surveyed
from .telling import NATION, Cell, held_cells
from .terms import AccountState


@dataclass(frozen=True, slots=True)
class OpenFigure:
    """One published figure; ``value`` is empty where it was not counted, or where it is held back."""

    measure: str
    version: str
    cluster: int | None
    year: int
    edition_year: int
    edition: int
    value: Decimal | None
    participations: Decimal | None
    counted: int
    approved: int
    owed: int
    provisional: bool
    placeholder: bool
    held_back: bool
    digest: str
    unweighted: Decimal | None = None  # the next four: of figures that rest on the companies' own answers
    companies: int | None = None
    answered: int | None = None
    response_rate: Decimal | None = None


def _newest() -> QuerySet[Account]:
    approved = Account.objects.filter(state=AccountState.APPROVED)
    later = approved.filter(cluster=OuterRef("cluster"), year=OuterRef("year"), edition__gt=OuterRef("edition"))
    return approved.filter(~Exists(later))


def _how_many() -> dict[tuple[str, int], int]:
    """(measure, year) -> accounts that counted it."""
    rows = BookedFigure.objects.filter(account__in=_newest(), value__isnull=False).order_by()
    return {(code, year): n for code, year, n in rows.values_list("measure", "account__year").annotate(n=Count("id"))}


def open_nation() -> list[OpenFigure]:
    """Every measure of every published year of the nation."""
    return kept("open nation", _nation)


def _nation() -> list[OpenFigure]:
    many, found = _how_many(), []
    for year in sorted(published_years()):
        stand, back_cells = standing(year), held_cells(year)
        for one in national(year):
            n, back = many.get((one.measure, year), 0), (NATION, None, one.measure) in back_cells
            shown = n > 0 and not back
            found.append(
                OpenFigure(
                    one.measure, one.version, None, year, edition_year(year), 0, one.value if shown else None,
                    Decimal(one.participations or 0) if shown else None, n, stand.approved if stand else 0, stand.total if stand else 0,
                    one.provisional, one.placeholder, back, one.digest,
                )
            )  # fmt: skip
        found += [
            _effort(one, year, stand)
            for one in efforts_of(year, seen_by=EVERYBODY, on=date(year, 12, 31))
            if one.stated or one.held_back
        ]
        found += [_surveyed(one) for one in of_nation(year)]
    return found


def _effort(one: NationalEffort, year: int, stand: Standing | None) -> OpenFigure:
    """A figure of the organisations themselves, for the country."""
    version = ", ".join(one.versions)
    return OpenFigure(
        one.figure.code, version, None, year, edition_year(year), 0, one.value, None, one.stated, one.approved, stand.total if stand else 0,
        stand is None or not stand.complete, one.figure.placeholder, one.held_back, digest_of([one.figure.code, version, year, one.value]),
    )  # fmt: skip


def _own_cells(year: int, codes: list[str]) -> set[Cell]:
    """What is held back of the organisations' own figures, where they are numbers of bodies."""
    return {(Slice.CLUSTER.value, cluster, code) for code in codes for cluster in held_of(year, code) if cluster}


def _surveyed(one: Surveyed) -> OpenFigure:
    """Said by the companies: no account holds it, so none is counted; the weighted mean, with the rest of what it must never be told without."""
    scale, back = one.scale, one.scale.held_back
    plain, weighted, rate = (None if value is None else Decimal(str(round(value, 2))) for value in (scale.plain, scale.weighted, scale.rate))  # fmt: skip
    return OpenFigure(
        one.figure.code, one.figure.version, scale.cluster, one.year, edition_year(one.year), 0, weighted, None, 0, 0, 0, False,
        one.figure.placeholder, back, digest_of([one.figure.code, one.figure.version, one.year, scale.cluster, plain, weighted]), plain,
        None if back else scale.companies, scale.answered, rate,
    )  # fmt: skip


def open_organisations() -> list[OpenFigure]:
    """Every booked figure of every organisation's newest approved edition; what could point at one body is held back."""
    return kept("open organisations", _organisations)


def _organisations() -> list[OpenFigure]:
    known: dict[str, Entry] = {one.code: one for one in (*ordered_measures(), *own_figures())}
    rows = BookedFigure.objects.filter(account__in=_newest(), value__isnull=False, measure__in=known)
    columns = ("measure", "version", "value", "digest", "account__cluster_id", "account__year", "account__edition")
    read = list(rows.order_by("account__year", "account__cluster__sorted_as").values_list(*columns))
    years, owns = {row[5] for row in read}, [one.code for one in own_figures()]
    back = {year: held_cells(year) | _own_cells(year, owns) for year in years}
    order = {code: nth for nth, code in enumerate(known)}
    found = []
    for code, version, value, digest, cluster, year, edition in read:
        shut = (Slice.CLUSTER.value, cluster, code) in back[year]
        found.append(
            OpenFigure(
                code, version, cluster, year, edition_year(year), edition, None if shut else value, None, 1, 1, 1, False,
                known[code].placeholder, shut, digest,
            )
        )  # fmt: skip
    found += [_surveyed(one) for year in published_years() for one in surveyed(year) if one.scale.cluster is not None]
    return sorted(found, key=lambda one: (one.year, order.get(one.measure, len(order))))
