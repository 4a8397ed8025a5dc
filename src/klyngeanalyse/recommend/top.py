"""The k highest of every row, exactly, block by block; equal scores in the order of the candidates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.recommend.text import Sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
SHARE = 0.05


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
    """The k offered rows with the largest product with every asked row, and the products; exact.

    For rows without negative entries (cosines of texts, where they have length one). Features that few have are multiplied first: what
    they give is at least, and with |common part asked| x |common part offered| (Cauchy) at most the product. Only pairs whose
    most reaches the k-th least are finished; an asked row for which that rules nobody out is multiplied whole.
    """
    if (asked.nnz and asked.data.min() < 0) or (offered.nnz and offered.data.min() < 0):
        raise Unfit("negative entries", where="nearest", mend="give rows of weights from 0, such as TF-IDF")
    k = min(k, offered.shape[0])
    few = _few(asked, offered)
    rare, common = (sparse.diags_array(kind.astype(float)) for kind in (few, ~few))
    split = [(sparse.csr_array(rows @ rare), sparse.csr_array(rows @ common)) for rows in (asked, offered)]
    across, left = split[1][0].T.tocsr(), _lengths(split[1][1])
    where = np.empty((asked.shape[0], k), dtype=np.int64)
    products = np.empty((asked.shape[0], k))
    whole: list[int] = []
    for rows in blocks(asked.shape[0], offered.shape[0], 40_000_000):
        least = sparse.csr_array(split[0][0][rows] @ across)
        length = _lengths(split[0][1][rows])
        pairs, hard = _open(least, length, left, k)
        whole += rows[hard].tolist()
        score = least.data[pairs[2]] + _paired(split[0][1][rows], split[1][1], pairs[0], pairs[1])
        _keep(where, products, rows, hard, pairs, score, k)
    for block in blocks(len(whole), offered.shape[0]):
        rows = np.array(whole)[block]
        scores = (asked[rows] @ offered.T).toarray()
        where[rows] = highest(scores, k)
        products[rows] = np.take_along_axis(scores, where[rows], axis=1)
    return where, products


def _few(asked: Sparse, offered: Sparse) -> Bools:
    """(features,) the rare ones: as many, from the rarest, as make a twentieth of the work of the whole product."""
    work = np.bincount(asked.indices, minlength=asked.shape[1]) * np.bincount(
        offered.indices, minlength=offered.shape[1]
    )
    order = np.argsort(work, kind="stable")
    few = np.zeros(len(work), dtype=bool)
    few[order[np.cumsum(work[order]) <= SHARE * work.sum()]] = True
    return few


def _lengths(rows: Sparse) -> Floats:
    # a hair longer: rounding must not rule out what is equal
    return np.asarray(np.sqrt((rows * rows).sum(axis=1)) * (1 + 1e-12) + 1e-15).ravel()


def _open(least: Sparse, length: Floats, left: Floats, k: int) -> tuple[tuple[Ints, Ints, Ints], Bools]:
    """Pairs (asked, offered, place in `least`) that may be among the k highest, and the rows where those with 0 may be as well."""
    counts, most_left = np.diff(least.indptr), left.max(initial=0.0)
    kth = np.array([_kth(least.data[a:b], k) for a, b in zip(least.indptr[:-1], least.indptr[1:], strict=True)])
    hard = length * most_left >= kth
    # most pairs are out whatever they have left; what is left of each is only looked up for the others
    floor = np.where(hard, np.inf, kth - length * most_left - 1e-12)
    place = np.flatnonzero(least.data >= np.repeat(floor, counts))
    row = np.searchsorted(least.indptr, place, side="right") - 1
    column = least.indices[place].astype(np.int64)
    open_ = least.data[place] + length[row] * left[column] >= kth[row]
    return (row[open_], column[open_], place[open_]), hard


def _kth(values: Floats, k: int) -> float:
    return float(np.partition(values, len(values) - k)[len(values) - k]) if len(values) >= k else 0.0


def _paired(asked: Sparse, offered: Sparse, row: Ints, column: Ints) -> Floats:
    """Products of single pairs of rows."""
    total = np.empty(len(row))
    for start in range(0, len(row), 200_000):
        part = slice(start, start + 200_000)
        total[part] = (asked[row[part]] * offered[column[part]]).sum(axis=1)
    return total


def _keep(
    where: Ints, products: Floats, rows: Ints, hard: Bools, pairs: tuple[Ints, Ints, Ints], score: Floats, k: int
) -> None:
    order = np.lexsort((pairs[1], -score, pairs[0]))
    starts = np.searchsorted(pairs[0][order], np.arange(len(rows)))
    for nth in np.flatnonzero(~hard).tolist():
        best = order[starts[nth] : starts[nth] + k]
        where[rows[nth]], products[rows[nth]] = pairs[1][best], score[best]
