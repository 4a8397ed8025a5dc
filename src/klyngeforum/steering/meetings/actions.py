"""Calling a meeting of the forum, laying a scenario or a page before it (fixed in words, so that later counts do not move it) and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.holding import held, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark
from klyngeforum.results.landscape.mergers import Scenario

from .models import Laid, LaidCell, LaidName, LaidPicture, LaidSpot, Meeting
from .rules import fingerprint, may_lay, may_lay_page, may_take_back
from .terms import Kind, Picture, Said, Seen

_LONGEST = 300


def _person(by: Actor) -> Person | None:
    return by if isinstance(by, Person) else None


@transaction.atomic
def call(*, by: Actor, at: datetime, held_on: date, title: str) -> Meeting:
    """Call a meeting; several may be on a day, each with its own title."""
    name = title.strip()
    twice = no(mark("That meeting is called already."), on="title")
    require(
        may(by, "meetings.call", on=date_of(at)),
        YES if name else no(mark("Give the meeting a title."), on="title"),
        twice if Meeting.objects.filter(held_on=held_on, title=name).exists() else YES,
    )
    row = Meeting(held_on=held_on, title=name, called_at=at, called_by=_person(by))
    with once(lambda: twice):
        row.save()
    after = {"held_on": held_on.isoformat(), "title": name}
    record(by=by, at=at, verb="meetings.call", thing="meeting", thing_id=row.pk, after=after)
    return row


@transaction.atomic
def lay(*, by: Actor, at: datetime, meeting: Meeting, scenario: Scenario, cells: Sequence[Said]) -> Laid:
    """Lay a scenario before a meeting as it is counted now; ``cells`` are its tables in words."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)  # two exhibits at once get two places
    held(scenario)
    before = Laid.objects.filter(meeting=meeting)
    ruled = may_lay(
        held_on=meeting.held_on, today=date_of(at), withdrawn=scenario.withdrawn_at is not None,
        laid=before.filter(scenario=scenario, taken_back_at__isnull=True).exists(), cells=len(cells),
    )  # fmt: skip
    require(may(by, "meetings.call", on=date_of(at)), ruled)
    row = Laid(
        meeting=meeting, kind=Kind.SCENARIO, scenario=scenario, position=before.count() + 1, name=scenario.name, note=scenario.note,
        as_of=scenario.day,
    )  # fmt: skip
    return _fixed(row, cells, by, at)


@transaction.atomic
def lay_page(*, by: Actor, at: datetime, meeting: Meeting, seen: Seen, note: str = "") -> Laid:
    """Lay a page before a meeting as it is seen now; ``note`` says what it is laid for."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = Laid.objects.filter(meeting=meeting)
    ruled = may_lay_page(
        held_on=meeting.held_on, today=date_of(at), laid=before.filter(address=seen.address, taken_back_at__isnull=True).exists(),
        cells=len(seen.cells), address=seen.address,
    )  # fmt: skip
    require(may(by, "meetings.call", on=date_of(at)), ruled)
    row = Laid(
        meeting=meeting, kind=seen.kind, address=seen.address, position=before.count() + 1, name=seen.da[:_LONGEST], name_en=seen.en[:_LONGEST],
        note=note.strip()[:_LONGEST], as_of=seen.as_of,
    )  # fmt: skip
    return _fixed(row, seen.cells, by, at, seen.pictures)


def _fixed(row: Laid, cells: Sequence[Said], by: Actor, at: datetime, pictures: Sequence[Picture] = ()) -> Laid:
    """The exhibit with its words and what was drawn written down; the trail knows their fingerprint."""
    row.digest, row.laid_at, row.laid_by = fingerprint(cells, pictures), at, _person(by)
    row.save()
    LaidCell.objects.bulk_create(
        LaidCell(laid=row, part=one.part, row=one.row, column=one.column, said_da=one.da, said_en=one.en)
        for one in cells
    )
    for nth, one in enumerate(pictures):
        _drawn(row, nth, one)
    what = {"scenario": row.scenario_id} if row.scenario_id else {"kind": str(row.kind), "address": row.address}
    after = {"meeting": row.meeting_id, **what, "name": row.name, "exhibit": row.digest}
    record(by=by, at=at, verb="meetings.lay", thing="meeting", thing_id=row.meeting_id, after=after)
    return row


def _drawn(row: Laid, nth: int, one: Picture) -> None:
    picture = LaidPicture.objects.create(
        laid=row, position=nth, part=one.part, shape=one.shape, label_da=one.label[0], label_en=one.label[1], key_da=one.key[0], key_en=one.key[1]
    )  # fmt: skip
    LaidName.objects.bulk_create(
        LaidName(picture=picture, row=at, said_da=da, said_en=en) for at, (da, en) in enumerate(one.names)
    )
    LaidSpot.objects.bulk_create(
        LaidSpot(picture=picture, row=at.row, column=at.column, value=at.value, low=at.low, high=at.high, sign=at.sign)
        for at in one.spots
    )


@transaction.atomic
def take_back(*, by: Actor, at: datetime, exhibit: Laid, because: str, sure: bool) -> None:
    """The meeting no longer has it before it. It keeps its place, so that the others keep their numbers, and its address still shows it."""
    Meeting.objects.select_for_update().get(pk=exhibit.meeting_id)
    row, why = Laid.objects.select_related("meeting").get(pk=exhibit.pk), because.strip()[:_LONGEST]
    require(
        may(by, "meetings.call", on=date_of(at)),
        may_take_back(held_on=row.meeting.held_on, today=date_of(at), taken_back=row.taken_back_at is not None),
        YES if why else no(mark("Say why the exhibit is taken back."), on="because"),
        YES if sure else no(mark("Tick that you mean this exhibit."), on="sure"),
    )
    row.taken_back_at, row.taken_back_by, row.taken_back_because = at, _person(by), why
    row.save(update_fields=["taken_back_at", "taken_back_by", "taken_back_because"])
    what = {"scenario": row.scenario_id} if row.scenario_id else {"kind": str(row.kind), "address": row.address}
    before = {**what, "name": row.name, "number": row.position, "exhibit": row.digest}
    record(by=by, at=at, verb="meetings.take_back", thing="meeting", thing_id=row.meeting_id, before=before, reason=why)
