"""Behind a quotient: the four numbers that it is counted from, and the rows of the table that they stand in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import django_tables2 as tables
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.results.strengths.positions import held_cells, region_standing
from klyngeforum.results.strengths.queries import RegionalCell, cells_of
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.strengths import day_of, field_names, industry_names, quotient_said, region_names
from klyngeforum.web.serving import serves

from .strengths import View, WholeColumn, industries_of, table_name, view_asked


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row of the file; what is held back has no numbers."""

    line: int
    industry: str
    year: int
    employment: float | None
    workplaces: float | None
    held: str


class PlainColumn(WholeColumn):
    """A row's number or a year: never grouped."""

    def render(self, value: float | None) -> str:
        return "" if value is None else str(int(value))


class CellTable(tables.Table):  # type: ignore[misc]
    year = PlainColumn(verbose_name=_("Year"))
    industry = tables.Column(verbose_name=_("Industry"))
    employment = WholeColumn(verbose_name=_("Employees"))
    workplaces = WholeColumn(verbose_name=_("Workplaces"))
    line = PlainColumn(verbose_name=_("Row of the file"))
    held = tables.Column(verbose_name=_("Remark"), empty_values=())

    class Meta:
        caption = _("Rows of the table")


def _said(cell: RegionalCell, held: Collection[tuple[str, str]], see_small: bool) -> tuple[bool, str]:
    if cell.withheld:
        return True, gettext("held back by the source")
    if (cell.region, cell.industry) in held:
        return not see_small, gettext("not shown to the public") if see_small else gettext("held back: small, or it would give away a small one")  # fmt: skip
    return False, ""


def cell_rows(view: View, region: str, industries: list[str]) -> list[CellRow]:
    """The region's rows of these industries, newest year first."""
    names, day = industry_names(view.table), day_of(view.table)
    found = cells_of(view.table.pk).filter(region=region, industry__in=industries).order_by("-year", "industry")
    held = {year: held_cells(view.table, year, on=day) for year in {cell.year for cell in found}}
    rows = []
    for cell in found:
        away, words = _said(cell, held[cell.year], view.see_small)
        jobs, places = (None, None) if away else (cell.employment, cell.workplaces)
        rows.append(CellRow(cell.line, names.get(cell.industry, cell.industry), cell.year, jobs, places, words))
    return rows


def _sums(view: View, industries: list[str], year: int) -> dict[str, float]:
    """Employees of the field in the whole table, and of everything in it."""
    rows = cells_of(view.table.pk).filter(year=year)
    whole, own = (part.aggregate(n=Sum("employment"))["n"] or 0.0 for part in (rows, rows.filter(industry__in=industries)))  # fmt: skip
    return {"whole": whole, "of_field": own}


@serves("strengths.see")
def strength_rows(request: HttpRequest, region: str, field: str) -> HttpResponseBase:
    """One field in one region down to the rows of the table."""
    view = view_asked(request)
    if view is None:
        raise Http404
    day = day_of(view.table)
    standing = region_standing(view.table, region, view.definition, on=day, see_small=view.see_small)
    one = next((found for found in standing.fields if found.code == field), None) if standing else None
    if standing is None or one is None:
        raise Http404
    industries = industries_of(view, field, list(industry_names(view.table)))
    names, fields = region_names(view.table), field_names(view.table, view.definition)
    context = {
        "view": view, "one": one, "region": region, "name": fields.get(field, field), "region_name": names.get(region, region), "year": standing.year,
        "said": quotient_said(one), "total": standing.employment, "table_said": table_name(view.table),
        "parts": None if one.held and not view.see_small else {key: grouped(round(value)) for key, value in _sums(view, industries, standing.year).items()},
    }  # fmt: skip
    return show_list(
        request, template="public/strength_rows.html", rows=cell_rows(view, region, industries), table_class=CellTable,
        name=f"styrke-{view.table.number}", context=context,
    )  # fmt: skip
