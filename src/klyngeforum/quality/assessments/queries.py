"""Reading assessments: which a person sees, whose answers, what they rest on, who is in them just now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from klyngeforum.ground.access.queries import Actor, Person, within
from klyngeforum.quality.indicators.queries import pinned
from klyngeforum.quality.indicators.terms import Answer as Judged
from klyngeforum.quality.indicators.terms import AnswerState, Indicator, Version

from .measured import measured
from .models import Answer, Assessment, Chair, Consent, Document, Evidence, Presence, Stated
from .rules import as_answer, seats_seen, stale, suggested
from .terms import FINAL, Ask, AssessmentKind, AssessmentState, Given, Measured, Part, Seat

NEAR = timedelta(minutes=2)


def assessments(*, seen_by: Actor, on: date) -> QuerySet[Assessment]:
    """Assessments that the person may see: their own organisation's, all for the secretariat, an expert's own cases; newest first."""
    rows = Assessment.objects.select_related("cluster", "begun_by", "completed_by")
    seen = within(rows, seen_by, "assessments.see", on=on)
    if isinstance(seen_by, Person):
        seen = rows.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=_cases(seen_by)))
    return seen.order_by("-as_of", "-id")


def _cases(person: Person) -> QuerySet[Chair, int]:
    return Chair.objects.filter(person=person).values_list("assessment_id", flat=True)


def assessment(pk: int, *, seen_by: Actor, on: date) -> Assessment | None:
    return assessments(seen_by=seen_by, on=on).filter(pk=pk).first()


def version_of(one: Assessment) -> Version:
    """The version that the assessment is by, as it was when it began."""
    return pinned(one.scheme, one.version, one.checksum)


def seat_of(one: Assessment, person: Actor) -> Seat | None:
    """The expert's seat that the person sits in."""
    if not isinstance(person, Person):
        return None
    found = Chair.objects.filter(assessment=one, person=person).values_list("seat", flat=True).first()
    return Seat(found) if found else None


def seats_of(one: Assessment, *, seen_by: Actor) -> frozenset[Seat]:
    """Whose answers the reader sees now; read from the database, not from what the caller holds."""
    state = Assessment.objects.values_list("state", flat=True).get(pk=one.pk)
    return seats_seen(state, seat_of(one, seen_by), everything=seen_by is None)


def answers(one: Assessment, *, seat: Seat = Seat.OWN, seen_by: Actor) -> QuerySet[Answer]:
    """The answers of one seat; none of a seat that the reader may not see."""
    if seat not in seats_of(one, seen_by=seen_by):
        return Answer.objects.none()
    return Answer.objects.filter(assessment=one, seat=seat).prefetch_related("turns__by").order_by("indicator")


def given_of(row: Answer) -> Given:
    return Given(
        AnswerState(row.state), row.level, row.justification, row.differs_because, Ask(row.ask), row.answered_on
    )


def given(one: Assessment, *, seat: Seat = Seat.OWN, seen_by: Actor) -> dict[str, Given]:
    """Indicator -> what the seat answers."""
    return {row.indicator: given_of(row) for row in answers(one, seat=seat, seen_by=seen_by)}


def judged(one: Assessment, *, seat: Seat = Seat.OWN, seen_by: Actor) -> dict[str, Judged]:
    """Indicator -> the answer as label rules take it."""
    return {code: as_answer(found) for code, found in given(one, seat=seat, seen_by=seen_by).items()}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Evidence with its age: how many months, and whether it is past its shelf life on the assessment's day."""

    pk: int
    title: str
    kind: str
    dated: date
    months: int
    stale: bool
    link: str
    document_id: int | None


def evidence(one: Assessment, version: Version) -> dict[str, list[EvidenceLine]]:
    """Indicator -> its evidence, youngest first."""
    lives = {kind.code: kind.months for kind in version.evidence}
    found: dict[str, list[EvidenceLine]] = {}
    for row in Evidence.objects.filter(assessment=one).order_by("-dated", "id"):
        age = (one.as_of.year - row.dated.year) * 12 + one.as_of.month - row.dated.month
        old = row.kind in lives and stale(row.dated, one.as_of, lives[row.kind])
        line = EvidenceLine(row.pk, row.title, row.kind, row.dated, max(age, 0), old, row.link, row.document_id)
        found.setdefault(row.indicator, []).append(line)
    return found


