"""Many tests at once: p-values adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.rows import Floats


def holm(p: Sequence[float]) -> Floats:
    """Holm (1979): the j-th smallest times (m - j + 1), made to rise; the chance of any false finding stays below the level.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    values, order = _sorted(p)
    m = len(values)
    return _back(np.maximum.accumulate(values * (m - np.arange(m))), order)


def benjamini_hochberg(p: Sequence[float]) -> Floats:
    """Benjamini and Hochberg (1995): the j-th smallest times m / j, made to rise; the expected share of false findings.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.04, 0.04]
    """
    values, order = _sorted(p)
    m = len(values)
    scaled = values * m / np.arange(1, m + 1)
    return _back(np.minimum.accumulate(scaled[::-1])[::-1], order)


def _sorted(p: Sequence[float]) -> tuple[Floats, np.ndarray]:
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or not len(values) or np.isnan(values).any() or values.min() < 0 or values.max() > 1:
        raise Unfit("p-values outside 0 to 1", where="adjustment", mend="give one number between 0 and 1 for each test")
    order = np.argsort(values, kind="stable")
    return values[order], order


def _back(adjusted: Floats, order: np.ndarray) -> Floats:
    made = np.empty_like(adjusted)
    made[order] = np.minimum(adjusted, 1.0)
    return made
