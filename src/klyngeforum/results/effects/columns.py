"""How a column of text is to be read: as numbers with a comma or a point before their decimals, as yes or no, or as the text that it is. Pure.

Nothing is guessed: where one value could be two numbers (1.500), the rest of the column must say which, or the column is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from klyngeforum.ground.verdict import Verdict, no
from klyngeforum.ground.words import mark

from .terms import COLUMN, Holds

NOTHING = (".", "NA", "N/A", "NaN", "nan", "NULL", "null")  # what SAS, R and databases write where nothing is
_CODES = re.compile(r"(industry|region|municipality|branche|kommune|landsdel|nace|db0?7|nuts\d?)(_?(code|kode|nr|\d+))?|.*_(code|kode)", re.IGNORECASE)  # fmt: skip

COMMA = mark("Numbers with a decimal comma, read as numbers.")
THOUSANDS = mark("Signs between the thousands, read as one number.")
NO_VALUE = mark("A point, NA or NULL stands where nothing is; read as empty.")
NAN = mark("NaN stands where nothing is; read as empty.")
ENDLESS = mark("%(n)s values are infinite: a study that asks for the column is refused. Leave them empty in the file.")
ZEROS = mark("Codes with leading zeros, kept as text.")
CODE = mark("Codes, kept as text.")
LONG = mark("Longer than a number can be, kept as text.")
SOME = mark("%(n)s values are no numbers, so all are kept as text and no study can measure the column. Mend them in the file if it should.")  # fmt: skip
TYPED = mark("Numbers that are stored as text: no study can measure them. Store them as numbers if it should.")
YEAR_TEXT = mark("Years that were stored as text, read as numbers.")
UNASKED = mark(
    "No protocol can ask for a column of that name. Use the letters a to z, digits and _ alone, such as %(better)s."
)
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


class Way(Enum):
    """How the texts of a column become values: numbers by what stands before their decimals."""

    WHOLE = "whole"
    POINT = "point"
    COMMA = "comma"
    TRUTH = "truth"
    TEXT = "text"


HOLDS = {Way.WHOLE: Holds.WHOLE, Way.POINT: Holds.NUMBER, Way.COMMA: Holds.NUMBER, Way.TRUTH: Holds.TRUTH, Way.TEXT: Holds.TEXT}  # fmt: skip

# patterns over a trimmed text that is not empty; each counts how many values fit
FIRST = {
    "whole": r"[+-]?\d{1,18}",
    "digits": r"[+-]?\d+",
    "zeros": r"0\d+",
    "truth": r"(?i:true|false|ja|nej|yes|no)",
    "numbers": r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?",
}
THEN = {
    "plain": r"[+-]?\d+",
    "point": r"[+-]?(\d*\.\d+|\d+\.)([eE][+-]?\d+)?|[+-]?\d+[eE][+-]?\d+",  # 50.5, and 1.500 as well
    "point_long": r"[+-]?(0|\d{4,})?\.\d{3}|[+-]?\d*\.\d{4,}([eE][+-]?\d+)?|.*[eE].*",  # three decimals or more, and no thousand
    "pointed": r"[+-]?[1-9]\d{0,2}\.\d{3}",  # 1.500: a thousand and a half, or one and a half
    "points": r"[+-]?[1-9]\d{0,2}((\.\d{3}){2,}|(\.\d{3})+,\d+)",  # 1.500.000 and 1.500,5
    "comma": r"[+-]?\d*,\d+",
    "comma_long": r"[+-]?(0|\d{4,})?,\d{3}|[+-]?\d*,\d{4,}",
    "commaed": r"[+-]?[1-9]\d{0,2},\d{3}",
    "commas": r"[+-]?[1-9]\d{0,2}((,\d{3}){2,}|(,\d{3})+\.\d+)",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a column: how many rows, how many values, how many of these stand for nothing, and how many fit each pattern of ``FIRST`` and ``THEN``."""

    rows: int
    filled: int
    nothing: int = 0
    whole: int = 0
    digits: int = 0
    zeros: int = 0
    truth: int = 0
    numbers: int = 0
    plain: int = 0
    point: int = 0
    point_long: int = 0
    pointed: int = 0
    points: int = 0
    comma: int = 0
    comma_long: int = 0
    commaed: int = 0
    commas: int = 0

    @property
    def values(self) -> int:
        return self.filled - self.nothing


