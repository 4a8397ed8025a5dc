"""Smart specialisation side by side: who puts which field first, who is strong in it, where they overlap, and what nobody looks after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.places.queries import by_code, names_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.results.strengths.positions import region_standing
from klyngeforum.results.strengths.side_by_side import FieldBeside, beside
from klyngeforum.results.strengths.strategies import Strategy, strategies
from klyngeforum.results.strengths.terms import RegionStanding
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.strategies import field_said, strategy_said
from klyngeforum.web.components.strengths import day_of
from klyngeforum.web.serving import serves

from .strengths import View, table_name, view_asked


@dataclass(frozen=True, slots=True)
class BesideRow:
    """A field over all regions: in every region's column whether it is a priority, a strength, or both."""

    one: FieldBeside
    name: str
    cells: list[tuple[str, str]]


def _cell(one: FieldBeside, region: str) -> str:
    first, strong = region in one.prioritised, region in one.strong
    if first and strong:
        return gettext("priority and strength")
    return gettext("priority") if first else gettext("strength") if strong else ""


def region_names_of(found: tuple[Strategy, ...]) -> dict[str, str]:
    ids = {pk: code for code, pk in by_code(AreaKind.REGION).items()}
    names = {ids[pk]: name for pk, name in names_of(ids, get_language() or "da").items()}
    return {one.region: names.get(one.region, one.region) for one in found}


def standings_of(view: View | None, found: tuple[Strategy, ...], day: date) -> dict[str, RegionStanding]:
    """How each region stands by its own strategy's categories, as this reader may see it."""
    answer = {}
    for one in found if view else ():
        fits = view is not None and view.table.classification == one.definition.classification
        standing = region_standing(view.table, one.region, one.definition, on=day, see_small=view.see_small) if view and fits else None  # fmt: skip
        if standing is not None:
            answer[one.region] = standing
    return answer


def _field_name(found: tuple[Strategy, ...], code: str) -> str:
    return next((name for one in found if (name := field_said(one, code)) != code), code)


def beside_rows(fields: Iterable[FieldBeside], found: tuple[Strategy, ...], names: Mapping[str, str]) -> list[BesideRow]:  # fmt: skip
    """Every field over all regions, in words."""
    return [
        BesideRow(one, _field_name(found, one.code), [(names[region], _cell(one, region)) for region in names])
        for one in fields
    ]


def _rows(rows: list[BesideRow], names: Mapping[str, str]) -> list[tuple[object, ...]]:
    listed: list[tuple[object, ...]] = [("field", "name", *names.values())]
    return listed + [(row.one.code, row.name, *(words for _, words in row.cells)) for row in rows]


@serves("strengths.see")
def specialisation(request: HttpRequest) -> HttpResponseBase:
    """All strategies beside one another and beside what is counted."""
    view = view_asked(request)
    today = timezone.localdate()
    day = day_of(view.table) if view else today
    found = strategies(today)  # statistics lag: what is counted last stands beside what is in force now
    standings, names = standings_of(view, found, day), region_names_of(found)
    rows = beside_rows(beside(found, standings), found, names)
    if request.GET.get("hent", "") in FORMATS:
        return download(_rows(rows, names), name="intelligent-specialisering", fmt=request.GET["hent"])
    said = [strategy_said(one, standings.get(one.region), names[one.region]) for one in found]
    context = {
        "view": view, "table_said": table_name(view.table) if view else "", "rows": rows, "names": names, "said": said, "exports": list(FORMATS.items()),
        "overlaps": [(row, [names[code] for code in row.one.prioritised], [names[code] for code in row.one.bare]) for row in rows if row.one.overlap],
        "gaps": [(row, [names[code] for code in row.one.strong]) for row in rows if row.one.gap], "bare": sum(one.bare for one in said),
        "missing": sum(len(one.missing) for one in said), "priorities": sum(len(one.rows) for one in said), "counted": bool(standings),
    }  # fmt: skip
    return render(request, "public/specialisation.html", context)
