"""What was read or counted is kept until somebody acts: the trail's acts name the state of everything recorded.

Every change of a record leaves an act, so nothing kept can be older than what stands. Kept in the process, so each worker counts once;
of several readers who want the same at the same time one makes it and the others wait for that.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, local
from typing import TypeVar, cast

from .trail.queries import newest_since

Kept = TypeVar("Kept")
State = tuple[int, int]
MOST_BYTES = 96 * 1024 * 1024
_SMALL = 4096  # what a counted value is taken to weigh
_WAIT = 20  # seconds: then who waits makes it alone


@dataclass(frozen=True, slots=True)
class Own:
    """Whose value it is: of ``things``, whose acts name the body that they are of or nobody, only what these bodies did matters to it."""

    things: frozenset[str]
    bodies: frozenset[int]


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

    def state(self, things: frozenset[str], own: Own | None) -> State:
        """The newest act that matters to a value of these things (none named: of all)."""
        if own is None:
            return self.turn, max(self.of.get(thing, self.floor) for thing in things) if things else self.newest
        shared = (things or self.of.keys()) - own.things
        acts = [self.of.get(thing, self.floor) for thing in shared]
        theirs = own.things & things if things else own.things
        acts += [self.whose.get((thing, body), self.floor) for thing in theirs for body in (None, *own.bodies)]
        return self.turn, max(acts, default=self.floor)


class _Look(local):
    """Whether this thread is making one reader's page, and has asked the trail for it."""

    on, asked = False, False


_trail = _Trail()
_look = _Look()
_kept: OrderedDict[Hashable, tuple[State, object, int]] = OrderedDict()
_making: dict[Hashable, Lock] = {}
_lock = Lock()
_bytes = 0


def kept(
    key: Hashable,
    make: Callable[[], Kept],
    *,
    of: frozenset[str] = frozenset(),
    own: Own | None = None,
    weigh: Callable[[Kept], int] = lambda _: _SMALL,
) -> Kept:
    """What ``make`` gave for the key, made anew when somebody has acted since. Not for values that are changed after they were made.

    ``of`` names the things (as the trail calls them) that the value rests on: acts on others leave it standing; empty means all.
    ``own`` narrows some of those things to what certain bodies did.
    ``weigh`` says how many bytes a value takes; what was not asked for longest goes first when the room is full.
    """
    found = _standing(key, of, own)
    if found is not None:
        return cast(Kept, found[0])
    with _alone(key):
        found = _standing(key, of, own)
        if found is not None:
            return cast(Kept, found[0])
        state = _trail.state(of, own)
        value = make()
        _put(key, state, value, weigh(value))
        return value


def _standing(key: Hashable, of: frozenset[str], own: Own | None) -> tuple[object] | None:
    with _lock:
        if not (_look.on and _look.asked):
            _trail.read()
            _look.asked = True
        found = _kept.get(key)
        if found is None or found[0] != _trail.state(of, own):
            return None
        _kept.move_to_end(key)
        return (found[1],)


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


def _put(key: Hashable, state: State, value: object, weight: int) -> None:
    global _bytes
    with _lock:
        before = _kept.pop(key, None)
        _kept[key] = (state, value, weight)
        _bytes += weight - (before[2] if before else 0)
        while _bytes > MOST_BYTES:
            _, (_, _, gone) = _kept.popitem(last=False)
            _bytes -= gone


def forget() -> None:
    """Keep nothing: for a process that changes to another database."""
    global _bytes
    with _lock:
        _kept.clear()
        _trail.start()
        _bytes = 0
