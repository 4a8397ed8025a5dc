"""What is not told to everybody: small numbers, and as many more as it takes that nobody works them out. Pure; the house's only such rule.

A small number is held back. Of every sum with one held-back part another is held back too, so that nobody subtracts it out. Then all
that is told is solved together (``attacking``): while a reader who knows it could place a held-back number within less than ``least``,
the smallest number told near it is held back as well. Hundepool et al., Statistical Disclosure Control (2012), chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Number = Decimal | int | float
_ATTACK = "klyngeforum.ground.attacking"  # loads NumPy and SciPy: only where something is held back


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A number that is told beside its parts; what the parts leave over is taken to be known. No whole: known to everybody, come what may."""

    whole: Key | None
    parts: tuple[Key, ...]


def small(value: Number | None, least: Number) -> bool:
    """A number of bodies that could point at one of them; nobody at all points at nobody."""
    return value is not None and 0 < value < least


class _Held(Generic[Key]):
    """The cells held back so far, and of every sum how many of its parts they are and what these come to: each new one is counted once."""

    def __init__(self, cells: Mapping[Key, float], sums: Sequence[Sum[Key]], least: float) -> None:
        self.cells, self.sums, self.least = cells, sums, least
        self.found: set[Key] = set()
        self.part_of: dict[Key, list[int]] = {}
        self.whole_of: dict[Key, list[int]] = {}
        for nth, one in enumerate(sums):
            if one.whole is not None:
                self.whole_of.setdefault(one.whole, []).append(nth)
            for part in one.parts:
                self.part_of.setdefault(part, []).append(nth)
        self.many = [0] * len(sums)
        self.together = [0.0] * len(sums)
        self.ordered: dict[int, list[Key]] = {}  # the parts of a sum that are more than nothing, the largest first

    def add(self, keys: Iterable[Key]) -> list[Key]:
        """Hold these back; those that were not already."""
        new = [key for key in dict.fromkeys(keys) if key not in self.found]
        self.found.update(new)
        for key in new:
            for nth in self.part_of.get(key, ()):
                self.many[nth] += 1
                self.together[nth] += self.cells.get(key, 0)
        return new

    def sums_with(self, key: Key) -> list[int]:
        return [*self.whole_of.get(key, ()), *self.part_of.get(key, ())]

    def beside(self, key: Key) -> Iterator[Key]:
        """Everything that stands in a sum with the cell."""
        for nth in self.sums_with(key):
            whole = self.sums[nth].whole
            if whole is not None:
                yield whole
            yield from self.sums[nth].parts

    def _smallest(self, nth: int) -> Key | None:
        """The smallest part of the sum that is told and more than nothing."""
        if nth not in self.ordered:
            parts = [part for part in self.sums[nth].parts if self.cells.get(part, 0) > 0]
            self.ordered[nth] = sorted(parts, key=lambda part: (self.cells[part], str(part)), reverse=True)
        left = self.ordered[nth]
        while left and left[-1] in self.found:
            left.pop()
        return left[-1] if left else None

    def more(self, nth: int) -> list[Key]:
        """What of a sum must be held back too, and is from now on: two or more of its parts, together no small number; and where no part is
        left, the sum itself."""
        whole, new = self.sums[nth].whole, list[Key]()
        if not self.many[nth] and whole not in self.found:
            return new
        while self.many[nth] < 2 or self.together[nth] < self.least:
            part = self._smallest(nth)
            if part is None:
                return new + self.add([] if whole is None else [whole])
            new += self.add([part])
        return new

    def close(self, waiting: list[Key]) -> None:
        """What is held back goes alone in no sum."""
        while waiting:
            for nth in self.sums_with(waiting.pop()):
                waiting += self.more(nth)

    def nearest_told(self, key: Key) -> list[Key]:
        """The smallest number told in a sum with the cell, or with what is held back beside it; nothing where all that hangs together is held back."""
        seen, layer = {key}, {key}
        while layer:
            beside = {other for one in layer for other in self.beside(one)} - seen
            told = [other for other in beside if other not in self.found and self.cells.get(other, 0) > 0]
            if told:
                return [min(told, key=lambda other: (self.cells[other], str(other)))]
            seen |= beside
            layer = beside & self.found
        return []


def held(
    cells: Mapping[Key, Number], sums: Iterable[Sum[Key]], least: Number, also: Iterable[Key] = (), untold: Collection[Key] = (),
    most: int | None = None,
) -> set[Key]:  # fmt: skip
    """The cells that are held back of numbers that are told together with their sums: every small one, what is named as well, and what gives
    them away. ``untold`` are numbers that nobody is told but anybody can subtract (what a part leaves of its whole): where they are small,
    what they follow from is held back. ``most``: of more held-back cells than these the whole is not solved, because a page would wait too
    long; that no sum gives one away holds all the same.

    >>> sorted(held({"a": 3, "b": 9, "c": 7, "all": 19}, [Sum("all", ("a", "b", "c"))], 5))
    ['a', 'c']
    """
    values, limit = {key: float(value) for key, value in cells.items()}, float(least)
    back = _Held(values, list(sums), limit)
    few = sorted({key for key, value in values.items() if small(value, limit)} | set(also), key=str)
    if not few:
        return set()
    safe = set(untold).difference(few)
    back.add(untold)
    back.add(few)
    back.close(few)
    search = import_module(_ATTACK).too_narrow
    while (most is None or len(back.found) <= most) and (
        weak := search(values, back.sums, back.found, limit, safe, frozenset(untold))
    ):
        safe = back.found.difference(weak)  # what is held back later only widens what the reader must hold possible
        new = back.add([other for key in sorted(weak, key=str) for other in back.nearest_told(key)])
        if not new:
            break  # all that hangs together is held back
        back.close(new)
    return back.found.difference(untold)


def hidden(cells: Mapping[Key, Number], least: Number) -> set[Key]:
    """The cells of one row of numbers that are held back when their sum is told too."""
    every: dict[tuple[Key, ...], Number] = {(key,): value for key, value in cells.items()}
    together = sum((Decimal(value) for value in cells.values()), Decimal(0))
    found = held({**every, (): together}, [Sum((), tuple(every))], least)
    return {key for key in cells if (key,) in found}
