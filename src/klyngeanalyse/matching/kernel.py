"""Kernel matching on the propensity inside the cells: every control within the bandwidth, nearer ones with more weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.matching.pool import Pool, shared_cells

Array = np.ndarray[Any, Any]
PAIRS = 2_000_000  # pairs of a cell up to which each treated's window is looked at; above, running sums answer
WIDE = 8.0  # bandwidths of scores that running sums go over at a time: their fourth powers cost digits the further out they lie
FEW = 64  # windows of no more controls are looked at even then, as differences of running sums lose digits there


@dataclass(frozen=True)
class Weighed:
    """y0 (n, m) of the treated that have a control, which ones (n,), their controls' number; k and k2 of the controls."""

    matched: Array
    y0: Array
    used: Array
    k: Array
    k2: Array


def epanechnikov(pool: Pool, bandwidth: float) -> Weighed:
    """w_ij = K((p_i - p_j) / h) / Σ_j K(…), K(u) = 1 - u² for |u| < 1.

    Two controls at distance 0 and h/2: weights 1 and 0.75, shared 4/7 and 3/7.
    """
    n, m = pool.treated.y.shape
    y0, used = np.zeros((n, m)), np.zeros(n, dtype=np.int64)
    k, k2 = np.zeros(len(pool.control)), np.zeros(len(pool.control))
    for own, theirs in shared_cells(pool):
        p, s, y = pool.treated.score[own] / bandwidth, pool.control.score[theirs] / bandwidth, pool.control.y[theirs]
        work = _windows if len(p) * len(s) <= PAIRS else _pieces
        y0[own], used[own], k[theirs], k2[theirs] = work(p, s, y)
    matched = np.flatnonzero(used)
    return Weighed(matched, y0[matched], used[matched], k, k2)


def _one(own: float, s: Array, y: Array) -> tuple[Array, float, Array]:
    """Shares of the controls of one window, the total they are shares of, and their weighted outcomes."""
    weight = np.maximum(1 - np.square(s - own), 0.0)
    total = float(weight.sum())
    if total > 0:
        weight /= total
    return weight, total, weight @ y


def _windows(p: Array, s: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """One cell, scores in bandwidths: y0, controls used, k, k2."""
    y0, used = np.zeros((len(p), y.shape[1])), np.zeros(len(p), dtype=np.int64)
    k, k2 = np.zeros(len(s)), np.zeros(len(s))
    low, high = np.searchsorted(s, p - 1, "right"), np.searchsorted(s, p + 1, "left")
    for nth, own in enumerate(p):
        span = slice(low[nth], high[nth])
        weight, total, y0[nth] = _one(own, s[span], y[span])
        if total > 0:
            used[nth] = np.count_nonzero(weight)
            k[span] += weight
            k2[span] += np.square(weight)
    return y0, used, k, k2


def _between(values: Array, low: Array, high: Array) -> Array:
    """Sums of values[low:high]."""
    run = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    sums: Array = run[high] - run[low]
    return sums


def _pieces(p: Array, s: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """The same by running sums over `WIDE` of the treated at a time, with all controls that these reach."""
    y0, used = np.zeros((len(p), y.shape[1])), np.zeros(len(p), dtype=np.int64)
    k, k2 = np.zeros(len(s)), np.zeros(len(s))
    start = 0
    while start < len(p):
        end = int(np.searchsorted(p, p[start] + WIDE, "right"))
        low, high = np.searchsorted(s, p[start] - 1, "right"), np.searchsorted(s, p[end - 1] + 1, "left")
        if low < high:
            own, theirs = slice(start, end), slice(low, high)
            y0[own], used[own], part, part2 = _running(p[own], s[theirs], y[theirs])
            k[theirs] += part
            k2[theirs] += part2
        start = end
    return y0, used, k, k2


def _running(p: Array, s: Array, y: Array) -> tuple[Array, Array, Array, Array]:
    """The same from running sums: 1 - (s - p)² = (1 - p²) + 2ps - s², and its square is of the fourth degree."""
    middle = (p[0] + p[-1]) / 2
    p, s = p - middle, s - middle
    low, high = np.searchsorted(s, p - 1, "right"), np.searchsorted(s, p + 1, "left")
    a = 1 - np.square(p)
    total = a * (high - low) + 2 * p * _between(s, low, high) - _between(np.square(s), low, high)
    sy, ssy = s[:, None] * y, np.square(s)[:, None] * y
    y0 = a[:, None] * _between(y, low, high) + 2 * p[:, None] * _between(sy, low, high) - _between(ssy, low, high)
    used = high - low
    some = used > FEW
    y0[some] /= total[some, None]
    for nth in np.flatnonzero(~some):
        span = slice(low[nth], high[nth])
        _, total[nth], y0[nth] = _one(p[nth], s[span], y[span])
    used[total <= 0] = 0
    share = np.where(used > 0, 1 / np.where(used > 0, total, 1.0), 0.0)
    first, last = np.searchsorted(p, s - 1, "right"), np.searchsorted(p, s + 1, "left")
    q = [_between(share * p**power, first, last) for power in range(3)]
    r = [_between(np.square(share) * p**power, first, last) for power in range(5)]
    a = 1 - np.square(s)
    k = a * q[0] + 2 * s * q[1] - q[2]
    k2 = np.square(a) * r[0] + 4 * a * s * r[1] + (4 * np.square(s) - 2 * a) * r[2] - 4 * s * r[3] + r[4]
    reached = last > first
    return y0, used, np.where(reached, np.maximum(k, 0.0), 0.0), np.where(reached, np.maximum(k2, 0.0), 0.0)
