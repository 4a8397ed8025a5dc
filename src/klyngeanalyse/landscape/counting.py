"""Distinct companies in every cell of year x region x size x industry and of all its totals (unikke virksomheder)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress, product
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.landscape.masks import DIMENSIONS, masks, moved
from klyngeanalyse.strengths.cells import Array, codes

MOST_CELLS = 60_000_000


@dataclass(frozen=True)
class Counts(Result):
    """`companies` has one axis a dimension, years first; the last place of each axis is the total over it, where a company counts once
    however many years, regions, sizes or industries it was in."""

    dimensions: tuple[str, ...]
    labels: tuple[Array, ...]
    companies: Array

    def rows(self) -> Iterable[Row]:
        """Every cell with companies; a total has None in the place of the label."""
        names = [[*one.tolist(), None] for one in self.labels]
        held = np.nonzero(self.companies)
        for *place, companies in zip(*(one.tolist() for one in held), self.companies[held].tolist(), strict=True):
            labels = [one[at] for one, at in zip(names, place, strict=True)]
            yield {**dict(zip(self.dimensions, labels, strict=True)), "companies": companies}

    def of(self, **chosen: Any) -> int:
        """One count: `of(year=2012, region="Fyn")`; what is not said is the total.

        Raises KeyError for a label or a dimension that is not there.
        """
        strange = set(chosen) - set(self.dimensions)
        if strange:
            raise KeyError(sorted(strange)[0])
        place = []
        for key, labels in zip(self.dimensions, self.labels, strict=True):
            found = np.flatnonzero(labels == chosen[key]) if key in chosen else [-1]
            if not len(found):
                raise KeyError(chosen[key])
            place.append(int(found[0]))
        return int(self.companies[tuple(place)])

    def as_dict(self) -> dict[str, Any]:
        return {"dimensions": list(self.dimensions), "rows": plain(list(self.rows()))}

    def chart(self) -> Chart | None:
        years: Any = (slice(None, -1), *(-1 for _ in self.dimensions[1:]))
        totals = self.companies[years]
        data = [
            {"year": str(year), "companies": int(n)}
            for year, n in zip(self.labels[0].tolist(), totals.tolist(), strict=True)
        ]
        x, y = {"field": "year", "type": "ordinal"}, {"field": "companies", "type": "quantitative"}
        return {"data": {"values": data}, "mark": "bar", "encoding": {"x": x, "y": y}}


def count(engine: Engine, table: str, *, dimensions: tuple[str, ...] = DIMENSIONS) -> Counts:
    """All distinct counts of a table of participations (company, year and the dimensions) in one pass over its rows."""
    first = masks(engine, table, "masks", dimensions=dimensions)
    try:
        return count_masks(engine, "masks", first, dimensions=dimensions)
    finally:
        engine.drop("masks")


def count_rows(engine: Engine, rows: Any, *, dimensions: tuple[str, ...] = DIMENSIONS) -> Counts:
    """The same of a dataframe, an Arrow table or a mapping of columns."""
    engine.put("participations", as_arrow(rows))
    try:
        return count(engine, "participations", dimensions=dimensions)
    finally:
        engine.drop("participations")


def count_masks(engine: Engine, name: str, first: int, *, dimensions: tuple[str, ...] = DIMENSIONS) -> Counts:
    """All distinct counts from a mask table of the first year `first`.

    In a full cell a company has one row, so its bits count it once; over totals these add up, save for the companies
    that changed region, size or industry. For these, and for each of the 2^k choices of dimensions, masks are joined by `or`
    first, and what was added up is taken away. Only counts leave the engine, one row a cell.
    """
    engine.keep("moved", moved(engine, name))
    try:
        years = _years(engine, name)
        everybody = engine.arrow(_once(name, dimensions, years))
        mended = _parted(engine.arrow(_joined("moved", dimensions, years)), dimensions)
    finally:
        engine.drop("moved")
    labels = [codes(everybody, key)[0] for key in dimensions]
    shape = (len(years) + 1, *(len(one) + 1 for one in labels))
    if np.prod([float(one) for one in shape]) > MOST_CELLS:
        raise Unfit(
            f"a cube of {' x '.join(map(str, shape))} cells",
            why=f"more than {MOST_CELLS:,}",
            mend="merge industries or regions",
        )
    known = dict(zip(dimensions, labels, strict=True))
    whole = mended[dimensions]
    cube = _totalled(_spread(everybody, known, dimensions, years))
    taken = _totalled(_spread(whole, known, dimensions, years))
    for subset, table in mended.items():
        where = (slice(None), *(slice(None, -1) if key in subset else -1 for key in dimensions))
        cube[where] += _spread(table, known, subset, years) - taken[where]
    return Counts(("year", *dimensions), (first + years, *labels), cube)


def _once(rows: str, dimensions: tuple[str, ...], years: Array) -> str:
    """Rows in each cell: of any year, and of each."""
    keys = ", ".join(dimensions)
    counted = "".join(f"count(case when (mask & {1 << bit}) > 0 then 1 end) as y{bit}, " for bit in years.tolist())
    return f"select {keys}, {counted}count(*) as n from {rows} group by {keys}"


def _joined(rows: str, dimensions: tuple[str, ...], years: Array) -> str:
    """Companies in each cell and each total, where the masks of a company are one first; a dimension that is summed over is null."""
    keys = ", ".join(dimensions)
    joined = f"(select company, {keys}, bit_or(mask) as mask from {rows} group by company, cube({keys})) as each_once"
    return _once(joined, dimensions, years)


def _parted(table: pa.Table, dimensions: tuple[str, ...]) -> dict[tuple[str, ...], pa.Table]:
    """The rows of each choice of dimensions."""
    whole = np.column_stack([table.column(key).is_valid().to_numpy() for key in dimensions])
    choices = [np.array(choice, dtype=bool) for choice in product((0, 1), repeat=len(dimensions))]
    return {tuple(compress(dimensions, choice)): table.filter(pa.array((whole == choice).all(1))) for choice in choices}


def _years(engine: Engine, name: str) -> Array:
    """Bits of the years that any company is there in."""
    seen = int(columns(engine, f"select bit_or(mask) as seen from {name}")["seen"][0])
    return np.array([bit for bit in range(63) if seen >> bit & 1], dtype=np.int64)


def _spread(table: pa.Table, labels: dict[str, Array], keys: tuple[str, ...], years: Array) -> Array:
    """The counts as a cube: years (and, last, any year) x the dimensions of `keys`."""
    place = np.zeros(table.num_rows, dtype=np.int64)
    for key in keys:
        own, at = codes(table, key)
        place = place * len(labels[key]) + np.searchsorted(labels[key], own)[at]
    shape = tuple(len(labels[key]) for key in keys)
    counted = np.zeros((len(years) + 1, int(np.prod(shape, dtype=np.int64))), dtype=np.int64)
    for nth, name in enumerate([*(f"y{bit}" for bit in years.tolist()), "n"]):
        counted[nth, place] = table.column(name).to_numpy()
    return counted.reshape(len(years) + 1, *shape)


def _totalled(cells: Array) -> Array:
    """Adds a total at the end of every axis but the first, which has its own."""
    for axis in range(1, cells.ndim):
        cells = np.concatenate([cells, cells.sum(axis, keepdims=True)], axis)
    return cells
