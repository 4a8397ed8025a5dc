"""Rows on the terminal: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal

Row = Mapping[str, object]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, str | int | float | bool | Mapping | list) else str(value)


def _cell(value: object) -> str:
    plain = _plain(value)
    if isinstance(plain, bool):
        return "yes" if plain else ""
    return "" if plain is None else str(plain)


def show(rows: Sequence[Row], how: str) -> None:
    """Print the rows; an empty list is [] as JSON and a sentence as table."""
    if how == "json":
        print(
            json.dumps(
                [{key: _plain(value) for key, value in row.items()} for row in rows], ensure_ascii=False, indent=1
            )
        )
    elif how == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if rows:
            writer.writerow(rows[0])
            writer.writerows([_cell(value) for value in row.values()] for row in rows)
    elif not rows:
        print("nothing found")
    else:
        _table(rows)


def _table(rows: Sequence[Row]) -> None:
    names = list(rows[0])
    cells = [[_cell(row[name]) for name in names] for row in rows]
    widths = [min(60, max(len(name), *(len(line[at]) for line in cells))) for at, name in enumerate(names)]
    numeric = [all(isinstance(_plain(row[name]), int | float | None) for row in rows) for name in names]
    for line in [names, ["-" * width for width in widths], *cells]:
        parts = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        ]
        print("  ".join(parts).rstrip())
