"""Emerging fields: small, growing faster than the industry does elsewhere, close to what the region is good at; chance stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled
from klyngeanalyse.strengths.cells import Array, Cells
from klyngeanalyse.strengths.discoveries import adjusted


@dataclass(frozen=True)
class Emerging(Tabled):
    """`found` marks the emerging cells (regions x industries). `excess` is the log growth beyond the industry's growth elsewhere,
    `p` its one-sided p-value, `q` the same after Benjamini-Hochberg over all `tested` cells. At most the share `rate` of the
    cells with q <= rate is expected to be chance; `dispersion` is the variance of a cell's count over that of a Poisson count."""

    regions: Array
    industries: Array
    before: Array
    after: Array
    excess: Array
    stderr: Array
    p: Array
    q: Array
    density: Array
    found: Array
    tested: int
    rate: float
    dispersion: float

    @property
    def expected_false(self) -> float:
        return float(self.rate * np.sum(self.q <= self.rate))

    def rows(self) -> Iterable[Row]:
        nth, kth = np.nonzero(self.found)
        for row in np.lexsort((-self.excess[nth, kth], self.q[nth, kth])).tolist():
            at = nth[row], kth[row]
            yield {
                "region": self.regions[at[0]].item(),
                "industry": self.industries[at[1]].item(),
                "before": float(self.before[at]),
                "after": float(self.after[at]),
                "excess": float(self.excess[at]),
                "p": float(self.p[at]),
                "q": float(self.q[at]),
                "density": float(self.density[at]),
            }

    def chart(self) -> Chart | None:
        size = {"field": "after", "type": "quantitative"}
        x, y = {"field": "density", "type": "quantitative"}, {"field": "excess", "type": "quantitative"}
        return {"data": {"values": list(self.rows())}, "mark": "point", "encoding": {"x": x, "y": y, "size": size}}


def emerging_fields(
    before: Cells,
    after: Cells,
    density: Array,
    *,
    rate: float = 0.10,
    small: float = 0.5,
    least: float = 5.0,
    dispersion: float | None = None,
) -> Emerging:
    """Cells that are small (at most the `small` quantile of the industry's filled cells before), whose count grew faster than the
    industry grew in all other regions (q <= `rate`), and whose related density is above the region's median.

    Counts of plants or start-ups suit the test better than jobs, which come in lumps. excess = log(E1/E0) - log(rest of the
    industry E1/E0), with variance phi (1/E0 + 1/E1 + the same of the rest); one half is added to every count. Tested are
    cells with `least` expected at the later time. phi = `dispersion`, or estimated from the middle half of all tested
    cells (interquartile range of the scores over that of the normal, squared, never below 1), which few true
    discoveries cannot move. Raises Unfit for tables that do not fit and when there is nothing to test.
    """
    fits = np.array_equal(before.regions, after.regions) and np.array_equal(before.industries, after.industries)
    if not fits or density.shape != before.values.shape:
        raise Unfit(
            "the two years or the density name different cells",
            mend="read both years in one table and count density from it",
        )
    excess, variance, expected = _growth(before.values, after.values)
    tested = (expected >= least) & np.isfinite(excess)
    if tested.sum() < 2:
        raise Unfit(
            f"{int(tested.sum())} cells to test",
            why=f"fewer than two expect {least:g} or more",
            mend="lower the least or merge regions",
        )
    score = excess / np.sqrt(variance)
    phi = _dispersion(score[tested]) if dispersion is None else dispersion
    p = np.where(tested, ndtr(-score / np.sqrt(phi)), np.nan)
    q = adjusted(p)
    filled = np.where(before.values > 0, before.values, np.nan)
    bar = np.array([np.nanquantile(column, small) if np.isfinite(column).any() else np.inf for column in filled.T])
    near = density > np.median(density, axis=1, keepdims=True)
    found = (q <= rate) & (before.values <= bar) & near
    return Emerging(
        before.regions, before.industries, before.values, after.values, excess, np.sqrt(phi * variance), p, q,
        density, found, int(tested.sum()), rate, float(phi),
    )  # fmt: skip


def _growth(before: Array, after: Array) -> tuple[Array, Array, Array]:
    """Log growth beyond the rest of the industry, its variance under Poisson counts, and the count expected after."""
    rest0, rest1 = before.sum(0) - before + 0.5, after.sum(0) - after + 0.5
    own0, own1 = before + 0.5, after + 0.5
    excess = np.log(own1 / own0) - np.log(rest1 / rest0)
    variance = 1 / own0 + 1 / own1 + 1 / rest0 + 1 / rest1
    return excess, variance, own0 * rest1 / rest0


def _dispersion(scores: Array) -> float:
    low, high = np.quantile(scores, [0.25, 0.75])
    return max(1.0, float(((high - low) / 1.3489795) ** 2))
