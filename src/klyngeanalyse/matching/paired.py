"""From matched sets to an answer: counterfactuals, weights, covariates of those who take part, reasons of those who do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.effect import Comparison
from klyngeanalyse.matching.kernel import epanechnikov
from klyngeanalyse.matching.mahalanobis import match as match_distance
from klyngeanalyse.matching.nearest import Sets, with_replacement, with_ties, without_replacement
from klyngeanalyse.matching.pool import Pool
from klyngeanalyse.matching.rows import ROWS, Candidates
from klyngeanalyse.matching.variance import on_distance, on_score

Array = np.ndarray[Any, Any]
USED = "matching_used"


@dataclass(frozen=True)
class Chosen:
    """Positions of the matched treated and of the controls used, each treated's y0, and the controls' k and k2.

    `sets` are the pairs (None for a kernel, which weighs every control in reach); `count` the controls of each matched treated.
    """

    matched: Array
    used: Array
    y0: Array
    k: Array
    k2: Array
    count: Array
    sets: Sets | None


def choose(pool: Pool, design: Design) -> Chosen:
    if design.method == "kernel":
        weighed = epanechnikov(pool, design.bandwidth)
        used = np.flatnonzero(weighed.k)
        return Chosen(weighed.matched, used, weighed.y0, weighed.k[used], weighed.k2[used], weighed.used, None)
    found = pairs(pool, design)
    n, c = len(pool.treated), len(pool.control)
    k = np.bincount(found.control, found.weight, c).astype(float)  # of nobody, it counts in whole numbers
    k2 = np.bincount(found.control, np.square(found.weight), c).astype(float)
    count = np.bincount(found.treated, minlength=n)
    matched, used = np.flatnonzero(count), np.flatnonzero(k)
    return Chosen(matched, used, averaged(found, pool.control.y, n)[matched], k[used], k2[used], count[matched], found)


def pairs(pool: Pool, design: Design) -> Sets:
    if design.distance == "mahalanobis":
        return match_distance(pool, design)
    if not design.replacement:
        return without_replacement(pool, design.neighbours, design.caliper, design.order)
    if design.ties == "all":
        return with_ties(pool, design.neighbours, design.caliper)
    return with_replacement(pool, design.neighbours, design.caliper)


def averaged(found: Sets, values: Array, n: int) -> Array:
    """Weighted sums over each treated's controls of their `values` (c, m): shape (n, m)."""
    out = np.empty((n, values.shape[1]))
    for nth in range(values.shape[1]):
        out[:, nth] = np.bincount(found.treated, found.weight * values[found.control, nth], n)
    return out


def comparison(pool: Pool, chosen: Chosen, design: Design) -> Comparison:
    """What the effect is worked out from, with the conditional variance of either arm."""
    y = pool.treated.y[chosen.matched]
    j = design.variance_neighbours
    if j == 0:
        spread, own = _alike(y, chosen, pool)
    elif design.method == "nearest" and design.distance == "mahalanobis":
        spread = on_distance(pool.control, chosen.used, j)
        own = on_distance(pool.treated, chosen.matched, j)
    else:
        spread = on_score(pool.control, chosen.used, j)
        own = on_score(pool.treated, chosen.matched, j)
    return Comparison(y, chosen.y0, chosen.k, chosen.k2, spread, own)


def _alike(y: Array, chosen: Chosen, pool: Pool) -> tuple[Array, Array]:
    """One variance for all: half the mean squared difference of matched pairs around the effect."""
    effect = (y - chosen.y0).mean(axis=0)
    if chosen.sets is None:
        one = np.square(y - chosen.y0 - effect).mean(axis=0) / (1 + (1 / np.maximum(chosen.count, 1)).mean())
    else:
        found = chosen.sets
        gap = pool.treated.y[found.treated] - pool.control.y[found.control] - effect
        one = (found.weight @ np.square(gap)) / (2 * len(y))
    return np.tile(one, (len(chosen.used), 1)), np.tile(one, (len(y), 1))


def covariates(candidates: Candidates, pool: Pool, chosen: Chosen) -> tuple[Array, Array]:
    """The covariates of the matched treated (n, k) and of the used controls (c, k), asked of the engine for them alone."""
    sides = ((1, pool.treated, chosen.matched), (0, pool.control, chosen.used))
    table = pa.concat_tables(
        pa.table(
            {
                "used_cell": pa.array(arm.cell[own]),
                "used_company": arm.company.take(pa.array(own)),
                "side": pa.array(np.full(len(own), side, dtype=np.int32)),
                "place": pa.array(np.arange(len(own))),
            }
        )
        for side, arm, own in sides
    )
    engine, xs = candidates.engine, candidates.xs
    engine.put(USED, table)
    try:
        found = engine.arrow(
            f"select side, place, {', '.join(xs)} from {ROWS} as r join {USED} as u on r.company = u.used_company and r.cell = u.used_cell"
        )
    finally:
        engine.drop(USED)
    side, place = found["side"].to_numpy(), found["place"].to_numpy()
    out = [np.empty((len(own), len(xs))) for _, _, own in sides]
    for nth, x in enumerate(xs):
        values = found[x].to_numpy()
        out[0][place[side == 1], nth] = values[side == 1]
        out[1][place[side == 0], nth] = values[side == 0]
    return out[0], out[1]


def adjusted(chosen: Chosen, xt: Array, xc: Array, yc: Array, n: int) -> Array:
    """y0 corrected for what distance is left: + (x_treated - x_control)'b, b the slope among the used controls, weighted by k.

    Abadie and Imbens (2011), with one linear regression an outcome; shapes as in `Comparison`.
    """
    weight = np.sqrt(chosen.k)[:, None]
    design = np.column_stack([np.ones(len(xc)), xc])
    size = np.abs(design).max(axis=0)
    slope = np.linalg.lstsq(design / size * weight, yc * weight, rcond=None)[0] / size[:, None]
    if chosen.sets is None:
        return chosen.y0
    place = np.full(int(chosen.used.max()) + 1, -1)
    place[chosen.used] = np.arange(len(chosen.used))
    found = chosen.sets
    near = Sets(found.treated, place[found.control], found.distance, found.rank, found.weight)
    gap = xt - averaged(near, xc, n)[chosen.matched]
    corrected: Array = chosen.y0 + gap @ slope[1:]
    return corrected


def pair_table(pool: Pool, found: Sets) -> pa.Table:
    table = pa.table(
        {
            "company": pool.treated.company.take(pa.array(found.treated)),
            "control": pool.control.company.take(pa.array(found.control)),
            "cell": pa.array(pool.treated.cell[found.treated]),
            "rank": pa.array(found.rank.astype(np.int32)),
            "distance": pa.array(found.distance),
            "weight": pa.array(found.weight),
        }
    )
    return table.sort_by([("cell", "ascending"), ("company", "ascending"), ("rank", "ascending")])


def weight_table(pool: Pool, chosen: Chosen) -> pa.Table:
    sides = ((1, pool.treated, chosen.matched, np.ones(len(chosen.matched))), (0, pool.control, chosen.used, chosen.k))
    table = pa.concat_tables(
        pa.table(
            {
                "company": arm.company.take(pa.array(own)),
                "cell": pa.array(arm.cell[own]),
                "treated": pa.array(np.full(len(own), side, dtype=np.int32)),
                "weight": pa.array(weight),
            }
        )
        for side, arm, own, weight in sides
    )
    return table.sort_by([("cell", "ascending"), ("treated", "descending"), ("company", "ascending")])
