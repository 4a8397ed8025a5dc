"""Which effects do the estimates not reject? The conditional test of Andrews, Roth and Pakes (2023), as Rambachan and Roth (2023) use it.

A restriction on delta over the T years after says |f_t'delta| <= size_t for T differences f_t. An effect theta is possible where
some path of effects with weights'path = theta keeps all 2T inequalities; the test looks at the worst of them after the best path, in
standard errors. The path is gone by duality: since the differences after the base year are as many as the years, the dual has T + 2
corners only, and they are known in closed form: theta from above, theta from below, and a pair for each difference (its two
inequalities together). So no linear programme is solved, and the test is exact.

Only inequalities with a year after are used (as their own package does unless told otherwise).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import log_ndtr

from klyngeanalyse.effects.rows import Floats

DRAWS, SEED = 20_000, 1
FIRST_STAGE = (
    0.1  # the share of the error that the first stage of a hybrid may spend (kappa = alpha / 10, as in the article)
)
POINTS, STEPS, WIDEST = 401, 64, 2.0**20
ROUNDING = 1e-9

Test = Callable[[Floats], np.ndarray]


@dataclass(frozen=True)
class Corners:
    """Of the dual: the statistic at theta is the largest of rows @ b - constant - slope * theta."""

    rows: Floats
    constant: Floats
    slope: Floats

    @property
    def middle(self) -> tuple[Floats, float, float]:
        """(row, constant, slope) of theta from above: row'b / slope is where theta is looked for."""
        return self.rows[0], float(self.constant[0]), float(self.slope[0])


def corners(
    differences: Floats, after: np.ndarray, weights: Floats, largest: Floats, m: float, covariance: Floats
) -> Corners:
    """|f_t'delta| <= m largest'delta, the size of a change before; or <= m alone where `largest` is 0 everywhere.

    `differences` (T, J) holds the f_t, `after` (J,) says which estimates are of the years after.
    """
    w = np.linalg.solve(differences[:, after].T, weights)
    fixed = 0.0 if largest.any() else m
    up, down = differences - m * largest, -differences - m * largest
    sd_up, sd_down = (np.sqrt(np.maximum(np.einsum("tj,jk,tk->t", x, covariance, x), 0.0)) for x in (up, down))
    rows, constant, slope = [], [], []
    for sign in (1.0, -1.0):
        above, below = np.maximum(sign * w, 0.0), np.maximum(-sign * w, 0.0)
        scale = 1.0 / float(above @ sd_up + below @ sd_down)
        rows.append(scale * (above @ up + below @ down))
        constant.append(scale * fixed * float(above.sum() + below.sum()))
        slope.append(sign * scale)
    pair = 1.0 / (sd_up + sd_down)
    rows += list(pair[:, None] * (up + down))
    constant += list(2 * fixed * pair)
    slope += [0.0] * len(w)
    return Corners(np.array(rows), np.array(constant), np.array(slope))


def least_favourable(at: Corners, covariance: Floats, size: float) -> float:
    """What the largest corner exceeds with the chance `size` when every inequality binds; simulated with a fixed seed."""
    values, vectors = np.linalg.eigh(at.rows @ covariance @ at.rows.T)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return float(np.quantile((root @ _chance(len(values))).max(axis=0), 1 - size))


@lru_cache(maxsize=4)
def _chance(n: int) -> Floats:
    return np.random.default_rng(SEED).standard_normal((n, DRAWS))


@dataclass(frozen=True)
class Fixed:
    """An interval a'b -/+ half as the first stage of a hybrid."""

    a: Floats
    half: float


