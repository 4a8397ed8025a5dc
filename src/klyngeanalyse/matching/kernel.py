"""Kernel matching on the propensity inside the cells: every control within the bandwidth, nearer ones with more weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.matching.pool import Pool, segments

Array = np.ndarray[Any, Any]


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
    start, end = segments(pool.treated, pool.control)
    n, m = pool.treated.y.shape
    y0, used = np.zeros((n, m)), np.zeros(n, dtype=np.int64)
    k, k2 = np.zeros(len(pool.control)), np.zeros(len(pool.control))
    for nth in range(n):
        own = pool.treated.score[nth]
        scores = pool.control.score[start[nth] : end[nth]]
        low, high = np.searchsorted(scores, [own - bandwidth, own + bandwidth])
        weight = np.maximum(1 - np.square((scores[low:high] - own) / bandwidth), 0.0)
        total = weight.sum()
        if total <= 0:
            continue
        weight /= total
        span = slice(start[nth] + low, start[nth] + high)
        y0[nth] = weight @ pool.control.y[span]
        used[nth] = np.count_nonzero(weight)
        k[span] += weight
        k2[span] += np.square(weight)
    matched = np.flatnonzero(used)
    return Weighed(matched, y0[matched], used[matched], k, k2)
