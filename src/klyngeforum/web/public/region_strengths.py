"""A region's page: its strengths with quotient and interval, what serves them, what is near, what grows, and what rule sets of stars say."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import small_cells, strength_rule
from klyngeforum.results.strengths.positions import limits, region_standing
from klyngeforum.results.strengths.serving import Found, serving, together
from klyngeforum.results.strengths.strategies import strategy_of
from klyngeforum.results.strengths.terms import FieldStanding, Opening, RegionStanding, Serves
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.strategies import StrategySaid, strategy_said
from klyngeforum.web.components.strengths import (  # fmt: skip
    Drawn,
    day_of,
    drawn,
    field_names,
    quotient_said,
    region_names,
    rules_said,
    signed,
)
from klyngeforum.web.serving import serves

from .overview import ClusterRow, overview
from .strengths import View, grouping_choices, industries_of, table_name, view_asked

_MOST_ORGANISATIONS = 3
HEADER = ("region", "year", "field", "name", "employment", "workplaces", "quotient", "low", "high", "strong", "first_year", "change", "national", "mix", "regional")  # fmt: skip
_RULES = ("small_employment", "small_workplaces", "related_regions", "emerging_rate", "serving_companies")


@dataclass(frozen=True, slots=True)
class Organised:
    """An organisation beside a field: how many of its companies are there (few: too few to say), and whether it names the field."""

    cluster: ClusterRow
    companies: str
    declared: bool


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field as the page shows it."""

    one: FieldStanding
    name: str
    href: str
    said: str
    drawn: Drawn | None
    change: str
    own: str
    organisations: list[Organised]
    more: int


@dataclass(frozen=True, slots=True)
class OpeningRow:
    one: Opening
    name: str
    organisations: list[Organised]


class Page:
    """Everything that the page of one region needs, gathered once."""

    def __init__(self, view: View, region: str) -> None:
        self.view, self.region, self.day = view, region, day_of(view.table)
        found = region_standing(view.table, region, view.definition, on=self.day, see_small=view.see_small)
        if found is None:
            raise Http404
        self.standing: RegionStanding = found
        self.limits = limits(self.day)
        self.fields = field_names(view.table, view.definition)
        self.names = region_names(view.table)
        self.served: Found | None = serving(view.table, on=self.day, least=self.limits.serving)
        self.clusters = {row.pk: row for row in overview(self.day)}
        self.industries = [code for code in self.fields if not (view.definition and view.definition.category(code))]
        self.few = int(small_cells().least)

    def organised(self, one: Serves) -> Organised:
        tells = self.view.see_small or one.companies >= self.few
        said = grouped(one.companies) if tells else gettext("few")
        return Organised(self.clusters[one.cluster], said, one.declared)

    def organisations(self, industries: list[str]) -> list[Organised]:
        every = together(self.served, self.region, industries)
        return [self.organised(one) for one in every if one.cluster in self.clusters]

    def row(self, one: FieldStanding) -> FieldRow:
        every = self.organisations(industries_of(self.view, one.code, self.industries))
        href = reverse("strength_rows", args=[self.region, one.code]) + self.view.query
        return FieldRow(
            one, self.fields.get(one.code, one.code), href, quotient_said(one), drawn(one), signed(one.change), signed(one.regional),
            every[:_MOST_ORGANISATIONS], max(len(every) - _MOST_ORGANISATIONS, 0),
        )  # fmt: skip

    def strategy(self) -> StrategySaid | None:
        """The region's priorities beside what is counted by the strategy's own categories."""
        found, table = strategy_of(self.region, timezone.localdate()), self.view.table
        if found is None or found.definition.classification != table.classification:
            return None
        standing = region_standing(table, self.region, found.definition, on=self.day, see_small=self.view.see_small)
        return strategy_said(found, standing, self.names.get(self.region, self.region))

    def openings(self) -> list[OpeningRow]:
        return [
            OpeningRow(one, self.fields.get(one.code, one.code), self.organisations([one.code])[:2])
            for one in self.standing.openings
        ]


def page_of(view: View, region: str) -> Page | None:
    """The page of a region; nothing where the table knows no such region."""
    try:
        return Page(view, region)
    except Http404:
        return None


def _rows(page: Page) -> list[tuple[object, ...]]:
    """What the page shows, as a file."""
    one, rows = page.standing, [HEADER]
    listed: list[tuple[object, ...]] = [*rows]
    for field in one.fields:
        listed.append(
            (page.region, one.year, field.code, page.fields.get(field.code, field.code), field.employment, field.workplaces, field.quotient, field.low,
             field.high, field.strong, one.first, field.change, field.national, field.mix, field.regional)
        )  # fmt: skip
    return listed


def _rules() -> list[tuple[str, str, str, bool]]:
    """(what, limit, source, placeholder) of every limit that the page is read by."""
    language = get_language() or "da"
    found = [strength_rule(code) for code in _RULES]
    return [(one.name.say(language), grouped(one.least), one.sourced(language), one.placeholder) for one in found]


@serves("strengths.see")
def region_strengths(request: HttpRequest, region: str) -> HttpResponseBase:
    """One region by the table and grouping asked for."""
    view = view_asked(request)
    if view is None:
        raise Http404
    page = Page(view, region)
    if request.GET.get("hent", "") in FORMATS:
        return download(_rows(page), name=f"styrker-{view.table.number}", fmt=request.GET["hent"])
    one, rows = page.standing, [page.row(field) for field in page.standing.fields]
    everything = request.GET.get("vis") == "alle"
    shown = rows if everything else [row for row in rows if row.one.strong or row.one.present][:25]
    context = {
        "page": page, "view": view, "one": one, "name": page.names.get(region, region), "rows": shown, "hidden": len(rows) - len(shown), "everything": everything,
        "strongest": next((row for row in rows if row.one.strong), None), "gaps": [row for row in rows if row.one.strong and not row.organisations],
        "openings": page.openings(), "sprouts": one.sprouts and [(sprout, page.fields.get(sprout.code, sprout.code)) for sprout in one.sprouts],
        "rules": rules_said(one.stars, page.fields, one.regions), "limits": page.limits, "coarse": one.regions < page.limits.related_regions,
        "parts": [(words, signed(value)) for words, value in _parts(one)], "change": signed(one.growth.change) if one.growth else "",
        "marks": marks_said(("strong_quotient", "strong_companies"), page.day), "asked": _rules(), "table_said": table_name(view.table),
        "groupings": grouping_choices(request, view), "exports": list(FORMATS.items()), "regions": sorted(page.names.items(), key=lambda pair: pair[1]),
        "served": page.served is not None, "strategy": page.strategy(),
    }  # fmt: skip
    return render(request, "public/region_strengths.html", context)


def _parts(one: RegionStanding) -> list[tuple[str, float]]:
    """The three parts of a region's growth in words."""
    if one.growth is None:
        return []
    return [
        (gettext("as the whole table grew"), one.growth.national), (gettext("from its mix of industries"), one.growth.mix),
        (gettext("the region's own"), one.growth.regional),
    ]  # fmt: skip
