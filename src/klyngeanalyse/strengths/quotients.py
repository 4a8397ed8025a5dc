"""Location quotients with intervals; cells too small to show are marked, not dropped (lokaliseringskvotient)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled
from klyngeanalyse.strengths.cells import Array, Cells


@dataclass(frozen=True)
class SmallCells:
    """A quotient is shown only where a cell holds at least this employment and this many plants."""

    employment: float = 10.0
    plants: float = 3.0


def quotients(values: Array) -> Array:
    """LQ_rc = (E_rc / E_r) / (E_c / E); nan where the region or the industry is empty. Regions x industries in and out.

    >>> quotients(np.array([[6.0, 4.0], [4.0, 16.0]])).round(3).tolist()
    [[1.8, 0.6], [0.6, 1.2]]
    """
    total = values.sum()
    if not total > 0:
        raise Unfit("no employment at all", mend="give cells with positive values")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(values / values.sum(1, keepdims=True) / (values.sum(0, keepdims=True) / total))


@dataclass(frozen=True)
class Quotients(Tabled):
    """Location quotients (regions x industries) beside what they rest on.

    `stderr` is that of log LQ; `low`, `high` its interval on the scale of LQ; `shown` is False in cells under the small-cell rule.
    """

    regions: Array
    industries: Array
    employment: Array
    plants: Array | None
    estimate: Array
    stderr: Array
    low: Array
    high: Array
    shown: Array
    level: float

    def rows(self) -> Iterable[Row]:
        for nth in range(len(self.regions)):
            held = np.flatnonzero(self.employment[nth] > 0)
            yield from self._of(np.full(len(held), nth), held)

    def _of(self, at: Array, of: Array) -> Iterable[Row]:
        """The rows of these cells: places of their regions and of their industries."""
        shown = {
            "employment": self.employment,
            "plants": self.plants,
            "quotient": self.estimate,
            "low": self.low,
            "high": self.high,
        }
        told = {name: one[at, of].astype(float).tolist() for name, one in shown.items() if one is not None}
        named = zip(self.regions[at].tolist(), self.industries[of].tolist(), self.shown[at, of].tolist(), strict=True)
        for nth, (region, industry, seen) in enumerate(named):
            numbers = {name: one[nth] if seen else None for name, one in told.items()}
            yield {"region": region, "industry": industry, **numbers, "small": not seen}

    def chart(self) -> Chart | None:
        at, of = np.nonzero((self.employment > 0) & self.shown)
        top = np.argsort(-self.estimate[at, of], kind="stable")[:30]
        named = [{**row, "cell": f"{row['region']} · {row['industry']}"} for row in self._of(at[top], of[top])]
        y = {"field": "cell", "type": "nominal", "sort": None, "title": None}
        return {
            "data": {"values": named},
            "encoding": {"y": y},
            "layer": [
                {"mark": "rule", "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}},
                {"mark": "point", "encoding": {"x": {"field": "quotient", "type": "quantitative", "title": "LQ"}}},
            ],
        }


def location_quotients(
    cells: Cells,
    *,
    plants: Cells | None = None,
    squares: Cells | None = None,
    small: SmallCells | None = None,
    level: float = 0.95,
) -> Quotients:
    """Location quotients with intervals for the chance in which plants stand where.

    With Q the sum of squared plant sizes in a block of the 2 x 2 table (cell, rest of region, rest of industry, elsewhere)
    and g the gradient of log LQ, Var(log LQ) = sum Q g^2: plants, not employees, are what chance places (compound Poisson,
    the unit of Ellison & Glaeser 1997). Q comes from `squares` (sum of e_k^2); without it from `plants` as 2 E^2 / n (sizes
    exponentially spread: an assumption); without either Q = E, where the variance is the multinomial
    1/E_rc - 1/E_r - 1/E_c + (2 LQ - 1)/E, the smallest it can be. An empty cell has the estimate 0 and the exact Poisson upper
    bound for its own count. Raises Unfit where the tables do not name the same regions and industries.
    """
    if not 0 < level < 1:
        raise Unfit(f"a level of {level}", mend="give a level between 0 and 1")
    values = cells.values
    for other in (plants, squares):
        if other is not None and not (
            np.array_equal(other.regions, cells.regions) and np.array_equal(other.industries, cells.industries)
        ):
            raise Unfit("two tables of different regions or industries", mend="build both from the same rows")
    spread = _spread(values, None if plants is None else plants.values, None if squares is None else squares.values)
    estimate = quotients(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        stderr = np.sqrt(_variance(values, spread))
        stderr[(values == 0) | ~np.isfinite(stderr)] = np.nan
        wide = np.exp(ndtri(0.5 + level / 2) * stderr)
        low, high = (
            np.where(values > 0, estimate / wide, 0.0),
            np.where(values > 0, estimate * wide, _empty_high(values, spread, level)),
        )
    low[~np.isfinite(estimate)] = np.nan
    rule = small or SmallCells()
    shown = (values >= rule.employment) & np.isfinite(estimate)
    if plants is not None:
        shown &= plants.values >= rule.plants
    counts = None if plants is None else plants.values
    return Quotients(cells.regions, cells.industries, values, counts, estimate, stderr, low, high, shown, level)


def _spread(values: Array, plants: Array | None, squares: Array | None) -> Array:
    if squares is not None:
        return squares
    if plants is None:
        return values
    return np.asarray(np.divide(2 * values**2, plants, out=np.zeros_like(values), where=plants > 0))


def _variance(values: Array, spread: Array) -> Array:
    rows, columns, total = values.sum(1, keepdims=True), values.sum(0, keepdims=True), values.sum()
    q_rows, q_columns = spread.sum(1, keepdims=True), spread.sum(0, keepdims=True)
    one = 1 / total
    own = 1 / values - 1 / rows - 1 / columns + one
    return np.asarray(
        spread * own**2
        + (q_rows - spread) * (one - 1 / rows) ** 2
        + (q_columns - spread) * (one - 1 / columns) ** 2
        + (spread.sum() - q_rows - q_columns + spread) * one**2
    )


def _empty_high(values: Array, spread: Array, level: float) -> Array:
    """The quotient that an empty cell would have at the upper bound of its count: -ln((1 - level)/2) units of typical size."""
    unit = spread.sum(0) / values.sum(0)
    most = -np.log((1 - level) / 2) * unit[None, :]
    rows, columns, total = values.sum(1, keepdims=True) + most, values.sum(0, keepdims=True) + most, values.sum() + most
    return np.asarray(most * total / rows / columns)
