"""Tables of employment by region and industry, as they are read; and what they say of a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from klyngeforum.ground.tables.terms import Problem
from klyngeforum.ground.words import Term, mark


class NameKind(Term):
    """Whose name a table holds."""

    REGION = "region", mark("Region")
    INDUSTRY = "industry", mark("Industry")


class Unit(Term):
    """What a table counts."""

    PERSONS = "persons", mark("Employees")
    SHARES = "shares", mark("Shares of a region's employment")


@dataclass(frozen=True, slots=True)
class CellRead:
    """One region, industry and year of a file, with the row that it stands in. What the source holds back is None."""

    line: int
    region: str
    industry: str
    year: int
    employment: float | None
    workplaces: float | None
    withheld: bool = False


@dataclass(slots=True)
class FileRead:
    """What a file holds: cells, names by code, how many rows were read and left out, and everything that is wrong."""

    cells: list[CellRead] = field(default_factory=list)
    regions: dict[str, str] = field(default_factory=dict)
    industries: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def years(self) -> list[int]:
        return sorted({one.year for one in self.cells})

    @property
    def withheld(self) -> int:
        return sum(one.withheld for one in self.cells)


@dataclass(frozen=True, slots=True)
class TableRun:
    """What taking a file in does or did; ``number`` of the table that it is, also when it stood there already (``known``)."""

    read: FileRead
    number: int | None = None
    known: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
