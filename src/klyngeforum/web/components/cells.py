"""The cells of a list's page: what a column asks of a row is found out once a column, not once a cell.

The table library inspects the signature of every column's drawing function, and the field behind it, anew for each cell;
on a page of 25 rows that was half of the page's time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2 import Table
from django_tables2.columns import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import A, signature

Cell = Callable[[BoundRow], object]


def _value_of(column: BoundColumn, sample: object) -> Callable[[object], object]:
    """How the column's value is read from a record like the sample: a choice by its words, everything else as it stands."""
    accessor = A(column.accessor)
    path, _, last = str(accessor).rpartition("__")
    if isinstance(sample, Model):
        try:
            field = accessor.get_field(sample)
        except FieldDoesNotExist:
            field = None
        if field is not None and getattr(field, "choices", None):
            owner = A(path)
            words = f"get_{last}_display"
            return lambda record: getattr(owner.resolve(record) if path else record, words)()
    return lambda record: accessor.resolve(record, quiet=True)


def cell_of(column: BoundColumn, sample: object) -> Cell:
    """The drawing of one column's cells, for rows whose records are like the sample."""
    names, catch_all = signature(column.render)
    read, empty, draw, table = _value_of(column, sample), column.column.empty_values, column.render, column._table
    if column.link is not None or catch_all:
        return lambda row: row.get_cell(column.name)

    def cell(row: BoundRow) -> object:
        value = read(row.record)
        if value in empty:
            return column.default
        offered: dict[str, Any] = {
            "value": value, "record": row.record, "column": column.column,
            "bound_column": column, "bound_row": row, "table": table,
        }  # fmt: skip
        return draw(**{name: offered[name] for name in names})

    return cell


def lines_of(table: Table) -> list[list[tuple[SafeString, object]]]:
    """The page's rows as (attributes of the cell, cell): the heading stands in each cell for the cards on the phone."""
    rows = list(table.paginated_rows)
    if not rows:
        return []
    drawn = []
    for column in table.columns:
        css = column.attrs["td"].get("class", "")
        said = format_html(' data-title="{}"', column.header)
        drawn.append((said + format_html(' class="{}"', css) if css else said, cell_of(column, rows[0].record)))
    return [[(attributes, cell(row)) for attributes, cell in drawn] for row in rows]
