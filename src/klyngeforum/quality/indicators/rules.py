"""What a scheme makes of a situation: a three-valued answer as a tree that explains itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import cast

from babel.numbers import format_decimal

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import mark

from . import scoring, truths
from .terms import Assessor, Explained, Label, Rule, RuleKind, Situation, Truth, Version
from .validity import months_between

Words = Callable[[str], str]


def _leaf(rule: Rule, truth: Truth, reason: str, **values: object) -> Explained:
    return Explained(truth, rule.kind, rule.key, reason, values, placeholder=rule.placeholder)


def _fact(version: Version, rule: Rule, situation: Situation) -> Explained:
    code, least = str(rule.asks["fact"]), cast("Decimal | None", rule.asks.get("at_least"))
    value = situation.facts.get(code)
    name = next((one.name for one in version.facts if one.code == code), Bilingual(code, code))
    if value is None:
        return _leaf(rule, Truth.UNDETERMINED, mark("“%(fact)s” is not known yet"), fact=name, needed=least)
    if least is None:
        return _leaf(rule, truths.of(value is True), mark("“%(fact)s” is asked for"), fact=name)
    reason = mark("“%(fact)s” is %(value)s, %(needed)s needed")
    return _leaf(rule, truths.of(Decimal(value) >= least), reason, fact=name, value=value, needed=least)


def _benchmarkings(version: Version, rule: Rule, situation: Situation) -> Explained:
    least, gap = cast(int, rule.asks["at_least"]), cast("tuple[int, int] | None", rule.asks.get("gap_months"))
    if situation.benchmarkings is None:
        return _leaf(rule, Truth.UNDETERMINED, mark("benchmarkings are not known, %(needed)s needed"), needed=least)
    days = sorted(day for day in situation.benchmarkings if day <= situation.on)
    reason, values = mark("benchmarkings: %(count)s, %(needed)s needed"), {"count": len(days), "needed": least}
    if gap is None:
        return _leaf(rule, truths.of(len(days) >= least), reason, **values)
    reason = mark("benchmarkings: %(count)s, %(needed)s needed with %(from)s to %(to)s months between two of them")
    fits = any(gap[0] <= months_between(one, other) <= gap[1] for one, other in combinations(days, 2))
    return _leaf(rule, truths.of(len(days) >= least and fits), reason, **values, **{"from": gap[0], "to": gap[1]})


def _both(one: bool | None, other: bool | None) -> Truth:
    return truths.all_of([(truths.of(one), False), (truths.of(other), False)])[0]


def _assessors(version: Version, rule: Rule, situation: Situation) -> Explained:
    least, foreign = cast(int, rule.asks["at_least"]), cast(int, rule.asks["foreign"])
    if situation.assessors is None:
        return _leaf(rule, Truth.UNDETERMINED, mark("assessors are not known, %(needed)s needed"), needed=least)

    def fit(one: Assessor) -> bool | None:
        return one.independent if rule.asks["independent"] else True

    enough = [(_both(fit(one), True), False) for one in situation.assessors]
    abroad = [(_both(fit(one), one.foreign), False) for one in situation.assessors]
    truth, _ = truths.all_of([truths.at_least(enough, least), truths.at_least(abroad, foreign)])
    reason = _ASSESSORS[bool(rule.asks["independent"]), bool(foreign)]
    count = sum(truth is Truth.YES for truth, _ in enough)
    return _leaf(rule, truth, reason, count=count, needed=least, foreign=foreign)


_ASSESSORS = {  # (independent, from abroad)
    (True, True): mark("independent assessors: %(count)s, %(needed)s needed, %(foreign)s of them from abroad"),
    (True, False): mark("independent assessors: %(count)s, %(needed)s needed"),
    (False, True): mark("assessors: %(count)s, %(needed)s needed, %(foreign)s of them from abroad"),
    (False, False): mark("assessors: %(count)s, %(needed)s needed"),
}


def _holds(version: Version, rule: Rule, situation: Situation) -> Explained:
    wanted = cast("tuple[str, ...]", rule.asks["labels"])
    known = {one.code: one.name for one in version.labels}
    names = tuple(known.get(code, Bilingual(code, code)) for code in wanted)
    reason = mark("holds one of: %(labels)s")
    found = None if situation.labels is None else any(code in situation.labels for code in wanted)
    return _leaf(rule, truths.of(found), reason, labels=names)


def _branch(version: Version, rule: Rule, situation: Situation) -> Explained:
    parts = tuple(explained(version, part, situation) for part in rule.parts if part.asked_on(situation.on))
    every = rule.kind is RuleKind.ALL
    truth, placeholder = (truths.all_of if every else truths.any_of)(truths.settled(parts))
    values = {"met": sum(part.truth is Truth.YES for part in parts), "asked": len(parts)}
    reason = mark("%(met)s of %(asked)s conditions") if every else mark("%(met)s of %(asked)s, one needed")
    return Explained(truth, rule.kind, rule.key, reason, values, parts, placeholder or rule.placeholder)


KINDS: dict[RuleKind, Callable[[Version, Rule, Situation], Explained]] = {
    RuleKind.ALL: _branch,
    RuleKind.ANY: _branch,
    RuleKind.FACT: _fact,
    RuleKind.KNOCK_OUTS: scoring.knock_outs,
    RuleKind.SHARE: scoring.share_or_points,
    RuleKind.POINTS: scoring.share_or_points,
    RuleKind.INDICATOR: scoring.one_level,
    RuleKind.BENCHMARKINGS: _benchmarkings,
    RuleKind.AREAS: scoring.areas,
    RuleKind.ASSESSORS: _assessors,
    RuleKind.HOLDS: _holds,
}


def explained(version: Version, rule: Rule, situation: Situation) -> Explained:
    """The answer to one rule, of a label or of anybody who has rules of their own."""
    return KINDS[rule.kind](version, rule, situation)


def evaluate(version: Version, label: Label, situation: Situation) -> Explained:
    """Whether the situation meets what the label requires."""
    return explained(version, label.requires, situation)


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Bilingual):
        return value.say(language)
    if isinstance(value, tuple):
        return ", ".join(str(_spoken(one, language)) for one in value)
    if isinstance(value, Decimal):
        return format_decimal(value, format="#,##0.######", locale="en_GB" if language.startswith("en") else "da_DK")
    return value


def line(one: Explained, say: Words = str, language: str = "en") -> str:
    """One sentence: "120 of 150 points, 120 needed: met"; the reader's words are given by `say`."""
    values = {name: _spoken(value, language) for name, value in one.values.items()}
    return f"{say(one.reason) % values}: {say(one.truth.label)}"


def lines(one: Explained, say: Words = str, language: str = "en", depth: int = 0) -> Iterator[tuple[int, str]]:
    """(depth, sentence) of the whole tree, from the root."""
    yield depth, line(one, say, language)
    for part in one.parts:
        yield from lines(part, say, language, depth + 1)


_OPENED = (RuleKind.ALL, RuleKind.ANY, RuleKind.KNOCK_OUTS)  # of what is counted, the count itself says what is missing


def blocking(one: Explained) -> tuple[Explained, ...]:
    """The leaves that keep the answer from being met, in the tree's order."""
    if one.truth is Truth.YES:
        return ()
    parts = one.parts if one.kind in _OPENED else ()
    return tuple(leaf for part in parts for leaf in blocking(part)) or (one,)
