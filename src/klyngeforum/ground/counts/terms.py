"""A heavy count, and what a reader is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")

PATIENCE = timedelta(minutes=5)  # a count that nobody has made for so long the reader makes
LEASE = timedelta(minutes=2)  # a worker that has not handed in its count for so long is taken for dead
SURELY = 4  # times the limit: less is measured again each time
FAR = 200  # acts that the next start may have to make up for
MOST = 60  # counts stored


@dataclass(frozen=True, slots=True)
class Heavy(Generic[Value]):
    """A count of a day that rests on things as the trail calls them. ``amend`` gives it anew from what it was up to an act, None where that
    is no less work; ``needs`` is the module that counts; ``same``: see ``keeping.kept``."""

    name: str
    of: frozenset[str]
    make: Callable[[date], Value]
    weigh: Callable[[Value], int]
    amend: Callable[[date, Value, int], Value | None] | None = None
    needs: str = ""
    same: bool = False


@dataclass(frozen=True, slots=True)
class Told(Generic[Value]):
    """``counted_at`` is None where the value holds everything that was done; else when it was counted: somebody has acted since, and it is
    being counted anew."""

    counted_at: datetime | None
    value: Value
