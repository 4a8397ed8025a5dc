"""What open data holds back: small numbers, and as many more as it takes that nobody can subtract them out. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def small(value: Decimal | int | None, least: Decimal | int) -> bool:
    """A number of bodies that could point at one of them; nobody at all points at nobody."""
    return value is not None and 0 < value < least


def hidden(cells: Mapping[Key, Decimal], least: Decimal | int) -> set[Key]:
    """The cells that are held back when their sum is published too.

    Every small one; and while what is held back could be subtracted out of the sum (one cell alone, or all of them together
    still a small number), the smallest of those that are left.
    """
    found = {key for key, value in cells.items() if small(value, least)}
    left = sorted((key for key, value in cells.items() if value >= least), key=lambda key: (cells[key], str(key)))
    while found and left and (len(found) < 2 or sum((cells[key] for key in found), Decimal(0)) < least):
        found.add(left.pop(0))
    return found
