"""Simultaneous bands: a critical value that holds for all estimates at once, from their joint normal distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from klyngeanalyse.effects.rows import Floats


@dataclass(frozen=True, kw_only=True)
class Banded:
    """An estimate with its error: its own interval, its p-value against 0, and its share of the simultaneous band."""

    estimate: float
    stderr: float
    low: float
    high: float
    p: float
    band_low: float
    band_high: float


def banded(estimate: float, variance: float, level: float, sup: float) -> dict[str, float]:
    """The fields of `Banded`; `sup` is the critical value of the band.

    >>> said = banded(1.0, 0.25, 0.95, 3.0)
    >>> said["stderr"], round(said["low"], 2), said["band_high"]
    (0.5, 0.02, 2.5)
    """
    stderr = math.sqrt(max(variance, 0.0))
    own, all_at_once = normal(level) * stderr, sup * stderr
    return {
        "estimate": estimate,
        "stderr": stderr,
        "low": estimate - own,
        "high": estimate + own,
        "p": two_sided(estimate, stderr),
        "band_low": estimate - all_at_once,
        "band_high": estimate + all_at_once,
    }


def normal(level: float) -> float:
    """How many standard errors an interval of this level reaches to either side.

    >>> round(normal(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


def two_sided(estimate: float, stderr: float) -> float:
    """p-value of an estimate against 0; NaN without a standard error.

    >>> round(two_sided(1.96, 1.0), 3)
    0.05
    """
    return math.erfc(abs(estimate) / stderr / math.sqrt(2)) if stderr > 0 else math.nan


def critical(covariance: Floats, level: float = 0.95, draws: int = 20_000, seed: int = 1) -> float:
    """The `level` quantile of max |z_j| where z is normal with the estimates' correlation (sup-t; Montiel Olea and
    Plagborg-Møller 2019), simulated with a fixed seed; estimates without variance take no part.

    >>> round(critical(np.array([[4.0]])), 2)
    1.96
    """
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    kept = spread > 0
    pointwise = normal(level)
    if kept.sum() < 2:
        return pointwise
    correlation = covariance[np.ix_(kept, kept)] / np.outer(spread[kept], spread[kept])
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    chance = np.random.default_rng(seed).standard_normal((draws, root.shape[1]))
    return max(pointwise, float(np.quantile(np.abs(chance @ root.T).max(axis=1), level)))
