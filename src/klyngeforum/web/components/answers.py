"""One indicator as the screen shows it: its levels, what is answered, what registers measure and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.quality.assessments.measured import definitions
from klyngeforum.quality.assessments.queries import Assessment, EvidenceLine, Line
from klyngeforum.quality.assessments.terms import Ask, Given, Measured, Part
from klyngeforum.quality.indicators.terms import AnswerState, Indicator, Version

from .numbers import grouped, share

_AT_THE_OFFICE = "measured"  # the cluster office's address, where a value opens to its records


@dataclass(frozen=True, slots=True)
class Choice:
    """One level to choose, or “not known” and “not applicable”."""

    value: str
    words: str
    number: str
    chosen: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of an answer: what stands, and the turn that the next writer names."""

    key: str
    id: str
    value: str
    turn: int


@dataclass(frozen=True, slots=True)
class MeasuredTile:
    """A measured value in the reader's words, and where it opens to."""

    name: str
    shown: str
    sources: int
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody else says of the indicator: who, the level, and why."""

    who: str
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a desk's forms and links lead: names of addresses, and the thing that they are of; no name, no link."""

    pk: int
    answer: str = "assessment_answer"
    evidence: str = "evidence"
    lay: str = "lay_evidence"
    measured: str = _AT_THE_OFFICE


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Everything that the screen shows of one indicator."""

    code: str
    id: str
    group: str
    name: str
    text: str
    choices: tuple[Choice, ...]
    parts: dict[str, PartRow]
    measured: MeasuredTile | None
    suggested: int | None
    before: str
    ask: str
    done: bool
    differs: bool
    unexplained: bool
    evidence: Sequence[EvidenceLine]
    wanted: tuple[str, ...]
    placeholder: bool
    shown_level: str
    desk: Desk
    voices: tuple[Voice, ...] = ()


def measured_shown(found: Measured) -> str:
    """A measured value with its unit: 62 pct., 48 months, 3.5 person-years."""
    if found.value is None:
        return "–"
    if found.unit == "share":
        return share(found.value)
    words = {"months": gettext("months"), "person_years": gettext("person-years")}.get(found.unit, "")
    return f"{grouped(found.value)} {words}".strip()


def measured_tile(found: Measured, name: str, pk: int | None = None) -> MeasuredTile:
    """``pk``: the assessment whose day the value is of; without it the value of today."""
    why = gettext(found.why) % found.values if found.values else gettext(found.why) if found.why else ""
    href = reverse("measured", args=[found.key.value])
    return MeasuredTile(name, measured_shown(found), found.sources, why, f"{href}?vurdering={pk}" if pk else href)


def _note(one: Indicator, number: int) -> str:
    said = []
    if one.minimum.known and one.minimum.level == number and number > one.levels[0].number:
        said.append(gettext("minimum"))
    if one.excellence.known and one.excellence.level == number:
        said.append(gettext("excellent"))
    return ", ".join(said)


def _choices(line: Line, language: str) -> tuple[Choice, ...]:
    one, given = line.indicator, line.given
    said = given.answered_on is not None or given.state is AnswerState.SCORED
    levels = [
        Choice(str(level.number), level.name.say(language), str(level.number), given.level == level.number, _note(one, level.number))
        for level in one.levels
    ]  # fmt: skip
    levels.append(Choice(AnswerState.UNKNOWN.value, gettext(AnswerState.UNKNOWN.label), "?", said and given.state is AnswerState.UNKNOWN))  # fmt: skip
    if one.may_be_left_out:
        levels.append(Choice(AnswerState.NOT_APPLICABLE.value, gettext(AnswerState.NOT_APPLICABLE.label), "–", given.state is AnswerState.NOT_APPLICABLE))  # fmt: skip
    return tuple(levels)


def _parts(line: Line, ident: str) -> dict[str, PartRow]:
    values = {Part.LEVEL: "", Part.JUSTIFICATION: line.given.justification, Part.DIFFERS: line.given.differs_because}
    return {part.value: PartRow(part.value, f"{ident}-{part.value}", value, line.turns.get(part, 0)) for part, value in values.items()}  # fmt: skip


def level_shown(one: Indicator, level: int | Decimal | None, state: AnswerState, language: str) -> str:
    found = one.level(int(level)) if level is not None else None
    return f"{found.number}: {found.name.say(language)}" if found else gettext(state.label)


def _tile(line: Line, name: str, one: Assessment, desk: Desk) -> MeasuredTile | None:
    if line.measured is None:
        return None
    tile = measured_tile(line.measured, name, one.pk)
    if desk.measured == _AT_THE_OFFICE:
        return tile
    return replace(tile, href=reverse(desk.measured, args=[desk.pk, line.measured.key.value]))


def answer_rows(
    one: Assessment, lines: Sequence[Line], version: Version, language: str, desk: Desk | None = None
) -> list[AnswerRow]:
    kinds = {kind.code: kind.name.say(language) for kind in version.evidence}
    rows, names, at = [], definitions(), desk or Desk(one.pk)
    for line in lines:
        what, ident = line.indicator, line.indicator.code.replace(".", "-")
        name = names[what.measured].name.say(language) if what.measured else ""
        before = line.before
        rows.append(
            AnswerRow(
                what.code, ident, what.group, what.name.say(language), what.text.say(language), _choices(line, language), _parts(line, ident),
                _tile(line, name, one, at), line.suggested,
                level_shown(what, before.level, before.state, language) if before and before.answered_on else "",
                gettext(line.given.ask.label) if line.given.ask in (Ask.CHANGED, Ask.STALE) else "", line.done, line.differs, line.unexplained,
                line.evidence, tuple(kinds[code] for code in what.evidence if code in kinds), what.placeholder("levels"),
                level_shown(what, line.given.level, line.given.state, language) if line.given.answered_on else "", at,
            )
        )  # fmt: skip
    return rows


def heard(what: Indicator, who: str, given: Given | None, language: str) -> Voice:
    """What one seat says of an indicator, in the reader's words."""
    if given is None or given.answered_on is None:
        return Voice(who, "–", "")
    return Voice(who, level_shown(what, given.level, given.state, language), given.justification)


def with_voices(
    rows: Sequence[AnswerRow], version: Version, said: Sequence[tuple[str, Mapping[str, Given]]], language: str
) -> list[AnswerRow]:
    """The rows with what others say beside them; here a row is done when it is answered, explained or not."""
    found = []
    for row in rows:
        what = version.indicator(row.code)
        voices = tuple(heard(what, who, given.get(row.code), language) for who, given in said) if what else ()
        found.append(replace(row, voices=voices, done=bool(row.shown_level), unexplained=False))
    return found
