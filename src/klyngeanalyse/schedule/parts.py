"""A tighter bound where a seminar falls into parts (two days, morning and afternoon): slots with the same people are one part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from klyngeanalyse.schedule.seminar import Floats, Ints, Seminar

MOST, LARGE = 4, 30_000  # parts, and pairs x parts; above this the linear programme takes longer than it is worth


@dataclass(frozen=True)
class Parted:
    """`bound` on every plan; `price` (n, S) and `table_price` (S,): what an hour of a person and a table are worth in each slot."""

    bound: float
    price: Floats
    table_price: Floats


def parted(one: Seminar) -> Parted | None:
    """max Σ w x_pg with Σ_g x_pg <= 1, a person in a part at most once a slot of it, at most `most` in all, tables of the part.

    Linear, so its optimum is above every plan. None where all slots are one part, or the parts are too many to be solved in time.
    """
    used = np.flatnonzero(one.tables > 0)
    kinds, part = np.unique(one.there[:, used], axis=1, return_inverse=True)
    part = part.ravel()
    could = kinds[one.pairs[:, 0]] & kinds[one.pairs[:, 1]]
    if not 2 <= kinds.shape[1] <= MOST or int(could.sum()) > LARGE:
        return None
    pair, group = np.nonzero(could)
    m, n, parts = len(one.weight), len(one.people), kinds.shape[1]
    slots_of = np.bincount(part, minlength=parts)
    held = np.bincount(part, weights=np.minimum(one.tables, one.there.sum(axis=0) // 2)[used], minlength=parts)
    ends = one.pairs[pair]
    base = m + n * parts
    blocks = [
        pair,
        *(m + ends[:, k] * parts + group for k in (0, 1)),
        base + group,
        *(base + parts + ends[:, k] for k in (0, 1)),
    ]
    row = np.concatenate(blocks)
    limits = np.concatenate([np.ones(m), np.tile(slots_of, n), held, one.most]).astype(float)
    rows = sparse.csr_array(
        (np.ones(len(row)), (row, np.tile(np.arange(len(pair)), len(blocks)))), (len(limits), len(pair))
    )
    found = linprog(-one.weight[pair], A_ub=rows, b_ub=limits, bounds=(0, None), method="highs")
    return _prices(one, found.ineqlin.marginals, float(-found.fun), used, part, parts) if found.status == 0 else None


def _prices(one: Seminar, marginals: Floats, bound: float, used: Ints, part: Ints, parts: int) -> Parted:
    m, n, slots = len(one.weight), len(one.people), len(one.slots)
    base = m + n * parts
    price, table_price = np.zeros((n, slots)), np.zeros(slots)
    price[:, used] = -marginals[m:base].reshape(n, parts)[:, part] - marginals[base + parts :][:, None]
    table_price[used] = -marginals[base : base + parts][part]
    return Parted(bound, price, table_price)
