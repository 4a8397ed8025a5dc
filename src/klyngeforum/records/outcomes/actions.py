"""Noting what companies got out of taking part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import Plain, pour, stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .models import Outcome
from .rules import may_note
from .terms import Evidence, Step

if TYPE_CHECKING:
    from klyngeforum.ground.bodies.models import Body
    from klyngeforum.registers.clusters.models import Cluster

PLAIN = ("cluster_id", "body_id", "year", "step")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class NewOutcome:
    cluster_id: int
    body_id: int
    year: int
    step: Step
    activity_id: int | None = None
    evidence: Evidence = Evidence.ORGANISATION
    note: str = ""
    source: str = ""


@transaction.atomic
def note(*, by: Actor, at: datetime, cluster: Cluster, body: Body, new: NewOutcome) -> Outcome:
    """The highest step of the company in the year; noted again it is replaced, and the trail keeps both."""
    require(may(by, "outcomes.edit", cluster, on=date_of(at)), *may_note(body.kind, new.year, at.year))
    alone_with(cluster)
    standing = Outcome.objects.filter(cluster=cluster, body=body, year=new.year).first()
    before = {"step": standing.step, "evidence": standing.evidence} if standing else None
    values = {
        "step": new.step,
        "activity_id": new.activity_id,
        "evidence": new.evidence,
        "note": new.note,
        "source": new.source or "form",
    }
    row, _ = Outcome.objects.update_or_create(cluster=cluster, body=body, year=new.year, defaults=values)
    after = {"body": body.pk, "year": new.year, "step": new.step, "evidence": new.evidence}
    record(
        by=by,
        at=at,
        verb="outcomes.note",
        thing="outcome",
        thing_id=row.pk,
        body_id=cluster.body_id,
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def note_many(*, by: Actor, at: datetime, outcomes: Sequence[NewOutcome]) -> int:
    """Outcomes in bulk; what stands is left alone, so again changes nothing. Returns how many are new."""
    require(may(by, "intake.take_in", on=date_of(at)))
    before = Outcome.objects.count()
    rows = (
        Outcome(
            cluster_id=o.cluster_id, body_id=o.body_id, year=o.year, step=o.step, activity_id=o.activity_id,
            evidence=o.evidence, note=o.note, source=o.source,
        )
        for o in outcomes
    )  # fmt: skip
    Outcome.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    new = Outcome.objects.count() - before
    stock_of(new, Outcome)
    if new:
        digest = digest_of([(o.cluster_id, o.body_id, o.year, o.step) for o in outcomes])
        record(
            by=by,
            at=at,
            verb="outcomes.note_many",
            thing="outcome",
            after={"new": new, "of": len(outcomes), "digest": digest},
        )
    return new


@transaction.atomic
def take_over(*, by: Actor, at: datetime, rows: Iterable[tuple[Plain, ...]], source: str) -> int:
    """All outcomes of a register at once, as plain rows (PLAIN) that do not stand yet."""
    require(may(by, "intake.take_in", on=date_of(at)))
    count = pour(Outcome, ("source", *PLAIN), ((source, *row) for row in rows), register=True)
    record(by=by, at=at, verb="outcomes.take_over", thing="outcome", after={"new": count, "source": source})
    return count


@transaction.atomic
def take_back(*, by: Actor, at: datetime, outcome: Outcome) -> None:
    """The outcome was noted in error; the trail keeps what stood."""
    alone_with(outcome.cluster)
    held(outcome)
    require(may(by, "outcomes.edit", outcome, on=date_of(at)))
    before = {"body": outcome.body_id, "year": outcome.year, "step": outcome.step}
    pk, body_id = outcome.pk, outcome.cluster.body_id
    outcome.delete()
    record(by=by, at=at, verb="outcomes.take_back", thing="outcome", thing_id=pk, body_id=body_id, before=before)
