"""Registering, editing, closing, merging and splitting cluster organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import alone_with, held, held_all, once
from klyngeforum.ground.industries.queries import versions_of
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import themes
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import BoardSeat, Cluster, InterestGroup, Lineage, StaffYear, Theme
from .queries import carries_on
from .rules import may_close, may_combine, may_date, may_form, may_seat, may_state_staff, may_stop, may_succeed, slug_of
from .terms import CLOSING, ClusterKind, Level, LineageKind

EDITABLE = (
    "name", "purpose_da", "purpose_en", "contact_name", "contact_email", "contact_phone", "website", "level", "place_id", "themes",
    "industries",
)  # fmt: skip
REGISTERED = ("kind", "host_id", "founded_on", "closed_on")
MANY = ("themes", "industries")


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


@dataclass(frozen=True, slots=True)
class NewSeat:
    """A seat on the board: who, from which body, from–to."""

    person_name: str
    since: date
    until: date | None = None
    body_id: int | None = None
    chair: bool = False


def _noted(
    by: Actor,
    at: datetime,
    cluster: Cluster,
    verb: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
) -> None:
    record(
        by=by,
        at=at,
        verb=verb,
        thing="cluster",
        thing_id=cluster.pk,
        body_id=cluster.body_id,
        before=before,
        after=after,
    )


@transaction.atomic
def take_in_themes() -> int:
    """The fields of the programme as rows; again changes nothing."""
    for theme in themes():
        Theme.objects.update_or_create(code=theme.code, defaults={"name_da": theme.name.da, "name_en": theme.name.en})
    return len(themes())


def _themes(codes: Sequence[str]) -> list[Theme]:
    """The fields of these codes; one that the programme does not have is refused."""
    found = list(Theme.objects.filter(code__in=codes))
    unknown = sorted(set(codes) - {one.code for one in found})
    if unknown:
        known = ", ".join(sorted(Theme.objects.values_list("code", flat=True)))
        why = mark("There is no field called “%(code)s”; there are: %(known)s.")
        raise Refused(no(why, on="themes", code=unknown[0], known=known))
    return found


def _free_slug(name: str) -> str:
    wish = slug_of(name) or "klynge"
    taken = set(Cluster.objects.filter(slug__startswith=wish[:70]).values_list("slug", flat=True))
    return next(slug for slug in (wish, *(f"{wish[:70]}-{n}" for n in range(2, 10_000))) if slug not in taken)


def _body_free(body_id: int) -> Verdict:
    there = Cluster.objects.filter(body_id=body_id).exists()
    return no(mark("This body is already in the register of cluster organisations."), on="body") if there else YES


@transaction.atomic
def register(*, by: Actor, at: datetime, new: NewCluster) -> Cluster:
    """Enter an organisation in the register; a body is one organisation at most."""
    require(may(by, "clusters.register", on=date_of(at)), may_combine(versions_of(new.industry_ids)))
    if not new.name.strip():
        raise Refused(no(mark("The name is missing."), on="name"))
    require(_body_free(new.body_id))
    row = Cluster(
        body_id=new.body_id, slug=_free_slug(new.name), name=new.name.strip(), kind=new.kind, level=new.level,
        purpose_da=new.purpose_da, purpose_en=new.purpose_en, place_id=new.place_id, host_id=new.host_id,
        founded_on=new.founded_on, contact_name=new.contact_name, contact_email=new.contact_email,
        contact_phone=new.contact_phone, website=new.website, source=new.source,
    )  # fmt: skip
    with once(lambda: _body_free(new.body_id)):
        row.save()
    row.themes.set(_themes(new.themes))
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


def _stands(cluster: Cluster, key: str) -> object:
    """What the register says now, in the form in which changes are given."""
    if key == "themes":
        return sorted(cluster.themes.values_list("code", flat=True))
    return sorted(cluster.industries.values_list("id", flat=True)) if key == "industries" else getattr(cluster, key)


@transaction.atomic
def edit(*, by: Actor, at: datetime, cluster: Cluster, changes: Mapping[str, object]) -> Cluster:
    """Change what the organisation says of itself (EDITABLE) or what the register says of it (REGISTERED); only what differs is written and trailed."""
    unknown = set(changes) - {*EDITABLE, *REGISTERED}
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    held(cluster)
    before = {key: old for key, value in changes.items() if (old := _stands(cluster, key)) != value}
    right = "clusters.register" if set(before) & set(REGISTERED) else "clusters.edit"
    founded, closed = (changes.get(key, getattr(cluster, key)) for key in ("founded_on", "closed_on"))
    require(
        may(by, right, cluster, on=date_of(at)),
        YES if str(changes.get("name", cluster.name)).strip() else no(mark("The name is missing."), on="name"),
        may_date(founded if isinstance(founded, date) else None, closed if isinstance(closed, date) else None),
        may_combine(versions_of(cast("list[int]", changes.get("industries", [])))),
    )
    plain = [key for key in before if key not in MANY]
    for key in plain:
        setattr(cluster, key, changes[key])
    cluster.save(update_fields=plain)
    if "themes" in before:
        cluster.themes.set(_themes(cast("list[str]", changes["themes"])))
    if "industries" in before:
        cluster.industries.set(cast("list[int]", changes["industries"]))
    if before:
        record(
            by=by, at=at, verb="clusters.edit", thing="cluster", thing_id=cluster.pk, body_id=cluster.body_id,
            before=before, after={key: changes[key] for key in before},
        )  # fmt: skip
    return cluster


@transaction.atomic
def close(*, by: Actor, at: datetime, cluster: Cluster, on: date) -> None:
    """The organisation stops on the day; its facts and accounts stay."""
    held(cluster)
    require(may(by, "clusters.register", on=date_of(at)), may_close(cluster.founded_on, cluster.closed_on, on))
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
    """Carry organisations on in another from a day; one that merges or is renewed closes that day, one that splits stands on."""
    held_all(successor, *predecessors)
    before, linked = [one.pk for one in predecessors], False
    if before:
        linked = Lineage.objects.filter(predecessor__in=before, successor=successor).exists()
    circle = any(carries_on(one, successor.pk) for one in before if one != successor.pk)
    require(
        may(by, "clusters.register", on=date_of(at)), may_succeed(before, successor.pk, linked=linked, circle=circle)
    )
    for one in predecessors:
        Lineage.objects.create(predecessor=one, successor=successor, kind=kind, on=on)
        if kind in CLOSING and one.closed_on is None:
            close(by=by, at=at, cluster=one, on=on)
    record(
        by=by, at=at, verb="clusters.succeed", thing="cluster", thing_id=successor.pk, body_id=successor.body_id,
        after={"predecessors": before, "kind": kind, "on": on},
    )  # fmt: skip


@transaction.atomic
def part(*, by: Actor, at: datetime, lineage: Lineage) -> None:
    """The one does not carry on the other after all; a day of closing stays until it is changed in the register."""
    require(may(by, "clusters.register", on=date_of(at)))
    held(lineage)
    pk, successor = lineage.successor_id, lineage.successor
    before = {"predecessor": lineage.predecessor_id, "kind": lineage.kind, "on": lineage.on}
    lineage.delete()
    record(by=by, at=at, verb="clusters.part", thing="cluster", thing_id=pk, body_id=successor.body_id, before=before)


@transaction.atomic
def note_staff(*, by: Actor, at: datetime, cluster: Cluster, year: int, full_time: Decimal) -> None:
    """State the staff years of a year; stating again replaces, and the trail keeps both."""
    require(may(by, "clusters.edit", cluster, on=date_of(at)), may_state_staff(float(full_time)))
    alone_with(cluster)
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


@transaction.atomic
def seat(*, by: Actor, at: datetime, cluster: Cluster, new: NewSeat) -> BoardSeat:
    """Somebody takes a seat on the board; the same person from the same day is the same seat, so again changes only what differs."""
    require(may(by, "clusters.edit", cluster, on=date_of(at)), *may_seat(new.person_name, new.since, new.until))
    alone_with(cluster)  # a seat has no number: two who enter it at once would make it two
    values = {"body_id": new.body_id, "chair": new.chair, "until": new.until}
    row, made = BoardSeat.objects.get_or_create(
        cluster=cluster, person_name=new.person_name.strip(), since=new.since, defaults=values
    )
    before = None if made else {key: getattr(row, key) for key in values}
    if made or before != values:
        for key, value in values.items():
            setattr(row, key, value)
        row.save()
        after = {"person": row.person_name, "since": row.since, **values}
        _noted(by, at, cluster, "clusters.seat", before, after)
    return row


@transaction.atomic
def unseat(*, by: Actor, at: datetime, seat: BoardSeat, on: date) -> None:
    """The seat is left with the day; it stays in the register."""
    held(seat)
    require(may(by, "clusters.edit", seat.cluster, on=date_of(at)), may_stop(seat.since, seat.until, on))
    seat.until = on
    seat.save(update_fields=["until"])
    _noted(by, at, seat.cluster, "clusters.unseat", {"person": seat.person_name, "until": None}, {"until": on})


@transaction.atomic
def form_group(
    *, by: Actor, at: datetime, cluster: Cluster, name: str, since: date, until: date | None = None
) -> InterestGroup:
    """A smaller circle within the organisation."""
    alone_with(cluster)
    taken = InterestGroup.objects.filter(cluster=cluster, name=name.strip()).exists()
    require(may(by, "clusters.edit", cluster, on=date_of(at)), *may_form(name, taken, since, until))
    row = InterestGroup.objects.create(cluster=cluster, name=name.strip(), since=since, until=until)
    _noted(by, at, cluster, "clusters.form_group", None, {"name": row.name, "since": since, "until": until})
    return row


@transaction.atomic
def end_group(*, by: Actor, at: datetime, group: InterestGroup, on: date) -> None:
    """The group stops with the day; it stays in the register."""
    held(group)
    require(may(by, "clusters.edit", group.cluster, on=date_of(at)), may_stop(group.since, group.until, on))
    group.until = on
    group.save(update_fields=["until"])
    _noted(by, at, group.cluster, "clusters.end_group", {"name": group.name, "until": None}, {"until": on})
