"""landscape and overlap: how every cluster organisation stands on a day, by itself and beside the others."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import override

from klyngeforum.ground.places.queries import names_of
from klyngeforum.results.landscape.between import between, opened_to
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import Split, Standing
from klyngeforum.web.components.landscape import critical_said, towns_placeholder
from klyngeforum.web.public.landscape import LandscapeRow, landscape_rows
from klyngeforum.web.public.overlap import pair_rows

from .printing import Row, show
from .stopping import Options


def _day(options: Options) -> date:
    return options["as_of"] if isinstance(options["as_of"], date) else day_shown(timezone.localdate())


def _rounded(value: float | None, decimals: int = 4) -> float | None:
    return None if value is None else round(value, decimals)


def _areas(one: Standing) -> Split:
    return (*one.regions, *one.activity_regions, *one.towns, *one.activity_towns)


def _row(row: LandscapeRow, areas: dict[int, str], how: str, day: date) -> Row:
    one, core = row.one, row.one.core
    found: dict[str, object] = {
        "slug": row.cluster.slug, "name": row.cluster.name, "members": one.members, "companies": one.companies, "active_companies": one.active,
        "under_50": _rounded(row.under_50), "sme_eu": _rounded(row.sme), "knowledge": one.knowledge, "core": row.core,
        "radius_km": _rounded(row.radius, 1), "near_core": _rounded(row.near), "staff": one.staff, "at_largest": _rounded(row.largest),
        "in_cities": _rounded(row.in_cities), "in_rural_areas": _rounded(row.in_country),
        "activities_in_cities": _rounded(row.active_in_cities), "activities_in_rural_areas": _rounded(row.active_in_country),
        "critical_mass": one.critical if how == "json" else critical_said(one),
    }  # fmt: skip
    if how == "json":
        found |= {
            "core_longitude": core.longitude if core else None, "core_latitude": core.latitude if core else None,
            "farthest_km": _rounded(core.farthest_km, 1) if core else None, "placed": core.placed if core else 0, "staff_year": one.staff_year,
            "regions": {areas[pk]: n for pk, n in one.regions}, "activity_regions": {areas[pk]: n for pk, n in one.activity_regions},
            "urbanisation": {areas[pk]: n for pk, n in one.towns}, "activity_urbanisation": {areas[pk]: n for pk, n in one.activity_towns},
            "urbanisation_placeholder": towns_placeholder(day),
        }  # fmt: skip
    return found


def landscape(options: Options) -> int:
    """0 with a row for each organisation that counts on the day; 1 when there is none."""
    how, language = str(options["format"]), str(options["language"])
    with override(language):
        day = _day(options)
        rows = landscape_rows(day)
        areas = names_of({pk for row in rows for pk, _ in _areas(row.one)}, language)
        show([_row(row, areas, how, day) for row in rows], how)
    return 0 if rows else 1


def overlap(options: Options) -> int:
    """0 with a row for each pair that is flagged or most alike; 1 when there is none. At the machine itself nothing is held back."""
    how, day = str(options["format"]), _day(options)
    with override(str(options["language"])):
        rows = pair_rows(between(day), day, opened_to(None, day))
        show(
            [
                {
                    "first": row.first.slug, "second": row.second.slug, "kind": row.kind, "shared": row.shared,
                    "overlap": _rounded(row.overlap), "jaccard": _rounded(row.jaccard), "profile": _rounded(row.profile),
                    "profile_jaccard": _rounded(row.profile_jaccard),
                }
                for row in rows
            ],
            how,
        )  # fmt: skip
    return 0 if rows else 1
