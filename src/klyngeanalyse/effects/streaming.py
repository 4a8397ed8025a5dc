"""The panel streamed into dense blocks of companies × years, in passes over ranges of companies so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from klyngeanalyse.core.engines import Streams
from klyngeanalyse.effects.asking import Asking, complete, standardised, too_early, twice, varies
from klyngeanalyse.effects.blocks import Block, Cells, filled, referred, renumbered
from klyngeanalyse.effects.cells import distinct, indicators
from klyngeanalyse.effects.rows import Floats, Measured, Rows, Truths, Whole

BLOCK_VALUES = 8_000_000
LOOSENESS = 4
Small = NDArray[np.int32]


def streamed(engine: Streams, asking: Asking, singly: bool = False) -> Rows:
    """Cells where covariates are codes or none, companies one by one where they are numeric."""
    stream = Stream(engine, asking)
    if asking.design.covariates or singly:
        return stream.companies()
    return stream.cells()


class Stream:
    def __init__(self, engine: Streams, asking: Asking) -> None:
        self.engine, self.asking = engine, asking
        self.low: int | None = None
        self.rows_of: Whole | None = None
        self.source, self.number, self.size = self._numbering()
        self.years = len(asking.years)
        self.cohort, self.started_rows = self._cohorts()

    def _numbering(self) -> tuple[str, str, int]:
        """SQL of the panel and of a company's number from 0: its own where numbers lie close, else one given here."""
        asking = self.asking
        if pa.types.is_integer(asking.kind(asking.schema.company)):
            found = self.engine.arrow(
                f"select min({asking.company}) as low, max({asking.company}) as high from {asking.table}"
            ).to_pylist()[0]
            width = int(found["high"]) - int(found["low"]) + 1
            if width <= LOOSENESS * max(1000, asking.extent.n_rows // len(asking.years)):
                self.low = int(found["low"])
                return asking.table, f"(cast({asking.company} as bigint) - ({self.low}))", width
        self.engine.run(
            f"create or replace temporary table effects_numbered as select c, row_number() over () - 1 as effects_i "
            f"from (select distinct {asking.company} as c from {asking.table}) q"
        )
        size = int(self.engine.arrow("select count(*) as n from effects_numbered").column("n")[0].as_py())
        return f"{asking.table} p join effects_numbered e on p.{asking.company} = e.c", "effects_i", size

    def _cohorts(self) -> tuple[Small, Small]:
        """First participation (N,) with 0 for never, and how many rows said so."""
        asking = self.asking
        found = self._by_company(
            f"min({asking.first}) as low, max({asking.first}) as high, count(*) as n", asking.started
        )
        low, high = np.asarray(found["low"], dtype=float), np.asarray(found["high"], dtype=float)
        odd = (low != high) | (low != np.floor(low))
        if odd.any():
            raise varies(asking, str(asking.schema.first_participation), self._names(found["i"][odd]))
        # one number for every company there may be: small ones, or ten million of them fill the memory
        cohort, rows = np.zeros(self.size, dtype=np.int32), np.zeros(self.size, dtype=np.int32)
        cohort[found["i"]], rows[found["i"]] = low, found["n"]
        return cohort, rows

    def _by_company(self, what: str, where: str) -> dict[str, np.ndarray]:
        sql = f"select {self.number} as i, {what} from {self.source} where {where} group by {self.number}"
        table = self.engine.arrow(sql)
        return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}

    def _names(self, numbers: np.ndarray) -> list[Any]:
        some = ", ".join(str(int(one)) for one in numbers[:3])
        sql = f"select distinct {self.asking.company} as c from {self.source} where {self.number} in ({some})"
        return list(self.engine.arrow(sql).column("c").to_pylist())

    def blocks(self, whole: bool = False) -> Iterator[Block]:
        """Passes over ranges of companies; a file in order of companies is read only where the range lies."""
        outcomes = self.asking.schema.outcomes
        size = self.size if whole else max(1, BLOCK_VALUES // ((self.years + 1) * len(outcomes)))
        for start in range(0, self.size, size):
            yield self._block(start, min(start + size, self.size))

    def _block(self, start: int, stop: int) -> Block:
        outcomes, width, count = self.asking.schema.outcomes, self.years + 1, stop - start
        values = [np.full(count * width, np.nan) for _ in outcomes]
        n_rows, n_null = 0, np.zeros(len(outcomes), dtype=np.int64)
        for batch in self.engine.batches(self._reading(start, stop)):
            slot = batch.column(0).to_numpy()
            n_rows += len(slot)
            for nth, kept in enumerate(values):
                column = batch.column(nth + 1)
                n_null[nth] += column.null_count
                kept[slot] = column.to_numpy(zero_copy_only=False)
        shaped = [one.reshape(count, width) for one in values]
        present = [referred(one, name) for one, name in zip(shaped, outcomes, strict=True)]
        n_seen = np.array([np.count_nonzero(one) for one in present])
        # fewer places than values: some are NaN, or a company stands twice in a year
        if (n_seen != n_rows - n_null).any():
            self._once()
        self._steady(start, present)
        return Block.of(start, shaped, present)

    def _once(self) -> None:
        asking = self.asking
        sql = f"select 1 as n from {asking.table} group by {asking.company}, {asking.year} having count(*) > 1 limit 1"
        if self.engine.arrow(sql).num_rows:
            raise twice(asking)

    def _steady(self, start: int, present: list[Truths]) -> None:
        """All rows of a company that takes part must say so; where outcomes are missing its rows are counted."""
        said = self.started_rows[start : start + len(present[0])]
        some = np.flatnonzero(said)
        full = np.max([np.count_nonzero(one[some], axis=1) for one in present], axis=0)
        doubtful = some[full != said[some]]
        if not len(doubtful):
            return
        if self.rows_of is None:
            found = self._by_company("count(*) as n", "1 = 1")
            self.rows_of = np.zeros(self.size, dtype=np.int64)
            self.rows_of[found["i"]] = found["n"]
        odd = doubtful[self.rows_of[doubtful + start] != said[doubtful]]
        if len(odd):
            raise varies(self.asking, str(self.asking.schema.first_participation), self._names(odd + start))

    def _reading(self, start: int, stop: int) -> str:
        asking = self.asking
        outcomes = ", ".join(
            f"cast({asking.q(one)} as double) as v{nth}" for nth, one in enumerate(asking.schema.outcomes)
        )
        slot = f"({self.number} - {start}) * {self.years + 1} + {asking.place()}"
        where = "" if (start, stop) == (0, self.size) else f" where {self._range(start, stop)}"
        return f"select {slot} as slot, {outcomes} from {self.source}{where}"

    def _range(self, start: int, stop: int) -> str:
        """On the company's own column where its number is its own, so that a Parquet file's statistics prune the reading."""
        if self.low is not None:
            return f"{self.asking.company} between {self.low + start} and {self.low + stop - 1}"
        return f"{self.number} between {start} and {stop - 1}"

    def clusters(self) -> tuple[Small, tuple[str, ...]]:
        """Number of each company's cluster (N,), -1 for none, and the clusters' names."""
        column = self.asking.design.cluster
        if column is None:
            return np.broadcast_to(np.int32(-1), (self.size,)), ()
        made = np.full(self.size, -1, dtype=np.int32)
        q = self.asking.q(column)
        found = self._by_company(f"min({q}) as low, max({q}) as high", f"{q} is not null")
        odd = found["low"] != found["high"]
        if odd.any():
            raise varies(self.asking, column, self._names(found["i"][odd]))
        names, place = np.unique(np.array([str(one) for one in found["low"]]), return_inverse=True)
        made[found["i"]] = place
        return made, tuple(str(one) for one in names)

    def described(self, columns: tuple[str, ...]) -> list[np.ndarray]:
        """Each company's value of the columns in the year `at`, or in the first year in which it is observed."""
        asking, at = self.asking, self.asking.design.at
        made: list[np.ndarray] = [np.full(self.size, None, dtype=object) for _ in columns]
        if all(_numeric(asking.kind(one)) for one in columns):
            made = [np.full(self.size, np.nan) for _ in columns]
        if not columns:
            return made
        missing = np.ones(self.size, dtype=bool)
        listed = ", ".join(f"{asking.q(one)} as c{nth}" for nth, one in enumerate(columns))
        for year in asking.years if at is None else [at]:
            for batch in self.engine.batches(
                f"select {self.number} as i, {listed} from {self.source} where {asking.year} = {int(year)}"
            ):
                place = batch.column(0).to_numpy()
                fresh = missing[place]
                for nth, kept in enumerate(made):
                    kept[place[fresh]] = batch.column(nth + 1).to_numpy(zero_copy_only=False)[fresh]
                missing[place] = False
            if not missing.any():
                break
        return made

    def kept(self, block: Block) -> np.ndarray:
        cohort = self.cohort[block.start : block.start + len(block.exists)]
        return np.flatnonzero(block.exists & ~too_early(cohort, self.asking))

    def n_dropped(self) -> int:
        return int(too_early(self.cohort, self.asking).sum())

    def cells(self) -> Rows:
        codes, (cluster, clusters) = self.described(self.asking.design.codes), self.clusters()
        gathered = Cells(len(self.asking.schema.outcomes), self.years)
        coded = [distinct(_sortable(one)) for one in codes]
        for block in self.blocks():
            kept = self.kept(block)
            at = kept + block.start
            keys = [self.cohort[at], cluster[at], *(place[at] for _, place in coded)]
            gathered.add(block, kept, keys)
        levels = [values for values, _ in coded]
        return gathered.rows(self.asking, self.asking.years, levels, clusters, self.n_dropped())

    def _columns(self, order: np.ndarray) -> tuple[Floats, tuple[str, ...]]:
        """Covariates (R, p) of the companies in this order, a column of ones first, and their names."""
        design = self.asking.design
        parts = [np.ones((len(order), 1))]
        if design.covariates:
            numbers = self.described(design.covariates)
            x = np.column_stack([np.asarray(one, dtype=np.float64)[order] for one in numbers])
            complete(x, design.covariates)
            parts.append(standardised(x, parts[0][:, 0]))
        marks, terms = indicators(design.codes, [one[order] for one in self.described(design.codes)])
        if design.codes:
            parts.append(marks)
        return np.ascontiguousarray(np.hstack(parts)), (*design.covariates, *terms)

    def companies(self) -> Rows:
        block = next(self.blocks(whole=True))
        (cluster, clusters), kept = self.clusters(), self.kept(block)
        order = kept[np.argsort(self.cohort[kept], kind="stable")]
        x, terms = self._columns(order)
        outcomes = tuple(
            Measured(name, filled(values[order], whole), None, present[order])
            for name, values, present, whole in zip(
                self.asking.schema.outcomes, block.values, block.present, block.whole, strict=True
            )
        )
        own, names = renumbered(cluster[order].astype(np.int64), clusters)
        return Rows(
            years=self.asking.years,
            cohort=self.cohort[order].astype(np.int64),
            n=np.ones(len(order)),
            x=x,
            cluster=own,
            clusters=names,
            outcomes=outcomes,
            terms=terms,
            n_dropped=self.n_dropped(),
        )


def _numeric(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _sortable(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f" and not np.isnan(values).any() and np.array_equal(values, np.floor(values)):
        return values.astype(np.int64)
    if values.dtype != object:
        return values
    return np.array(["" if one is None else str(one) for one in values])
