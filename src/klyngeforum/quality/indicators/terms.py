"""What a scheme of indicators and labels is made of, what it is asked about, and how its answer explains itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.ground.words import Term, mark


class Truth(Term):
    """Kleene's three values: what is unknown never passes and never fails."""

    YES = "yes", mark("met")
    NO = "no", mark("not met")
    UNDETERMINED = "undetermined", mark("undetermined")


class AnswerState(Term):
    SCORED = "scored", mark("Scored")
    UNKNOWN = "unknown", mark("Not known yet")
    NOT_APPLICABLE = "not_applicable", mark("Not applicable")


class IndicatorRole(Term):
    SCORED = "scored", mark("Gives points")
    GATE = "gate", mark("Must be met, gives no points")
    INFO = "info", mark("For information only")


class RuleKind(Term):
    """What a label rule can ask for; the values asked for stand in the scheme's files."""

    ALL = "all", mark("All of these")
    ANY = "any", mark("One of these")
    FACT = "fact", mark("Eligibility")
    KNOCK_OUTS = "knock_outs", mark("Minimum of every indicator")
    SHARE = "share", mark("Share of the maximum")
    POINTS = "points", mark("Points")
    INDICATOR = "indicator", mark("Level of one indicator")
    BENCHMARKINGS = "benchmarkings", mark("Earlier benchmarkings")
    AREAS = "areas", mark("Validated improvement areas")
    ASSESSORS = "assessors", mark("Assessors")
    HOLDS = "holds", mark("Holds a label")


class Change(Term):
    """What became of an indicator in another version."""

    SAME = "same", mark("Same")
    SPLIT = "split", mark("Split in several")
    MERGED = "merged", mark("Merged into one")
    NEW = "new", mark("New")
    DROPPED = "dropped", mark("No longer asked")


class Granularity(Term):
    DAY = "day", mark("To the day")
    MONTH = "month", mark("To the end of the month")


class FactKind(Term):
    NUMBER = "number", mark("number")
    YES_NO = "yes_no", mark("yes or no")


class MeasuredKey(Term):
    """Values that registers and records hold; an indicator or a fact names the one that it is measured by."""

    COMMITTED_PARTICIPANTS = "committed_participants", mark("Committed participants (number)")
    COMMITTED_SHARE = "committed_share", mark("Committed share of all participants")
    COMPOSITION = "composition", mark("Kinds of actors among committed participants (number)")
    SHARE_150_KM = "share_150_km", mark("Share of committed participants within 150 km of the core")
    MONTHS_RUNNING = "months_running", mark("Months since the cluster organisation began")
    STAFF = "staff", mark("Person-years in the cluster organisation")
    RETENTION = "retention", mark("Share of committed participants kept over 24 months")
    CONTACTS = "contacts", mark("Share of committed participants met in the last 12 months")
    COOPERATION = "cooperation", mark("Share of committed participants in a joint project in the last 24 months")
    INTEGRATION = "integration", mark("Kinds of actors in the innovation system with an active link (number)")
    MONTHS_SECURED = "months_secured", mark("Months of finance secured")
    PRIVATE_SHARE = "private_share", mark("Private share of income")
    SERVICES = "services", mark("Kinds of activities held in the last 12 months (number)")
    WORKING_GROUPS = "working_groups", mark("Active working groups (number)")
    SUCCESS_STORIES = "success_stories", mark("Documented results of participants in the last 24 months (number)")


# The scheme -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A group, a kind of evidence, an offer of help or a fact: a code with its name in both languages."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Offer(Named):
    """Help that fits an indicator, with who gives it."""

    giver: Bilingual = field(default_factory=lambda: Bilingual(""))


@dataclass(frozen=True, slots=True)
class EvidenceKind(Named):
    """A kind of evidence; after so many months it is stale."""

    months: int = 12


