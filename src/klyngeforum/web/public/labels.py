"""The labels held on a day, with how long they run; the count against the targets; the calendar of their ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event

from klyngeforum.quality.indicators.validity import months_later
from klyngeforum.quality.labels.queries import LabelRecord, expiring, held
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.results.targets.queries import label_counts
from klyngeforum.web.components.figures import Bullet
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import serves

from .overview import label_words

_AHEAD = 60
_NONE = Empty(_("No label is valid on that day"), _("Labels stand here from the day on which they were awarded."))


@dataclass(frozen=True, slots=True)
class Held:
    """One label held on the day."""

    name: str
    slug: str
    label: str
    label_said: str
    issuer: str
    certificate: str
    valid_from: date
    valid_to: date


class HeldTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Cluster organisation"))
    label = tables.Column(verbose_name=_("Label"))
    valid_from = tables.Column(verbose_name=_("Valid from"))
    valid_to = tables.Column(verbose_name=_("Valid to"))
    issuer = tables.Column(verbose_name=_("Issued by"))
    certificate = tables.Column(verbose_name=_("Certificate"), default="–")

    class Meta:
        caption = _("Labels")

    def render_name(self, record: Held) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("cluster", args=[record.slug]), record.name)

    def value_name(self, record: Held) -> str:
        return record.name

    def render_label(self, record: Held) -> str:
        return record.label_said

    def render_valid_from(self, value: date) -> str:
        return day(value)

    def value_valid_from(self, value: date) -> date:
        return value

    def render_valid_to(self, value: date) -> str:
        return day(value)

    def value_valid_to(self, value: date) -> date:
        return value


class HeldFilter(forms.Form):
    dato = forms.DateField(label=_("As of"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    q = forms.CharField(label=_("Name"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["label"]
        field.choices = field.widget.choices = [("", gettext("All")), *label_words().items()]  # type: ignore[attr-defined]


def _asked_day(request: HttpRequest) -> date:
    """The day asked for; what is no day is today."""
    try:
        return date.fromisoformat(request.GET.get("dato", ""))
    except ValueError:
        return timezone.localdate()


def _bullets(on: date) -> list[Bullet]:
    language = get_language() or "da"
    note = gettext("As of %(day)s; mark for %(by)s")
    return [
        Bullet(one.name.say(language), one.goal * 0 + count, one.goal, note % {"day": day(on), "by": one.by}, "#listing")
        for one, count in label_counts(on=on)
        if one.goal is not None
    ]  # fmt: skip


def _row(row: LabelRecord, words: dict[str, str]) -> Held:
    return Held(
        row.cluster.name, row.cluster.slug, row.label, words.get(row.label, row.label), row.issuer, row.certificate, row.valid_from, row.valid_to,
    )  # fmt: skip


@serves("labels.see")
def labels(request: HttpRequest) -> HttpResponseBase:
    on, words = _asked_day(request), label_words()
    rows = [_row(row, words) for row in held(on=on).order_by("cluster__name", "label")]
    tests = {
        "dato": lambda row, value: True,  # the day chose the rows already
        "q": lambda row, value: value.casefold() in row.name.casefold(),
        "label": lambda row, value: row.label == value,
    }
    context = {"on": on, "bullets": _bullets(on), "is_today": on == timezone.localdate()}
    return show_list(
        request, template="public/labels.html", rows=rows, table_class=HeldTable, row_filter=RowFilter(HeldFilter(request.GET), rows, tests),
        empty=_NONE, name=f"maerker-{on}", context=context,
    )  # fmt: skip


def _event(row: LabelRecord, words: dict[str, str], host: str) -> Event:
    one = Event()
    one.add("uid", f"label-{row.pk}@{host}")
    one.add("summary", gettext("%(label)s of %(name)s runs out") % {"label": words.get(row.label, row.label), "name": row.cluster.name})  # fmt: skip
    one.add("description", gettext("Issued by %(issuer)s, valid from %(day)s.") % {"issuer": row.issuer, "day": day(row.valid_from)})  # fmt: skip
    one.add("dtstamp", datetime.combine(row.valid_from, time(), tzinfo=UTC))
    one.add("dtstart", row.valid_to)
    one.add("dtend", row.valid_to + timedelta(days=1))
    one.add("transp", "TRANSPARENT")
    return one


@serves("labels.see")
def labels_calendar(request: HttpRequest) -> HttpResponse:
    """The ends of all labels, or of one organisation's (``?klynge=``), for a calendar program; labels are public, so it asks for no sign-in."""
    today, words, slug = timezone.localdate(), label_words(), request.GET.get("klynge", "")
    rows = expiring(on=today, until=months_later(today, _AHEAD))
    if slug:
        one = cluster_of(slug)
        if one is None:
            raise Http404
        rows = rows.filter(cluster=one)
    calendar = Calendar()
    calendar.add("prodid", "-//Klyngeforum//DA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("Labels that run out"))
    for row in rows:
        calendar.add_component(_event(row, words, request.get_host().partition(":")[0]))
    headers = {"Content-Disposition": 'inline; filename="maerker.ics"'}
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8", headers=headers)
