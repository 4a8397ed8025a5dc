"""The experts' part of an audit: who sits where, scoring blind to each other, meeting, agreeing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .holding import taken
from .models import Answer, Assessment, Chair
from .queries import seat_of, version_of
from .rules import may_move
from .terms import EXPERTS, AssessmentState, Seat


def _act(one: Assessment, *, by: Actor, at: datetime, verb: str, **after: object) -> None:
    record(
        by=by, at=at, verb=f"assessments.{verb}", thing="assessment", thing_id=one.pk, body_id=one.cluster.body_id, after=after,
    )  # fmt: skip


@transaction.atomic
def seat(*, by: Actor, at: datetime, assessment: Assessment, expert: Person, seat: Seat) -> Chair:
    """Give an expert a seat; whether the expert is independent is for the labels room to prove first."""
    one = taken(assessment)
    free = one.state == AssessmentState.OPEN and not Chair.objects.filter(assessment=one, seat=seat).exists()
    require(
        may(by, "assessments.audit", on=date_of(at)),
        may(expert, "assessments.score", on=date_of(at)),
        YES if seat in EXPERTS else no(mark("This is not an expert's seat."), on="seat"),
        YES if free else no(mark("The seat is taken, or the experts score already."), on="seat"),
        no(mark("One expert cannot sit in both seats."), on="seat") if seat_of(one, expert) else YES,
    )
    row = Chair.objects.create(assessment=one, seat=seat, person=expert, since=at)
    _act(one, by=by, at=at, verb="seat", seat=seat, person=expert.pk)
    return row


def _moved(one: Assessment, state: AssessmentState, *, by: Actor, at: datetime, verb: str) -> Assessment:
    one.state = state
    one.save()
    _act(one, by=by, at=at, verb=verb, state=state)
    return one


@transaction.atomic
def begin_scoring(*, by: Actor, at: datetime, assessment: Assessment) -> Assessment:
    """The organisation's own answers are closed; both experts score, each alone."""
    one = taken(assessment)
    full = Chair.objects.filter(assessment=one).count() == len(EXPERTS)
    require(
        may(by, "assessments.audit", on=date_of(at)),
        may_move(one.kind, one.state, "begin_scoring"),
        YES if full else no(mark("Both seats must be filled first.")),
    )
    return _moved(one, AssessmentState.SCORING, by=by, at=at, verb="begin_scoring")


def _all_scored(one: Assessment, seat: Seat) -> bool:
    codes = {indicator.code for indicator in version_of(one).indicators}
    rows = Answer.objects.filter(assessment=one, seat=seat, answered_on__isnull=False)
    return codes <= set(rows.values_list("indicator", flat=True))


@transaction.atomic
def hand_in(*, by: Actor, at: datetime, assessment: Assessment) -> Assessment:
    """An expert's scores are in; with the second the joint round begins, and only then does either see the other's."""
    one = taken(assessment)
    mine = seat_of(one, by)
    if mine is None:
        raise Refused(no(mark("You do not sit in this seat.")))
    require(
        may(by, "assessments.score", on=date_of(at)),
        YES if one.state == AssessmentState.SCORING else no(mark("The experts do not score now.")),
        YES if _all_scored(one, mine) else no(mark("Some indicators have no score yet.")),
    )
    Chair.objects.filter(assessment=one, seat=mine, handed_in_at__isnull=True).update(handed_in_at=at)
    _act(one, by=by, at=at, verb="hand_in", seat=mine)
    if Chair.objects.filter(assessment=one, handed_in_at__isnull=True).exists():
        return one
    require(may_move(one.kind, one.state, "meet"))
    return _moved(one, AssessmentState.JOINT, by=by, at=at, verb="meet")


@transaction.atomic
def agree(*, by: Actor, at: datetime, assessment: Assessment) -> Assessment:
    """The joint round ends: every indicator has the score that both experts stand behind."""
    one = taken(assessment)
    require(
        may(by, "assessments.score", on=date_of(at)),
        YES if seat_of(one, by) else no(mark("You do not sit in this seat.")),
        may_move(one.kind, one.state, "agree"),
        YES if _all_scored(one, Seat.AGREED) else no(mark("Some indicators have no agreed score yet.")),
    )
    one.completed_at, one.completed_by = at, by
    return _moved(one, AssessmentState.AGREED, by=by, at=at, verb="agree")
