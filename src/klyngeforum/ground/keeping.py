"""What was read or counted is kept until somebody acts: the newest act of the trail names the state of everything recorded.

Every change of a record leaves an act, so nothing kept can be older than what stands. Kept in the process, so each worker counts once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from .trail.queries import newest

Kept = TypeVar("Kept")
MOST_BYTES = 96 * 1024 * 1024
_SMALL = 4096  # what a counted value is taken to weigh
_kept: OrderedDict[Hashable, tuple[str, object, int]] = OrderedDict()
_lock = Lock()
_bytes = 0


def kept(key: Hashable, make: Callable[[], Kept], *, weigh: Callable[[Kept], int] = lambda _: _SMALL) -> Kept:
    """What ``make`` gave for the key, made anew when somebody has acted since. Not for values that are changed after they were made.

    ``weigh`` says how many bytes a value takes; what was not asked for longest goes first when the room is full.
    """
    state = newest()
    with _lock:
        found = _kept.get(key)
        if found is not None and found[0] == state:
            _kept.move_to_end(key)
            return cast(Kept, found[1])
    value = make()
    _put(key, state, value, weigh(value))
    return value


def _put(key: Hashable, state: str, value: object, weight: int) -> None:
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
        _bytes = 0
