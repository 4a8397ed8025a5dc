"""Rules that read the indicators' answers: points and their share, minima, levels, improvement areas. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from klyngeforum.ground.words import mark

from . import truths
from .terms import (
    Answer,
    AnswerState,
    Area,
    Explained,
    Indicator,
    IndicatorRole,
    Rule,
    RuleKind,
    Situation,
    Threshold,
    Truth,
    Version,
)


@dataclass(frozen=True, slots=True)
class Points:
    """What is certain, what is possible if the unknown turns out best, and the maximum of what is asked."""

    least: Decimal
    most: Decimal
    maximum: Decimal
    placeholder: bool
    unknown: tuple[str, ...] = ()

    @property
    def share(self) -> Decimal | None:
        """The certain share of the maximum, if anything gives points and nothing is unknown."""
        return self.least / self.maximum if self.maximum and not self.unknown else None


def left_out(indicator: Indicator, answer: Answer) -> bool:
    return answer.state is AnswerState.NOT_APPLICABLE and indicator.may_be_left_out


def level_of(indicator: Indicator, answer: Answer) -> int | None:
    """The level answered, or None where it is not known (also one that the indicator does not have)."""
    if answer.state is not AnswerState.SCORED or answer.level is None:
        return None
    return answer.level if answer.level in indicator.numbered else None


def proposed_level(indicator: Indicator, value: Decimal) -> int | None:
    """The level that a measured value speaks for; None where nothing is measured. The person may differ and says why."""
    steps = [one for one in indicator.levels if one.measured_from is not None]
    if indicator.measured is None or not steps:
        return None
    reached = [one.number for one in steps if value >= cast(Decimal, one.measured_from)]
    return max(reached, default=indicator.levels[0].number)


def points(indicators: Iterable[Indicator], situation: Situation) -> Points:
    """Points over any indicators: of the version, of a group, of one."""
    least = most = maximum = Decimal(0)
    placeholder, unknown = False, []
    for one in indicators:
        answer = situation.answer(one.code)
        if one.role is not IndicatorRole.SCORED or left_out(one, answer):
            continue
        level = level_of(one, answer)
        placeholder = placeholder or one.placeholder("points")
        maximum += one.maximum
        if level is None:
            unknown.append(one.code)
            most += one.maximum
        else:
            won = one.points(level)
            least, most = least + won, most + won
    return Points(least, most, maximum, placeholder, tuple(unknown))


def _against(rule: Rule, standing: Points, needed: Decimal, complete: bool) -> Explained:
    nothing_asked = rule.kind is RuleKind.SHARE and not standing.maximum and rule.asks["at_least"]
    if not complete or nothing_asked:
        truth = Truth.UNDETERMINED
    elif standing.least >= needed:
        truth = Truth.YES
    else:
        truth = Truth.NO if standing.most < needed else Truth.UNDETERMINED
    exact = standing.least == standing.most
    reason = (
        mark("%(points)s of %(maximum)s points, %(needed)s needed")
        if exact
        else mark("%(points)s to %(most)s of %(maximum)s points, %(needed)s needed")
    )
    values = {"points": standing.least, "most": standing.most, "maximum": standing.maximum, "needed": needed}
    return Explained(truth, rule.kind, rule.key, reason, values, placeholder=rule.placeholder or standing.placeholder)


def needed_points(rule: Rule, maximum: Decimal) -> Decimal:
    """Points that a rule of points or share asks for."""
    least = cast(Decimal, rule.asks["at_least"])
    return least * maximum if rule.kind is RuleKind.SHARE else least


def share_or_points(version: Version, rule: Rule, situation: Situation) -> Explained:
    standing = points(version.indicators, situation)
    return _against(rule, standing, needed_points(rule, standing.maximum), version.complete)


def reaches(indicator: Indicator, threshold: Threshold, answer: Answer) -> Truth:
    """Whether the answer reaches the threshold; what asks for nothing is reached."""
    if not threshold.known:
        return Truth.UNDETERMINED
    if threshold.level is None or threshold.level <= indicator.levels[0].number:
        return Truth.YES
    level = level_of(indicator, answer)
    return truths.of(None if level is None else level >= threshold.level)


_MINIMUM = {
    Truth.YES: mark("%(indicator)s reaches its minimum"),
    Truth.NO: mark("%(indicator)s below its minimum"),
    Truth.UNDETERMINED: mark("%(indicator)s is not known yet"),
}


def _minimum(rule: Rule, one: Indicator, answer: Answer, scope: str) -> Explained:
    truth = reaches(one, one.minimum, answer)
    reason = _MINIMUM[truth]
    if not one.minimum.known:
        reason = mark("the minimum of %(indicator)s is not known")
    elif answer.state is AnswerState.NOT_APPLICABLE:
        reason = mark("%(indicator)s may not be left out")
    elif truth is Truth.NO and scope in one.scopes_unknown:
        truth, reason = Truth.UNDETERMINED, mark("it is not known whether %(indicator)s is asked for here")
    values = {"indicator": one.code, "level": level_of(one, answer), "minimum": one.minimum.level}
    return Explained(
        truth, rule.kind, rule.key, reason, values, placeholder=one.minimum.placeholder, indicator=one.code
    )


def asked(version: Version, rule: Rule, situation: Situation) -> list[Indicator]:
    """Indicators in the rule's scope that the situation has not left out."""
    scope = str(rule.asks.get("scope", ""))
    return [
        one
        for one in version.indicators
        if one.role is not IndicatorRole.INFO
        and (not scope or scope in one.scopes or scope in one.scopes_unknown)
        and not left_out(one, situation.answer(one.code))
    ]


