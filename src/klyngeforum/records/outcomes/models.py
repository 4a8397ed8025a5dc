"""Outcomes in companies."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import one_of, term

from .terms import Evidence, Step


class Outcome(models.Model):
    """The highest step that a company reached through a cluster organisation in a year, with evidence."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="outcomes")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="outcomes")
    year = models.PositiveSmallIntegerField()
    step = term(Step)
    activity = models.ForeignKey(
        "activities.Activity", null=True, blank=True, on_delete=models.PROTECT, related_name="outcomes"
    )
    evidence = term(Evidence, default=Evidence.ORGANISATION.value)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("step", Step, "an_outcome_has_a_known_step"),
            one_of("evidence", Evidence, "an_outcome_has_known_evidence"),
            models.UniqueConstraint(fields=["cluster", "body", "year"], name="an_outcome_stands_once_a_year"),
        ]
        indexes = [models.Index(fields=["cluster", "year"], name="outcomes_by_cluster_and_year")]
