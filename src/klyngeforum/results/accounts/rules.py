"""How a year's facts become lines, and how lines are counted: the same counting for one account and for the nation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from klyngeforum.ground.bodies.terms import UNDER_50, BodyKind, KnowledgeKind, Scheme
from klyngeforum.ground.places.rules import Point, kilometres, medoid
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import MOVES, AccountState, Ask, CountsAs, Section

HOME = "DK"


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a line copies of a body at booking."""

    id: int
    kind: str
    scheme: str
    country: str
    size_band: str
    eu_sme: bool | None
    industry_id: int | None
    place_id: int | None
    knowledge_kind: str = ""


@dataclass(slots=True)
class LineValues:
    """One body in one account: what it counts as, and what it did; ``records`` are opened, never counted."""

    body: int
    counts_as: str
    size_band: str = ""
    eu_sme: bool | None = None
    industry_id: int | None = None
    place_id: int | None = None
    participated: bool = False
    dedicated: bool = False
    started: bool = False
    started_first_time: bool = False
    new_here: bool = False
    step: int = 0
    activities: int = 0
    hours: Decimal = Decimal(0)
    records: list[str] = field(default_factory=list)
    knowledge_kind: str = ""
    near: bool | None = None  # of the middle of those who took part; unknown where nobody knows the place


@dataclass(frozen=True, slots=True)
class Facts:
    """The year's facts of one organisation, by root body: (body, record name, value) as the records hold them."""

    participations: tuple[tuple[int, int, Decimal], ...] = ()  # (body, participation id, hours)
    dedicated: tuple[tuple[int, int], ...] = ()  # (body, membership id)
    outcomes: tuple[tuple[int, int, int], ...] = ()  # (body, outcome id, step)
    started: frozenset[int] = frozenset()
    started_before: frozenset[int] = frozenset()
    here_before: frozenset[int] = frozenset()


def counts_as(kind: str, scheme: str, country: str) -> CountsAs:
    """Unverified bodies count in no target; foreign ones are counted apart; a cluster organisation is another organisation."""
    home = country == HOME
    if scheme == Scheme.NONE:
        return CountsAs.UNVERIFIED
    if kind == BodyKind.COMPANY:
        return CountsAs.COMPANY if home else CountsAs.FOREIGN_COMPANY
    if kind == BodyKind.KNOWLEDGE:
        return CountsAs.KNOWLEDGE if home else CountsAs.FOREIGN_KNOWLEDGE
    return CountsAs.AUTHORITY if kind == BodyKind.AUTHORITY and home else CountsAs.OTHER


def lines_of(facts: Facts, bodies: dict[int, BodyFacts]) -> list[LineValues]:
    """One line a body that took part, is dedicated or has an outcome; the order of the facts does not matter."""
    lines: dict[int, LineValues] = {}

    def line(body_id: int, record: str) -> LineValues:
        body = bodies[body_id]
        if body_id not in lines:
            lines[body_id] = LineValues(
                body_id,
                counts_as(body.kind, body.scheme, body.country),
                body.size_band,
                body.eu_sme,
                body.industry_id,
                body.place_id,
                knowledge_kind=body.knowledge_kind,
            )
        lines[body_id].records.append(record)
        return lines[body_id]

    for body_id, record_id, hours in facts.participations:
        entry = line(body_id, f"participation:{record_id}")
        entry.participated, entry.activities, entry.hours = True, entry.activities + 1, entry.hours + hours
        entry.new_here = body_id not in facts.here_before
        entry.started = body_id in facts.started
        entry.started_first_time = entry.started and body_id not in facts.started_before
    for body_id, record_id in facts.dedicated:
        line(body_id, f"membership:{record_id}").dedicated = True
    for body_id, record_id, step in facts.outcomes:
        entry = line(body_id, f"outcome:{record_id}")
        entry.step = max(entry.step, step)
    for entry in lines.values():
        entry.records.sort()
    return [lines[body_id] for body_id in sorted(lines)]


