"""Strategies beside what is counted: priorities without evidence, evidence without a priority, overlaps and gaps between regions. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klyngeforum.ground.words import Term, mark

from .strategies import Priority, Strategy
from .terms import RegionStanding


class Support(Term):
    """The best that speaks for a priority."""

    STRENGTH = "strength", mark("a strength of the region")
    EMERGING = "emerging", mark("an emerging field")
    RELATED = "related", mark("near to what the region has")
    DECLARED = "declared", mark("only what the strategy says itself")
    NONE = "none", mark("no evidence")


@dataclass(frozen=True, slots=True)
class Judged:
    """A priority with what speaks for it; ``fields`` are those of its fields that do."""

    priority: Priority
    support: Support
    fields: tuple[str, ...]


def _categories(strategy: Strategy, industries: Sequence[str]) -> set[str]:
    of = strategy.definition.of()
    return {of[code[:2]] for code in industries if code[:2] in of}


def judged(strategy: Strategy, standing: RegionStanding | None) -> tuple[Judged, ...]:
    """Every priority of the strategy; without a table only what the strategy says itself counts."""
    strong: set[str] = set()
    emerging: set[str] = set()
    near: set[str] = set()
    if standing is not None:
        strong = {one.code for one in standing.strengths}
        emerging = _categories(strategy, [one.code for one in standing.sprouts or ()])
        near = _categories(strategy, [one.code for one in standing.openings])
    found = []
    for one in strategy.priorities:
        for support, having in ((Support.STRENGTH, strong), (Support.EMERGING, emerging), (Support.RELATED, near)):
            fields = tuple(code for code in one.fields if code in having)
            if fields:
                found.append(Judged(one, support, fields))
                break
        else:
            found.append(Judged(one, Support.DECLARED if one.evidence else Support.NONE, ()))
    return tuple(found)


def unprioritised(strategy: Strategy, standing: RegionStanding | None) -> tuple[str, ...]:
    """Strengths of the region that no priority names, strongest first."""
    named = {code for one in strategy.priorities for code in one.fields}
    return tuple(one.code for one in standing.strengths if one.code not in named) if standing else ()


@dataclass(frozen=True, slots=True)
class FieldBeside:
    """A field over the regions: who puts it first and who is strong in it."""

    code: str
    prioritised: tuple[str, ...]
    strong: tuple[str, ...]

    @property
    def overlap(self) -> bool:
        """More than one region puts it first."""
        return len(self.prioritised) > 1

    @property
    def bare(self) -> tuple[str, ...]:
        """Regions that put it first without being strong in it, where another is."""
        return tuple(code for code in self.prioritised if code not in self.strong) if self.strong else ()

    @property
    def gap(self) -> bool:
        """A region is strong in it, and nobody puts it first."""
        return bool(self.strong) and not self.prioritised


def beside(strategies: Sequence[Strategy], standings: Mapping[str, RegionStanding]) -> tuple[FieldBeside, ...]:
    """Every field that somebody puts first or is strong in: those of most regions first."""
    first: dict[str, list[str]] = {}
    strong: dict[str, list[str]] = {}
    for strategy in strategies:
        for code in dict.fromkeys(code for one in strategy.priorities for code in one.fields):
            first.setdefault(code, []).append(strategy.region)
        standing = standings.get(strategy.region)
        for field in standing.strengths if standing else ():
            strong.setdefault(field.code, []).append(strategy.region)
    found = [FieldBeside(code, tuple(first.get(code, ())), tuple(strong.get(code, ()))) for code in {*first, *strong}]
    return tuple(sorted(found, key=lambda one: (-len(one.prioritised), -len(one.strong), one.code)))
