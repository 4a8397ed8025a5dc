"""Cluster organisations: the list, one of them, where they come from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum

from klyngeforum.ground.fields import danish_order
from klyngeforum.ground.keeping import Own, kept

from .models import BoardSeat, Cluster, InterestGroup, Lineage, StaffYear, Theme
from .terms import CLOSING, COUNTED_KINDS

# things whose acts name the organisation that they are of, or nobody (many at once); the story of a year at the desks holds each of them to it
OF_ONE = frozenset({"activity", "participation", "membership", "outcome", "grant", "income", "hours", "report"})


def _running(on: date) -> Q:
    return (Q(founded_on__isnull=True) | Q(founded_on__lte=on)) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))


def clusters(*, on: date | None = None) -> QuerySet[Cluster]:
    """Everything in the register (or what ran on the day), platforms and SPIR centres included."""
    rows = Cluster.objects.select_related("body", "place", "host").prefetch_related("themes")
    return (rows.filter(_running(on)) if on else rows).order_by("sorted_as")


def counted(*, on: date | None = None) -> QuerySet[Cluster]:
    """What counts as a cluster organisation: platforms and SPIR centres do not (strategy, Bilag 1)."""
    return clusters(on=on).filter(kind__in=COUNTED_KINDS)


def counted_in(year: int) -> QuerySet[Cluster]:
    """What counted on any day of the year, one that closed in it included: all of these owe an account of the year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    founded = Q(founded_on__isnull=True) | Q(founded_on__lte=last)
    return counted().filter(founded, Q(closed_on__isnull=True) | Q(closed_on__gt=first))


def cluster(slug: str) -> Cluster | None:
    """One organisation with what its page shows of the register."""
    board = Prefetch(
        "board",
        BoardSeat.objects.filter(until__isnull=True)
        .select_related("body")
        .order_by("-chair", danish_order("person_name")),
    )
    groups = Prefetch(
        "interest_groups", InterestGroup.objects.filter(until__isnull=True).order_by(danish_order("name"))
    )
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


