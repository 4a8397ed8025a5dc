"""What was recorded, read by programs: the same rights as on the screens, at most 500 rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from ninja.security import django_auth

from klyngeforum.ground.access.queries import reach_of
from klyngeforum.ground.bodies.queries import Body
from klyngeforum.records.activities.queries import activities as activities_of
from klyngeforum.records.activities.queries import participations as participations_of
from klyngeforum.records.outcomes.queries import outcomes as outcomes_of
from klyngeforum.registers.memberships.queries import memberships as memberships_of
from klyngeforum.web.serving import me

from .keys import ByKey

router = Router(auth=[ByKey(), django_auth])
MOST = 500
Row = TypeVar("Row", bound=Model)


class Page(Schema):
    offset: int = 0
    limit: int = 100


class BodyOut(Schema):
    """Who it is; ``protected`` is the flag of advertising protection, which whoever reads this must honour."""

    scheme: str
    number: str
    name: str
    kind: str
    protected: bool


class MembershipOut(Schema):
    cluster: str
    body: BodyOut
    role: str
    commitment: str
    since: date
    until: date | None


class ActivityOut(Schema):
    cluster: str
    reference: str
    kind: str
    title: str
    starts_on: date
    ends_on: date
    place: str
    country: str
    international: bool
    attribution: str
    themes: list[str]
    budget: Decimal | None
    participants: int


class ParticipationOut(Schema):
    cluster: str
    reference: str
    body: BodyOut
    role: str
    persons: int
    hours: Decimal
    joined_on: date | None
    units: list[str]


class OutcomeOut(Schema):
    cluster: str
    body: BodyOut
    year: int
    step: str
    evidence: str
    reference: str
    note: str


class MembershipPage(Schema):
    total: int
    offset: int
    rows: list[MembershipOut]


class ActivityPage(Schema):
    total: int
    offset: int
    rows: list[ActivityOut]


class ParticipationPage(Schema):
    total: int
    offset: int
    rows: list[ParticipationOut]


class OutcomePage(Schema):
    total: int
    offset: int
    rows: list[OutcomeOut]


def _allowed(request: HttpRequest, act: str) -> None:
    """A stranger meets 404, as on the screens."""
    everything, bodies = reach_of(me(request), act, timezone.localdate())
    if not everything and not bodies:
        raise HttpError(404, "there is nothing here for you")


def _page(rows: QuerySet[Row], page: Page, shown: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    if not 0 <= page.offset <= 2**31 or not 0 < page.limit <= MOST:
        raise HttpError(422, f"offset must not be negative and limit lie between 1 and {MOST}")
    part = rows[page.offset : page.offset + page.limit]
    return {"total": rows.count(), "offset": page.offset, "rows": [shown(row) for row in part]}


def _body(body: Body) -> dict[str, Any]:
    return {key: getattr(body, key) for key in BodyOut.model_fields}


@router.get("/memberships", response=MembershipPage)
def memberships(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """Who takes part in what organisation, with role, commitment and days."""
    _allowed(request, "memberships.see")
    rows = memberships_of(seen_by=me(request), on=timezone.localdate()).order_by("id")
    return _page(rows, page, lambda row: {"cluster": row.cluster.slug, "body": _body(row.body), "role": row.role, "commitment": row.commitment, "since": row.since, "until": row.until})  # fmt: skip


@router.get("/activities", response=ActivityPage)
def activities(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """What was done: kind, days, place, fields, abroad or not, and how far the organisation is the cause."""
    _allowed(request, "activities.see")
    rows = activities_of(seen_by=me(request), on=timezone.localdate())
    return _page(
        rows, page,
        lambda row: {
            "cluster": row.cluster.slug, "reference": row.reference, "kind": row.kind, "title": row.title, "starts_on": row.starts_on,
            "ends_on": row.ends_on, "place": row.place.name_da if row.place else "", "country": row.country, "international": row.international,
            "attribution": row.attribution, "themes": [theme.code for theme in row.themes.all()], "budget": row.budget,
            "participants": getattr(row, "taking_part", 0),
        },
    )  # fmt: skip


@router.get("/participations", response=ParticipationPage)
def participations(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """Who took part in what: role, persons, hours, and since when if later than the start."""
    _allowed(request, "activities.see")
    rows = participations_of(seen_by=me(request), on=timezone.localdate()).prefetch_related("units").order_by("id")
    return _page(rows, page, lambda row: {"cluster": row.activity.cluster.slug, "reference": row.activity.reference, "body": _body(row.body), "role": row.role, "persons": row.persons, "hours": row.hours, "joined_on": row.joined_on, "units": sorted(unit.name for unit in row.units.all())})  # fmt: skip


@router.get("/outcomes", response=OutcomePage)
def outcomes(request: HttpRequest, page: Query[Page]) -> dict[str, Any]:
    """What companies got out of it, on the ladder of three steps, with the evidence."""
    _allowed(request, "outcomes.see")
    rows = outcomes_of(seen_by=me(request), on=timezone.localdate())
    return _page(rows, page, lambda row: {"cluster": row.cluster.slug, "body": _body(row.body), "year": row.year, "step": row.step, "evidence": row.evidence, "reference": row.activity.reference if row.activity else "", "note": row.note})  # fmt: skip
