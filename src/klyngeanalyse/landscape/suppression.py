"""Small cells hidden, and enough others with them that nobody can subtract their way back (diskretionering)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Row, Tabled
from klyngeanalyse.strengths.cells import Array


@dataclass(frozen=True)
class Protected(Tabled):
    """A table with its totals (the last place of each axis), nan where hidden. Which of the hidden cells are the small ones is not
    kept: telling it would give some of them away."""

    dimensions: tuple[str, ...]
    labels: tuple[Array, ...]
    values: Array
    least: int

    @property
    def hidden(self) -> Array:
        return np.isnan(self.values)

    def rows(self) -> Iterable[Row]:
        names = [[*one.tolist(), None] for one in self.labels]
        for place in np.argwhere(self.values != 0).tolist():
            value = self.values[tuple(place)]
            yield {
                **{key: names[nth][at] for nth, (key, at) in enumerate(zip(self.dimensions, place, strict=True))},
                "count": None if np.isnan(value) else int(value),
            }


def dominated(largest: Array, total: Array, most: float = 0.85) -> Array:
    """Truths of the cells where one member has more than `most` of the sum: as telling as a single member."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((total > 0) & (largest / total > most))


def with_totals(values: Array) -> Array:
    """A table with a total at the end of each axis.

    >>> with_totals(np.array([[1, 2], [3, 4]])).tolist()
    [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    """
    for axis in range(values.ndim):
        values = np.concatenate([values, values.sum(axis, keepdims=True)], axis)
    return values


def protect(
    counts: Array,
    least: int,
    *,
    dimensions: Sequence[str],
    labels: Sequence[Array],
    sensitive: Array | None = None,
    totalled: bool = False,
) -> Protected:
    """Hides counts of 1 to least - 1 (and cells marked `sensitive`), totals included, and further cells until every one of them
    could, for all that is shown, be `least` or more (a sensitive one: more than it is). Zeros are shown.

    `counts`: whole numbers, one axis a dimension; `totalled` says that totals are in it already. Reasoned against is somebody who
    knows every shown cell, that each line of the table adds up to its total where it does, that hidden cells are at least 1, and how the
    cells were chosen to be hidden save which are the small ones. First, a line with one hidden cell gets a second one, the
    smallest. Then linear programmes find the most that each small cell could be; while one stays under `least`, the smallest
    shown cell near it is hidden too. Cells are chosen greedily: the protection is proven, the fewest hidden is not.
    Source: Willenborg & de Waal 2001, chapter 4.
    """
    if least < 2 or not counts.size or counts.min() < 0 or (counts != np.floor(counts)).any():
        raise Unfit(
            "counts that cannot be protected",
            why="whole numbers of at least 0 and a least of 2 or more are needed",
            mend="mend them",
        )
    full = (counts if totalled else with_totals(counts)).astype(np.float64)
    if tuple(len(one) + 1 for one in labels) != full.shape or len(dimensions) != full.ndim:
        raise Unfit("labels that do not fit the table", mend="give one label a place and one name an axis")
    small = (full > 0) & (full < least)
    if sensitive is not None:
        small |= (sensitive if totalled else _padded(sensitive)) & (full > 0)
    lines = _lines(full.shape)
    flat, hidden = full.ravel(), small.ravel().copy()
    goal = np.where(small.ravel(), np.maximum(least, flat + 1), 0.0)
    _fill(flat, hidden, goal, lines)
    while len(weak := _weak(flat, hidden, goal, lines)):
        more = [_hide_near(cell, flat, hidden, lines) for cell in weak.tolist()]
        if not any(more):
            raise Unfit(
                "a table that cannot be protected",
                why="all cells near a small one are hidden already",
                mend="merge categories",
            )
        _fill(flat, hidden, goal, lines)
    values = np.where(hidden, np.nan, flat).reshape(full.shape)
    return Protected(tuple(dimensions), tuple(labels), values, least)


def _padded(truth: Array) -> Array:
    return np.pad(truth, [(0, 1)] * truth.ndim)


def _lines(shape: tuple[int, ...]) -> list[Array]:
    """One table an axis: lines x places, each the flat places of cells that add up to the last one."""
    places = np.arange(int(np.prod(shape))).reshape(shape)
    return [np.moveaxis(places, axis, -1).reshape(-1, shape[axis]) for axis in range(len(shape))]


