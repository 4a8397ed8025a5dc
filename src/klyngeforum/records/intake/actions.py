"""Taking a filled sheet or a pasted list in: all of it or nothing; twice is the same as once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bodies.queries import facts
from klyngeforum.ground.bodies.rules import name_key
from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.tables.queries import NotATable, read, sheet_names, sheet_of, sheet_of_rows
from klyngeforum.ground.tables.terms import DryRun, Sheet
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewPart
from klyngeforum.records.activities.queries import Activity
from klyngeforum.records.activities.rules import may_take_part
from klyngeforum.records.activities.terms import PartRole
from klyngeforum.registers.clusters.queries import Cluster

from .hours import hours
from .models import Intake
from .resolving import Named, bodies_of, number_problems
from .schemas import SCHEMAS, SheetKind
from .taking import TAKES, Taker
from .terms import IntakeState

_RIGHT = {
    SheetKind.MEMBERS: "memberships.edit", SheetKind.ACTIVITIES: "activities.edit",
    SheetKind.PARTICIPATIONS: "activities.edit", SheetKind.OUTCOMES: "outcomes.edit", SheetKind.HOURS: "economy.edit",
}  # fmt: skip


_TAKES = {**TAKES, SheetKind.HOURS: hours}


def take_in_sheet(
    *, by: Actor, at: datetime, cluster: Cluster, kind: SheetKind, content: bytes, file_name: str, dry_run: bool
) -> DryRun:
    """What the file would do, or do it: with a single problem nothing is written."""
    require(may(by, _RIGHT[kind], cluster, on=date_of(at)))
    sheet = read(content, SCHEMAS[kind])
    with transaction.atomic():
        if not dry_run:
            alone_with(cluster)  # the same file sent twice at the same moment is taken in once
        taker = Taker(by, at, cluster, kind, sheet, not dry_run, DryRun(problems=list(sheet.problems)))
        _TAKES[kind](taker)
        run = taker.run
        if run.problems:
            transaction.set_rollback(True)
        elif not dry_run:
            noted(by=by, at=at, recipe=f"sheet:{kind}", name=file_name, digest=sha256(content).hexdigest(), run=run, body_id=cluster.body_id)  # fmt: skip
    return run


def take_in_book(*, by: Actor, at: datetime, cluster: Cluster, content: bytes, file_name: str, dry_run: bool) -> DryRun:
    """Every sheet of a workbook in turn, in one transaction: what a later sheet names may stand in an earlier one. All of it or nothing."""
    require(*(may(by, act, cluster, on=date_of(at)) for act in set(_RIGHT.values())))
    names = sheet_names(content)
    there = [kind for kind in SheetKind if sheet_of(SCHEMAS[kind], names)]
    if not there:
        wanted = ", ".join(SCHEMAS[kind].da for kind in SheetKind)
        raise NotATable(mark("The workbook has no sheet called %(names)s."), mark("Use the template; keep the names of its sheets."), names=wanted)  # fmt: skip
    sheets = {kind: read(content, SCHEMAS[kind]) for kind in there}
    came = Came("book", file_name, sha256(content).hexdigest())
    return _taken(by, at, cluster, sheets, came, dry_run)


def take_in_rows(
    *,
    by: Actor,
    at: datetime,
    cluster: Cluster,
    rows: Mapping[SheetKind, Sequence[Mapping[str, object]]],
    dry_run: bool,
) -> DryRun:
    """The rows that a program sends, by the same schemas and doors as a workbook: all of it or nothing, and twice is once."""
    require(*(may(by, act, cluster, on=date_of(at)) for act in {_RIGHT[kind] for kind in rows}))
    sheets = {kind: sheet_of_rows(rows[kind], SCHEMAS[kind]) for kind in SheetKind if kind in rows}
    text = json.dumps({kind.value: rows[kind] for kind in sheets}, default=list, sort_keys=True)
    return _taken(by, at, cluster, sheets, Came("rows", "API", sha256(text.encode()).hexdigest()), dry_run)


@dataclass(frozen=True, slots=True)
class Came:
    """How it came: the door, the file's name, the digest of its content."""

    door: str
    name: str
    digest: str


def _taken(
    by: Actor, at: datetime, cluster: Cluster, sheets: dict[SheetKind, Sheet], came: Came, dry_run: bool
) -> DryRun:
    """Every sheet is read to its end: sound rows are written for those after them to rest on, and with one problem all of it is undone."""
    whole, waiting = DryRun(), set[str]()
    with transaction.atomic():
        if not dry_run:
            alone_with(cluster)
        for kind, sheet in sheets.items():
            taker = Taker(by, at, cluster, kind, sheet, True, DryRun(problems=list(sheet.problems)), waiting)
            _TAKES[kind](taker)
            waiting |= taker.held_up()
            whole.add(kind.value, taker.run)
        if whole.problems or dry_run:
            transaction.set_rollback(True)
        else:
            noted(by=by, at=at, recipe=came.door, name=came.name, digest=came.digest, run=whole, body_id=cluster.body_id)  # fmt: skip
    return whole


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
    role: PartRole = PartRole.PARTICIPANT


def _fits(activity: Activity, line: Decided) -> Verdict:
    """The first thing that is wrong with the line, with whose line it is."""
    why = mark("%(name)s: persons must lie between 0 and 10,000 and hours between 0 and 200,000.")
    blank = line.body_id is None and not line.number and not name_key(line.name)
    if blank:
        return no(mark("“%(said)s” is no name: it needs letters or digits."), on="list", said=line.name)
    sound = all(may_take_part(line.persons, line.hours, None, activity.ends_on))
    return YES if sound else no(why, on="list", name=line.name)


@transaction.atomic
def take_pasted(*, by: Actor, at: datetime, activity: Activity, lines: Sequence[Decided]) -> int:
    """Note everybody on the list as having taken part; returns how many are new on it."""
    held(activity)
    require(
        may(by, "activities.edit", activity, on=date_of(at)),
        YES if lines else no(mark("The list is empty. Paste one participant a line."), on="list"),
    )
    unknown: list[Named] = [(index, line.number, line.name) for index, line in enumerate(lines) if line.body_id is None]
    problems = number_problems(unknown, "")
    require(*(Verdict(False, problem.why, problem.values, "list") for problem in problems))
    require(*(_fits(activity, line) for line in lines))
    named = {line.body_id for line in lines if line.body_id is not None}
    gone = no(mark("One of the organisations is not in the register any more. Paste the list again."), on="list")
    require(gone if named - set(facts(named, lambda *values: values[0])) else YES)
    ids, _ = bodies_of(unknown, by=by, at=at, source="pasted", sheet="", write=True)
    made = dict(zip((index for index, _, _ in unknown), ids, strict=True))
    parts: dict[int, NewPart] = {}
    for index, line in enumerate(
        lines
    ):  # two lines that turned out to be one organisation: two of its people, and the hours of both
        body = line.body_id or made[index]
        known = parts.get(body)
        persons, hours = line.persons + (known.persons if known else 0), line.hours + (known.hours if known else 0)
        parts[body] = NewPart(activity.pk, body, known.role if known else line.role, persons, hours, None, "pasted")
    return activities.take_part_many(by=by, at=at, parts=list(parts.values()))
