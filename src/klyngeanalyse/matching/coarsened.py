"""Coarsened exact matching: the covariates in bins, exact inside them; wholly in the engine, one row a stratum comes back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Columns, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.balance import Weighted, arms
from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.effect import Effects, told
from klyngeanalyse.matching.moments import Moments, digits
from klyngeanalyse.matching.rows import CELLS, ROWS, Candidates, number

Array = np.ndarray[Any, Any]
STRATA, CODED, NEAR = "matching_strata", "matching_coded", "matching_near"
MATCHED = f"(select stratum as matched, n_treated, n_control from {STRATA}) as s"
WEIGHT = "case when treated = 1 then 1e0 else n_treated / cast(n_control as double) end"


def sturges(n: int) -> int:
    """Bins by Sturges' rule, ⌈log2 n + 1⌉.

    >>> sturges(614)
    11
    """
    return math.ceil(math.log2(n) + 1)


@dataclass(frozen=True)
class Bins:
    """`n` bins of a covariate, counted from 0 and closed on the left: between `cuts`, or equally wide from `low` on.

    >>> Bins(3, low=1.0, width=2.0).of(np.array([1.0, 2.9, 3.0, 7.0])).tolist()
    [0, 0, 1, 2]
    >>> Bins(3, cuts=(10.0, 50.0)).of(np.array([9.9, 10.0, 50.0])).tolist(), Bins(3).of(np.array([4.0])).tolist()
    ([0, 1, 2], [0])
    """

    n: int
    low: float = 0.0
    width: float = 0.0
    cuts: tuple[float, ...] = ()

    def sql(self, x: str) -> str:
        if self.width:
            return f"least({self.n - 1}, cast(floor(({x} - {number(self.low)}) / {number(self.width)}) as int))"
        return " + ".join(["0", *(f"case when {x} >= {number(cut)} then 1 else 0 end" for cut in self.cuts)])

    def of(self, values: Array) -> Array:
        """The same sums on the same doubles, so that nobody changes bins with who counts."""
        if self.width:
            place: Array = np.minimum(((values - self.low) / self.width).astype(np.int64), self.n - 1)
            return place
        return np.searchsorted(self.cuts, values, "right")


def binned(design: Design, names: Sequence[str], ends: Sequence[tuple[float, float]], n: int) -> list[Bins]:
    """Each covariate's bins, of its least and largest value among the n rows; not so many that strata cannot be numbered."""
    found = []
    for name, (low, high) in zip(names, ends, strict=True):
        wanted = design.bins.get(name.split("=")[0], sturges(n))
        if not isinstance(wanted, int):
            found.append(Bins(len(wanted) + 1, cuts=tuple(sorted(wanted))))
        elif wanted < 1:
            raise Unfit(f"{wanted} bins for {name!r}", mend="give a whole number from 1, or cut points")
        else:
            found.append(Bins(wanted, low, max(high - low, 0.0) / wanted))
    if (combinations := math.prod(one.n for one in found)) > 2**40:
        raise Unfit("too many bins", where=f"{combinations:.0e} combinations", mend="give fewer bins or covariates")
    return found


def _ends(candidates: Candidates) -> list[tuple[float, float]]:
    if not candidates.names:
        return []
    asked = ", ".join(f"min({x}) as l{x}, max({x}) as h{x}" for x in candidates.xs)
    found = columns(candidates.engine, f"select {asked} from {ROWS}")
    return [(float(found[f"l{x}"][0]), float(found[f"h{x}"][0])) for x in candidates.xs]


@dataclass(frozen=True)
class Strata:
    """Sums of the strata that hold both arms: n1, n0 (s,) and the outcomes' sums and squares less `centre`, each (s, m)."""

    n1: Array
    n0: Array
    y1: Array
    yy1: Array
    y0: Array
    yy0: Array
    centre: Array


