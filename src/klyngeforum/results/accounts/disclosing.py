"""What is not told to everybody: small numbers, and as many more as it takes that nobody can subtract them out. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
NONE = Decimal(0)
Factor = int | Fraction


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A number that is told beside its parts; what the parts leave over is taken to be known."""

    whole: Key
    parts: tuple[Key, ...]


def small(value: Decimal | int | None, least: Decimal | int) -> bool:
    """A number of bodies that could point at one of them; nobody at all points at nobody."""
    return value is not None and 0 < value < least


class _Held(Generic[Key]):
    """The cells held back so far, and of every sum how many of its parts they are and what these come to: each new one is counted once."""

    def __init__(self, cells: Mapping[Key, Decimal], sums: Sequence[Sum[Key]], least: Decimal | int) -> None:
        self.cells, self.sums, self.least = cells, sums, least
        self.found: set[Key] = set()
        self.part_of: dict[Key, list[int]] = {}
        self.whole_of: dict[Key, list[int]] = {}
        for nth, one in enumerate(sums):
            self.whole_of.setdefault(one.whole, []).append(nth)
            for part in one.parts:
                self.part_of.setdefault(part, []).append(nth)
        self.many = [0] * len(sums)
        self.together = [NONE] * len(sums)
        self.ordered: dict[int, list[Key]] = {}  # the parts of a sum that are more than nothing, the largest first

    def add(self, keys: Iterable[Key]) -> list[Key]:
        """Hold these back; those that were not already."""
        new = [key for key in dict.fromkeys(keys) if key not in self.found]
        self.found.update(new)
        for key in new:
            for nth in self.part_of.get(key, ()):
                self.many[nth] += 1
                self.together[nth] += self.cells[key]
        return new

    def sums_with(self, key: Key) -> list[int]:
        return [*self.whole_of.get(key, ()), *self.part_of.get(key, ())]

    def beside(self, key: Key) -> Iterator[Key]:
        """Everything that stands in a sum with the cell."""
        for nth in self.sums_with(key):
            yield self.sums[nth].whole
            yield from self.sums[nth].parts

    def _smallest(self, nth: int) -> Key | None:
        """The smallest part of the sum that is told and more than nothing."""
        if nth not in self.ordered:
            parts = [part for part in self.sums[nth].parts if self.cells[part] > 0]
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
                return new + self.add([whole])
            new += self.add([part])
        return new


def worked_out(sums: Iterable[Sum[Key]], back: set[Key]) -> set[Key]:
    """The cells that everything told determines although they are held back: who solves all sums at once finds their numbers."""
    solved: dict[Key, dict[Key, Factor]] = {}  # a cell as a sum of others that stay free
    used: dict[Key, set[Key]] = {}  # a free cell -> the solved ones that it stands in
    rows = [{key: sign for key, sign in _signs(one) if key in back} for one in sums]
    for row in sorted((row for row in rows if row), key=len):
        rest: dict[Key, Factor] = {}
        for key, sign in row.items():
            for free, times in solved.get(key, {key: 1}).items():
                rest[free] = rest.get(free, 0) + sign * times
        rest = {key: factor for key, factor in rest.items() if factor}
        if not rest:
            continue
        pivot = min(rest, key=lambda key: (len(used.get(key, ())), str(key)))
        by = -rest.pop(pivot)
        solved[pivot] = {key: _over(factor, by) for key, factor in rest.items()}
        for key in solved[pivot]:
            used.setdefault(key, set()).add(pivot)
        for other in used.pop(pivot, set()):
            share = solved[other].pop(pivot)
            for key, factor in solved[pivot].items():
                now = solved[other].pop(key, 0) + share * factor
                used[key].discard(other)
                if now:
                    solved[other][key] = now
                    used[key].add(other)
    return {key for key, rest in solved.items() if not rest}


def _over(factor: Factor, by: Factor) -> Factor:
    """Nearly every factor is one or minus one: whole numbers stay whole, and are quick."""
    return factor * by if by in (1, -1) else Fraction(factor) / by


def _signs(one: Sum[Key]) -> list[tuple[Key, int]]:
    return [(one.whole, -1), *((part, 1) for part in one.parts)]


def held(cells: Mapping[Key, Decimal], sums: Iterable[Sum[Key]], least: Decimal | int, also: Iterable[Key] = ()) -> set[Key]:  # fmt: skip
    """The cells that are held back of numbers that are told together with their sums.

    Every small one and what is named as well; of every sum that holds one of them enough that none can be subtracted out;
    and then, while all sums solved together still give a small one away, the smallest number told nearest to it.
    """
    back = _Held(cells, list(sums), least)
    few = {key for key, value in cells.items() if small(value, least)} | {
        key for key in also if cells.get(key, NONE) > 0
    }
    waiting = back.add(sorted(few, key=str))
    while waiting:
        while waiting:
            for nth in back.sums_with(waiting.pop()):
                waiting += back.more(nth)
        given_away = (key for key in worked_out(back.sums, back.found) if small(cells[key], least))
        waiting = back.add([other for key in sorted(given_away, key=str) for other in _nearest_told(key, back)])
    return back.found


def _nearest_told(key: Key, back: _Held[Key]) -> list[Key]:
    """The smallest number told in a sum with the cell, or with what is held back beside it; nothing where all that hangs together is held back."""
    seen, layer = {key}, {key}
    while layer:
        beside = {other for one in layer for other in back.beside(one)} - seen
        told = sorted((other for other in beside if other not in back.found and back.cells[other] > 0), key=lambda other: (back.cells[other], str(other)))  # fmt: skip
        if told:
            return told[:1]
        seen |= beside
        layer = beside & back.found
    return []


def hidden(cells: Mapping[Key, Decimal], least: Decimal | int) -> set[Key]:
    """The cells of one row of numbers that are held back when their sum is told too."""
    every: dict[tuple[Key, ...], Decimal] = {(key,): value for key, value in cells.items()}
    whole = Sum((), tuple(every))
    found = held({**every, (): sum(cells.values(), NONE)}, [whole], least)
    return {key for key in cells if (key,) in found}
