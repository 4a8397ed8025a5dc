"""Marks by which something is read, with the day that each holds from; read like every other programme value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from klyngeforum.ground.bilingual import Bilingual

from .rules import ProgrammeError, Raw, base, need, pair
from .terms import Entry


@dataclass(frozen=True, slots=True)
class Mark(Entry):
    """From ``least`` to ``most`` (none: no upper end), in a unit; ``within_km`` for a share that lies near something."""

    version: str
    least: Decimal
    most: Decimal | None
    within_km: Decimal | None
    unit: Bilingual
    since: date

    def place(self, value: Decimal | float | int | None) -> int | None:
        """-1 below, 0 within, 1 above; nothing known is nothing."""
        if value is None:
            return None
        known = Decimal(str(value))
        return -1 if known < self.least else 1 if self.most is not None and known > self.most else 0


def _number(raw: Raw, key: str, where: str) -> Decimal:
    value = need(raw, key, where)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ProgrammeError(f"{where}: {key} is '{value}', not a number from 0; write it in digits without quotes")
    return Decimal(str(value))


def read_mark(raw: dict[str, Any], where: str) -> Mark:
    since = need(raw, "from", where)
    if not isinstance(since, date):
        raise ProgrammeError(f"{where}: from is not a date; write from = 2012-10-01")
    least, most = (_number(raw, key, where) if key in raw else None for key in ("least", "most"))
    if least is None:
        raise ProgrammeError(f"{where}: 'least' is missing; write least = …")
    if most is not None and most < least:
        raise ProgrammeError(f"{where}: most ({most}) is under least ({least}); mend one of them")
    within = _number(raw, "within_km", where) if "within_km" in raw else None
    return Mark(
        **base(raw, where), version=str(need(raw, "version", where)), least=least, most=most, within_km=within,
        unit=pair(raw, where, "unit_"), since=since,
    )  # fmt: skip


def one_a_day(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks, if none of the same code begin on the same day."""
    seen: dict[tuple[str, date], Mark] = {}
    for one in marks:
        if (one.code, one.since) in seen:
            raise ProgrammeError(f"landscape.toml: two marks '{one.code}' begin on {one.since}; mend 'from' of one")
        seen[(one.code, one.since)] = one
    return tuple(seen.values())


def holding(marks: Iterable[Mark], code: str, day: date) -> Mark:
    """The newest mark of the code that had begun by the day; before the first, the first (the past is read by it too)."""
    found = sorted((one for one in marks if one.code == code), key=lambda one: one.since)
    if not found:
        raise ProgrammeError(f"landscape.toml: the mark '{code}' is missing; write it with least = …")
    return next((one for one in reversed(found) if one.since <= day), found[0])
