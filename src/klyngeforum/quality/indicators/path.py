"""The cheapest set of improvements that reaches a label, exactly: dynamic programming over points and improvement areas. Pure.

Cost is person-days, then the number of indicators touched. An unknown answer counts as the lowest level: it has to be shown first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import ceil

from . import scoring
from .needs import Needs, ways
from .rules import evaluate
from .terms import Answer, Area, Explained, Indicator, IndicatorRole, Label, Situation, Truth, Version, scored

Cost = tuple[int, int]  # person-days, indicators touched
State = tuple[int, int]  # units of points won (no more than are missing), improvement areas (no more than are needed)
FREE: Cost = (0, 0)


@dataclass(frozen=True, slots=True)
class Improvement:
    """One indicator raised: effort, evidence and help that fit, and which of its values are placeholders."""

    indicator: str
    from_level: int | None
    to_level: int
    points: Decimal
    days: int
    area: bool
    evidence: tuple[str, ...]
    offers: tuple[str, ...]
    placeholders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The improvements, what they cost, and the answer once they are made.

    ``waits``: what no improvement brings (assessors, benchmarkings, facts); ``unsettled``: indicators with an unknown threshold, so the path may be too short.
    """

    label: str
    reachable: bool
    improvements: tuple[Improvement, ...] = ()
    points_before: Decimal = Decimal(0)
    points_after: Decimal = Decimal(0)
    waits: tuple[Explained, ...] = ()
    unsettled: tuple[str, ...] = ()
    after: Explained | None = None

    @property
    def days(self) -> int:
        return sum(one.days for one in self.improvements)

    @property
    def days_on_placeholders(self) -> int:
        """Person-days of improvements of which anything is a placeholder."""
        return sum(one.days for one in self.improvements if one.placeholders)

    @property
    def on_placeholders(self) -> int:
        """How many of the improvements rest on a placeholder."""
        return sum(bool(one.placeholders) for one in self.improvements)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A level that an indicator could be brought to."""

    indicator: Indicator
    level: int
    points: Decimal
    cost: Cost
    area: bool


@dataclass(frozen=True, slots=True)
class _Best:
    cost: Cost
    choice: _Choice | None = None
    before: _Best | None = field(default=None, repr=False)


def _days(one: Indicator, start: int, level: int) -> int:
    return sum(step.days for step in one.levels if start < step.number <= level)


def _is_area(one: Indicator, level: int, raised: bool, needs: Needs, standing: frozenset[str]) -> bool:
    """Whether the indicator can be an improvement area: raised now, or put forward and not turned down, at a level high enough."""
    if not needs.areas or not (raised or one.code in standing):
        return False
    thresholds = [scoring.threshold_of(one, reaching) for reaching in needs.reaching]
    return all(
        threshold is None or (threshold.known and (threshold.level is None or level >= threshold.level))
        for threshold in thresholds
    )


def _choices(one: Indicator, answer: Answer, needs: Needs, standing: frozenset[str]) -> list[_Choice]:
    start = scoring.level_of(one, answer)
    lowest = start if start is not None else one.levels[0].number
    least = max(lowest, needs.floors.get(one.code, lowest))
    found = []
    for level in (step.number for step in one.levels if step.number >= least):
        raised = level > lowest
        area = _is_area(one, level, raised, needs, standing)
        won = one.points(level) - (one.points(start) if start is not None else 0)
        found.append(_Choice(one, level, won, (_days(one, lowest, level), int(raised)), area))
    return found


def _units(offers: list[list[_Choice]]) -> int:
    """How many units a point is divided in, so that every choice wins a whole number of them."""
    places = [-int(one.points.normalize().as_tuple().exponent) for choices in offers for one in choices]
    return 10 ** max(0, *places) if places else 1


def _cheapest(offers: list[list[_Choice]], missing: Decimal, areas: int) -> _Best | None:
    """The best state in which nothing is missing; None where even everything is not enough."""
    units = _units(offers)
    needed = ceil(missing * units)
    states: dict[State, _Best] = {(0, 0): _Best(FREE)}
    for choices in offers:
        after: dict[State, _Best] = {}
        steps = [(int(one.points * units), one.area, *one.cost, one) for one in choices]
        for (won, held), best in states.items():
            for points, area, days, touched, choice in steps:
                state = (min(needed, won + points), min(areas, held + area))
                cost = (best.cost[0] + days, best.cost[1] + touched)
                if state not in after or cost < after[state].cost:
                    after[state] = _Best(cost, choice, best)
        states = after
    return states.get((needed, areas))


def _chosen(best: _Best) -> list[_Choice]:
    found: list[_Choice] = []
    at: _Best | None = best
    while at is not None and at.choice is not None:
        found.append(at.choice)
        at = at.before
    return found[::-1]


def _open_to(version: Version, situation: Situation) -> list[Indicator]:
    return [
        one
        for one in version.indicators
        if one.role is not IndicatorRole.INFO and not scoring.left_out(one, situation.answer(one.code))
    ]


def _standing(situation: Situation) -> frozenset[str]:
    return frozenset(area.indicator for area in situation.areas or () if area.validated is not False)


def _firm(version: Version, situation: Situation, needs: Needs) -> tuple[str, ...]:
    """Areas put forward on indicators that cannot be raised here (left out, for information), high enough as they are."""
    raisable = {one.code for one in _open_to(version, situation)}
    found = [one for one in version.indicators if one.code in _standing(situation) - raisable and needs.areas]
    return tuple(
        one.code
        for one in found
        if all(
            threshold is None or scoring.reaches(one, threshold, situation.answer(one.code)) is Truth.YES
            for threshold in (scoring.threshold_of(one, reaching) for reaching in needs.reaching)
        )
    )


def _way(version: Version, situation: Situation, needs: Needs) -> tuple[Cost, list[_Choice]] | None:
    standing = _standing(situation)
    offers = [_choices(one, situation.answer(one.code), needs, standing) for one in _open_to(version, situation)]
    start = scoring.points(version.indicators, situation).least
    areas = max(0, needs.areas - len(_firm(version, situation, needs)))
    best = _cheapest(offers, max(Decimal(0), needs.points - start), areas)
    return (best.cost, _chosen(best)) if best is not None else None


def _improvement(choice: _Choice, situation: Situation, needs: Needs) -> Improvement:
    one = choice.indicator
    used = {"levels", "effort", "evidence", "offers"} | ({"points"} if one.role is IndicatorRole.SCORED else set())
    used |= {"minimum"} if one.code in needs.floors else set()
    used |= needs.reaching if choice.area else set()
    return Improvement(
        indicator=one.code,
        from_level=scoring.level_of(one, situation.answer(one.code)),
        to_level=choice.level,
        points=choice.points,
        days=choice.cost[0],
        area=choice.area,
        evidence=one.evidence,
        offers=one.offers,
        placeholders=tuple(sorted(value for value in used if one.placeholder(value))),
    )


def improved(situation: Situation, levels: Mapping[str, int], areas: tuple[str, ...] = ()) -> Situation:
    """The situation with these levels reached and these areas validated: what the slider asks about."""
    answers = {**situation.answers, **{code: scored(level) for code, level in levels.items()}}
    if not areas:
        return replace(situation, answers=answers)
    return replace(situation, answers=answers, areas=(*(situation.areas or ()), *(Area(code, True) for code in areas)))


def _unsettled(version: Version, situation: Situation, needs: Needs) -> tuple[str, ...]:
    """Indicators of which a threshold that matters here is not known."""
    doubtful = {
        one.code
        for one in _open_to(version, situation)
        for reaching in needs.reaching
        if (threshold := scoring.threshold_of(one, reaching)) and not threshold.known
    }
    return tuple(sorted(needs.unsettled | doubtful))


def path(version: Version, label: Label, situation: Situation) -> Path:
    """The cheapest way; ways that wait for the least come first."""
    before = scoring.points(version.indicators, situation).least
    found = [
        (len(needs.waits), way[0], nth, needs, way[1])
        for nth, needs in enumerate(ways(version, label.requires, situation))
        if (way := _way(version, situation, needs)) is not None
    ]
    if not found:
        return Path(label.code, False, points_before=before, points_after=before)
    _, _, _, needs, choices = min(found, key=lambda one: one[:3])
    after = improved(
        situation,
        {one.indicator.code: one.level for one in choices},
        (*(one.indicator.code for one in choices if one.area), *_firm(version, situation, needs)),
    )
    return Path(
        label.code,
        True,
        tuple(_improvement(one, situation, needs) for one in choices if one.cost[1]),
        before,
        scoring.points(version.indicators, after).least,
        needs.waits,
        _unsettled(version, situation, needs),
        evaluate(version, label, after),
    )
