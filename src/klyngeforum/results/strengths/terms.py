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


@dataclass(frozen=True, slots=True)
class FieldStanding:
    """A field (an industry or a category of them) in a region. ``small``: too few to say a quotient; ``held``: held back from this reader,
    then every number is None. ``national``, ``mix`` and ``regional`` add up to ``change``."""

    code: str
    employment: float | None = None
    workplaces: float | None = None
    share: float | None = None
    quotient: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    change: float | None = None
    national: float | None = None
    mix: float | None = None
    regional: float | None = None
    present: bool = False
    strong: bool = False
    local: bool = False
    small: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """An industry that the region does not have, by how near it is to what the region has."""

    code: str
    density: float
    quotient: float | None
    employment: float | None


@dataclass(frozen=True, slots=True)
class Sprout:
    """An industry that is small, grows faster than elsewhere and is near to what the region has; ``q`` is its false-discovery rate."""

    code: str
    before: float | None
    after: float | None
    q: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A region's change of employment in its three parts."""

    before: float
    change: float
    national: float
    mix: float
    regional: float


@dataclass(frozen=True, slots=True)
class StarsSaid:
    """What a rule set says of the region: marks by field, or that it refuses (``regions`` of too few, or a metric is missing)."""

    rule: str
    refused: str  # "", "regions" or "metric"
    metric: str
    marks: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RegionStanding:
    """A region by one grouping of its industries."""

    code: str
    year: int
    first: int
    employment: float
    workplaces: float | None
    growth: Growth | None
    fields: tuple[FieldStanding, ...]
    openings: tuple[Opening, ...]
    sprouts: tuple[Sprout, ...] | None  # None: could not be tested
    expected_false: float
    complexity: float | None
    stars: tuple[StarsSaid, ...]
    regions: int
    withheld: int

    @property
    def strengths(self) -> tuple[FieldStanding, ...]:
        return tuple(one for one in self.fields if one.strong)

    @property
    def strongest(self) -> FieldStanding | None:
        return self.strengths[0] if self.strengths else None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the programme asks before something is said (programme/strengths.toml, marks of the landscape)."""

    employment: float
    workplaces: float
    present: float
    related_regions: int
    emerging_rate: float
    serving: int
    strong_quotient: float
    strong_workplaces: float


@dataclass(frozen=True, slots=True)
class Serves:
    """A cluster organisation that serves a field in a region: its companies there, and whether it names the field itself."""

    cluster: int
    companies: int
    declared: bool
