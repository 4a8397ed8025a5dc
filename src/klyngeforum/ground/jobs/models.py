"""Long work, and the parts of it that are done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import OPEN, JobState


class Job(models.Model):
    """One piece of long work: ``kind`` says what, ``thing`` on what, ``inputs`` is the digest of what it rests on."""

    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=120)
    inputs = models.CharField(max_length=64, blank=True)
    state = term(JobState, default=JobState.WAITING.value)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    worker = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    parts = models.PositiveSmallIntegerField(default=1)
    done = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            one_of("state", JobState, "a_job_has_a_known_state"),
            models.UniqueConstraint(fields=["kind", "thing"], condition=Q(state__in=OPEN), name="a_thing_is_worked_on_once"),
            models.CheckConstraint(condition=~Q(state=JobState.RUNNING) | ~Q(worker=""), name="a_running_job_has_a_worker"),
            models.CheckConstraint(condition=Q(done__lte=models.F("parts")), name="a_job_has_no_more_done_than_parts"),
            not_before("ended_at", "asked_at", "a_job_ends_after_it_was_asked_for"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "id"], name="jobs_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}: {self.state}"


class Part(models.Model):
    """A part of long work that is done, under the digest of what it rests on: whoever goes on does not do it again."""

    inputs = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    told = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inputs", "name"], name="a_part_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.inputs[:12]} {self.name}"
