"""Studies from protocol to verdict, who took part in what way, and what a result may be called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.verdict import Verdict
from klyngeforum.ground.words import Term, mark

COLUMN = re.compile(
    r"[A-Za-z_][A-Za-z0-9_]*"
)  # the name of a column that a protocol can ask for, the same on every engine
OUTSIDE = 0  # the extract of a study whose register never comes here
BY_ORGANISATION = (
    "organisation"  # grouped by where each company took part first; every other grouping is a column of the extract
)
GROUP_TABLES = {  # of a result by groups: table -> what each row holds
    "groups": (
        "outcome", "group", "n_treated", "estimate", "low", "high", "relative", "relative_low", "relative_high", "p", "p_holm", "p_bh",
        "shrunk", "shrunk_low", "shrunk_high", "weight",
    ),
    "untold": ("outcome", "group", "why"),
    "common": ("outcome", "form", "mean", "spread", "unnamed"),
}  # fmt: skip
COUNTING = "effects.count"  # the kind of long work that counts a study


class StudyState(Term):
    DRAFT = "draft", mark("Protocol being written")
    FROZEN = "frozen", mark("Protocol frozen, nothing seen")
    RUN = "run", mark("Result in, not reviewed")
    REVIEWED = "reviewed", mark("Reviewed")
    PUBLISHED = "published", mark("Published")
    WITHDRAWN = "withdrawn", mark("Given up")


# state -> verb -> state
MOVES: dict[StudyState, dict[str, StudyState]] = {
    StudyState.DRAFT: {"write": StudyState.DRAFT, "freeze": StudyState.FROZEN, "give_up": StudyState.WITHDRAWN},
    StudyState.FROZEN: {"take_result": StudyState.RUN, "give_up": StudyState.WITHDRAWN},
    StudyState.RUN: {"review": StudyState.REVIEWED},
    StudyState.REVIEWED: {"review": StudyState.REVIEWED, "publish": StudyState.PUBLISHED},
    StudyState.PUBLISHED: {},
    StudyState.WITHDRAWN: {},
}


class Treatment(Term):
    """What a company did that the study asks about."""

    PARTICIPATION = "participation", mark("took part in an activity")
    DEDICATED = "dedicated", mark("is in formal collaboration")
    ORGANISATION = "organisation", mark("took part in the activities of one organisation")


class Claim(Term):
    """What the number of participants allows to be said (sample gate)."""

    NONE = "none", mark("Too few participants: nothing is said of a cause")
    PRELIMINARY = "preliminary", mark("Preliminary: few participants")
    FULL = "full", mark("Enough participants")


class Judgement(Term):
    """What the reviewer says of the study."""

    SOUND = "sound", mark("Sound")
    RESERVATIONS = "reservations", mark("Sound with reservations")
    NOT_SOUND = "not_sound", mark("Not sound")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is measured of companies each year: a column of the extract; ``form`` how its effect is told relatively."""

    column: str
    name: Bilingual
    form: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the study asks and how, decided before anything is seen. ``names``: of the extract's columns; ``ways``: of the specifications.
    ``methods``: the tables that the analysis library reads."""

    code: str
    question: Bilingual
    population: Bilingual
    treatment: Treatment
    organisation: str
    outcomes: tuple[Outcome, ...]
    horizon: int
    causal: bool
    counts_to_target: bool
    stop_rules: Bilingual
    extract: int
    names: Mapping[str, Bilingual]
    ways: Mapping[str, Bilingual]
    methods: Mapping[str, Any]
    text: str
    digest: str

    @property
    def by(self) -> tuple[str, ...]:
        """The groups of companies that the study is asked of one by one: the organisations, or a column of the extract."""
        said = self.methods.get("by", ())
        return tuple(str(one) for one in said) if isinstance(said, list | tuple) else ()

    def way(self, name: str, language: str) -> str:
        """What a specification is called; one of which only the name was written is called by it."""
        return self.ways[name].say(language) if name in self.ways else name

    def outcome(self, column: str) -> Outcome | None:
        return next((one for one in self.outcomes if one.column == column), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the programme asks of a study: participants before a cause is spoken of and before an answer is not preliminary, how far matched
    groups may lie apart (standard deviations), and the p below which they were not alike before."""

    fewest: Decimal
    preliminary: Decimal
    balance: Decimal
    pretrend: Decimal


@dataclass(frozen=True, slots=True)
class Begun:
    """One company's first year of what the study asks about, and where."""

    number: str
    year: int
    organisation: str


class Holds(Term):
    """What a column of an extract holds."""

    WHOLE = "whole", mark("Whole numbers")
    NUMBER = "number", mark("Numbers")
    TRUTH = "truth", mark("Yes or no")
    TEXT = "text", mark("Text")
    OTHER = "other", mark("Something else")


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column of an extract. ``filled`` and ``empty``: in how many rows; ``low``, ``high``: between what about all numbers lie, never one
    company's own (None: not told); ``remarks``: how it was read."""

    name: str
    holds: Holds
    filled: int
    empty: int
    low: float | None = None
    high: float | None = None
    remarks: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file of the register holds, as counted when it was looked at; ``problems``: why it is no extract; ``remarks``: how it was read.
    ``checksum``: of the file as it is kept, empty where it is no extract."""

    rows: int
    companies: int
    first_year: int
    last_year: int
    columns: tuple[ColumnSeen, ...]
    problems: tuple[Verdict, ...] = ()
    remarks: tuple[Verdict, ...] = ()
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The overall answer for one outcome. Estimates are in the outcome's own unit; ``relative`` is in the outcome's form: per cent or points (7.0 is 7 per cent)."""

    outcome: Outcome
    estimate: float
    low: float
    high: float
    p_adjusted: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    detectable: float
    pretrend_p: float | None
    participants: int
    claim: Claim

    @property
    def found(self) -> bool:
        """Whether the interval leaves nothing out but zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Point:
    """One year since the first participation, one cohort, or one specification, with its interval."""

    key: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """One group of companies, in the outcome's form: its own answer, and the one shrunk towards what the groups have in common, of which
    its own counts ``weight``. ``p``: adjusted for all groups of the outcome."""

    key: str
    participants: int
    own: Point
    shrunk: Point
    p: float
    weight: float
    claim: Claim


@dataclass(frozen=True, slots=True)
class Grouped:
    """One outcome by the groups that the protocol declared, the largest shrunk answer first. ``few``: too few participants to be told of;
    ``unfit``: enough, but nobody to compare them with; ``unnamed``: how many are too small even to be named."""

    column: str
    outcome: Outcome
    groups: tuple[Group, ...]
    few: tuple[str, ...]
    unfit: tuple[str, ...]
    unnamed: int
    mean: float
    spread: float
    refused: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A part of a study that could not be answered (``way``: a declared specification, by its name), and why in the library's words."""

    part: str
    why: str
    way: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A result as the pages read it."""

    lines: tuple[Line, ...]
    events: Mapping[str, tuple[Point, ...]]
    specifications: tuple[Point, ...]
    placebos: tuple[Point, ...]
    sensitivity: Mapping[str, float | None]
    balance: Mapping[str, tuple[float, float | None]]
    refused: tuple[Refusal, ...]
    failures: tuple[str, ...]
    hidden: int
    companies: int
    library: str
    run_on: date | None = None
    outside: str = ""  # who counted it, where it was not the house
    by: tuple[Grouped, ...] = ()
