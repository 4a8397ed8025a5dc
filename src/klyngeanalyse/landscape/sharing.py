"""How many members each pair of organisations shares, exactly, without a table of all pairs of memberships."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from klyngeanalyse.strengths.cells import Array

MOST_ADDED = 255  # so many ones fit in a byte
WIDE, NARROW, CELLS = (
    512,
    64,
    2**23,
)  # organisations counted side by side: a table of about 8 MB stays near the processor
PAIR_COST = 200  # listing one pair costs about as much as adding so many bytes
LUMP = 2**24  # pairs listed before equal ones are joined


def sharing(whose: Array, who: Array) -> tuple[Array, Array, Array]:
    """(first, second, shared) of all pairs of organisations with a shared member, in order; `whose` and `who` are places from 0, each
    membership once, sorted by organisation.

    Where companies are in few organisations, their pairs are listed and counted. Where they are in many, one byte a company and
    organisation is added up, an organisation's members at a time, 255 at most before the bytes are carried over.
    """
    linked = np.bincount(who)
    several = linked[who] > 1
    whose, who = whose[several], (np.cumsum(linked > 1) - 1)[who[several]]
    if not len(who):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    often = linked[linked > 1].astype(np.float64)
    pairs, count = float((often * (often - 1)).sum() / 2), int(whose[-1]) + 1
    if pairs * PAIR_COST <= len(who) * count / 2:
        return _listed(whose, who, count)
    return _added(whose, who, count, len(often))


def _listed(whose: Array, who: Array, count: int) -> tuple[Array, Array, Array]:
    """Every pair of every company, a lump at a time: each membership with those of the same company that follow it."""
    linked = who * count + whose
    linked.sort()
    who, whose = np.divmod(linked, count)
    kind = np.uint32 if count < 2**16 else np.int64  # half as wide, half the time to sort
    names = whose.astype(kind)
    follow = np.cumsum(np.bincount(who))[who] - np.arange(1, len(who) + 1)
    ends = np.cumsum(follow)
    cuts = [0, *np.searchsorted(ends, np.arange(LUMP, int(ends[-1]), LUMP)), len(who)]
    found, times = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for begin, end in pairwise(cuts):
        found, times = _joined(found, times, _following(names, follow[begin:end], begin, kind(count)))
    first, second = np.divmod(found.astype(np.int64), count)
    return first, second, times.astype(np.int32)


def _following(names: Array, follow: Array, begin: int, count: np.integer[Any]) -> Array:
    """Each of these memberships with the first, the second, ... that follows it, of those that as many follow."""
    at = np.flatnonzero(follow)
    left, at, listed, step = follow[at], at + begin, [], 1
    while len(at):
        listed.append(names[at] * count + names[at + step])
        step += 1
        more = left >= step
        at, left = at[more], left[more]
    return np.concatenate(listed) if listed else names[:0]


def _joined(found: Array, times: Array, more: Array) -> tuple[Array, Array]:
    """Distinct pairs and how often each was seen, with what was known before."""
    more.sort()
    fresh, again = _runs(more)
    if not len(found):
        return fresh, again
    both, weights = np.concatenate([found, fresh]), np.concatenate([times, again])
    order = np.argsort(both)
    every, _ = _runs(both[order])
    return every, np.add.reduceat(weights[order], np.searchsorted(both[order], every))


def _runs(ordered: Array) -> tuple[Array, Array]:
    """The distinct values of an ordered array with values and how often each is there."""
    begins = np.append(0, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1)[: len(ordered)]
    return ordered[begins], np.diff(begins, append=len(ordered))


def _added(whose: Array, who: Array, count: int, companies: int) -> tuple[Array, Array, Array]:
    starts = np.searchsorted(whose, np.arange(count + 1))
    width = int(np.clip(CELLS // companies, NARROW, WIDE))
    blocks = [range(at, min(at + width, count)) for at in range(0, count, width)]
    # one block after another: each step is so short that two threads wait for the interpreter longer than they save
    parts = [_block(whose, who, starts, firsts, companies) for firsts in blocks]
    first, second, shared = (np.concatenate(part) for part in zip(*parts, strict=True))
    return first, second, shared


def _block(whose: Array, who: Array, starts: Array, firsts: range, companies: int) -> tuple[Array, Array, Array]:
    """The pairs whose first organisation is in the range."""
    begin, count, wide = firsts.start, len(starts) - 1, len(firsts)
    own = slice(int(starts[begin]), int(starts[firsts.stop]))
    table = np.zeros((companies, wide), dtype=np.uint8)
    table[who[own], whose[own] - begin] = 1
    counts = np.zeros((count - begin, wide), dtype=np.int32)
    ends = starts.tolist()
    for other in range(begin + 1, count):
        for at in range(ends[other], ends[other + 1], MOST_ADDED):
            members = table.take(who[at : min(at + MOST_ADDED, ends[other + 1])], axis=0)
            counts[other - begin] += np.add.reduce(members, axis=0, dtype=np.uint8)
    shared = counts.T.copy()
    shared[np.tril_indices(wide)] = 0
    there = shared > 0
    second = np.broadcast_to(np.arange(begin, count), there.shape)[there]
    return np.repeat(np.arange(begin, firsts.stop), there.sum(1)), second, shared[there]
