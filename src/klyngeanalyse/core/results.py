"""Results with named fields that print themselves as a small table and hand out their rows, their JSON and a chart."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

Row = Mapping[str, Any]
Chart = dict[str, Any]
DRAWN = 40  # names on an axis


_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def plain(value: Any) -> Any:
    """NumPy scalars, arrays and nested results as what JSON knows; a number that is not one becomes None."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def drawn(rows: Iterable[Row], *axes: str, by: str, most: int = DRAWN) -> Chart:
    """The data of a chart with names on its axes: where an axis would have more names than an eye can read, those with the largest sum of
    |by| are drawn (of equals the first), and the description says so.

    >>> drawn([{"r": "a", "x": 1.0}, {"r": "b", "x": -3.0}], "r", by="x", most=1)["data"]
    {'values': [{'r': 'b', 'x': -3.0}]}
    """
    kept, said = list(rows), []
    for axis in axes:
        weight: dict[Any, float] = {}
        for row in kept:
            weight[row[axis]] = weight.get(row[axis], 0.0) + abs(row[by] or 0.0)
        if len(weight) > most:
            chosen = set(sorted(weight, key=lambda name: -weight[name])[:most])
            kept = [row for row in kept if row[axis] in chosen]
            said.append(f"{axis.capitalize()}: the {most} with the largest {by.replace('_', ' ')} are drawn")
    return _data(kept, said)


def drawn_pairs(rows: Iterable[Row], one: str, other: str, most: int = DRAWN) -> Chart:
    """The same of pairs, the most alike first: the pairs among the names that come first, as many as an eye can read."""
    held, chosen = list(rows), dict[Any, None]()
    for row in held:
        if len({*chosen, row[one], row[other]}) > most:
            break
        chosen |= dict.fromkeys((row[one], row[other]))
    kept = [row for row in held if row[one] in chosen and row[other] in chosen]
    said = [] if len(kept) == len(held) else [f"The {len(chosen)} of the most alike pairs are drawn"]
    return _data(kept, said)


def _data(kept: list[Row], said: list[str]) -> Chart:
    words = {"description": "; ".join([*said, "the table has all"])} if said else {}
    return {"data": {"values": kept}, **words}


def shown(rows: Sequence[Row], limit: int = 20) -> str:
    """Rows as an aligned table of text; numbers with four significant decimals, at most `limit` rows."""
    if not rows:
        return "(no rows)"
    heads = list(rows[0])
    cells = [[_cell(row.get(head)) for head in heads] for row in rows[:limit]]
    widths = [max(len(head), *(len(line[nth]) for line in cells)) for nth, head in enumerate(heads)]
    lines = ["  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in [heads, *cells]]
    return "\n".join([*lines, *([f"… {len(rows) - limit} more"] if len(rows) > limit else [])])


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.4f}" if isinstance(value, float | np.floating) else str(value)


class Result:
    """Base of every result (a frozen dataclass): `rows()` is its table, `as_dict()` all of it as what JSON knows, `chart()` its
    Vega-Lite specification or None."""

    def rows(self) -> Iterable[Row]:
        return [{name: value for name, value in self.as_dict().items() if not isinstance(value, list | dict)}]

    def as_dict(self) -> dict[str, Any]:
        return dict(plain(self))

    def chart(self) -> Chart | None:
        """A plain Vega-Lite 5 specification: `altair.Chart.from_dict` and vl-convert both take it."""
        return None

    def __str__(self) -> str:
        return shown(list(self.rows()))


class Tabled(Result):
    """Base of results whose JSON is their rows and single values: tables too large to tell twice, or with cells that nobody may see."""

    def as_dict(self) -> dict[str, Any]:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]  # every result is a dataclass
        held = {field.name: getattr(self, field.name) for field in fields}
        single = {name: value for name, value in held.items() if isinstance(value, str | int | float | bool)}
        return {**dict(plain(single)), "rows": [plain(row) for row in self.rows()]}
