"""Where panels come from: Parquet, CSV, a DuckDB file, PostgreSQL, a table the engine knows, any dataframe."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from klyngeanalyse.core.engines import DuckEngine, Engine, as_arrow, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted

FILES = (".parquet", ".csv", ".gz")
DATABASES = (".duckdb", ".ddb", ".db")
BATCH = 50_000


def read(
    engine: Engine, source: Any, name: str = "panel", *, table: str | None = None, text: Sequence[str] = ()
) -> str:
    """Makes `source` known to the engine under `name` and gives the name back.

    A path to .parquet (also a folder or pattern of them) or .csv(.gz); a DuckDB file or a PostgreSQL address
    (postgresql://…) with `table`; `table` alone (source None) for one the engine already knows, such as a Spark table;
    otherwise a dataframe (pandas, polars, narwhals, Arrow) or a mapping of columns. `text` are columns of codes: a CSV does not
    say that they are no numbers, so it is said here.
    """
    if source is None:
        return _known(engine, _needed(table, "the engine's own tables"), name)
    if isinstance(source, str) and source.startswith(("postgresql://", "postgres://")):
        return _postgres(engine, source, _needed(table, "PostgreSQL"), name)
    if isinstance(source, str | Path):
        return _file(engine, Path(source), name, table, text)
    engine.put(name, as_arrow(source))
    return name


def _file(engine: Engine, path: Path, name: str, table: str | None, text: Sequence[str]) -> str:
    if path.suffix in DATABASES:
        return _duckdb(engine, path, _needed(table, str(path)), name)
    if path.suffix not in FILES and not path.is_dir():
        raise Unfit(
            f"cannot read {path.name}",
            why=f"the ending {path.suffix or 'is missing'}",
            mend="give Parquet (.parquet), CSV (.csv, .csv.gz) or a DuckDB file (.duckdb)",
        )
    engine.open(name, path, text)
    return name


def _needed(table: str | None, where: str) -> str:
    if not table:
        raise Unfit("no table named", where=where, mend="say which table holds the panel")
    return table


def _known(engine: Engine, table: str, name: str) -> str:
    parts = ".".join(quoted(engine, part) for part in table.split("."))
    engine.run(f"create or replace temporary view {name} as select * from {parts}")
    return name


def _duckdb(engine: Engine, path: Path, table: str, name: str) -> str:
    if not isinstance(engine, DuckEngine):
        raise Unfit("a DuckDB file", where=str(path), why=f"the engine is {engine.name}", mend="write Parquet from it")
    if not path.exists():
        raise Unfit(f"no file {path}", mend="give the path of a DuckDB file")
    file = str(path).replace("'", "''")
    try:
        engine.run(f"attach if not exists '{file}' as {name}_file (read_only)")
    except duckdb.Error as error:
        raise Unfit(f"{path.name} cannot be read", why=str(error).splitlines()[0], mend="give a DuckDB file") from None
    try:
        return _known(engine, f"{name}_file.{table}", name)
    except duckdb.CatalogException:
        there = columns(
            engine, f"select table_name as t from duckdb_tables() where database_name = '{name}_file' order by 1"
        )
        names = ", ".join(there["t"].tolist()[:8]) or "none"
        raise Unfit(
            f"no table {table}", where=path.name, why=f"its tables are {names}", mend="name one of them"
        ) from None


def _postgres(engine: Engine, address: str, table: str, name: str) -> str:
    """Through psycopg with a cursor on the server, batch by batch: DuckDB's own reader is an extension to be fetched."""
    if importlib.util.find_spec("psycopg") is None:
        raise Unfit(
            "psycopg is not installed", where="PostgreSQL", mend="install psycopg, or copy the table to Parquet"
        )
    psycopg = importlib.import_module("psycopg")
    named = psycopg.sql.SQL(".").join(psycopg.sql.Identifier(part) for part in table.split("."))
    try:
        with psycopg.connect(address) as base, base.cursor(name="panel") as cursor:
            cursor.execute(psycopg.sql.SQL("select * from {}").format(named))
            batches, heads = [], None
            while rows := cursor.fetchmany(BATCH):
                heads = heads or [column.name for column in cursor.description]
                batches.append(
                    pa.table({head: list(values) for head, values in zip(heads, zip(*rows, strict=True), strict=True)})
                )
    except psycopg.Error as error:
        raise Unfit(
            "PostgreSQL did not answer", where=f"table {table}", why=str(error).strip().splitlines()[0]
        ) from error
    if not batches:
        raise Unfit("no rows", where=f"PostgreSQL table {table}", mend="give a table with rows")
    engine.put(name, pa.concat_tables(batches, promote_options="permissive"))
    return name
