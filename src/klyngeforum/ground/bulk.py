"""Very many rows of whole numbers at once, as one matrix: PostgreSQL hands them over in its binary form, a million in half a second.

Loads NumPy, so it is imported only where something is counted. What is read here goes past the watch of pages (``keeping.kept_as_read``).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, zip_longest
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import DataError, connection
from django.db.models import Case, Expression, IntegerField, QuerySet, Value, When
from django.db.transaction import atomic

Array = np.ndarray[Any, np.dtype[Any]]
_HEAD = 21  # bytes before the first field of the only row
_SIZE = 4  # bytes that say how long a field is


def coded(column: str, codes: Mapping[Any, int], other: int) -> Expression:
    """A column of words as numbers."""
    cases = (When(**{column: one}, then=Value(code)) for one, code in codes.items())
    return Case(*cases, default=Value(other), output_field=IntegerField())


def numbers(rows: QuerySet[Any], width: int) -> Array:
    """The rows of a ``values_list`` of whole numbers, none of them missing, as a matrix of so many columns."""
    if connection.vendor == "postgresql":
        return _copied(rows, width)
    found = chain.from_iterable(rows.iterator(20_000))
    return np.fromiter(found, dtype=np.int64).reshape(-1, width)


def _copied(rows: QuerySet[Any], width: int) -> Array:
    """All rows as one, each pair of columns a single field: what is handed over a row at a time costs its time a row."""
    try:
        rows.query.sql_with_params()
    except EmptyResultSet:  # nothing is asked for: of none of the organisations, say
        return np.zeros((0, width), np.int64)
    try:
        with atomic():  # a number beyond four bytes fails, and may not take what was done before with it
            return _fields(rows, width, narrow=True)
    except DataError:
        return _fields(rows, width, narrow=False)


def _fields(rows: QuerySet[Any], width: int, *, narrow: bool) -> Array:
    """Numbers of eight bytes; `narrow`, two of four bytes in each."""
    inner, params = rows.query.sql_with_params()
    names = [f"c{nth}" for nth in range(width)]
    sent = _in_twos(names) if narrow else [f"{one}::bigint" for one in names]
    chosen = ", ".join(f"string_agg(int8send({one}), ''::bytea)" for one in sent)
    said = f"COPY (SELECT int8send(count(*)), {chosen} FROM ({inner}) AS numbers ({', '.join(names)})) TO STDOUT (FORMAT BINARY)"  # noqa: S608 (our own names)
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(said, params) as copy:
        content = b"".join(copy)
    fields, at = [], _HEAD
    for _ in ("count", *sent):
        size = max(int.from_bytes(content[at : at + _SIZE], signed=True), 0)  # -1 where there is no row
        fields.append(np.frombuffer(content, dtype=">i8", count=size // 8, offset=at + _SIZE))
        at += _SIZE + size
    count, *fields = fields
    if any(len(one) != count[0] for one in fields):
        raise ValueError("a number is missing in a row")
    table = np.empty((width, int(count[0])), dtype=np.int64).T  # each column by itself in memory, as it is used
    for nth, one in enumerate(fields):
        if narrow:
            some = slice(2 * nth, min(2 * nth + 2, width))
            table[:, some] = one.view(">i4").reshape(-1, 2)[:, : some.stop - some.start]
        else:
            table[:, nth] = one
    return table


def _in_twos(names: list[str]) -> list[str]:
    """Two numbers as one of eight bytes; the last may stand alone."""
    pairs = zip_longest(names[::2], names[1::2], fillvalue="0")
    return [f"({one}::int::bigint << 32) | ({other}::int::bigint & 4294967295)" for one, other in pairs]
