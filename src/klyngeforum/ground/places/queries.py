"""Where something lies, as of a date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from .models import Area, Belonging, Postcode
from .rules import Point
from .terms import AreaKind

_DISTRICT = re.compile(r"\s+(?:[A-ZÆØÅ]{1,2}|Øst|Vest|Nord|Syd)$")


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def areas(kind: AreaKind, *, on: date) -> QuerySet[Area]:
    """Areas of one kind that exist on the day, by Danish name."""
    return Area.objects.filter(_valid(on), kind=kind).order_by("sorted_as")


def parent_map(kind: AreaKind, *, on: date) -> dict[int, int]:
    """Municipality id -> id of the region (landsdel, growth forum) that it lies in on the day."""
    return dict(Belonging.objects.filter(_valid(on), parent__kind=kind).values_list("child_id", "parent_id"))


def named(text: str, *, on: date) -> Area | None:
    """The municipality (or else the wider area) of that name or code on the day; "Aarhus C" and "Aalborg Øst" are the towns."""
    asked = text.strip()
    town = _DISTRICT.sub("", asked)
    found = (
        Area.objects.filter(_valid(on))
        .exclude(kind=AreaKind.URBANISATION)
        .filter(Q(name_da__iexact=asked) | Q(name_en__iexact=asked) | Q(code=asked) | Q(name_da__iexact=town))
    )
    return found.filter(kind=AreaKind.MUNICIPALITY).first() or found.first()


def by_postcode(code: str, country: str = "DK") -> Area | None:
    postcode = Postcode.objects.select_related("municipality").filter(country=country, code=code.strip()).first()
    return postcode.municipality if postcode else None


def by_code(kind: AreaKind) -> dict[str, int]:
    """Code -> id of every area of the kind, the newest of each code."""
    return dict(Area.objects.filter(kind=kind).order_by("valid_from").values_list("code", "id"))


def parent_of(column: str, kind: AreaKind, *, on: date) -> Subquery:
    """For a queryset: the id of the region (landsdel …) that the row's place lies in on the day."""
    found = Belonging.objects.filter(_valid(on), child=OuterRef(column), parent__kind=kind)
    return Subquery(found.values("parent_id")[:1])


def rests_on_placeholders(kind: AreaKind, *, on: date) -> bool:
    """Whether where something lies, in areas of the kind on the day, rests on values that wait for the official ones."""
    return Belonging.objects.filter(_valid(on), parent__kind=kind, placeholder=True).exists()


def codes_in(area_id: int) -> frozenset[str]:
    """Codes of the municipalities that ever lay in the area."""
    return frozenset(Belonging.objects.filter(parent_id=area_id).values_list("child__code", flat=True))


def points() -> dict[int, Point]:
    """Area id -> (longitude, latitude) of the areas that have one."""
    rows = Area.objects.filter(longitude__isnull=False, latitude__isnull=False)
    return {one.pk: (one.longitude or 0.0, one.latitude or 0.0) for one in rows.only("longitude", "latitude")}


def names_of(ids: Iterable[int], language: str) -> dict[int, str]:
    """Area id -> name in the language."""
    column = "name_en" if language.startswith("en") else "name_da"
    return dict(Area.objects.filter(pk__in=list(ids)).values_list("id", column))
