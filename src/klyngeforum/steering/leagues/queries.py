"""Who plays in which league, on a day and over time."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from .models import Placement


def placements(*, on: date) -> QuerySet[Placement]:
    running = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    return Placement.objects.select_related("cluster__place").filter(running).order_by("league", "cluster__sorted_as")


def league_of(*, on: date) -> dict[int, str]:
    """Cluster id -> league on the day."""
    return dict(placements(on=on).values_list("cluster_id", "league"))


def history(cluster_id: int) -> QuerySet[Placement]:
    return Placement.objects.filter(cluster_id=cluster_id).order_by("-since")
