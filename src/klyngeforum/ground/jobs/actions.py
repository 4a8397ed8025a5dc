"""Asking for long work, taking it, keeping its parts, and ending it. Whether somebody may ask or stop is for the room whose work it is."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import Verdict

from .models import Job, Part
from .queries import takeable
from .terms import MOVES, OPEN, JobState, Left


@transaction.atomic
def order(*, by: Actor, at: datetime, kind: str, thing: str, parts: int) -> Job:
    """Ask for the work; what waits or runs already is not asked for twice."""
    who = by if isinstance(by, Person) else None
    asked = {"asked_at": at, "asked_by": who, "parts": max(1, parts)}
    job, new = Job.objects.get_or_create(
        kind=kind, thing=thing, state__in=OPEN, defaults={**asked, "state": JobState.WAITING}
    )
    if new:
        record(by=by, at=at, verb="jobs.order", thing="job", thing_id=job.pk, after={"kind": kind, "thing": thing})
    return job


@transaction.atomic
def take(*, by: Actor, at: datetime, kinds: Collection[str], job: Job | None = None) -> Job | None:
    """The oldest work that waits, or that a silent worker left, now this worker's own; None where there is none. Two never get the same."""
    rows = takeable(at).filter(kind__in=kinds)
    for one in (rows.filter(pk=job.pk) if job else rows)[:20]:
        mine = {
            "state": JobState.RUNNING,
            "worker": token_hex(16),
            "taken_at": at,
            "beat_at": at,
            "tries": one.tries + 1,
        }
        if Job.objects.filter(pk=one.pk, state=one.state, worker=one.worker, beat_at=one.beat_at).update(**mine):
            verb = "jobs.take_over" if one.state == JobState.RUNNING else "jobs.take"
            record(by=by, at=at, verb=verb, thing="job", thing_id=one.pk, after={"tries": one.tries + 1})
            return Job.objects.select_related("asked_by").get(pk=one.pk)
    return None


def _own(job: Job, verb: str) -> Job:
    """The work, held, where it still is this worker's."""
    one = Job.objects.select_for_update().get(pk=job.pk)
    if one.state != JobState.RUNNING or one.worker != job.worker or verb not in MOVES[JobState(one.state)]:
        raise Left(str(one))
    return one


def beat(*, by: Actor, at: datetime, job: Job) -> bool:
    """A sign of life; False where the work is no longer this worker's."""
    own = Job.objects.filter(pk=job.pk, worker=job.worker, state=JobState.RUNNING)
    return bool(own.update(beat_at=at))


@transaction.atomic
def begin(*, by: Actor, at: datetime, job: Job, inputs: str, done: int) -> None:
    """Say what the work rests on, and how many of its parts were done before."""
    one = _own(job, "finish")
    one.inputs, one.done, one.beat_at = inputs, min(done, one.parts), at
    one.save(update_fields=["inputs", "done", "beat_at"])
    record(by=by, at=at, verb="jobs.begin", thing="job", thing_id=one.pk, after={"inputs": inputs, "done": one.done})


@transaction.atomic
def keep(*, by: Actor, at: datetime, job: Job, inputs: str, name: str, told: Any) -> None:
    """Keep a part that is done. Here a worker learns that the work was stopped or taken over."""
    one = _own(job, "finish")
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    Part.objects.get_or_create(inputs=inputs, name=name, defaults={"told": text, "kept_at": at})
    one.done, one.beat_at = min(one.done + 1, one.parts), at
    one.save(update_fields=["done", "beat_at"])
    record(by=by, at=at, verb="jobs.keep", thing="job", thing_id=one.pk, after={"part": name, "done": one.done})


def _end(one: Job, verb: str, at: datetime, by: Actor, problem: str = "") -> None:
    one.state, one.problem, one.ended_at = MOVES[JobState(one.state)][verb], problem, max(at, one.asked_at)
    one.save(update_fields=["state", "problem", "ended_at", "done"])
    record(
        by=by,
        at=at,
        verb=f"jobs.{verb}",
        thing="job",
        thing_id=one.pk,
        reason=problem[:300],
        after={"state": one.state},
    )


@transaction.atomic
def finish(*, by: Actor, at: datetime, job: Job) -> None:
    """The work is done; in the same transaction as what came out of it."""
    one = _own(job, "finish")
    one.done = one.parts
    _end(one, "finish", at, by)


@transaction.atomic
def fail(*, by: Actor, at: datetime, job: Job, why: Sequence[Verdict]) -> None:
    """The work cannot be done, and why."""
    said = [{"reason": one.reason, "values": {key: str(value) for key, value in one.values.items()}} for one in why]
    _end(_own(job, "fail"), "fail", at, by, json.dumps(said, ensure_ascii=False))


@transaction.atomic
def cancel(*, by: Actor, at: datetime, kind: str, thing: str) -> bool:
    """Stop the work: what waits is never begun, what runs stops after the part that it is at. False where nothing was open."""
    one = Job.objects.select_for_update().filter(kind=kind, thing=thing, state__in=OPEN).first()
    if one is None:
        return False
    _end(one, "cancel", at, by)
    return True
