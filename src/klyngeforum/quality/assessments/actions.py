"""Beginning, answering, stating, backing with evidence, completing and reopening assessments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import alone_with
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.actions import pin
from klyngeforum.quality.indicators.queries import crosswalk, standing
from klyngeforum.quality.indicators.terms import AnswerState, Indicator, Version

from . import carrying
from .holding import FILLS, WORDS, completes, shown, taken, trailed
from .measured import measured
from .models import Answer, Assessment, Chair, Evidence, Presence, Turn
from .queries import given, given_of, seat_of, version_of
from .rules import (
    complete_enough,
    fits,
    may_move,
    may_write,
    missing,
    same_turn,
    secret,
    short_enough,
)
from .terms import EXPERTS, FINAL, Ask, AssessmentKind, AssessmentState, Given, Part, Seat

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster

_BEGINS = {**FILLS, AssessmentKind.AUDIT: "assessments.audit"}


@transaction.atomic
def begin(
    *, by: Actor, at: datetime, cluster: Cluster, kind: AssessmentKind, scheme: str, as_of: date, version: str = ""
) -> Assessment:
    """Open an assessment by the version that stands on the day; what the last one said is carried over."""
    require(may(by, _BEGINS[kind], cluster if kind is AssessmentKind.SELF else None, on=date_of(at)))
    found = standing(scheme, on=as_of) if not version else carrying.named(scheme, version)
    if found is None or found.draft:
        raise Refused(no(mark("No version of that scheme stands on %(day)s."), on="as_of", day=as_of))
    alone_with(cluster)
    in_work = Assessment.objects.filter(cluster=cluster, kind=kind, scheme=scheme).exclude(state__in=FINAL)
    require(
        no(mark("An assessment of this kind is already being filled. Finish it first."), on="kind")
        if in_work.exists()
        else YES,
        no(mark("The day lies in the future."), on="as_of") if as_of > date_of(at) else YES,
    )
    previous = (
        Assessment.objects.filter(cluster=cluster, scheme=scheme, state__in=FINAL, as_of__lte=as_of)
        .order_by("-as_of", "-id")
        .first()
    )
    row = Assessment.objects.create(
        cluster=cluster, kind=kind, scheme=scheme, version=found.version, checksum=pin(version=found, at=at), as_of=as_of,
        previous=previous, begun_at=at, begun_by=by,
    )  # fmt: skip
    carried = _carry_over(row, previous, found) if previous else 0
    trailed(row, by=by, at=at, verb="begin", kind=kind, version=found.version, as_of=as_of, carried_over=carried)
    return row


def _carry_over(row: Assessment, previous: Assessment, version: Version) -> int:
    """Answers and evidence of the last assessment that mean something in this version; returns how many answers stand."""
    old = version_of(previous)
    steps = crosswalk(old, version)
    if steps is None and old.version != version.version:
        return 0
    brought = carrying.brought(given(previous, seen_by=None), old, version, steps, row.as_of)
    Answer.objects.bulk_create(
        Answer(
            assessment=row, indicator=code, state=one.state, level=one.level, justification=one.justification,
            differs_because=one.differs_because, ask=one.ask, answered_on=one.answered_on if one.ask is Ask.STANDS else None,
        )
        for code, one in brought.items()
    )  # fmt: skip
    came_to = carrying.came_to(steps, version)
    Evidence.objects.bulk_create(
        Evidence(
            assessment=row, indicator=code, kind=one.kind, title=one.title, dated=one.dated, link=one.link,
            document_id=one.document_id, by_id=one.by_id, at=one.at,
        )
        for one in Evidence.objects.filter(assessment=previous)
        for code in came_to.get(one.indicator, ())
    )  # fmt: skip
    return sum(one.ask is Ask.STANDS for one in brought.values())


def _in_seat(one: Assessment, by: Actor, at: datetime, seat: Seat) -> Verdict:
    """The organisation's answers are written by those who fill the assessment, an expert's by the one in the seat."""
    if seat is Seat.OWN:
        return may(by, FILLS[AssessmentKind(one.kind)], one, on=date_of(at))
    allowed = may(by, "assessments.score", on=date_of(at))
    if Chair.objects.filter(assessment=one, seat=seat, handed_in_at__isnull=False).exists():
        return no(mark("Your scores are handed in; they wait for the other expert."))
    sits = seat_of(one, by)
    fits_in = sits is not None and (sits is seat or (seat is Seat.AGREED and sits in EXPERTS))
    return allowed if not allowed or fits_in else no(mark("You do not sit in this seat."))


def _read(indicator: Indicator, value: str) -> tuple[AnswerState, int | None]:
    """A level as it comes from a form: a number, ``unknown`` or ``not_applicable``."""
    if value in (AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE):
        return AnswerState(value), None
    return AnswerState.SCORED, int(value) if value.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands after a part was written, and its turn: the next writer names it."""

    answer: Answer
    part: Part
    turn: int


