"""Where the rows are: DuckDB on one machine, Spark where they outgrow it; the same SQL in a common subset on both."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow as as_arrow
from klyngeanalyse.core.stored import Stored

if TYPE_CHECKING:
    import tempfile

    import duckdb

Columns = dict[str, "np.ndarray[Any, Any]"]
_SIZE = re.compile(r"([1-9]\d*(?:\.\d+)?) ?([KMGT])(i?)B", re.IGNORECASE)


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
    """An engine that also hands its answer over piece by piece, and says how many bytes rows may take beside it."""

    @property
    def room(self) -> int: ...
    def batches(self, sql: str, rows: int = ..., *, in_order: bool = ...) -> Generator[pa.RecordBatch, None, None]: ...
    def stored(self, table: str) -> Stored | None: ...


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
    """DuckDB in this process with a memory limit (a DuckDB size, '512MB') and a folder to spill into.

    It starts with the first question: who only reads a Parquet file as it stands does not wait for it.
    """

    name = "duckdb"

    def __init__(self, memory: str = "512MB", threads: int | None = None, spill: str | Path | None = None) -> None:
        self.memory, self.threads, self.spill = memory, threads, spill
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files: dict[str, Stored] = {}
        self._put: set[str] = set()
        if not _SIZE.fullmatch(memory):
            _ = self.connection  # DuckDB says what it is

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB, started when it is asked for the first time."""
        duck = import_module("duckdb")  # an eighth of a second with its start
        temporary = import_module("tempfile").TemporaryDirectory
        self._folder = None if self.spill else temporary(prefix="klyngeanalyse-")
        settings: dict[str, Any] = {
            "memory_limit": self.memory,
            "temp_directory": str(self.spill or (self._folder.name if self._folder else "")),
            "preserve_insertion_order": False,
        }
        if self.threads:
            settings["threads"] = self.threads
        try:
            found: duckdb.DuckDBPyConnection = duck.connect(":memory:", config=settings)
        except (duck.ParserException, duck.InvalidInputException) as error:
            why = str(error).splitlines()[0]
            raise Unfit(f"memory {self.memory!r}", why=why, mend="write it as 512MB or 4GB") from None
        found.execute("set enable_progress_bar = false")  # how far it has come is told by the method, not by DuckDB
        for name, file in self._files.items():
            self._look(found, name, file.path)
        return found

    @property
    def room(self) -> int:
        """The memory limit in bytes: who holds rows in place of DuckDB may hold as many."""
        said = _SIZE.fullmatch(self.memory)
        if said is None:
            return 0
        return int(float(said[1]) * (1024 if said[3] else 1000) ** ("KMGT".index(said[2].upper()) + 1))

    def put(self, name: str, table: pa.Table) -> None:
        self._files.pop(name, None)
        self.connection.register(name, table)
        self._put.add(name)

    def open(self, name: str, path: str | Path, text: Sequence[str] = ()) -> None:
        """A Parquet or CSV file as a view, read only when it is asked; the columns `text` of a CSV are text, also where all are digits."""
        source = Path(path)
        if not source.exists():
            raise Unfit(f"no file {source}", mend="give the path of a Parquet or CSV file")
        self._files.pop(name, None)
        file = Stored.at(source)
        if file is None or "connection" in vars(self):
            self._look(self.connection, name, source, text)
        if file is not None:
            self._files[name] = file

    @staticmethod
    def _look(connection: duckdb.DuckDBPyConnection, name: str, source: Path, text: Sequence[str] = ()) -> None:
        try:
            connection.execute(f"create or replace view {name} as select * from {_read(connection, source, text)}")
        except import_module("duckdb").Error as error:
            raise Unfit(
                f"{source.name} cannot be read",
                why=str(error).splitlines()[0],
                mend="give Parquet, or CSV in UTF-8 with a header line",
            ) from None

    def stored(self, table: str) -> Stored | None:
        """The file behind a table that is one Parquet file as it stands."""
        return self._files.get(table)

    def run(self, sql: str) -> None:
        self.connection.execute(sql)
        said = sql.lower()
        self._files = {
            name: file for name, file in self._files.items() if name.lower() not in said
        }  # it may be another now

    def keep(self, name: str, sql: str) -> None:
        """The answer of a query under a name, worked out once; beyond the memory limit it lies in the spill folder."""
        self.connection.execute(f"create or replace temp table {name} as {sql}")
        self._files.pop(name, None)

    def drop(self, name: str) -> None:
        """Forget what was put or kept under a name."""
        self._files.pop(name, None)
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
        if "connection" in vars(self):
            self.connection.close()
        if self._folder:
            self._folder.cleanup()


def _read(connection: duckdb.DuckDBPyConnection, source: Path, text: Sequence[str]) -> str:
    quoted = "'" + str(source).replace("'", "''") + "'"
    if ".csv" not in source.suffixes:
        return f"read_parquet({quoted}, can_have_nan = true)"  # its statistics leave NaN out, and no filter may believe them
    heads = connection.sql(f"select * from read_csv({quoted}) limit 0").columns if text else []
    kinds = [f"""'{one.replace("'", "''")}': 'varchar'""" for one in heads if one in text]
    return f"read_csv({quoted}, types = {{{', '.join(kinds)}}})" if kinds else f"read_csv({quoted})"
