"""Two-way fixed effects, shown only beside a warning: what the familiar regression says, and of which comparisons it is made.

    y_it = company_i + year_t + beta D_it + e_it

With staggered participation beta is a weighted mean of two-by-two comparisons, some of which use companies that already take part as
controls (Goodman-Bacon 2021, theorem 1). The decomposition is exact: the weights sum to 1 and weights times comparisons to beta.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.rows import Floats, Measured, Rows, Truths


@dataclass(frozen=True)
class Comparison:
    """kind 'never', 'later' (controls start later) or 'earlier' (controls already take part: forbidden); cohort 0 is never."""

    kind: str
    cohort: int
    control: int
    weight: float
    estimate: float


@dataclass(frozen=True)
class TwoWay(Result):
    """beta with its error by company, and its comparisons.

    forbidden    share of the weight on comparisons with companies that already take part
    negative     share of the (absolute) weight that falls negatively on single ATT(g, t) (de Chaisemartin and d'Haultfoeuille 2020)
    misleading   True where either is above 0 and participation begins in more than one year: read the group-time effects
    """

    outcome: str
    estimate: float
    stderr: float
    low: float
    high: float
    forbidden: float
    negative: float
    misleading: bool
    n_companies: float
    n_left_out: float
    comparisons: tuple[Comparison, ...]

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.comparisons]

    def chart(self) -> Chart:
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain([vars(one) for one in self.comparisons])},
            "mark": {"type": "point", "filled": True},
            "encoding": {
                "x": {"field": "weight", "type": "quantitative"},
                "y": {"field": "estimate", "type": "quantitative", "title": self.outcome},
                "color": {"field": "kind", "type": "nominal"},
            },
        }


def two_way(rows: Rows, outcome: str, level: float = 0.95) -> TwoWay:
    """beta over the companies observed in every year, with the error clustered by company (CR1: G / (G - 1)).

    Raises Unfit where no company is observed in every year or D does not vary beyond companies and years.
    """
    measured = next((one for one in rows.outcomes if one.name == outcome), None)
    if measured is None:
        raise Unfit(f"no outcome {outcome}", mend=f"one of {', '.join(one.name for one in rows.outcomes)}")
    whole: Truths = np.asarray(measured.present.all(axis=1), dtype=np.bool_)
    kept, mean = rows.taking(whole), measured.taking(whole)
    if not whole.any():
        raise Unfit("no company is observed in every year", where=f"outcome {outcome}", mend="shorten the period")
    d = _double(kept)
    size = float(kept.n @ (d**2).sum(axis=1))
    if size <= 1e-12:
        raise Unfit(
            "participation does not vary beyond companies and years",
            where=f"outcome {outcome}",
            mend="give companies that never took part",
        )
    z = mean.mean[:, :-1]
    beta = float(kept.n @ (d * z).sum(axis=1)) / size
    stderr = _stderr(kept, mean, d, beta, size)
    comparisons = decomposition(kept, mean)
    reach = normal(level) * stderr
    forbidden = sum(one.weight for one in comparisons if one.kind == "earlier")
    negative = _negative(kept, d)
    return TwoWay(
        outcome=outcome,
        estimate=beta,
        stderr=stderr,
        low=beta - reach,
        high=beta + reach,
        forbidden=forbidden,
        negative=negative,
        misleading=len(kept.cohorts) > 1 and (forbidden > 0 or negative > 0),
        n_companies=kept.total,
        n_left_out=float(rows.n[~whole].sum()),
        comparisons=comparisons,
    )


def _taking_part(rows: Rows) -> Floats:
    return np.asarray((rows.cohort[:, None] > 0) & (rows.years >= rows.cohort[:, None]), dtype=np.float64)


def _double(rows: Rows) -> Floats:
    """D with the means of companies and years taken off, (R, T)."""
    d = _taking_part(rows)
    by_year = rows.n @ d / rows.total
    return np.asarray(d - d.mean(axis=1, keepdims=True) - by_year + by_year.mean(), dtype=np.float64)


def _stderr(rows: Rows, measured: Measured, d: Floats, beta: float, size: float) -> float:
    """Scores d_i'(y_i - mean_t y - beta d_i); d_i sums to 0 over years, so company means fall out."""
    z = measured.mean[:, :-1]
    score = (d * (z - rows.n @ z / rows.total - beta * d)).sum(axis=1)
    total = float(rows.n @ score**2)
    if measured.scatter is not None:
        total += float(np.einsum("rs,rst,rt->", d, measured.scatter[:, :-1, :-1], d))
    return math.sqrt(total * rows.total / (rows.total - 1)) / size


def _negative(rows: Rows, d: Floats) -> float:
    """beta = sum over (g, t) after of w ATT(g, t), w = n d / sum: the share of the absolute weight below 0."""
    weight = (rows.n[:, None] * d)[_taking_part(rows) > 0]
    return float(-weight[weight < 0].sum() / np.abs(weight).sum())


def decomposition(rows: Rows, measured: Measured) -> tuple[Comparison, ...]:
    """Every two-by-two comparison with its weight (Goodman-Bacon 2021, equations 10a to 10g)."""
    groups = (
        [0, *[int(one) for one in rows.cohorts]] if (rows.cohort == 0).any() else [int(one) for one in rows.cohorts]
    )
    share, mean = {}, {}
    for one in groups:
        mine = rows.cohort == one
        share[one] = float(rows.n[mine].sum()) / rows.total
        mean[one] = rows.n[mine] @ measured.mean[mine, :-1] / rows.n[mine].sum()
    part = {one: float((rows.years >= one).mean()) if one else 0.0 for one in groups}
    total = float(rows.n @ (_double(rows) ** 2).sum(axis=1)) / (rows.total * len(rows.years))
    found = []
    for one in groups[1:] if 0 in groups else groups:
        if 0 in groups:
            weight = share[one] * share[0] * part[one] * (1 - part[one]) / total
            found.append(Comparison("never", one, 0, weight, _compared(rows, mean[one], mean[0], one, None, None)))
        for other in groups:
            if other > one:
                early, late, both = part[one], part[other], share[one] * share[other]
                weight = both * (early - late) * (1 - early) / total
                value = _compared(rows, mean[one], mean[other], one, None, other)
                found.append(Comparison("later", one, other, weight, value))
                weight = both * late * (early - late) / total
                value = _compared(rows, mean[other], mean[one], other, one, None)
                found.append(Comparison("earlier", other, one, weight, value))
    return tuple(found)


def _compared(rows: Rows, treated: Floats, control: Floats, start: int, since: int | None, until: int | None) -> float:
    """Difference in differences around `start`, over the years from `since` and before `until`."""
    within = (rows.years >= (since or rows.years[0])) & (rows.years < (until or rows.years[-1] + 1))
    after = within & (rows.years >= start)
    before = within & (rows.years < start)
    gap = treated - control
    return float(gap[after].mean() - gap[before].mean())
