"""ATT(g, t) of one family and every row's influence on it: outcome regression, weighting, or both.

With Delta = y_t - y_base, D participants (n_T), C controls, mu = x beta the controls' regression of Delta on x, p the propensity and
w = p / (1 - p) (Sant'Anna and Zhao 2020, the estimators of the package DRDID):

    dr   mean_D(Delta - mu) - sum_C w (Delta - mu) / sum_C w
    or   mean_D(Delta - mu)
    ipw  mean_D(Delta) - sum_C w Delta / sum_C w

A company's influence is a + b Delta with a and b the same for all companies of a row, so counts, means and scatters of rows suffice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klyngeanalyse.effects.contrasts import Contrast, Family
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.propensity import SLICE, Propensity, chance, fitted, inverse
from klyngeanalyse.effects.rows import Floats, Measured, Rows

SURE = 1 - 1e-6


@dataclass(frozen=True)
class Fitted:
    """A family's K estimates and what its rows' influence is made of.

    delta (T + 1, K) the differences; beta (p, K) regression; v (p,) the regression's part; gamma (p,) or None and h (p, K) the
    propensity's part; weight_sum W; centre_in, centre_out (K,) the two means.
    """

    family: Family
    estimate: Floats
    level: Floats
    n_treated: float
    n_control: float
    delta: Floats
    beta: Floats
    v: Floats
    gamma: Floats | None
    h: Floats
    weight_sum: float
    centre_in: Floats
    centre_out: Floats
    trim: float

    def treated(self, mean: Floats, x: Floats) -> tuple[Floats, float]:
        """Influence of participants' rows (R, K) at the row's mean, and its slope b on Delta."""
        score = (mean @ self.delta - x @ self.beta - self.centre_in) / self.n_treated
        if self.gamma is not None:
            score = score - (1 - chance(x, self.gamma))[:, None] * (x @ self.h)
        return score, 1 / self.n_treated

    def control(self, mean: Floats, x: Floats) -> tuple[Floats, Floats]:
        """Influence of controls' rows (R, K) at the row's mean, and its slopes b (R,) on Delta."""
        slope = x @ self.v
        residual = mean @ self.delta - x @ self.beta
        if self.gamma is None:
            return -slope[:, None] * residual, -slope
        p = chance(x, self.gamma)
        share = odds(p, self.trim) / self.weight_sum
        slope += share
        residual *= -slope[:, None]
        residual += np.column_stack([share, x * p[:, None]]) @ np.vstack([self.centre_out, self.h])
        return residual, -slope


class Unidentified(Exception):
    """A family that cannot be estimated; the argument is the code of the reason."""


class Fitting:
    """Fits families over the same rows; what depends on the controls alone is worked out once."""

    def __init__(self, rows: Rows, outcome: Measured, wanted: list[Contrast], design: Design) -> None:
        self.rows, self.outcome, self.wanted, self.design = rows, outcome, wanted, design
        self.method = design.method if rows.x.shape[1] > 1 else "or"
        self._regressions: dict[bytes, tuple[Floats, Floats, Floats]] = {}

    def delta(self, family: Family) -> Floats:
        made = np.zeros((self.outcome.mean.shape[1], len(family.contrasts)))
        for nth, one in enumerate(family.contrasts):
            made[self.wanted[one].at, nth] = 1.0
            made[self.wanted[one].base, nth] -= 1.0
        return made

    def fit(self, family: Family) -> Fitted:
        """Raises Unidentified where the design leaves nothing to compare."""
        rows, mean = self.rows, self.outcome.mean
        x_in, n_in = rows.x[family.treated], rows.n[family.treated]
        x_out, n_out = rows.x[family.control], rows.n[family.control]
        delta, size = self.delta(family), float(n_in.sum())
        back, gram, moments = self._regression(family, x_out, n_out)
        beta = np.zeros((x_in.shape[1], delta.shape[1])) if self.method == "ipw" else back @ (moments @ delta)
        sums, sum_in = n_in @ mean[family.treated], n_in @ x_in
        if self.method != "ipw":
            _within(back, gram, sum_in)
        side = _Side(back @ sum_in / size, delta.shape[1])
        if self.method != "or":
            likely = fitted(x_in, n_in, x_out, n_out)
            weighted = _weighted_sums(x_out, n_out, mean[family.control], likely.gamma, self.design.trim)
            side = self._weighted(likely, weighted, delta, beta, back, sum_in, size)
        apart = (sums @ delta - sum_in @ beta) / size
        return Fitted(
            family=family,
            estimate=apart - side.mean,
            level=np.array([sums[self.wanted[one].at] + sums[-1] for one in family.contrasts]) / size,
            n_treated=size,
            n_control=float(n_out.sum()),
            delta=delta,
            beta=beta,
            v=side.v,
            gamma=side.gamma,
            h=side.h,
            weight_sum=side.total,
            centre_in=apart if self.design.normalised else apart - side.mean,
            centre_out=side.mean if self.design.normalised else np.zeros_like(side.mean),
            trim=self.design.trim,
        )

    def _regression(self, family: Family, x_out: Floats, n_out: Floats) -> tuple[Floats, Floats, Floats]:
        """Over the controls: inverse of X'X, X'X (p, p) and X'Z (p, T + 1); the same for every family with these controls."""
        place = family.control
        key = repr(place).encode() if isinstance(place, slice) else place.tobytes()
        if key not in self._regressions:
            weighted = x_out * n_out[:, None]
            gram = weighted.T @ x_out
            self._regressions[key] = inverse(gram), gram, weighted.T @ self.outcome.mean[place]
        return self._regressions[key]

    def _weighted(
        self,
        likely: Propensity,
        weighted: tuple[Floats, Floats],
        delta: Floats,
        beta: Floats,
        back: Floats,
        sum_in: Floats,
        size: float,
    ) -> _Side:
        """The weighted controls: their residuals' mean and what the propensity's estimation adds, from X'WX and X'WZ alone."""
        xwx, xwz = weighted
        if likely.sure > SURE or xwx[0, 0] <= 0:
            raise Unidentified("overlap")
        total = float(xwx[0, 0]) if self.design.normalised else size
        crossed = xwz @ delta - xwx @ beta
        mean = crossed[0] / total
        around = crossed - np.outer(xwx[:, 0], mean) if self.design.normalised else crossed
        v = back @ (sum_in / size - xwx[0] / total) if self.method == "dr" else np.zeros(len(sum_in))
        return _Side(v, delta.shape[1], mean, likely.gamma, likely.inverse @ around / total, total)


