"""Writing tables: templates with drop-downs and help, exports in four forms, problems back into the workbook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .queries import rows_of, sheet_names, sheet_of
from .rules import harmless, headers
from .terms import Column, Format, Kind, Problem, Row, Schema

CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV_DA: "text/csv; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
_HEAD = PatternFill("solid", fgColor="0F4C5C")
_WARNED = PatternFill("solid", fgColor="FFEECC")
_WRONG = PatternFill("solid", fgColor="F6C6C2")
_UNLOCKED = Protection(locked=False)
_TEMPLATE_ROWS = 5000


def _words(column: Column, language: str) -> tuple[str, str]:
    return (column.en, column.hint_en) if language == "en" else (column.da, column.hint_da)


def _shown(column: Column, value: object, language: str) -> object:
    """A value as the template writes it: the words of a choice, ja/nej, plain numbers and dates."""
    if column.kind is Kind.CHOICE:
        return next((en if language == "en" else da for known, da, en in column.choices if known == value), value)
    if column.kind is Kind.YES_NO and value is not None:
        return ("yes" if value else "no") if language == "en" else ("ja" if value else "nej")
    return harmless(value)


def template(schema: Schema, rows: Iterable[Row] = (), *, language: str = "da", notices: Sequence[str] = ()) -> bytes:
    """A workbook to fill: header, drop-downs, notes, the rows that stand already, and a sheet that explains each column; notices stand first on both."""
    return templates([(schema, rows)], language=language, notices=notices)


def templates(
    tables: Sequence[tuple[Schema, Iterable[Row]]], *, language: str = "da", notices: Sequence[str] = ()
) -> bytes:
    """The same with a sheet for each table."""
    book = Workbook()
    book.remove(book.active)
    for schema, rows in tables:
        _sheet(book, schema, rows, language, notices)
    guide = book.create_sheet("Help" if language == "en" else "Hjælp")
    for notice in notices:
        guide.append([notice])
        guide.cell(guide.max_row, 1).font = Font(bold=True)
    for schema, _ in tables:
        if len(tables) > 1:
            guide.append([schema.en if language == "en" else schema.da])
            guide.cell(guide.max_row, 1).font = Font(bold=True)
        for column in schema.columns:
            guide.append([*_words(column, language), _kind(column, language), "*" if column.required else ""])
    for letter, width in zip("ABC", (28, 70, 28), strict=True):
        guide.column_dimensions[letter].width = width
    return _saved(book)


def _notice(sheet: Worksheet, at: int, words: str, columns: int) -> None:
    """A line above the header, over all columns: whoever opens the sheet reads it first."""
    cell = sheet.cell(at, 1, words)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _WARNED, Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=columns)
    sheet.row_dimensions[at].height = 36


def _sheet(book: Workbook, schema: Schema, rows: Iterable[Row], language: str, notices: Sequence[str]) -> None:
    """One sheet: its header is locked, so that the reader finds its columns again; everything below can be written in."""
    sheet = book.create_sheet((schema.en if language == "en" else schema.da)[:31])
    top = len(notices) + 1
    for at, words in enumerate(notices, start=1):
        _notice(sheet, at, words, len(schema.columns))
    for index, column in enumerate(schema.columns, start=1):
        name, _ = _words(column, language)
        head = sheet.cell(top, index, name + ("*" if column.required else ""))
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
        head.comment = Comment(_note(column, language), "Klyngeforum", width=320, height=140)
        letter = get_column_letter(index)
        below = sheet.column_dimensions[letter]
        below.width, below.protection, below.number_format = max(14, len(name) + 4), _UNLOCKED, _form(column)
        options = _options(column, language)
        if options and len(",".join(options)) < 255:
            rule = DataValidation("list", formula1='"' + ",".join(options) + '"', allow_blank=not column.required)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}{top + 1}:{letter}{_TEMPLATE_ROWS}")
    for at, row in enumerate(rows, start=top + 1):
        for index, column in enumerate(schema.columns, start=1):
            cell = sheet.cell(at, index, _shown(column, row.get(column.key), language))
            cell.protection, cell.number_format = _UNLOCKED, _form(column)
    sheet.freeze_panes = f"A{top + 1}"
    sheet.protection.enable()
    for may in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, may, False)  # in the file's own words: not protected against it


def _options(column: Column, language: str) -> list[str]:
    if column.kind is Kind.YES_NO:
        return ["yes", "no"] if language == "en" else ["ja", "nej"]
    return [en if language == "en" else da for _, da, en in column.choices]


def _form(column: Column) -> str:
    """How a spreadsheet shows the column; numbers and days take the reader's own signs, a register number keeps its zeros."""
    return {Kind.DATE: "dd-mm-yyyy", Kind.DECIMAL: "#,##0.00", Kind.INTEGER: "0"}.get(column.kind, "@")


_KINDS = {
    "da": {
        Kind.TEXT: "tekst, højst %s tegn", Kind.INTEGER: "et helt tal, fx 12", Kind.DECIMAL: "et tal, fx 1.234,5", Kind.DATE: "en dato, fx 31-12-2015",
        Kind.CHOICE: "et af: %s", Kind.YES_NO: "ja eller nej",
    },
    "en": {
        Kind.TEXT: "text, at most %s characters", Kind.INTEGER: "a whole number, such as 12", Kind.DECIMAL: "a number, such as 1,234.5",
        Kind.DATE: "a date, such as 31-12-2015", Kind.CHOICE: "one of: %s", Kind.YES_NO: "yes or no",
    },
}  # fmt: skip


