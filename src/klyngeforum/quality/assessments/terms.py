"""Kinds of assessments, how they move, who sits in which seat, what of an answer one person writes at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import Term, mark
from klyngeforum.quality.indicators.terms import AnswerState, MeasuredKey


class AssessmentKind(Term):
    """Kept apart: what an organisation says of itself is not what others say of it."""

    SELF = "self", mark("Self-evaluation")
    INTERVIEW = "interview", mark("Benchmarking interview")
    AUDIT = "audit", mark("Audit")
    EX_ANTE = "ex_ante", mark("Ex-ante check by the support unit")


class AssessmentState(Term):
    OPEN = "open", mark("Being filled")
    COMPLETED = "completed", mark("Completed")
    SCORING = "scoring", mark("The experts score")
    JOINT = "joint", mark("Joint round")
    AGREED = "agreed", mark("Agreed")


MOVES: dict[AssessmentState, dict[str, AssessmentState]] = {
    AssessmentState.OPEN: {"complete": AssessmentState.COMPLETED, "begin_scoring": AssessmentState.SCORING},
    AssessmentState.COMPLETED: {"reopen": AssessmentState.OPEN},
    AssessmentState.SCORING: {"meet": AssessmentState.JOINT},
    AssessmentState.JOINT: {"agree": AssessmentState.AGREED},
    AssessmentState.AGREED: {},
}
AUDIT_VERBS = frozenset({"begin_scoring", "meet", "agree"})
FINAL = (AssessmentState.COMPLETED, AssessmentState.AGREED)


class Seat(Term):
    """Who an answer is from; two experts score blind to each other before they agree."""

    OWN = "own", mark("The organisation, or the one who asks it")
    EXPERT_A = "expert_a", mark("First expert")
    EXPERT_B = "expert_b", mark("Second expert")
    AGREED = "agreed", mark("Agreed by both experts")


EXPERTS = (Seat.EXPERT_A, Seat.EXPERT_B)


class Part(Term):
    """What of an answer is written at a time: two persons may write different parts at once."""

    LEVEL = "level", mark("Level")
    JUSTIFICATION = "justification", mark("Justification")
    DIFFERS = "differs_because", mark("Why it differs from what is measured")


class Ask(Term):
    """Why an answer is asked for: an answer carried over that still stands is not asked for again."""

    NEW = "new", mark("New question")
    CHANGED = "changed", mark("The question has changed")
    STALE = "stale", mark("The answer is old")
    STANDS = "", mark("Carried over, still stands")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as rules see it."""

    state: AnswerState = AnswerState.UNKNOWN
    level: int | None = None
    justification: str = ""
    differs_because: str = ""
    ask: Ask = Ask.NEW
    answered_on: date | None = None

    @property
    def answered(self) -> bool:
        return self.state is not AnswerState.UNKNOWN


@dataclass(frozen=True, slots=True)
class Definition:
    """How a measured value is counted, as the programme writes it."""

    key: MeasuredKey
    name: Bilingual
    counted: Bilingual
    unit: str
    months: int = 0
    radius_km: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """One record behind a measured value; ``counts`` says whether it is in the numerator."""

    name: str
    detail: str = ""
    on: date | None = None
    counts: bool = True
    thing: str = ""
    thing_id: int = 0
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """A value that registers and records hold on a day; ``value=None`` is not known, and ``why`` says so."""

    key: MeasuredKey
    value: Decimal | None
    unit: str
    sources: int
    origins: tuple[Origin, ...] = ()
    why: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """A membership with what is counted of its body."""

    pk: int
    body: int
    name: str
    kind: str
    knowledge_kind: str
    committed: bool
    since: date
    until: date | None
    place: str = ""
    longitude: float | None = None
    latitude: float | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)


@dataclass(frozen=True, slots=True)
class Deed:
    """An activity with the bodies that took part, each with its kind."""

    pk: int
    kind: str
    project: bool
    title: str
    starts_on: date
    ends_on: date
    bodies: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Earned:
    """Cash received in a year, and whether it came from private ones; ``on`` is the day where one is noted."""

    pk: int
    payer: str
    year: int
    amount: Decimal
    private: bool
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What registers and records hold of one organisation, as measured values need it."""

    founded_on: date | None
    members: tuple[Member, ...]
    deeds: tuple[Deed, ...]
    groups: tuple[tuple[int, str, date, date | None], ...]
    staff: tuple[int, Decimal] | None
    results: tuple[tuple[int, str, int], ...]
    grants: tuple[tuple[int, str, date, date], ...] = ()  # those that stand on the day: title, first and last day
    income: tuple[Earned, ...] = ()  # cash received
