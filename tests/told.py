"""How a story begins is told once in a process, through the front doors; the next story that begins so gets the same rows put back.

What rows a beginning wrote is found by reading every table before and after; each story still has a database of its own.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

from klyngeforum.ground.trail.queries import newest_hash
from klyngeforum.web.resting import things_of

from .watching import watched

T = TypeVar("T")
PROGRAMME = settings.PROGRAMME
Rows = dict[str, frozenset[Any]]  # of each table


@dataclass(frozen=True, slots=True)
class Beginning:
    """What it added and took away, and what it gave together with whoever it was given."""

    gone: dict[str, list[Any]]
    new: dict[str, list[Any]]
    numbers: list[Any]
    gave: bytes


_told: dict[Hashable, Beginning] = {}
_whole: ContextVar[bool] = ContextVar("whole", default=False)


@contextmanager
def anew() -> Iterator[None]:
    """Everything is told in full: for whoever watches the telling."""
    before = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(before)


def told(build: Callable[..., T], *given: Any, way: tuple[Hashable, ...] = ()) -> T:
    """What ``build(*given, *way)`` gives, with all that it writes; whoever is given is changed as the building changes them.

    The house must stand as it did when it was told first, by the hash of the newest act and the rows that are changed; otherwise, and in
    another programme, it is built anew.
    """
    if settings.PROGRAMME != PROGRAMME or _whole.get():
        return build(*given, *way)
    name = (build.__module__, build.__qualname__, way, newest_hash())
    known = _told.get(name)
    if known is None or not _stands(known):
        before = _rows()
        with watched() as watch:
            gave = build(*given, *way)
        assert watch.silent(lambda table: things_of(table) or frozenset()) == {}
        after = _rows()
        gone = {table: sorted(rows - after[table]) for table, rows in before.items() if rows - after[table]}
        new = {table: sorted(rows - before[table]) for table, rows in after.items() if rows - before[table]}
        _told[name] = Beginning(gone, new, _numbers(), pickle.dumps((gave, given)))
        return gave
    with transaction.atomic():
        _put_back(known)
    gave, changed = pickle.loads(known.gave)
    for one, other in zip(given, changed, strict=True):
        vars(one).update(vars(other))
    return gave


@cache
def _columns(_: str) -> dict[str, str]:
    """Of each table its columns, the key first; not those that the database works out itself."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            if connection.vendor == "sqlite":
                cursor.execute(f'PRAGMA table_info("{table}")')
                names = [row[1] for row in cursor.fetchall()]
            else:
                cursor.execute(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
                    "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    [table],
                )
                names = [row[0] for row in cursor.fetchall()]
            key = connection.introspection.get_primary_key_column(cursor, table)
            found[table] = ", ".join(f'"{name}"' for name in sorted(names, key=lambda name: name != key))
    return found


def _rows(tables: Iterable[str] = ()) -> Rows:
    """Every row as the database keeps it, untouched by what Python would make of it."""
    found, columns_of = {}, _columns(connection.vendor)
    with connection.cursor() as cursor:
        for table in tables or columns_of:
            columns = columns_of[table]
            if connection.vendor == "sqlite":
                bare = ", ".join(f"+{column}" for column in columns.split(", "))
                found[table] = frozenset(cursor.execute(f'SELECT {bare} FROM "{table}"').fetchall())
            else:
                with cursor.copy(f'COPY (SELECT {columns} FROM "{table}") TO STDOUT') as copy:
                    found[table] = frozenset(b"".join(copy).decode().splitlines(keepends=True))
    return found


def _stands(one: Beginning) -> bool:
    """Whether the rows that are taken away or changed are there as they were."""
    there = _rows(one.gone) if one.gone else {}
    return all(there[table] >= set(rows) for table, rows in one.gone.items())


def _numbers() -> list[Any]:
    """The next numbers of SQLite's tables; PostgreSQL's only ever grow."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        return cursor.execute("SELECT name, seq FROM sqlite_sequence").fetchall()


def _put_back(one: Beginning) -> None:
    columns = _columns(connection.vendor)
    if connection.vendor == "sqlite":
        base = connection.connection
        for table, rows in one.gone.items():
            key = columns[table].split(", ")[0]
            base.executemany(f'DELETE FROM "{table}" WHERE {key} = ?', [row[:1] for row in rows])
        for table, rows in one.new.items():
            marks = ", ".join("?" * len(rows[0]))
            base.executemany(f'INSERT INTO "{table}" ({columns[table]}) VALUES ({marks})', rows)
        base.execute("DELETE FROM sqlite_sequence")
        base.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", one.numbers)
        return
    with connection.cursor() as cursor:
        for table, rows in one.gone.items():
            keys = [row.split("\t")[0].rstrip("\n") for row in rows]
            cursor.execute(f'DELETE FROM "{table}" WHERE {columns[table].split(", ")[0]}::text = ANY(%s)', [keys])
        for table, rows in one.new.items():
            with cursor.copy(f'COPY "{table}" ({columns[table]}) FROM STDIN') as copy:
                copy.write("".join(rows))
        _count_on(cursor, [(table, columns[table].split(", ")[0]) for table in one.new])


def _count_on(cursor: Any, keys: list[tuple[str, str]]) -> None:
    """PostgreSQL's next numbers lie beyond what was put back: a test that pours a whole database back sets them to what it poured, and no
    end of a test undoes that."""
    numbered = [(table, key, seq) for table, key in keys if (seq := _sequence(table, key.strip('"')))]
    if numbered:
        parts = (f'setval(\'{seq}\', GREATEST((SELECT max({key}) FROM "{table}"), (SELECT last_value FROM {seq})))' for table, key, seq in numbered)  # fmt: skip
        cursor.execute(f"SELECT {', '.join(parts)}")


@cache
def _sequence(table: str, key: str) -> str:
    """The sequence that numbers a table's rows; empty where none does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', key])
        return cursor.fetchone()[0] or ""
