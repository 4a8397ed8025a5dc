"""Letters on their way to people."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before


class Letter(models.Model):
    """One mail to one person; ``key`` names the occasion, so that nobody is written to twice about it."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            not_before("sent_at", "queued_at", "a_letter_is_sent_after_it_was_queued"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(problem=""), name="a_sent_letter_has_no_problem"
            ),
        ]
        indexes = [models.Index(fields=["sent_at"], name="letters_that_wait")]


class Matter(models.Model):
    """One thing that a person is to be told, once: it waits until a letter carries it, alone or with others."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="matters")
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    at_once = models.BooleanField(default=False)
    laid_at = models.DateTimeField()
    letter = models.ForeignKey(Letter, null=True, blank=True, on_delete=models.PROTECT, related_name="matters")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="a_person_is_told_once")]
        indexes = [models.Index(fields=["to"], condition=Q(letter__isnull=True), name="matters_that_wait")]
