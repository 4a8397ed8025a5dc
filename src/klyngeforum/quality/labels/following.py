"""After the report: the organisation's plan for each improvement area, and reminders before a label runs out."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import Area, LabelRecord, Reminder, Step
from .terms import CaseState

_FOLLOWED = (CaseState.REPORTED, CaseState.AWARDED, CaseState.DECLINED)


@transaction.atomic
def plan(*, by: Actor, at: datetime, area: Area, what: str, owner: str, due_on: date) -> Step:
    """One step of the plan: what, who, until when."""
    alone_with(area)
    case = area.case
    require(
        may(by, "labels.follow_up", case.cluster, on=date_of(at)),
        YES if case.state in _FOLLOWED else no(mark("The plan begins when the report is in.")),
        YES if what.strip() else no(mark("Write what is to be done."), on="what"),
        YES if owner.strip() else no(mark("Write who does it."), on="owner"),
        YES if due_on >= date_of(at) else no(mark("The day lies in the past."), on="due_on"),
        no(mark("The step is planned already."), on="what") if Step.objects.filter(area=area, what=what.strip()).exists() else YES,
    )  # fmt: skip
    row = Step.objects.create(area=area, what=what.strip(), owner=owner.strip(), due_on=due_on)
    record(by=by, at=at, verb="labels.plan", thing="step", thing_id=row.pk, body_id=case.cluster.body_id, after={"indicator": area.indicator, "what": row.what, "due_on": due_on})  # fmt: skip
    return row


@transaction.atomic
def finish(*, by: Actor, at: datetime, step: Step) -> Step:
    """The step is done."""
    cluster = step.area.case.cluster
    require(
        may(by, "labels.follow_up", cluster, on=date_of(at)),
        YES if held(step).done_on is None else no(mark("The step is done already.")),
    )
    step.done_on = date_of(at)
    step.save(update_fields=["done_on"])
    record(by=by, at=at, verb="labels.finish", thing="step", thing_id=step.pk, body_id=cluster.body_id, after={"done_on": step.done_on})  # fmt: skip
    return step


@transaction.atomic
def reminded(*, by: Actor, at: datetime, label: LabelRecord, months: int) -> bool:
    """Note that the reminder is sent; False if it was already, so a job that is run twice reminds once."""
    require(may(by, "labels.record", on=date_of(at)))
    _, new = Reminder.objects.get_or_create(record=label, months=months, defaults={"sent_on": date_of(at)})
    if new:
        record(by=by, at=at, verb="labels.remind", thing="label", thing_id=label.pk, body_id=label.cluster.body_id, after={"months": months})  # fmt: skip
    return new
