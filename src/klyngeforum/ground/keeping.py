"""What was read or counted is kept until somebody acts on what it rests on: the trail's acts name the state of everything recorded.

Every change of a record leaves an act, so nothing kept can be older than what stands. Kept in the process, so each worker counts once;
of several readers who want the same at the same time one makes it and the others wait for that. A value names what it rests on, or is
watched while it is made: what it reads and what kept values it uses.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock, local
from typing import Any, TypeVar, cast

from django.db import connection

from .trail.queries import newest_since

Kept = TypeVar("Kept")
MOST_BYTES = 96 * 1024 * 1024
_SMALL = 4096  # what a counted value is taken to weigh
_WAIT = 20  # seconds: then who waits makes it alone
_READS = re.compile(r'(?:FROM|JOIN)\s+"(\w+)"')


@dataclass(frozen=True, slots=True)
class Own:
    """Whose value it is: of ``things``, whose acts name the body that they are of or nobody, only what these bodies did matters to it."""

    things: frozenset[str]
    bodies: frozenset[int]


Use = tuple[Callable[[], object], object]  # how a kept value is asked for, and what it was
Rests = tuple[frozenset[str], Own | None]  # things (none named: all), narrowed to whose


class _Trail:
    """The newest act seen, and the newest of each kind of thing and body; another history (a restored database, an undone transaction)
    starts anew."""

    def __init__(self) -> None:
        self.turn = 0
        self.start()

    def start(self) -> None:
        self.newest, self.hash, self.floor, self.turn = 0, "", 0, self.turn + 1
        self.of: dict[str, int] = {}
        self.whose: dict[tuple[str, int | None], int] = {}

    def read(self) -> None:
        rows = newest_since(self.newest)
        if self.newest and (not rows or rows[0][0] != self.newest or rows[0][1] != self.hash):
            self.start()
            rows = newest_since(0)
        if not self.newest:
            self.floor = rows[-1][0] if rows else 0
        for pk, _, thing, body in rows[1:] if self.newest else ():
            self.of[thing] = self.whose[thing, body] = pk
        if rows:
            self.newest, self.hash, *_ = rows[-1]

    def latest(self, rests: Rests) -> int:
        """The newest act that matters to a value that rests so."""
        things, own = rests
        if own is None:
            return max(self.of.get(thing, self.floor) for thing in things) if things else self.newest
        shared = (things or self.of.keys()) - own.things
        acts = [self.of.get(thing, self.floor) for thing in shared]
        theirs = own.things & things if things else own.things
        acts += [self.whose.get((thing, body), self.floor) for thing in theirs for body in (None, *own.bodies)]
        return max(acts, default=self.floor)


class _Look(local):
    """Whether this thread is making one reader's page, and has asked the trail for it; what the value that it makes rests on so far (None:
    nobody wants to know), and whose records it reads."""

    on, asked = False, False
    rests: set[Rests] | None = None
    uses: list[Use] | None = None
    own: Own | None = None
    passing = False


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value, and up to which act of which history it knows what it rests on."""

    turn: int
    seen: int
    rests: frozenset[Rests]
    value: object
    weight: int
    uses: tuple[Use, ...] = ()
    passing: bool = False  # it uses what was counted earlier: whether that has come out anew is asked every time

    def stands(self) -> bool:
        return self.turn == _trail.turn and all(_trail.latest(one) <= self.seen for one in self.rests)


_trail = _Trail()
_look = _Look()
_kept: OrderedDict[Hashable, _Entry] = OrderedDict()
_making: dict[Hashable, Lock] = {}
_lock = Lock()
_bytes = 0


def kept(
    key: Hashable,
    make: Callable[[], Kept],
    *,
    of: frozenset[str] = frozenset(),
    own: Own | None = None,
    same: bool = False,
    weigh: Callable[[Kept], int] = lambda _: _SMALL,
) -> Kept:
    """What ``make`` gave for the key, made anew when somebody has acted since. Not for values that are changed after they were made.

    ``of`` names the things (as the trail calls them) that the value rests on: acts on others leave it standing; empty means all.
    ``own`` narrows some of those things to what certain bodies did. ``same``: a page that uses the value stands while it comes out the same
    (for what is cheap to ask again and to compare, and whose ``make`` holds nothing of one reader).
    ``weigh`` says how many bytes a value takes; what was not asked for longest goes first when the room is full.
    """

    def told(turn: int, seen: int) -> _Entry:
        with _watched(None):
            value = make()
        return _Entry(turn, seen, frozenset({(of, own)}), value, weigh(value))

    value = cast(Kept, _asked(key, told))
    if same and _look.uses is not None:
        _look.uses.append((lambda: kept(key, make, of=of, own=own, weigh=weigh), value))
    elif _look.rests is not None:
        _look.rests.add((of, own))
    return value


