"""Small numbers are not published, nor anything that they could be worked out from (docs/survey.md).

Primary: a count of 1 to ``minimum`` - 1 is hidden. Secondary: for every hidden cell a whole-number table that agrees with everything published
and whose number in that cell lies at least ``minimum`` away from another such table must exist; what has to give way for it is hidden too, the
cheapest first. What is hidden later only widens what a reader must hold possible, so one pass keeps the promise for every hidden cell. Hundepool et al., Statistical Disclosure Control
(2012), chapters 4 and 5; whole numbers are demanded, because three-way tables can have no whole solution where a fractional one exists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Key = tuple[str | None, ...]  # a category for every dimension; None is the total over it
Relation = tuple[Key, tuple[Key, ...]]  # a total and the parts that make it up
_TOTAL_IS_DEARER = 8  # a reader misses a total more than an inner cell


@dataclass(frozen=True, slots=True)
class Published:
    """Cells of tables that are published together, and how they add up."""

    cells: Mapping[Key, int]
    relations: tuple[Relation, ...]


def table(counts: Mapping[tuple[str, ...], int], dimensions: Sequence[Sequence[str]]) -> Published:
    """The whole table with every margin, for any number of dimensions."""
    cells: dict[Key, int] = {}
    relations: list[Relation] = []
    for key in product(*[(None, *values) for values in dimensions]):
        inner = product(*[[one] if one is not None else values for one, values in zip(key, dimensions, strict=True)])
        cells[key] = sum(counts.get(one, 0) for one in inner)
        for at, one in enumerate(key):
            if one is None:
                relations.append((key, tuple((*key[:at], value, *key[at + 1 :]) for value in dimensions[at])))
    return Published(cells, tuple(relations))


def linked(*tables: Published) -> Published:
    """Tables that share cells, published together: what one hides, the other hides."""
    cells: dict[Key, int] = {}
    for one in tables:
        for key, value in one.cells.items():
            if cells.setdefault(key, value) != value:
                raise ValueError(f"the cell {key} is {cells[key]} in one table and {value} in another")
    return Published(cells, tuple(dict.fromkeys(relation for one in tables for relation in one.relations)))


def _matrix(relations: Iterable[Relation], place: Mapping[Key, int]) -> np.ndarray:
    rows = []
    for total, parts in relations:
        row = np.zeros(len(place))
        row[place[total]] -= 1
        for part in parts:
            row[place[part]] += 1
        rows.append(row)
    return np.array(rows).reshape(len(rows), len(place))


def _giving_way(target: int, minimum: int, values: np.ndarray, costs: np.ndarray, adding: np.ndarray) -> set[int]:
    """Which cells move, at the least cost, when the target grows by the minimum and everything still adds up."""
    n = len(values)
    least, most = np.zeros(2 * n), np.concatenate([np.full(n, np.inf), values])
    least[target], most[n + target] = minimum, 0
    rules = [LinearConstraint(np.hstack([adding, -adding]), 0, 0)] if len(adding) else []
    found = milp(
        np.concatenate([costs, costs]), integrality=np.ones(2 * n), bounds=Bounds(least, most), constraints=rules
    )
    if found.x is None:
        raise ValueError(f"no table keeps the cell safe: {found.message}")
    moved = np.rint(found.x[:n] - found.x[n:]).astype(int)
    return {int(i) for i in np.nonzero(moved)[0]}


def hidden(published: Published, minimum: int) -> frozenset[Key]:
    """Every cell that must not be shown: small ones, and what they could be worked out from."""
    keys = list(published.cells)
    place = {key: i for i, key in enumerate(keys)}
    values = np.array([published.cells[key] for key in keys], dtype=float)
    adding = _matrix(published.relations, place)
    costs = np.array([float(_TOTAL_IS_DEARER ** sum(one is None for one in key)) for key in keys])
    waiting = sorted((i for i, value in enumerate(values) if 0 < value < minimum), key=lambda i: (values[i], i))
    costs[waiting] = 1e-3
    shut = set(waiting)
    while waiting:
        one = waiting.pop(0)
        least, most = feasible(published, [keys[i] for i in shut], keys[one])
        if most - least >= minimum:  # wide enough by what is hidden already
            continue
        new = _giving_way(one, minimum, values, costs, adding) - shut
        shut |= new
        waiting += sorted(new)
        costs[sorted(new)] = 1e-3
    return frozenset(keys[i] for i in shut)


def feasible(published: Published, shut: Iterable[Key], key: Key) -> tuple[int, float]:
    """Between which whole numbers a reader can place a hidden cell, who knows everything shown and that counts are not negative."""
    unknown = list(shut)
    place = {one: i for i, one in enumerate(unknown)}
    rows, sums = [], []
    for total, parts in published.relations:
        row, known = np.zeros(len(unknown)), 0
        for sign, one in [(-1, total), *((1, part) for part in parts)]:
            if one in place:
                row[place[one]] += sign
            else:
                known += sign * published.cells[one]
        if row.any():
            rows.append(row)
            sums.append(-known)
    rules = [LinearConstraint(np.array(rows), np.array(sums), np.array(sums))] if rows else []
    ends: list[float] = []
    for sign in (1, -1):
        aim = np.zeros(len(unknown))
        aim[place[key]] = sign
        found = milp(aim, integrality=np.ones(len(unknown)), bounds=Bounds(0, np.inf), constraints=rules)
        ends.append(round(sign * found.fun) if found.x is not None else float("inf"))
    return int(ends[0]), ends[1]


def too_narrow(published: Published, shut: frozenset[Key], minimum: int) -> list[Key]:
    """The audit: hidden cells that a reader can place more narrowly than is promised."""
    spans = {key: feasible(published, shut, key) for key in shut}
    return [key for key, (least, most) in spans.items() if most - least < minimum]


def shown(published: Published, minimum: int) -> dict[Key, int | None]:
    """What may be published; None is hidden."""
    shut = hidden(published, minimum)
    return {key: None if key in shut else value for key, value in published.cells.items()}
