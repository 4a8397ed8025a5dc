"""Typed answers by what they mean, and reports as they were handed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import one_of, term

from .terms import Origin


class Answer(models.Model):
    """What the organisation answers to a question of a year, whoever asks it."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="report_answers")
    year = models.PositiveSmallIntegerField()
    meaning = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year", "meaning"], name="a_question_is_answered_once"),
            models.CheckConstraint(condition=~Q(text=""), name="an_answer_says_something"),
        ]


class Report(models.Model):
    """A funder's report of a year as it was handed in; handed in again it is a new edition, and the first one stays."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="reports")
    form = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=16)
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "form", "year", "edition"], name="an_edition_of_a_report_stands_once"),
            models.CheckConstraint(condition=Q(edition__gte=1), name="editions_of_reports_count_from_one"),
        ]  # fmt: skip


class ReportValue(models.Model):
    """One field as it was handed in: the value as a program writes it, and where it came from."""

    OWNER = "report__cluster__body"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="values")
    nth = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    origin = term(Origin)
    value = models.TextField(blank=True)

    class Meta:
        constraints = [
            one_of("origin", Origin, "a_value_has_a_known_origin"),
            models.UniqueConstraint(fields=["report", "code"], name="a_field_is_filled_once"),
        ]
