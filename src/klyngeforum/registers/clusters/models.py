"""Cluster organisations with themes, industries, board, staff years, interest groups and lineage."""

from __future__ import annotations

from django.db import models

from klyngeforum.ground.fields import not_before, one_of, term

from .terms import ClusterKind, Level, LineageKind


class Theme(models.Model):
    """A field that clusters work in (energy, food, materials …): programme data."""

    code = models.SlugField(max_length=40, unique=True)
    name_da = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name_da


class Cluster(models.Model):
    """A cluster organisation; its body carries number and name, this record what makes it a cluster."""

    OWNER = "body"

    body = models.OneToOneField("bodies.Body", on_delete=models.PROTECT, related_name="cluster")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    kind = term(ClusterKind)
    level = term(Level)
    purpose_da = models.TextField(blank=True)
    purpose_en = models.TextField(blank=True)
    host = models.ForeignKey(
        "bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="hosted_clusters"
    )
    place = models.ForeignKey("places.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    themes = models.ManyToManyField(Theme, related_name="clusters", blank=True)
    industries = models.ManyToManyField("industries.Industry", related_name="clusters", blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    website = models.URLField(blank=True)
    founded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            one_of("kind", ClusterKind, "a_cluster_has_a_known_kind"),
            one_of("level", Level, "a_cluster_has_a_known_level"),
            not_before("closed_on", "founded_on", "a_cluster_closes_after_it_was_founded"),
        ]
        indexes = [models.Index(fields=["name"], name="clusters_by_name")]

    def __str__(self) -> str:
        return self.name


class StaffYear(models.Model):
    """Full-time equivalents of the secretariat in a year (årsværk)."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="staff_years")
    year = models.PositiveSmallIntegerField()
    full_time = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="staff_is_stated_once_a_year"),
            models.CheckConstraint(condition=models.Q(full_time__gte=0), name="staff_is_not_negative"),
        ]


class BoardSeat(models.Model):
    """A seat on the board: who, from which body, chair or not, from–to."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="board")
    body = models.ForeignKey("bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    chair = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [not_before("until", "since", "a_seat_ends_after_it_begins")]


class InterestGroup(models.Model):
    """A smaller circle within a large organisation (interessefællesskab, ERFA-gruppe)."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="interest_groups")
    name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "name"], name="a_group_stands_once"),
            not_before("until", "since", "a_group_ends_after_it_begins"),
        ]


class Lineage(models.Model):
    """One organisation carried on in another from a date; series follow it."""

    predecessor = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="predecessors")
    kind = term(LineageKind)
    on = models.DateField()

    class Meta:
        constraints = [
            one_of("kind", LineageKind, "a_lineage_has_a_known_kind"),
            models.UniqueConstraint(fields=["predecessor", "successor"], name="a_lineage_stands_once"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="a_cluster_does_not_succeed_itself"
            ),
        ]
