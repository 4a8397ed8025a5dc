"""Behind a figure of one account: who it counts, and behind each of them the records; booked or, while the account is open, as they stand now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.bodies.queries import one_body, some_bodies
from klyngeforum.ground.bodies.terms import SizeBand
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.records.activities.queries import participations_named
from klyngeforum.records.outcomes.queries import outcomes_named
from klyngeforum.records.survey.queries import Part, differences
from klyngeforum.registers.memberships.queries import memberships_named
from klyngeforum.results.accounts.queries import Account, account_opened, held_lines, moved
from klyngeforum.results.accounts.rules import COUNTINGS, LineValues
from klyngeforum.results.accounts.working import standing_work
from klyngeforum.web.components.account_sheet import way_back
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.places import place_said
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


@dataclass(frozen=True, slots=True)
class Counted:
    """One body that a figure of the account counts."""

    name: str
    number: str
    place: str
    size_band: str
    activities: int
    hours: Decimal
    href: str

    @property
    def name_sorted(self) -> str:
        return danish_key(self.name)

    @property
    def place_sorted(self) -> str:
        return danish_key(self.place)


class CountedTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="name_sorted", verbose_name=_("Organisation"))
    number = tables.Column(verbose_name=_("Number"))
    place = tables.Column(order_by="place_sorted", verbose_name=_("Place"))
    size_band = tables.Column(verbose_name=_("Size"), empty_values=())
    activities = tables.Column(verbose_name=_("Activities"), attrs=_NUMBER)
    hours = tables.Column(verbose_name=_("Hours"), attrs=_NUMBER)

    class Meta:
        caption = _("Who the figure counts")

    def render_name(self, record: Counted) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.href, record.name)

    def value_name(self, record: Counted) -> str:
        return record.name

    def render_size_band(self, record: Counted) -> str:
        return gettext(SizeBand(record.size_band).label)

    def render_hours(self, value: Decimal) -> str:
        return grouped(value)

    def value_hours(self, value: object) -> object:
        return value


class NameForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)


def _rows(account: Account, code: str) -> list[Counted]:
    """Who holds the measure, by name."""
    if account.booked:
        found = [
            Counted(
                line.body.name, line.body.number, place_said(line.place), line.size_band, line.activities, line.hours,
                reverse("line", args=[line.pk]),
            )
            for line in held_lines(account, code)
        ]  # fmt: skip
    else:
        held = [line for line in standing_work(account).lines if COUNTINGS[code].holds(line)]
        names = some_bodies((line.body for line in held), get_language() or "da")
        found = [_now(account, line, names) for line in held if line.body in names]
    return sorted(found, key=lambda row: row.name_sorted)


def _now(account: Account, line: LineValues, names: dict[int, tuple[str, str, str]]) -> Counted:
    name, number, place = names[line.body]
    href = reverse("account_body", args=[account.pk, line.body])
    return Counted(name, number, place, line.size_band, line.activities, line.hours, href)


def _moved(account: Account, code: str) -> list[tuple[str, Decimal, Decimal]]:
    """Whom the figure of a booked account would count otherwise today: (name, booked, now), by name."""
    rows = moved(account, code) if account.booked else []
    names = some_bodies(body for body, _, _ in rows)
    return sorted(((names[body][0], old, new) for body, old, new in rows if body in names), key=lambda row: danish_key(row[0]))  # fmt: skip


def _otherwise(request: HttpRequest, account: Account, rows: list[Counted]) -> list[Part]:
    """Who among those counted says otherwise in the company survey of the year; shown to the organisation alone."""
    names = {row.name for row in rows}
    said = differences(seen_by=me(request), on=timezone.localdate(), year=account.year)
    return [part for part in said if part.cluster_id == account.cluster_id and part.asked.body.name in names]


@serves("figures.open_records")
def account_lines(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    account, found = account_opened(pk, seen_by=me(request), on=timezone.localdate()), measure_of(code)
    if account is None or found is None or code not in COUNTINGS:
        raise Http404
    rows, language = _rows(account, code), get_language() or "da"
    summed = sum((row.hours for row in rows), Decimal(0)) if COUNTINGS[code].sums else Decimal(len(rows))
    narrowing = RowFilter(
        NameForm(request.GET),
        rows,
        {"q": lambda row, value: value.casefold() in f"{row.name}\n{row.number}".casefold()},
    )
    context = {
        "account": account, "back": way_back(me(request), account, on=timezone.localdate()), "name": found.name.say(language), "definition": found.numerator.say(language), "measure": found,
        "unit": found.unit.say(language), "value": summed, "moved": _moved(account, code), "otherwise": _otherwise(request, account, rows), "sums": bool(COUNTINGS[code].sums),
    }  # fmt: skip
    return show_list(
        request, template="public/account_lines.html", rows=rows, table_class=CountedTable, row_filter=narrowing,
        name=f"{account.cluster.slug}-{account.year}-{code}", context=context,
    )  # fmt: skip


@serves("figures.open_records")
def account_body(request: HttpRequest, pk: int, body: int) -> HttpResponse:
    """The records of one body behind an account that is not booked yet."""
    account, one = account_opened(pk, seen_by=me(request), on=timezone.localdate()), one_body(body)
    lines = standing_work(account).lines if account and one else []
    line = next((line for line in lines if line.body == body), None)
    if account is None or line is None:
        raise Http404
    ids: dict[str, list[int]] = defaultdict(list)
    for record in line.records:
        kind, _, number = record.partition(":")
        ids[kind].append(int(number))
    context = {
        "account": account, "back": way_back(me(request), account, on=timezone.localdate()), "body": one, "participations": participations_named(ids["participation"]),
        "outcomes": outcomes_named(ids["outcome"]), "memberships": memberships_named(ids["membership"]),
    }  # fmt: skip
    return render(request, "public/account_body.html", context)
