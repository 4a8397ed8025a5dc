"""Entries of the programme: frozen values with both languages, source and provenance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark


class Provenance(Term):
    OFFICIAL = "official", mark("Official")
    INFERRED = "inferred", mark("Our reading of the source")
    PLACEHOLDER = "placeholder", mark("Placeholder")


@dataclass(frozen=True, slots=True)
class Entry:
    """What every programme value carries."""

    code: str
    name: Bilingual
    source: str
    source_da: str
    provenance: Provenance

    def sourced(self, language: str) -> str:
        """Where it comes from, in the reader's language (a title stays as it is)."""
        return self.source if language.startswith("en") else self.source_da

    @property
    def placeholder(self) -> bool:
        return self.provenance is Provenance.PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Party(Entry):
    kind: str
    since: date
    until: date | None = None
    chair: bool = False
    area: str = ""


@dataclass(frozen=True, slots=True)
class Target(Entry):
    measure: str
    goal: Decimal | None
    unit: Bilingual
    by: int


@dataclass(frozen=True, slots=True)
class Check(Entry):
    """One thing that is looked at in an account: what kind of look, at which measures, how grave, and its limits."""

    kind: str
    severity: str
    measures: tuple[str, ...]
    whole: str = ""
    odd: str = ""
    share: Decimal = Decimal(0)
    least: int = 0
    score: Decimal = Decimal(0)
    peers: int = 0
    industries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked(Entry):
    """Leagues, labels, principles and themes: a rank, a short name; for labels months of validity, for themes everyday words."""

    rank: int
    short: Bilingual = field(default_factory=lambda: Bilingual(""))
    months: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Lines worked by hand with the sum over accounts and the distinct bodies."""

    lines: tuple[dict[str, object], ...]
    participations: Decimal
    distinct: Decimal


@dataclass(frozen=True, slots=True)
class Measure(Entry):
    version: str
    chapter: str
    unit: Bilingual
    numerator: Bilingual
    direction: str
    reviewer: str
    example: Example
    denominator: str = ""  # the measure that this one is a part of; empty: a count that stands alone
    version_of: str = ""  # the measure that this is another definition of: both are counted and stand side by side
    since: int = 0  # first and last data year that the definition is meant for; 0: no such edge
    until: int = 0
    limit: Decimal = Decimal(0)  # a number that the definition rests on


@dataclass(frozen=True, slots=True)
class Institution(Entry):
    kind: str = field(default="")


@dataclass(frozen=True, slots=True)
class OpenRule(Entry):
    """A limit: below ``least`` something is held back, or not said (open_data.toml, studies.toml)."""

    least: Decimal


@dataclass(frozen=True, slots=True)
class OwnExample:
    """Organisations worked by hand: what each counts (none: nothing was stated) and what the country reads."""

    organisations: tuple[dict[str, object], ...]
    own: tuple[Decimal | None, ...]
    nation: Decimal


@dataclass(frozen=True, slots=True)
class OwnFigure(Entry):
    """A figure of an organisation itself, where nothing is a count of bodies; ``nation`` says how the country is read from them."""

    version: str
    since: date
    chapter: str
    unit: Bilingual
    counted: Bilingual
    counts: str
    nation: str
    reviewer: str
    example: OwnExample
    kind: str = ""  # only activities of this kind; empty: all