def stratify(candidates: Candidates) -> Strata:
    """Keeps in the engine `NEAR` (rows of strata with treated) and `STRATA` (n_treated, n_control), and brings back the sums.

    Everything after looks at `NEAR` alone: of all rows the stratum is worked out once.
    """
    n = candidates.n_treated + candidates.n_control
    stratum = "cast(cell as bigint)"
    for x, bins in zip(candidates.xs, binned(candidates.design, candidates.names, _ends(candidates), n), strict=True):
        stratum = f"({stratum} * {bins.n} + ({bins.sql(x)}))"
    engine, ys = candidates.engine, candidates.ys
    engine.run(f"create or replace temp view {CODED} as select *, {stratum} as stratum from {ROWS}")
    engine.keep(NEAR, f"select * from {CODED} where stratum in (select stratum from {CODED} where treated = 1)")
    centre = _centre(candidates)
    sums = "".join(
        f", sum(case when treated = {t} then {y} - {number(c)} else 0e0 end) as s{t}{y}"
        f", sum(case when treated = {t} then ({y} - {number(c)}) * ({y} - {number(c)}) else 0e0 end) as q{t}{y}"
        for y, c in zip(ys, centre, strict=True)
        for t in (1, 0)
    )
    engine.keep(
        STRATA,
        f"select * from (select stratum, sum(treated) as n_treated, count(*) - sum(treated) as n_control{sums} "
        f"from {NEAR} group by stratum) as s where n_control > 0",
    )
    found = columns(engine, f"select * from {STRATA} order by stratum")
    return Strata(
        found["n_treated"].astype(float),
        found["n_control"].astype(float),
        _side(found, "s1", ys),
        _side(found, "q1", ys),
        _side(found, "s0", ys),
        _side(found, "q0", ys),
        centre,
    )


def _centre(candidates: Candidates) -> Array:
    if not candidates.ys:
        return np.zeros(0)
    means = columns(candidates.engine, f"select {', '.join(f'avg({y}) as {y}' for y in candidates.ys)} from {ROWS}")
    return np.array([digits(means[y][0], 6) for y in candidates.ys])


def _side(found: Columns, prefix: str, ys: Sequence[str]) -> Array:
    return np.stack([found[prefix + y] for y in ys], axis=1) if ys else np.zeros((len(found["stratum"]), 0))


def effects(strata: Strata, outcomes: Sequence[str], confidence: float) -> Effects:
    """ATT = Σ n1 (ȳ1 - ȳ0) / Σ n1 over the strata; Abadie and Imbens' variance with k = n1/n0 and σ² the stratum's own.

    A stratum of one control has no variance of its own and takes the mean of the others', by their degrees of freedom.
    """
    n1, n0 = strata.n1[:, None], strata.n0[:, None]
    if not len(n1):
        return Effects(())
    total = float(n1.sum())
    base = strata.y0 / n0
    estimate = (strata.y1 - n1 * base).sum(axis=0) / total
    gap = base + estimate
    treated = strata.yy1 - 2 * gap * strata.y1 + n1 * np.square(gap)
    spread0 = _spread(strata.yy0, strata.y0, n0)
    spread1 = _spread(strata.yy1, strata.y1, n1)
    population = (treated + (np.square(n1) - n1) / n0 * spread0).sum(axis=0) / total**2
    sample = (n1 * spread1 + np.square(n1) / n0 * spread0).sum(axis=0) / total**2
    mean1 = strata.centre + strata.y1.sum(axis=0) / total
    return told(outcomes, estimate, population, sample, mean1, mean1 - estimate, int(total), int(n0.sum()), confidence)


def _spread(squares: Array, sums: Array, n: Array) -> Array:
    """Variance in each stratum."""
    within = np.maximum(squares - np.square(sums) / n, 0.0)
    free = n - 1
    pooled = within[free[:, 0] > 0].sum(axis=0) / max(float(free.sum()), 1.0)
    spread: Array = np.where(free > 0, within / np.maximum(free, 1), pooled)
    return spread


def weighted(candidates: Candidates, moments: Moments) -> list[Weighted]:
    """Controls, then treated, with their weights."""
    return arms(
        candidates, moments, f"select c.*, {WEIGHT} as w from {NEAR} as c join {MATCHED} on c.stratum = s.matched"
    )


def weights(candidates: Candidates) -> pa.Table:
    """company, cell, treated, weight of everybody in a stratum with both arms."""
    return candidates.engine.arrow(
        f"select company, cell, treated, {WEIGHT} as weight from {NEAR} as c join {MATCHED} on c.stratum = s.matched "
        "order by cell, company"
    )


def everybody(candidates: Candidates) -> pa.Table:
    """company, cell, n_control and score (none) of all treated, with `lost`: the stratum has no control."""
    return candidates.engine.arrow(
        f"select company, c.cell, cells.n_control, cast(null as double) as score, matched is null as lost from {NEAR} as c "
        f"join {CELLS} as cells on c.cell = cells.cell left join {MATCHED} on c.stratum = s.matched "
        "where treated = 1 order by c.cell, company"
    )


def forget(candidates: Candidates) -> None:
    candidates.engine.drop(STRATA)
    candidates.engine.drop(NEAR)
    candidates.engine.run(f"drop view if exists {CODED}")
