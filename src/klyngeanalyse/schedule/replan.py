"""When somebody cancels: what still can stand stands, and the hours that were freed are given to others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.schedule.book import Book
from klyngeanalyse.schedule.bound import relaxed
from klyngeanalyse.schedule.colour import fill
from klyngeanalyse.schedule.plan import proven, stands
from klyngeanalyse.schedule.results import Timetable, timetable
from klyngeanalyse.schedule.seminar import Ints, Pair, Seminar
from klyngeanalyse.schedule.walking import seated

Meetings = dict[Pair, tuple[str, str]]


@dataclass(frozen=True)
class Replanned(Timetable):
    """A timetable after a change: how many meetings were kept, moved to another slot, lost and won."""

    n_kept: int
    n_moved: int
    n_lost: int
    n_new: int


def replan(one: Seminar, earlier: Meetings, moves: int = 0, progress: Progress = silent) -> Replanned:
    """The earlier meetings in the changed seminar `one` (people gone, fewer slots or tables, new vetoes, new wishes).

    Meetings that the change does not forbid keep slot and table. The freed hours go to wishes that were not met: first the
    heaviest set that needs nobody to move (exact), then, with `moves` > 0, pairs that need up to so many moves in all.
    """
    progress(0, 3, "what stands")
    known = set(earlier)
    if not known:
        raise Unfit("no earlier meetings", mend="give the meetings of the earlier plan")
    slot, table = stands(one, earlier)
    book = _kept(one, slot)
    kept = book.slots()
    progress(1, 3, "fill")
    _fill_freed(one, book)
    order = np.lexsort((np.arange(len(one.weight)), -one.weight)).tolist()
    _with_moves(book, order, kept, moves)
    fill(book, order, longest=0)
    now = book.slots()
    fixed = {pair: place for pair, place in table.items() if now[pair] >= 0 and now[pair] == slot[pair]}
    progress(2, 3, "bound")
    made = timetable(one, now, seated(one, now, _unshared(fixed, now)), proven(one, relaxed(one), now >= 0))
    return _counted(one, earlier, made)


def _kept(one: Seminar, slot: Ints) -> Book:
    """The meetings that can stand; where a slot or a person now has too little room, the lightest leave."""
    book = Book(one)
    for pair in np.lexsort((np.arange(len(slot)), -one.weight)).tolist():
        then = int(slot[pair])
        if then < 0 or book.held[then] >= book.room[then]:
            continue
        ends = (book.left[pair], book.right[pair])
        if all(book.rest[end] > 0 and book.at[end][then] < 0 and book.there[end][then] for end in ends):
            book.put(pair, then)
    return book


def _fill_freed(one: Seminar, book: Book) -> None:
    """max Σ w y over pairs without a place and slots where both are free: exact, nobody moves."""
    m, slots, people = len(one.weight), len(one.slots), len(one.people)
    open_hours = np.array([[at < 0 for at in row] for row in book.at]) & np.array(book.there)
    open_hours &= (np.array(book.room) > np.array(book.held)) & (np.array(book.rest)[:, None] > 0)
    could = open_hours[one.pairs[:, 0]] & open_hours[one.pairs[:, 1]] & (book.slots() < 0)[:, None]
    pair, slot = np.nonzero(could)
    if not len(pair):
        return
    ends = one.pairs[pair]
    blocks = [pair, *(m + ends[:, k] * slots + slot for k in (0, 1)), m + people * slots + slot]
    blocks += [m + people * slots + slots + ends[:, k] for k in (0, 1)]
    where = np.concatenate(blocks)
    limits = np.concatenate(
        [np.ones(m + people * slots), np.array(book.room) - np.array(book.held), np.array(book.rest)]
    )
    rows = sparse.csr_array(
        (np.ones(len(where)), (where, np.tile(np.arange(len(pair)), len(blocks)))), (len(limits), len(pair))
    )
    used = np.unique(where)
    found = milp(
        -one.weight[pair], constraints=LinearConstraint(rows[used], -np.inf, limits[used]), integrality=1,
        bounds=Bounds(0, 1), options={"node_limit": 200},
    )  # fmt: skip
    if found.x is not None:
        for nth in np.flatnonzero(found.x > 0.5).tolist():
            book.put(int(pair[nth]), int(slot[nth]))


def _with_moves(book: Book, order: list[int], kept: Ints, moves: int) -> None:
    left = moves
    for pair in order:
        if left <= 0:
            return
        before = book.slots()
        if book.slot[pair] < 0 and book.insert(pair, longest=left):
            left -= int(((before != book.slots()) & (kept >= 0) & (before >= 0)).sum())


def _unshared(fixed: dict[int, int], slot: Ints) -> dict[int, int]:
    """Tables that only one meeting of the slot claims (a table that was renamed or removed may be claimed twice)."""
    claimed: dict[tuple[int, int], int] = {}
    for pair, table in sorted(fixed.items()):
        claimed.setdefault((int(slot[pair]), table), pair)
    return {pair: table for (_, table), pair in claimed.items()}


def _counted(one: Seminar, earlier: Meetings, made: Timetable) -> Replanned:
    now = made.pairs()
    both = set(earlier) & set(now)
    moved = sum(earlier[pair][0] != now[pair][0] for pair in both)
    fields = {name: getattr(made, name) for name in Timetable.__dataclass_fields__}
    return Replanned(
        **fields, n_kept=len(both) - moved, n_moved=moved, n_lost=len(set(earlier) - both), n_new=len(set(now) - both)
    )