def one_evidence(pk: int, one: Assessment) -> Evidence | None:
    return Evidence.objects.select_related("document").filter(pk=pk, assessment=one).first()


def document(evidence_id: int, one: Assessment) -> Document | None:
    """The file behind evidence of this assessment (and of no other)."""
    found = one_evidence(evidence_id, one)
    return found.document if found else None


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as a person fills it: the answer, its turns, what registers measure, what was said last time, the evidence."""

    indicator: Indicator
    given: Given
    turns: Mapping[Part, int]
    measured: Measured | None
    suggested: int | None
    before: Given | None
    evidence: list[EvidenceLine] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.given.answered_on is not None and not self.unexplained

    @property
    def differs(self) -> bool:
        scored = self.given.state is AnswerState.SCORED
        return scored and self.suggested is not None and self.given.level != self.suggested

    @property
    def unexplained(self) -> bool:
        return self.differs and not self.given.differs_because.strip()

    @property
    def to_ask(self) -> bool:
        """Whether it is still asked for: not answered since the assessment began, and not carried over as it stands."""
        return self.given.ask is not Ask.STANDS or self.unexplained


def lines(one: Assessment, *, seen_by: Actor, seat: Seat = Seat.OWN) -> list[Line]:
    """Every indicator of the assessment in the scheme's order."""
    version, found = version_of(one), measured(one.cluster_id, one.as_of)
    rows = {row.indicator: row for row in answers(one, seat=seat, seen_by=seen_by)}
    earlier = given(one.previous, seen_by=seen_by) if one.previous else {}
    files, nothing = evidence(one, version), Given()
    lines = []
    for indicator in version.indicators:
        row = rows.get(indicator.code)
        turns = {Part(turn.part): turn.turn for turn in row.turns.all()} if row else {}
        value = found.get(indicator.measured) if indicator.measured else None
        lines.append(
            Line(
                indicator,
                given_of(row) if row else nothing,
                turns,
                value,
                suggested(indicator, value),
                earlier.get(indicator.code),
                files.get(indicator.code, []),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class FactLine:
    """An eligibility fact: what registers hold, and what the organisation states."""

    code: str
    name: object
    number: bool
    measured: Decimal | None
    stated: Decimal | bool | None
    because: str
    turn: int

    @property
    def value(self) -> Decimal | bool | None:
        return self.measured if self.stated is None else self.stated


def fact_lines(one: Assessment) -> list[FactLine]:
    version, values = version_of(one), measured(one.cluster_id, one.as_of)
    stated = {row.fact: row for row in Stated.objects.filter(assessment=one)}
    found = []
    for fact in version.facts:
        row = stated.get(fact.code)
        said = (row.number if row.number is not None else row.yes) if row else None
        held = values[fact.measured].value if fact.measured else None
        number = fact.kind == "number"
        found.append(
            FactLine(fact.code, fact.name, number, held, said, row.because if row else "", row.turn if row else 0)
        )
    return found


def present(one: Assessment, *, but: Actor, at: datetime) -> list[tuple[str, str]]:
    """(name, group) of everybody else who looked at the assessment within the last two minutes."""
    rows = Presence.objects.filter(assessment=one, seen_at__gte=at - NEAR).select_related("person").order_by("seen_at")
    mine = but.pk if but else None
    return [(row.person.name, row.group) for row in rows if row.person_id != mine]  # type: ignore[attr-defined]


def newest(cluster_ids: Iterable[int] | None, scheme: str, *, until: date) -> dict[int, Assessment]:
    """Organisation -> its newest completed assessment of the scheme (what it says of itself, or was asked)."""
    rows = Assessment.objects.filter(scheme=scheme, state=AssessmentState.COMPLETED, as_of__lte=until)
    rows = rows if cluster_ids is None else rows.filter(cluster_id__in=list(cluster_ids))
    return {row.cluster_id: row for row in rows.order_by("as_of", "id")}


def levels_of(found: Iterable[Assessment]) -> dict[int, dict[str, int]]:
    """Assessment -> indicator -> level that the organisation itself (or its interviewer) gave."""
    levels: dict[int, dict[str, int]] = {}
    rows = Answer.objects.filter(assessment__in=list(found), seat=Seat.OWN, level__isnull=False)
    for pk, code, level in rows.values_list("assessment_id", "indicator", "level"):
        levels.setdefault(pk, {})[code] = level or 0
    return levels


def own_series(cluster_id: int, *, seen_by: Actor, on: date) -> list[Assessment]:
    """The organisation's final assessments of every kind, oldest first."""
    rows = assessments(seen_by=seen_by, on=on).filter(cluster_id=cluster_id, state__in=FINAL)
    return list(rows.order_by("as_of", "id"))


def benchmarkings(cluster_id: int, scheme: str) -> tuple[date, ...]:
    """The days of the organisation's completed benchmarking interviews."""
    rows = Assessment.objects.filter(
        cluster_id=cluster_id, scheme=scheme, kind=AssessmentKind.INTERVIEW, state=AssessmentState.COMPLETED
    )
    return tuple(rows.order_by("as_of").values_list("as_of", flat=True))


def consenting(*, at: datetime) -> frozenset[int]:
    """Organisations that let others see their name beside their values."""
    rows = Consent.objects.filter(given_at__lte=at).filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at))
    return frozenset(rows.values_list("cluster_id", flat=True))


