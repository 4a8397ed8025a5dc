"""A Parquet file read as it stands: where only its columns are wanted nothing has to be asked, so no engine has to start for it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass(frozen=True)
class Range:
    """Smallest and largest value of a column, and how many rows have none."""

    low: float
    high: float
    empty: int


@dataclass(frozen=True)
class Stored:
    """One Parquet file; `kinds` are its columns as Arrow knows them, `n_rows` its rows."""

    path: Path
    kinds: pa.Schema
    n_rows: int

    @classmethod
    def at(cls, path: Path) -> Stored | None:
        """None for what is no single Parquet file, or for one that a closer look has to say more about."""
        if path.suffix != ".parquet" or not path.is_file():
            return None
        try:
            with pq.ParquetFile(path) as file:
                return cls(path, file.schema_arrow, file.metadata.num_rows)
        except (OSError, pa.ArrowException):
            return None  # the engine says what is wrong with it

    def plain(self, columns: Sequence[str]) -> bool:
        """Whether all of them are there once, as whole or floating numbers that every reader understands alike."""
        found = [self.kinds.get_all_field_indices(one) for one in columns]
        kinds = [self.kinds.field(at[0]).type for at in found if len(at) == 1]
        return len(kinds) == len(columns) and all(_number(one) for one in kinds)

    def range(self, column: str) -> Range | None:
        """As the file's own statistics say, without reading a row; None where a part of the file says nothing of the column."""
        with pq.ParquetFile(self.path) as file:
            parts = [_said(file.metadata.row_group(nth), column) for nth in range(file.metadata.num_row_groups)]
        told = [one for one in parts if one is not None and one.has_min_max and one.has_null_count]
        if not told or len(told) < len(parts):
            return None
        return Range(min(one.min for one in told), max(one.max for one in told), sum(one.null_count for one in told))

    def read(self, columns: Sequence[str]) -> pa.Table:
        """The columns whole, each once."""
        with pq.ParquetFile(self.path) as file:
            return file.read(columns=list(dict.fromkeys(columns)))

    def batches(self, columns: Sequence[str], rows: int) -> Generator[pa.RecordBatch, None, None]:
        """The columns piece by piece in the order of the file."""
        with pq.ParquetFile(self.path, pre_buffer=False) as file:
            for batch in file.iter_batches(rows, columns=list(dict.fromkeys(columns))):
                yield batch.select(list(columns))


def _number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_float32(kind) or pa.types.is_float64(kind))


def _said(part: pq.RowGroupMetaData, column: str) -> pq.Statistics | None:
    """By the column's path: a column with parts of its own has several places in the file."""
    held = (part.column(nth) for nth in range(part.num_columns))
    return next((one.statistics for one in held if one.path_in_schema == column), None)
