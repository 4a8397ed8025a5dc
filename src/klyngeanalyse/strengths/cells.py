"""Region x industry tables (x year) out of long rows: the input of every measure of strength and relatedness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow

Array = np.ndarray[Any, np.dtype[Any]]
Names = Mapping[str, str]
SPAN = 4_096  # whole numbers no farther apart are told apart by a table


@dataclass(frozen=True)
class Cells:
    """One number a region and industry; `values` is regions x industries, labels sorted, absent cells zero."""

    regions: Array
    industries: Array
    values: Array

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.regions), len(self.industries)):
            raise Unfit(
                f"values of shape {self.values.shape}",
                why=f"{len(self.regions)} regions and {len(self.industries)} industries are named",
                mend="give one row a region and one column an industry",
            )

    def merged(self, kinds: Mapping[str, str], other: str | None = None) -> Cells:
        """Industries summed into clusters by a definition; an industry outside it goes to `other`, or out where that is None."""
        to = [kinds.get(str(code), other) for code in self.industries]
        labels = np.array(sorted({kind for kind in to if kind is not None}))
        place = {label: nth for nth, label in enumerate(labels.tolist())}
        weights = np.zeros((len(self.industries), len(labels)))
        for nth, kind in enumerate(to):
            if kind is not None:
                weights[nth, place[kind]] = 1.0
        return Cells(self.regions, labels, self.values @ weights)


def codes(table: pa.Table, name: str) -> tuple[Array, Array]:
    """(sorted labels, place of each row's label among them); refuses rows without one."""
    column = table.column(name)
    if column.null_count:
        rows = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))[:3] + 1
        raise Unfit(
            f"{column.null_count} rows without a value",
            where=f"column {name}, rows {', '.join(map(str, rows))}",
            mend="fill it or drop the rows",
        )
    if pa.types.is_integer(column.type) and len(column):
        close = _close(column.to_numpy())
        if close is not None:
            return close
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    coded = column.dictionary_encode().unify_dictionaries()
    words = coded.chunk(0).dictionary if coded.num_chunks else pa.array([], type=column.type)
    order = pc.array_sort_indices(words).to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    parts = [place[chunk.indices.to_numpy(zero_copy_only=False)] for chunk in coded.chunks]
    labels = words.take(pa.array(order)).to_numpy(zero_copy_only=False)
    if labels.dtype == object:
        labels = labels.astype(str)
    return labels, np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _close(values: Array) -> tuple[Array, Array] | None:
    """The same of whole numbers that lie close together, by a table of those that are there; None where they are far apart."""
    least, most = int(values.min()), int(values.max())
    if most >= 2**63 or most - least > max(2 * len(values), SPAN):
        return None
    above = values.astype(np.int64)
    above -= least
    there = np.zeros(most - least + 1, dtype=bool)
    there[above] = True
    return (np.flatnonzero(there) + least).astype(values.dtype), (np.cumsum(there) - 1)[above]


def numbers(table: pa.Table, name: str, least: float = 0.0) -> Array:
    """A column as float64; refuses what is not a finite number of at least `least`, saying in which rows."""
    column = table.column(name)
    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise Unfit(f"{kind} where numbers are needed", where=f"column {name}", mend="give it as a number")
    values: Array = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= least)))
    if len(wrong):
        raise Unfit(
            f"{len(wrong)} values that are no number of at least {least:g}",
            where=f"column {name}, rows {', '.join(str(nth + 1) for nth in wrong[:3])}",
            mend="mend the values or drop the rows",
        )
    return values


def need(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The table, after a look that it has rows and these columns."""
    missing = [name for name in names if name not in table.column_names]
    if missing:
        raise Unfit(
            f"no column {', '.join(missing)}",
            where=f"the columns are {', '.join(table.column_names)}",
            mend="rename the columns or say which one is meant",
        )
    if not table.num_rows:
        raise Unfit("no rows", mend="give a table with at least one row")
    return table


def cells(data: Any, *, region: str = "region", industry: str = "industry", value: str = "employment") -> Cells:
    """Long rows as a region x industry table; rows of the same cell are added.

    >>> one = cells({"region": ["n", "n", "s"], "industry": ["a", "b", "a"], "employment": [2, 3, 5]})
    >>> one.values.tolist()
    [[2.0, 3.0], [5.0, 0.0]]
    """
    table = need(as_arrow(data), [region, industry, value])
    regions, row = codes(table, region)
    industries, column = codes(table, industry)
    flat = np.bincount(row * len(industries) + column, numbers(table, value), len(regions) * len(industries))
    return Cells(regions, industries, flat.reshape(len(regions), len(industries)))


def yearly(
    data: Any, *, year: str = "year", region: str = "region", industry: str = "industry", value: str = "employment"
) -> dict[Any, Cells]:
    """Long rows as one region x industry table a year, all of the same regions and industries."""
    table = need(as_arrow(data), [year, region, industry, value])
    labels, place = [], np.zeros(table.num_rows, dtype=np.int64)
    for name in (year, region, industry):
        found, at = codes(table, name)
        labels.append(found)
        place *= len(found)
        place += at
    years, regions, industries = labels
    shape = (len(years), len(regions), len(industries))
    cube = np.bincount(place, numbers(table, value), int(np.prod(shape))).reshape(shape)
    return {key: Cells(regions, industries, cube[nth]) for nth, key in enumerate(years.tolist())}
