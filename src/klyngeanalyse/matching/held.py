"""Coarsened exact matching of a Parquet file that memory holds: read once and counted here as the engine would, which is not even started."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Engine, Streams
from klyngeanalyse.core.stored import Stored
from klyngeanalyse.matching.balance import Weighted
from klyngeanalyse.matching.balance import weighted as of_arm
from klyngeanalyse.matching.coarsened import Bins, Strata, binned
from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.moments import Moments, digits, rounded
from klyngeanalyse.matching.results import Unmatched, Weights
from klyngeanalyse.matching.rows import distinct_whole

Array = np.ndarray[Any, Any]
BLOCK = 65_536  # rows that a processor holds near itself
MOST_CELLS = 2**22  # combinations of exact values that are counted by their place
SEEN = 2**20  # marks, a power of two, of strata with treated: what is not marked need not be looked up


@dataclass(frozen=True)
class Held:
    """The n complete rows as arrays (n,): company, treated (bool), cell (its place among the c cells, in the order of their keys),
    one of `x` a covariate and one of `y` an outcome; `keys` (c,) one an exact column, n1 and n0 (c,) the treated and controls of
    each cell. `missing` are the treated companies whose rows are incomplete, in order; `kinds` the file's columns."""

    design: Design
    kinds: pa.Schema
    company: Array
    treated: Array
    cell: Array
    x: tuple[Array, ...]
    y: tuple[Array, ...]
    keys: tuple[Array, ...]
    n1: Array
    n0: Array
    missing: Array
    n_missing_control: int

    @property
    def names(self) -> tuple[str, ...]:
        return self.design.covariates

    @property
    def n_control(self) -> int:
        return int(self.n0.sum())

    @property
    def cells(self) -> tuple[int, int]:
        """How many cells there are, and how many of them hold both arms."""
        return len(self.n1), int(((self.n1 > 0) & (self.n0 > 0)).sum())

    def kind(self, column: str) -> pa.DataType:
        return self.kinds.field(column).type


def read(engine: Engine, source: str, design: Design) -> Held | None:
    """The rows of a table that is one Parquet file of plain numbers and takes no more memory than the engine may.

    None where the engine has to look: at text, values that are lacking where none may lack, a table that is to be refused.
    """
    if not isinstance(engine, Streams):
        return None
    file = engine.stored(source)
    if file is None or not _plain(file, design):
        return None
    if 2 * 8 * len(set(design.columns)) * file.n_rows > engine.room:
        return None
    table = file.read(design.columns)
    if any(table.column(name).null_count for name in _whole(design)):
        return None
    column = {name: table.column(name).to_numpy() for name in table.column_names}
    del table
    return _held(file, design, column)


def _whole(design: Design) -> tuple[str, ...]:
    return design.company, design.treated, *design.exact


def _plain(file: Stored, design: Design) -> bool:
    return file.plain(design.columns) and all(
        pa.types.is_integer(file.kinds.field(name).type) for name in _whole(design)
    )


def _held(file: Stored, design: Design, column: dict[str, Array]) -> Held | None:
    treated = column[design.treated] == 1
    if not (treated | (column[design.treated] == 0)).all():
        return None
    counted = {name: column[name].astype(float, copy=False) for name in (*design.covariates, *design.outcomes)}
    complete = np.ones(len(treated), dtype=bool)
    for values in counted.values():
        complete &= np.isfinite(values)
    missing, n_missing = column[design.company][treated & ~complete], 0
    if not complete.all():
        if any(np.isinf(values).any() for values in counted.values()):
            return None
        n_missing = int((~treated & ~complete).sum())
        treated = treated[complete]
        column = {name: values[complete] for name, values in column.items()}
        counted = {name: values[complete] for name, values in counted.items()}
    if treated.all() or not treated.any():
        return None
    cell, keys = _cells([column[name] for name in design.exact], len(treated))
    company = column[design.company]
    if cell is None or not _once(company, cell):
        return None
    n1 = np.bincount(cell[treated], minlength=int(cell.max()) + 1)
    return Held(
        design=design,
        kinds=file.kinds,
        company=company,
        treated=treated,
        cell=cell,
        x=tuple(counted[name] for name in design.covariates),
        y=tuple(counted[name] for name in design.outcomes),
        keys=keys,
        n1=n1,
        n0=np.bincount(cell) - n1,
        missing=np.sort(missing),
        n_missing_control=n_missing,
    )


