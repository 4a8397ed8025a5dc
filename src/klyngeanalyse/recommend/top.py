"""The k highest of every row, exactly, block by block; equal scores in the order of the candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from klyngeanalyse.recommend.text import Sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def blocks(rows: int, candidates: int, cells: int = 4_000_000) -> Iterator[Ints]:
    """Row numbers in blocks of at most so many cells against the candidates."""
    size = max(1, cells // max(candidates, 1))
    for start in range(0, rows, size):
        yield np.arange(start, min(start + size, rows))


def highest(scores: Floats, k: int) -> Ints:
    """(rows, k) columns of the highest scores, the highest first, ties by the lower column.

    >>> highest(np.array([[0.1, 0.7, 0.7, 0.2]]), 3).tolist()
    [[1, 2, 3]]
    """
    n = scores.shape[1]
    k = min(k, n)
    if k == 0:
        return np.zeros((len(scores), 0), dtype=np.int64)
    cut = np.partition(scores, n - k, axis=1)[:, n - k]
    found = np.empty((len(scores), k), dtype=np.int64)
    for nth, line in enumerate(scores):
        above = np.flatnonzero(line >= cut[nth])  # ascending: ties at the cut keep the lower columns
        order = above[np.argsort(-line[above], kind="stable")]
        found[nth] = order[:k]
    return found


def nearest(asked: Sparse, offered: Sparse, k: int) -> tuple[Ints, Floats]:
    """The k offered rows with the largest product with every asked row (cosine, where rows have length one), and the products."""
    across = offered.T.tocsr()
    where, products = [], []
    for rows in blocks(asked.shape[0], offered.shape[0]):
        scores = (asked[rows] @ across).toarray()
        best = highest(scores, k)
        where.append(best)
        products.append(np.take_along_axis(scores, best, axis=1))
    return np.concatenate(where), np.concatenate(products)
