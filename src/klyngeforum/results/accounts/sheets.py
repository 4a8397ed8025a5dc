"""An account with its figures and findings, as the cluster office and the secretariat look at it together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from klyngeforum.ground.keeping import kept

from .looking import checked
from .models import Account, BookedFigure
from .queries import booked_lines, booked_values, current_lines, ordered_measures
from .rules import counted
from .validation import Finding


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One figure of an account as a person reads it: now, last year, and what the records have become since booking."""

    measure: str
    value: Decimal
    last_year: Decimal | None
    since_booking: Decimal | None = None

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
    return kept(("sheet", account.pk), lambda: _sheet(account))


def _sheet(account: Account) -> AccountSheet:
    booked = account.booked
    now, last = current_lines(account.cluster_id, account.year), booked_values(account.cluster_id, account.year - 1)
    fresh = {one.code: counted(now, one.code).distinct for one in ordered_measures()}
    values = dict(fresh)
    if booked:
        stored = BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value")
        values |= {code: value for code, value in stored if value is not None and code in fresh}
    rows = [
        SheetRow(
            code, value, last.get(code), fresh[code] if booked and code in fresh and fresh[code] != value else None
        )
        for code, value in values.items()
    ]
    looked_at = list(booked_lines(account)) if booked else now
    return AccountSheet(account, rows, checked(account, looked_at), booked)