def chairs(one: Assessment) -> QuerySet[Chair]:
    """Who sits where (never what they scored)."""
    return Chair.objects.filter(assessment=one).select_related("person").order_by("seat")


def progress(found: Iterable[Assessment]) -> dict[int, tuple[int, int]]:
    """Assessment -> (answered by the organisation, asked); of an audit what both experts agreed, never what one of them scored."""
    counted = Q(seat=Seat.OWN) & ~Q(assessment__state=AssessmentState.AGREED) | Q(seat=Seat.AGREED, assessment__state=AssessmentState.AGREED)  # fmt: skip
    rows = list(Assessment.objects.filter(pk__in=[one.pk for one in found]).prefetch_related(
        Prefetch("answers", Answer.objects.filter(counted, answered_on__isnull=False), to_attr="given")
    ))  # fmt: skip
    return {one.pk: (len(one.given), len(version_of(one).indicators)) for one in rows}


def advised_by(person: Person, cluster_id: int) -> list[date]:
    """Days of the organisation's assessments that the person filled or checked: not the audits in which they sat as an expert."""
    own = Q(begun_by=person) | Q(completed_by=person) | Q(answers__turns__by=person, answers__seat=Seat.OWN)
    rows = Assessment.objects.filter(own, cluster_id=cluster_id).exclude(kind=AssessmentKind.AUDIT)
    return sorted(set(rows.values_list("as_of", flat=True)))


def own_scores(one: Assessment, person: Person) -> tuple[int, int, bool]:
    """(scored by the expert themselves, asked, handed in): never a count of the other's."""
    chair = Chair.objects.filter(assessment=one, person=person).first()
    asked = len(version_of(one).indicators)
    if chair is None:
        return 0, asked, False
    rows = Answer.objects.filter(assessment=one, seat=chair.seat, answered_on__isnull=False)
    return rows.count(), asked, chair.handed_in_at is not None


def last_audit(cluster_id: int, scheme: str, *, before: Assessment) -> Assessment | None:
    """The newest agreed audit of the organisation before this one."""
    rows = Assessment.objects.filter(
        cluster_id=cluster_id, scheme=scheme, kind=AssessmentKind.AUDIT, state=AssessmentState.AGREED
    )
    return rows.exclude(pk=before.pk).filter(as_of__lte=before.as_of).order_by("-as_of", "-id").first()