def digested(line: LineValues) -> list[object]:
    """What the account's digest says of a line: everything that a figure or a slice is counted from."""
    return [
        line.body, str(line.counts_as), str(line.size_band), line.eu_sme, line.industry_id, line.place_id, line.participated, line.dedicated,
        line.started, line.started_first_time, line.new_here, line.step, line.activities, f"{line.hours:.2f}", " ".join(line.records),
        *([str(line.knowledge_kind), line.near] if line.knowledge_kind or line.near is not None else []),  # not said of older books
    ]  # fmt: skip


def place_near(lines: Iterable[LineValues], points: Mapping[int, Point], limit: Decimal) -> None:
    """Say of each line that took part whether it lies within so many kilometres of the middle of all that did."""
    placed = [(line, points[line.place_id]) for line in lines if line.participated and line.place_id and line.place_id in points]  # fmt: skip
    weights: dict[Point, int] = {}
    for _, point in placed:
        weights[point] = weights.get(point, 0) + 1
    middle = medoid(weights)
    for line, point in placed:
        line.near = middle is not None and kilometres(middle, point) <= float(limit)


Holds = Callable[[LineValues], bool]


@dataclass(frozen=True, slots=True)
class Counting:
    """How a measure counts lines: which lines hold it (``where`` says the same to the database), and what is summed."""

    holds: Holds
    where: dict[str, object]
    sums: str = ""  # a column to sum; empty counts bodies


def _company(**where: object) -> dict[str, object]:
    return {"counts_as": CountsAs.COMPANY.value, **where}


def _is_company(line: LineValues) -> bool:
    return line.counts_as == CountsAs.COMPANY


def _part(kind: CountsAs) -> Counting:
    return Counting(
        lambda line: line.participated and line.counts_as == kind, {"participated": True, "counts_as": kind.value}
    )


def _knowledge(*kinds: KnowledgeKind) -> Counting:
    return Counting(
        lambda line: line.participated and line.counts_as == CountsAs.KNOWLEDGE and line.knowledge_kind in kinds,
        {"participated": True, "counts_as": CountsAs.KNOWLEDGE.value, "knowledge_kind__in": [kind.value for kind in kinds]},
    )  # fmt: skip


_ANY_KNOWLEDGE = (CountsAs.KNOWLEDGE, CountsAs.FOREIGN_KNOWLEDGE)


def _step(least: int) -> Counting:
    return Counting(lambda line: _is_company(line) and line.step >= least, _company(step__gte=least))


COUNTINGS: dict[str, Counting] = {
    "participating_companies": _part(CountsAs.COMPANY),
    "under_50": Counting(
        lambda line: _is_company(line) and line.participated and line.size_band in UNDER_50,
        _company(participated=True, size_band__in=[band.value for band in UNDER_50]),
    ),
    "eu_sme": Counting(
        lambda line: _is_company(line) and line.participated and line.eu_sme is True,
        _company(participated=True, eu_sme=True),
    ),
    "dedicated_companies": Counting(lambda line: _is_company(line) and line.dedicated, _company(dedicated=True)),
    "new_companies": Counting(
        lambda line: _is_company(line) and line.participated and line.new_here,
        _company(participated=True, new_here=True),
    ),
    "knowledge_institutions": _part(CountsAs.KNOWLEDGE),
    "knowledge_institutions_with_foreign": Counting(
        lambda line: line.participated and line.counts_as in _ANY_KNOWLEDGE,
        {"participated": True, "counts_as__in": [kind.value for kind in _ANY_KNOWLEDGE]},
    ),
    "universities": _knowledge(KnowledgeKind.UNIVERSITY),
    "gts_institutes": _knowledge(KnowledgeKind.GTS),
    "university_colleges": _knowledge(KnowledgeKind.UNIVERSITY_COLLEGE),
    "business_academies": _knowledge(KnowledgeKind.ACADEMY),
    "other_knowledge_institutions": _knowledge(
        KnowledgeKind.VOCATIONAL, KnowledgeKind.RESEARCH, KnowledgeKind.HOSPITAL, KnowledgeKind.SCIENCE_PARK
    ),
    "authorities": _part(CountsAs.AUTHORITY),
    "foreign_companies": _part(CountsAs.FOREIGN_COMPANY),
    "unverified_bodies": _part(CountsAs.UNVERIFIED),
    "placed_participants": Counting(
        lambda line: line.participated and line.near is not None, {"participated": True, "near__isnull": False}
    ),
    "near_participants": Counting(
        lambda line: line.participated and line.near is True, {"participated": True, "near": True}
    ),
    "starting_companies": Counting(lambda line: _is_company(line) and line.started, _company(started=True)),
    "first_time_starters": Counting(
        lambda line: _is_company(line) and line.started_first_time, _company(started_first_time=True)
    ),
    "outcome_1": _step(1),
    "outcome_2": _step(2),
    "outcome_3": _step(3),
    "hours": Counting(lambda line: line.hours > 0, {"hours__gt": 0}, sums="hours"),
}


