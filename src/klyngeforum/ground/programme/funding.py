"""What money follows: funding schemes, hourly rates by scheme and period, and the figures of economy; read like every other programme value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark

from .rules import ProgrammeError, Raw, base, need, pair
from .terms import Entry

KINDS = ("fixed", "pay")


class Payer(Term):
    """Whose money it is: the split of every account of finance."""

    PRIVATE = "private", mark("Private")
    PUBLIC = "public", mark("Public funds")
    REGION = "region", mark("Region")
    EU = "eu", mark("EU")


@dataclass(frozen=True, slots=True)
class FundingScheme(Entry):
    """A programme that gives grants: who pays, out of whose money, from when to when."""

    funder: Bilingual
    pays: Payer
    since: date
    until: date | None = None

    def runs(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Rate(Entry):
    """What an hour is worth under a scheme in a period: a fixed amount, or the actual pay with an addition; and the evidence that it asks."""

    version: str
    scheme: str
    kind: str
    amount: Decimal
    overhead: Decimal
    evidence: tuple[str, ...]
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class MoneyFigure(Entry):
    """A figure of economy with its definition and an example worked by hand."""

    version: str
    unit: Bilingual
    counted: Bilingual
    example: dict[str, Any]


def _days(raw: Raw, where: str) -> tuple[date, date | None]:
    since, until = need(raw, "from", where), raw.get("to")
    for key, value in (("from", since), ("to", until)):
        if value is not None and not isinstance(value, date):
            raise ProgrammeError(f"{where}: {key} is not a date; write {key} = 2012-10-01")
    if until is not None and until < since:
        raise ProgrammeError(f"{where}: it ends ({until}) before it begins ({since}); mend 'from' or 'to'")
    return since, until


def _amount(raw: Raw, key: str, where: str) -> Decimal:
    value = need(raw, key, where)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ProgrammeError(f"{where}: {key} is '{value}', not a number from 0; write it in digits without quotes")
    return Decimal(str(value))


def funding_scheme(raw: Raw, where: str) -> FundingScheme:
    pays = str(need(raw, "pays", where))
    if pays not in Payer.values():
        raise ProgrammeError(f"{where}: pays is '{pays}'; write one of {', '.join(Payer.values())}")
    since, until = _days(raw, where)
    return FundingScheme(
        **base(raw, where), funder=pair(raw, where, "funder_"), pays=Payer(pays), since=since, until=until
    )


def rate(raw: Raw, where: str) -> Rate:
    kind = str(need(raw, "kind", where))
    if kind not in KINDS:
        raise ProgrammeError(f"{where}: kind is '{kind}'; write one of {', '.join(KINDS)}")
    since, until = _days(raw, where)
    return Rate(
        **base(raw, where), version=str(need(raw, "version", where)), scheme=str(need(raw, "scheme", where)), kind=kind,
        amount=_amount(raw, "amount", where) if kind == "fixed" else Decimal(0),
        overhead=_amount(raw, "overhead", where) if kind == "pay" else Decimal(0),
        evidence=tuple(map(str, need(raw, "evidence", where))), since=since, until=until,
    )  # fmt: skip


def money_figure(raw: Raw, where: str) -> MoneyFigure:
    return MoneyFigure(
        **base(raw, where), version=str(need(raw, "version", where)), unit=pair(raw, where, "unit_"), counted=pair(raw, where, "counted_"),
        example=dict(need(raw, "example", where)),
    )  # fmt: skip


def one_at_a_time(rates: Iterable[Rate], schemes: Iterable[FundingScheme]) -> None:
    """Every rate belongs to a scheme, and no day has two rates of the same scheme."""
    known, seen = {one.code for one in schemes}, list(rates)
    for nth, one in enumerate(seen):
        if one.scheme not in known:
            raise ProgrammeError(f"rates.toml, {one.code}: there is no scheme '{one.scheme}'; name one of {', '.join(sorted(known))}")  # fmt: skip
        for other in seen[:nth]:
            if other.scheme == one.scheme and other.holds(max(one.since, other.since)) and one.holds(max(one.since, other.since)):  # fmt: skip
                raise ProgrammeError(f"rates.toml, {one.code}: its days meet those of '{other.code}'; mend 'from' or 'to'")  # fmt: skip
