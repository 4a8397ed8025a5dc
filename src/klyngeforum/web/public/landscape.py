"""The landscape: every cluster organisation on a day, with its members, middle, reach and critical mass against the strategy's marks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.places.queries import names_of
from klyngeforum.ground.programme.queries import mark_of, small_cells
from klyngeforum.results.landscape.standing import day_shown, latest_standings, standings
from klyngeforum.results.landscape.terms import Split, Standing
from klyngeforum.web.components.choices import DayField, day_asked
from klyngeforum.web.components.counted import for_reader
from klyngeforum.web.components.landscape import (
    MARKS,
    critical_said,
    degrees,
    few_of,
    marks_said,
    shared,
    short_of,
    told,
    towns_placeholder,
)  # fmt: skip
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .clusters import no_organisation
from .overview import ClusterRow, by_name, regions_of

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
_YES, _NO, _UNKNOWN = "ja", "nej", "ukendt"
_VERDICTS = {True: _YES, False: _NO, None: _UNKNOWN}


@dataclass(frozen=True, slots=True)
class LandscapeRow:
    """One organisation of the list; shares of too few are left out."""

    cluster: ClusterRow
    one: Standing
    core: str
    degrees: tuple[int, int] = (0, 0)  # the most urban and the most rural

    def _part(self, split: Split, nth: int) -> float | None:
        of = sum(n for _, n in split)
        return told(dict(split).get(self.degrees[nth], 0) / of, of) if of else None

    @property
    def in_cities(self) -> float | None:
        return self._part(self.one.towns, 0)

    @property
    def in_country(self) -> float | None:
        return self._part(self.one.towns, 1)

    @property
    def active_in_cities(self) -> float | None:
        return self._part(self.one.activity_towns, 0)

    @property
    def active_in_country(self) -> float | None:
        return self._part(self.one.activity_towns, 1)

    @property
    def name_sorted(self) -> str:
        return self.cluster.name_sorted

    @property
    def members(self) -> int:
        return self.one.members

    @property
    def companies(self) -> int:
        return self.one.companies

    @property
    def active(self) -> int | None:
        return None if few_of(self.one.active, self.one.companies) else self.one.active

    @property
    def under_50(self) -> float | None:
        return told(self.one.under_50_share, self.one.size_known)

    @property
    def sme(self) -> float | None:
        return told(self.one.sme_share, self.one.sme_known)

    @property
    def radius(self) -> float | None:
        return self.one.core.radius_km if self.one.core else None

    @property
    def near(self) -> float | None:
        return self.one.core.near if self.one.core else None

    @property
    def regions(self) -> int:
        return len(self.one.regions)

    @property
    def staff(self) -> float | None:
        return self.one.staff

    @property
    def largest(self) -> float | None:
        return shared(self.one.jobs_of_largest, self.one.companies)

    @property
    def critical(self) -> str:
        return _VERDICTS[self.one.critical]


def landscape_rows(day: date) -> list[LandscapeRow]:
    """Every organisation that counts on the day, by name."""
    return _rows(standings(day), day)


def _rows(found: dict[int, Standing], day: date, *, older: bool = False) -> list[LandscapeRow]:
    """By name; ``older``: nothing is said of those who were not counted then."""
    places = names_of({one.core.place for one in found.values() if one.core}, get_language() or "da")
    rows, every = [], degrees() or [0]
    for row in by_name(day):
        if older and row.pk not in found:
            continue
        one = found.get(row.pk) or Standing(row.pk)
        rows.append(LandscapeRow(row, one, places.get(one.core.place, "") if one.core else "", (every[0], every[-1])))
    return rows


class NumberColumn(tables.Column):  # type: ignore[misc]
    """A number that may not be known: grouped on the screen, plain in a file."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs=_NUMBER, empty_values=(), **options)

    def render(self, value: float | None) -> str:
        return grouped(value if value is None else round(value, 1))

    def value(self, value: float | None, **_rest: object) -> object:
        return value if value is None else round(value, 4)


class RoundColumn(NumberColumn):
    def render(self, value: float | None) -> str:
        return grouped(value if value is None else round(value))


class ShareColumn(NumberColumn):
    def render(self, value: float | None) -> str:
        return "–" if value is None else share(value)


class LandscapeTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(accessor="cluster__name", order_by="name_sorted", verbose_name=_("Name"))
    critical = tables.Column(verbose_name=_("Critical mass"))
    active = NumberColumn(verbose_name=_("Active companies"))
    near = ShareColumn(verbose_name=_("Near the core"))
    staff = NumberColumn(verbose_name=_("Staff"))
    core = tables.Column(verbose_name=_("Core"))
    radius = RoundColumn(verbose_name=_("Radius, km"))
    members = NumberColumn(verbose_name=_("Participants"))
    companies = NumberColumn(verbose_name=_("Companies"))
    under_50 = ShareColumn(verbose_name=_("Under 50 employees"))
    sme = ShareColumn(verbose_name=_("SME (EU)"))
    regions = NumberColumn(verbose_name=_("Regions"))
    in_cities = ShareColumn(verbose_name=_("Participants in cities"))
    in_country = ShareColumn(verbose_name=_("Participants in rural areas"))
    active_in_cities = ShareColumn(verbose_name=_("Activities in cities"))
    active_in_country = ShareColumn(verbose_name=_("Activities in rural areas"))
    largest = ShareColumn(verbose_name=_("Employees at the largest"))

    class Meta:
        caption = _("Cluster organisations in the landscape")

    def render_name(self, record: LandscapeRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.cluster.href, record.cluster.name)

    def value_name(self, record: LandscapeRow) -> str:
        return record.cluster.name

    def render_critical(self, record: LandscapeRow) -> SafeString | str:
        said, short = critical_said(record.one), short_of(record.one)
        if record.one.critical:
            return format_html('<span class="badge badge-success">{}</span>', said)
        return format_html('<span>{} <span class="quiet short">{}</span></span>', said, short) if short else said

    def value_critical(self, record: LandscapeRow) -> str:
        return critical_said(record.one)


# What the list says at first sight is what critical mass is judged by; the rest stands in the whole list and in every file.
_MORE = ("companies", "sme", "regions", "in_cities", "in_country", "active_in_cities", "active_in_country", "largest")
_WHOLE = "alt"


def _whole(request: HttpRequest) -> bool:
    """Whether every column is asked for: by the link, by a file, or by sorting after one of the others."""
    by = request.GET.get("sort", "").lstrip("-")
    return request.GET.get("vis") == _WHOLE or bool(request.GET.get("hent")) or by in _MORE


def _first_sight(request: HttpRequest) -> str:
    """The same list with fewer columns."""
    query = request.GET.copy()
    for key in ("vis", "sort", "page"):
        query.pop(key, None)
    return f"{request.path}?{query.urlencode()}"


class LandscapeFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    masse = forms.ChoiceField(label=_("Critical mass"), required=False)
    dag = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, rows: list[LandscapeRow]) -> None:
        super().__init__(data)
        everything = ("", _("All"))
        answers = [(_YES, _("Yes")), (_NO, _("No")), (_UNKNOWN, _("Places not known"))]
        self._choose("region", [everything, *regions_of([row.cluster for row in rows])])
        self._choose("masse", [everything, *answers])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        field.choices = field.widget.choices = choices  # type: ignore[attr-defined]


def _filter(request: HttpRequest, rows: list[LandscapeRow]) -> RowFilter:
    return RowFilter(
        LandscapeFilter(request.GET, rows),
        rows,
        {
            "q": lambda row, value: value.casefold() in row.cluster.name.casefold(),
            "region": lambda row, value: str(row.cluster.region_id) == value,
            "masse": lambda row, value: row.critical == value,
            "dag": lambda row, value: True,
        },
    )


@serves("landscape.see")
def landscape(request: HttpRequest) -> HttpResponseBase:
    day = day_asked(request) or day_shown(timezone.localdate())
    told = for_reader(request, day, standings, latest_standings)
    rows = _rows(told.value, day, older=told.counted_at is not None)
    whole = _whole(request)
    context = {
        "counted_at": told.counted_at,
        "merges": may(me(request), "landscape.merge", on=timezone.localdate()), "day": day, "marks": marks_said((*MARKS, "active_months", "largest_members"), day), "counts": _counts(rows),
        "held": mark_of("near_core", on=day).least, "few": small_cells().least, "towns_placeholder": towns_placeholder(day), "every_column": whole, "first_sight": _first_sight(request), "more": len(_MORE),
    }  # fmt: skip
    return show_list(
        request, template="public/landscape.html", rows=rows, table_class=LandscapeTable, row_filter=_filter(request, rows),
        name=f"klyngelandskab-{day}", context=context, table_options={} if whole else {"exclude": _MORE}, empty=None if rows else no_organisation(request),
    )  # fmt: skip


def _counts(rows: list[LandscapeRow]) -> dict[str, int]:
    """How many have critical mass, how many have not, and of how many nobody can say."""
    return {
        "all": len(rows), "yes": sum(row.critical == _YES for row in rows), "no": sum(row.critical == _NO for row in rows),
        "unknown": sum(row.critical == _UNKNOWN for row in rows),
    }  # fmt: skip