def names_by_slug(slugs: Iterable[str]) -> dict[str, str]:
    """Slug -> name."""
    return dict(Cluster.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def lineage(cluster_id: int) -> QuerySet[Lineage]:
    """What the organisation came from and went into, oldest first."""
    own = Q(predecessor_id=cluster_id) | Q(successor_id=cluster_id)
    return Lineage.objects.filter(own).select_related("predecessor", "successor").order_by("on")


def one_lineage(pk: int, cluster_id: int) -> Lineage | None:
    return lineage(cluster_id).filter(pk=pk).first()


def line_of(cluster_id: int) -> dict[int, int | None]:
    """The organisation and everything that it carries on -> the last year that its series takes from each (None: every year).

    One that closed gives its last year too; one that goes on beside what split off gives the years before.
    """
    links: dict[int, list[tuple[int, int]]] = {}
    for before, after, kind, on in Lineage.objects.values_list("predecessor_id", "successor_id", "kind", "on"):
        links.setdefault(after, []).append((before, on.year if kind in CLOSING else on.year - 1))
    found: dict[int, int | None] = {cluster_id: None}
    waiting: list[tuple[int, int | None]] = [(cluster_id, None)]
    while waiting:
        one, limit = waiting.pop()
        for before, last in links.get(one, []):
            if before not in found:
                found[before] = last if limit is None else min(last, limit)
                waiting.append((before, found[before]))
    return found


def own(cluster_id: int) -> Own:
    """What the organisation, and what it carries on, recorded: for a value that another organisation's records leave standing."""

    def bodies() -> frozenset[int]:
        rows = Cluster.objects.filter(pk__in=line_of(cluster_id))
        return frozenset(rows.values_list("body_id", flat=True))

    return Own(OF_ONE, kept(("line's bodies", cluster_id), bodies, of=frozenset({"cluster"})))


def owned(cluster_ids: Iterable[int]) -> Own:
    """The same of several organisations together."""
    return Own(OF_ONE, frozenset[int]().union(*(own(pk).bodies for pk in cluster_ids)))


def carried_on() -> frozenset[int]:
    """Ids of the organisations that carry on another one."""
    return frozenset(Lineage.objects.values_list("successor_id", flat=True))


def lineage_years(cluster_ids: Iterable[int] | None = None) -> dict[int, int]:
    """Year -> how many times one organisation was carried on in another (of these: where either of the two is among them)."""
    rows = Lineage.objects.all()
    if cluster_ids is not None:
        own = list(cluster_ids)
        rows = rows.filter(Q(predecessor_id__in=own) | Q(successor_id__in=own))
    found: dict[int, int] = {}
    for day in rows.values_list("on", flat=True):
        found[day.year] = found.get(day.year, 0) + 1
    return found


def carries_on(cluster_id: int, other_id: int) -> bool:
    """Whether the organisation carries on the other one, over however many links."""
    return other_id in line_of(cluster_id)


def board_of(cluster_id: int) -> QuerySet[BoardSeat]:
    """Every seat, those held now first and the chair before all."""
    rows = BoardSeat.objects.filter(cluster_id=cluster_id).select_related("body")
    return rows.order_by(F("until").desc(nulls_first=True), "-chair", danish_order("person_name"))


def groups_of(cluster_id: int) -> QuerySet[InterestGroup]:
    rows = InterestGroup.objects.filter(cluster_id=cluster_id)
    return rows.order_by(F("until").desc(nulls_first=True), danish_order("name"))


def groups_in(year: int, cluster_id: int) -> QuerySet[InterestGroup]:
    """Groups of the organisation that existed on any day of the year."""
    lasts = Q(until__isnull=True) | Q(until__gte=date(year, 1, 1))
    return InterestGroup.objects.filter(lasts, cluster_id=cluster_id, since__lte=date(year, 12, 31))


def staff_of(cluster_id: int) -> QuerySet[StaffYear]:
    return StaffYear.objects.filter(cluster_id=cluster_id).order_by("-year")


def one_seat(pk: int, cluster_id: int) -> BoardSeat | None:
    return board_of(cluster_id).filter(pk=pk).first()


def one_group(pk: int, cluster_id: int) -> InterestGroup | None:
    return groups_of(cluster_id).filter(pk=pk).first()


def register_rows() -> QuerySet[Cluster]:
    """The whole register with everything that is entered about an organisation, by name."""
    rows = Cluster.objects.select_related("body", "place", "host").order_by("sorted_as", "id")
    lineage_ = ("predecessors__predecessor", "successors__successor")
    return rows.prefetch_related("themes", "industries", "staff_years", "board__body", "interest_groups", *lineage_)


def themes() -> QuerySet[Theme]:
    return Theme.objects.order_by("sorted_as")


def theme_codes() -> dict[str, str]:
    """What a field may be called in a sheet (code, Danish, English; small letters) -> its code."""
    rows = Theme.objects.values_list("code", "name_da", "name_en")
    return {word.casefold(): code for code, da, en in rows for word in (code, da, en)}


def staff_in(year: int) -> QuerySet[StaffYear]:
    return StaffYear.objects.filter(year=year)


def newest_staff(until: int) -> dict[int, tuple[int, Decimal]]:
    """Cluster id -> (year, full-time equivalents) that was stated last, no later than the year."""
    rows = StaffYear.objects.filter(year__lte=until).order_by("year")
    return {pk: (year, full) for pk, year, full in rows.values_list("cluster_id", "year", "full_time")}


def staff_total(year: int, cluster_ids: Iterable[int]) -> tuple[Decimal, int]:
    """Full-time equivalents of the secretariats in the year, and how many of them have said so."""
    rows = staff_in(year).filter(cluster_id__in=list(cluster_ids))
    found = rows.aggregate(total=Sum("full_time"), n=Count("id"))
    return found["total"] or Decimal(0), found["n"]
