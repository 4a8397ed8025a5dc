"""Activities and participations: a project is an activity with partners and a start."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import ActivityKind, Attribution, PartRole


class Activity(models.Model):
    """Something that a cluster organisation did, from–to (an event starts and ends the same day)."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="activities")
    kind = term(ActivityKind)
    title = models.CharField(max_length=250)
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2, default="DK")
    international = models.BooleanField(default=False)
    attribution = term(Attribution, default=Attribution.INITIATED.value)
    themes = models.ManyToManyField("clusters.Theme", related_name="+", blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    reference = models.CharField(max_length=60)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("kind", ActivityKind, "an_activity_has_a_known_kind"),
            one_of("attribution", Attribution, "an_activity_has_a_known_attribution"),
            not_before("ends_on", "starts_on", "an_activity_ends_after_it_begins"),
            models.UniqueConstraint(fields=["cluster", "reference"], name="a_reference_names_one_activity"),
        ]
        indexes = [models.Index(fields=["cluster", "starts_on"], name="activities_by_cluster_and_day")]

    def __str__(self) -> str:
        return self.title


class Participation(models.Model):
    """A body took part in an activity: how many persons, how many hours, since when (a partner may join later)."""

    OWNER = "activity__cluster__body"

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="participations")
    body = models.ForeignKey("bodies.Body", on_delete=models.PROTECT, related_name="participations")
    role = term(PartRole, default=PartRole.PARTICIPANT.value)
    persons = models.PositiveSmallIntegerField(default=1)
    hours = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    joined_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            one_of("role", PartRole, "a_participant_has_a_known_role"),
            models.UniqueConstraint(fields=["activity", "body"], name="a_body_takes_part_once"),
            models.CheckConstraint(condition=models.Q(hours__gte=0), name="hours_are_not_negative"),
        ]


class ParticipationUnit(models.Model):
    """A part of the participant that took part, by its name: a department or an institute of a university."""

    OWNER = "participation__activity__cluster__body"

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "key"], name="a_unit_takes_part_once"),
            models.CheckConstraint(condition=~models.Q(key=""), name="a_unit_has_a_name"),
        ]
