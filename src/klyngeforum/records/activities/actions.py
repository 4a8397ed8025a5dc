"""Holding activities, noting who took part, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ProtectedError

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bodies.queries import kinds_of
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import alone_with, held, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import Plain, first_free, pour, stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.registers.clusters.queries import Theme, themes

from .models import Activity, Participation, ParticipationUnit
from .rules import may_be_called, may_be_held, may_cost, may_lie, may_name_units, may_take_part, unit_key
from .terms import ActivityKind, Attribution, PartRole

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster

PLAIN = ("cluster_id", "reference", "kind", "title", "starts_on", "ends_on", "place_id", "attribution", "international")
PLAIN_PART = ("activity_id", "body_id", "role", "hours")
AMENDED = ("kind", "title", "starts_on", "ends_on", "place_id", "country", "international", "attribution", "budget")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class NewActivity:
    cluster_id: int
    reference: str
    kind: ActivityKind
    title: str
    starts_on: date
    ends_on: date
    place_id: int | None = None
    country: str = "DK"
    international: bool = False
    attribution: Attribution = Attribution.INITIATED
    budget: Decimal | None = None
    source: str = ""
    themes: tuple[str, ...] = ()

    def sound(self) -> list[Verdict]:
        return [
            *may_be_held(self.title, self.starts_on, self.ends_on),
            may_lie(self.country),
            may_cost(self.budget),
            may_be_called(self.reference),
        ]

    def differs_from(self, row: Activity) -> bool:
        """Whether the activity would be amended by what is said of it now."""
        fresh = self.row()
        same = all(getattr(row, key) == getattr(fresh, key) for key in AMENDED)
        return not same or {theme.code for theme in row.themes.all()} != set(self.themes)

    def row(self) -> Activity:
        return Activity(
            cluster_id=self.cluster_id, reference=self.reference[:60], kind=self.kind, title=self.title.strip()[:250],
            starts_on=self.starts_on, ends_on=self.ends_on, place_id=self.place_id, country=self.country,
            international=self.international, attribution=self.attribution, budget=self.budget, source=self.source[:40],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPart:
    activity_id: int
    body_id: int
    role: PartRole = PartRole.PARTICIPANT
    persons: int = 1
    hours: Decimal = Decimal(0)
    joined_on: date | None = None
    source: str = ""
    units: tuple[str, ...] | None = None  # departments or institutes that took part; none: what stands is left


def _themes(codes: Iterable[str]) -> list[Theme]:
    """The fields of these codes; one that the programme does not have is refused."""
    known = {theme.code: theme for theme in themes()}
    unknown = sorted(set(codes) - set(known))
    if unknown:
        why = mark("There is no field called “%(code)s”; there are: %(known)s.")
        raise Refused(no(why, on="themes", code=unknown[0], known=", ".join(sorted(known))))
    return [known[code] for code in codes]


def _reference_free(new: NewActivity) -> Verdict:
    if not Activity.objects.filter(cluster_id=new.cluster_id, reference=new.reference).exists():
        return YES
    why = mark("The reference “%(reference)s” names another activity already.")
    return no(why, on="reference", reference=new.reference)


@transaction.atomic
def hold(*, by: Actor, at: datetime, cluster: Cluster, new: NewActivity) -> Activity:
    """One activity; the reference names it within the organisation."""
    require(may(by, "activities.edit", cluster, on=date_of(at)), *new.sound())
    require(_reference_free(new))
    row = new.row()
    with once(lambda: _reference_free(new)):
        row.save()
    row.themes.set(_themes(new.themes))
    after = {"title": row.title, "kind": row.kind, "starts_on": row.starts_on, "ends_on": row.ends_on}
    record(
        by=by, at=at, verb="activities.hold", thing="activity", thing_id=row.pk, body_id=cluster.body_id, after=after
    )
    return row


@transaction.atomic
def hold_many(
    *, by: Actor, at: datetime, activities: Sequence[NewActivity], thing_body_id: int | None = None
) -> dict[tuple[int, str], int]:
    """Activities in bulk: (cluster, reference) -> id of all, new or standing; again changes nothing. Where all are of one
    organisation, the trail names it (``thing_body_id``)."""
    require(may(by, "intake.take_in", on=date_of(at)))
    require(*(verdict for new in activities for verdict in new.sound()))
    clusters = {new.cluster_id for new in activities}
    themed = {(new.cluster_id, new.reference): _themes(new.themes) for new in activities if new.themes}
    standing = set(Activity.objects.filter(cluster_id__in=clusters).values_list("cluster_id", "reference"))
    before = Activity.objects.count()
    Activity.objects.bulk_create((new.row() for new in activities), batch_size=_BATCH, ignore_conflicts=True)
    new_rows = Activity.objects.count() - before
    stock_of(new_rows, Activity)
    if new_rows:
        digest = digest_of([(new.cluster_id, new.reference) for new in activities])
        after = {"new": new_rows, "of": len(activities), "digest": digest}
        record(by=by, at=at, verb="activities.hold_many", thing="activity", body_id=thing_body_id, after=after)
    rows = Activity.objects.filter(cluster_id__in=clusters).values_list("cluster_id", "reference", "id")
    ids = {(cluster_id, reference): pk for cluster_id, reference, pk in rows}
    links = Activity.themes.through
    links.objects.bulk_create(
        [links(activity_id=ids[key], theme_id=theme.pk) for key, found in themed.items() if key not in standing for theme in found],
        batch_size=_BATCH, ignore_conflicts=True,
    )  # fmt: skip
    return ids


def _shown(row: Activity) -> dict[str, object]:
    values: dict[str, object] = {key: getattr(row, key) for key in AMENDED}
    return {**values, "themes": sorted(row.themes.values_list("code", flat=True))}


@transaction.atomic
def amend(*, by: Actor, at: datetime, activity: Activity, new: NewActivity) -> Activity:
    """Say again what the activity was; only what differs is written, and the trail keeps both. The reference stays."""
    alone_with(activity.cluster)
    held(activity)
    require(may(by, "activities.edit", activity, on=date_of(at)), *new.sound())
    late = Participation.objects.filter(activity=activity, joined_on__gt=new.ends_on).select_related("body").first()
    if late:
        why = mark("“%(name)s” is noted as having joined on %(day)s; mend that first.")
        raise Refused(no(why, on="ends_on", name=late.body.name, day=str(late.joined_on)))
    before, fresh = _shown(activity), new.row()
    for key in AMENDED:
        setattr(activity, key, getattr(fresh, key))
    activity.save(update_fields=list(AMENDED))
    activity.themes.set(_themes(new.themes))
    after = {key: value for key, value in _shown(activity).items() if value != before[key]}
    if after:
        record(
            by=by, at=at, verb="activities.amend", thing="activity", thing_id=activity.pk, body_id=activity.cluster.body_id,
            before={key: before[key] for key in after}, after=after,
        )  # fmt: skip
    return activity


@transaction.atomic
def take_over(*, by: Actor, at: datetime, rows: Iterable[tuple[Plain, ...]], source: str) -> range:
    """All activities of a register at once, as plain rows (PLAIN) that do not stand yet; returns their ids."""
    require(may(by, "intake.take_in", on=date_of(at)))
    first = first_free(Activity)
    count = pour(
        Activity, ("id", "source", *PLAIN), ((first + n, source, *row) for n, row in enumerate(rows)), register=True
    )
    after = {"new": count, "first": first, "source": source}
    record(by=by, at=at, verb="activities.take_over", thing="activity", after=after)
    return range(first, first + count)


@transaction.atomic
def take_over_parts(*, by: Actor, at: datetime, rows: Iterable[tuple[Plain, ...]], source: str) -> int:
    """All participations of a register at once, as plain rows (PLAIN_PART) that do not stand yet."""
    require(may(by, "intake.take_in", on=date_of(at)))
    count = pour(Participation, ("source", *PLAIN_PART), ((source, *row) for row in rows), register=True)
    after = {"new": count, "source": source}
    record(by=by, at=at, verb="activities.take_over_parts", thing="participation", after=after)
    return count


@transaction.atomic
def take_part(*, by: Actor, at: datetime, activity: Activity, new: NewPart) -> Participation:
    """A body takes part once: noted again, persons and hours are replaced and the trail keeps both."""
    alone_with(activity.cluster)
    held(activity)
    require(
        may(by, "activities.edit", activity, on=date_of(at)),
        *may_take_part(new.persons, new.hours, new.joined_on, activity.ends_on),
    )
    require(may_name_units(new.units or (), kinds_of([new.body_id]).get(new.body_id, "")))
    standing = Participation.objects.filter(activity=activity, body_id=new.body_id).first()
    before: dict[str, object] | None = {"persons": standing.persons, "hours": standing.hours, "role": standing.role} if standing else None  # fmt: skip
    if standing and before is not None and new.units is not None:
        before["units"] = sorted(standing.units.values_list("name", flat=True))
    values = {
        "role": new.role,
        "persons": new.persons,
        "hours": new.hours,
        "joined_on": new.joined_on,
        "source": new.source or "form",
    }
    row, _ = Participation.objects.update_or_create(activity=activity, body_id=new.body_id, defaults=values)
    after = {"activity": activity.pk, "body": new.body_id, "persons": new.persons, "hours": new.hours, "role": new.role}
    if new.units is not None:
        _write_units([(row.pk, new.units)])
        after["units"] = sorted(new.units)
    record(
        by=by, at=at, verb="activities.take_part", thing="participation", thing_id=row.pk,
        body_id=activity.cluster.body_id, before=before, after=after,
    )  # fmt: skip
    return row


def _write_units(named: Iterable[tuple[int, tuple[str, ...]]]) -> None:
    """The units of each participation, instead of those that stood."""
    found = list(named)
    ParticipationUnit.objects.filter(participation__in=[pk for pk, _ in found]).delete()
    units = ((pk, {unit_key(name): " ".join(name.split()) for name in names if unit_key(name)}) for pk, names in found)
    ParticipationUnit.objects.bulk_create(
        [
            ParticipationUnit(participation_id=pk, name=name, key=key)
            for pk, names in units
            for key, name in names.items()
        ],
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


@transaction.atomic
def take_part_many(*, by: Actor, at: datetime, parts: Sequence[NewPart]) -> int:
    """Participations in bulk; what stands is left alone, so again changes nothing. Returns how many are new."""
    require(may(by, "intake.take_in", on=date_of(at)))
    require(*(verdict for p in parts for verdict in may_take_part(p.persons, p.hours, None, date.max)))
    kinds = kinds_of(p.body_id for p in parts if p.units)
    require(*(may_name_units(p.units, kinds.get(p.body_id, "")) for p in parts if p.units))
    before = Participation.objects.count()
    rows = (
        Participation(
            activity_id=p.activity_id,
            body_id=p.body_id,
            role=p.role,
            persons=p.persons,
            hours=p.hours,
            joined_on=p.joined_on,
            source=p.source,
        )
        for p in parts
    )
    Participation.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    new = Participation.objects.count() - before
    stock_of(new, Participation)
    if with_units := {(p.activity_id, p.body_id): p.units for p in parts if p.units}:
        known = dict(with_units)
        stands = Participation.objects.filter(activity__in={activity for activity, _ in known}, units__isnull=True)
        pairs = stands.values_list("pk", "activity_id", "body_id")
        _write_units([(pk, known[activity, body]) for pk, activity, body in pairs if (activity, body) in known])
    if new:
        digest = digest_of([(p.activity_id, p.body_id) for p in parts])
        record(
            by=by,
            at=at,
            verb="activities.take_part_many",
            thing="participation",
            after={"new": new, "of": len(parts), "digest": digest},
        )
    return new


@transaction.atomic
def withdraw(*, by: Actor, at: datetime, participation: Participation) -> None:
    """The body did not take part after all; the trail keeps what stood."""
    activity = participation.activity
    require(may(by, "activities.edit", activity, on=date_of(at)))
    alone_with(activity.cluster)
    held(participation)
    before = {
        "activity": activity.pk,
        "body": participation.body_id,
        "persons": participation.persons,
        "hours": participation.hours,
        "units": sorted(participation.units.values_list("name", flat=True)),
    }
    pk = participation.pk
    try:
        participation.delete()
    except ProtectedError as error:
        raise Refused(no(mark("Hours with evidence rest on it. Strike those first."), on="participation")) from error
    record(
        by=by,
        at=at,
        verb="activities.withdraw",
        thing="participation",
        thing_id=pk,
        body_id=activity.cluster.body_id,
        before=before,
    )


@transaction.atomic
def call_off(*, by: Actor, at: datetime, activity: Activity) -> None:
    """An activity that was not held leaves the records; refused while somebody stands as having taken part."""
    alone_with(activity.cluster)
    held(activity)
    require(may(by, "activities.edit", activity, on=date_of(at)))
    if activity.participations.exists():
        raise Refused(no(mark("Participants stand on it. Withdraw them first."), on="activity"))
    before = {"title": activity.title, "starts_on": activity.starts_on, "reference": activity.reference}
    pk, body_id = activity.pk, activity.cluster.body_id
    activity.delete()
    record(by=by, at=at, verb="activities.call_off", thing="activity", thing_id=pk, body_id=body_id, before=before)
