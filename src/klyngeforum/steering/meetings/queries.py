"""Meetings, what is laid before them, and which of them something can still be laid before."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from klyngeforum.ground.access.queries import Actor, may

from .models import Laid as Laid
from .models import LaidCell, LaidPicture
from .models import Meeting as Meeting
from .rules import tables
from .terms import Part, Picture, Said, Shape, Sign, Spot, Table


def meetings(*, seen_by: Actor, on: date) -> QuerySet[Meeting]:
    """Every meeting with what is laid before it, the newest first."""
    rows = Meeting.objects.select_related("called_by").prefetch_related("laid__laid_by", "laid__taken_back_by")
    return rows if may(seen_by, "meetings.see", on=on) else rows.none()


def coming(*, seen_by: Actor, on: date) -> QuerySet[Meeting]:
    """Those that are not held yet, the next first."""
    return meetings(seen_by=seen_by, on=on).filter(held_on__gte=on).order_by("held_on", "id")


def meeting(pk: int, *, seen_by: Actor, on: date) -> Meeting | None:
    return meetings(seen_by=seen_by, on=on).filter(pk=pk).first()


def laid(pk: int, *, seen_by: Actor, on: date) -> Laid | None:
    rows = Laid.objects.select_related("meeting", "scenario", "laid_by", "taken_back_by").filter(pk=pk)
    return rows.first() if may(seen_by, "meetings.see", on=on) else None


def laid_with(scenario_id: int, *, seen_by: Actor, on: date) -> QuerySet[Laid]:
    """Where the scenario has been laid, the newest meeting first."""
    rows = Laid.objects.select_related("meeting").filter(scenario_id=scenario_id).order_by("-meeting__held_on", "-id")
    return rows if may(seen_by, "meetings.see", on=on) else rows.none()


def laid_at(address: str, *, seen_by: Actor, on: date) -> QuerySet[Laid]:
    """Where the page has been laid, the newest meeting first."""
    rows = Laid.objects.select_related("meeting").filter(address=address).order_by("-meeting__held_on", "-id")
    return rows if may(seen_by, "meetings.see", on=on) else rows.none()


def tables_of(one: Laid, language: str) -> list[Table]:
    """What was laid, as it was said."""
    rows = LaidCell.objects.filter(laid=one).values_list("part", "row", "column", "said_da", "said_en")
    return tables((Said(Part(part), row, column, da, en) for part, row, column, da, en in rows), language)


def pictures_of(one: Laid) -> list[Picture]:
    """What the page had drawn, as it was; nothing of an exhibit that kept words alone."""
    rows = LaidPicture.objects.filter(laid=one).prefetch_related("names")
    return [
        Picture(
            Part(row.part), Shape(row.shape), (row.label_da, row.label_en), (row.key_da, row.key_en),
            tuple((name.said_da, name.said_en) for name in row.names.all()),
            tuple(Spot(at.row, at.column, at.value, at.low, at.high, Sign(at.sign)) for at in row.spots.order_by("id")),
        )
        for row in rows
    ]  # fmt: skip
