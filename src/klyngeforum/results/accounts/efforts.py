"""Figures of an organisation itself (activities, groups, staff, regions): how one year is counted and how the country is read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from klyngeforum.ground.programme.terms import OwnFigure

ABROAD = "international"
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OrganisationYear:
    """What an organisation did and had in the year: (kind, marked as international) of each activity, and the rest as it stands."""

    activities: tuple[tuple[str, bool], ...] = ()
    groups: int = 0
    staff: Decimal | None = None  # none: nothing was stated, which is not nought
    regions: frozenset[object] = frozenset()
    companies: int = 0
    institutions: frozenset[object] = frozenset()  # knowledge institutions that took part
    units: frozenset[tuple[object, str]] = frozenset()  # (institution, its department or institute)


def _activities(one: OrganisationYear, kind: str) -> Decimal:
    return Decimal(sum(kind in ("", has) for has, _ in one.activities))


def _international(one: OrganisationYear, _: str) -> Decimal:
    return Decimal(sum(marked or has == ABROAD for has, marked in one.activities))


def _whole(one: OrganisationYear, _: str) -> Decimal:
    """Institutions of which no unit is recorded."""
    return Decimal(len(one.institutions - {institution for institution, _ in one.units}))


def _units(one: OrganisationYear, kind: str) -> Decimal:
    """Each unit once, and an institution without recorded units as one."""
    return Decimal(len({unit for unit in one.units if unit[0] in one.institutions})) + _whole(one, kind)


EFFORTS: dict[str, Callable[[OrganisationYear, str], Decimal | None]] = {
    "activities": _activities,
    "international": _international,
    "groups": lambda one, _: Decimal(one.groups),
    "staff": lambda one, _: one.staff,
    "regions": lambda one, _: Decimal(len(one.regions)),
    "companies": lambda one, _: Decimal(one.companies),
    "units": _units,
    "institutions_whole": _whole,
}


def own(figure: OwnFigure, one: OrganisationYear) -> Decimal | None:
    """The figure of one organisation; none where nothing was stated."""
    return EFFORTS[figure.counts](one, figure.kind)


def average(values: Sequence[Decimal | None]) -> Decimal | None:
    """Over those that stated something."""
    stated = [value for value in values if value is not None]
    return (sum(stated, Decimal(0)) / len(stated)).quantize(_HUNDREDTH) if stated else None


def together(years: Sequence[OrganisationYear]) -> OrganisationYear:
    """The organisations as if they were one, as far as institutions and their units go: an institution of which one of them recorded a unit
    is its units."""
    return OrganisationYear(
        institutions=frozenset[object]().union(*(one.institutions for one in years)),
        units=frozenset[tuple[object, str]]().union(*(one.units for one in years)),
    )


def of_nation(figure: OwnFigure, values: Sequence[Decimal | None], regions: int, whole: OrganisationYear) -> Decimal | None:  # fmt: skip
    """The country from its organisations: the sum, the average, or each thing once (``whole``: they together); none when nobody stated anything."""
    stated = [value for value in values if value is not None]
    if not stated:
        return None
    if figure.nation == "mean":
        return average(stated)
    if figure.nation == "once":
        return own(figure, whole)
    return Decimal(regions) if figure.nation == "distinct" else sum(stated, Decimal(0))
