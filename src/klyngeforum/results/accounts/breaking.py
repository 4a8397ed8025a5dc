"""Where a series breaks: what a reader must know before two years of it are compared. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from klyngeforum.ground.words import Term, mark


class BreakKind(Term):
    VERSION = "version", mark("Counted by another definition than the year before")
    BEGINS = "begins", mark("Another definition is meant for the years from here on")
    ENDS = "ends", mark("Another definition was meant for the years until here")
    SCOPE = "scope", mark("Other organisations are counted than the year before")
    LINEAGE = "lineage", mark("An organisation was carried on in another one")
    PARTLY = "partly", mark("Not every account of the year counted this figure")
    UNFINISHED = "unfinished", mark("Not every account of the year is approved")


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that a reader must know about a year."""

    kind: BreakKind
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Basis:
    """What one year's figure rests on: who is counted, by which versions, how many accounts there are and how many are owed."""

    year: int
    scope: frozenset[int]
    versions: tuple[str, ...]
    approved: int
    owed: int
    lineages: int = 0

    @property
    def whole(self) -> bool:
        """Whether every account of the year is approved: only then can be told who is no longer counted."""
        return self.approved >= self.owed


def _changed(before: Basis, now: Basis) -> Iterable[Break]:
    if before.versions and now.versions and before.versions != now.versions:
        yield Break(BreakKind.VERSION, {"before": ", ".join(before.versions), "now": ", ".join(now.versions)})
    joined, left = now.scope - before.scope, before.scope - now.scope
    if before.whole and now.whole and (joined or left):
        yield Break(BreakKind.SCOPE, {"joined": len(joined), "left": len(left)})


def breaks(years: Sequence[Basis], edges: Iterable[tuple[str, int, int]] = ()) -> dict[int, list[Break]]:
    """Year -> what breaks there; ``edges`` are (code, first, last) of the other definitions, 0 where there is no edge."""
    ordered = sorted(years, key=lambda one: one.year)
    found: dict[int, list[Break]] = {one.year: [] for one in ordered}
    for before, now in itertools.pairwise(ordered):
        found[now.year] += _changed(before, now)
    for one in ordered:
        if one.lineages:
            found[one.year].append(Break(BreakKind.LINEAGE, {"n": one.lineages}))
        if len(one.scope) < one.approved:
            found[one.year].append(Break(BreakKind.PARTLY, {"n": len(one.scope), "all": one.approved}))
        if not one.whole:
            found[one.year].append(Break(BreakKind.UNFINISHED, {"n": one.approved, "all": one.owed}))
    for code, since, until in edges:
        if since in found:
            found[since].append(Break(BreakKind.BEGINS, {"code": code}))
        if until in found:
            found[until].append(Break(BreakKind.ENDS, {"code": code}))
    return found


def comparable(found: Mapping[int, Sequence[Break]], year: int) -> bool:
    """Whether the year may be laid beside the one before it without a word."""
    return not found.get(year)
