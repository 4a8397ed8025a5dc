"""Taking a filled sheet or a pasted list in: all of it or nothing; twice is the same as once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.tables.queries import read
from klyngeforum.ground.tables.terms import DryRun, Problem, Sheet
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities import queries as activities_of
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.queries import Activity
from klyngeforum.records.activities.rules import may_be_held, may_take_part
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes import queries as outcomes_of
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Evidence, Step
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships import queries as memberships_of
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.terms import Commitment, MemberRole

from .models import Intake
from .resolving import Named, bodies_of, number_problems
from .schemas import SCHEMAS, SheetKind
from .terms import IntakeState

_RIGHT = {
    SheetKind.MEMBERS: "memberships.edit", SheetKind.ACTIVITIES: "activities.edit",
    SheetKind.PARTICIPATIONS: "activities.edit", SheetKind.OUTCOMES: "outcomes.edit",
}  # fmt: skip


class _Taker:
    """One sheet on its way in: finds what is new, and writes it when asked to."""

    def __init__(self, by: Actor, at: datetime, cluster: Cluster, sheet: Sheet, write: bool) -> None:
        self.by, self.at, self.cluster, self.sheet, self.write = by, at, cluster, sheet, write
        self.run = DryRun(problems=list(sheet.problems))

    def wrong(self, at: int, column: str, value: object, why: str, mend: str, **values: object) -> None:
        self.run.problems.append(Problem(self.sheet.name, at, column, str(value or ""), why, mend, values))

    def bodies(self) -> dict[int, int]:
        """Row -> body; problems and notes go into the run."""
        rows: list[Named] = [
            (at, str(row.get("number") or ""), str(row.get("name") or "")) for at, row in self.sheet.rows.items()
        ]
        self.run.problems += number_problems(rows, self.sheet.name)
        if self.run.problems:
            return {}
        ids, notes = bodies_of(rows, by=self.by, at=self.at, source="sheet", sheet=self.sheet.name, write=self.write)
        self.run.notes += notes
        return {at: pk for (at, _, _), pk in zip(rows, ids, strict=True)}

    def count(self, standing: bool) -> None:
        if standing:
            self.run.unchanged += 1
        else:
            self.run.new += 1

    def members(self) -> None:
        ids = self.bodies()
        if self.run.problems:
            return
        rows = memberships_of.memberships(seen_by=None, on=self.at.date()).filter(cluster=self.cluster)
        standing = set(rows.values_list("body_id", "since"))
        new = []
        for at, row in self.sheet.rows.items():
            since, until = _day(row["since"]), _day(row.get("until"))
            if since is None or (until is not None and until < since):
                self.wrong(at, "Til", until, mark("It ends before it begins."), mark("Check both dates."))
                continue
            self.count((ids[at], since) in standing)
            commitment = Commitment(str(row.get("commitment") or "participant"))
            role = MemberRole(str(row.get("role") or "member"))
            new.append(NewMember(self.cluster.pk, ids[at], since, until, commitment, role, "sheet"))
        if self.write and not self.run.problems:
            memberships.enrol_many(by=self.by, at=self.at, members=new, thing_body_id=self.cluster.body_id)

    def activities(self) -> None:
        standing = set(activities_of.references_of(self.cluster.pk))
        new = []
        for at, row in self.sheet.rows.items():
            starts, place = _day(row["starts_on"]), str(row.get("place") or "")
            ends = _day(row.get("ends_on")) or starts
            if starts is None or ends is None:
                continue
            for verdict in may_be_held(str(row["title"]), starts, ends):
                if not verdict:
                    self.wrong(at, "Slut", ends, verdict.reason, mark("Check both dates."), **verdict.values)
            area = named(place, on=starts) if place else None
            if place and area is None:
                self.wrong(at, "Kommune", place, mark("No municipality is called so."), mark("Write it as in the list of municipalities, or leave it empty."))  # fmt: skip
            country = str(row.get("country") or "DK").upper()
            self.count(row["reference"] in standing)
            new.append(
                NewActivity(
                    self.cluster.pk, str(row["reference"]), ActivityKind(str(row["kind"])), str(row["title"]), starts, ends,
                    area.pk if area else None, country, country != "DK", Attribution(str(row.get("attribution") or "initiated")), source="sheet",
                )
            )  # fmt: skip
        if self.write and not self.run.problems:
            activities.hold_many(by=self.by, at=self.at, activities=new)

    def participations(self) -> None:
        known = activities_of.references_of(self.cluster.pk)
        for at, row in self.sheet.rows.items():
            if row["reference"] not in known:
                self.wrong(at, "Reference", row["reference"], mark("No activity has this reference."), mark("Record the activity first, or check the reference."))  # fmt: skip
        ids = self.bodies()
        if self.run.problems:
            return
        pairs = set(activities_of.parts_of(self.cluster.pk))
        new = []
        for at, row in self.sheet.rows.items():
            activity_id, ends_on = known[str(row["reference"])]
            persons, hours = int(str(row.get("persons") or 1)), Decimal(str(row.get("hours") or 0))
            for verdict in may_take_part(persons, hours, _day(row.get("joined_on")), ends_on):
                if not verdict:
                    self.wrong(at, str(verdict.field), "", verdict.reason, mark("Check the cell."), **verdict.values)
            self.count((activity_id, ids[at]) in pairs)
            role = PartRole(str(row.get("role") or "participant"))
            new.append(NewPart(activity_id, ids[at], role, persons, hours, _day(row.get("joined_on")), "sheet"))
        if self.write and not self.run.problems:
            activities.take_part_many(by=self.by, at=self.at, parts=new)

    def outcomes(self) -> None:
        ids = self.bodies()
        if self.run.problems:
            return
        rows = outcomes_of.outcomes(seen_by=None, on=self.at.date()).filter(cluster=self.cluster)
        standing = set(rows.values_list("body_id", "year"))
        new = []
        for at, row in self.sheet.rows.items():
            year = int(str(row["year"]))
            if not 2000 <= year <= self.at.year:
                self.wrong(at, "År", year, mark("The year must lie between 2000 and now."), mark("Check the year."))
            self.count((ids[at], year) in standing)
            evidence = Evidence(str(row.get("evidence") or "organisation"))
            new.append(NewOutcome(self.cluster.pk, ids[at], year, Step(str(row["step"])), None, evidence, str(row.get("note") or ""), "sheet"))  # fmt: skip
        if self.write and not self.run.problems:
            outcomes.note_many(by=self.by, at=self.at, outcomes=new)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def take_in_sheet(
    *, by: Actor, at: datetime, cluster: Cluster, kind: SheetKind, content: bytes, file_name: str, dry_run: bool
) -> DryRun:
    """What the file would do, or do it: with a single problem nothing is written."""
    require(may(by, _RIGHT[kind], cluster, on=at.date()))
    sheet = read(content, SCHEMAS[kind])
    with transaction.atomic():
        taker = _Taker(by, at, cluster, sheet, write=not dry_run)
        takes: dict[SheetKind, Any] = {
            SheetKind.MEMBERS: taker.members, SheetKind.ACTIVITIES: taker.activities,
            SheetKind.PARTICIPATIONS: taker.participations, SheetKind.OUTCOMES: taker.outcomes,
        }  # fmt: skip
        if not sheet.problems:
            takes[kind]()
        run = taker.run
        if run.problems:
            transaction.set_rollback(True)
        elif not dry_run:
            noted(by=by, at=at, recipe=f"sheet:{kind}", name=file_name, digest=sha256(content).hexdigest(), run=run, body_id=cluster.body_id)  # fmt: skip
    return run


def noted(
    *, by: Actor, at: datetime, recipe: str, name: str, digest: str, run: DryRun, body_id: int | None = None
) -> Intake:
    """The intake itself as a record: which file, which rows, by whom."""
    row = Intake.objects.create(
        recipe=recipe, file_name=name[:200], file_digest=digest, body_id=body_id, state=IntakeState.DONE, rows=run.rows,
        new=run.new, changed=run.changed, unchanged=run.unchanged, errors=len(run.problems), by=by, at=at,
    )  # fmt: skip
    after = {"recipe": recipe, "file": row.file_name, "digest": digest, "rows": run.rows, "new": run.new}
    record(by=by, at=at, verb="intake.take_in", thing="intake", thing_id=row.pk, body_id=body_id, after=after)
    return row


@dataclass(frozen=True, slots=True)
class Decided:
    """A pasted line after the person's decision: an organisation that stands, or a new one."""

    name: str
    body_id: int | None
    number: str = ""
    persons: int = 1
    hours: Decimal = Decimal(0)


@transaction.atomic
def take_pasted(*, by: Actor, at: datetime, activity: Activity, lines: Sequence[Decided]) -> int:
    """Note everybody on the list as having taken part; returns how many are new on it."""
    require(
        may(by, "activities.edit", activity, on=at.date()),
        YES if lines else no(mark("The list is empty. Paste one participant a line."), on="list"),
    )
    unknown: list[Named] = [(index, line.number, line.name) for index, line in enumerate(lines) if line.body_id is None]
    problems = number_problems(unknown, "")
    require(*(Verdict(False, problem.why, problem.values, "list") for problem in problems))
    ids, _ = bodies_of(unknown, by=by, at=at, source="pasted", sheet="", write=True)
    made = dict(zip((index for index, _, _ in unknown), ids, strict=True))
    parts = [
        NewPart(
            activity.pk, line.body_id or made[index], PartRole.PARTICIPANT, line.persons, line.hours, None, "pasted"
        )
        for index, line in enumerate(lines)
    ]
    return activities.take_part_many(by=by, at=at, parts=parts)
