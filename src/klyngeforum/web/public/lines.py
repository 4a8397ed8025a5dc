"""The booked lines behind a figure, and the records behind one line: for those who may open them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import django_tables2 as tables
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.records.activities.queries import participations_named
from klyngeforum.records.outcomes.queries import outcomes_named
from klyngeforum.registers.memberships.queries import memberships_named
from klyngeforum.results.accounts.nation import how_many_lines, own_lines_behind
from klyngeforum.results.accounts.queries import Line
from klyngeforum.results.accounts.queries import line as line_of
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.places import PlaceColumn
from klyngeforum.web.serving import me, serves


class LineTable(tables.Table):  # type: ignore[misc]
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Organisation"))
    number = tables.Column(accessor="body__number", verbose_name=_("Number"))
    place = PlaceColumn("body__place")
    size_band = tables.Column(verbose_name=_("Size"))
    protected = tables.Column(accessor="body__protected", verbose_name=_("Advertising protection"), default="")
    cluster = tables.Column(
        accessor="account__cluster__name",
        order_by="account__cluster__sorted_as",
        verbose_name=_("Cluster organisation"),
    )
    hours = tables.Column(verbose_name=_("Hours"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})

    class Meta:
        caption = _("Booked lines")

    def render_body(self, record: Line) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("line", args=[record.pk]), record.body.name)

    def value_body(self, record: Line) -> str:
        return record.body.name

    def render_size_band(self, value: str) -> str:
        return gettext(value)

    def render_protected(self, value: bool) -> str:
        return gettext("Yes: no mailings") if value else ""

    def render_hours(self, value: Decimal) -> str:
        return grouped(value)

    def value_hours(self, value: object) -> object:
        return value


@serves("figures.open_records")
def lines(request: HttpRequest, code: str, year: int) -> HttpResponseBase:
    found = measure_of(code)
    if found is None or code not in COUNTINGS:
        raise Http404
    reader, today = me(request), timezone.localdate()
    rows = own_lines_behind(year, code, seen_by=reader, on=today)
    return show_list(
        request, template="public/lines.html", rows=rows, table_class=LineTable, name=f"{code}-{year}-linjer",
        count=how_many_lines(year, code, seen_by=reader, on=today),
        context={"measure": found, "name": found.name.say(get_language() or "da"), "year": year},
    )  # fmt: skip


@serves("figures.open_records")
def line(request: HttpRequest, pk: int) -> HttpResponse:
    one = line_of(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    ids: dict[str, list[int]] = defaultdict(list)
    for record in one.records.split():
        kind, _, number = record.partition(":")
        ids[kind].append(int(number))
    context = {
        "one": one, "participations": participations_named(ids["participation"]), "outcomes": outcomes_named(ids["outcome"]),
        "memberships": memberships_named(ids["membership"]), "booked": len(one.records.split()),
    }  # fmt: skip
    return render(request, "public/line.html", context)
