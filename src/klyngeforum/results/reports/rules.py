"""How a form is filled, how much of it came from the records, and when it may be handed in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from klyngeforum.ground.programme.reporting import Comes, ReportField, ReportForm
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import Origin, ReportState

Value = str | Decimal | date | None
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Filled:
    """One field with its value and where that came from."""

    field: ReportField
    value: Value
    origin: Origin

    @property
    def text(self) -> str:
        """The value as a program writes it."""
        if self.value is None:
            return ""
        return format(self.value.normalize(), "f") if isinstance(self.value, Decimal) else str(self.value)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many fields came from the records, were typed, or stand empty."""

    records: int = 0
    typed: int = 0
    empty: int = 0

    @property
    def fields(self) -> int:
        return self.records + self.typed + self.empty

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.records) / self.fields if self.fields else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.records + other.records, self.typed + other.typed, self.empty + other.empty)


def filled(form: ReportForm, held: Mapping[Comes, Mapping[str, Value]], answers: Mapping[str, str]) -> list[Filled]:
    """Every field of the form: from what is held, else from the typed answers, else empty."""
    found = []
    for one in form.fields:
        if one.comes is Comes.TYPED:
            text = answers.get(one.meaning)
            found.append(Filled(one, text, Origin.TYPED if text else Origin.EMPTY))
        else:
            value = held.get(one.comes, {}).get(one.meaning)
            found.append(Filled(one, value, Origin.EMPTY if value in (None, "") else Origin.RECORDS))
    return found


def tallied(origins: Iterable[Origin]) -> Tally:
    found = list(origins)
    return Tally(*(found.count(one) for one in (Origin.RECORDS, Origin.TYPED, Origin.EMPTY)))


def due_on(form: ReportForm, year: int) -> date:
    """The day of the year after."""
    return date(year + 1, form.due_month, form.due_day)


def state_of(form: ReportForm, year: int, handed_in: bool, today: date) -> ReportState:
    if handed_in:
        return ReportState.HANDED_IN
    return ReportState.LATE if due_on(form, year) < today else ReportState.DUE


def may_answer(field: ReportField | None, text: str) -> Verdict:
    if field is None or field.comes is not Comes.TYPED:
        return no(mark("The form asks no such question; what is recorded is put right where it is recorded."))
    if len(text) > LONGEST:
        return no(mark("At most 4,000 characters."), on=field.code)
    if field.number and text:
        try:
            if not Decimal(text).is_finite():
                return no(mark("Write a number."), on=field.code)
        except InvalidOperation:
            return no(mark("Write a number."), on=field.code)
    return YES


def may_hand_in(rows: Iterable[Filled], year: int, this_year: int) -> list[Verdict]:
    """The year is over, and no field stands empty that the funder asks for."""
    empty = sum(row.origin is Origin.EMPTY and not row.field.optional for row in rows)
    return [
        YES if year < this_year else no(mark("The year is not over yet.")),
        YES if not empty else no(mark("%(n)s fields stand empty. Answer or record them first."), n=empty),
    ]
