"""What is not told to everybody: small numbers, and as many more as it takes that nobody can subtract them out. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A number that is told beside its parts; what the parts leave over is taken to be known."""

    whole: Key
    parts: tuple[Key, ...]


def small(value: Decimal | int | None, least: Decimal | int) -> bool:
    """A number of bodies that could point at one of them; nobody at all points at nobody."""
    return value is not None and 0 < value < least


def _more(one: Sum[Key], cells: Mapping[Key, Decimal], found: set[Key], least: Decimal | int) -> list[Key]:
    """What of a sum must be held back too: two or more of its parts, together no small number; and where no part is left, the sum itself."""
    back = [part for part in one.parts if part in found]
    if not back and one.whole not in found:
        return []
    left = sorted((part for part in one.parts if part not in found and cells[part] > 0), key=lambda part: (cells[part], str(part)))  # fmt: skip
    new: list[Key] = []
    while len(back) + len(new) < 2 or sum((cells[part] for part in (*back, *new)), NONE) < least:
        if not left:
            return new if one.whole in found else [*new, one.whole]
        new.append(left.pop(0))
    return new


def worked_out(sums: Iterable[Sum[Key]], back: set[Key]) -> set[Key]:
    """The cells that everything told determines although they are held back: who solves all sums at once finds their numbers."""
    solved: dict[Key, dict[Key, Fraction]] = {}  # a cell as a sum of others that stay free
    used: dict[Key, set[Key]] = {}  # a free cell -> the solved ones that it stands in
    rows = [{key: Fraction(sign) for key, sign in _signs(one) if key in back} for one in sums]
    for row in sorted((row for row in rows if row), key=len):
        rest: dict[Key, Fraction] = {}
        for key, factor in row.items():
            for free, times in solved.get(key, {key: Fraction(1)}).items():
                rest[free] = rest.get(free, Fraction(0)) + factor * times
        rest = {key: factor for key, factor in rest.items() if factor}
        if not rest:
            continue
        pivot = min(rest, key=lambda key: (len(used.get(key, ())), str(key)))
        by = -rest.pop(pivot)
        solved[pivot] = {key: factor / by for key, factor in rest.items()}
        for key in solved[pivot]:
            used.setdefault(key, set()).add(pivot)
        for other in used.pop(pivot, set()):
            times = solved[other].pop(pivot)
            for key, factor in solved[pivot].items():
                now = solved[other].pop(key, Fraction(0)) + times * factor
                used[key].discard(other)
                if now:
                    solved[other][key] = now
                    used[key].add(other)
    return {key for key, rest in solved.items() if not rest}


def _signs(one: Sum[Key]) -> list[tuple[Key, int]]:
    return [(one.whole, -1), *((part, 1) for part in one.parts)]


def held(cells: Mapping[Key, Decimal], sums: Iterable[Sum[Key]], least: Decimal | int, also: Iterable[Key] = ()) -> set[Key]:  # fmt: skip
    """The cells that are held back of numbers that are told together with their sums.

    Every small one and what is named as well; of every sum that holds one of them enough that none can be subtracted out;
    and then, while all sums solved together still give a small one away, the smallest number told nearest to it.
    """
    found = {key for key, value in cells.items() if small(value, least)} | {
        key for key in also if cells.get(key, NONE) > 0
    }
    holding: dict[Key, list[Sum[Key]]] = {}
    for one in (sums := list(sums)):
        for key in (one.whole, *one.parts):
            holding.setdefault(key, []).append(one)
    waiting = sorted(found, key=str)
    while waiting:
        while waiting:
            for one in holding.get(waiting.pop(), ()):
                new = _more(one, cells, found, least)
                found.update(new)
                waiting += new
        for key in sorted((key for key in worked_out(sums, found) if small(cells[key], least)), key=str):
            waiting += _nearest_told(key, cells, found, holding)
        found.update(waiting)
    return found


def _nearest_told(key: Key, cells: Mapping[Key, Decimal], found: set[Key], holding: Mapping[Key, list[Sum[Key]]]) -> list[Key]:  # fmt: skip
    """The smallest number told in a sum with the cell, or with what is held back beside it; nothing where all that hangs together is held back."""
    seen, layer = {key}, {key}
    while layer:
        beside = {other for one in layer for sum_ in holding.get(one, ()) for other in (sum_.whole, *sum_.parts)} - seen
        told = sorted((other for other in beside if other not in found and cells[other] > 0), key=lambda other: (cells[other], str(other)))  # fmt: skip
        if told:
            return told[:1]
        seen |= beside
        layer = beside & found
    return []


def hidden(cells: Mapping[Key, Decimal], least: Decimal | int) -> set[Key]:
    """The cells of one row of numbers that are held back when their sum is told too."""
    every: dict[tuple[Key, ...], Decimal] = {(key,): value for key, value in cells.items()}
    whole = Sum((), tuple(every))
    found = held({**every, (): sum(cells.values(), NONE)}, [whole], least)
    return {key for key in cells if (key,) in found}
