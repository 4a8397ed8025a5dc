"""Were the companies alike before? The joint test of no effect before participation, its power, and the smallest visible effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri, chndtr, ndtri

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result
from klyngeanalyse.effects.aggregates import Aggregate, Estimate
from klyngeanalyse.effects.grouptime import GroupTime
from klyngeanalyse.effects.propensity import inverse
from klyngeanalyse.effects.rows import Floats


@dataclass(frozen=True)
class PreTrend(Result):
    """Wald test that all estimates before participation are 0.

    slope_detectable  the linear trend a year (in the outcome's unit) that the test would find with probability `power`; a trend
                      smaller than this can hide behind a test that finds nothing (Roth 2022)
    bias_hidden       what such a trend would add to the effect, averaged over the years after
    """

    wald: float
    freedom: int
    p: float
    largest: float
    power: float
    slope_detectable: float
    bias_hidden: float


def pretrend(result: GroupTime, power: float = 0.8, alpha: float = 0.05) -> PreTrend:
    """W = b' V^-1 b over the K estimates before participation, chi-squared with their rank of freedom.

    Raises Unfit where no year before participation can be compared.
    """
    before = np.array([cell.event < -result.design.anticipation for cell in result.cells])
    if not before.any():
        raise Unfit(
            "no year before participation",
            where="pre-trend test",
            mend="give two years or more before the first cohort",
        )
    b, v = result.estimate[before], result.covariance[: len(before), : len(before)][np.ix_(before, before)]
    wald, freedom = waldtest(b, v)
    ramp = np.array([cell.year - cell.base_year for cell in result.cells], dtype=float)
    slope = detectable_slope(ramp[before], v, power, alpha)
    after = np.array([cell.event >= 0 for cell in result.cells])
    hidden = slope * float(ramp[after].mean()) if after.any() else 0.0
    return PreTrend(wald, freedom, float(chdtrc(freedom, wald)), float(np.abs(b).max()), power, slope, hidden)


def waldtest(b: Floats, v: Floats) -> tuple[float, int]:
    """b' V^+ b and the rank of V."""
    scale = np.sqrt(np.maximum(np.diag(v), np.finfo(float).tiny))
    values = np.linalg.eigvalsh(v / np.outer(scale, scale))
    return float(b @ inverse(v) @ b), int((values > values.max() * len(values) * 1e-12).sum())


def detectable_slope(ramp: Floats, v: Floats, power: float, alpha: float) -> float:
    """The slope at which the non-central chi-squared of the Wald test exceeds its critical value with probability `power`."""
    _check(power, alpha)
    unit, freedom = waldtest(ramp, v)
    limit = float(chdtri(freedom, alpha))
    low, high = 0.0, 1e4
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if 1 - chndtr(limit, freedom, middle) < power else (low, middle)
    return float(np.sqrt(high / unit)) if unit > 0 else float("inf")


@dataclass(frozen=True)
class Detectable(Result):
    """The smallest true effect that is found with probability `power` at level `alpha`: (z_{1-a/2} + z_power) times the error."""

    effect: float
    relative: float
    power: float
    alpha: float
    stderr: float


def detectable(estimate: Estimate, power: float = 0.8, alpha: float = 0.05) -> Detectable:
    """Minimum detectable effect; `relative` to the level without participation.

    >>> from klyngeanalyse.effects.bands import banded
    >>> one = Estimate(key=None, level=1.1, n_treated=100, **banded(0.1, 0.05**2, 0.95, 2.0))
    >>> round(detectable(one).effect, 4)
    0.1401
    """
    _check(power, alpha)
    effect = float(ndtri(1 - alpha / 2) + ndtri(power)) * estimate.stderr
    without = estimate.level - estimate.estimate
    return Detectable(effect, effect / abs(without) if without else float("nan"), power, alpha, estimate.stderr)


def _check(power: float, alpha: float) -> None:
    if not (0 < alpha < 1 and alpha < power < 1):
        raise Unfit(f"power {power}, alpha {alpha}", where="power", mend="give 0 < alpha < power < 1")


def event_study(aggregate: Aggregate) -> tuple[Sequence[Estimate], Sequence[Estimate]]:
    """The estimates before and from the first year of participation."""
    return [one for one in aggregate.parts if (one.key or 0) < 0], [
        one for one in aggregate.parts if (one.key or 0) >= 0
    ]
