"""Placements of cluster organisations in leagues, with history."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from klyngeforum.ground.fields import not_before


class Placement(models.Model):
    """A league (code of programme data) from–to; nothing moves without a decision."""

    OWNER = "cluster__body"

    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, related_name="placements")
    league = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster"], condition=Q(until__isnull=True), name="a_cluster_plays_in_one_league"
            ),
            models.UniqueConstraint(fields=["cluster", "since"], name="a_placement_starts_once_a_day"),
            not_before("until", "since", "a_placement_ends_after_it_begins"),
        ]
