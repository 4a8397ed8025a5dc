"""The list of cluster organisations: filter, sort, export."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.programme.queries import leagues
from klyngeforum.registers.clusters.terms import COUNTED_KINDS, ClusterKind
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .overview import ClusterRow, in_language, league_words, overview, regions_of, theme_words

UNPLACED = "-"
SIZES = {
    "0-49": (_("Fewer than 50"), 0, 49), "50-199": ("50–199", 50, 199), "200-499": ("200–499", 200, 499), "500-": (_("500 or more"), 500, 10**9),
}  # fmt: skip
_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ClusterTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="name_sorted", verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Type"))
    themes = tables.Column(verbose_name=_("Fields"), orderable=False)
    place = tables.Column(accessor="place_said", order_by="place_sorted", verbose_name=_("Place"))
    region = tables.Column(order_by="region_sorted", verbose_name=_("Region"))
    league = tables.Column(verbose_name=_("League"))
    guessed = tables.Column(verbose_name=_("The league rests on placeholders"), visible=False)
    label = tables.Column(verbose_name=_("Label"))
    members = tables.Column(verbose_name=_("Participants"), attrs=_NUMBER)

    class Meta:
        caption = _("Cluster organisations")

    def render_name(self, record: ClusterRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.href, record.name)

    def value_name(self, record: ClusterRow) -> str:
        return record.name

    def render_kind(self, record: ClusterRow) -> str:
        return gettext(ClusterKind(record.kind).label)

    def render_themes(self, record: ClusterRow) -> str:
        return record.themes_said

    def render_league(self, record: ClusterRow) -> SafeString | str:
        if not record.league:
            return "–"
        said = format_html('<span class="league league--{}">{}</span>', record.league, record.league_said)
        if not record.guessed:
            return said
        return format_html('<span>{} <span class="badge badge-warning">{}</span></span>', said, gettext("Placeholder"))

    def value_guessed(self, record: ClusterRow) -> str:
        return "" if not record.league else gettext("yes") if record.guessed else gettext("no")

    def value_league(self, record: ClusterRow) -> str:
        return record.league_said

    def render_label(self, record: ClusterRow) -> str:
        return record.label_said or "–"

    def render_members(self, value: int) -> str:
        return grouped(value)

    def value_members(self, value: int) -> int:
        return value


class ClusterFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    tema = forms.ChoiceField(label=_("Field"), required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    liga = forms.ChoiceField(label=_("League"), required=False)
    antal = forms.ChoiceField(label=_("Participants"), required=False)

    def __init__(self, data: Any, rows: list[ClusterRow]) -> None:
        super().__init__(data)
        everything = ("", _("All"))
        kinds = [(kind.value, gettext(kind.label)) for kind in COUNTED_KINDS]
        names = league_words()
        self._choose("region", [everything, *regions_of(rows)])
        self._choose("tema", [everything, *sorted(theme_words().items(), key=lambda pair: danish_key(pair[1]))])
        self._choose("type", [everything, *kinds])
        self._choose("antal", [everything, *((code, words) for code, (words, _low, _high) in SIZES.items())])
        self._choose(
            "liga", [everything, *((one.code, names[one.code]) for one in leagues()), (UNPLACED, _("Not placed"))]
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        field.choices = field.widget.choices = choices  # type: ignore[attr-defined]


def cluster_filter(request: HttpRequest, rows: list[ClusterRow]) -> RowFilter:
    """Name, region, field, type, league and number of participants, each narrowing the rows."""
    return RowFilter(
        ClusterFilter(request.GET, rows),
        rows,
        {
            "q": lambda row, value: value.casefold() in f"{row.name}\n{row.place}\n{row.place_en}".casefold(),
            "region": lambda row, value: str(row.region_id) == value,
            "tema": lambda row, value: value in row.themes,
            "type": lambda row, value: row.kind == value,
            "liga": lambda row, value: row.league == ("" if value == UNPLACED else value),
            "antal": lambda row, value: SIZES[value][1] <= row.members <= SIZES[value][2],
        },
    )


def no_organisation(request: HttpRequest) -> Empty:
    """What lists of organisations say before there are any: who registers the first, and to those who may, where."""
    if may(me(request), "clusters.register", on=timezone.localdate()):
        said = _("Register the first, or take the register in as a sheet.")
        return Empty(_("No cluster organisation yet"), said, reverse("register"), _("Open the register"))
    return Empty(_("No cluster organisation yet"), _("When the forum secretariat has registered the first, it stands here from the day that it counts."))  # fmt: skip


@serves("clusters.see")
def clusters(request: HttpRequest) -> HttpResponseBase:
    rows = in_language(overview())
    return show_list(
        request, template="public/clusters.html", rows=rows, table_class=ClusterTable, row_filter=cluster_filter(request, rows),
        name="klyngeorganisationer", empty=None if rows else no_organisation(request),
    )  # fmt: skip
