"""What must agree with what in a version: codes, levels, points, rules, names. One line a problem. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from .entries import Problem, twice
from .reading_rules import BRANCHES
from .terms import FactKind, Indicator, IndicatorRole, Label, Rule, RuleKind, Threshold, Version

Problems = Iterator[Problem]


def _codes(where: str, kind: str, codes: Iterable[str]) -> Problems:
    for code in twice(codes):
        yield Problem(f"{where}, {kind} {code}", "code", "it stands twice; give one of them another code")


def _levels(where: str, one: Indicator) -> Problems:
    for lower, higher in pairwise(one.levels):
        if higher.number <= lower.number:
            yield Problem(where, "levels", f"level {higher.number} follows level {lower.number}; put them in rising order")  # fmt: skip
        if higher.points < lower.points:
            yield Problem(where, "points", f"level {higher.number} gives {higher.points}, fewer than the level below ({lower.points}); points may not fall")  # fmt: skip
        if None not in (lower.measured_from, higher.measured_from) and higher.measured_from <= lower.measured_from:  # type: ignore[operator]
            yield Problem(where, "measured_from", f"level {higher.number} begins at {higher.measured_from}, no higher than the level below; put them in rising order")  # fmt: skip
    if one.measured is None and any(level.measured_from is not None for level in one.levels):
        yield Problem(where, "measured_from", 'no value is measured for it; name one with measured = "…"')
    if one.role is IndicatorRole.SCORED and one.maximum == 0:
        yield Problem(where, "points", "it gives points, but its highest level gives none; mend the points or the role")


def _threshold(where: str, one: Indicator, key: str, threshold: Threshold) -> Problems:
    if threshold.level is not None and one.level(threshold.level) is None:
        yield Problem(where, key, f"it has no level {threshold.level}; its levels are {', '.join(str(level.number) for level in one.levels)}")  # fmt: skip


def _known(where: str, key: str, codes: Iterable[str], known: Iterable[str]) -> Problems:
    there = sorted(known)
    for code in codes:
        if code not in there:
            mend = f"write one of {', '.join(there)}" if there else "none is written yet, so write it first"
            yield Problem(where, key, f"there is no '{code}'; {mend}")


def _indicator(version: Version, file: str, one: Indicator) -> Problems:
    where = f"{file}, indicator {one.code}"
    yield from _known(where, "group", [one.group], (group.code for group in version.groups))
    yield from _known(where, "evidence", one.evidence, (kind.code for kind in version.evidence))
    yield from _known(where, "offers", one.offers, (offer.code for offer in version.offers))
    yield from _known(where, "scopes", [*one.scopes, *one.scopes_unknown], (label.code for label in version.labels))
    for code in sorted(one.scopes & one.scopes_unknown):
        yield Problem(where, "scopes_unknown", f"'{code}' also stands in scopes; leave it in one of them")
    if one.levels:
        yield from _levels(where, one)
        yield from _threshold(where, one, "minimum", one.minimum)
        yield from _threshold(where, one, "excellence", one.excellence)


def _sums(version: Version, where: str) -> Problems:
    known, published = len(version.indicators), version.indicators_published
    if known > published:
        yield Problem(f"{where}/scheme.toml", "indicators_published", f"it is {published}, but {known} are written; mend one of them")  # fmt: skip
    if version.maximum is None or not version.complete:
        return
    total = sum((one.maximum for one in version.indicators), Decimal(0))
    if total != version.maximum:
        yield Problem(f"{where}/scheme.toml", "maximum", f"it is {version.maximum}, but the indicators' highest points add up to {total:g}; mend the points or the maximum")  # fmt: skip


def _fact(version: Version, where: str, rule: Rule) -> Problems:
    code = str(rule.asks["fact"])
    yield from _known(where, "fact", [code], (fact.code for fact in version.facts))
    kinds = {fact.code: fact.kind for fact in version.facts}
    numeric = kinds.get(code) is FactKind.NUMBER
    if code in kinds and numeric != ("at_least" in rule.asks):
        yield Problem(where, "at_least", "the fact is a number; write how much is needed" if numeric else "the fact is yes or no; leave at_least out")  # fmt: skip


def _one_level(version: Version, where: str, rule: Rule) -> Problems:
    code, least = str(rule.asks["indicator"]), rule.asks["at_least"]
    yield from _known(where, "indicator", [code], (one.code for one in version.indicators))
    one = version.indicator(code)
    if one and one.levels and not any(level.number == least for level in one.levels):
        yield Problem(where, "at_least", f"indicator {code} has no level {least}; write one of its levels")


def _points(version: Version, where: str, rule: Rule) -> Problems:
    least, most = rule.asks["at_least"], version.maximum
    if most is not None and isinstance(least, Decimal) and least > most:
        yield Problem(where, "at_least", f"it is {least}, more than the maximum of {most}; nobody could reach it")


def _scope(version: Version, where: str, rule: Rule) -> Problems:
    scope = str(rule.asks["scope"])
    yield from _known(where, "scope", [scope] if scope else [], (label.code for label in version.labels))


def _holds(version: Version, where: str, rule: Rule) -> Problems:
    wanted = rule.asks["labels"]
    yield from _known(
        where, "labels", wanted if isinstance(wanted, tuple) else (), (one.code for one in version.labels)
    )


CHECKS: dict[RuleKind, Callable[[Version, str, Rule], Problems]] = {
    RuleKind.FACT: _fact,
    RuleKind.INDICATOR: _one_level,
    RuleKind.POINTS: _points,
    RuleKind.KNOCK_OUTS: _scope,
    RuleKind.HOLDS: _holds,
}


def rule_problems(version: Version, where: str, rule: Rule) -> Problems:
    """Every name in the tree is one that the version knows."""
    if rule.since and rule.until and rule.until < rule.since:
        yield Problem(where, "to", f"it ends ({rule.until}) before it begins ({rule.since}); mend 'from' or 'to'")
    if rule.kind in CHECKS:
        yield from CHECKS[rule.kind](version, where, rule)
    if rule.kind in BRANCHES:
        for key in twice(part.key for part in rule.parts):
            yield Problem(f"{where}, {key}", "key", "it stands twice; give one of them another key")
        for part in rule.parts:
            yield from rule_problems(version, f"{where}, {part.key}", part)


def _label(version: Version, file: str, label: Label, programme: frozenset[str] | None) -> Problems:
    where = f"{file}, label {label.code}"
    if programme is not None and label.code not in programme:
        yield Problem(where, "code", f"the programme has no label '{label.code}'; write it in labels.toml first")
    yield from rule_problems(version, where, label.requires)


def problems(version: Version, where: str, programme: frozenset[str] | None = None) -> list[Problem]:
    """Everything in the version that does not agree; ``programme``: codes of the programme's labels, if they are to be kept to."""
    indicators, labels = f"{where}/indicators.toml", f"{where}/labels.toml"
    found = [
        *_codes(indicators, "group", (one.code for one in version.groups)),
        *_codes(indicators, "indicator", (one.code for one in version.indicators)),
        *_codes(f"{where}/scheme.toml", "fact", (one.code for one in version.facts)),
        *_codes(f"{where}/scheme.toml", "evidence", (one.code for one in version.evidence)),
        *_codes(f"{where}/scheme.toml", "offer", (one.code for one in version.offers)),
        *_codes(labels, "label", (one.code for one in version.labels)),
        *_sums(version, where),
    ]
    for one in version.indicators:
        found += _indicator(version, indicators, one)
    for label in version.labels:
        found += _label(version, labels, label, programme)
    for rank in twice(str(label.rank) for label in version.labels):
        found.append(Problem(labels, "rank", f"rank {rank} stands twice; one label outranks the other"))
    if version.until and version.until < version.since:
        found.append(Problem(f"{where}/scheme.toml", "to", "it ends before it begins; mend 'from' or 'to'"))
    return found