def kept_as_read(
    key: Hashable,
    make: Callable[[], Kept],
    *,
    things_of: Callable[[str], frozenset[str] | None],
    always: frozenset[str],
    weigh: Callable[[Kept], int],
) -> Kept:
    """The same, where nobody says what the value rests on: on the kept values that it uses and the tables that it reads.

    ``things_of`` says on what things the acts are that change a table (empty: on any; None: no act matters); ``always`` are things that it
    rests on without reading a table.
    """

    def read(turn: int, seen: int) -> _Entry:
        rests: set[Rests] = {(always, None)}
        uses: list[Use] = []

        def noting(execute: Callable[..., Any], sql: str, params: object, many: bool, context: object) -> Any:
            if _look.rests is not None:
                for table in _tables(sql):
                    if (things := things_of(table)) is not None:
                        _look.rests.add((things, _look.own))
            return execute(sql, params, many, context)

        with _watched(rests, uses), connection.execute_wrapper(noting):
            value = make()
            older = _look.passing
        return _Entry(turn, seen, frozenset(rests), value, weigh(value), tuple(uses), older)

    return cast(Kept, _asked(key, read))


def reads_only(own: Own) -> None:
    """From here on the page that is made reads, of the things that are somebody's own, these bodies' alone."""
    _look.own = own


def at_hand(key: Hashable) -> bool:
    """Whether a value is kept for the key, and stands."""
    return _standing(key)[0] is not None


def using(ask: Callable[[], object], value: object, *, passing: bool) -> None:
    """The page that is made uses the value and stands while it comes out the same; ``passing``: it may come out anew without an act."""
    if _look.uses is not None:
        _look.uses.append((ask, value))
        _look.passing = _look.passing or passing


@contextmanager
def unnoticed() -> Iterator[None]:
    """What is read now says nothing of what the page that is made rests on."""
    with _watched(None):
        yield


@lru_cache(maxsize=4096)
def _tables(sql: str) -> frozenset[str]:
    return frozenset(_READS.findall(sql))


@contextmanager
def _watched(rests: set[Rests] | None, uses: list[Use] | None = None) -> Iterator[None]:
    before = _look.rests, _look.uses, _look.own, _look.passing
    _look.rests, _look.uses, _look.own, _look.passing = rests, uses, None, False
    try:
        yield
    finally:
        _look.rests, _look.uses, _look.own, _look.passing = before


def _asked(key: Hashable, make: Callable[[int, int], _Entry]) -> object:
    found, turn, seen = _standing(key)
    if found is not None and (not found.uses or _as_before(key, found, turn, seen)):
        return found.value
    with _alone(key):
        found, turn, seen = _standing(key)  # what is done from here on is not seen
        if found is None or (found.uses and not _as_before(key, found, turn, seen)):
            found = make(turn, seen)
            _put(key, found)
        return found.value


def _as_before(key: Hashable, entry: _Entry, turn: int, seen: int) -> bool:
    """Whether what the value uses comes out the same; asked once for each act. It is known up to the act at which it was found to stand: one
    that another reader has heard of since may be on what it rests on."""
    if entry.seen < seen or entry.passing:
        with _watched(None):
            if any(ask() != value for ask, value in entry.uses):
                return False
        _put(key, replace(entry, turn=turn, seen=seen))
    return True


def _standing(key: Hashable) -> tuple[_Entry | None, int, int]:
    """What stands for the key, and the history and act up to which the trail was asked."""
    with _lock:
        if not (_look.on and _look.asked):
            with _watched(None):
                _trail.read()
            _look.asked = True
        found = _kept.get(key)
        if found is None or not found.stands():
            return None, _trail.turn, _trail.newest
        _kept.move_to_end(key)
        return found, _trail.turn, _trail.newest


@contextmanager
def one_look() -> Iterator[None]:
    """While one reader's page is made, which acts on nothing, the trail is asked once: all of the page is of one state, and a page of a
    hundred kept numbers does not ask a hundred times."""
    before = _look.on, _look.asked
    _look.on, _look.asked = True, False
    try:
        yield
    finally:
        _look.on, _look.asked = before


@contextmanager
def _alone(key: Hashable) -> Iterator[None]:
    """One maker a key at a time; nobody waits for ever."""
    with _lock:
        turn = _making.setdefault(key, Lock())
    got = turn.acquire(timeout=_WAIT)
    try:
        yield
    finally:
        if got:
            turn.release()
        with _lock:
            if not turn.locked():
                _making.pop(key, None)


def _put(key: Hashable, entry: _Entry) -> None:
    global _bytes
    with _lock:
        before = _kept.pop(key, None)
        _kept[key] = entry
        _bytes += entry.weight - (before.weight if before else 0)
        while _bytes > MOST_BYTES:
            _, gone = _kept.popitem(last=False)
            _bytes -= gone.weight


def forget() -> None:
    """Keep nothing: for a process that changes to another database."""
    global _bytes
    with _lock:
        _kept.clear()
        _trail.start()
        _bytes = 0