def _kind(column: Column, language: str) -> str:
    words = _KINDS["en" if language == "en" else "da"][column.kind]
    if column.kind is Kind.CHOICE:
        return words % ", ".join(_options(column, language))
    return words % column.longest if column.kind is Kind.TEXT else words


def _note(column: Column, language: str) -> str:
    """What stands in the column, with an example, and whether it must be filled."""
    _, hint = _words(column, language)
    must = ("Must be filled." if language == "en" else "Skal udfyldes.") if column.required else ""
    kind = _kind(column, language)
    return "\n".join(filter(None, (hint, kind[:1].upper() + kind[1:] + ".", must)))


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_problems(
    content: bytes,
    problems: Sequence[Problem],
    said: Sequence[tuple[str, str]],
    schemas: Sequence[Schema],
    *,
    language: str = "da",
) -> bytes:
    """The same file as a workbook with every wrong cell coloured, what is wrong as its note, and a sheet that lists all (``said``: why, mend)."""
    book = _reopened(content, schemas)
    places: dict[str, tuple[int, dict[str, int]]] = {}
    for sheet in book.worksheets:
        for schema in schemas:
            for at, line in enumerate(sheet.iter_rows(min_row=1, max_row=_HEADER_WITHIN, values_only=True), start=1):
                found, missing = headers(schema, list(line))
                if found and not missing:
                    places.setdefault(sheet.title, (at, {column.da: index + 1 for index, column in found.items()}))
    listed = book.create_sheet("Errors" if language == "en" else "Fejl")
    listed.append(_ERRORS["en" if language == "en" else "da"])
    for head in listed[1]:
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
    for problem, (why, mend) in zip(problems, said, strict=True):
        title = problem.sheet if problem.sheet in book.sheetnames else book.sheetnames[0]
        _, names = places.get(title, (1, {}))
        wrong = book[title].cell(problem.row, names.get(problem.column, 1))
        wrong.fill, wrong.comment = _WRONG, Comment(f"{why} {mend}", "Klyngeforum", width=320, height=100)
        listed.append([harmless(value) for value in (title, problem.row, problem.column, problem.value, why, mend)])
    for letter, width in zip("ABCDEF", (18, 8, 20, 28, 60, 60), strict=True):
        listed.column_dimensions[letter].width = width
    return _saved(book)


_HEADER_WITHIN = 20
_ERRORS = {
    "da": ("Ark", "Række", "Kolonne", "Værdi", "Hvad er galt", "Sådan rettes det"),
    "en": ("Sheet", "Row", "Column", "Value", "What is wrong", "How to mend it"),
}


def _reopened(content: bytes, schemas: Sequence[Schema]) -> Workbook:
    """The person's own workbook with everything in it, where it is one that can be written again."""
    if content[:2] == b"PK" and b"xl/workbook" in content:
        try:
            return load_workbook(io.BytesIO(content))
        except (KeyError, ValueError, TypeError, OSError, BadZipFile):
            pass  # readable, but not by the writer: its rows go into a workbook of ours
    return _copied(content, schemas)


def _copied(content: bytes, schemas: Sequence[Schema]) -> Workbook:
    """A file of another kind (OpenDocument, old Excel, CSV) as a workbook with the same rows."""
    book, names = Workbook(), sheet_names(content)
    book.remove(book.active)
    for schema in schemas:
        if names and len(schemas) > 1 and sheet_of(schema, names) is None:
            continue
        name, rows = rows_of(content, schema)
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([_spreadsheet(value) for value in row])
    return book


def _danish(value: object) -> object:
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, (Decimal, float)):
        return str(value).replace(".", ",")
    if isinstance(value, (date, datetime)):
        return value.strftime("%d.%m.%Y")
    return harmless(value)


def _csv(rows: Iterable[Sequence[object]], *, danish: bool) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if danish else ",", lineterminator="\r\n" if danish else "\n")
    for row in rows:
        writer.writerow([_danish(value) if danish else harmless(value) for value in row])
    return out.getvalue().encode("utf-8-sig" if danish else "utf-8")


def workbook(sheets: Mapping[str, Iterable[Sequence[object]]]) -> bytes:
    """A workbook with a sheet for each name (at most 31 characters); the first row of each is its header."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        _filled(book, name, rows)
    return _saved(book)


def _xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    return workbook({"Klyngeforum": rows})


def _filled(book: Workbook, name: str, rows: Iterable[Sequence[object]]) -> None:
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for at, row in enumerate(rows):
        if at == 0:
            cells = [WriteOnlyCell(sheet, value=str(value)) for value in row]
            for one in cells:
                one.font, one.fill = Font(bold=True, color="FFFFFF"), _HEAD
            sheet.append(cells)
        else:
            sheet.append([_spreadsheet(value) for value in row])


def _spreadsheet(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, Decimal, date)):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    return harmless(str(value))


def _json(rows: Iterable[Sequence[object]]) -> bytes:
    lines = iter(rows)
    names = [str(name) for name in next(lines, [])]
    return json.dumps(
        [dict(zip(names, row, strict=True)) for row in lines], ensure_ascii=False, default=str, indent=1
    ).encode()


def export(rows: Iterable[Sequence[object]], fmt: Format) -> bytes:
    """Rows (the first is the header) as a file; what a spreadsheet would run as a formula is made harmless."""
    if fmt is Format.XLSX:
        return _xlsx(rows)
    if fmt is Format.JSON:
        return _json(rows)
    return _csv(rows, danish=fmt is Format.CSV_DA)
