"""Registering, editing, closing, merging and splitting cluster organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.programme.queries import themes
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import Refused, no, require
from klyngeforum.ground.words import mark

from .models import Cluster, Lineage, StaffYear, Theme
from .rules import may_close, may_state_staff, may_succeed, slug_of
from .terms import ClusterKind, Level, LineageKind

EDITABLE = (
    "name", "purpose_da", "purpose_en", "contact_name", "contact_email", "contact_phone", "website", "level",
)  # fmt: skip


@dataclass(slots=True)
class NewCluster:
    """What makes a body a cluster organisation."""

    body_id: int
    name: str
    kind: ClusterKind
    level: Level
    purpose_da: str = ""
    purpose_en: str = ""
    place_id: int | None = None
    host_id: int | None = None
    founded_on: date | None = None
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    website: str = ""
    source: str = ""
    themes: list[str] = field(default_factory=list)
    industry_ids: list[int] = field(default_factory=list)


@transaction.atomic
def take_in_themes() -> int:
    """The fields of the programme as rows; again changes nothing."""
    for theme in themes():
        Theme.objects.update_or_create(code=theme.code, defaults={"name_da": theme.name.da, "name_en": theme.name.en})
    return len(themes())


def _free_slug(name: str) -> str:
    wish = slug_of(name) or "klynge"
    taken = set(Cluster.objects.filter(slug__startswith=wish[:70]).values_list("slug", flat=True))
    return next(slug for slug in (wish, *(f"{wish[:70]}-{n}" for n in range(2, 10_000))) if slug not in taken)


@transaction.atomic
def register(*, by: Actor, at: datetime, new: NewCluster) -> Cluster:
    """Enter an organisation in the register; a body is one organisation at most."""
    require(may(by, "clusters.register", on=at.date()))
    if not new.name.strip():
        raise Refused(no(mark("The name is missing."), on="name"))
    if Cluster.objects.filter(body_id=new.body_id).exists():
        raise Refused(no(mark("This body is already in the register of cluster organisations."), on="body"))
    row = Cluster.objects.create(
        body_id=new.body_id, slug=_free_slug(new.name), name=new.name.strip(), kind=new.kind, level=new.level,
        purpose_da=new.purpose_da, purpose_en=new.purpose_en, place_id=new.place_id, host_id=new.host_id,
        founded_on=new.founded_on, contact_name=new.contact_name, contact_email=new.contact_email,
        contact_phone=new.contact_phone, website=new.website, source=new.source,
    )  # fmt: skip
    row.themes.set(Theme.objects.filter(code__in=new.themes))
    row.industries.set(new.industry_ids)
    record(
        by=by,
        at=at,
        verb="clusters.register",
        thing="cluster",
        thing_id=row.pk,
        body_id=row.body_id,
        after={"name": row.name, "kind": row.kind},
    )
    return row


@transaction.atomic
def edit(*, by: Actor, at: datetime, cluster: Cluster, changes: dict[str, str]) -> Cluster:
    """Change what the organisation says of itself; only what differs is written and trailed."""
    require(may(by, "clusters.edit", cluster, on=at.date()))
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    if not changes.get("name", cluster.name).strip():
        raise Refused(no(mark("The name is missing."), on="name"))
    before = {key: getattr(cluster, key) for key, value in changes.items() if getattr(cluster, key) != value}
    for key in before:
        setattr(cluster, key, changes[key])
    if before:
        cluster.save(update_fields=list(before))
        after = {key: changes[key] for key in before}
        record(
            by=by,
            at=at,
            verb="clusters.edit",
            thing="cluster",
            thing_id=cluster.pk,
            body_id=cluster.body_id,
            before=before,
            after=after,
        )
    return cluster


@transaction.atomic
def close(*, by: Actor, at: datetime, cluster: Cluster, on: date) -> None:
    """The organisation stops on the day; its facts and accounts stay."""
    require(may(by, "clusters.register", on=at.date()), may_close(cluster.founded_on, cluster.closed_on, on))
    cluster.closed_on = on
    cluster.save(update_fields=["closed_on"])
    record(
        by=by,
        at=at,
        verb="clusters.close",
        thing="cluster",
        thing_id=cluster.pk,
        body_id=cluster.body_id,
        after={"closed_on": on},
    )


@transaction.atomic
def succeed(
    *, by: Actor, at: datetime, predecessors: Sequence[Cluster], successor: Cluster, kind: LineageKind, on: date
) -> None:
    """Carry organisations on in another from a day (merger, split, renewal); a merged one closes that day."""
    require(may(by, "clusters.register", on=at.date()), may_succeed([one.pk for one in predecessors], successor.pk))
    for one in predecessors:
        Lineage.objects.create(predecessor=one, successor=successor, kind=kind, on=on)
        if kind is LineageKind.MERGER and one.closed_on is None:
            close(by=by, at=at, cluster=one, on=on)
    after = {"predecessors": [one.pk for one in predecessors], "kind": kind, "on": on}
    record(
        by=by,
        at=at,
        verb="clusters.succeed",
        thing="cluster",
        thing_id=successor.pk,
        body_id=successor.body_id,
        after=after,
    )


@transaction.atomic
def note_staff(*, by: Actor, at: datetime, cluster: Cluster, year: int, full_time: Decimal) -> None:
    """State the staff years of a year; stating again replaces, and the trail keeps both."""
    require(may(by, "clusters.edit", cluster, on=at.date()), may_state_staff(float(full_time)))
    old = StaffYear.objects.filter(cluster=cluster, year=year).first()
    StaffYear.objects.update_or_create(cluster=cluster, year=year, defaults={"full_time": full_time})
    before = {"full_time": old.full_time} if old else None
    record(
        by=by,
        at=at,
        verb="clusters.note_staff",
        thing="cluster",
        thing_id=cluster.pk,
        body_id=cluster.body_id,
        before=before,
        after={"year": year, "full_time": full_time},
    )
