"""The timetable: a b-matching for the bound, colouring or priced rounds for the slots, exact polish, then tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.schedule.book import Book
from klyngeanalyse.schedule.bound import Relaxed, lacking, relaxed
from klyngeanalyse.schedule.colour import coloured
from klyngeanalyse.schedule.exact import exact, small
from klyngeanalyse.schedule.results import Timetable, timetable
from klyngeanalyse.schedule.rounds import in_rounds, polish
from klyngeanalyse.schedule.seminar import Bools, Floats, Ints, Seminar
from klyngeanalyse.schedule.walking import seated

GOOD = 0.999  # of the bound: no need of rounds or polish
SWEEPS = 3


def plan(one: Seminar, progress: Progress = silent) -> Timetable:
    """The timetable of a seminar with its proven bound.

    First as few people without a first wish as can be, then the highest sum of weights. Two sides that are all there in every
    slot with equal tables reach the bound (König); otherwise the gap says how much could at most be missing. Deterministic: the
    same seminar gives the same timetable, whatever the order of the rows was.

    >>> from klyngeanalyse.schedule.seminar import seminar
    >>> made = plan(seminar([("a", "x", 2), ("a", "y", 1), ("b", "x", 1), ("b", "y", 2)], slots=2))
    >>> made.value, made.bound, made.n_without_first_wish
    (6.0, 6.0, 0)
    """
    progress(0, 4, "bound")
    bound = relaxed(one)
    slot, bound = _placed(one, bound, progress)
    progress(3, 4, "tables")
    return timetable(one, slot, seated(one, slot), proven(one, bound, slot >= 0))


def _placed(one: Seminar, bound: Relaxed, progress: Progress) -> tuple[Ints, Relaxed]:
    worth = _worth(one, bound)
    goal = float(worth[bound.chosen].sum())
    progress(1, 4, "slots")
    book = coloured(one, bound.chosen, worth)
    if _value(book, worth) >= goal - 1e-9:
        return book.slots(), bound
    if small(one) and (best := exact(one)):
        return best
    if _short(one, book, bound):
        book = max((book, in_rounds(one, bound, worth)), key=lambda made: (-_lacking(one, made), _value(made, worth)))
    progress(2, 4, "polish")
    if _short(one, book, bound):
        polish(one, book, worth, _near(one, bound, worth), goal, SWEEPS)
    if _lacking(one, book) > bound.fewest:
        insist(one, book, worth)
    return book.slots(), bound


def proven(one: Seminar, bound: Relaxed, met: Bools) -> Relaxed:
    """The bound that holds for this timetable: a new one where it leaves more people without a first wish than the first allowed."""
    without = len(lacking(one, met))
    if without <= bound.allowed:
        return bound
    again = relaxed(one, without)
    return replace(again, fewest=max(bound.fewest, again.fewest))


def _worth(one: Seminar, bound: Relaxed) -> Floats:
    """Weights with so much on top of the first wishes that the bound grants that no other meeting outweighs them."""
    granted = np.zeros(len(one.weight))
    for end in (0, 1):
        firsts = np.flatnonzero(bound.chosen & one.first[:, end])
        granted[firsts[np.unique(one.pairs[firsts, end], return_index=True)[1]]] += 1.0
    return np.asarray(one.weight + 4.0 * one.weight.max(initial=0.0) * granted)


def _near(one: Seminar, bound: Relaxed, worth: Floats) -> Bools:
    reduced = worth - bound.price[one.pairs].sum(axis=1) - bound.table_price
    return np.asarray(reduced >= -0.25 * one.weight.max(initial=0.0))


def _value(book: Book, worth: Floats) -> float:
    return float(worth[book.slots() >= 0].sum())


def _short(one: Seminar, book: Book, bound: Relaxed) -> bool:
    """Whether there is something left to win that is worth the time."""
    return _lacking(one, book) > bound.fewest or _value(book, one.weight) < GOOD * bound.bound


def _lacking(one: Seminar, book: Book) -> int:
    return len(lacking(one, book.slots() >= 0))


def insist(one: Seminar, book: Book, worth: Floats) -> None:
    """Gives people without a first wish one, where that takes no other person's only first wish; what is pushed out is tried elsewhere."""
    for person in lacking(one, book.slots() >= 0).tolist():
        wanted = [
            pair
            for end in (0, 1)
            for pair in np.flatnonzero(one.first[:, end] & (one.pairs[:, end] == person)).tolist()
        ]
        before = _lacking(one, book)
        for pair in wanted:
            if book.insert(pair) or _pushed_in(one, book, worth, pair, before):
                break


def _pushed_in(one: Seminar, book: Book, worth: Floats, pair: int, before: int) -> bool:
    """Tries the slots from the one that costs least; keeps the first after which fewer people lack a first wish than `before`."""
    common = np.flatnonzero(one.common[pair] & (np.array(book.room) > 0)).tolist()
    for slot in sorted(common, key=lambda s: (sum(worth[out] for out in _in_the_way(book, worth, pair, s)), s)):
        out = _in_the_way(book, worth, pair, slot)
        stood = list(book.slot)
        for other in out:
            book.take(other)
        book.put(pair, slot)
        for other in out:
            book.insert(other)
        if _lacking(one, book) < before:
            return True
        for other in np.flatnonzero(book.slots() >= 0).tolist():
            book.take(other)
        for other, place in enumerate(stood):
            if place >= 0:
                book.put(other, place)
    return False


def _in_the_way(book: Book, worth: Floats, pair: int, slot: int) -> list[int]:
    """The pairs that must leave for `pair` to meet in `slot`: those of its two people then, of a full day, of a full slot."""
    ends = (book.left[pair], book.right[pair])
    out = {book.at[end][slot] for end in ends} - {-1}
    for end in ends:
        if book.rest[end] <= 0 and not any(end in (book.left[gone], book.right[gone]) for gone in out):
            out.add(min((other for other in book.at[end] if other >= 0), key=lambda other: (worth[other], other)))
    if book.held[slot] - sum(book.slot[gone] == slot for gone in out) >= book.room[slot]:
        here = {at[slot] for at in book.at if at[slot] >= 0} - out
        out.add(min(here, key=lambda other: (worth[other], other)))
    return sorted(out)


def stands(one: Seminar, meetings: dict[tuple[str, str], tuple[str, str]]) -> tuple[Ints, dict[int, int]]:
    """Meetings by names as slots (m,) and tables, those left out that this seminar no longer allows."""
    number = {name: nth for nth, name in enumerate(one.people)}
    slot_of = {name: nth for nth, name in enumerate(one.slots)}
    table_of = {name: nth for nth, name in enumerate(one.table_names)}
    pair_of = {tuple(pair): nth for nth, pair in enumerate(one.pairs.tolist())}
    slot = np.full(len(one.weight), -1, dtype=np.int64)
    table: dict[int, int] = {}
    for (who, whom), (when, where) in sorted(meetings.items()):
        pair = pair_of.get((number.get(who, -1), number.get(whom, -1)))
        then = slot_of.get(when, -1)
        if pair is None or then < 0 or not one.common[pair, then]:
            continue
        slot[pair] = then
        if where in table_of and table_of[where] < one.tables[then]:
            table[pair] = table_of[where]
    return slot, table