def _cells(exact: Sequence[Array], n: int) -> tuple[Array | None, tuple[Array, ...]]:
    """Each row's cell and the cells' values, in the order of the values; none where their combinations are too many."""
    coded = [_coded(values) for values in exact]
    sizes = [len(known) for known, _, _ in coded]
    if math.prod(sizes) > MOST_CELLS:
        return None, ()
    place, used = np.empty(n, dtype=np.int32), np.zeros(math.prod(sizes), dtype=bool)
    for rows in _blocks(n):
        number = np.zeros(rows.stop - rows.start, dtype=np.int64)
        for size, (_, code, low) in zip(sizes, coded, strict=True):
            number *= size
            number += code[rows].astype(np.int64, copy=False) - low
        used[number] = True
        place[rows] = number
    nth = np.cumsum(used, dtype=np.int32) - np.int32(1)
    for rows in _blocks(n):
        place[rows] = nth[place[rows]]
    where = np.unravel_index(np.flatnonzero(used), sizes) if sizes else ()
    return place, tuple(known[at] for (known, _, _), at in zip(coded, where, strict=True))


def _coded(values: Array) -> tuple[Array, Array, int]:
    """Whole numbers in order, and each row's place among them above a number: of numbers close together all, else those that are there."""
    low, high = int(values.min()), int(values.max())
    if high - low < BLOCK and high < 2**63:
        return low + np.arange(high - low + 1), values, low
    return *np.unique(values, return_inverse=True), 0


def _once(company: Array, cell: Array) -> bool:
    """Whether every company has one row a cell: mostly it has one at all."""
    if distinct_whole(company) == len(company):
        return True
    order = np.lexsort((company, cell))
    company, cell = company[order], cell[order]
    return not ((company[1:] == company[:-1]) & (cell[1:] == cell[:-1])).any()


def _blocks(n: int) -> Generator[slice, None, None]:
    for start in range(0, n, BLOCK):
        yield slice(start, min(start + BLOCK, n))


def moments(held: Held) -> Moments:
    """As of rows in an engine (`moments.moments`)."""
    n = np.array([held.n_control, int(held.n1.sum())], dtype=float)
    k = len(held.x)
    centre, spread = rounded(held.names, [float(x.mean()) for x in held.x], [_deviation(x) for x in held.x])
    sums, square = np.zeros((2, k)), np.zeros((2, k, k))
    for rows in _blocks(len(held.treated)):
        z = np.empty((k, rows.stop - rows.start))
        for nth, x in enumerate(held.x):
            np.divide(x[rows] - centre[nth], spread[nth], out=z[nth])
        treated = held.treated[rows]
        for arm, some in enumerate((z * ~treated, z[:, treated])):
            sums[arm] += some.sum(axis=1)
            square[arm] += some @ some.T
    return Moments.of(centre, spread, n, sums, square, np.array([_binary(x) for x in held.x], dtype=bool))


def _deviation(x: Array) -> float:
    mean = x.mean()
    return math.sqrt(sum(float(np.square(x[rows] - mean).sum()) for rows in _blocks(len(x))) / (len(x) - 1))


def _binary(x: Array) -> bool:
    """Only 0 and 1; mostly a few rows say that it is not."""
    return all(((x[rows] == 0) | (x[rows] == 1)).all() for rows in _blocks(len(x)))


@dataclass(frozen=True)
class Near:
    """The rows (m,) of strata that hold treated, the place (m,) of each one's stratum among those, whether a stratum holds controls
    too and its two numbers (s,); `strata` are the sums of those that do."""

    rows: Array
    place: Array
    shared: Array
    n1: Array
    n0: Array
    strata: Strata