def _fill(flat: Array, hidden: Array, goal: Array, lines: list[Array]) -> None:
    """Hides the smallest shown cell of each line that gives a hidden cell away by itself, until there is no such line.

    It does where it has one hidden cell only, or where its total is shown and the hidden cells, each at least 1, leave a small
    one no room up to its goal.
    """
    changed = True
    while changed:
        changed = False
        for table in lines:
            inside = hidden[table]
            number = inside.sum(1)
            room = (flat[table] * inside).sum(1) - number + 1
            tight = ~inside[:, -1] & (room < (goal[table] * inside).max(1))
            for line in table[(number == 1) | tight]:
                shown = line[~hidden[line] & (flat[line] > 0)]
                if len(shown):
                    hidden[shown[np.argmin(flat[shown])]] = True
                    changed = True


def _weak(flat: Array, hidden: Array, goal: Array, lines: list[Array]) -> Array:
    """Flat places of hidden cells that cannot reach their goal in any table that fits what is shown."""
    names = np.flatnonzero(hidden)
    matrix, known = _equations(flat, hidden, names, lines)
    goal = goal[names]
    open_ = np.flatnonzero((goal > 0) & (np.bincount(matrix.indices, minlength=len(names)) > 0))
    while len(open_):
        # one programme for all: as many cells as can be at their goal at once
        both = sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], len(open_)))], format="csr")
        picks = sparse.csr_array((np.ones(len(open_)), (np.arange(len(open_)), open_)), (len(open_), len(names)))
        under = sparse.hstack([-picks, sparse.eye_array(len(open_))], format="csr")
        gain = np.concatenate([np.zeros(len(names)), -np.ones(len(open_))])
        bounds = [(1, None)] * len(names) + [(0, float(one)) for one in goal[open_]]
        found = linprog(
            gain, A_ub=under, b_ub=np.zeros(len(open_)), A_eq=both, b_eq=known, bounds=bounds, method="highs"
        )
        if found.status != 0:
            raise RuntimeError(f"the audit of the hidden cells failed: {found.message}")
        reached = found.x[open_] >= goal[open_] - 1e-6
        if not reached.any():
            break
        open_ = open_[~reached]
    # none of these is at its goal together with the others, but one may be alone
    return np.asarray(
        [names[cell] for cell in open_.tolist() if _most(cell, matrix, known) < goal[cell] - 1e-6], dtype=np.int64
    )


def _most(cell: int, matrix: Any, known: Array) -> float:
    gain = np.zeros(matrix.shape[1])
    gain[cell] = -1.0
    found = linprog(gain, A_eq=matrix, b_eq=known, bounds=(1, None), method="highs")
    if found.status == 3:
        return np.inf
    if found.status != 0:
        raise RuntimeError(f"the audit of the hidden cells failed: {found.message}")
    return float(-found.fun)


def _equations(flat: Array, hidden: Array, names: Array, lines: list[Array]) -> tuple[Any, Array]:
    """What is known of the hidden cells: the lines that hold some and that add up."""
    number = np.full(len(flat), -1)
    number[names] = np.arange(len(names))
    rows: list[Array] = []
    columns: list[Array] = []
    signs: list[Array] = []
    known: list[float] = []
    for table in lines:
        adds = flat[table[:, :-1]].sum(1) == flat[table[:, -1]]
        for line in table[hidden[table].any(1) & adds]:
            sign = np.ones(len(line))
            sign[-1] = -1.0
            inside = hidden[line]
            rows.append(np.full(int(inside.sum()), len(known)))
            columns.append(number[line[inside]])
            signs.append(sign[inside])
            known.append(-float((sign * flat[line])[~inside].sum()))
    if not known:
        return sparse.csr_array((0, len(names))), np.zeros(0)
    data = np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_array(data, (len(known), len(names))), np.array(known)


def _hide_near(weak: int, flat: Array, hidden: Array, lines: list[Array]) -> bool:
    """Hides the smallest shown cell of the lines through a cell, or through the hidden cells that it is bound to; False: none is left."""
    near = {weak}
    while True:
        around = np.concatenate([table[np.isin(table, list(near)).any(1)].ravel() for table in lines])
        shown = np.unique(around[~hidden[around] & (flat[around] > 0)])
        if len(shown):
            hidden[shown[np.argmin(flat[shown])]] = True
            return True
        more = near | set(np.unique(around[hidden[around]]).tolist())
        if more == near:
            return False
        near = more
