"""Which cells are held back from the public, so that nobody subtracts them out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def held_back(
    values: Mapping[Key, float], small: Collection[Key], groups: Iterable[Collection[Key]], least: float
) -> set[Key]:
    """The small cells and as many more as it takes: in no group whose sum is known does one stand alone, or do all of them together
    make a small sum. The smallest of those that are left go first.

    >>> sorted(held_back({"a": 2, "b": 30, "c": 50}, {"a"}, [("a", "b", "c")], 10))
    ['a', 'b']
    """
    held, known = set(small), [tuple(group) for group in groups]
    moved = bool(held)
    while moved:
        moved = False
        for group in known:
            inside = [key for key in group if key in held]
            if not inside:
                continue
            left = sorted((key for key in group if key not in held and values.get(key, 0) > 0), key=lambda key: (values[key], str(key)))  # fmt: skip
            while left and (len(inside) < 2 or sum(values.get(key, 0) for key in inside) < least):
                held.add(left[0])
                inside.append(left.pop(0))
                moved = True
    return held
