"""What registers and records hold of an organisation on a day, gathered once for all measured values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.funding import Payer
from klyngeforum.ground.programme.queries import raw_entries
from klyngeforum.ground.programme.rules import ProgrammeError, need, pair
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.activities.queries import in_year as deeds_in
from klyngeforum.records.activities.queries import participations_in
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.records.economy.queries import cash_received, standing_grants
from klyngeforum.records.outcomes.queries import in_year as outcomes_in
from klyngeforum.records.outcomes.terms import Evidence as Proof
from klyngeforum.registers.clusters.queries import clusters, groups_of, own, owned, staff_of
from klyngeforum.registers.memberships.queries import ever_members

from .measuring import measured_of, months_before
from .terms import Deed, Definition, Earned, Held, Measured, Member

_THINGS = frozenset(
    {
        "cluster",
        "membership",
        "activity",
        "participation",
        "outcome",
        "body",
        "candidate",
        "intake",
        "programme",
        "grant",
        "income",
    }
)
_PROVEN = (Proof.COMPANY, Proof.DOCUMENT)
UNITS = ("number", "share", "months", "person_years")


def _definition(raw: dict[str, Any], where: str) -> Definition:
    code, unit = str(need(raw, "code", where)), str(need(raw, "unit", where))
    if code not in MeasuredKey.values():
        raise ProgrammeError(
            f"{where}: nothing is measured by the name '{code}'; write one of {', '.join(MeasuredKey.values())}"
        )
    if unit not in UNITS:
        raise ProgrammeError(f"{where}: unit is '{unit}'; write one of {', '.join(UNITS)}")
    need(raw, "source", where)
    months, radius = int(raw.get("months", 0)), int(raw.get("radius_km", 0))
    return Definition(MeasuredKey(code), pair(raw, where), pair(raw, where, "counted_"), unit, months, radius)


@lru_cache(maxsize=8)
def definitions_in(folder: Path) -> dict[MeasuredKey, Definition]:
    found = {
        one.key: one for where, raw in raw_entries(folder, "measured", "value") for one in [_definition(raw, where)]
    }
    absent = [key.value for key in MeasuredKey if key not in found]
    if absent:
        raise ProgrammeError(f"measured.toml: {', '.join(absent)} is missing; write how it is counted")
    return found


def definitions() -> dict[MeasuredKey, Definition]:
    """How each measured value is counted, as the programme writes it."""
    return definitions_in(settings.PROGRAMME)


def _members(cluster_id: int) -> tuple[Member, ...]:
    columns = (
        "id", "body_id", "body__name", "body__kind", "body__knowledge_kind", "commitment", "since", "until",
        "body__place__name_da", "body__place__longitude", "body__place__latitude", "body__merged_into_id",
    )  # fmt: skip
    return tuple(
        Member(
            pk,
            merged or body,
            name,
            kind,
            knowledge,
            commitment == "dedicated",
            since,
            until,
            place or "",
            longitude,
            latitude,
        )
        for pk, body, name, kind, knowledge, commitment, since, until, place, longitude, latitude, merged in ever_members(
            cluster_id
        ).values_list(*columns)
    )


def _deeds(cluster_id: int, on: date) -> tuple[Deed, ...]:
    """Everything that touches the day's year and the two before it, with who took part."""
    bodies: dict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
    found: dict[int, tuple[str, str, date, date]] = {}
    for year in range(on.year - 2, on.year + 1):
        columns = ("activity_id", "body_id", "body__kind", "body__knowledge_kind", "body__merged_into_id")
        for deed, body, kind, knowledge, merged in participations_in(year, [cluster_id]).values_list(*columns):
            bodies[deed][merged or body] = (kind, knowledge)
        for pk, of, title, starts_on, ends_on in deeds_in(year, [cluster_id]).values_list(
            "id", "kind", "title", "starts_on", "ends_on"
        ):
            found[pk] = (of, title, starts_on, ends_on)
    return tuple(
        Deed(pk, kind, kind == ActivityKind.PROJECT, title, starts_on, ends_on, bodies.get(pk, {}))
        for pk, (kind, title, starts_on, ends_on) in sorted(found.items(), key=lambda one: (one[1][2], one[0]))
    )


def held(cluster_id: int, on: date) -> Held:
    """Registers and records of one organisation, as measured values need them."""
    founded_on = clusters().filter(pk=cluster_id).values_list("founded_on", flat=True).first()
    results = tuple(
        row
        for year in range(on.year - 2, on.year + 1)
        for row in outcomes_in(year, [cluster_id])
        .filter(evidence__in=_PROVEN)
        .order_by("body__name")
        .values_list("id", "body__name", "year")
    )
    groups = tuple(groups_of(cluster_id).values_list("id", "name", "since", "until"))
    staff = staff_of(cluster_id).filter(year__lte=on.year).values_list("year", "full_time").first()
    grants = tuple(standing_grants(cluster_id, on=on).values_list("pk", "title", "starts_on", "ends_on"))
    income = tuple(
        Earned(one.pk, one.payer, one.year, one.amount, one.payer == Payer.PRIVATE, one.on)
        for one in cash_received(cluster_id, on.year - 2, on.year - 1)
    )
    return Held(founded_on, _members(cluster_id), _deeds(cluster_id, on), groups, staff, results, grants, income)


def measured(cluster_id: int, on: date) -> dict[MeasuredKey, Measured]:
    """Every measured value of the organisation on the day, each with the records behind it."""
    return kept(
        ("measured", cluster_id, on),
        lambda: measured_of(held(cluster_id, on), on, definitions()),
        of=_THINGS,
        own=own(cluster_id),
        weigh=lambda found: 400 * sum(one.sources for one in found.values()) + 4096,
    )


def _as_one(parts: Sequence[Held]) -> Held:
    """What is held of several organisations as if they were one: founded with the oldest, staffed by all that have stated it."""
    founded = [one.founded_on for one in parts if one.founded_on is not None]
    staff = [one.staff for one in parts if one.staff is not None]
    return Held(
        min(founded, default=None),
        tuple(member for one in parts for member in one.members),
        tuple(deed for one in parts for deed in one.deeds),
        tuple(group for one in parts for group in one.groups),
        (min(year for year, _ in staff), sum((full for _, full in staff), Decimal(0)))
        if len(staff) == len(parts)
        else None,
        tuple(row for one in parts for row in one.results),
    )


def measured_apart_and_together(cluster_ids: Sequence[int], on: date) -> tuple[list[dict[MeasuredKey, Measured]], dict[MeasuredKey, Measured]]:  # fmt: skip
    """Of each organisation, and of all as one; what is held of them is read once."""

    def both() -> tuple[list[dict[MeasuredKey, Measured]], dict[MeasuredKey, Measured]]:
        parts, known = [held(pk, on) for pk in cluster_ids], definitions()
        return [measured_of(one, on, known) for one in parts], measured_of(_as_one(parts), on, known)

    return kept(("measured together", tuple(cluster_ids), on), both, of=_THINGS, own=owned(cluster_ids), weigh=lambda found: 400 * sum(one.sources for one in found[1].values()) * 2 + 4096)  # fmt: skip


def since_of(key: MeasuredKey, on: date) -> date | None:
    """The first day that a value over some months looks at."""
    months = definitions()[key].months
    return months_before(on, months) if months else None
