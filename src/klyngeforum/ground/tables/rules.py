"""Reading one cell: Danish and international forms in, a typed value or a problem out. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from klyngeforum.ground.words import mark

from .terms import Column, Kind, Row, Schema

_DANISH_NUMBER = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$|^[+-]?\d+,\d+$")
_ENGLISH_NUMBER = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m-%Y", "%d/%m/%Y", "%d.%m.%y", "%d-%m-%y", "%d/%m-%y", "%Y%m%d")
_MONTHS = {
    name: number
    for names in (
        ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"),
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
    )
    for number, name in enumerate(names, start=1)
}  # fmt: skip
_WRITTEN_OUT = re.compile(r"(?:d\.|den)?\s*(\d{1,2})\.?\s*([a-zæøå]+)\.?\s*(\d{4})", re.IGNORECASE)
_YES, _NO = {"ja", "j", "yes", "y", "1", "sand", "true", "x"}, {"nej", "n", "no", "0", "falsk", "false", ""}
_EXCEL_EPOCH = date(1899, 12, 30)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_HUNDREDTH = Decimal("0.01")  # what a sheet shows and the house keeps: a third of an hour read again is the same third
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)


class CellProblem(Exception):
    """Why a cell cannot be read and how to mend it (marked words)."""

    def __init__(self, why: str, mend: str, **values: object) -> None:
        super().__init__(why)
        self.why, self.mend, self.values = why, mend, values


def number(raw: object) -> Decimal:
    """1.234,5 and 1234,5 (Danish), 1,234.5 and 1234.5 (international); spaces and "kr." are forgiven. A cell that holds a number is that number:
    12.125 in it is twelve and an eighth, never twelve thousand."""
    text = _text(raw)
    plain = isinstance(raw, int | float)
    bare = text if plain else re.sub(r"\s|kr\.?|DKK", "", text, flags=re.IGNORECASE)
    if not plain and _DANISH_NUMBER.match(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _ENGLISH_NUMBER.match(bare):
        bare = bare.replace(",", "")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise CellProblem(
            mark("“%(value)s” is not a number."), mark("Write a number such as 1.234,5."), value=text
        ) from error
    if not value.is_finite() or abs(value) >= 10**15:
        raise CellProblem(mark("“%(value)s” is too large."), mark("Check the number of digits."), value=text)
    return value


def day(text: str) -> date:
    """5.3.2012, 5/3-2012, 2012-03-05, 5. marts 2012, 5. mar. 2012 or an Excel serial."""
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        return _plausible(found, text)
    found_out = _written_out(text)
    if found_out is not None:
        return _plausible(found_out, text)
    if re.fullmatch(r"\d{4,5}(\.0)?", text):
        return _plausible(_EXCEL_EPOCH + timedelta(days=int(float(text))), text)
    raise CellProblem(mark("“%(value)s” is not a date."), mark("Write the date as 5.3.2012 or 2012-03-05."), value=text)


def _written_out(text: str) -> date | None:
    """A day with its month in words, whole or by at least its first three letters."""
    match = _WRITTEN_OUT.fullmatch(text.strip())
    if match is None:
        return None
    name = match.group(2).casefold()
    months = {number for month, number in _MONTHS.items() if len(name) >= 3 and month.startswith(name)}
    if len(months) != 1:
        return None
    try:
        return date(int(match.group(3)), months.pop(), int(match.group(1)))
    except ValueError:
        return None


def _plausible(found: date, text: str) -> date:
    if not EARLIEST <= found < LATEST:
        raise CellProblem(mark("The date “%(value)s” lies outside 1900–2100."), mark("Check the year."), value=text)
    return found


def _text(value: object) -> str:
    """A cell as text; 26507138.0 from a spreadsheet is 26507138."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    text = "" if value is None else str(value).strip()
    guarded = text[:1] == "'" and text[1:2] in _FORMULA  # the apostrophe that our own exports put before a formula
    return text[1:] if guarded and len(text) > 1 else text


def _choice(column: Column, text: str) -> str:
    for value, da, en in column.choices:
        if text.casefold() in {value.casefold(), da.casefold(), en.casefold()}:
            return value
    known = ", ".join(da for _, da, _ in column.choices)
    raise CellProblem(
        mark("“%(value)s” is not one of the choices."), mark("Write one of: %(known)s."), value=text, known=known
    )


def _yes_no(text: str) -> bool:
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise CellProblem(mark("“%(value)s” is neither yes nor no."), mark("Write ja or nej."), value=text)


def cell(column: Column, raw: object) -> object:
    """The typed value of a cell, None when empty; raises what is wrong with it."""
    if column.kind is Kind.DATE and isinstance(raw, (date, datetime)):
        return _plausible(raw.date() if isinstance(raw, datetime) else raw, str(raw))
    text = _text(raw)
    if not text and column.kind is not Kind.YES_NO:
        if column.required:
            raise CellProblem(mark("Nothing stands here."), mark("Fill the cell: the column is required."))
        return None
    if column.kind is Kind.INTEGER:
        try:
            found = number(raw)
        except CellProblem as wrong:
            raise CellProblem(wrong.why, mark("Write a whole number."), **wrong.values) from wrong
        if found != found.to_integral_value():
            raise CellProblem(mark("“%(value)s” is not a whole number."), mark("Write a whole number."), value=text)
        return int(found)
    if column.kind is Kind.DECIMAL:
        return number(raw).quantize(_HUNDREDTH, ROUND_HALF_UP)
    if column.kind is Kind.DATE:
        return day(text)
    if column.kind is Kind.CHOICE:
        return _choice(column, text)
    if column.kind is Kind.YES_NO:
        return _yes_no(text)
    if "\x00" in text:
        raise CellProblem(mark("The text holds an invisible zero character."), mark("Type the text again."))
    if len(text) > column.longest:
        raise CellProblem(
            mark("The text has %(length)s characters; at most %(most)s fit."),
            mark("Shorten the text."),
            length=len(text),
            most=column.longest,
        )
    return text


def headers(schema: Schema, found: list[object]) -> tuple[dict[int, Column], list[Column]]:
    """Position -> column for the headers recognised in any language, and the required columns that are missing."""
    by_name = {name: column for column in schema.columns for name in column.names()}
    positions: dict[int, Column] = {}
    for index, raw in enumerate(found):
        column = by_name.get(_text(raw).rstrip("*").strip().casefold())
        if column and column not in positions.values():
            positions[index] = column
    return positions, [column for column in schema.columns if column.required and column not in positions.values()]


def doubled(schema: Schema, rows: dict[int, Row]) -> dict[int, int]:
    """Row number -> the earlier row that names the same thing."""
    seen: dict[tuple[object, ...], int] = {}
    twice = {}
    for at, row in rows.items():
        same = tuple(str(row.get(key)).casefold() for key in schema.key)
        if schema.key and same in seen:
            twice[at] = seen[same]
        seen.setdefault(same, at)
    return twice


def harmless(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe; numbers and dates stay."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
