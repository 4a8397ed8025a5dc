"""A sheet of hours with their evidence on its way in: time sheets and participant lists, of activities or apart from them."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, time
from decimal import Decimal

from klyngeforum.ground.period import date_of
from klyngeforum.ground.tables.terms import Outcome, Row
from klyngeforum.ground.words import mark
from klyngeforum.records.activities.queries import Participation, participations_of
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy import queries as economy_of
from klyngeforum.records.economy.actions import NewHours
from klyngeforum.records.economy.queries import HourEntry
from klyngeforum.records.economy.rules import Spell, may_lay, may_record
from klyngeforum.records.economy.terms import HourEvidence

from .taking import Taker

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)(?:[.:]\d\d)?")
_KEPT = ("until", "ends", "hours", "task", "pay", "evidence", "evidence_reference", "evidence_on")  # what a row can put right  # fmt: skip
Key = tuple[int, int | None, str, date, time | None]


def _clock(taker: Taker, at: int, key: str) -> time | None:
    text = str(taker.sheet.rows[at].get(key) or "").strip()
    found = _CLOCK.fullmatch(text)
    if text and not found:
        taker.wrong(at, key, text, mark("This is no time of the day."), mark("Write it as 9.30 or 09:30."))
    return time(int(found.group(1)), int(found.group(2))) if found else None


def _key(row: HourEntry | NewHours) -> Key:
    return row.body_id, row.participation_id, " ".join(row.person.split()).casefold(), row.since, row.begins


def _part(taker: Taker, at: int, body: int, known: dict[tuple[str, int], Participation]) -> Participation | None:
    """The participation that the row's reference and organisation name."""
    reference = str(taker.sheet.rows[at].get("reference") or "")
    found = known.get((reference, body))
    if reference and found is None and not taker.waits(at, reference):
        taker.wrong(at, "reference", reference, mark("The organisation does not stand as taking part in an activity of this reference."), mark("Record that it took part first, or leave the reference empty."))  # fmt: skip
    return found


def _wish(line: Row, body: int, part: Participation | None, times: tuple[time | None, time | None], standing: HourEntry | None) -> NewHours:  # fmt: skip
    """The row as hours; an empty cell leaves what stands."""
    since = line["since"]
    assert isinstance(since, date)  # noqa: S101 - the schema requires it
    until, on = line.get("until"), line.get("evidence_on")
    evidence = HourEvidence(str(line.get("evidence") or (standing.evidence if standing else "")))
    return NewHours(
        body, since, until if isinstance(until, date) else standing.until if standing else since,
        Decimal(str(line["hours"])), part.pk if part else None, str(line.get("person") or ""), str(line.get("task") or (standing.task if standing else "")),
        times[0], times[1] or (standing.ends if standing else None),
        Decimal(str(line["pay"])) if line.get("pay") is not None else standing.pay if standing else None, evidence,
        str(line.get("evidence_reference") or (standing.evidence_reference if standing else "")),
        on if isinstance(on, date) else standing.evidence_on if standing else None, "sheet",
    )  # fmt: skip


def _judge(taker: Taker, at: int, new: NewHours, left: Decimal | None) -> None:
    line, today = taker.sheet.rows[at], date_of(taker.at)
    spell = Spell(new.body_id, new.person, new.since, new.until, new.begins, new.ends)
    taker.judge(at, line, *may_record(spell, new.hours, new.pay, left, today), otherwise="hours")
    taker.judge(at, line, *may_lay(new.evidence, new.evidence_reference, new.evidence_on, new.since, today), otherwise="evidence")  # fmt: skip


def hours(taker: Taker) -> None:
    ids = taker.bodies()
    known = {(row.activity.reference, row.body_id): row for row in participations_of(taker.cluster.pk).select_related("activity")}  # fmt: skip
    standing = {_key(row): row for row in economy_of.hours_of(taker.cluster.pk)}
    claimed = economy_of.claimed_by(taker.cluster.pk)
    free: dict[int, Decimal] = {}
    seen: dict[object, int] = {}
    new: list[NewHours] = []
    changed: list[tuple[HourEntry, NewHours]] = []
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for at, line in taker.rows.items():
        part = _part(taker, at, ids[at], known)
        if part is None and line.get("reference"):
            continue
        times = _clock(taker, at, "begins"), _clock(taker, at, "ends")
        probe = _wish(line, ids[at], part, times, None)
        if taker.twice(at, (taker.who(at, ids), *_key(probe)[1:]), seen):
            continue
        row = standing.get(_key(probe))
        wish = _wish(line, ids[at], part, times, row)
        left = None
        if part is not None:
            free.setdefault(part.pk, economy_of.left_of(part))
            left = free[part.pk] - wanted[part.pk] + (row.hours if row else 0)
            wanted[part.pk] += wish.hours - (row.hours if row else 0)
        _judge(taker, at, wish, left)
        if row is None:
            if taker.count(Outcome.NEW, at):
                new.append(wish)
        elif all(getattr(row, key) == getattr(wish, key) for key in _KEPT):
            taker.count(Outcome.UNCHANGED, at)
        elif row.pk in claimed:
            taker.wrong(at, "hours", wish.hours, mark("The hours are claimed under “%(grant)s”."), mark("Take the claim back first, or leave the row as it stands."), grant=claimed[row.pk])  # fmt: skip
        elif taker.count(Outcome.CHANGED, at):
            changed.append((row, wish))
    if taker.write:
        if new:
            economy.record_many(by=taker.by, at=taker.at, cluster_id=taker.cluster.pk, many=new, thing_body_id=taker.cluster.body_id)  # fmt: skip
        for row, wish in changed:
            economy.amend_hours(by=taker.by, at=taker.at, entry=row, new=wish)
