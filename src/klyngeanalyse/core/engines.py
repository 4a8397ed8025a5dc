"""Where the rows are: DuckDB on one machine, Spark where they outgrow it; the same SQL in a common subset on both."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import duckdb
import numpy as np
import pyarrow as pa

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow as as_arrow

Columns = dict[str, "np.ndarray[Any, Any]"]


class Engine(Protocol):
    """Holds named tables and answers SQL; the panel never leaves it, only what was counted comes back."""

    name: str

    def put(self, name: str, table: pa.Table) -> None: ...
    def open(self, name: str, path: str | Path, text: Sequence[str] = ()) -> None: ...
    def run(self, sql: str) -> None: ...
    def keep(self, name: str, sql: str) -> None: ...
    def drop(self, name: str) -> None: ...
    def arrow(self, sql: str) -> pa.Table: ...
    def close(self) -> None: ...


@runtime_checkable
class Streams(Engine, Protocol):
    """An engine that also hands its answer over piece by piece."""

    def batches(self, sql: str, rows: int = ..., *, in_order: bool = ...) -> Generator[pa.RecordBatch, None, None]: ...


def columns(engine: Engine, sql: str) -> Columns:
    """The answer of a query as one NumPy array a column."""
    table = engine.arrow(sql)
    return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}


def plain_numbers(table: pa.Table) -> pa.Table:
    """Exact sums as numbers that NumPy knows: DuckDB adds whole numbers into 128 bits, Spark divides decimals into decimals.

    Whole numbers become int64 (an overflow is an error, never a wrong number), decimals with places float64.
    """
    for nth, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            kind = pa.int64() if field.type.scale == 0 else pa.float64()
            table = table.set_column(nth, field.name, table.column(nth).cast(kind))
    return table


class DuckEngine:
    """DuckDB in this process with a memory limit (a DuckDB size, '512MB') and a folder to spill into."""

    name = "duckdb"

    def __init__(self, memory: str = "512MB", threads: int | None = None, spill: str | Path | None = None) -> None:
        self._folder = None if spill else tempfile.TemporaryDirectory(prefix="klyngeanalyse-")
        settings: dict[str, Any] = {
            "memory_limit": memory,
            "temp_directory": str(spill or (self._folder.name if self._folder else "")),
            "preserve_insertion_order": False,
        }
        if threads:
            settings["threads"] = threads
        try:
            self.connection = duckdb.connect(":memory:", config=settings)
        except (duckdb.ParserException, duckdb.InvalidInputException) as error:
            raise Unfit(f"memory {memory!r}", why=str(error).splitlines()[0], mend="write it as 512MB or 4GB") from None
        self.connection.execute(
            "set enable_progress_bar = false"
        )  # how far it has come is told by the method, not by DuckDB
        self._put: set[str] = set()

    def put(self, name: str, table: pa.Table) -> None:
        self.connection.register(name, table)
        self._put.add(name)

    def open(self, name: str, path: str | Path, text: Sequence[str] = ()) -> None:
        """A Parquet or CSV file as a view, read only when it is asked; the columns `text` of a CSV are text, also where all are digits."""
        source = Path(path)
        if not source.exists():
            raise Unfit(f"no file {source}", mend="give the path of a Parquet or CSV file")
        try:
            self.connection.execute(f"create or replace view {name} as select * from {self._read(source, text)}")
        except duckdb.Error as error:
            raise Unfit(
                f"{source.name} cannot be read",
                why=str(error).splitlines()[0],
                mend="give Parquet, or CSV in UTF-8 with a header line",
            ) from None

    def _read(self, source: Path, text: Sequence[str]) -> str:
        quoted = "'" + str(source).replace("'", "''") + "'"
        if ".csv" not in source.suffixes:
            return f"read_parquet({quoted})"
        heads = self.connection.sql(f"select * from read_csv({quoted}) limit 0").columns if text else []
        kinds = [f"""'{one.replace("'", "''")}': 'varchar'""" for one in heads if one in text]
        return f"read_csv({quoted}, types = {{{', '.join(kinds)}}})" if kinds else f"read_csv({quoted})"

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def keep(self, name: str, sql: str) -> None:
        """The answer of a query under a name, worked out once; beyond the memory limit it lies in the spill folder."""
        self.connection.execute(f"create or replace temp table {name} as {sql}")

    def drop(self, name: str) -> None:
        """Forget what was put or kept under a name."""
        if name in self._put:
            self._put.discard(name)
            self.connection.unregister(name)
        else:
            self.connection.execute(f"drop table if exists {name}")

    def arrow(self, sql: str) -> pa.Table:
        return plain_numbers(self.connection.sql(sql).to_arrow_table())

    def batches(self, sql: str, rows: int = 65_536, *, in_order: bool = False) -> Generator[pa.RecordBatch, None, None]:
        """The answer piece by piece, so that it never stands in memory as a whole; `in_order`: as the rows stand in the file."""
        if not in_order:
            yield from self.connection.sql(sql).to_arrow_reader(rows)
            return
        self.connection.execute("set preserve_insertion_order = true")
        try:
            yield from self.connection.sql(sql).to_arrow_reader(rows)
        finally:
            self.connection.execute("set preserve_insertion_order = false")

    def close(self) -> None:
        self.connection.close()
        if self._folder:
            self._folder.cleanup()
