"""Strength positions: every region of a table with what it is strongest in, and where nobody serves a strength."""

from __future__ import annotations

from dataclasses import dataclass

import django_tables2 as tables
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.danish import danish_key
from klyngeforum.results.strengths.definitions import Definition
from klyngeforum.results.strengths.positions import INDUSTRIES, all_standings, grouping_of, groupings, limits
from klyngeforum.results.strengths.queries import RegionalTable
from klyngeforum.results.strengths.queries import tables as tables_in
from klyngeforum.results.strengths.recipes import table_recipe
from klyngeforum.results.strengths.serving import Found, serving, together
from klyngeforum.results.strengths.terms import FieldStanding, RegionStanding
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.strengths import day_of, field_names, region_names, signed, table_asked
from klyngeforum.web.serving import me, serves

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


@dataclass(frozen=True, slots=True)
class View:
    """Which table by which grouping a page is read by, and what its reader may see."""

    table: RegionalTable
    definition: Definition | None
    see_small: bool

    @property
    def code(self) -> str:
        return self.definition.code if self.definition else INDUSTRIES

    @property
    def sourced(self) -> str:
        """Where the grouping comes from, in the reader's language."""
        return self.definition.sourced(get_language() or "da") if self.definition else ""

    @property
    def query(self) -> str:
        return f"?tabel={self.table.number}&inddeling={self.code}"


def view_asked(request: HttpRequest) -> View | None:
    """None: no table has been taken in yet."""
    table = table_asked(request.GET.get("tabel", ""))
    if table is None:
        return None
    see_small = bool(may(me(request), "strengths.see_small", on=timezone.localdate()))
    return View(table, grouping_of(table, request.GET.get("inddeling", "")), see_small)


@dataclass(frozen=True, slots=True)
class Choice:
    """Another table or grouping that the same page may be read by."""

    name: str
    href: str
    here: bool
    missing: str = ""


def table_name(table: RegionalTable) -> str:
    recipe = table_recipe(table.recipe)
    return recipe.name.say(get_language() or "da") if recipe else table.file_name


def table_choices(view: View) -> list[Choice]:
    """Every table taken in, newest first."""
    return [
        Choice(f"{table_name(one)}, {one.last_year}", f"{reverse('strengths')}?tabel={one.number}", one.number == view.table.number)
        for one in tables_in()
    ]  # fmt: skip


def grouping_choices(request: HttpRequest, view: View) -> list[Choice]:
    language, base = get_language() or "da", f"{request.path}?tabel={view.table.number}&inddeling="
    found = [
        Choice(f"{one.name.say(language)} {one.version}", base + one.code, one.code == view.code, one.missing)
        for one in groupings(view.table)
    ]
    return [*found, Choice(gettext("Industries (%(version)s)") % {"version": view.table.classification}, base + INDUSTRIES, view.definition is None)]  # fmt: skip


def industries_of(view: View, field: str, industries: list[str]) -> list[str]:
    """The industries of a field: those of the table that the category holds, or the industry itself."""
    category = view.definition.category(field) if view.definition else None
    if category is None:
        return [field]
    return [code for code in industries if any(code.startswith(one) for one in category.industries)]


def without_organisation(
    view: View, one: RegionStanding, found: Found | None, industries: list[str]
) -> list[FieldStanding]:
    """Strengths that no organisation serves."""
    return [field for field in one.strengths if not together(found, one.code, industries_of(view, field.code, industries))]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region of the list."""

    code: str
    name: str
    href: str
    employment: float
    strongest: str
    quotient: float | None
    strengths: int
    gaps: int | None
    change: float | None
    own: float | None

    @property
    def name_sorted(self) -> str:
        return danish_key(self.name)


def region_rows(view: View) -> list[RegionRow]:
    names, fields = region_names(view.table), field_names(view.table, view.definition)
    day = day_of(view.table)
    found = serving(view.table, on=day, least=limits(day).serving)
    industries = [code for code in fields if not (view.definition and view.definition.category(code))]
    rows = []
    for one in all_standings(view.table, view.definition, on=day, see_small=view.see_small):
        best = one.strongest
        rows.append(
            RegionRow(
                one.code, names.get(one.code, one.code), reverse("region_strengths", args=[one.code]) + view.query, one.employment,
                fields.get(best.code, best.code) if best else "", best.quotient if best else None, len(one.strengths),
                len(without_organisation(view, one, found, industries)) if found is not None else None, one.growth.change if one.growth else None,
                one.growth.regional if one.growth else None,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: -row.employment)


class WholeColumn(tables.Column):  # type: ignore[misc]
    def __init__(self, **options: object) -> None:
        super().__init__(attrs=_NUMBER, empty_values=(), **options)

    def render(self, value: float | None) -> str:
        return grouped(value if value is None else round(value))

    def value(self, value: float | None, **_rest: object) -> object:
        return value


class ChangeColumn(WholeColumn):
    def render(self, value: float | None) -> str:
        return signed(value)


class QuotientColumn(WholeColumn):
    def render(self, value: float | None) -> str:
        return "–" if value is None else grouped(value, 1)


class RegionTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Region"), order_by="name_sorted")
    strongest = tables.Column(verbose_name=_("Strongest in"), empty_values=())
    quotient = QuotientColumn(verbose_name=_("Quotient"))
    strengths = WholeColumn(verbose_name=_("Strengths"))
    gaps = WholeColumn(verbose_name=_("Without organisation"))
    employment = WholeColumn(verbose_name=_("Employees"))
    change = ChangeColumn(verbose_name=_("Change"))
    own = ChangeColumn(verbose_name=_("The region's own"))

    class Meta:
        caption = _("Strength positions by region")

    def render_name(self, record: RegionRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.href, record.name)

    def value_name(self, record: RegionRow) -> str:
        return record.name

    def render_strongest(self, value: str) -> str:
        return value or gettext("none by the marks")


@serves("strengths.see")
def strengths(request: HttpRequest) -> HttpResponseBase:
    """Every region of the table with its strongest field."""
    view, makes = view_asked(request), may(me(request), "strengths.take_in", on=timezone.localdate())
    if view is None:
        return render(request, "public/strengths_none.html", {"makes": makes})
    rows = region_rows(view)
    best = max((row for row in rows if row.quotient is not None), key=lambda row: row.quotient or 0.0, default=None)
    gaps = [row.gaps for row in rows if row.gaps is not None]
    context = {
        "view": view, "best": best, "n_strengths": sum(row.strengths for row in rows), "gaps": sum(gaps) if gaps else None, "makes": makes,
        "choices": table_choices(view), "groupings": grouping_choices(request, view), "table_said": table_name(view.table), "limits": limits(day_of(view.table)),
    }  # fmt: skip
    return show_list(
        request, template="public/strengths.html", rows=rows, table_class=RegionTable, name=f"styrker-{view.table.number}", context=context
    )  # fmt: skip
