"""Funders' report forms as data: each field is a measure, a figure of economy, a fact of the organisation or of its grant, or a typed answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark

from .rules import ProgrammeError, Raw, base, need, pair
from .terms import Entry


class Comes(Term):
    """Where a field's value comes from."""

    MEASURE = "measure", mark("Figure of the account")
    ECONOMY = "economy", mark("Figure of economy")
    FACT = "fact", mark("Fact of the organisation")
    GRANT = "grant", mark("Fact of the grant")
    TYPED = "typed", mark("Typed answer")


@dataclass(frozen=True, slots=True)
class ReportField:
    """One question of a form; ``meaning`` is what it asks, whoever asks it: the same meaning is answered once."""

    code: str
    asks: Bilingual
    comes: Comes
    meaning: str
    number: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class ReportForm(Entry):
    """A funder's form for those who hold a grant of its scheme; due on a day of the year after."""

    version: str
    scheme: str
    due_month: int
    due_day: int
    fields: tuple[ReportField, ...]


def _field(raw: Raw, where: str) -> ReportField:
    kind, _, meaning = str(need(raw, "from", where)).partition(":")
    if kind not in Comes.values() or not meaning:
        raise ProgrammeError(f"{where}: from is '{raw['from']}'; write one of {', '.join(f'{one}:…' for one in Comes.values())}")  # fmt: skip
    code = str(raw.get("code", meaning))
    return ReportField(code, pair(raw, where), Comes(kind), meaning, bool(raw.get("number")), bool(raw.get("optional")))


def report_form(raw: Raw, where: str) -> ReportForm:
    month, day = int(need(raw, "due_month", where)), int(need(raw, "due_day", where))
    if not (1 <= month <= 12 and 1 <= day <= 28):
        raise ProgrammeError(f"{where}: it is due on day {day} of month {month}; write a day from 1 to 28")
    fields = tuple(_field(one, f"{where}, field {nth}") for nth, one in enumerate(need(raw, "field", where), start=1))
    codes = [one.code for one in fields]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise ProgrammeError(f"{where}: the field '{twice[0]}' stands twice; give one of them a code of its own")
    return ReportForm(
        **base(raw, where), version=str(need(raw, "version", where)), scheme=str(need(raw, "scheme", where)), due_month=month, due_day=day, fields=fields
    )  # fmt: skip


def askable(forms: Iterable[ReportForm], known: dict[Comes, set[str]], schemes: set[str]) -> None:
    """Every form belongs to a scheme, every field asks something that is held, and a typed answer is of one kind wherever it is asked."""
    kinds: dict[str, bool] = {}
    for form in forms:
        if form.scheme not in schemes:
            raise ProgrammeError(f"reports, {form.code}: there is no scheme '{form.scheme}'; name one of {', '.join(sorted(schemes))}")  # fmt: skip
        for one in form.fields:
            if one.comes in known and one.meaning not in known[one.comes]:
                raise ProgrammeError(f"reports, {form.code}, {one.code}: nothing is called '{one.meaning}' there; name one of {', '.join(sorted(known[one.comes]))}")  # fmt: skip
            if one.comes is Comes.TYPED and kinds.setdefault(one.meaning, one.number) != one.number:
                raise ProgrammeError(f"reports, {form.code}, {one.code}: '{one.meaning}' is a number in one form and a text in another; make it one of them")  # fmt: skip
