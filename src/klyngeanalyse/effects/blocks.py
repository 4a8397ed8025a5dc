"""Dense blocks of companies × years, and the moments of their cells gathered over the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.cells import indicators, joined, moments, numbered, patterns, unpacked
from klyngeanalyse.effects.rows import Floats, Measured, Rows, Truths, Whole


@dataclass
class Block:
    """Companies from `start`: z and y_ref (n, T + 1) of each outcome, presence (n, T), and which companies exist (n,).

    `whole` says of each outcome whether all of it is present.
    """

    start: int
    values: list[Floats]
    present: list[Truths]
    whole: list[bool]
    exists: Truths

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
        self.outcomes, self.years = outcomes, years
        self.known: dict[tuple[int, ...], list[tuple[float, Floats, Floats]]] = {}

    def add(self, block: Block, kept: np.ndarray, keys: list[NDArray[np.integer[Any]]]) -> None:
        if not len(kept):
            return
        every = np.broadcast_to(np.int64((1 << self.years) - 1), len(kept))
        bits = [every if whole else patterns(one[kept]) for one, whole in zip(block.present, block.whole, strict=True)]
        number, example = numbered(*keys, *bits)
        names = np.column_stack([*keys, *bits])[example]
        everyone = len(kept) == len(block.exists)
        for nth, (values, whole) in enumerate(zip(block.values, block.whole, strict=True)):
            found = moments(filled(values if everyone else values[kept], whole), number, len(example))
            for cell, name in enumerate(names):
                self._join(
                    tuple(int(one) for one in name), nth, (float(found[0][cell]), found[1][cell], found[2][cell])
                )

    def _join(self, name: tuple[int, ...], outcome: int, part: tuple[float, Floats, Floats]) -> None:
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
    """Only the clusters that are left, numbered from 0."""
    left = np.unique(cluster[cluster >= 0])
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[left] = np.arange(len(left))
    return place[cluster], tuple(names[one] for one in left)
