"""What long work waits, runs or ended, and which parts are done."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from klyngeforum.ground.verdict import Verdict, no

from .models import Job as Job
from .models import Part
from .terms import LEASE, JobState


def takeable(at: datetime) -> QuerySet[Job]:
    """What waits, and what a silent worker left, the oldest first."""
    silent = Q(state=JobState.RUNNING, beat_at__lt=at - LEASE)
    return Job.objects.filter(Q(state=JobState.WAITING) | silent).order_by("id")


def newest(kind: str, thing: str) -> Job | None:
    """The last time that this work was asked for."""
    return Job.objects.filter(kind=kind, thing=thing).select_related("asked_by").order_by("-id").first()


def done_of(job: Job) -> int:
    """How many of its parts are done by now."""
    return Job.objects.values_list("done", flat=True).get(pk=job.pk)


def parts_done(inputs: str) -> dict[str, Any]:
    """Name -> what came out, of every part done on the same inputs, by whomever."""
    return {name: json.loads(told) for name, told in Part.objects.filter(inputs=inputs).values_list("name", "told")}


def problem_of(job: Job) -> list[Verdict]:
    """What went wrong, for the page to say in the reader's language."""
    return [no(one["reason"], **one["values"]) for one in json.loads(job.problem)] if job.problem else []
