"""Why a study or a part of it could not be answered, in the reader's language: the analysis library itself speaks English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import mark
from klyngeforum.results.effects.refusals import APART, ONE, Sentence, parts_of
from klyngeforum.results.effects.terms import Protocol, Refusal

from .numbers import grouped
from .study_names import column_said, covariate_said, outcome_said

_FOREIGN = "foreign"  # the place that holds another program's words
_OF_A_TABLE = frozenset((mark("panel.%(key)s"), mark("candidates.%(key)s")))  # whose key is a column
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ENGLISH = "en"
# parts of a study, beside an outcome's name and alone
_OF_OUTCOME = {
    "pretrend": mark("whether they moved alike before"), "sensitivity_relative": mark("how much drift it withstands, against the largest before"),
    "sensitivity_smooth": mark("how much drift it withstands, against a bend"), "two_way": mark("regression with companies and years beside it"),
    "wild": mark("uncertainty with few organisations"), "without_each": mark("the answer without each organisation"),
    "by_organisation": mark("each organisation alone"), "false_groups": mark("false group"), "matched": mark("matched companies"),
    "per_cent": mark("told in per cent"), "per_cent_of_log": mark("told in per cent"), "log_points": mark("told in log points"),
    "percentage_points": mark("told in percentage points"),
}  # fmt: skip
_ALONE = {"false_date": mark("false date"), "out_of_reach": mark("outcome out of reach"), "matching": mark("matching"), "specifications": mark("specifications")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of what is said; ``foreign``: nobody has words for it, and it stands in the library's English."""

    text: str
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class RefusalShown:
    """A part that could not be answered, and why."""

    part: str
    why: tuple[Words, ...]

    @property
    def line(self) -> str:
        return line_of(self.why)


def refusal_said(why: str, names: Mapping[str, Bilingual], language: str) -> tuple[Words, ...]:
    """The library's words in the reader's language; in English as they came."""
    if language.startswith(_ENGLISH):
        return (Words(why),)
    said: list[Words] = []
    for part in parts_of(why):
        said += [Words(APART)] if said else []
        for nth, one in enumerate(part):
            said += [Words(", ")] if nth else []
            said += _sentence(one, names, language)
    return tuple(said)


def refusal_line(why: str, names: Mapping[str, Bilingual], language: str) -> str:
    """The same where only letters can stand: in a cell, a file, a message."""
    return line_of(refusal_said(why, names, language))


def line_of(words: tuple[Words, ...]) -> str:
    return "".join(one.text for one in words)


def refusals_shown(refused: tuple[Refusal, ...], protocol: Protocol, language: str) -> list[RefusalShown]:
    """Every part that could not be answered."""
    return [
        RefusalShown(
            protocol.way(one.part, language) if one.way else part_said(one.part, protocol, language),
            refusal_said(one.why, protocol.names, language),
        )
        for one in refused
    ]


def part_said(part: str, protocol: Protocol, language: str) -> str:
    """A part of a study in words; one that nobody knows keeps its own."""
    if part in _ALONE:
        return gettext(_ALONE[part])
    for one in protocol.outcomes:
        kind = part.removeprefix(f"{_slug(one.column)}_")
        if kind != part and kind in _OF_OUTCOME:
            return f"{gettext(_OF_OUTCOME[kind])}: {one.name.say(language)}"
    return part


def _slug(column: str) -> str:
    """A column as the library's names of parts have it."""
    text = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    return text if text[:1].isalpha() else f"y_{text}"


def _sentence(one: Sentence, names: Mapping[str, Bilingual], language: str) -> list[Words]:
    if not one.marked:
        return [Words(one.text, foreign=True)]
    held = dict(one.places)
    marked = ONE.get(one.marked, one.marked) if held.get("n") == "1" else one.marked
    template = gettext(marked)
    if not held:
        return [Words(template)]
    shown = {
        place: _place("column" if one.marked in _OF_A_TABLE else place, text, names, language)
        for place, text in held.items()
    }
    if _FOREIGN not in held:
        return [Words(template % shown)]
    before, _, after = (template % {**shown, _FOREIGN: "\0"}).partition("\0")
    return [words for words in (Words(before), Words(held[_FOREIGN], foreign=True), Words(after)) if words.text]


def _place(place: str, text: str, names: Mapping[str, Bilingual], language: str) -> str:
    """What stands in a place: numbers as the reader writes them, columns by their names."""
    said: dict[str, Callable[[str, Mapping[str, Bilingual], str], str]] = {
        "outcome": outcome_said, "column": column_said, "columns": column_said, "covariate": covariate_said, "covariates": covariate_said,
    }  # fmt: skip
    if place in said:
        return ", ".join(said[place](one.strip("'"), names, language) for one in text.split(", "))
    if place in ("n", "number", "other", "before", "after"):
        return _number(text)
    return text.strip("[]").replace("-", "−") if place == "years" else text


def _number(text: str) -> str:
    """A number of the library with the same digits, as the reader writes it; a power of ten as one: 1e+07 is 1×10⁷."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite():
        return text.replace("-", "−")
    digits, _, power = text.lower().partition("e")
    if power:
        return f"{_number(digits)}×10{str(int(power)).translate(_RAISED)}"
    return grouped(value, len(text.partition(".")[2])).replace("-", "−")
