"""Who sits at which table: as little walking as possible between meetings that follow each other."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from klyngeanalyse.schedule.seminar import Floats, Ints, Seminar

Fixed = dict[int, int]


def distances(one: Seminar) -> Floats:
    """(T, T) metres between tables, straight."""
    gap = one.spots[:, None, :] - one.spots[None, :, :]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))


def seated(one: Seminar, slot: Ints, fixed: Fixed | None = None, sweeps: int = 6) -> Ints:
    """(m,) the table of each pair that meets (-1 otherwise); `fixed` are tables of pairs that may not be moved.

    Slot after slot the cheapest assignment of meetings to tables given the slots before and after, until a sweep wins nothing.
    A break between two slots gives time to walk: nothing is counted over it.
    """
    table = np.full(len(slot), -1, dtype=np.int64)
    for pair, place in (fixed or {}).items():
        table[pair] = place
    apart = distances(one)
    last = np.inf
    for _ in range(sweeps):
        for nth in range(len(one.slots)):
            _seat_slot(one, slot, table, apart, nth, set(fixed or ()))
        now = walks(one, slot, table).sum()
        if now >= last - 1e-9:
            break
        last = now
    return table


def _seat_slot(one: Seminar, slot: Ints, table: Ints, apart: Floats, nth: int, fixed: set[int]) -> None:
    here = np.flatnonzero(slot == nth)
    moving = here[[pair not in fixed for pair in here.tolist()]] if len(here) else here
    if not len(moving):
        return
    taken = set(table[[pair for pair in here.tolist() if pair in fixed]].tolist())
    free = np.array([t for t in range(max(int(one.tables[nth]), 0)) if t not in taken], dtype=np.int64)
    cost = np.zeros((len(moving), len(free)))
    for near in (nth - 1, nth + 1):
        if 0 <= near < len(one.slots) and one.tables[near] > 0:
            sits = np.full(len(one.people), -1, dtype=np.int64)
            then = np.flatnonzero((slot == near) & (table >= 0))
            for end in (0, 1):
                sits[one.pairs[then, end]] = table[then]
            for end in (0, 1):
                before = sits[one.pairs[moving, end]]
                cost += np.where((before >= 0)[:, None], apart[np.maximum(before, 0)][:, free], 0.0)
    rows, columns = linear_sum_assignment(cost)
    table[moving[rows]] = free[columns]


def walks(one: Seminar, slot: Ints, table: Ints) -> Floats:
    """Metres of every walk between two meetings that follow each other without a break, person by person."""
    sits = np.full((len(one.people), len(one.slots)), -1, dtype=np.int64)
    met = np.flatnonzero(slot >= 0)
    for end in (0, 1):
        sits[one.pairs[met, end], slot[met]] = table[met]
    before, after = sits[:, :-1], sits[:, 1:]
    both = (before >= 0) & (after >= 0)
    return np.asarray(distances(one)[before[both], after[both]])