@dataclass(frozen=True, slots=True)
class Fact(Named):
    """What eligibility asks about an organisation; ``measured`` where registers hold it."""

    kind: FactKind = FactKind.YES_NO
    measured: MeasuredKey | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One step of an indicator. ``days``: person-days from the step below; ``measured_from``: the measured value that speaks for it."""

    number: int
    points: Decimal
    name: Bilingual
    days: int = 0
    measured_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A level that must be reached; ``level=None`` asks for nothing, ``known=False`` is not known to us."""

    level: int | None
    provenance: Provenance
    known: bool = True

    @property
    def placeholder(self) -> bool:
        return self.provenance is Provenance.PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator with its levels in rising order and the provenance of each of its values by name."""

    code: str
    group: str
    role: IndicatorRole
    name: Bilingual
    text: Bilingual
    levels: tuple[Level, ...]
    minimum: Threshold
    excellence: Threshold
    scopes: frozenset[str]
    scopes_unknown: frozenset[str]
    measured: MeasuredKey | None
    evidence: tuple[str, ...]
    offers: tuple[str, ...]
    may_be_left_out: bool
    provenance: Mapping[str, Provenance]
    numbered: Mapping[int, Level] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbered", {one.number: one for one in self.levels})

    @property
    def top(self) -> int:
        return self.levels[-1].number

    @property
    def maximum(self) -> Decimal:
        return self.levels[-1].points if self.levels and self.role is IndicatorRole.SCORED else Decimal(0)

    def level(self, number: int) -> Level | None:
        return self.numbered.get(number)

    def points(self, number: int) -> Decimal:
        """Points of a level; gates and mere information give none."""
        found = self.level(number)
        return found.points if found is not None and self.role is IndicatorRole.SCORED else Decimal(0)

    def placeholder(self, value: str) -> bool:
        return self.provenance.get(value) is Provenance.PLACEHOLDER


@dataclass(frozen=True, slots=True)
class Rule:
    """One node of a rule tree: what it asks (``asks`` holds the values by name) and from when until when it is asked."""

    kind: RuleKind
    key: str
    provenance: Provenance
    source: str
    asks: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[Rule, ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def placeholder(self) -> bool:
        return self.provenance is Provenance.PLACEHOLDER

    def asked_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a label runs: months at first, the window after the end in which a renewal is seamless, months a renewal adds."""

    first_months: int
    renew_window_months: int
    renewal_months: int
    granularity: Granularity
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the scheme; ``code`` is that of the programme's labels."""

    code: str
    rank: int
    name: Bilingual
    requires: Rule
    validity: Validity
    provenance: Provenance
    source: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a scheme, whole. ``indicators_published`` may be more than are known (then it is not ``complete``);
    nothing is assessed by a ``draft``: it is there to judge old answers by."""

    scheme: str
    version: str
    name: Bilingual
    since: date
    until: date | None
    provenance: Provenance
    source: str
    maximum: Decimal | None
    indicators_published: int
    groups: tuple[Named, ...]
    facts: tuple[Fact, ...]
    evidence: tuple[EvidenceKind, ...]
    offers: tuple[Offer, ...]
    indicators: tuple[Indicator, ...]
    labels: tuple[Label, ...]
    checksum: str
    draft: bool = False
    coded: Mapping[str, Indicator] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "coded", {one.code: one for one in self.indicators})

    @property
    def complete(self) -> bool:
        return len(self.indicators) == self.indicators_published

    def indicator(self, code: str) -> Indicator | None:
        return self.coded.get(code)

    def label(self, code: str) -> Label | None:
        return next((one for one in self.labels if one.code == code), None)

    def of_group(self, code: str) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.group == code)


@dataclass(frozen=True, slots=True)
class Step:
    """What became of indicators between two versions: old codes, new codes, and whether levels mean the same."""

    change: Change
    old: tuple[str, ...]
    new: tuple[str, ...]
    levels: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """From one version to another, indicator by indicator."""

    from_scheme: str
    from_version: str
    to_scheme: str
    to_version: str
    steps: tuple[Step, ...]
    provenance: Provenance
    source: str


# The situation that is asked about ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A level, not known, or not applicable."""

    state: AnswerState
    level: int | None = None


UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_APPLICABLE = Answer(AnswerState.NOT_APPLICABLE)


def scored(level: int) -> Answer:
    return Answer(AnswerState.SCORED, level)


@dataclass(frozen=True, slots=True)
class Area:
    """An improvement area: the indicator improved, and whether an assessor validated it (None: not known)."""

    indicator: str
    validated: bool | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """Whether an assessor is independent and from abroad (None: not known)."""

    independent: bool | None = None
    foreign: bool | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a label rule may ask about on a day; what is missing, or None, is unknown."""

    on: date
    answers: Mapping[str, Answer] = field(default_factory=dict)
    facts: Mapping[str, Decimal | bool | None] = field(default_factory=dict)
    benchmarkings: tuple[date, ...] | None = None
    areas: tuple[Area, ...] | None = None
    assessors: tuple[Assessor, ...] | None = None
    labels: frozenset[str] | None = None

    def answer(self, code: str) -> Answer:
        return self.answers.get(code, UNKNOWN)


# The answer --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explained:
    """A truth with its reason in marked words, the values in them, and the parts that it follows from.

    ``placeholder``: the truth could be another one if placeholder values were replaced. ``indicator`` names the one concerned.
    """

    truth: Truth
    kind: RuleKind
    key: str
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[Explained, ...] = ()
    placeholder: bool = False
    indicator: str = ""
