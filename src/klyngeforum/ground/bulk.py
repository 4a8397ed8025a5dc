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
_HEAD, _TAIL, _FIELD = 19, 2, 8  # bytes: what PostgreSQL says before the first row and after the last; a bigint


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
    inner, params = rows.query.sql_with_params()
    names = [f"c{nth}" for nth in range(width)]
    chosen = ", ".join(f"{one}::bigint" for one in names)
    said = f"COPY (SELECT {chosen} FROM ({inner}) AS numbers ({', '.join(names)})) TO STDOUT (FORMAT BINARY)"  # noqa: S608 (our own names)
    with connection.cursor() as cursor, cursor.copy(said, params) as copy:
        content = b"".join(copy)
    row = np.dtype([("fields", ">i2"), *((part, kind) for one in names for part, kind in ((f"{one}_bytes", ">i4"), (one, ">i8")))])  # fmt: skip
    count, rest = divmod(len(content) - _HEAD - _TAIL, row.itemsize)
    table = np.frombuffer(content, dtype=row, count=count, offset=_HEAD)
    if rest or (table["fields"] != width).any() or any((table[f"{one}_bytes"] != _FIELD).any() for one in names):
        raise ValueError("a number is missing in a row")
    return np.column_stack([table[one].astype(np.int64) for one in names]) if width else np.zeros((0, 0), np.int64)