def stratify(held: Held) -> Near:
    """Of all rows the stratum is worked out once; then only those near a treated one are looked at."""
    ends = [(float(x.min()), float(x.max())) for x in held.x]
    stratum = _strata(held, binned(held.design, held.names, ends, len(held.treated)))
    known = np.unique(stratum[held.treated])
    seen = np.zeros(SEEN, dtype=bool)
    seen[known & (SEEN - 1)] = True
    marked = (some.start + np.flatnonzero(seen[stratum[some] & (SEEN - 1)]) for some in _blocks(len(stratum)))
    rows = np.concatenate(list(marked))
    place = np.minimum(np.searchsorted(known, stratum[rows]), len(known) - 1)
    among = known[place] == stratum[rows]
    rows, place = rows[among], place[among]
    treated = held.treated[rows]
    n1, n = (np.bincount(one, minlength=len(known)) for one in (place[treated], place))
    shared = n > n1
    centre = np.array([digits(y.mean(), 6) for y in held.y])
    y = np.stack([one[rows] for one in held.y], axis=1) - centre if held.y else np.zeros((len(rows), 0))

    def sums(values: Array, arm: Array) -> Array:
        counted = [np.bincount(place[arm], one, len(known))[shared] for one in values[arm].T]
        return np.stack(counted, axis=1) if counted else np.zeros((int(shared.sum()), 0))

    strata = Strata(
        n1=n1[shared].astype(float),
        n0=(n - n1)[shared].astype(float),
        y1=sums(y, treated),
        yy1=sums(np.square(y), treated),
        y0=sums(y, ~treated),
        yy0=sums(np.square(y), ~treated),
        centre=centre,
    )
    return Near(rows, place, shared, n1, n - n1, strata)


def _strata(held: Held, bins: Sequence[Bins]) -> Array:
    """The number of each row's cell and bins together."""
    stratum = np.empty(len(held.treated), dtype=np.int64)
    for rows in _blocks(len(stratum)):
        number = held.cell[rows].astype(np.int64)
        for x, one in zip(held.x, bins, strict=True):
            number *= one.n
            number += one.of(x[rows])
        stratum[rows] = number
    return stratum


def _taking_part(held: Held, near: Near) -> tuple[Array, Array]:
    """Rows of strata with both arms, and their weights."""
    part = near.shared[near.place]
    rows, place = near.rows[part], near.place[part]
    return rows, np.where(held.treated[rows], 1.0, near.n1[place] / near.n0[place])


def weighted(held: Held, near: Near) -> list[Weighted]:
    """Controls, then treated, with their weights."""
    rows, weight = _taking_part(held, near)
    x = np.stack([x[rows] for x in held.x], axis=1) if held.x else np.zeros((len(rows), 0))
    treated = held.treated[rows]
    return [of_arm(x[arm], weight[arm]) for arm in (~treated, treated)]


def weights(held: Held, near: Near) -> Weights:
    rows, weight = _taking_part(held, near)
    order = np.lexsort((held.company[rows], held.cell[rows]))
    rows = rows[order]
    return Weights(
        pa.table(
            {
                "company": pa.array(held.company[rows], held.kind(held.design.company)),
                "cell": pa.array(held.cell[rows] + 1, pa.int32()),
                "treated": pa.array(held.treated[rows].astype(np.int32)),
                "weight": pa.array(weight[order]),
            }
        )
    )


def unmatched(held: Held, near: Near) -> Unmatched:
    """The treated whose rows are incomplete, then those of strata without controls, and whether their whole cell has none."""
    lost = near.rows[held.treated[near.rows] & ~near.shared[near.place]]
    alone = held.n0[held.cell[lost]] == 0
    order = np.lexsort((held.company[lost], held.cell[lost], ~alone))
    lost, alone = lost[order], alone[order]
    first = len(held.missing)
    cell = np.concatenate([np.zeros(first, dtype=np.int64), held.cell[lost]])
    none = np.arange(len(cell)) < first
    reason = np.where(alone, "no_control_in_cell", "no_control_in_stratum")
    rows = {
        "company": pa.array(np.concatenate([held.missing, held.company[lost]]), held.kind(held.design.company)),
        "reason": pa.array(["missing_value"] * first + reason.tolist(), pa.string()),
        "cell": pa.array(cell + 1, pa.int32(), mask=none),
        "score": pa.nulls(len(cell), pa.float64()),
        "distance": pa.nulls(len(cell), pa.float64()),
    }
    for name, values in zip(held.design.exact, held.keys, strict=True):
        rows[name] = pa.array(values[cell], held.kind(name), mask=none)
    return Unmatched(pa.table(rows))
