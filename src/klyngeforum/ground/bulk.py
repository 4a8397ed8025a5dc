"""Very many rows of whole numbers at once, as one matrix: PostgreSQL hands them over in its binary form, a million in half a second.

Loads NumPy, so it is imported only where something is counted. What is read here goes past the watch of pages (``keeping.kept_as_read``).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Case, Expression, IntegerField, QuerySet, Value, When

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
    """All rows as one, each column a single field of numbers of eight bytes: what is handed over a row at a time costs its time a row."""
    inner, params = rows.query.sql_with_params()
    names = [f"c{nth}" for nth in range(width)]
    chosen = ", ".join(f"string_agg(int8send({one}::bigint), ''::bytea)" for one in names)
    said = f"COPY (SELECT int8send(count(*)), {chosen} FROM ({inner}) AS numbers ({', '.join(names)})) TO STDOUT (FORMAT BINARY)"  # noqa: S608 (our own names)
    with connection.cursor() as cursor, cursor.copy(said, params) as copy:
        content = b"".join(copy)
    columns, at = [], _HEAD
    for _ in ("count", *names):
        size = max(int.from_bytes(content[at : at + _SIZE], signed=True), 0)  # -1 where there is no row
        columns.append(np.frombuffer(content, dtype=">i8", count=size // 8, offset=at + _SIZE).astype(np.int64))
        at += _SIZE + size
    count, *columns = columns
    if any(len(one) != count[0] for one in columns):
        raise ValueError("a number is missing in a row")
    return np.column_stack(columns)