@transaction.atomic
def answer(
    *,
    by: Actor,
    at: datetime,
    assessment: Assessment,
    indicator: str,
    part: Part,
    value: str,
    turn: int,
    seat: Seat = Seat.OWN,
) -> Saved:
    """Write one part of one answer; whoever wrote the same part meanwhile is not overwritten."""
    one = taken(assessment)
    require(_in_seat(one, by, at, seat), may_write(one.state, seat))
    what = version_of(one).indicator(indicator)
    if what is None:
        raise Refused(no(mark("The scheme has no indicator %(code)s."), on="indicator", code=indicator))
    row, _ = Answer.objects.get_or_create(assessment=one, indicator=indicator, seat=seat)
    mine, new = Turn.objects.get_or_create(answer=row, part=part, defaults={"at": at, "by": by})
    stands = 0 if new else mine.turn
    who = mine.by.name if mine.by and not new else ""  # type: ignore[attr-defined]
    before = shown(row, part)
    if (
        before == WORDS.get(value, value.strip()) and stands and turn != stands
    ):  # the same was written twice: nobody loses anything
        return Saved(row, part, stands)
    require(same_turn(turn, stands, who, before[:200]))
    _write(row, what, part, value, at)
    Turn.objects.filter(pk=mine.pk).update(turn=stands + 1, by=by, at=at)
    _trail_answer(one, row, part, before, by=by, at=at)
    return Saved(row, part, stands + 1)


def _write(row: Answer, what: Indicator, part: Part, value: str, at: datetime) -> None:
    if part is Part.LEVEL:
        state, level = _read(what, value)
        require(fits(what, state, level))
        row.state, row.level, row.answered_on, row.ask = state, level, date_of(at), Ask.STANDS
    else:
        require(short_enough(value))
        setattr(row, part.value, value.strip())
    row.save()


@transaction.atomic
def answer_many(
    *, by: Actor, at: datetime, assessment: Assessment, answers: Mapping[str, Given], seat: Seat = Seat.OWN
) -> Assessment:
    """Answer in one act many indicators that are still asked for; one that was answered meanwhile is not overwritten."""
    one = taken(assessment)
    require(_in_seat(one, by, at, seat), may_write(one.state, seat))
    version = version_of(one)
    there = {row.indicator: row for row in Answer.objects.filter(assessment=one, seat=seat)}
    for code, given_ in answers.items():
        what = version.indicator(code)
        if what is None:
            raise Refused(no(mark("The scheme has no indicator %(code)s."), on="indicator", code=code))
        if code in there and there[code].answered_on is not None:
            raise Refused(no(mark("Indicator %(code)s is answered already."), on="indicator", code=code))
        require(fits(what, given_.state, given_.level), short_enough(given_.justification), short_enough(given_.differs_because))  # fmt: skip
        row = there.setdefault(code, Answer(assessment=one, indicator=code, seat=seat))
        row.state, row.level, row.ask, row.answered_on = given_.state, given_.level, Ask.STANDS, date_of(at)
        row.justification, row.differs_because = given_.justification, given_.differs_because
    rows = [there[code] for code in answers]
    old = [row for row in rows if row.pk is not None]
    Answer.objects.bulk_create([row for row in rows if row.pk is None])
    columns = ("state", "level", "ask", "answered_on", "justification", "differs_because")
    Answer.objects.bulk_update(old, columns)
    turns = [Turn(answer=row, part=part, turn=1, by=by, at=at) for row in rows for part in Part]
    Turn.objects.filter(answer__in=rows).update(turn=F("turn") + 1, by=by, at=at)
    Turn.objects.bulk_create(turns, ignore_conflicts=True)
    trailed(one, by=by, at=at, verb="answer_many", seat=seat, answers=len(rows))
    return one


