"""What was done in a year, who took part, and which projects started collaboration with knowledge institutions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.bodies.queries import among
from klyngeforum.ground.bodies.terms import BodyKind, Scheme

from .models import Activity, Participation, ParticipationUnit
from .rules import COUNTED_ATTRIBUTIONS
from .terms import ActivityKind

_FEW = 800  # below SQLite's limit of variables in a statement


def _overlaps(year: int, prefix: str = "") -> Q:
    """An activity belongs to every year that it touches."""
    return Q(**{f"{prefix}starts_on__lte": date(year, 12, 31), f"{prefix}ends_on__gte": date(year, 1, 1)})


def activities(*, seen_by: Actor, on: date) -> QuerySet[Activity]:
    """Activities that the reader may see, newest first, with the number of participants."""
    parts = Participation.objects.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(n=Count("pk"))
    taking_part = Coalesce(Subquery(parts.values("n")), 0)  # counted for the rows that are shown, not for all
    rows = (
        Activity.objects.select_related("cluster", "place").prefetch_related("themes").annotate(taking_part=taking_part)
    )
    return within(rows, seen_by, "activities.see", on=on).order_by("-starts_on", "title")


def participants(activity_id: int) -> QuerySet[Participation]:
    return (
        Participation.objects.filter(activity_id=activity_id)
        .select_related("body__place")
        .prefetch_related("units")
        .order_by("body__sorted_as")
    )


def in_year(year: int, cluster_ids: list[int] | None = None) -> QuerySet[Activity]:
    rows = Activity.objects.filter(_overlaps(year))
    return rows if cluster_ids is None else rows.filter(cluster_id__in=cluster_ids)


def participations_in(year: int, cluster_ids: list[int] | None = None) -> QuerySet[Participation]:
    """Participations of activities that touch the year."""
    rows = Participation.objects.filter(_overlaps(year, "activity__"))
    return rows if cluster_ids is None else rows.filter(activity__cluster_id__in=cluster_ids)


def _has(kind: BodyKind, activity: str = "pk") -> Exists:
    """Somebody of the kind takes part; a body that was merged is what it was merged into."""
    itself = Q(body__kind=kind, body__merged_into__isnull=True)
    parts = Participation.objects.filter(itself | Q(body__merged_into__kind=kind), activity=OuterRef(activity))
    return Exists(parts)


def starts(until: int, since: int | None = None, cluster_ids: list[int] | None = None) -> QuerySet[Activity]:
    """Projects that started a collaboration between companies and knowledge institutions in the years since–until."""
    years = Q(starts_on__lte=date(until, 12, 31))
    if since is not None:
        years &= Q(starts_on__gte=date(since, 1, 1))
    rows = Activity.objects.filter(years, kind=ActivityKind.PROJECT, attribution__in=COUNTED_ATTRIBUTIONS)
    rows = rows if cluster_ids is None else rows.filter(cluster_id__in=cluster_ids)
    return rows.filter(_has(BodyKind.COMPANY), _has(BodyKind.KNOWLEDGE))


def _there(day: date) -> Q:
    return Q(joined_on__isnull=True) | Q(joined_on__lte=day)


def started_before(body_ids: Iterable[int], year: int) -> set[int]:
    """Which of these bodies were partners in a starting project of an earlier year, anywhere: asked from the bodies' side, and of each
    only until one is found."""
    earlier = Participation.objects.filter(
        _there(date(year - 1, 12, 31)), _has(BodyKind.COMPANY, "activity"), _has(BodyKind.KNOWLEDGE, "activity"),
        body=OuterRef("pk"), activity__kind=ActivityKind.PROJECT, activity__attribution__in=COUNTED_ATTRIBUTIONS,
        activity__starts_on__lt=date(year, 1, 1),
    )  # fmt: skip
    wanted, found = list(body_ids), set[int]()
    for start in range(0, len(wanted), _FEW):
        found |= set(among(wanted[start : start + _FEW]).filter(Exists(earlier)).values_list("pk", flat=True))
    return found


def units_in(year: int, cluster_id: int) -> list[tuple[int, str]]:
    """(body, key of the unit) of every unit that took part in the organisation's year."""
    rows = ParticipationUnit.objects.filter(participation__in=participations_in(year, [cluster_id]))
    return list(rows.order_by().values_list("participation__body_id", "key").distinct())


def partners_of(projects: QuerySet[Activity], until: int) -> QuerySet[Participation]:
    """Who was a partner in the projects by the end of the year: one that joined later was not there at the start."""
    return Participation.objects.filter(_there(date(until, 12, 31)), activity__in=projects)


def projects_ended(since: date, until: date) -> QuerySet[Activity]:
    """Projects whose last day lies between the two days."""
    return Activity.objects.filter(kind=ActivityKind.PROJECT, ends_on__gte=since, ends_on__lte=until)


def titles(only: Collection[int] | None = None) -> list[tuple[int, str]]:
    """(cluster, title) of every activity (of those organisations): words for the finder."""
    rows = Activity.objects.all() if only is None else Activity.objects.filter(cluster__in=only)
    return list(rows.values_list("cluster_id", "title"))


def activity_counts(cluster_id: int, year: int) -> dict[str, int]:
    """Activities of the year by kind."""
    rows = in_year(year, [cluster_id]).values("kind").annotate(n=Count("id"))
    return dict(rows.values_list("kind", "n"))


def took_part(since: date, until: date, only: Collection[int] | None = None) -> QuerySet[Any, tuple[int, int]]:
    """(cluster, body) of every participation in what touches the days (of those organisations)."""
    during = Q(activity__starts_on__lte=until, activity__ends_on__gte=since)
    rows = Participation.objects.filter(during).order_by()
    if only is not None:
        rows = rows.filter(activity__cluster_id__in=only)
    return rows.values_list("activity__cluster_id", "body_id")


