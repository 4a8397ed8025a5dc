"""Outcomes of a year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from klyngeforum.ground.access.queries import Actor, within

from .models import Outcome


def outcomes(*, seen_by: Actor, on: date) -> QuerySet[Outcome]:
    rows = Outcome.objects.select_related("body", "cluster", "activity")
    return within(rows, seen_by, "outcomes.see", on=on).order_by("-year", "body__name")


def in_year(year: int, cluster_ids: list[int] | None = None) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(year=year)
    return rows if cluster_ids is None else rows.filter(cluster_id__in=cluster_ids)


def outcomes_named(ids: Iterable[int]) -> QuerySet[Outcome]:
    return Outcome.objects.filter(pk__in=list(ids)).select_related("activity", "body")
