"""Those who answered stand for those who did not: weights by size, industry and region that add up to the population (docs/survey.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Cell = tuple[str, str, str]  # size, industry, region
LEVELS = (3, 2, 1, 0)  # how much of the cell is kept: all; size and industry; size; nothing


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that are weighted alike: how many there are of them, how many answered, and how far they were collapsed."""

    cells: tuple[Cell, ...]
    population: int
    answered: int
    kept: int

    @property
    def weight(self) -> Fraction:
        return Fraction(self.population, self.answered)


def _group(cells: Iterable[Cell], population: Mapping[Cell, int], answered: Mapping[Cell, int], kept: int) -> Group:
    own = tuple(sorted(cells))
    return Group(own, sum(population[one] for one in own), sum(answered.get(one, 0) for one in own), kept)


def groups(population: Mapping[Cell, int], answered: Mapping[Cell, int], least: int) -> list[Group]:
    """Cells with fewer answers than ``least`` are laid together: over regions, then over industries, then over sizes.

    What still is too few in the end joins the group with the fewest answers. Nobody answered: no groups, nothing can be said."""
    if not any(answered.values()):
        return []
    if strange := [one for one, n in answered.items() if n > population.get(one, 0)]:
        raise ValueError(f"more answered than there are in {strange}")
    done: list[Group] = []
    waiting = set(population)
    for kept in LEVELS:
        pools: dict[tuple[str, ...], set[Cell]] = defaultdict(set)
        for cell in waiting:
            pools[cell[:kept]].add(cell)
        waiting = set()
        for cells in pools.values():
            one = _group(cells, population, answered, kept)
            if one.answered >= max(least, 1):
                done.append(one)
            else:
                waiting |= cells
    if waiting:
        smallest = min(done, key=lambda one: (one.answered, one.cells), default=None)
        if smallest:
            done.remove(smallest)
        done.append(_group({*waiting, *(smallest.cells if smallest else ())}, population, answered, 0))
    return sorted(done, key=lambda one: one.cells)


def weights(population: Mapping[Cell, int], answered: Mapping[Cell, int], least: int) -> dict[Cell, Fraction]:
    """Cell -> what one answer of it counts."""
    return {cell: one.weight for one in groups(population, answered, least) for cell in one.cells}


def means(answers: Iterable[tuple[Cell, int]], weighed: Mapping[Cell, Fraction]) -> tuple[Fraction, Fraction] | None:
    """(unweighted, weighted) mean of a scale or a number; None when nobody answered."""
    rows = list(answers)
    if not rows:
        return None
    whole = sum((weighed[cell] for cell, _ in rows), Fraction(0))
    return Fraction(sum(value for _, value in rows), len(rows)), sum((weighed[cell] * value for cell, value in rows), Fraction(0)) / whole  # fmt: skip


def share(answers: Iterable[tuple[Cell, bool]], weighed: Mapping[Cell, Fraction]) -> tuple[Fraction, Fraction] | None:
    """(unweighted, weighted) share that said yes; None when nobody answered."""
    rows = list(answers)
    if not rows:
        return None
    whole = sum((weighed[cell] for cell, _ in rows), Fraction(0))
    yes = sum((weighed[cell] for cell, said in rows if said), Fraction(0))
    return Fraction(sum(said for _, said in rows), len(rows)), yes / whole
