"""Few clusters: the wild bootstrap on the clusters' sums of influence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result
from klyngeanalyse.effects.aggregates import Aggregate
from klyngeanalyse.effects.grouptime import GroupTime
from klyngeanalyse.effects.rows import Floats

WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])


@dataclass(frozen=True)
class Wild(Result):
    """Percentile-t: `p` against no effect, the interval from the same draws, and how many clusters carried them."""

    estimate: float
    stderr: float
    p: float
    low: float
    high: float
    n_clusters: int
    draws: int


def wild(result: GroupTime, drawn: Aggregate, draws: int = 9_999, seed: int = 1) -> Wild:
    """t* = sum w_g psi_g / sqrt(G / (G - 1) sum (w_g psi_g - mean)^2), w Webb's six points (Webb 2023), psi_g the sum of influence
    of cluster g on the overall effect; companies that stand alone enter as one normal term with their variance.

    This is the bootstrap of the linearised estimate (a score bootstrap, Kline and Santos 2012), not of the regression itself.
    Raises Unfit with fewer than two named clusters.
    """
    psi = result.scores @ drawn.overall_gradient
    if len(psi) < 2:
        raise Unfit(f"{len(psi)} clusters", where="wild bootstrap", mend="name the organisation's column as `cluster`")
    own = max(float(drawn.overall_gradient @ result.own @ drawn.overall_gradient), 0.0)
    t = _studentised(psi, own, draws, seed)
    estimate = drawn.overall.estimate
    stderr = float(np.sqrt(_variance(psi[None, :], own)[0]))
    p = (1 + int((np.abs(t) >= abs(estimate / stderr)).sum())) / (draws + 1)
    reach = float(np.quantile(np.abs(t), result.design.level)) * stderr
    return Wild(estimate, stderr, p, estimate - reach, estimate + reach, len(psi), draws)


def _variance(psi: Floats, own: float) -> Floats:
    """Of the sums over clusters, one for each draw (B, G), and of those that stand alone."""
    around = psi - psi.mean(axis=1, keepdims=True)
    groups = psi.shape[1]
    return np.asarray((around**2).sum(axis=1) * groups / (groups - 1) + own, dtype=np.float64)


def _studentised(psi: Floats, own: float, draws: int, seed: int) -> Floats:
    chance = np.random.default_rng(seed)
    shaken = psi * chance.choice(WEBB, size=(draws, len(psi)))
    alone = chance.standard_normal(draws) * np.sqrt(own)
    return np.asarray((shaken.sum(axis=1) + alone) / np.sqrt(_variance(shaken, own)), dtype=np.float64)
