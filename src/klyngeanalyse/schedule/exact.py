"""Small seminars to the proven optimum: every pair in every slot as one integer programme."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from klyngeanalyse.schedule.bound import Relaxed
from klyngeanalyse.schedule.seminar import Floats, Ints, Seminar

SMALL = 1_500  # pairs x slots that both can
_NODES = {"node_limit": 2_000}


def small(one: Seminar) -> bool:
    return int((one.common & (one.tables > 0)).sum()) <= SMALL


def exact(one: Seminar) -> tuple[Ints, Relaxed] | None:
    """(m,) slots (-1: none) of the best timetable and its proven bound; None where branch and bound found none in time.

    First the fewest people without a first wish, then max Σ w y_ps with Σ_s y_ps <= 1, each person once a slot and at most
    `most` times, at most `tables` a slot.
    """
    pair, slot = np.nonzero(one.common & (one.tables > 0))
    who = np.flatnonzero(one.wishing)
    rows, limits = _rows(one, pair, slot, who)
    tail = np.append(np.zeros(len(pair)), np.ones(len(who)))
    first = _solved(tail, rows, limits)
    if first is None:
        return None
    allowed = round(float(tail @ first[0]))
    capped = sparse.vstack([rows, sparse.coo_array(tail[None, :])], format="csr")
    best = _solved(np.append(-one.weight[pair], np.zeros(len(who))), capped, np.append(limits, allowed))
    if best is None:
        return None
    found = np.full(len(one.weight), -1, dtype=np.int64)
    placed = np.flatnonzero(best[0][: len(pair)] > 0.5)
    found[pair[placed]] = slot[placed]
    fewest = max(0, int(np.ceil(first[1] - 1e-6)))
    nothing = np.zeros(len(one.people))
    return found, Relaxed(-best[1], fewest, allowed, found >= 0, nothing, 0.0)


def _rows(one: Seminar, pair: Ints, slot: Ints, who: Ints) -> tuple[sparse.csr_array, Floats]:
    m, n, slots, k = len(one.weight), len(one.people), len(one.slots), len(pair)
    left, right = one.pairs[pair].T
    blocks = [pair, m + left * slots + slot, m + right * slots + slot, m + n * slots + slot]
    blocks += [m + (n + 1) * slots + left, m + (n + 1) * slots + right]
    base = m + (n + 1) * slots + n
    nth = np.full(n, -1)
    nth[who] = np.arange(len(who))
    firsts = [(np.flatnonzero(one.first[pair, end]), one.pairs[pair, end]) for end in (0, 1)]
    row = np.concatenate([*blocks, *(base + nth[people[wish]] for wish, people in firsts), base + np.arange(len(who))])
    column = np.concatenate([*[np.arange(k)] * 6, *(wish for wish, _ in firsts), k + np.arange(len(who))])
    sign = np.ones(len(row))
    sign[6 * k :] = -1.0
    limits = np.concatenate([np.ones(m + n * slots), one.tables, one.most, -np.ones(len(who))]).astype(float)
    return sparse.csr_array((sign, (row, column)), shape=(base + len(who), k + len(who))), limits


def _solved(cost: Floats, rows: sparse.csr_array, limits: Floats) -> tuple[Floats, float] | None:
    found = milp(
        cost, constraints=LinearConstraint(rows, -np.inf, limits), integrality=1, bounds=Bounds(0, 1), options=_NODES
    )
    return None if found.x is None else (np.asarray(found.x), float(found.mip_dual_bound))
