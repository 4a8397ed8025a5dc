"""Nearest neighbours on Mahalanobis distance inside the cells: d² = (x - y)' S⁻¹ (x - y), S the covariance within the arms."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.moments import Moments, digits
from klyngeanalyse.matching.nearest import Sets, company_rank, sets
from klyngeanalyse.matching.pool import Arm, Pool, shared_cells

Array = np.ndarray[Any, Any]
PLACES = 10  # distances equal to this many decimals are ties
CACHED = 1 << 15  # numbers that are worked on at a time
LOST = 64 * float(np.finfo(float).eps)  # of the squared lengths: more than the sums of a distance can lose
BRUTE = 4_000_000  # pairs of a cell up to which all distances are worked out; above, a tree of the controls is searched


def whitening(moments: Moments) -> Array:
    """The upper triangle U with U U' = S⁻¹, so that |(x - y) U| is the Mahalanobis distance of x and y.

    Raises `Unfit` where covariates determine one another, or do not vary within the arms.
    """
    size = np.sqrt(np.diag(moments.pooled))
    if not np.all(size > 0):
        raise Unfit("a covariate does not vary within the arms", mend="leave it out, or make it an exact column")
    shape = np.vectorize(lambda value: digits(value, 10))(moments.pooled / np.outer(size, size))
    if np.linalg.eigvalsh(shape)[0] < 1e-10:
        raise Unfit(
            "the covariates determine one another",
            why="their covariance has no inverse",
            mend="leave one of them out",
        )
    upper: Array = np.linalg.inv(np.linalg.cholesky(shape)).T / size[:, None]
    return upper


def straighten(arm: Arm, moments: Moments) -> None:
    """Turns the arm's covariates, where they are, into coordinates in which the Mahalanobis distance is the straight one.

    Column by column from the last: each needs only those before it, so no second table of all companies is made.
    """
    upper, x = whitening(moments), arm.x
    x -= moments.centre
    for own in reversed(range(x.shape[1])):
        x[:, own] *= upper[own, own]
        for d in range(own):
            x[:, own] += x[:, d] * upper[d, own]


def near(one: Array, other: Array, k: int) -> tuple[Array, Array, Array]:
    """For each row of `one` at least its k nearest rows of `other`, all ties of the k-th among them.

    Answers (row, column, distance), sorted by row, distance, column.
    """
    k = min(k, len(other))
    if k == 0 or len(one) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0)
    row, column = _brute(one, other, k) if len(one) * len(other) <= BRUTE else _tree(one, other, k)
    distance = np.round(np.sqrt(np.square(one[row] - other[column]).sum(axis=1)), PLACES)
    order = np.lexsort((column, distance, row))
    return row[order], column[order], distance[order]


def _brute(one: Array, other: Array, k: int) -> tuple[Array, Array]:
    """All squared distances as |x|² + |y|² - 2 x'y, some rows at a time so that they stay in the processor's cache.

    What that sum loses to cancellation is allowed for: a few too many are kept, and the caller works their distances out.
    """
    middle = other.mean(axis=0)
    rows, columns = one - middle, other - middle
    long, across = np.square(rows).sum(axis=1), np.square(columns).sum(axis=1)
    lost = LOST * (long.max() + across.max())
    turned = np.ascontiguousarray(columns.T) * -2.0
    step = max(1, CACHED // len(other))
    found_rows, found_columns = [], []
    for low in range(0, len(one), step):
        squared = rows[low : low + step] @ turned
        squared += across
        squared += long[low : low + step, None]
        smallest = np.maximum(_smallest(squared, k), 0.0)
        edge = np.square(np.sqrt(smallest + lost) + 2 * 10.0**-PLACES) + lost
        found = np.flatnonzero(squared <= edge[:, None])
        found_rows.append(low + found // len(other))
        found_columns.append(found % len(other))
    return np.concatenate(found_rows), np.concatenate(found_columns)


def _smallest(table: Array, k: int) -> Array:
    """The k-th smallest of each row; a few passes for the smallest beat a partition."""
    if k > 6:
        last: Array = np.partition(table, k - 1, axis=1)[:, k - 1]
        return last
    row = np.arange(len(table))
    removed = []
    for _ in range(k):
        column = np.argmin(table, axis=1)
        last = table[row, column]
        removed.append((column, last))
        table[row, column] = np.inf
    for column, value in removed:
        table[row, column] = value
    return last


def _tree(one: Array, other: Array, k: int) -> tuple[Array, Array]:
    spatial = import_module("scipy.spatial")  # half a second to load, and needed by large cells only
    tree = spatial.cKDTree(other)
    last = tree.query(one, k=[k])[0][:, 0]
    found = tree.query_ball_point(one, last * (1 + 1e-12) + 2 * 10.0**-PLACES)
    row = np.repeat(np.arange(len(one)), [len(some) for some in found])
    return row, np.concatenate([np.asarray(some, dtype=np.int64) for some in found])


def _ranks(row: Array) -> Array:
    """Place of each entry among the entries of its row (rows are sorted)."""
    return np.arange(len(row)) - np.searchsorted(row, row, "left")


def match(pool: Pool, design: Design) -> Sets:
    """Matched sets by the design's neighbours, replacement, ties and caliper; equal distances go to the lower company."""
    if not design.replacement:
        return _greedy(pool, design)
    who, whom, how_far = [], [], []
    for own, theirs in shared_cells(pool):
        row, column, distance = near(pool.treated.x[own], pool.control.x[theirs], design.neighbours)
        rank = _ranks(row)
        if design.ties == "all":
            last = np.full(own.stop - own.start, -np.inf)
            among = rank < design.neighbours
            np.maximum.at(last, row[among], distance[among])
            kept = distance <= last[row]
        else:
            kept = rank < design.neighbours
        if design.caliper is not None:
            kept &= distance <= design.caliper
        who.append(row[kept] + own.start)
        whom.append(column[kept] + theirs.start)
        how_far.append(distance[kept])
    if not who:
        return sets(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    return sets(np.concatenate(who), np.concatenate(whom), np.concatenate(how_far))


def _greedy(pool: Pool, design: Design) -> Sets:
    place = company_rank(pool)
    found: list[tuple[int, int, float]] = []
    for own, theirs in shared_cells(pool):
        order = np.argsort(place[own], kind="stable")
        chosen = _greedy_cell(pool.treated.x[own], pool.control.x[theirs], order, design)
        found += [(own.start + who, theirs.start + whom, far) for who, whom, far in chosen]
    found.sort(key=lambda pair: pair[0])  # stable: the rounds stay in order
    who, whom, far = (np.array([pair[nth] for pair in found]) for nth in range(3))
    return sets(who.astype(np.int64), whom.astype(np.int64), far.astype(float))


def _greedy_cell(zt: Array, zc: Array, order: Array, design: Design) -> list[tuple[int, int, float]]:
    known: dict[int, Iterator[tuple[int, float]]] = {}
    taken: set[int] = set()
    chosen: list[tuple[int, int, float]] = []
    turn = [int(who) for who in order]
    widest = np.inf if design.caliper is None else design.caliper
    first = near(zt, zc, design.neighbours + 8)
    for _ in range(design.neighbours):
        left = []
        for who in turn:
            choices = known.setdefault(who, _choices(zt[who : who + 1], zc, who, first))
            pair = next(((whom, far) for whom, far in choices if whom not in taken), None)
            if pair is None or pair[1] > widest:
                continue
            taken.add(pair[0])
            chosen.append((who, *pair))
            left.append(who)
        turn = left
    return chosen


def _choices(own: Array, zc: Array, who: int, first: tuple[Array, Array, Array]) -> Iterator[tuple[int, float]]:
    """The controls of a cell from the nearest outwards; more are looked up (twice as many a time) when those known are used up."""
    low, high = np.searchsorted(first[0], [who, who + 1])
    column, distance, told = first[1][low:high], first[2][low:high], 0
    while told < len(column):
        yield from zip(column[told:].tolist(), distance[told:].tolist(), strict=True)
        told = len(column)
        if told < len(zc):
            _, column, distance = near(own, zc, 2 * told)