def _silent(minimum: Threshold) -> bool:
    """It is known that nothing is asked for."""
    return minimum.known and minimum.level is None


def knock_outs(version: Version, rule: Rule, situation: Situation) -> Explained:
    """Every minimum in the scope; one that is not reached decides, whatever the points."""
    scope = str(rule.asks.get("scope", ""))
    inside = asked(version, rule, situation)
    parts = tuple(_minimum(rule, one, situation.answer(one.code), scope) for one in inside if not _silent(one.minimum))
    silent = [(Truth.YES, one.minimum.placeholder) for one in inside if _silent(one.minimum)]
    missing = [] if version.complete else [(Truth.UNDETERMINED, False)]
    truth, placeholder = truths.all_of([*truths.settled(parts), *silent, *missing])
    values = {"met": sum(part.truth is Truth.YES for part in parts), "asked": len(parts)}
    reason = (
        mark("%(met)s of %(asked)s minima reached")
        if version.complete
        else mark("%(met)s of %(asked)s minima reached; not every indicator is known")
    )
    return Explained(truth, rule.kind, rule.key, reason, values, parts, placeholder or rule.placeholder)


def one_level(version: Version, rule: Rule, situation: Situation) -> Explained:
    code, least = str(rule.asks["indicator"]), cast(int, rule.asks["at_least"])
    one = version.indicator(code)
    level = level_of(one, situation.answer(code)) if one else None
    values = {"indicator": code, "level": level, "needed": least}
    reason = (
        mark("%(indicator)s is not known yet, level %(needed)s needed")
        if level is None
        else mark("%(indicator)s at level %(level)s, %(needed)s needed")
    )
    truth = truths.of(None if level is None else level >= least)
    return Explained(truth, rule.kind, rule.key, reason, values, placeholder=rule.placeholder, indicator=code)


def threshold_of(one: Indicator, reaching: str) -> Threshold | None:
    return {"excellence": one.excellence, "minimum": one.minimum}.get(reaching)


_AREA = {
    Truth.YES: mark("the improvement of %(indicator)s is validated"),
    Truth.NO: mark("the improvement of %(indicator)s is not enough or not validated"),
    Truth.UNDETERMINED: mark("the improvement of %(indicator)s is not validated yet or its level not known"),
}


def _area(version: Version, rule: Rule, situation: Situation, area: Area) -> Explained:
    one = version.indicator(area.indicator)
    threshold = threshold_of(one, str(rule.asks["reaching"])) if one else None
    parts = [(truths.of(area.validated if one or area.validated is False else None), False)]
    if one and threshold:
        parts.append((reaches(one, threshold, situation.answer(one.code)), threshold.placeholder))
    truth, placeholder = truths.all_of(parts)
    values = {"indicator": area.indicator}
    return Explained(
        truth, rule.kind, rule.key, _AREA[truth], values, placeholder=placeholder, indicator=area.indicator
    )


def _better(one: Explained, other: Explained) -> Explained:
    """Of two areas on the same indicator one is enough; the answer rests on placeholders where either could turn it."""
    truth, placeholder = truths.any_of(truths.settled([one, other]))
    return replace(one if one.truth is truth else other, placeholder=placeholder)


def areas(version: Version, rule: Rule, situation: Situation) -> Explained:
    """Validated improvement areas; an indicator counts once, by its best area."""
    least = cast(int, rule.asks["at_least"])
    if situation.areas is None:
        return Explained(
            Truth.UNDETERMINED, rule.kind, rule.key, mark("improvement areas are not known, %(needed)s needed"),
            {"needed": least}, placeholder=rule.placeholder,
        )  # fmt: skip
    best: dict[str, Explained] = {}
    for area in situation.areas:
        part = _area(version, rule, situation, area)
        earlier = best.get(area.indicator)
        best[area.indicator] = part if earlier is None else _better(earlier, part)
    parts = tuple(best.values())
    truth, placeholder = truths.at_least(truths.settled(parts), least)
    values = {"count": sum(part.truth is Truth.YES for part in parts), "needed": least}
    reason = mark("validated improvement areas: %(count)s, %(needed)s needed")
    return Explained(truth, rule.kind, rule.key, reason, values, parts, placeholder or rule.placeholder)
