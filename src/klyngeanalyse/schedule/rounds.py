"""Slot by slot: an exact matching in each slot at prices from the bound, for seminars where people are away now and then."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from klyngeanalyse.schedule.book import Book
from klyngeanalyse.schedule.bound import Relaxed
from klyngeanalyse.schedule.colour import fill
from klyngeanalyse.schedule.seminar import Bools, Floats, Ints, Seminar

NEAR = 0.01  # of the heaviest pair: pairs whose reduced cost is worse than this never pay


def matching(worth: Floats, pairs: Ints, rest: Ints, tables: int) -> Ints:
    """The rows of `pairs` of a heaviest matching with at most `tables` pairs and nobody whose `rest` is 0."""
    m = len(worth)
    if not m or tables <= 0:
        return np.zeros(0, dtype=np.int64)
    people, ends = np.unique(pairs, return_inverse=True)
    rows = sparse.csr_array(
        (
            np.ones(3 * m),
            (np.concatenate([ends.reshape(-1, 2).T.ravel(), np.full(m, len(people))]), np.tile(np.arange(m), 3)),
        ),
        shape=(len(people) + 1, m),
    )
    limits = np.append(np.minimum(rest[people], 1), tables).astype(float)
    found = milp(
        -worth, constraints=LinearConstraint(rows, -np.inf, limits), integrality=1, bounds=Bounds(0, 1),
        options={"node_limit": 20, "mip_rel_gap": 1e-4},
    )  # fmt: skip
    return np.zeros(0, dtype=np.int64) if found.x is None else np.flatnonzero(found.x > 0.5)


def in_rounds(one: Seminar, bound: Relaxed, worth: Floats) -> Book:
    """A book filled slot by slot, the emptiest slot first.

    A person's hour perishes with the slot, so it counts at its full price; what a pair is worth above both prices can be had
    in any of the slots that are left to it, so only 1/left of that counts now: w' = p + (w - p) / left with p the prices.
    """
    book = Book(one)
    room = np.array(book.room)
    common = one.common & (room > 0)
    left = common.sum(axis=1)
    price = bound.price[one.pairs].sum(axis=1) + bound.table_price
    surplus = worth - price
    near = surplus >= -NEAR * one.weight.max()
    present = one.there & (room > 0)
    rest, hours = one.most.copy(), present.sum(axis=1)
    for slot in np.argsort(np.minimum(one.there.sum(axis=0), 2 * room), kind="stable").tolist():
        could = np.flatnonzero(near & common[:, slot] & (book.slots() < 0))
        could = could[(rest[one.pairs[could]] > 0).all(axis=1)]
        perish = np.minimum(1.0, rest / np.maximum(hours, 1))[one.pairs[could]]
        now = (bound.price[one.pairs[could]] * perish).sum(axis=1) + bound.table_price
        score = np.minimum(surplus[could], 0) + now + np.maximum(surplus[could], 0) / left[could]
        for pair in could[matching(score, one.pairs[could], rest, int(room[slot]))].tolist():
            book.put(pair, slot)
        left -= common[:, slot]
        hours -= present[:, slot]
        rest = np.array(book.rest)
    fill(book, np.lexsort((np.arange(len(worth)), -worth)).tolist())
    return book


def polish(one: Seminar, book: Book, worth: Floats, near: Bools, goal: float, sweeps: int) -> None:
    """Matches each slot anew against every pair without a place, exactly; what falls out is tried elsewhere by chains.

    A slot is only changed when it gains, so the value never falls; stops at `goal` or when a sweep changes nothing.
    """
    order = np.lexsort((np.arange(len(worth)), -worth)).tolist()
    common = one.common
    for _ in range(sweeps):
        changed = False
        for slot in sorted(range(len(book.room)), key=lambda s: (book.held[s] - book.room[s], s)):
            changed |= _anew(one, book, worth, near & common[:, slot], slot)
        fill(book, order)
        if not changed or worth[book.slots() >= 0].sum() >= goal - 1e-9:
            return


def _anew(one: Seminar, book: Book, worth: Floats, near: Bools, slot: int) -> bool:
    stands = book.slots()
    here = np.flatnonzero(stands == slot)
    could = np.flatnonzero((stands == slot) | ((stands < 0) & near))
    rest = np.array(book.rest)
    np.add.at(rest, one.pairs[here].ravel(), 1)
    found = could[matching(worth[could], one.pairs[could], rest, book.room[slot])]
    if worth[found].sum() <= worth[here].sum() + 1e-9:
        return False
    out, new = sorted(set(here.tolist()) - set(found.tolist()), key=lambda pair: (-worth[pair], pair)), found.tolist()
    for pair in here.tolist():
        book.take(pair)
    for pair in new:
        book.put(pair, slot)
    for pair in out:
        book.insert(pair)
    return True
