"""What a label's tree asks of the indicators: least levels, points, improvement areas; each way through an "any" apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import cast

from . import scoring
from .rules import explained
from .terms import Explained, Rule, RuleKind, Situation, Truth, Version


@dataclass(frozen=True, slots=True)
class Needs:
    """One way to the label. ``waits``: what better answers cannot bring; ``unsettled``: indicators whose thresholds are not known."""

    floors: Mapping[str, int] = field(default_factory=dict)
    points: Decimal = Decimal(0)
    areas: int = 0
    reaching: frozenset[str] = frozenset()
    waits: tuple[Explained, ...] = ()
    unsettled: frozenset[str] = frozenset()


def _floors(version: Version, rule: Rule, situation: Situation) -> Needs:
    inside = scoring.asked(version, rule, situation)
    floors = {one.code: one.minimum.level for one in inside if one.minimum.level is not None}
    return Needs(floors, unsettled=frozenset(one.code for one in inside if not one.minimum.known))


def _leaf(version: Version, rule: Rule, situation: Situation) -> Needs:
    if rule.kind is RuleKind.KNOCK_OUTS:
        return _floors(version, rule, situation)
    if rule.kind is RuleKind.INDICATOR:
        return Needs({str(rule.asks["indicator"]): cast(int, rule.asks["at_least"])})
    if rule.kind is RuleKind.AREAS:
        return Needs(areas=cast(int, rule.asks["at_least"]), reaching=frozenset({str(rule.asks["reaching"])}))
    maximum = scoring.points(version.indicators, situation).maximum
    if rule.kind is RuleKind.POINTS or (rule.kind is RuleKind.SHARE and maximum):
        return Needs(points=scoring.needed_points(rule, maximum))
    found = explained(version, rule, situation)
    return Needs(waits=() if found.truth is Truth.YES else (found,))


def _together(one: Needs, other: Needs) -> Needs:
    """Both at once: the higher of each."""
    floors = {
        code: max(needs.floors[code] for needs in (one, other) if code in needs.floors)
        for code in {**one.floors, **other.floors}
    }
    return Needs(
        floors, max(one.points, other.points), max(one.areas, other.areas), one.reaching | other.reaching,
        (*one.waits, *other.waits), one.unsettled | other.unsettled,
    )  # fmt: skip


def ways(version: Version, rule: Rule, situation: Situation) -> Iterator[Needs]:
    """Every way to meet the rule; an "any" opens one for each of its parts."""
    parts = [part for part in rule.parts if part.asked_on(situation.on)]
    if rule.kind is RuleKind.ANY and parts:
        for part in parts:
            yield from ways(version, part, situation)
    elif rule.kind in (RuleKind.ALL, RuleKind.ANY):
        for chosen in product(*(list(ways(version, part, situation)) for part in parts)):
            whole = Needs()
            for one in chosen:
                whole = _together(whole, one)
            yield whole
    else:
        yield _leaf(version, rule, situation)
