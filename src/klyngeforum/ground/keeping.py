"""What was read or counted is kept until somebody acts: the newest act of the trail names the state of everything recorded.

Every change of a record leaves an act, so nothing kept can be older than what stands. Kept in the process, so each worker counts once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from .trail.queries import newest

Kept = TypeVar("Kept")
_MOST = 600
_kept: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()


def kept(key: Hashable, make: Callable[[], Kept]) -> Kept:
    """What ``make`` gave for the key, made anew when somebody has acted since. Not for values that are changed after they were made."""
    state = newest()
    found = _kept.get(key)
    if found is not None and found[0] == state:
        return cast(Kept, found[1])
    value = make()
    _kept[key] = (state, value)
    _kept.move_to_end(key)
    while len(_kept) > _MOST:
        _kept.popitem(last=False)
    return value


def forget() -> None:
    """Keep nothing: for a process that changes to another database."""
    _kept.clear()
