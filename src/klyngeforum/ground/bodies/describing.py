"""What a register says of one body over time: its names, its workplaces, what it carries on, and whether it may be written to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import held, held_all, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Body, BodyName, ProductionUnit, Succession
from .rules import check_unit, name_key, size_band
from .terms import NameKind, SuccessionKind

DESCRIBED = (
    "kind", "knowledge_kind", "country", "employees", "eu_sme", "eu_sme_declared_on", "industry_id", "place_id", "postcode", "city",
    "protected", "founded_on", "ceased_on", "website",
)  # fmt: skip


def _trailed(
    by: Actor,
    at: datetime,
    body: Body,
    verb: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    record(
        by=by, at=at, verb=f"bodies.{verb}", thing="body", thing_id=body.pk, body_id=body.pk, before=before, after=after
    )


@transaction.atomic
def describe(*, by: Actor, at: datetime, body: Body, changes: Mapping[str, object]) -> Body:
    """Change what the register says of the body; only what differs is written and trailed. The size band follows the employees."""
    unknown = set(changes) - set(DESCRIBED)
    if unknown:
        raise ValueError(f"not described: {sorted(unknown)}")
    held(body)
    before = {key: getattr(body, key) for key, value in changes.items() if getattr(body, key) != value}
    founded, ceased = (changes.get(key, getattr(body, key)) for key in ("founded_on", "ceased_on"))
    turned = isinstance(founded, date) and isinstance(ceased, date) and ceased < founded
    require(
        may(by, "bodies.verify", on=date_of(at)),
        no(mark("It cannot end before it begins."), on="ceased_on") if turned else YES,
    )
    for key in before:
        setattr(body, key, changes[key])
    if "employees" in before:
        body.size_band = size_band(body.employees)
    if before:
        body.save(update_fields=[*before, "size_band"])
        _trailed(by, at, body, "describe", before, {key: changes[key] for key in before})
    return body


def _new_name(body: Body, name: str) -> Verdict:
    if not name.strip():
        return no(mark("The name is missing."), on="name")
    return no(mark("It is called so already."), on="name") if name.strip() == body.name else YES


@transaction.atomic
def rename(*, by: Actor, at: datetime, body: Body, name: str, since: date) -> Body:
    """A new registered name from a day on; the old one is kept with its last day, and is still found."""
    held(body)
    last = BodyName.objects.filter(body=body, kind=NameKind.LEGAL).order_by("-valid_to").first()
    begins = last.valid_to + timedelta(days=1) if last and last.valid_to else body.founded_on
    early = no(mark("The name before it began on %(day)s; choose a later day."), on="since", day=str(begins))
    require(
        may(by, "bodies.verify", on=date_of(at)),
        _new_name(body, name),
        early if begins is not None and since <= begins else YES,
    )
    old, until = body.name, since - timedelta(days=1)
    BodyName.objects.create(
        body=body,
        kind=NameKind.LEGAL,
        name=old,
        name_key=body.name_key,
        valid_from=begins,
        valid_to=until,
        source="form",
    )
    body.name, body.name_key = name.strip()[:200], name_key(name)
    body.save(update_fields=["name", "name_key"])
    _trailed(by, at, body, "rename", {"name": old, "until": until}, {"name": body.name, "since": since})
    return body


@transaction.atomic
def call_also(*, by: Actor, at: datetime, body: Body, name: str) -> BodyName:
    """Another name that people use of the body; from now on it is found and matched by it."""
    held(body)
    known = BodyName.objects.filter(body=body, kind=NameKind.ALIAS, name_key=name_key(name)).exists()
    twice = no(mark("It is called so already."), on="name") if known else YES
    keyed = YES if name_key(name) else no(mark("The name is missing."), on="name")
    require(may(by, "bodies.verify", on=date_of(at)), _new_name(body, name), twice, keyed)
    row = BodyName.objects.create(
        body=body, kind=NameKind.ALIAS, name=name.strip()[:250], name_key=name_key(name), source="form"
    )
    _trailed(by, at, body, "call_also", None, {"name": row.name})
    return row


@transaction.atomic
def drop_name(*, by: Actor, at: datetime, name: BodyName) -> None:
    """Another name was noted in error; registered names stay for ever."""
    legal = no(mark("A registered name stays in the register."), on="name")
    require(may(by, "bodies.verify", on=date_of(at)), legal if held(name).kind == NameKind.LEGAL else YES)
    body, said = name.body, name.name
    name.delete()
    _trailed(by, at, body, "drop_name", {"name": said}, None)


def _unit_free(number: str, body: Body) -> Verdict:
    standing = ProductionUnit.objects.select_related("body").filter(number=number).exclude(body=body).first()
    if standing is None:
        return YES
    return no(
        mark("The P-number %(number)s belongs to “%(name)s”."), on="number", number=number, name=standing.body.name
    )


@transaction.atomic
def note_unit(
    *, by: Actor, at: datetime, body: Body, number: str, place_id: int | None, name: str = "", main: bool = False,
    since: date | None = None, until: date | None = None,
) -> ProductionUnit:  # fmt: skip
    """A workplace of the body with its P-number and municipality; noted again it is replaced, and the trail keeps both."""
    held(body)
    number = "".join(number.split())
    standing = ProductionUnit.objects.filter(number=number).first()
    turned = no(mark("It cannot end before it begins."), on="until")
    require(
        may(by, "bodies.verify", on=date_of(at)),
        check_unit(number),
        _unit_free(number, body),
        turned if since and until and until < since else YES,
    )
    values: dict[str, object] = {
        "name": name.strip()[:200], "place_id": place_id, "main": main, "valid_from": since, "valid_to": until,
    }  # fmt: skip
    before = {key: getattr(standing, key) for key in values} if standing else None
    if main:
        ProductionUnit.objects.filter(body=body, main=True).exclude(number=number).update(main=False)
    with once(lambda: _unit_free(number, body)):
        row = standing or ProductionUnit(body=body, number=number)
        for key, value in values.items():
            setattr(row, key, value)
        row.save()
    _trailed(by, at, body, "note_unit", before, {"number": number, **values})
    return row


@transaction.atomic
def succeed(
    *, by: Actor, at: datetime, predecessor: Body, successor: Body, kind: SuccessionKind, on: date
) -> Succession:
    """One company is carried on as another from a day; both stay what they are, with their own numbers."""
    held_all(predecessor, successor)
    same = no(mark("A body cannot succeed itself."), on="other")
    pair = Succession.objects.filter(predecessor=predecessor, successor=successor)
    back = Succession.objects.filter(predecessor=successor, successor=predecessor)
    known = no(mark("This succession is recorded already."), on="other")
    circle = no(mark("It is recorded the other way round already."), on="other")
    require(
        may(by, "bodies.verify", on=date_of(at)),
        same if predecessor.pk == successor.pk else YES,
        known if pair.exists() else YES,
        circle if back.exists() else YES,
    )
    row = Succession.objects.create(predecessor=predecessor, successor=successor, kind=kind, on=on)
    after = {"predecessor": predecessor.pk, "successor": successor.pk, "kind": kind, "on": on}
    _trailed(by, at, successor, "succeed", None, after)
    return row
