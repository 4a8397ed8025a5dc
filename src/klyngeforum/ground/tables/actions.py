"""Writing tables: templates with drop-downs and help, exports in four forms, problems back into the workbook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from .rules import harmless
from .terms import Column, Format, Kind, Problem, Row, Schema

CONTENT_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV_DA: "text/csv; charset=utf-8",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
_HEAD = PatternFill("solid", fgColor="0F4C5C")
_WRONG = PatternFill("solid", fgColor="F6C6C2")
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
    """A workbook to fill: header, drop-downs, notes, the rows that stand already, and a sheet that explains each column, notices first."""
    book = Workbook()
    sheet = book.active
    sheet.title = schema.en[:31] if language == "en" else schema.da[:31]
    for index, column in enumerate(schema.columns, start=1):
        name, hint = _words(column, language)
        head = sheet.cell(1, index, name + ("*" if column.required else ""))
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
        if hint:
            head.comment = Comment(hint, "Klyngeforum")
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = max(14, len(name) + 4)
        options = [en if language == "en" else da for _, da, en in column.choices]
        if column.kind is Kind.YES_NO:
            options = ["yes", "no"] if language == "en" else ["ja", "nej"]
        if options and len(",".join(options)) < 255:
            rule = DataValidation("list", formula1='"' + ",".join(options) + '"', allow_blank=not column.required)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{_TEMPLATE_ROWS}")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_shown(column, row.get(column.key), language) for column in schema.columns])
    guide = book.create_sheet("Help" if language == "en" else "Hjælp")
    for notice in notices:
        guide.append([notice])
        guide.cell(guide.max_row, 1).font = Font(bold=True)
    for column in schema.columns:
        guide.append([*_words(column, language), column.kind.value, "*" if column.required else ""])
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_problems(content: bytes, problems: Sequence[Problem], said: Sequence[str]) -> bytes:
    """The same workbook with every wrong cell coloured and its problem as a note (``said`` are the problems in words)."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    names = {str(head.value or "").rstrip("*").strip(): head.column for head in sheet[1]}
    for problem, words in zip(problems, said, strict=True):
        wrong = sheet.cell(problem.row, names.get(problem.column, 1))
        wrong.fill, wrong.comment = _WRONG, Comment(words, "Klyngeforum")
    return _saved(book)


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