# Measures that are told beside the one that they are parts of: who subtracts the others finds the last.
PARTS: dict[str, tuple[str, ...]] = {
    "knowledge_institutions": (
        "universities", "gts_institutes", "university_colleges", "business_academies", "other_knowledge_institutions",
    ),
}  # fmt: skip


# Measures that hold nobody whom another does not: who subtracts one from the other finds how many are left (a test walks every line there
# can be). Dedicated companies need not take part, but are told as if they did.
NESTED: dict[str, tuple[str, ...]] = {
    "participating_companies": ("under_50", "eu_sme", "new_companies", "starting_companies", "dedicated_companies"),
    "starting_companies": ("first_time_starters",),
    "knowledge_institutions_with_foreign": ("knowledge_institutions",),
    "placed_participants": ("near_participants",),
    "outcome_1": ("outcome_2",),
    "outcome_2": ("outcome_3",),
}


@dataclass(frozen=True, slots=True)
class Count:
    """The sum over accounts and what remains when each body counts once."""

    participations: Decimal
    distinct: Decimal


def counted(lines: Iterable[LineValues], measure: str) -> Count:
    """The measure over any lines: of one account, of a slice, of the nation."""
    counting = COUNTINGS[measure]
    held = [line for line in lines if counting.holds(line)]
    if counting.sums:
        total = sum((Decimal(getattr(line, counting.sums)) for line in held), Decimal(0))
        return Count(total, total)
    return Count(Decimal(len(held)), Decimal(len({line.body for line in held})))


def may_move(state: str, verb: str) -> Verdict:
    """Whether the account can be moved by the verb from where it stands (the table MOVES)."""
    if verb in MOVES[AccountState(state)]:
        return YES
    return no(
        mark("The account is %(state)s; this cannot be done now."), on="state", state=AccountState(state).label.lower()
    )


def asks_something(asks: Sequence[Ask]) -> Verdict:
    """An account goes back with at least one question, each in words and about something that there is."""
    if not asks or not all(one.text.strip() for one in asks):
        return no(mark("Write what is wrong, so that it can be mended."), on="text")
    if any((one.measure and one.measure not in COUNTINGS) or (one.section and one.section not in Section.values()) for one in asks):  # fmt: skip
        return no(mark("There is no figure of that name."), on="text")
    if any(one.measure and one.section for one in asks):
        return no(mark("Ask of a figure or of a section, not of both at once."), on="text")
    return YES


def same_turn(seen: int | None, standing: int) -> Verdict:
    """Two people at once: what I saw must still stand."""
    if seen is None or seen == standing:
        return YES
    return no(mark("Somebody else changed the account while you looked at it. Look again and decide."), on="turn")


def independent(person_id: int | None, submitter_id: int | None) -> Verdict:
    """Nobody approves their own account."""
    if person_id is not None and person_id == submitter_id:
        return no(mark("You submitted this account yourself; somebody else must approve it."), on="by")
    return YES


def edition_year(year: int) -> int:
    """The year after the data: the account of data year 2012 is edition 2013."""
    return year + 1
