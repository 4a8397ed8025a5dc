"""Records sent by programs: the rows of the workbook as JSON, through the same door."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.tables.terms import DryRun, Problem
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.intake.actions import take_in_rows
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.results.landscape.actions import follow
from klyngeforum.web.components.uploads import said as words
from klyngeforum.web.serving import me
from klyngeforum.web.templatetags.words import said

from .keys import ByKey

MOST_ROWS = 20_000
Cell = str | int | float | bool | None


class RowsIn(Schema):
    """The sheets of the workbook by their names; ``dry_run`` only tells what would happen."""

    dry_run: bool = False
    members: list[dict[str, Cell]] = []
    activities: list[dict[str, Cell]] = []
    participations: list[dict[str, Cell]] = []
    outcomes: list[dict[str, Cell]] = []
    hours: list[dict[str, Cell]] = []


class ProblemOut(Schema):
    sheet: str
    row: int
    column: str
    value: str
    why: str
    mend: str


class CountOut(Schema):
    new: int
    changed: int
    unchanged: int
    in_error: int


class TakenOut(Schema):
    """``written`` says whether anything was: not in a dry run, and not when a single row is in error."""

    written: bool
    sheets: dict[str, CountOut]
    problems: list[ProblemOut]
    notes: list[ProblemOut]


class ColumnOut(Schema):
    key: str
    da: str
    en: str
    kind: str
    required: bool
    choices: list[str]
    longest: int


router = Router(auth=ByKey())  # never a browser's session: another page could make it send


@router.get("/columns", response=dict[str, list[ColumnOut]], auth=None)
def columns(request: HttpRequest) -> dict[str, Any]:
    """Every sheet with its columns: the key to send, what kind of value, whether it is required, and its choices."""
    return {
        kind.value: [
            {"key": one.key, "da": one.da, "en": one.en, "kind": one.kind.value, "required": one.required, "choices": [value for value, _, _ in one.choices], "longest": one.longest}
            for one in SCHEMAS[kind].columns
        ]
        for kind in SheetKind
    }  # fmt: skip


def _problem(one: Problem) -> dict[str, Any]:
    row, column, value, why, mend, sheet = words(one)
    return {"sheet": sheet, "row": row, "column": column, "value": value, "why": why, "mend": mend}


def _told(run: DryRun, written: bool) -> dict[str, Any]:
    counts = {name: {"new": part.new, "changed": part.changed, "unchanged": part.unchanged, "in_error": len(part.wrong_rows)} for name, part in run.parts.items()}  # fmt: skip
    return {"written": written, "sheets": counts, "problems": [_problem(one) for one in run.problems], "notes": [_problem(one) for one in run.notes]}  # fmt: skip


@router.post("/rows/{slug}", response={200: TakenOut, 422: TakenOut})
def send_rows(request: HttpRequest, slug: str, sent: RowsIn) -> Status[dict[str, Any]]:
    """Take rows in for one organisation: all of them or none, and the same rows twice count once."""
    person, today = me(request), timezone.localdate()
    one = cluster_of(slug)
    if one is None or not may(person, "memberships.edit", one, on=today):
        raise HttpError(404, "there is nothing here for you to write")
    rows = {kind: getattr(sent, kind.value) for kind in SheetKind if getattr(sent, kind.value)}
    if not 0 < sum(map(len, rows.values())) <= MOST_ROWS:
        raise HttpError(422, f"send between 1 and {MOST_ROWS} rows at a time")
    try:
        with transaction.atomic():
            run = take_in_rows(by=person, at=timezone.now(), cluster=one, rows=rows, dry_run=sent.dry_run)
            follow()
    except Refused as refused:
        raise HttpError(403, " ".join(str(said(verdict)) for verdict in refused.verdicts)) from refused
    return Status(422 if run.problems else 200, _told(run, not run.problems and not sent.dry_run))
