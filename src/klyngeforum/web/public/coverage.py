"""Coverage: industries and regions by what the organisations reach of the register's companies, strong fields that nobody covers first, then those with too
few companies to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may, reach_of
from klyngeforum.ground.industries.queries import codes_of, sections_said
from klyngeforum.ground.places.queries import names_of
from klyngeforum.ground.programme.queries import mark_of, small_cells
from klyngeforum.results.landscape.covered import coverage, latest_coverage
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import Coverage, CoveredField
from klyngeforum.results.strengths.by_employment import ByEmployment, Employed, by_employment, strong_beside
from klyngeforum.web.components.choices import DayField, day_asked
from klyngeforum.web.components.counted import for_reader
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .landscape import NumberColumn, RoundColumn, ShareColumn
from .strengths import table_name

MARKS = ("strong_quotient", "strong_companies", "covered")
_GAP, _FEW, _STRONG, _REST = "hul", "faa", "staerk", "andre"
_EMPLOYMENT, _COMPANIES = "beskaeftigelse", "virksomheder"
_NONE = Empty(_("No fields yet"), _("When companies with place and industry stand in the register, they show here by region and industry."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field (or a total) for one reader; what would tell of a few stays out unless the reader may see records."""

    one: CoveredField
    region: str
    industry: str
    open: bool
    employed: Employed | None = None  # what a regional table says of the field; None: it is read by companies
    least: float = 0.0
    few: bool = False  # strong by employment, but with too few companies to say who reaches them

    @property
    def reached(self) -> int | None:
        return self.one.reached if self.open else None if self.few else self.one.told

    @property
    def share(self) -> float | None:
        return None if self.few or self.reached is None or not self.one.companies else self.reached / self.one.companies

    @property
    def organisations(self) -> int | None:
        return None if self.reached is None else self.one.organisations

    @property
    def companies(self) -> int | None:
        return None if self.few and not self.open else self.one.companies

    @property
    def quotient(self) -> float:
        return self.employed.quotient if self.employed else self.one.quotient

    @property
    def employment(self) -> float | None:
        return self.employed.employment if self.employed else None

    @property
    def basis(self) -> str:
        return _EMPLOYMENT if self.employed else _COMPANIES

    @property
    def gap(self) -> bool:
        return (self.share is not None and self.share < self.least) if self.employed else self.one.gap

    @property
    def unmet(self) -> bool:
        """Strong, and not covered, or with too few companies to tell."""
        return self.kind in (_GAP, _FEW)

    @property
    def said(self) -> str:
        """What it is read as, in words."""
        return _kinds()[self.kind]

    @property
    def kind(self) -> str:
        if self.few:
            return _FEW
        if not (self.employed.strong if self.employed else self.one.strong):
            return _REST
        return _GAP if self.gap and self.reached is not None else _STRONG


def _kinds() -> dict[str, str]:
    return {_GAP: gettext("Strong, not covered"), _FEW: gettext("Strong, too few companies"), _STRONG: gettext("Strong"), _REST: ""}  # fmt: skip


def _rows(
    fields: tuple[CoveredField, ...], industries: Mapping[int, str], opened: bool,
    employed: Mapping[tuple[int, int], Employed] | None = None, least: float = 0.0, few: bool = False,
) -> list[FieldRow]:  # fmt: skip
    """The rows of the fields, with what the table says of each."""
    regions, known = names_of({one.region for one in fields}, get_language() or "da"), employed or {}
    return [
        FieldRow(one, regions.get(one.region, ""), industries.get(one.industry, ""), opened, known.get((one.region, one.industry)), least, few)
        for one in fields
    ]  # fmt: skip


def _in_order(rows: list[FieldRow]) -> list[FieldRow]:
    """The gaps first, then what is strong with too few companies to tell, then the strong fields, then the rest; in each the least reached."""
    order = {_GAP: 0, _FEW: 1, _STRONG: 2, _REST: 3}
    return sorted(rows, key=lambda row: (order[row.kind], 2.0 if row.share is None else row.share, -row.one.companies, row.region, row.industry))  # fmt: skip


class _Table:
    """What the regional table says of the fields, as far as the reader may be told."""

    def __init__(self, found: ByEmployment | None, see_small: bool) -> None:
        self.found, self.see_small = found, see_small
        self.division = {pk: code[:2] for pk, code in codes_of(found.table.classification).items()} if found else {}

    def of(self, fields: tuple[CoveredField, ...]) -> dict[tuple[int, int], Employed]:
        if self.found is None:
            return {}
        pairs = ((one, self.found.cells.get((one.region, self.division.get(one.industry, "")))) for one in fields)
        return {
            (one.region, one.industry): said for one, said in pairs if said is not None and (self.see_small or not said.held)
        }  # fmt: skip

    def beside(self, found: Coverage) -> tuple[CoveredField, ...]:
        """Strong fields with too few companies to stand on the list. Nothing where the register is not coded as the table is."""
        listed = {(one.region, self.division.get(one.industry, "")) for one in found.fields}
        if self.found is None or not any(division for _, division in listed):
            return ()
        few = {(one.region, self.division.get(one.industry, "")): one for one in found.few}
        industry = {self.division[pk]: pk for pk in sorted(self.division, reverse=True)}
        beside = strong_beside(self.found.cells, listed, see_small=self.see_small)
        return tuple(
            few.get((region, division)) or CoveredField(region, industry[division], 0, 0, None)
            for region, division in beside if division in industry
        )  # fmt: skip


