"""Dense blocks of companies × years, and the moments of their cells gathered over the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.cells import (
    Part,
    against_first,
    indicators,
    joined,
    moments,
    numbered,
    patterns,
    remaining,
    remaining_straight,
    unpacked,
)
from klyngeanalyse.effects.rows import Floats, Measured, Rows, Truths, Whole

WAITING = 65_536


@dataclass
class Block:
    """Companies from `start`: z and y_ref (n, T + 1) of each outcome, presence (n, T), and which companies exist (n,).

    `whole` says of each outcome whether all of it is present. `straight`: all of every outcome is, and the values are the outcomes
    as they stand, (n, T).
    """

    start: int
    values: list[Floats]
    present: list[Truths]
    whole: list[bool]
    exists: Truths
    straight: bool = False

    @classmethod
    def standing(cls, outcomes: list[Floats]) -> Block:
        """Outcomes (n, T) that are all observed, as they stand."""
        present: list[Truths] = [np.broadcast_to(np.True_, one.shape) for one in outcomes]
        return cls(
            0, outcomes, present, [True] * len(outcomes), np.ones(len(outcomes[0]), dtype=np.bool_), straight=True
        )

    @classmethod
    def of(cls, start: int, values: list[Floats], present: list[Truths]) -> Block:
        whole = [bool(one.all()) for one in present]
        exists = np.ones(len(values[0]), dtype=np.bool_)
        if not any(whole):
            exists = np.asarray(np.logical_or.reduce([one.any(axis=1) for one in present]), dtype=np.bool_)
        return cls(start, values, present, whole, exists)


class Cells:
    """Moments of cells gathered over blocks; a cell met again is joined to what is known of it."""

    def __init__(self, outcomes: int, years: int) -> None:
        self.years = years
        self.known: dict[tuple[int, ...], list[Part]] = {}
        self.names: list[Whole] = []
        self.waiting: list[list[Floats]] = [[] for _ in range(outcomes)]

    def add(self, block: Block, kept: np.ndarray, keys: list[NDArray[np.integer[Any]]]) -> None:
        """Rows of a cell that most of the block belongs to are summed at once; the others wait until they are many."""
        if not len(kept):
            return
        every = np.broadcast_to(np.int64((1 << self.years) - 1), len(kept))
        bits = [every if whole else patterns(one[kept]) for one, whole in zip(block.present, block.whole, strict=True)]
        columns = [*keys, *bits]
        number, example = numbered(*columns)
        sizes = np.bincount(number)
        most = int(np.argmax(sizes))
        everyone = len(kept) == len(block.exists)
        rest = remaining_straight if block.straight else remaining
        values = [
            filled(one if everyone else one[kept], whole) for one, whole in zip(block.values, block.whole, strict=True)
        ]
        others = np.arange(len(kept))
        if 2 * sizes[most] > len(kept):
            others = np.flatnonzero(number != most)
            name = tuple(int(one[example[most]]) for one in columns)
            for nth, one in enumerate(values):
                self._join(name, nth, rest(one, others))
        self.names.append(np.column_stack([one[others] for one in columns]).astype(np.int64, copy=False))
        for nth, one in enumerate(values):
            self.waiting[nth].append(against_first(one[others]) if block.straight else one[others])
        if sum(len(one) for one in self.names) >= WAITING:
            self._sum()

    def _sum(self) -> None:
        if not self.names:
            return
        names = np.concatenate(self.names)
        number, example = numbered(*names.T)
        told = [tuple(int(one) for one in names[place]) for place in example]
        for nth, waiting in enumerate(self.waiting):
            n, mean, scatter = moments(np.concatenate(waiting), number, len(told))
            for cell, name in enumerate(told):
                self._join(name, nth, (float(n[cell]), mean[cell], scatter[cell]))
            waiting.clear()
        self.names.clear()

    def _join(self, name: tuple[int, ...], outcome: int, part: Part) -> None:
        parts = self.known.setdefault(name, [])
        if len(parts) <= outcome:
            parts.append(part)
            return
        n, mean, scatter = (np.array([one]) for one in parts[outcome])
        joined(n, mean, scatter, 0, part)
        parts[outcome] = (float(n[0]), mean[0], scatter[0])

    def rows(
        self,
        asking: Asking,
        years: Whole,
        levels: list[np.ndarray] | None,
        clusters: tuple[str, ...],
        dropped: int,
    ) -> Rows:
        """`levels` are the codes that the keys are places of; None where the keys are the codes themselves."""
        self._sum()
        names = sorted(self.known)
        if not names:
            raise Unfit("no companies left", where=f"table {asking.table}", why="all took part from the first year")
        table = np.array(names, dtype=np.int64)
        n_codes = len(asking.design.codes)
        codes = [table[:, 2 + nth] for nth in range(n_codes)]
        if levels is not None:
            codes = [values[place] for values, place in zip(levels, codes, strict=True)]
        marks, terms = indicators(asking.design.codes, codes)
        cluster, clusters = renumbered(table[:, 1], clusters)
        outcomes = tuple(
            Measured(
                name,
                np.array([self.known[one][nth][1] for one in names]),
                np.array([self.known[one][nth][2] for one in names]),
                unpacked(table[:, 2 + n_codes + nth], self.years),
            )
            for nth, name in enumerate(asking.schema.outcomes)
        )
        return Rows(
            years=years,
            cohort=table[:, 0],
            n=np.array([self.known[one][0][0] for one in names]),
            x=np.hstack([np.ones((len(names), 1)), *([marks] if n_codes else [])]),
            cluster=cluster,
            clusters=clusters,
            outcomes=outcomes,
            terms=terms,
            n_dropped=dropped,
        )


def referred(values: Floats, name: str) -> Truths:
    """Writes y_ref into the last column and takes it off the others, in place; gives the presence."""
    present = np.isfinite(values[:, :-1])
    everywhere = bool(present.all())
    if not everywhere and np.isinf(values[:, :-1][~present]).any():
        raise Unfit("infinite values", where=f"column {name}", mend="replace infinity by null (see panel.check)")
    values[:, -1] = values[:, 0]
    for at in range(1, 0 if everywhere else values.shape[1] - 1):
        lacking = np.isnan(values[:, -1])
        if not lacking.any():
            break
        values[lacking, -1] = values[lacking, at]
    values[:, :-1] -= values[:, -1:]
    return present


def filled(values: Floats, whole: bool) -> Floats:
    """0 where nothing is observed; unchanged where all is."""
    return values if whole else np.nan_to_num(values, copy=False)


def renumbered(cluster: Whole, names: tuple[str, ...]) -> tuple[Whole, tuple[str, ...]]:
    """Only the clusters that are left, numbered from 0; -1 for who has none."""
    if not names:
        return cluster, ()  # every company is a cluster of its own
    left = np.unique(cluster[cluster >= 0])
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[left] = np.arange(len(left))
    return place[cluster], tuple(names[one] for one in left)
