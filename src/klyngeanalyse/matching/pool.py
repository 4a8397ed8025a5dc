"""The candidates that have a counterpart in their cell, in the order that decides every tie: cell, score, company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.ahead import ahead
from klyngeanalyse.core.engines import Engine, Streams
from klyngeanalyse.matching.propensity import GRID, Propensity
from klyngeanalyse.matching.rows import CELLS, ROWS, Candidates, number

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Pool:
    """Two arms, each sorted by cell, then score (where there is one), then company.

    cell (n,), score (n,) or x (n, k), y (n, outcomes), company (n,). `before` says for each treated how many controls of the
    whole order have a lower cell, or the same cell and a lower score.
    """

    treated: Arm
    control: Arm
    before: Array


@dataclass(frozen=True)
class Arm:
    cell: Array
    score: Array
    x: Array
    y: Array
    company: pa.ChunkedArray

    def __len__(self) -> int:
        return len(self.cell)


def _arm(engine: Engine, sql: str, most: int, xs: list[str], ys: list[str], scored: bool) -> Arm:
    """At most `most` rows, read piece by piece: no second table of all of them stands beside the arrays."""
    x, y = np.empty((most, len(xs)), order="F"), np.empty((most, len(ys)), order="F")
    cell, score = np.empty(most, dtype=np.int32), np.zeros(most) if scored else np.zeros(0)
    companies: list[pa.Array] = []
    n = 0
    for batch in _pieces(engine, sql):
        here = slice(n, n + batch.num_rows)
        n += batch.num_rows
        cell[here] = batch.column("cell").to_numpy()
        for nth, name in enumerate(xs):
            x[here, nth] = batch.column(name).to_numpy()
        for nth, name in enumerate(ys):
            y[here, nth] = batch.column(name).to_numpy()
        if scored:
            np.divide(batch.column("score").to_numpy(), GRID, out=score[here])
        # copied: a view would keep the whole piece in memory
        companies.append(batch.column("company").take(pa.array(np.arange(batch.num_rows))))
    return Arm(cell[:n], score[:n] if scored else np.zeros(n), x[:n], y[:n], pa.chunked_array(companies))


def _pieces(engine: Engine, sql: str) -> Iterator[pa.RecordBatch]:
    """At least one, so that the columns' kinds are known of no rows."""
    if isinstance(engine, Streams):
        reader = ahead(engine.batches(sql, in_order=True))
        first = next(reader, None)
        if first is not None:
            yield first
            yield from reader
            return
        sql = f"select * from ({sql}) as q limit 0"
    table = engine.arrow(sql)
    yield from table.to_batches() or [
        pa.RecordBatch.from_arrays([pa.array([], f.type) for f in table.schema], schema=table.schema)
    ]


def bounds(candidates: Candidates, propensity: Propensity) -> tuple[float, float, float, float]:
    """Lowest and highest score (on the grid) of controls, then of treated."""
    found = candidates.engine.arrow(
        f"select treated, min(score) as low, max(score) as high from (select treated, {propensity.sql} as score from {ROWS}) as s "
        "group by treated order by treated"
    ).to_pylist()
    return found[0]["low"], found[0]["high"], found[1]["low"], found[1]["high"]


def window(candidates: Candidates, propensity: Propensity | None) -> dict[int, tuple[float, float]]:
    """The scores (on the grid) between which treated (1) and controls (0) may be matched, by common support and limit."""
    design = candidates.design
    if propensity is None:
        return {0: (-np.inf, np.inf), 1: (-np.inf, np.inf)}
    low0, high0, low1, high1 = bounds(candidates, propensity) if design.support != "none" else (-np.inf, np.inf) * 2
    top = GRID * design.limit if design.limit is not None else np.inf
    treated = (low0, high0) if design.support != "none" else (-np.inf, np.inf)
    control = (low1, high1) if design.support == "both" else (-np.inf, np.inf)
    return {0: (control[0], min(control[1], top)), 1: (treated[0], min(treated[1], top))}


def fetch(candidates: Candidates, propensity: Propensity | None, spans: Mapping[int, tuple[float, float]]) -> Pool:
    """Reads the two arms out of the engine: only cells that hold both, only scores in the window."""
    scored = propensity is not None
    xs = [] if scored else candidates.xs
    fields = ", ".join(["cell", "company", *(["score"] if scored else []), *xs, *candidates.ys])
    arms = []
    for treated in (1, 0):
        low, high = spans[treated]
        limits = [f"score >= {number(low)}"] if np.isfinite(low) else []
        limits += [f"score <= {number(high)}"] if np.isfinite(high) else []
        inner = f"select r.*, {propensity.sql if propensity else '0e0'} as score from {ROWS} as r join {CELLS} as c on r.cell = c.cell "
        inner += f"where r.treated = {treated} and c.n_treated > 0 and c.n_control > 0"
        sql = (
            f"select {fields} from ({inner}) as s {'where ' + ' and '.join(limits) if limits else ''} "
            f"order by {'cell, score, company' if scored else 'cell, company'}"
        )
        most = candidates.n_treated if treated else candidates.n_control
        arms.append(_arm(candidates.engine, sql, most, xs, candidates.ys, scored))
    return Pool(arms[0], arms[1], places(arms[0], arms[1]))


def segments(treated: Arm, control: Arm) -> tuple[Array, Array]:
    """For each treated where the controls of its cell begin and end."""
    return (
        np.searchsorted(control.cell, treated.cell, "left"),
        np.searchsorted(control.cell, treated.cell, "right"),
    )


def places(treated: Arm, control: Arm) -> Array:
    """For each treated the number of controls in front of it: all of lower cells, and lower scores of its own."""
    start, end = segments(treated, control)
    out = np.empty(len(treated), dtype=np.int64)
    cells, first = np.unique(treated.cell, return_index=True)
    edges = np.append(first, len(treated))
    for nth in range(len(cells)):
        own = slice(edges[nth], edges[nth + 1])
        low, high = start[edges[nth]], end[edges[nth]]
        out[own] = low + np.searchsorted(control.score[low:high], treated.score[own], "left")
    return out


def shared_cells(pool: Pool) -> Iterator[tuple[slice, slice]]:
    """The treated and the controls of each cell."""
    cells, first = np.unique(pool.treated.cell, return_index=True)
    edges = np.append(first, len(pool.treated))
    low = np.searchsorted(pool.control.cell, cells, "left")
    high = np.searchsorted(pool.control.cell, cells, "right")
    for nth in range(len(cells)):
        yield slice(edges[nth], edges[nth + 1]), slice(low[nth], high[nth])
