"""How far an organisation is from a label, and how its answers stand against its own earlier ones and against others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from klyngeforum.ground.access.queries import Actor
from klyngeforum.quality.indicators.crosswalks import carried_answers
from klyngeforum.quality.indicators.queries import crosswalk
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.scoring import Points, points
from klyngeforum.quality.indicators.terms import (
    Answer,
    Area,
    Assessor,
    Explained,
    Indicator,
    Label,
    Named,
    Situation,
    Version,
    scored,
)

from .models import Assessment
from .queries import benchmarkings, consenting, fact_lines, judged, levels_of, newest, seats_of, version_of
from .rules import SMALLEST_CELL, spread
from .terms import AssessmentState, Seat

Quartiles = tuple[Decimal, Decimal, Decimal]


def seat_that_counts(one: Assessment, *, seen_by: Actor) -> Seat:
    """What both experts agreed where there is such a thing and the reader sees it, else the organisation's own answers."""
    agreed = one.state == AssessmentState.AGREED and Seat.AGREED in seats_of(one, seen_by=seen_by)
    return Seat.AGREED if agreed else Seat.OWN


def situation(
    one: Assessment,
    *,
    seen_by: Actor,
    on: date,
    labels: frozenset[str] | None = None,
    areas: tuple[Area, ...] | None = None,
    assessors: tuple[Assessor, ...] | None = None,
) -> Situation:
    """Everything a label rule may ask about; what nobody has told is unknown."""
    return Situation(
        on=on,
        answers=judged(one, seat=seat_that_counts(one, seen_by=seen_by), seen_by=seen_by),
        facts={fact.code: fact.value for fact in fact_lines(one)},
        benchmarkings=benchmarkings(one.cluster_id, one.scheme),
        areas=areas,
        assessors=assessors,
        labels=labels,
    )


@dataclass(frozen=True, slots=True)
class Distance:
    """The label's answer as a tree, the points in all and by group."""

    version: Version
    label: Label
    explained: Explained
    points: Points
    groups: tuple[tuple[Named, Points], ...]


def distance(version: Version, label: Label, asked: Situation) -> Distance:
    groups = tuple((group, points(version.of_group(group.code), asked)) for group in version.groups)
    return Distance(version, label, evaluate(version, label, asked), points(version.indicators, asked), groups)


def certain_share(found: Points) -> Decimal | None:
    """The share of the maximum that is certain: what is unknown gives nothing yet."""
    return found.least / found.maximum if found.maximum else None


@dataclass(frozen=True, slots=True)
class Against:
    """One indicator or group: the own value, the quartiles of the others and how many they are; no quartiles below five."""

    code: str
    own: Decimal | None
    quartiles: Quartiles | None
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The own shares of the maximum against those of other organisations; ``named`` are those who let their name be seen."""

    organisations: int
    groups: tuple[Against, ...]
    indicators: tuple[Against, ...]
    named: tuple[tuple[int, Decimal], ...]

    @property
    def enough(self) -> bool:
        return self.organisations >= SMALLEST_CELL


def _in_version(one: Assessment, levels: Mapping[str, int], version: Version) -> Mapping[str, Answer] | None:
    """The answers by another version, carried over where a crosswalk leads to this one."""
    own = {code: scored(level) for code, level in levels.items()}
    if one.version == version.version:
        return own
    steps = crosswalk(version_of(one), version)
    return carried_answers(own, steps) if steps else None


def _value(indicator: Indicator, answers: Mapping[str, Answer]) -> Decimal | None:
    found = answers.get(indicator.code)
    return Decimal(found.level) if found is not None and found.level is not None else None


def _share(indicators: Iterable[Indicator], answers: Mapping[str, Answer], on: date) -> Decimal | None:
    return points(indicators, Situation(on=on, answers=answers)).share


def _against(code: str, own: Decimal | None, others: list[Decimal | None]) -> Against:
    known = [value for value in others if value is not None]
    return Against(code, own, spread(known), len(known) if len(known) >= SMALLEST_CELL else 0)


def compared(
    one: Assessment, own: Mapping[str, Answer], others: Iterable[int] | None, *, at: datetime, until: date
) -> Comparison:
    """The answers against the newest completed assessment of every other organisation named (or of all)."""
    version = version_of(one)
    found = newest(others, one.scheme, until=until)
    found.pop(one.cluster_id, None)
    levels = levels_of(found.values())
    answers = {
        cluster: known
        for cluster, row in found.items()
        if (known := _in_version(row, levels.get(row.pk, {}), version)) is not None
    }
    if len(answers) < SMALLEST_CELL:
        return Comparison(len(answers), (), (), ())
    groups = tuple(
        _against(
            group.code,
            _share(version.of_group(group.code), own, until),
            [_share(version.of_group(group.code), one_, until) for one_ in answers.values()],
        )
        for group in version.groups
    )
    indicators = tuple(
        _against(what.code, _value(what, own), [_value(what, one_) for one_ in answers.values()])
        for what in version.indicators
    )
    open_names = consenting(at=at)
    named = [
        (cluster, whole)
        for cluster, known in answers.items()
        if cluster in open_names and (whole := _share(version.indicators, known, until)) is not None
    ]
    return Comparison(len(answers), groups, indicators, tuple(sorted(named, key=lambda pair: (-pair[1], pair[0]))))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An own earlier assessment: its day and the share of the maximum in all and by group."""

    assessment: Assessment
    share: Decimal | None
    groups: Mapping[str, Decimal | None]


def earlier(one: Assessment, version: Version, *, seen_by: Actor, series: Iterable[Assessment]) -> list[Earlier]:
    """The organisation's other final assessments, by the same version (carried over where a crosswalk leads)."""
    found = []
    for row in series:
        if row.pk == one.pk:
            continue
        answers: Mapping[str, Answer] = judged(row, seat=seat_that_counts(row, seen_by=seen_by), seen_by=seen_by)
        if row.version != version.version:
            steps = crosswalk(version_of(row), version)
            if steps is None:
                continue
            answers = carried_answers(answers, steps)
        asked = Situation(on=row.as_of, answers=answers)
        groups = {group.code: certain_share(points(version.of_group(group.code), asked)) for group in version.groups}
        found.append(Earlier(row, certain_share(points(version.indicators, asked)), groups))
    return found
