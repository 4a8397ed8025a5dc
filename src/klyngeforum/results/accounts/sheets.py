"""An account with its figures and findings, as the cluster office and the secretariat look at it together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .looking import checked
from .models import Account, BookedFigure
from .partial import locked_measures
from .queries import booked_lines, booked_values, current_lines, ordered_measures, resting
from .rules import COUNTINGS, counted
from .terms import AccountState
from .validation import Finding
from .working import sections_open, standing_work


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One figure of an account as a person reads it: now, last year, and what the records have become since booking."""

    measure: str
    value: Decimal
    last_year: Decimal | None
    since_booking: Decimal | None = None
    handed_in: Decimal | None = None  # what was handed in before it was sent back, where it has changed since
    locked: bool = False  # sent back, but not asked about: it stands as it was handed in

    @property
    def change(self) -> int | None:
        """Per cent against last year, where there is something to compare with."""
        return round((self.value - self.last_year) / self.last_year * 100) if self.last_year else None


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """An account with its figures and findings: from the records while it is open, as booked afterwards."""

    account: Account
    rows: list[SheetRow]
    findings: list[Finding]
    booked: bool


def sheet(account: Account) -> AccountSheet:
    """What the cluster office and the secretariat look at together."""
    return resting(("sheet", account.pk), account.cluster_id, account.year, lambda: _sheet(account))


def _sheet(account: Account) -> AccountSheet:
    booked, last = account.booked, booked_values(account.cluster_id, account.year - 1)
    if booked:
        now = current_lines(account.cluster_id, account.year)
        fresh = {one.code: counted(now, one.code).distinct for one in ordered_measures()}
    else:
        counts = standing_work(account).counts
        fresh = {one.code: counts[one.code] for one in ordered_measures()}
    stored, returned = _stored(account), account.state == AccountState.RETURNED
    values = fresh | stored if booked else fresh
    locked = locked_measures(sections_open(account)) if returned else set()
    rows = [
        SheetRow(
            code, value, last.get(code), fresh[code] if booked and code in fresh and fresh[code] != value else None,
            stored.get(code) if returned and stored.get(code, value) != value else None, code in locked,
        )
        for code, value in values.items()
    ]  # fmt: skip
    findings = checked(account, list(booked_lines(account))) if booked else standing_work(account).findings
    return AccountSheet(account, rows, findings, booked)


def _stored(account: Account) -> dict[str, Decimal]:
    """Measure -> value as it was handed in; empty before that."""
    stored = BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value")
    return {code: value for code, value in stored if value is not None and code in COUNTINGS}
