"""Where a word in the finder comes from; and how an organisation stands in the landscape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from klyngeforum.ground.words import Term, mark


class WordSource(Term):
    NAME = "name", mark("name")
    PURPOSE = "purpose", mark("purpose")
    THEME = "theme", mark("field")
    INDUSTRY = "industry", mark("industry")
    ACTIVITY = "activity", mark("activities")
    MEMBER = "member", mark("participants' industries")


class PairKind(Term):
    """Two organisations side by side."""

    OVERLAP = "overlap", mark("Overlap")
    PARALLEL = "parallel", mark("Parallel structures")
    NEITHER = "neither", mark("Neither")


Split = tuple[tuple[int, int], ...]  # (area, how many), most first


@dataclass(frozen=True, slots=True)
class Core:
    """The middle of an organisation: the place from which its participants are nearest on average, and how far they are."""

    place: int
    longitude: float
    latitude: float
    mean_km: float
    radius_km: float  # holds the share that the mark asks for
    farthest_km: float
    near: float  # share of participants within the mark's kilometres
    placed: int  # participants whose place is known


@dataclass(frozen=True, slots=True)
class Standing:
    """One organisation on a day, each body once. What is not known is None, and says so."""

    cluster: int
    members: int = 0
    companies: int = 0
    active: int = 0  # companies that took part in something in the months before
    under_50: int = 0
    size_known: int = 0  # companies whose size is known
    sme: int = 0
    sme_known: int = 0  # companies that have declared whether they are one
    knowledge: int = 0
    core: Core | None = None
    regions: Split = ()
    activity_regions: Split = ()
    towns: Split = ()  # participants by degree of urbanisation
    activity_towns: Split = ()
    staff: float | None = None
    staff_year: int | None = None
    jobs_of_largest: float | None = None  # share of all members' employees that the largest companies have
    times_of_busiest: float | None = (
        None  # share of all participations of the months before that the busiest bodies have
    )
    mass: int = -1  # active companies: -1 below the mark, 0 within, 1 above
    near_enough: bool | None = None
    staffed: bool | None = None

    @property
    def under_50_share(self) -> float | None:
        return self.under_50 / self.size_known if self.size_known else None

    @property
    def sme_share(self) -> float | None:
        return self.sme / self.sme_known if self.sme_known else None

    @property
    def critical(self) -> bool | None:
        """Enough active companies, near enough, and enough staff where that is known; None where nobody has a place."""
        if self.near_enough is None:
            return None
        return self.mass >= 0 and self.near_enough and self.staffed is not False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two organisations on a day, counted over companies; ``told`` is what may be said to those who see no records."""

    first: int
    second: int
    first_companies: int
    second_companies: int
    shared: int
    overlap: float  # of the smaller organisation's companies
    jaccard: float  # of all companies of the two
    profile: float | None  # shared part of the employment by industry; None where it was not compared
    profile_jaccard: float | None
    kind: PairKind
    told: PairKind


@dataclass(frozen=True, slots=True)
class Matrix:
    """Organisations in an order in which those alike stand together, and every pair of them with anything in common."""

    clusters: tuple[int, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Every pair of the organisations that count on a day. Kept are the flagged ones and the most alike; counted are all."""

    organisations: int
    every: int
    overlapping: int
    parallel: int
    told_overlapping: int
    told_parallel: int
    pairs: tuple[Pair, ...]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class SharedIndustry:
    """An industry of two organisations: its share of each one's employment, the part they share, and companies in each."""

    industry: int
    first: float
    second: float
    shared: float
    first_companies: int
    second_companies: int


FEWEST_PARTS, MOST_PARTS = 2, 5
MERGED = 0  # what stands for the organisation that would be


@dataclass(frozen=True, slots=True)
class Field:
    """An industry in a region: companies of the register, and of the organisation that would be."""

    region: int
    industry: int
    companies: int
    reached: int


@dataclass(frozen=True, slots=True)
class Fields:
    """Industries x regions with enough companies: how many each part reaches well enough, how many all together, and which only all together."""

    fields: int
    parts: tuple[int, ...]
    after: int
    closed: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Merger:
    """Organisations of a day as if they were one; nothing of it stands in the registers."""

    day: date
    parts: tuple[Standing, ...]
    after: Standing
    memberships: int  # companies, one for each organisation that they are in
    twice: int  # companies in more than one
    fields: Fields


@dataclass(frozen=True, slots=True)
class CoveredField:
    """An industry in a region (0: all of them): companies of the register, those that take part anywhere, each once. ``told`` is what may be
    said to those who see no records; None where it would tell of a few."""

    region: int
    industry: int
    companies: int
    reached: int
    told: int | None
    organisations: int = 0
    quotient: float = 0.0
    strong: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """The fields with enough companies to be read, every region with all its industries, and the fields with too few to be read."""

    fields: tuple[CoveredField, ...]
    regions: tuple[CoveredField, ...]
    whole: CoveredField
    few: tuple[CoveredField, ...] = ()