def _weighted_sums(x: Floats, n: Floats, mean: Floats, gamma: Floats, trim: float) -> tuple[Floats, Floats]:
    """X'WX (p, p) and X'WZ (p, T + 1) over the controls, W = n p / (1 - p); the first column of x is ones."""
    xwx, xwz = np.zeros((x.shape[1], x.shape[1])), np.zeros((x.shape[1], mean.shape[1]))
    for start in range(0, len(n), SLICE):
        part = x[start : start + SLICE]
        weighted = part * (n[start : start + SLICE] * odds(chance(part, gamma), trim))[:, None]
        xwx += weighted.T @ part
        xwz += weighted.T @ mean[start : start + SLICE]
    return xwx, xwz


class _Side:
    """The controls' side: the regression's v (p,), the mean taken off (K,), the propensity's gamma, h and sum of weights."""

    def __init__(
        self,
        v: Floats,
        size: int,
        mean: Floats | None = None,
        gamma: Floats | None = None,
        h: Floats | None = None,
        total: float = 1.0,
    ) -> None:
        self.v, self.gamma, self.total = v, gamma, total
        self.mean = np.zeros(size) if mean is None else mean
        self.h = np.zeros((len(v), size)) if h is None else h


def odds(p: Floats, trim: float) -> Floats:
    """p / (1 - p), 0 where p reaches the trim."""
    kept: Floats = np.where(p < trim, p, 0.0) / np.maximum(1 - p, 1e-12)
    return kept


def _within(back: Floats, gram: Floats, sum_in: Floats) -> None:
    """Participants must be describable by the controls: their mean of x inside the controls' span."""
    lost = sum_in - gram @ (back @ sum_in)
    if np.abs(lost).max() > 1e-6 * max(1.0, float(np.abs(sum_in).max())):
        raise Unidentified("no_control_alike")
