"""The proven bound: a b-matching that forgets which slot is which; no timetable can be worth more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from klyngeanalyse.schedule.seminar import Bools, Floats, Ints, Seminar

EXACT_UP_TO = 20_000  # pairs; above this the linear relaxation alone, which is a bound as well


@dataclass(frozen=True)
class Relaxed:
    """`bound` on the value of plans that leave at most `allowed` people without a first wish; no plan leaves fewer than `fewest`.

    `chosen` (m,) are the pairs of the relaxed optimum, `price` (n,) and `table_price` its duals: what one more meeting of a person and
    one more table would be worth.
    """

    bound: float
    fewest: int
    allowed: int
    chosen: Bools
    price: Floats
    table_price: float


def capacity(one: Seminar) -> tuple[Ints, int]:
    """How many meetings each person can have, and how many the tables and the pairs of people present can hold."""
    rest = np.minimum(one.most, (one.there & (one.tables > 0)).sum(axis=1))
    held = np.minimum(one.tables, one.there.sum(axis=0) // 2).sum()
    return rest, int(held)


def relaxed(one: Seminar, without: int | None = None) -> Relaxed:
    """max Σ w x over x in {0,1}: Σ of a person's x <= that person's capacity, Σ x <= all tables, first wishes as far as possible.

    Every timetable gives such an x (slots forgotten), so its optimum, or the dual bound where branch and bound stops early, is an
    upper bound. `without`: how many people may stay without a first wish; by default as few as the relaxation allows.
    """
    limits, rows = _rows(one)
    if not len(one.weight):
        return Relaxed(0.0, 0, len(one.people), np.zeros(0, dtype=bool), np.zeros(len(one.people)), 0.0)
    prices = linprog(-one.weight, A_ub=rows, b_ub=limits, bounds=(0, 1), method="highs")
    duals = -prices.ineqlin.marginals
    chosen, best = _best(one, rows, limits, 0)
    bound = float(-prices.fun) if best is None else best
    fewest, allowed = 0, len(one.people)
    if len(lacking(one, chosen)) > (without or 0):
        fewest = _fewest(one, rows, limits)
        chosen, bound, allowed = _fair(one, rows, limits, max(fewest, without or 0))
    return Relaxed(min(bound, float(-prices.fun)), fewest, allowed, chosen, duals[:-1], float(duals[-1]))


def _rows(one: Seminar) -> tuple[Floats, sparse.csr_array]:
    m, n = len(one.weight), len(one.people)
    rest, held = capacity(one)
    ends = sparse.coo_array((np.ones(2 * m), (one.pairs.T.ravel(), np.tile(np.arange(m), 2))), shape=(n, m))
    rows = sparse.vstack([ends, sparse.coo_array(np.ones((1, m)))], format="csr")
    return np.append(rest, held).astype(float), rows


def lacking(one: Seminar, chosen: Bools) -> Ints:
    """The people who have a first wish that could come true and none that does."""
    met = np.zeros(len(one.people), dtype=bool)
    for end in (0, 1):
        met[one.pairs[chosen & one.first[:, end], end]] = True
    return np.flatnonzero(one.wishing & ~met)


def _with_first(one: Seminar, rows: sparse.csr_array) -> tuple[sparse.csr_array, Ints]:
    """The rows with one more column a person with a first wish (1: stays without), and the rows that say Σ first x + without >= 1."""
    m, who = len(one.weight), np.flatnonzero(one.wishing)
    nth = np.full(len(one.people), -1)
    nth[who] = np.arange(len(who))
    row = np.concatenate([nth[one.pairs[one.first[:, end], end]] for end in (0, 1)])
    column = np.concatenate([np.flatnonzero(one.first[:, end]) for end in (0, 1)])
    firsts = sparse.coo_array((np.ones(len(row)), (row, column)), shape=(len(who), m))
    least = sparse.hstack([firsts, sparse.eye_array(len(who))])
    wide = sparse.hstack([rows, sparse.coo_array((rows.shape[0], len(who)))])
    return sparse.vstack([wide, -least], format="csr"), who


def _fewest(one: Seminar, rows: sparse.csr_array, limits: Floats) -> int:
    wide, who = _with_first(one, rows)
    cost = np.append(np.zeros(len(one.weight)), np.ones(len(who)))
    found = milp(
        cost, constraints=LinearConstraint(wide, -np.inf, np.append(limits, -np.ones(len(who)))), integrality=1,
        bounds=Bounds(0, 1), options={"node_limit": 200},
    )  # fmt: skip
    return max(0, int(np.ceil(found.mip_dual_bound - 1e-6)))


def _fair(one: Seminar, rows: sparse.csr_array, limits: Floats, allowed: int) -> tuple[Bools, float, int]:
    """The optimum with at most `allowed` people without a first wish, or with the fewest more that a b-matching can reach."""
    wide, who = _with_first(one, rows)
    tail = sparse.coo_array(np.append(np.zeros(len(one.weight)), np.ones(len(who)))[None, :])
    stacked = sparse.vstack([wide, tail], format="csr")
    for more in range(allowed, len(who) + 1):
        found, bound = _best(one, stacked, np.concatenate([limits, -np.ones(len(who)), [float(more)]]), len(who))
        if bound is not None:
            return found, bound, more
    raise RuntimeError("everybody without a first wish must be possible")


def _best(one: Seminar, rows: sparse.csr_array, limits: Floats, extra: int) -> tuple[Bools, float | None]:
    """The best choice of pairs that was found and the proven bound on it; no bound where no choice is possible."""
    m = len(one.weight)
    cost = np.append(-one.weight, np.zeros(extra))
    whole = 1 if m <= EXACT_UP_TO else 0
    found = milp(
        cost, constraints=LinearConstraint(rows, -np.inf, limits), integrality=whole, bounds=Bounds(0, 1),
        options={"node_limit": 200},
    )  # fmt: skip
    if found.status == 2:
        return np.zeros(m, dtype=bool), None
    bound = float(-found.mip_dual_bound) if whole else float(-found.fun)
    return np.zeros(m, dtype=bool) if found.x is None else np.asarray(found.x[:m] > 0.5), bound
