"""Results and effects on the map: what was counted, locally, regionally and nationally; and at which level the studies can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.places.queries import areas, by_code, names_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.accounts.on_map import MAPPED, OnMap, on_map
from klyngeforum.results.accounts.queries import published_years
from klyngeforum.results.effects.by_area import claims_by_region
from klyngeforum.results.effects.queries import Study, limits, protocol_of, studies, told
from klyngeforum.results.effects.terms import Claim, StudyState
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.maps import Cell, MapShown, base_map
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .effect_groups import BY_REGION, answers_in
from .effects import Answer, answers_of
from .landscape import NumberColumn

TOWN, REGION, LAND = "kommune", "region", "landet"
_SHADES = 4
_NONE = Empty(_("No account is approved yet"), _("When the first account is approved, its results stand here by municipality, region and for the country."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with its number, or without one where it is held back."""

    code: str
    name: str
    region: str
    value: int | None

    @property
    def name_sorted(self) -> str:
        return danish_key(self.name)


class ToldColumn(NumberColumn):
    """A number, or that it is not told."""

    def render(self, value: float | None) -> str:
        return gettext("not told") if value is None else grouped(value)


class AreaTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="name_sorted", verbose_name=_("Area"))
    region = tables.Column(verbose_name=_("Region"), default="–")
    value = ToldColumn(verbose_name=_("Counted once"))

    class Meta:
        caption = _("Areas and numbers")


