"""Tables with all their margins, as a round publishes them: what of them is told (``ground.disclosing``, docs/small-numbers.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from klyngeforum.ground.disclosing import Sum, held

Key = tuple[str | None, ...]  # a category for every dimension; None is the total over it
Relation = tuple[Key, tuple[Key, ...]]  # a total and the parts that make it up


@dataclass(frozen=True, slots=True)
class Published:
    """Cells of tables that are published together, and how they add up."""

    cells: Mapping[Key, int]
    relations: tuple[Relation, ...]

    @property
    def sums(self) -> list[Sum[Key]]:
        return [Sum(whole, parts) for whole, parts in self.relations]


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


def hidden(published: Published, minimum: int) -> frozenset[Key]:
    """Every cell that must not be shown: small ones, and what they could be worked out from."""
    return frozenset(held(published.cells, published.sums, minimum))


def shown(published: Published, minimum: int) -> dict[Key, int | None]:
    """What may be published; None is hidden."""
    shut = hidden(published, minimum)
    return {key: None if key in shut else value for key, value in published.cells.items()}
