"""Which treated companies had no match, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.paired import Chosen, pairs
from klyngeanalyse.matching.pool import Pool
from klyngeanalyse.matching.propensity import GRID, Propensity
from klyngeanalyse.matching.results import Unmatched
from klyngeanalyse.matching.rows import CELLS, ROWS, Candidates

Array = np.ndarray[Any, Any]


def everybody(candidates: Candidates, propensity: Propensity | None) -> pa.Table:
    """All complete treated in the pool's order: company, cell, n_control, score (on the grid)."""
    score = propensity.sql if propensity else "cast(null as double)"
    return candidates.engine.arrow(
        f"select company, cell, n_control, score from (select r.company, r.cell, c.n_control, {score} as score from {ROWS} as r "
        f"join {CELLS} as c on r.cell = c.cell where r.treated = 1) as s order by cell, {'score, ' if propensity else ''}company"
    )


def left_out(
    treated: pa.Table, pool: Pool, chosen: Chosen, design: Design, spans: Mapping[int, tuple[float, float]]
) -> tuple[Array, Array, Array]:
    """Place among `treated`, reason and the nearest control's distance (NaN where there is none) of those not matched."""
    n = treated.num_rows
    reason = np.full(n, "", dtype=object)
    distance = np.full(n, np.nan)
    score = treated["score"].to_numpy(zero_copy_only=False).astype(float)
    alone = treated["n_control"].to_numpy() == 0
    if design.scored:
        top = np.inf if design.limit is None else GRID * design.limit
        low, high = spans[1]
        reason[alone] = "no_control_in_cell"
        reason[(score < low) | (score > high)] = "outside_support"
        reason[score > top] = "score_above_limit"
    else:
        reason[alone] = "no_control_in_cell"
    inside = np.flatnonzero(reason == "")
    missed = np.ones(len(inside), dtype=bool)
    missed[chosen.matched] = False
    if missed.any():
        reason[inside[missed]], distance[inside[missed]] = _not_chosen(pool, design, np.flatnonzero(missed))
    place = np.flatnonzero(reason != "")
    return place, reason[place], distance[place]


def _not_chosen(pool: Pool, design: Design, missed: Array) -> tuple[Array, Array]:
    """Of treated that stood in the pool: nobody in the cell's window, the nearest too far, or all in reach taken by others."""
    free = replace(design, method="nearest", neighbours=1, replacement=True, ties="first", caliper=None)
    nearest = pairs(pool, free)
    distance = np.full(len(pool.treated), np.nan)
    distance[nearest.treated] = nearest.distance
    distance = distance[missed]
    reach = {"kernel": design.bandwidth, "nearest": np.inf if design.caliper is None else design.caliper}[design.method]
    too_far = "outside_bandwidth" if design.method == "kernel" else "outside_caliper"
    reason = np.where(distance > reach, too_far, "controls_used_up").astype(object)
    if design.method == "kernel":
        reason[:] = too_far
    reason[np.isnan(distance)] = "no_control_in_support"
    return reason, distance


def table(
    candidates: Candidates, missing: pa.Table, treated: pa.Table, place: Array, reason: Array, distance: Array
) -> Unmatched:
    """Those left out with the exact columns of their cell; sorted by reason, cell and company."""
    chosen = treated.take(pa.array(place))
    rows = pa.table(
        {
            "company": pa.chunked_array(
                [*missing.column(0).chunks, *chosen["company"].chunks], type=chosen.schema.field("company").type
            ),
            "reason": pa.array(["missing_value"] * missing.num_rows + list(reason), pa.string()),
            "cell": _after(missing.num_rows, chosen["cell"].cast(pa.int32()).combine_chunks()),
            "score": _after(missing.num_rows, _on_scale(chosen["score"])),
            "distance": _after(missing.num_rows, pa.array(distance, pa.float64(), mask=np.isnan(distance))),
        }
    )
    exact = candidates.design.exact
    if exact:
        keys = ", ".join(f"k{nth}" for nth in range(1, len(exact) + 1))
        cells = candidates.engine.arrow(f"select cast(cell as int) as cell, {keys} from {CELLS} order by cell")
        found = _places(rows["cell"], cells["cell"])
        for nth, name in enumerate(exact, 1):
            rows = rows.append_column(name, cells[f"k{nth}"].take(found))
    return Unmatched(rows.sort_by([("reason", "ascending"), ("cell", "ascending"), ("company", "ascending")]))


def _on_scale(score: pa.ChunkedArray) -> pa.Array:
    """Propensities from their whole steps on the grid."""
    values = score.to_numpy()
    return pa.array(values / GRID, pa.float64(), mask=np.isnan(values))


def _places(cell: pa.ChunkedArray, cells: pa.ChunkedArray) -> pa.Array:
    """Where each cell stands among `cells`, which are in order; none for none."""
    wanted = cell.to_numpy()
    none = np.isnan(wanted)
    return pa.array(np.searchsorted(cells.to_numpy(), np.where(none, 0, wanted)), pa.int64(), mask=none)


def _after(nulls: int, values: pa.Array) -> pa.Array:
    return pa.concat_arrays([pa.nulls(nulls, values.type), values])
