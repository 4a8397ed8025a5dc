"""How many of the findings are chance: Benjamini-Hochberg, with the share of false discoveries stated."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def adjusted(p: Array) -> Array:
    """Benjamini-Hochberg q-values: the smallest false-discovery rate at which each test would be a finding; nan stays nan.

    >>> adjusted(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    flat = p.ravel()
    tested = np.flatnonzero(np.isfinite(flat))
    order = tested[np.argsort(flat[tested], kind="stable")]
    raised = flat[order] * len(order) / np.arange(1, len(order) + 1)
    answer = np.full(flat.shape, np.nan)
    answer[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return answer.reshape(p.shape)