def rejects(
    at: Corners,
    b: Floats,
    covariance: Floats,
    theta: Floats,
    size: float,
    ceiling: float | None = None,
    fixed: Fixed | None = None,
) -> np.ndarray:
    """Which of `theta` the test of this size rejects.

    With a `ceiling` (least favourable value) or a `fixed` interval, what these reject is rejected, and the rest is tested given that
    they did not; `size` is then what is left of the error.
    """
    spread = at.rows @ covariance @ at.rows.T
    values = (at.rows @ b - at.constant)[:, None] - at.slope[:, None] * theta[None, :]
    best, places = values.max(axis=0), values.argmax(axis=0)
    variance = spread[places, places]
    sure = variance > ROUNDING * np.diag(spread).max()
    share = spread[:, places] / np.where(sure, variance, 1.0)
    rest = values - share * best  # each corner without what the largest one says about it
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = rest / (1.0 - share)
    low = np.where(share < 1 - ROUNDING, meets, -np.inf).max(axis=0)
    high = np.where(share > 1 + ROUNDING, meets, np.inf).min(axis=0)
    out = np.zeros(len(theta), dtype=bool)
    if ceiling is not None:
        out, high = best > ceiling, np.minimum(high, ceiling)
    if fixed is not None:
        off = fixed.a @ b - theta
        out = np.abs(off) > fixed.half
        low, high = _given(fixed, at, covariance, places, np.where(sure, variance, 1.0), off, best, low, high)
    sd = np.sqrt(np.where(sure, variance, 1.0))
    given = _beyond(best / sd, np.minimum(low, best) / sd, np.maximum(high, best) / sd) < size
    return np.asarray(out | ((best > 0) & np.where(sure, given, True)))


def _given(
    fixed: Fixed,
    at: Corners,
    covariance: Floats,
    places: np.ndarray,
    variance: Floats,
    off: Floats,
    best: Floats,
    low: Floats,
    high: Floats,
) -> tuple[Floats, Floats]:
    """The largest corner's limits, narrowed to where the fixed interval still holds theta."""
    share = (at.rows @ covariance @ fixed.a)[places] / variance
    rest = off - share * best
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.sort(np.array([(-fixed.half - rest) / share, (fixed.half - rest) / share]), axis=0)
    moves = np.abs(share) > ROUNDING
    return np.where(moves, np.maximum(low, ends[0]), low), np.where(moves, np.minimum(high, ends[1]), high)


def _beyond(z: Floats, low: Floats, high: Floats) -> Floats:
    """The chance that a normal kept within low and high lies beyond z; exact far out in the tail."""
    with np.errstate(invalid="ignore", divide="ignore"):

        def between(start: Floats) -> Floats:
            return np.asarray(log_ndtr(-start) + np.log1p(-np.exp(np.minimum(log_ndtr(-high) - log_ndtr(-start), 0.0))))

        chance = np.exp(between(z) - between(low))
    return np.where(np.isnan(chance), 1.0, chance)


def kept(test: Test, low: float, high: float) -> tuple[float, float] | None:
    """The first and last theta that the test keeps, to nine digits; None where it keeps none.

    The search widens while an end is kept; a set that goes on beyond all reason has an infinite end.
    """
    middle, half, width = (low + high) / 2, (high - low) / 2, 1.0
    while True:
        grid = middle + half * width * np.linspace(-1, 1, POINTS)
        ok = np.flatnonzero(~test(grid))
        if not len(ok):
            return None
        first, last = int(ok[0]), int(ok[-1])
        if first > 0 and last < POINTS - 1:
            return _edge(test, grid[first], grid[first - 1]), _edge(test, grid[last], grid[last + 1])
        if width >= WIDEST:
            ends = (_edge(test, grid[first], grid[first - 1]) if first else -np.inf, np.inf)
            return ends if last == POINTS - 1 else (-np.inf, _edge(test, grid[last], grid[last + 1]))
        width *= 2


def _edge(test: Test, inside: float, outside: float) -> float:
    """Where the test turns, many points at a time."""
    while abs(outside - inside) > 1e-9 * max(abs(inside), abs(outside)):
        grid = np.linspace(inside, outside, STEPS + 1)
        out = test(grid[1:])
        turn = int(out.argmax()) if out.any() else STEPS - 1
        if (grid[turn], grid[turn + 1]) == (inside, outside):
            break
        inside, outside = float(grid[turn]), float(grid[turn + 1])
    return float(inside)
