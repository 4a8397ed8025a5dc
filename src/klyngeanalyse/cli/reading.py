"""Small tables of text: CSV as people save it (comma, semicolon or tab, with or without a mark at the start) and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as parquet

from klyngeanalyse.core.errors import Unfit

Line = dict[str, str]


def lines(path: str | Path, needed: Sequence[str], optional: Sequence[str] = ()) -> list[Line]:
    """The rows with the columns asked for as text; those that are optional and absent are empty. Other columns are left alone.

    Codes keep their leading zeros. Raises Unfit where the file or a column is missing, or a needed cell is empty.
    """
    source = Path(path)
    heads, rows = _parquet(source) if source.suffix == ".parquet" else _csv(source)
    missing = [name for name in needed if name not in heads]
    if missing:
        raise Unfit(
            f"no column {', '.join(missing)}",
            where=source.name,
            why=f"it has {', '.join(heads)}",
            mend="name the columns so",
        )
    found = [{name: row.get(name, "").strip() for name in (*needed, *optional)} for row in rows]
    empty = [(nth + 2, name) for nth, row in enumerate(found) for name in needed if not row[name]]
    if empty:
        where = f"{source.name}, column {empty[0][1]}, row {', '.join(str(nth) for nth, name in empty[:5] if name == empty[0][1])}"
        raise Unfit("an empty cell", where=where, mend="fill it or remove the row")
    return found


def number(text: str, where: str, without: float) -> float:
    """A number with a point or a decimal comma; `without` where the cell is empty."""
    if not text:
        return without
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise Unfit(f"{text!r} is not a number", where=where, mend="write it as 2 or 2.5") from None


def truth(text: str, where: str) -> bool:
    word = text.lower()
    if word in ("", "no", "false", "0", "nej"):
        return False
    if word in ("yes", "true", "1", "ja"):
        return True
    raise Unfit(f"{text!r} is neither yes nor no", where=where, mend="write yes or no")


def _csv(source: Path) -> tuple[list[str], list[Line]]:
    if not source.is_file():
        raise Unfit(f"no file {source}", mend="give the path of a CSV or Parquet file")
    try:
        text = source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unfit(f"{source.name} is not UTF-8", why=f"byte {error.start}", mend="save it as CSV UTF-8") from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    heads = [head.strip() for head in next(reader, [])]
    if len(set(heads)) < len(heads):
        raise Unfit(
            "two columns of one name", where=f"{source.name}: {first.strip()}", mend="give each column its own name"
        )
    rows = []
    for nth, cells in enumerate(reader):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heads):
            raise Unfit(
                f"{len(cells)} cells under {len(heads)} columns", where=f"{source.name}, row {nth + 2}",
                mend="put text with a separator between quotation marks",
            )  # fmt: skip
        rows.append(dict(zip(heads, cells, strict=True)))
    return heads, rows


def _parquet(source: Path) -> tuple[list[str], list[Line]]:
    if not source.is_file():
        raise Unfit(f"no file {source}", mend="give the path of a CSV or Parquet file")
    table = parquet.read_table(source)
    rows = [{name: "" if value is None else str(value) for name, value in row.items()} for row in table.to_pylist()]
    return list(table.column_names), rows
