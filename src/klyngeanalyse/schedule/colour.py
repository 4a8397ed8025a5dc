"""Edge colouring: the pairs of the bound into slots by Kempe chains (exact where two sides meet and all are there)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from klyngeanalyse.schedule.book import Book
from klyngeanalyse.schedule.seminar import Bools, Floats, Seminar


def coloured(one: Seminar, chosen: Bools, worth: Floats) -> Book:
    """A book with as many of the chosen pairs as chains can place, the worthiest first, then whatever else still fits."""
    book = Book(one)
    order = np.lexsort((np.arange(len(worth)), -worth)).tolist()
    for pair in order:
        if chosen[pair]:
            book.insert(pair, crowd=True)
    _within_tables(book, worth)
    fill(book, order)
    return book


def _within_tables(book: Book, worth: Floats) -> None:
    """Evens the slots out; where chains cannot, the least worth leaves."""
    for slot, room in enumerate(book.room):
        while book.held[slot] > room and book.relieve(slot):
            pass
        if book.held[slot] > room:
            here = sorted({at[slot] for at in book.at if at[slot] >= 0}, key=lambda pair: (worth[pair], pair))
            for pair in here[: book.held[slot] - room]:
                book.take(pair)


def fill(book: Book, order: Sequence[int], longest: int = 1 << 30) -> None:
    """Tries every pair that has no slot, in the order given, while there is a table left."""
    left = sum(book.room) - sum(book.held)
    for pair in order:
        if left <= 0:
            return
        if book.slot[pair] < 0 and book.insert(pair, longest=longest):
            left -= 1
