"""Short ways to ask in the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.terms import Assessor, Explained, Rule, Situation, Version, scored
from tests.worked import OLD

DAY = date(2021, 6, 15)
YES, NO, OPEN = "yes", "no", "undetermined"
TWO = (Assessor(True, True), Assessor(True, False))


def answers(**levels: int) -> dict:
    return {code: scored(level) for code, level in levels.items()}


def all_at(version: Version, level: int) -> dict:
    """Every indicator at the level, or at its highest."""
    return {one.code: scored(min(level, one.top)) for one in version.indicators}


def situation(**more) -> Situation:
    return Situation(**{"on": DAY, **more})


def verdict(version: Version, label: str, asked: Situation) -> Explained:
    return evaluate(version, version.label(label), asked)


def part(one: Explained, key: str) -> Explained:
    return next(found for found in one.parts if found.key == key)


def rule_of(version: Version, label: str, key: str) -> Rule:
    return next(one for one in version.label(label).requires.parts if one.key == key)


def with_indicator(code: str, version: Version = OLD, **changes) -> Version:
    return replace(
        version,
        indicators=tuple(replace(one, **changes) if one.code == code else one for one in version.indicators),
    )


def number(text: str) -> Decimal:
    return Decimal(text)
