"""Calling a meeting of the forum, laying a scenario before it (fixed in words, so that later counts do not move it) and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import held, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark
from klyngeforum.results.landscape.mergers import Scenario

from .models import Laid, LaidCell, Meeting
from .rules import may_lay, may_take_back
from .terms import Said

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
    row = Laid.objects.create(
        meeting=meeting, scenario=scenario, position=before.count() + 1, name=scenario.name, note=scenario.note, as_of=scenario.day,
        digest=digest_of(list(cells)), laid_at=at, laid_by=_person(by),
    )  # fmt: skip
    LaidCell.objects.bulk_create(
        LaidCell(laid=row, part=one.part, row=one.row, column=one.column, said_da=one.da[:_LONGEST], said_en=one.en[:_LONGEST])
        for one in cells
    )  # fmt: skip
    after = {"meeting": meeting.pk, "scenario": scenario.pk, "name": row.name, "exhibit": row.digest}
    record(by=by, at=at, verb="meetings.lay", thing="meeting", thing_id=meeting.pk, after=after)
    return row


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
    before = {"scenario": row.scenario_id, "name": row.name, "number": row.position, "exhibit": row.digest}
    record(by=by, at=at, verb="meetings.take_back", thing="meeting", thing_id=row.meeting_id, before=before, reason=why)
