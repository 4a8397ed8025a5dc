"""Reading a workbook or a CSV file by a schema: everything that is wrong is listed, nothing is guessed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence

from python_calamine import CalamineError, CalamineWorkbook

from klyngeforum.ground.words import mark

from .rules import CellProblem, cell, doubled, headers
from .terms import Column, Problem, Row, Schema, Sheet

MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 200_000
MOST_PROBLEMS = 1000
_SEPARATORS = ";\t,|"


class NotATable(Exception):
    """The file is not a table at all: what it is and what to do (marked words)."""

    def __init__(self, why: str, mend: str, **values: object) -> None:
        super().__init__(why % values if values else why)
        self.why, self.mend, self.values = why, mend, values


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _csv_rows(content: bytes) -> Iterator[list[object]]:
    if b"\x00" in content[:4096]:
        raise NotATable(
            mark("The file is neither a workbook nor a CSV file."),
            mark("Save it as .xlsx or .csv and choose it again."),
        )
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield list(row)
    except csv.Error as error:
        raise NotATable(
            mark("The CSV file cannot be read: %(error)s."),
            mark("Open it in a spreadsheet and save it again."),
            error=str(error),
        ) from error


def is_workbook(content: bytes) -> bool:
    """Excel or OpenDocument (a packed file), or the old Excel."""
    return content[:2] == b"PK" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sheet_names(content: bytes) -> list[str]:
    """The sheets of a workbook; a CSV file has none of a name."""
    return _opened(content).sheet_names if is_workbook(content) and len(content) <= MOST_BYTES else []


def _names(schema: Schema) -> set[str]:
    return {name.casefold()[:31] for name in (schema.name, schema.da, schema.en)}


def sheet_of(schema: Schema, names: list[str]) -> str | None:
    """The sheet that is called as the schema is."""
    return next((name for name in names if name.strip().casefold() in _names(schema)), None)


def _opened(content: bytes) -> CalamineWorkbook:
    """The workbook, if it is one and not a bomb."""
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                unpacked = sum(part.file_size for part in packed.infolist())
        except zipfile.BadZipFile as error:
            raise NotATable(
                mark("The workbook is damaged."), mark("Open it in a spreadsheet and save it again.")
            ) from error
        if unpacked > MOST_UNPACKED:
            raise NotATable(mark("The workbook unpacks to more than 400 MB."), mark("Split it into smaller files."))
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise NotATable(
            mark("The workbook cannot be read."), mark("Open it in a spreadsheet and save it again as .xlsx.")
        ) from error


def _workbook_rows(content: bytes, schema: Schema) -> tuple[str, Iterator[list[object]]]:
    """The rows of the sheet that is called as the schema is, else of the first one."""
    book = _opened(content)
    try:
        name = sheet_of(schema, book.sheet_names) or book.sheet_names[0]
        rows: list[list[object]] = [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
        return name, iter(rows)
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise NotATable(
            mark("The workbook cannot be read."), mark("Open it in a spreadsheet and save it again as .xlsx.")
        ) from error


def rows_of(content: bytes, schema: Schema) -> tuple[str, Iterator[list[object]]]:
    """The raw rows, with the name of the sheet that they stand in."""
    if len(content) > MOST_BYTES:
        raise NotATable(mark("The file is larger than 25 MB."), mark("Split it into smaller files."))
    if not content.strip():
        raise NotATable(mark("The file is empty."), mark("Choose the file that you filled."))
    if is_workbook(content):
        return _workbook_rows(content, schema)
    return "CSV", _csv_rows(content)


def read(content: bytes, schema: Schema) -> Sheet:
    """Every row of the schema's sheet (else of the first), typed; the header row is the first that names a column of the schema."""
    name, lines = rows_of(content, schema)
    sheet = Sheet(name)
    columns: dict[int, Column] = {}
    for at, line in enumerate(lines, start=1):
        if not columns:
            columns, missing = headers(schema, line)
            if columns and missing:
                names = ", ".join(column.da for column in missing)
                raise NotATable(
                    mark("The columns are missing: %(names)s."),
                    mark("Use the template; keep its header row."),
                    names=names,
                )
            continue
        if at > MOST_ROWS:
            raise NotATable(mark("The file has more than 200,000 rows."), mark("Split it into smaller files."))
        if any(str(value).strip() for value in line if value is not None):
            _read_row(sheet, at, line, columns)
        if len(sheet.problems) >= MOST_PROBLEMS:
            break
    if not columns:
        wanted = ", ".join(column.da for column in schema.columns if column.required)
        raise NotATable(
            mark("No header row was found: none of the columns is named %(names)s."),
            mark("Use the template; keep its header row."),
            names=wanted,
        )
    _refuse_doubles(sheet, schema)
    return sheet


def sheet_of_rows(rows: Sequence[Mapping[str, object]], schema: Schema) -> Sheet:
    """The same of rows that a program sends, by the columns' keys; the first row is row 1."""
    sheet = Sheet(schema.name)
    known = {column.key for column in schema.columns}
    for at, given in enumerate(rows, start=1):
        for name in (name for name in given if name not in known):
            why, mend = mark("There is no column called “%(name)s”."), mark("Use one of: %(known)s.")
            values: dict[str, object] = {"name": name[:60], "known": ", ".join(column.key for column in schema.columns)}
            sheet.problems.append(Problem(sheet.name, at, name[:60], "", why, mend, values))
        _read_row(sheet, at, [given.get(column.key) for column in schema.columns], dict(enumerate(schema.columns)))
        if len(sheet.problems) >= MOST_PROBLEMS:
            break
    _refuse_doubles(sheet, schema)
    return sheet


def _read_row(sheet: Sheet, at: int, line: list[object], columns: dict[int, Column]) -> None:
    row: Row = {}
    for index, column in columns.items():
        raw = line[index] if index < len(line) else None
        try:
            row[column.key] = cell(column, raw)
        except CellProblem as wrong:
            shown = "" if raw is None else str(raw)[:80]
            sheet.problems.append(Problem(sheet.name, at, column.da, shown, wrong.why, wrong.mend, wrong.values))
    sheet.rows[at] = row


def _refuse_doubles(sheet: Sheet, schema: Schema) -> None:
    for at, first in doubled(schema, sheet.rows).items():
        shown = " · ".join(str(sheet.rows[at].get(key) or "") for key in schema.key)
        why, mend = mark("The same thing stands in row %(first)s already."), mark("Remove one of the two rows.")
        sheet.problems.append(
            Problem(sheet.name, at, schema.column(schema.key[0]).da, shown, why, mend, {"first": first})
        )
