"""Who belongs where, on a day or in a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.bodies.terms import BodyKind, Scheme

from .models import Membership
from .terms import Commitment


def memberships(*, seen_by: Actor, on: date) -> QuerySet[Membership]:
    """Every membership that the reader may see, with body and place."""
    rows = Membership.objects.select_related("body__place", "body__industry", "cluster")
    return within(rows, seen_by, "memberships.see", on=on)


def _during(since: date, until: date) -> Q:
    return Q(since__lte=until) & (Q(until__isnull=True) | Q(until__gte=since))


def members_on(day: date) -> QuerySet[Membership]:
    """Memberships that run on the day (for counts; shows no names by itself)."""
    return Membership.objects.filter(_during(day, day))


def ever_members(cluster_id: int) -> QuerySet[Membership]:
    """Every membership that the organisation ever had, by name."""
    return Membership.objects.filter(cluster_id=cluster_id).order_by("body__name", "since")


def in_year(year: int, cluster_ids: list[int] | None = None) -> QuerySet[Membership]:
    rows = Membership.objects.filter(_during(date(year, 1, 1), date(year, 12, 31)))
    return rows if cluster_ids is None else rows.filter(cluster_id__in=cluster_ids)


def sizes(day: date, only: Collection[int] | None = None) -> dict[int, int]:
    """Cluster id -> members on the day (of those organisations)."""
    rows = members_on(day) if only is None else members_on(day).filter(cluster__in=only)
    return dict(rows.values("cluster_id").annotate(n=Count("body_id", distinct=True)).values_list("cluster_id", "n"))


def links_on(day: date, only: Collection[int] | None = None) -> QuerySet[Any, tuple[int, int]]:
    """(cluster, body) of every membership that runs on the day (or of those organisations)."""
    rows = members_on(day) if only is None else members_on(day).filter(cluster__in=only)
    return rows.order_by().values_list("cluster_id", "body_id")


def ever_joined_by(body_ids: Collection[int]) -> frozenset[int]:
    """Ids of the organisations in which any of the bodies takes or took part."""
    rows = Membership.objects.filter(body__in=body_ids)
    return frozenset(rows.values_list("cluster_id", flat=True).distinct())


def makeup(cluster_id: int, day: date) -> dict[str, int]:
    """How the participants of one organisation are made up: companies, under 50 (and how many whose size nobody knows), dedicated,
    knowledge institutions, authorities."""
    company, small = Q(body__kind=BodyKind.COMPANY), Q(body__size_band__in=("0", "1-9", "10-49"))
    return members_on(day).filter(cluster_id=cluster_id).aggregate(
        members=Count("body", distinct=True),
        companies=Count("body", distinct=True, filter=company),
        under_50=Count("body", distinct=True, filter=company & small),
        size_unknown=Count("body", distinct=True, filter=company & Q(body__size_band="")),
        dedicated=Count("body", distinct=True, filter=company & Q(commitment=Commitment.DEDICATED)),
        knowledge=Count("body", distinct=True, filter=Q(body__kind=BodyKind.KNOWLEDGE)),
        authorities=Count("body", distinct=True, filter=Q(body__kind=BodyKind.AUTHORITY)),
    )  # fmt: skip


def industry_counts(only: Collection[int] | None = None) -> list[tuple[int, int, int]]:
    """(cluster, industry, members) over all organisations (or those): what the finder knows of participants' trades."""
    rows = Membership.objects.filter(until__isnull=True, body__industry__isnull=False)
    if only is not None:
        rows = rows.filter(cluster__in=only)
    return list(
        rows.values_list("cluster_id", "body__industry_id")
        .annotate(n=Count("id"))
        .values_list("cluster_id", "body__industry_id", "n")
    )


def joined_by(body_ids: Collection[int]) -> list[int]:
    """Ids of the organisations in which any of the bodies takes part."""
    rows = Membership.objects.filter(until__isnull=True, body__in=body_ids)
    return list(rows.values_list("cluster_id", flat=True).distinct())


def of_cluster(cluster_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(cluster_id=cluster_id).select_related("cluster", "body")


def memberships_named(ids: Iterable[int]) -> QuerySet[Membership]:
    return Membership.objects.filter(pk__in=list(ids)).select_related("body", "cluster")


def first_dedicated() -> dict[str, tuple[int, str]]:
    """CVR number of a company -> the first year in which it was dedicated, and to which organisation."""
    rows = Membership.objects.filter(commitment=Commitment.DEDICATED).annotate(
        number=Coalesce("body__merged_into__number", "body__number"), kind=Coalesce("body__merged_into__kind", "body__kind"),
        scheme=Coalesce("body__merged_into__scheme", "body__scheme"),
    ).filter(kind=BodyKind.COMPANY, scheme=Scheme.CVR)  # fmt: skip
    found: dict[str, tuple[int, str]] = {}
    for number, day, cluster in (
        rows.order_by("since", "pk").values_list("number", "since", "cluster__slug").iterator(chunk_size=20_000)
    ):
        found.setdefault(number, (day.year, cluster))
    return found