def _trail_answer(one: Assessment, row: Answer, part: Part, before: str, *, by: Actor, at: datetime) -> None:
    """The trail says who wrote where; of an expert's score never what."""
    hidden = secret(row.seat)
    after = {"indicator": row.indicator, "seat": row.seat, "part": part}
    if part is Part.LEVEL and not hidden:
        after["value"] = shown(row, part)
    record(
        by=by, at=at, verb="assessments.answer", thing="assessment", thing_id=one.pk, body_id=one.cluster.body_id,
        before={"value": before} if part is Part.LEVEL and not hidden else None, after=after,
    )  # fmt: skip


@transaction.atomic
def complete(*, by: Actor, at: datetime, assessment: Assessment) -> Assessment:
    """Everything is answered, or said not to be known, and what differs from the registers is explained."""
    one = taken(assessment)
    rows = {row.indicator: given_of(row) for row in Answer.objects.filter(assessment=one, seat=Seat.OWN)}
    require(may(by, completes(one.kind), one, on=date_of(at)), may_move(one.kind, one.state, "complete"))
    require(complete_enough(missing(version_of(one), rows, measured(one.cluster_id, one.as_of))))
    one.state, one.completed_at, one.completed_by = AssessmentState.COMPLETED, at, by
    one.save()
    trailed(one, by=by, at=at, verb="complete", state=one.state)
    return one


@transaction.atomic
def reopen(*, by: Actor, at: datetime, assessment: Assessment, reason: str) -> Assessment:
    """Open a completed assessment again, with the reason; not once a later one rests on it."""
    alone_with(assessment.cluster)  # nobody begins one that rests on it meanwhile
    one = taken(assessment)
    later = Assessment.objects.filter(previous=one).exists()
    in_work = Assessment.objects.filter(cluster=one.cluster, kind=one.kind, scheme=one.scheme).exclude(state__in=FINAL)
    require(
        may(by, completes(one.kind), one, on=date_of(at)),
        may_move(one.kind, one.state, "reopen"),
        YES if reason.strip() else no(mark("Write why it is opened again."), on="reason"),
        no(mark("A later assessment carries this one on; it stays as it is.")) if later else YES,
        no(mark("An assessment of this kind is already being filled. Finish it first.")) if in_work.exists() else YES,
    )
    one.state, one.completed_at, one.completed_by = AssessmentState.OPEN, None, None
    one.save()
    record(
        by=by, at=at, verb="assessments.reopen", thing="assessment", thing_id=one.pk, body_id=one.cluster.body_id,
        reason=reason.strip()[:500], after={"state": one.state},
    )  # fmt: skip
    return one


def look_at(*, by: Actor, at: datetime, assessment: Assessment, group: str) -> None:
    """Say where a person is just now; a glance is no record, so the trail does not keep it."""
    require(may(by, "assessments.see", assessment, on=date_of(at)))
    if by is not None:
        Presence.objects.update_or_create(
            assessment=assessment, person=by, defaults={"group": group[:20], "seen_at": at}
        )
