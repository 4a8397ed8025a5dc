"""Nearest neighbours on one score inside the cells, with and without replacement; every tie has a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.matching.pool import Pool, segments

Array = np.ndarray[Any, Any]
SAME = 1e-11  # scores stand on a grid of 1e-12: a distance differing by less is rounding


@dataclass(frozen=True)
class Sets:
    """Matched pairs as positions in the two arms, sorted by treated and rank: who (treated), whom (control), distance, weight."""

    treated: Array
    control: Array
    distance: Array
    rank: Array
    weight: Array


def sets(treated: Array, control: Array, distance: Array) -> Sets:
    """Pairs that are sorted by treated, nearest first: each treated's controls share its weight."""
    size = np.bincount(treated) if len(treated) else np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.r_[True, treated[1:] != treated[:-1]]) if len(treated) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(treated)) - np.repeat(first, size[size > 0]) + 1
    return Sets(treated, control, distance, rank, 1.0 / size[treated] if len(treated) else np.zeros(0))


def reversed_ties(cell: Array, score: Array) -> Array:
    """For walking downwards: positions with every group of equal scores turned round, so that its lowest company comes first.

    >>> reversed_ties(np.array([1, 1, 1, 1]), np.array([0.1, 0.2, 0.2, 0.3])).tolist()
    [0, 2, 1, 3]
    """
    n = len(score)
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    fresh = np.r_[True, (score[1:] != score[:-1]) | (cell[1:] != cell[:-1])]
    first = np.flatnonzero(fresh)
    group = np.cumsum(fresh) - 1
    last = np.r_[first[1:], n] - 1
    turned: Array = first[group] + last[group] - np.arange(n)
    return turned


def with_replacement(pool: Pool, neighbours: int, caliper: float | None) -> Sets:
    """The `neighbours` nearest controls of each treated; at equal distance the lower score, then the lower company.

    Only the `neighbours` controls on each side of a treated in the order of scores can be among them.
    """
    start, end = segments(pool.treated, pool.control)
    down = reversed_ties(pool.control.cell, pool.control.score)
    reach = np.arange(neighbours)
    below = pool.before[:, None] - 1 - reach
    above = pool.before[:, None] + reach
    inside = np.concatenate([below >= start[:, None], above < end[:, None]], axis=1)
    top = max(len(pool.control) - 1, 0)
    found = np.concatenate([down[np.clip(below, 0, top)], np.clip(above, 0, top)], axis=1)
    distance = np.abs(pool.control.score[found] - pool.treated.score[:, None])
    distance = np.where(inside, _on_grid(distance), np.inf)
    if caliper is not None:
        distance[distance > caliper + SAME] = np.inf
    # stable: below comes first in the list, each side already in the order of its ties
    chosen = np.argsort(distance, axis=1, kind="stable")[:, :neighbours]
    near = np.take_along_axis(distance, chosen, axis=1)
    who, place = np.nonzero(np.isfinite(near))
    return sets(who, np.take_along_axis(found, chosen, axis=1)[who, place], near[who, place])


def _on_grid(distance: Array) -> Array:
    rounded: Array = np.round(distance, 12)
    return rounded


def with_ties(pool: Pool, neighbours: int, caliper: float | None) -> Sets:
    """Every control at most as far as the `neighbours`-th nearest."""
    nearest = with_replacement(pool, neighbours, caliper)
    furthest = np.full(len(pool.treated), -np.inf)
    np.maximum.at(furthest, nearest.treated, nearest.distance)
    start, end = segments(pool.treated, pool.control)
    who, whom, how_far = [], [], []
    for nth in np.flatnonzero(np.isfinite(furthest)):
        scores = pool.control.score[start[nth] : end[nth]]
        low = np.searchsorted(scores, pool.treated.score[nth] - furthest[nth] - SAME, "left")
        high = np.searchsorted(scores, pool.treated.score[nth] + furthest[nth] + SAME, "right")
        distance = _on_grid(np.abs(scores[low:high] - pool.treated.score[nth]))
        order = np.argsort(distance, kind="stable")
        who.append(np.full(high - low, nth))
        whom.append(start[nth] + low + order)
        how_far.append(distance[order])
    if not who:
        return nearest
    return sets(np.concatenate(who), np.concatenate(whom), np.concatenate(how_far))


def queue(pool: Pool, order: str) -> Array:
    """Who chooses first: by score or company; equal scores by company."""
    rank = company_rank(pool)
    if order == "company":
        return np.argsort(rank, kind="stable")
    sign = -1.0 if order == "largest" else 1.0
    return np.lexsort((rank, sign * pool.treated.score))


def company_rank(pool: Pool) -> Array:
    """Place of each treated row in the order of companies (then cells)."""
    company = pool.treated.company.to_numpy() if len(pool.treated) else np.zeros(0)
    by_cell = np.argsort(pool.treated.cell, kind="stable")
    order = by_cell[np.argsort(company[by_cell], kind="stable")]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


class _Free:
    """The controls still free: the next one at or above a place, and the next at or below, in almost constant time."""

    def __init__(self) -> None:
        self.up: dict[int, int] = {}
        self.down: dict[int, int] = {}

    @staticmethod
    def _end(chain: dict[int, int], place: int) -> int:
        end = place
        while end in chain:
            end = chain[end]
        while place in chain and chain[place] != end:
            chain[place], place = end, chain[place]
        return end

    def above(self, place: int) -> int:
        return self._end(self.up, place)

    def below(self, place: int) -> int:
        return self._end(self.down, place)

    def take(self, upward: int, downward: int) -> None:
        self.up[upward] = upward + 1
        self.down[downward] = downward - 1


def without_replacement(pool: Pool, neighbours: int, caliper: float | None, order: str) -> Sets:
    """Greedy: in `neighbours` rounds the treated choose in turn the nearest control of their cell that is still free."""
    start, end = segments(pool.treated, pool.control)
    down = reversed_ties(pool.control.cell, pool.control.score)
    score = pool.control.score
    widest = np.inf if caliper is None else caliper + SAME
    free = _Free()
    who, whom, how_far = [], [], []
    turn = [
        (int(nth), int(pool.before[nth]), int(start[nth]), int(end[nth]), float(pool.treated.score[nth]))
        for nth in queue(pool, order)
    ]
    for _ in range(neighbours):
        left = []
        for nth, place, first, last, own in turn:
            above, below = free.above(place), free.below(place - 1)
            up = round(abs(float(score[above]) - own), 12) if above < last else np.inf
            lower = int(down[below]) if below >= first else -1
            under = round(abs(float(score[lower]) - own), 12) if lower >= 0 else np.inf
            nearest = min(up, under)
            if nearest > widest or nearest == np.inf:
                continue
            taken = lower if under <= up else above
            free.take(taken, int(down[taken]))
            who.append(nth)
            whom.append(taken)
            how_far.append(nearest)
            left.append((nth, place, first, last, own))
        turn = left  # whoever found nobody finds nobody later: the free ones only get fewer
    treated, control, distance = np.array(who, dtype=np.int64), np.array(whom, dtype=np.int64), np.array(how_far)
    sorted_ = np.argsort(treated, kind="stable")
    return sets(treated[sorted_], control[sorted_], distance[sorted_])
