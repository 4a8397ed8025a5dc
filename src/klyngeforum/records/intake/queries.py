"""What has been taken in; templates to fill and the same tables back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import QuerySet

from klyngeforum.ground.tables.actions import template as workbook
from klyngeforum.ground.tables.actions import templates
from klyngeforum.ground.tables.terms import Column, Kind, Row, Schema
from klyngeforum.records.activities import queries as activities
from klyngeforum.records.economy import queries as economy
from klyngeforum.records.outcomes import queries as outcomes
from klyngeforum.registers.memberships import queries as memberships

from .models import Intake
from .schemas import SCHEMAS, SheetKind

# the law asks that who gets a protected company's data sees the flag; on the way in it is passed over
PROTECTED = Column("protected", "Reklamebeskyttet", "Advertising protection", Kind.YES_NO)


def intakes() -> QuerySet[Intake]:
    """Every file taken in, newest first."""
    return Intake.objects.select_related("by", "body").order_by("-at")


def template(kind: SheetKind, *, language: str) -> bytes:
    """An empty workbook with drop-downs and help."""
    return workbook(SCHEMAS[kind], language=language)


def _rows(kind: SheetKind, cluster_id: int, year: int) -> Iterator[Row]:
    if kind is SheetKind.MEMBERS:
        for one in memberships.in_year(year, [cluster_id]).select_related("body").order_by("body__sorted_as"):
            yield {"number": one.body.number, "name": one.body.name, "since": one.since, "until": one.until, "commitment": one.commitment, "role": one.role, "protected": one.body.protected}  # fmt: skip
    elif kind is SheetKind.ACTIVITIES:
        for act in (
            activities.in_year(year, [cluster_id])
            .select_related("place")
            .prefetch_related("themes")
            .order_by("starts_on")
        ):
            yield {"reference": act.reference, "title": act.title, "kind": act.kind, "starts_on": act.starts_on, "ends_on": act.ends_on, "place": act.place.name_da if act.place else None, "themes": ", ".join(one.code for one in act.themes.all()), "budget": act.budget, "country": act.country, "attribution": act.attribution}  # fmt: skip
    elif kind is SheetKind.PARTICIPATIONS:
        for part in activities.participations_in(year, [cluster_id]).select_related("activity", "body").prefetch_related("units").order_by("activity__starts_on", "body__sorted_as"):  # fmt: skip
            yield {"reference": part.activity.reference, "number": part.body.number, "name": part.body.name, "role": part.role, "persons": part.persons, "hours": part.hours, "joined_on": part.joined_on, "units": "; ".join(sorted(unit.name for unit in part.units.all())), "protected": part.body.protected}  # fmt: skip
    elif kind is SheetKind.HOURS:
        for given in economy.hours_of(cluster_id).filter(since__year=year):
            yield {"number": given.body.number, "name": given.body.name, "reference": given.participation.activity.reference if given.participation else None, "person": given.person, "task": given.task, "since": given.since, "until": given.until, "begins": f"{given.begins:%H:%M}" if given.begins else None, "ends": f"{given.ends:%H:%M}" if given.ends else None, "hours": given.hours, "evidence": given.evidence or None, "evidence_reference": given.evidence_reference, "evidence_on": given.evidence_on, "pay": given.pay, "protected": given.body.protected}  # fmt: skip
    else:
        for out in outcomes.in_year(year, [cluster_id]).select_related("body", "activity").order_by("body__sorted_as"):
            yield {"number": out.body.number, "name": out.body.name, "year": out.year, "step": out.step, "evidence": out.evidence, "note": out.note, "reference": out.activity.reference if out.activity else None, "protected": out.body.protected}  # fmt: skip


def _flagged(kind: SheetKind) -> Schema:
    schema = SCHEMAS[kind]
    return schema if kind is SheetKind.ACTIVITIES else replace(schema, columns=(*schema.columns, PROTECTED))


def export(kind: SheetKind, cluster_id: int, year: int, *, language: str) -> bytes:
    """The year's rows in the columns of the template: what goes out can be taken in again."""
    return workbook(_flagged(kind), _rows(kind, cluster_id, year), language=language)


def export_book(cluster_id: int, year: int, *, language: str) -> bytes:
    """One workbook with a sheet for each table and the year's rows in it: changed, added to and taken in again as a whole."""
    return templates([(_flagged(kind), _rows(kind, cluster_id, year)) for kind in SheetKind], language=language)


def templates_of_all(*, language: str) -> bytes:
    """The same workbook with nothing in it yet."""
    return templates([(SCHEMAS[kind], ()) for kind in SheetKind], language=language)