class MapFilter(forms.Form):
    tal = forms.ChoiceField(label=_("Figure"), required=False)
    niveau = forms.ChoiceField(label=_("Level"), required=False)
    aar = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, data: Any, language: str) -> None:
        super().__init__(data)
        levels = [(TOWN, gettext("Municipalities")), (REGION, gettext("Regions")), (LAND, gettext("The whole country"))]
        known = [(code, one.name.say(language)) for code in MAPPED if (one := measure_of(code))]
        for name, offered in (("tal", known), ("niveau", levels), ("aar", [(str(year), str(year)) for year in published_years()])):  # fmt: skip
            field = self.fields[name]
            field.choices = field.widget.choices = offered  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A published study: its answer for the country, and what each region could be told by itself."""

    code: str
    question: str
    answers: list[Answer]
    regions: list[tuple[str, str, list[str]]]
    asked: bool  # its protocol asked by region


def _asked(request: HttpRequest) -> tuple[str, str, int]:
    """(figure, level, year) of the address; what it does not name is the first of each."""
    years, said = published_years(), request.GET
    figure = said.get("tal") if said.get("tal") in MAPPED else MAPPED[0]
    level = said.get("niveau") if said.get("niveau") in (TOWN, REGION, LAND) else TOWN
    year = next((one for one in years if str(one) == said.get("aar")), years[0] if years else 0)
    return str(figure), str(level), year


def _rows(found: OnMap, level: str, day: date, language: str) -> list[AreaRow]:
    """Every area of the level, also those where nothing was counted; what has no known place stands last."""
    if level == LAND:
        return [AreaRow("", gettext("The whole country"), "", found.nation)]
    kind, placed = (AreaKind.MUNICIPALITY, found.municipalities) if level == TOWN else (AreaKind.REGION, found.regions)
    value = {one.area: one.value for one in placed}
    regions = names_of(set(found.region.values()), language)
    rows = [
        AreaRow(
            one.code, one.name_en if language.startswith("en") else one.name_da, regions.get(found.region.get(one.pk, 0), ""), value.get(one.pk, 0)
        )
        for one in areas(kind, on=day)
    ]  # fmt: skip
    return rows + ([AreaRow("", gettext("Not known"), "", value[None])] if None in value else [])


def _steps(values: Sequence[int]) -> list[int]:
    """Where the shades begin: quarters of the areas that have anything."""
    some = sorted(one for one in values if one)
    return sorted({some[len(some) * nth // _SHADES] for nth in range(_SHADES)}) if some else []


def _shade(value: int | None, steps: Sequence[int]) -> str:
    if value is None:
        return "shade--less"
    return f"shade--{sum(value >= step for step in steps)}"


def _cells(rows: Sequence[AreaRow], found: OnMap, level: str, steps: Sequence[int]) -> list[Cell]:
    """Every municipality in the shade of its area."""
    by_area = {row.code: row for row in rows if row.code}
    regions = {pk: code for code, pk in by_code(AreaKind.REGION).items()}
    region_of = {code: regions.get(found.region.get(pk, 0), "") for code, pk in by_code(AreaKind.MUNICIPALITY).items()}
    cells = []
    for code, path in base_map().cells.items():
        row = rows[0] if level == LAND else by_area.get(code if level == TOWN else region_of.get(code, ""))
        said = gettext("not told") if row and row.value is None else grouped(row.value) if row else ""
        cells.append(Cell(path, False, _shade(row.value, steps) if row else "shade--none", f"{row.name}: {said}" if row else ""))  # fmt: skip
    return cells


def _drawn(rows: Sequence[AreaRow], found: OnMap, level: str, name: str) -> MapShown:
    steps = _steps([row.value or 0 for row in rows])
    ends = [*(step - 1 for step in steps[1:]), max((row.value or 0 for row in rows), default=0)]
    words = [grouped(low) if low == high else f"{grouped(low)}–{grouped(high)}" for low, high in zip(steps, ends, strict=True)] if steps else []  # fmt: skip
    keys = [(f"shade shade--{nth}", said) for nth, said in enumerate(words, 1)]
    keys = [("shade shade--0", "0"), *keys] if any(row.value == 0 for row in rows) else keys
    if any(row.value is None for row in rows):
        keys.append(("shade shade--less", gettext("not told")))
    label = gettext("Map of Denmark: %(name)s") % {"name": name}
    return MapShown(base_map(), _cells(rows, found, level, steps), [], [], label, gettext("Municipal borders are approximate. Every number stands in the table."), keys=keys)  # fmt: skip


def _studies(request: HttpRequest, language: str) -> list[StudyRow]:
    today, shown = timezone.localdate(), []
    for one in studies(seen_by=me(request), on=today).filter(state=StudyState.PUBLISHED):
        protocol = protocol_of(one)
        answers = answers_of(one, protocol, language) if protocol else []
        if protocol is None or not answers:
            continue
        claims = claims_by_region(protocol, today)
        shown.append(StudyRow(one.code, protocol.question.say(language), answers, _said(claims, one, language), BY_REGION in protocol.by))  # fmt: skip
    return shown


def _said(claims: Mapping[int, Claim], one: Study, language: str) -> list[tuple[str, str, list[str]]]:
    """Every region with what so many participants would allow, and what the study found there; one without any has too few."""
    every, found = list(areas(AreaKind.REGION, on=timezone.localdate())), told(one)
    names = names_of([area.pk for area in every], language)
    answers = {area.code: answers_in(found, area.code, language) if found else [] for area in every}
    return [(names[area.pk], gettext(claims.get(area.pk, Claim.NONE).label), answers[area.code]) for area in every]


@serves("effects.see")
def effects_map(request: HttpRequest) -> HttpResponseBase:
    language, today = get_language() or "da", timezone.localdate()
    figure, level, year = _asked(request)
    measure = measure_of(figure)
    if measure is None:
        raise Http404
    found = on_map(year, figure, seen_by=me(request), on=today) if year else OnMap((), (), None, {})
    rows = _rows(found, level, date(year, 12, 31), language) if year else []
    shown = {"tal": figure, "niveau": level, "aar": str(year)}
    narrowing = RowFilter(MapFilter({**request.GET.dict(), **shown}, language), rows, dict.fromkeys(shown, lambda row, value: True))  # fmt: skip
    name = measure.name.say(language)
    context = {
        "year": year, "level": level, "figure": figure, "name": name, "definition": measure.numerator.say(language), "source": measure.sourced(language),
        "placeholder": measure.placeholder, "map": _drawn(rows, found, level, name), "nation": found.nation, "few": small_cells().least,
        "held": sum(row.value is None for row in rows), "studies": _studies(request, language), "limits": limits(), "rows": rows,
    }  # fmt: skip
    return show_list(
        request, template="public/effects_map.html", rows=rows, table_class=AreaTable, row_filter=narrowing, empty=_NONE,
        name=f"{figure}-{year}-{level}", context=context,
    )  # fmt: skip
