"""What is laid before a meeting: tables of words, as they were said on the day."""

from __future__ import annotations

from dataclasses import dataclass

from klyngeforum.ground.words import Term, mark


class Part(Term):
    """The tables of a scenario that is laid before a meeting."""

    STANDS = "stands", mark("Before and after")
    MARKS = "marks", mark("Against the marks")
    FIELDS = "fields", mark("Gaps closed")
    ACCOUNTS = "accounts", mark("The accounts as if merged")
    QUALITY = "quality", mark("What is measured of quality")


@dataclass(frozen=True, slots=True)
class Said:
    """One cell of a table in both languages; row 0 holds the headings, column 0 what the row is of."""

    part: Part
    row: int
    column: int
    da: str
    en: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was said in one language."""

    part: Part
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
