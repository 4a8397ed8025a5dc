"""Fitness and complexity by iteration: a region is fit that does what few can do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Row, Tabled
from klyngeanalyse.strengths.cells import Array


@dataclass(frozen=True)
class Fitness(Tabled):
    """`regional` (fitness) and `industrial` (complexity), each with mean 1; nan where nothing is present. `moved` is the largest
    change of a regional value in the last of `steps` steps: where it is not small, the values have not settled."""

    regions: Array
    industries: Array
    regional: Array
    industrial: Array
    steps: int
    moved: float

    def rows(self) -> Iterable[Row]:
        for kind, names, values in (
            ("region", self.regions, self.regional),
            ("industry", self.industries, self.industrial),
        ):
            for nth in np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable").tolist():
                yield {"kind": kind, "name": names[nth].item(), "fitness": float(values[nth])}


def fitness(regions: Array, industries: Array, present: Array, *, steps: int = 1000, settled: float = 1e-9) -> Fitness:
    """F_r = sum_c M_rc Q_c and Q_c = 1 / sum_r M_rc / F_r, both from the step before and divided by their mean; all begin at 1.

    Stops after `steps`, or when no value moved more than `settled` (0: always all steps). Some values fall towards zero for
    ever (Pugliese, Zaccaria & Pietronero 2016), so look at `moved`. Source: Tacchella et al. 2012. The published fitness of
    the world trade data is that of 19 steps. Raises Unfit where nothing is present.

    >>> both = fitness(np.array(["r", "s"]), np.array(["a", "b"]), np.array([[1, 1], [1, 0]]), steps=1)
    >>> both.regional.round(4).tolist(), both.industrial.round(4).tolist()
    ([1.3333, 0.6667], [0.6667, 1.3333])
    """
    table = (present > 0).astype(np.float64)
    rows, columns = np.asarray(table.any(1)), np.asarray(table.any(0))
    if not rows.any():
        raise Unfit("nothing is present anywhere", mend="lower the least quotient or give another table")
    table = table[np.ix_(rows, columns)]
    own, kinds = np.ones(int(rows.sum())), np.ones(int(columns.sum()))
    moved, done = np.inf, 0
    while done < steps and moved > settled:
        next_own, next_kinds = table @ kinds, 1.0 / (table.T @ (1.0 / own))
        next_own, next_kinds = next_own / next_own.mean(), next_kinds / next_kinds.mean()
        moved = float(np.abs(next_own - own).max())
        # a value that falls for ever would reach zero and divide by it
        own, kinds, done = np.maximum(next_own, 1e-300), next_kinds, done + 1
    regional, industrial = np.full(len(rows), np.nan), np.full(len(columns), np.nan)
    regional[rows], industrial[columns] = own, kinds
    return Fitness(regions, industries, regional, industrial, done, moved)