@dataclass(frozen=True, slots=True)
class Reading:
    """The way, what is said of it, and why it cannot be read."""

    way: Way
    remarks: tuple[Verdict, ...] = ()
    problem: Verdict | None = None


def _say(words: str, **values: object) -> Verdict:
    return Verdict(True, words, values)


def few(n: int, least: int) -> str | int:
    """A number of rows; one that could point at a company only between which numbers it lies."""
    return f"1–{least - 1}" if 0 < n < least else n


def closer(counts: Counts) -> bool:
    """Whether it is numbers whose signs must be looked at."""
    return counts.values > 0 and counts.numbers == counts.values != counts.digits


def _ambiguous(name: str) -> Verdict:
    return no(
        mark("Of the column “%(column)s” it cannot be told whether a point or a comma stands before thousands or before decimals, as in 1.500 beside 50.5: one would be read as another number. Write all numbers of the column in one way, as 1500 and 50.5, or fetch the file again and do not save it from a spreadsheet."),
        on="file", column=name,
    )  # fmt: skip


def _signed(name: str, counts: Counts) -> Reading:
    """Numbers with points or commas: which of the two stands before decimals."""
    pointed = counts.point > counts.pointed or counts.commas > 0  # a point that can only be before decimals
    commaed = counts.comma > counts.commaed or counts.points > 0
    known = counts.plain + counts.point + counts.points + counts.comma + counts.commas
    if known != counts.values:  # 2012.01.31, or a list
        return Reading(Way.TEXT)
    if pointed == commaed:
        return Reading(Way.TEXT, problem=_ambiguous(name))
    if pointed:
        doubtful = counts.pointed and not (counts.point_long or counts.commas)
        thousands = counts.commaed + counts.commas
        way = Way.POINT
    else:
        doubtful = counts.commaed and not (counts.comma_long or counts.points)
        thousands = counts.pointed + counts.points
        way = Way.COMMA
    if doubtful:
        return Reading(Way.TEXT, problem=_ambiguous(name))
    remarks = [_say(COMMA)] * (way is Way.COMMA) + [_say(THOUSANDS)] * bool(thousands)
    return Reading(way, tuple(remarks))


def reading_of(name: str, counts: Counts, least: int) -> Reading:
    """How a column of a CSV file is read. ``least``: fewer rows than so many are told as few."""
    if not counts.values:
        return Reading(Way.TEXT)
    nothing = (_say(NO_VALUE),) if counts.nothing else ()
    if counts.truth == counts.values:
        return Reading(Way.TRUTH, nothing)
    if counts.digits == counts.values:
        if counts.zeros:
            return Reading(Way.TEXT, (_say(ZEROS),))
        if _CODES.fullmatch(name):
            return Reading(Way.TEXT, (_say(CODE),))
        return Reading(Way.WHOLE, nothing) if counts.whole == counts.values else Reading(Way.TEXT, (_say(LONG),))
    if counts.numbers == counts.values:
        found = Reading(Way.TEXT, (_say(CODE),)) if _CODES.fullmatch(name) else _signed(name, counts)
        return Reading(found.way, (*found.remarks, *nothing), found.problem) if found.way is not Way.TEXT else found
    some = counts.values - counts.numbers
    return Reading(Way.TEXT, (_say(SOME, n=few(some, least)),) if 0 < some < counts.values / 2 and not _CODES.fullmatch(name) and name != "company" else ())  # fmt: skip


def no_numbers(nan: int, endless: int, least: int) -> tuple[Verdict, ...]:
    """What to say of a column of decimals where some are no number, or infinite."""
    return (_say(NAN),) * bool(nan) + (_say(ENDLESS, n=few(endless, least)),) * bool(endless)


def askable(name: str) -> Verdict | None:
    """What to say of a column whose name no protocol can hold; None of every other."""
    if COLUMN.fullmatch(name):
        return None
    better = re.sub(r"[^A-Za-z0-9_]+", "_", name.translate(_LETTERS)).strip("_") or "column"
    return Verdict(True, UNASKED, {"better": f"x_{better}" if better[0].isdigit() else better})
