"""Cluster organisations: the list, one of them, where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from .models import BoardSeat, Cluster, InterestGroup, Lineage, StaffYear, Theme
from .terms import COUNTED_KINDS


def _running(on: date) -> Q:
    return (Q(founded_on__isnull=True) | Q(founded_on__lte=on)) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def clusters(*, on: date | None = None) -> QuerySet[Cluster]:
    """Everything in the register (or what ran on the day), platforms and SPIR centres included."""
    rows = Cluster.objects.select_related("body", "place", "host").prefetch_related("themes")
    return (rows.filter(_running(on)) if on else rows).order_by("name")


def counted(*, on: date | None = None) -> QuerySet[Cluster]:
    """What counts as a cluster organisation: platforms and SPIR centres do not (strategy, Bilag 1)."""
    return clusters(on=on).filter(kind__in=COUNTED_KINDS)


def cluster(slug: str) -> Cluster | None:
    """One organisation with what its page shows of the register."""
    board = Prefetch(
        "board", BoardSeat.objects.filter(until__isnull=True).select_related("body").order_by("-chair", "person_name")
    )
    groups = Prefetch("interest_groups", InterestGroup.objects.filter(until__isnull=True).order_by("name"))
    staff = Prefetch("staff_years", StaffYear.objects.order_by("-year"))
    return clusters().prefetch_related("industries", board, groups, staff).filter(slug=slug).first()


def of_body(body_id: int) -> Cluster | None:
    return Cluster.objects.filter(body_id=body_id).first()


def of_bodies(body_ids: Iterable[int]) -> dict[int, str]:
    """Body id -> slug of the cluster organisation that it is, for those that are one."""
    return dict(Cluster.objects.filter(body_id__in=list(body_ids)).values_list("body_id", "slug"))


def ids_of_bodies(body_ids: Iterable[int], kinds: Iterable[str] = COUNTED_KINDS) -> dict[int, int]:
    """Body id -> id of the cluster organisation (of these kinds) that it is."""
    wanted = set(body_ids)
    return {
        body: pk
        for body, pk in Cluster.objects.filter(kind__in=list(kinds)).values_list("body_id", "id")
        if body in wanted
    }


def names(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Cluster id -> (slug, name)."""
    return {
        pk: (slug, name)
        for pk, slug, name in Cluster.objects.filter(pk__in=list(ids)).values_list("id", "slug", "name")
    }


def lineage(cluster_id: int) -> QuerySet[Lineage]:
    """What the organisation came from and went into, oldest first."""
    own = Q(predecessor_id=cluster_id) | Q(successor_id=cluster_id)
    return Lineage.objects.filter(own).select_related("predecessor", "successor").order_by("on")


def line_of(cluster_id: int) -> set[int]:
    """The organisation and everything that it carries on: what a series follows back in time."""
    links: dict[int, list[int]] = {}
    for before, after in Lineage.objects.values_list("predecessor_id", "successor_id"):
        links.setdefault(after, []).append(before)
    found, waiting = set(), [cluster_id]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += links.get(one, [])
    return found


def groups_of(cluster_id: int) -> QuerySet[InterestGroup]:
    rows = InterestGroup.objects.filter(cluster_id=cluster_id)
    return rows.order_by(F("until").desc(nulls_first=True), "name")


def staff_of(cluster_id: int) -> QuerySet[StaffYear]:
    return StaffYear.objects.filter(cluster_id=cluster_id).order_by("-year")


def themes() -> QuerySet[Theme]:
    return Theme.objects.order_by("name_da")


def staff_in(year: int) -> QuerySet[StaffYear]:
    return StaffYear.objects.filter(year=year)


def staff_total(year: int, cluster_ids: Iterable[int]) -> tuple[Decimal, int]:
    """Full-time equivalents of the secretariats in the year, and how many of them have said so."""
    rows = staff_in(year).filter(cluster_id__in=list(cluster_ids))
    found = rows.aggregate(total=Sum("full_time"), n=Count("id"))
    return found["total"] or Decimal(0), found["n"]
