"""One column schema: it drives the template, the reader, the dry run, the errors and the export."""

from __future__ import annotations

from dataclasses import dataclass, field

from klyngeforum.ground.words import Term, mark


class Kind(Term):
    TEXT = "text", mark("text")
    INTEGER = "integer", mark("whole number")
    DECIMAL = "decimal", mark("number")
    DATE = "date", mark("date")
    CHOICE = "choice", mark("choice")
    YES_NO = "yes_no", mark("yes or no")


class Format(Term):
    XLSX = "xlsx", mark("Excel")
    CSV_DA = "csv-da", mark("CSV (Danish)")
    CSV = "csv", mark("CSV (machine)")
    JSON = "json", mark("JSON")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in code, its headers, what may stand in it, and a hint for the person who fills it."""

    key: str
    da: str
    en: str
    kind: Kind = Kind.TEXT
    required: bool = False
    hint_da: str = ""
    hint_en: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()  # (value, Danish, English)
    longest: int = 250
    also: tuple[str, ...] = ()  # other headers seen in the wild

    def names(self) -> set[str]:
        return {name.casefold().strip() for name in (self.key, self.da, self.en, *self.also)}


@dataclass(frozen=True, slots=True)
class Schema:
    """A named list of columns; ``key`` columns say which rows are the same thing."""

    name: str
    da: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file: where, the value found, why, and how to mend it (marked words and their values)."""

    sheet: str
    row: int
    column: str
    value: str
    why: str
    mend: str
    values: dict[str, object] = field(default_factory=dict)


Row = dict[str, object]


@dataclass(slots=True)
class Sheet:
    """What was read: rows by their number in the file, and every problem."""

    name: str
    rows: dict[int, Row] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class DryRun:
    """What taking the file in would do."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.new + self.changed + self.unchanged
