"""A panel that stands in order of companies and years: read once, piece by piece, with nothing kept of any single company."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.ahead import ahead
from klyngeanalyse.core.engines import Streams
from klyngeanalyse.effects.asking import MOST_YEARS, Asking, too_early
from klyngeanalyse.effects.blocks import Block, Cells, referred
from klyngeanalyse.effects.rows import Floats, Rows, Whole

BATCH = 131_072


class Disordered(Exception):
    """The panel has to be read in the other way: it is not in order, or something in it needs a closer look."""


@dataclass(frozen=True)
class Piece:
    """Rows of whole companies: company, year, first participation (0 for none), codes and outcomes, each (n,)."""

    company: Whole
    year: Whole
    first: Whole
    codes: list[Whole]
    outcomes: list[Floats]

    def taking(self, rows: slice | Whole) -> Piece:
        return Piece(
            self.company[rows],
            self.year[rows],
            self.first[rows],
            [one[rows] for one in self.codes],
            [one[rows] for one in self.outcomes],
        )

    @classmethod
    def together(cls, pieces: list[Piece]) -> Piece:
        return cls(
            np.concatenate([one.company for one in pieces]),
            np.concatenate([one.year for one in pieces]),
            np.concatenate([one.first for one in pieces]),
            [np.concatenate(parts) for parts in zip(*(one.codes for one in pieces), strict=True)],
            [np.concatenate(parts) for parts in zip(*(one.outcomes for one in pieces), strict=True)],
        )


def in_order(engine: Streams, asking: Asking) -> Rows | None:
    """Cells of the panel where it stands in order; None where it does not, or where its columns need the other way.

    Whatever is wrong with a panel is left to the other way, which says so.
    """
    design, schema = asking.design, asking.schema
    whole = (schema.company, schema.year, *design.codes)
    if design.covariates or design.cluster or not all(pa.types.is_integer(asking.kind(one)) for one in whole):
        return None
    if not 1 <= asking.extent.high - asking.extent.low < MOST_YEARS:
        return None
    try:
        return _Reading(engine, asking).rows()
    except Disordered:
        return None


class _Reading:
    def __init__(self, engine: Streams, asking: Asking) -> None:
        self.engine, self.asking = engine, asking
        self.low, self.years = asking.extent.low, asking.extent.high - asking.extent.low + 1
        self.pattern, self.last = np.zeros(0), np.zeros(0, dtype=np.bool_)
        self.gathered = Cells(len(asking.schema.outcomes), self.years)
        self.seen = np.zeros(self.years, dtype=np.bool_)
        self.dropped = 0

    def rows(self) -> Rows:
        for piece in self._pieces():
            self._add(piece)
        if not self.seen.all():
            raise Disordered
        return self.gathered.rows(self.asking, np.arange(self.low, self.low + self.years), None, (), self.dropped)

    def _batches(self) -> Iterator[Piece]:
        codes = 3 + len(self.asking.design.codes)
        with closing(ahead(self._read())) as batches:
            for batch in batches:
                found = batch.columns
                if found[2].null_count:
                    found[2] = found[2].fill_null(0)
                if any(one.null_count or not _plain(one.type) for one in found[:codes]):
                    raise Disordered
                columns = [one.to_numpy(zero_copy_only=False) for one in found]
                outcomes = [one.astype(np.float64, copy=False) for one in columns[codes:]]
                yield Piece(columns[0], columns[1], columns[2], columns[3:codes], outcomes)

    def _read(self) -> Generator[pa.RecordBatch, None, None]:
        """Company, year, first participation, codes and outcomes: from the file itself where it has them as plain numbers."""
        asking, schema = self.asking, self.asking.schema
        names = [schema.company, schema.year, str(schema.first_participation), *asking.design.codes]
        if file := asking.as_stored():
            return file.batches([*names, *schema.outcomes], BATCH)
        chosen = [f"{asking.q(one)} as k{nth}" for nth, one in enumerate(names)]
        chosen += [f"cast({asking.q(one)} as double) as v{nth}" for nth, one in enumerate(schema.outcomes)]
        return self.engine.batches(f"select {', '.join(chosen)} from {asking.table}", BATCH, in_order=True)

    def _pieces(self) -> Iterator[Piece]:
        """Whole companies of each batch, then those that begin in one and end in another."""
        parts: list[Piece] = []
        pending = None
        for batch in self._batches():
            company, near = batch.company, self.years + 1
            begin = 0 if pending is None else int(np.count_nonzero(company[:near] == pending))
            end = max(begin, len(company) - int(np.count_nonzero(company[-near:] == company[-1])))
            inside = company[begin:end]
            if (company[:begin] != pending).any() or (company[end:] != company[-1]).any():
                raise Disordered
            if pending is not None and company[0] < pending:
                raise Disordered
            if len(inside):
                if (pending is not None and inside[0] <= pending) or inside[-1] >= company[-1]:
                    raise Disordered
                yield batch.taking(slice(begin, end))
            ends = np.r_[0:begin, end : len(company)]
            parts.append(batch.taking(ends))  # copied: a view would keep the whole batch in memory
            pending = company[-1]
        if parts:
            yield Piece.together(parts)

    def _add(self, piece: Piece) -> None:
        block, cohort, codes = self._even(piece) or self._uneven(piece)
        early = too_early(cohort, self.asking)
        self.dropped += int(np.count_nonzero(early))
        kept = np.flatnonzero(block.exists & ~early)
        alone = np.broadcast_to(np.int64(-1), len(kept))
        self.gathered.add(block, kept, [cohort[kept], alone, *(one[kept] for one in codes)])

    def _even(self, piece: Piece) -> tuple[Block, Whole, list[Whole]] | None:
        """Where every company has all years, rows are a table of companies × years as they stand."""
        count, rest = divmod(len(piece.company), self.years)
        if rest or (piece.year != self._pattern(count, piece.year.dtype)).any():
            return None
        last = self.last[: count * self.years - 1]
        company, first = piece.company.reshape(-1, self.years), piece.first.reshape(-1, self.years)
        if ((piece.company[1:] > piece.company[:-1]) != last).any() or (company[:, 0] != company[:, -1]).any():
            return None
        if ((piece.first[1:] != piece.first[:-1]) > last).any():
            return None
        self.seen[:] = True
        at = self.asking.design.at
        when = 0 if at is None else at - self.low
        if not 0 <= when < self.years:
            raise Disordered
        codes = [one.reshape(-1, self.years)[:, when] for one in piece.codes]
        return self._table(piece.outcomes, count), self._cohort(first[:, 0]), codes

    def _pattern(self, count: int, kind: np.dtype[Any]) -> np.ndarray:
        """The years of so many companies, one after another; `last` says where each company's end."""
        if len(self.pattern) < count * self.years or self.pattern.dtype != kind:
            several = max(count, BATCH // self.years + 1)
            self.pattern = np.tile(np.arange(self.years, dtype=kind) + kind.type(self.low), several)
            self.last = self.pattern == self.pattern[-1]
        return self.pattern[: count * self.years]

    def _table(self, outcomes: list[Floats], count: int) -> Block:
        tables = [one.reshape(count, self.years) for one in outcomes]
        # a sum says at once whether all is finite
        if all(np.isfinite(np.add.reduce(one)) for one in outcomes):
            return Block.standing(tables)
        values, present = [], []
        for table, name in zip(tables, self.asking.schema.outcomes, strict=True):
            values.append(np.concatenate([table, table[:, :1]], axis=1))
            present.append(referred(values[-1], name))
        return Block.of(0, values, present)

    def _uneven(self, piece: Piece) -> tuple[Block, Whole, list[Whole]]:
        """Companies with gaps: each value is put into its year's place."""
        later, place = piece.company[1:] > piece.company[:-1], piece.year - self.low
        if not (later | ((piece.company[1:] == piece.company[:-1]) & (place[1:] > place[:-1]))).all():
            raise Disordered
        if piece.codes and self.asking.design.at is not None:
            raise Disordered
        number = np.concatenate([[0], np.cumsum(later)])
        begin = np.concatenate([[0], np.flatnonzero(later) + 1])
        self.seen[place] = True
        cohort = self._cohort(piece.first)
        if (cohort != cohort[begin][number]).any():
            raise Disordered
        slot = number * (self.years + 1) + place
        values = []
        for one in piece.outcomes:
            table = np.full((len(begin), self.years + 1), np.nan)
            table.ravel()[slot] = one
            values.append(table)
        names = self.asking.schema.outcomes
        present = [referred(one, name) for one, name in zip(values, names, strict=True)]
        return Block.of(0, values, present), cohort[begin], [one[begin] for one in piece.codes]

    def _cohort(self, first: np.ndarray) -> Whole:
        """0 for those who never take part while they are observed."""
        kept = np.where((first > 0) & (first <= self.asking.last_start), first, 0)
        if kept.dtype.kind == "f" and (kept != np.floor(kept)).any():
            raise Disordered
        return kept.astype(np.int64)


def _plain(kind: pa.DataType) -> bool:
    """Numbers that NumPy knows: exact sums come as decimals."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
