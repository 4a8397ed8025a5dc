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


class Outcome(Term):
    """What becomes of a row that is taken in."""

    NEW = "new", mark("New")
    CHANGED = "changed", mark("Changed")
    UNCHANGED = "unchanged", mark("Unchanged")


@dataclass(slots=True)
class DryRun:
    """What taking the file in would do; ``at`` names the rows (by their number in the sheet), ``parts`` the sheets of a whole workbook."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    at: dict[str, list[int]] = field(default_factory=dict)
    waits: list[int] = field(
        default_factory=list
    )  # rows that rest on one in error and can be judged when that is mended
    parts: dict[str, DryRun] = field(default_factory=dict)

    def count(self, outcome: Outcome, row: int) -> None:
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)
        self.at.setdefault(outcome.value, []).append(row)

    @property
    def wrong_rows(self) -> list[int]:
        return sorted({problem.row for problem in self.problems})

    def add(self, name: str, part: DryRun) -> None:
        """One sheet of a workbook, counted into the whole."""
        self.parts[name] = part
        self.new, self.changed, self.unchanged = (
            self.new + part.new,
            self.changed + part.changed,
            self.unchanged + part.unchanged,
        )
        self.problems += part.problems
        self.notes += part.notes

    @property
    def rows(self) -> int:
        return self.new + self.changed + self.unchanged
