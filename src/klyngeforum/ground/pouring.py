"""Pouring very many rows into one table: COPY on PostgreSQL, executemany on SQLite; the table's constraints and triggers hold as ever.

For taking over whole registers (a nation's companies, years of records): no objects are made, so a million rows take seconds and little memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
Plain = str | int | float | bool | Decimal | date | None
_FEW = 100  # rows that no plan can go badly wrong about
_CHUNK = 200_000  # PostgreSQL queues a check for every foreign key until the statement ends: this bounds the queue


def first_free(model: type[models.Model]) -> int:
    """The id that follows the highest one; the caller's transaction keeps it free only where nobody else writes."""
    newest = model._default_manager.aggregate(top=models.Max("pk"))["top"]
    return int(newest or 0) + 1


def _columns(model: type[models.Model], given: Sequence[str]) -> tuple[list[str], tuple[Plain, ...]]:
    """Names of all columns in the database, the given ones first, and the defaults of those that were not given."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = [
        field for name, field in fields.items() if name not in given and not field.primary_key and not field.generated
    ]
    defaults: tuple[Plain, ...] = tuple(
        field.get_default() if field.has_default() or not field.null else None for field in rest
    )
    return [str(fields[name].column) for name in given] + [str(field.column) for field in rest], defaults


def _chunks(rows: Iterable[Sequence[Plain]]) -> Iterator[list[Sequence[Plain]]]:
    every = iter(rows)
    while chunk := list(islice(every, _CHUNK)):
        yield chunk


@contextmanager
def checked_in_one_sweep(model: type[models.Model]) -> Iterator[None]:
    """For the very many rows poured meanwhile PostgreSQL checks the foreign keys of the whole table once at the end instead of row by row,
    all in the caller's transaction; SQLite checks at the transaction's end in any case."""
    if connection.vendor != "postgresql":
        yield
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            [f'"{table}"'],
        )
        keys = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, _ in keys:
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name, definition in keys:
            cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _copied(table: str, columns: list[str], rows: list[Sequence[Plain]], defaults: tuple[Plain, ...]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row((*row, *defaults))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _inserted(table: str, columns: list[str], rows: list[Sequence[Plain]], defaults: tuple[Plain, ...]) -> None:
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["?"] * len(columns))
    said = (
        tuple(str(value) if isinstance(value, Decimal | date) else value for value in (*row, *defaults)) for row in rows
    )
    connection.ensure_connection()
    connection.connection.cursor().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', said)  # noqa: S608


def pour(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Plain]], *, register: bool = False
) -> int:
    """Insert the rows (values in the order of ``columns``, attribute names); returns how many. Other columns get their defaults.

    ``register`` says that very many rows come (a whole register): then foreign keys are checked in one sweep where the database can.
    Where the columns name the id, the table's own counting goes on behind the highest one.
    """
    names, defaults = _columns(model, columns)
    put = _copied if connection.vendor == "postgresql" else _inserted
    count = 0
    with checked_in_one_sweep(model) if register else nullcontext():
        for chunk in _chunks(rows):
            put(model._meta.db_table, names, chunk, defaults)
            count += len(chunk)
    if count and connection.vendor == "postgresql" and model._meta.pk is not None and model._meta.pk.attname in columns:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                [f'"{model._meta.db_table}"', model._meta.pk.column, first_free(model) - 1],
            )
    stock_of(count, model)
    return count


def stock_of(rows: int, *tables: type[models.Model]) -> None:
    """After so many new rows: PostgreSQL counts the tables anew, in the same transaction, where it knew of fewer rows than have just come.

    It plans by what it counted last, which may be nothing although the table is full: after a dry run of the same file, whose rows it met
    as rows taken back. Then it joins everything with everything, and a question of a second takes hours.
    """
    if rows < _FEW or connection.vendor != "postgresql":
        return
    names = sorted(f'"{one._meta.db_table}"' for one in tables)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples < %s", [names, rows]
        )
        # whoever counts one of them at this moment counts for us too: nobody waits
        if stale := ", ".join(name for (name,) in cursor.fetchall()):
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {stale}")


def take_stock() -> None:
    """Let the database count its tables anew, so that it plans its questions well after a pour."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def brought_up(
    model: type[Row], key: Sequence[str], wanted: Iterable[Mapping[str, Plain]]
) -> dict[tuple[Plain, ...], Row]:
    """Key -> row of a small table, after what is wanted stands there: new rows are made, changed ones written over, others left.

    Every row names the same columns (as in the database: ``parent_id``), the key's among them; of two with one key the last stands.
    """
    rows = {tuple(one[name] for name in key): dict(one) for one in wanted}
    stands = {tuple(getattr(one, name) for name in key): one for one in model._default_manager.all()}
    fresh, changed = [], []
    for at, values in rows.items():
        row = stands.get(at)
        if row is None:
            fresh.append(model(**values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    model._default_manager.bulk_create(fresh)
    if changed:
        model._default_manager.bulk_update(
            changed, [name for name in next(iter(rows.values())) if name not in key], batch_size=200
        )
    stands.update((tuple(getattr(one, name) for name in key), one) for one in fresh)
    return {at: stands[at] for at in rows}