def places_of(since: date, until: date, only: Collection[int] | None = None) -> list[tuple[int, int, int]]:
    """(cluster, place, activities) of what touches the days and has a place."""
    rows = Activity.objects.filter(starts_on__lte=until, ends_on__gte=since, place__isnull=False).order_by()
    if only is not None:
        rows = rows.filter(cluster__in=only)
    return list(
        rows.values("cluster_id", "place_id").annotate(n=Count("pk")).values_list("cluster_id", "place_id", "n")
    )


def newest_start(until: date) -> date | None:
    """The day on which something began last, no later than the day."""
    found: date | None = Activity.objects.filter(starts_on__lte=until).aggregate(day=Max("starts_on"))["day"]
    return found


def ever_with(body_ids: Collection[int]) -> frozenset[int]:
    """Ids of the organisations in whose activities any of the bodies ever took part."""
    rows = Participation.objects.filter(body__in=body_ids)
    return frozenset(rows.values_list("activity__cluster_id", flat=True).distinct())


def international_counts(since: date, until: date) -> dict[int, int]:
    """Cluster id -> international activities that began after the one day and not after the other."""
    abroad = Q(international=True) | Q(kind=ActivityKind.INTERNATIONAL)
    rows = Activity.objects.filter(abroad, starts_on__gt=since, starts_on__lte=until)
    return dict(rows.order_by().values_list("cluster_id").annotate(n=Count("id")))


def effort_of(cluster_id: int, year: int) -> dict[str, object]:
    """Participations, persons and hours of the year."""
    rows = participations_in(year, [cluster_id])
    return rows.aggregate(
        participations=Count("id"), bodies=Count("body", distinct=True), persons=Sum("persons"), hours=Sum("hours")
    )


def among_participants(body_ids: Iterable[int], organisations: Iterable[int]) -> set[int]:
    """Which of these bodies ever took part in anything of these organisations (named as bodies too)."""
    wanted, found, of = list(body_ids), set[int](), list(organisations)
    for start in range(0, len(wanted), _FEW):
        rows = Participation.objects.filter(activity__cluster__body__in=of, body__in=wanted[start : start + _FEW])
        found |= set(rows.values_list("body_id", flat=True).distinct())
    return found


def earlier_bodies(cluster_id: int, year: int) -> set[int]:
    """Bodies that took part in anything of the organisation before the year."""
    rows = Participation.objects.filter(activity__cluster_id=cluster_id, activity__starts_on__lt=date(year, 1, 1))
    return set(rows.values_list("body_id", flat=True).distinct())


def participations_named(ids: Iterable[int]) -> QuerySet[Participation]:
    """The participations of these numbers, with what they were part of."""
    return (
        Participation.objects.filter(pk__in=list(ids))
        .select_related("activity__place", "body")
        .order_by("activity__starts_on")
    )


def latest_of(cluster_id: int, *, until: date) -> QuerySet[Activity]:
    """What the organisation did, newest first."""
    return (
        Activity.objects.filter(cluster_id=cluster_id, starts_on__lte=until)
        .select_related("place")
        .order_by("-starts_on")
    )


def references_of(cluster_id: int) -> dict[str, tuple[int, date]]:
    """Reference -> (activity, last day) of one organisation."""
    rows = Activity.objects.filter(cluster_id=cluster_id).values_list("reference", "id", "ends_on")
    return {reference: (pk, ends_on) for reference, pk, ends_on in rows}


def of_cluster(cluster_id: int) -> QuerySet[Activity]:
    return Activity.objects.filter(cluster_id=cluster_id).select_related("cluster").prefetch_related("themes")


def participations_of(cluster_id: int) -> QuerySet[Participation]:
    return Participation.objects.filter(activity__cluster_id=cluster_id)


def activity(pk: int, *, seen_by: Actor, on: date) -> Activity | None:
    return activities(seen_by=seen_by, on=on).filter(pk=pk).first()


def participations(*, seen_by: Actor, on: date) -> QuerySet[Participation]:
    """Participations that the reader may see."""
    rows = Participation.objects.select_related("activity__cluster", "body")
    return within(rows, seen_by, "activities.see", on=on)


def participation(pk: int, *, seen_by: Actor, on: date) -> Participation | None:
    return participations(seen_by=seen_by, on=on).filter(pk=pk).first()


def how_many() -> tuple[int, int]:
    """Activities and participations that stand."""
    return Activity.objects.count(), Participation.objects.count()


def first_years(*, projects: bool = False, slug: str = "") -> dict[str, tuple[int, str]]:
    """CVR number of a company -> the first year in which it took part, and in whose activity (only projects; of one organisation only)."""
    rows = Participation.objects.annotate(
        number=Coalesce("body__merged_into__number", "body__number"), kind=Coalesce("body__merged_into__kind", "body__kind"),
        scheme=Coalesce("body__merged_into__scheme", "body__scheme"), day=Coalesce("joined_on", "activity__starts_on"),
    ).filter(kind=BodyKind.COMPANY, scheme=Scheme.CVR)  # fmt: skip
    rows = rows.filter(activity__kind=ActivityKind.PROJECT) if projects else rows
    rows = rows.filter(activity__cluster__slug=slug) if slug else rows
    found: dict[str, tuple[int, str]] = {}
    for number, day, cluster in (
        rows.order_by("day", "pk").values_list("number", "day", "activity__cluster__slug").iterator(chunk_size=20_000)
    ):
        found.setdefault(number, (day.year, cluster))
    return found