class FieldTable(tables.Table):  # type: ignore[misc]
    region = tables.Column(verbose_name=_("Region"))
    industry = tables.Column(verbose_name=_("Industry"))
    kind = tables.Column(verbose_name=_("Read as"))
    companies = NumberColumn(verbose_name=_("Companies in the register"))
    reached = NumberColumn(verbose_name=_("Of these, participants"))
    share = ShareColumn(verbose_name=_("Share that takes part"))
    organisations = NumberColumn(verbose_name=_("Organisations"))
    quotient = NumberColumn(verbose_name=_("Location quotient"))
    basis = tables.Column(verbose_name=_("Read by"))
    employment = RoundColumn(verbose_name=_("Employees"))

    class Meta:
        caption = _("Industries and regions")
        sequence = (
            "region",
            "industry",
            "kind",
            "basis",
            "quotient",
            "companies",
            "reached",
            "share",
            "employment",
            "organisations",
        )

    def render_quotient(self, value: float) -> str:
        return grouped(value, 1)

    def value_quotient(self, value: float) -> float:
        return round(value, 4)

    def render_basis(self, value: str) -> str:
        return gettext("Employment") if value == _EMPLOYMENT else gettext("Companies")

    def value_basis(self, value: str) -> str:
        return self.render_basis(value)

    def render_kind(self, value: str, record: FieldRow) -> SafeString | str:
        by = gettext("by employment") if record.basis == _EMPLOYMENT else gettext("by companies")
        if value == _GAP:
            badge, words = "badge badge-warning", gettext("Strong, not covered")
        else:
            badge, words = "", self.value_kind(value)
        return format_html('<span><span class="{}">{}</span> <span class="quiet short short--whole">{}</span></span>', badge, words or "–", by)  # fmt: skip

    def value_kind(self, value: str) -> str:
        return _kinds()[value]


# On the screen how a field is read by stands under how it is read, and a short heading leaves room for all columns.
_ON_SCREEN = {"exclude": ("basis",), "extra_columns": [("quotient", NumberColumn(verbose_name=_("Quotient")))]}


class FieldFilter(forms.Form):
    q = forms.CharField(label=_("Industry"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    slags = forms.ChoiceField(label=_("Read as"), required=False)
    efter = forms.ChoiceField(label=_("Read by"), required=False)
    dag = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, rows: list[FieldRow]) -> None:
        super().__init__(data)
        everything = ("", gettext("All"))
        regions = sorted({(row.region, row.region) for row in rows})
        kinds = [
            (_GAP, gettext("Strong, not covered")),
            (_FEW, gettext("Strong, too few companies")),
            (_STRONG, gettext("Strong")),
            (_REST, gettext("Others")),
        ]
        bases = [(_EMPLOYMENT, gettext("Employment")), (_COMPANIES, gettext("Companies"))]
        for name, choices in (
            ("region", [everything, *regions]),
            ("slags", [everything, *kinds]),
            ("efter", [everything, *bases]),
        ):
            field = self.fields[name]
            field.choices = field.widget.choices = choices  # type: ignore[attr-defined]


def _filter(request: HttpRequest, rows: list[FieldRow]) -> RowFilter:
    return RowFilter(
        FieldFilter(request.GET, rows),
        rows,
        {
            "q": lambda row, value: value.casefold() in row.industry.casefold(),
            "region": lambda row, value: row.region == value,
            "slags": lambda row, value: row.kind == value,
            "efter": lambda row, value: row.basis == value,
            "dag": lambda row, value: True,
        },
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a day for one reader, in the order of the list."""

    day: date
    rows: list[FieldRow]
    regions: list[FieldRow]
    whole: FieldRow
    too_few: int
    least: float
    table: ByEmployment | None

    @property
    def gaps(self) -> int:
        return sum(row.kind == _GAP for row in self.rows)

    @property
    def strong(self) -> int:
        return sum(row.kind in (_GAP, _STRONG) for row in self.rows)


def fields_on(day: date, found: Coverage, *, opened: bool, see_small: bool) -> Fields:
    """Every field of the day as such a reader may see it."""
    table, least = by_employment(day), float(mark_of("covered", on=day).least)
    said = _Table(table, see_small)
    few = said.beside(found)
    industries = sections_said({one.industry for one in (*found.fields, *few)}, get_language() or "da")
    rows = _in_order([
        *_rows(found.fields, industries, opened, said.of(found.fields), least), *_rows(few, industries, opened, said.of(few), least, few=True),
    ])  # fmt: skip
    regions = sorted(_rows(found.regions, {}, opened), key=lambda row: row.region)
    return Fields(day, rows, regions, FieldRow(found.whole, "", "", opened), len(few), least, table)


@serves("landscape.see")
def coverage_screen(request: HttpRequest) -> HttpResponseBase:
    today, reader = timezone.localdate(), me(request)
    day = day_asked(request) or day_shown(today)
    opened, see_small = (
        reach_of(reader, "memberships.see", today)[0],
        bool(may(reader, "strengths.see_small", on=today)),
    )
    told = for_reader(request, day, coverage, latest_coverage)
    found = fields_on(day, told.value, opened=opened, see_small=see_small)
    table, rows = found.table, found.rows
    context = {
        "counted_at": told.counted_at,
        "day": day, "gaps": found.gaps, "strong": found.strong, "too_few": found.too_few, "whole": found.whole,
        "regions": found.regions, "marks": marks_said(MARKS, day), "few": small_cells().least,
        "least": mark_of("covered", on=day).least, "merges": may(reader, "landscape.merge", on=today),
        "employment": table, "table_said": table_name(table.table) if table else "", "by_employment": sum(row.employed is not None for row in rows), "rows": len(rows),
    }  # fmt: skip
    return show_list(
        request, template="public/coverage.html", rows=rows, table_class=FieldTable, row_filter=_filter(request, rows), empty=_NONE,
        name=f"daekning-{day}", context=context, table_options=None if request.GET.get("hent") else _ON_SCREEN,
    )  # fmt: skip
