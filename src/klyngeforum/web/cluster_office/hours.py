"""Hours and their evidence: the list, hours that wait, new ones (of a participation or apart), evidence laid, an entry struck."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, NumberFilter

from klyngeforum.records.activities.queries import Participation, participations
from klyngeforum.records.economy import actions, queries
from klyngeforum.records.economy.actions import NewHours
from klyngeforum.records.economy.queries import HourEntry
from klyngeforum.records.economy.terms import HourEvidence
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField, DayField, whole_number
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day, kroner
from klyngeforum.web.serving import me, serves

from .desk import own_cluster
from .economy import year_of
from .incomes import spoken

_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}
_NONE = Empty(_("No hours with evidence yet"), _("Hours of activities are recorded there; here they get the evidence that a funder asks for."))  # fmt: skip
_ALL = Empty(_("Every recorded hour has its evidence"), _("When hours are recorded with an activity, they wait here."))


class HourTable(tables.Table):  # type: ignore[misc]
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Organisation"))
    person = tables.Column(verbose_name=_("Person"), default="–")
    what = tables.Column(accessor="participation__activity__title", verbose_name=_("For"), empty_values=())
    since = tables.Column(verbose_name=_("Day"))
    hours = tables.Column(verbose_name=_("Hours"), attrs=_NUMBER)
    evidence = tables.Column(verbose_name=_("Evidence"), empty_values=())
    claimed_by = tables.Column(verbose_name=_("Claimed under"), default="–")

    class Meta:
        caption = _("Hours")

    def render_body(self, record: HourEntry) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("hours_entry", args=[record.pk]), record.body.name)

    def value_body(self, record: HourEntry) -> str:
        return record.body.name

    def render_what(self, record: HourEntry) -> str:
        return record.participation.activity.title if record.participation else record.task

    def render_since(self, record: HourEntry) -> str:
        return day(record.since)

    def value_since(self, record: HourEntry) -> object:
        return record.since

    def render_hours(self, record: HourEntry) -> str:
        return kroner(record.hours)

    def value_hours(self, record: HourEntry) -> object:
        return record.hours

    def render_evidence(self, record: HourEntry) -> str:
        return gettext(HourEvidence(record.evidence).label)


class HourFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="body__name", lookup_expr="icontains", label=_("Organisation"))
    aar = NumberFilter(field_name="since__year", label=_("Year"), min_value=1900, max_value=2100)
    state = ChoiceFilter(method="standing", label=_("State"), empty_label=_("All"), choices=[("bare", _("No evidence yet")), ("free", _("With evidence, not claimed")), ("claimed", _("Claimed"))])  # fmt: skip

    def standing(self, rows: QuerySet[HourEntry], _name: str, value: str) -> QuerySet[HourEntry]:
        return queries.hours_that_are(rows, value)


class WaitingTable(tables.Table):  # type: ignore[misc]
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Organisation"))
    activity = tables.Column(accessor="activity__title", verbose_name=_("Activity"))
    day = tables.Column(accessor="activity__starts_on", verbose_name=_("Day"))
    hours = tables.Column(verbose_name=_("Recorded hours"), attrs=_NUMBER)
    left = tables.Column(verbose_name=_("Without an entry"), attrs=_NUMBER)
    act = tables.Column(verbose_name=_("Evidence"), empty_values=(), orderable=False)

    class Meta:
        caption = _("Hours that wait for evidence")

    def render_day(self, value: date) -> str:
        return day(value)

    def render_hours(self, value: object, record: Participation) -> str:
        return kroner(record.hours)

    def render_left(self, record: Participation) -> str:
        return kroner(record.left)  # type: ignore[attr-defined]

    def render_act(self, record: Participation) -> SafeString:
        words, about = gettext("Lay evidence"), f"{record.body.name}, {record.activity.title}"
        return format_html('<a href="{}?del={}">{}<span class="sr-only">: {}</span></a>', reverse("hours_new"), record.pk, words, about)  # fmt: skip


class EvidenceForm(forms.Form):
    evidence = forms.ChoiceField(label=_("Evidence"), required=False)
    evidence_reference = forms.CharField(label=_("Where it lies"), max_length=200, required=False, help_text=_("A case number or the name of the file."))  # fmt: skip
    evidence_on = DayField(label=_("Dated"), required=False)
    pay = forms.DecimalField(label=_("Actual hourly pay, DKK"), max_digits=9, decimal_places=2, min_value=0, required=False, localize=True, help_text=_("Only where the funder's rate goes by pay."))  # fmt: skip

    def __init__(self, data: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["evidence"].choices = spoken(HourEvidence)  # type: ignore[attr-defined]


class HoursForm(EvidenceForm):
    body = BodyField(label=_("Organisation"), help_text=_("Name or CVR number"))
    person = forms.CharField(label=_("Person"), max_length=120, required=False, help_text=_("As on the time sheet."))
    task = forms.CharField(label=_("For"), max_length=160, required=False, help_text=_("What the hours were given for: a board meeting, a working group."))  # fmt: skip
    since = DayField(label=_("Day"), help_text=_("The first day, where a time sheet holds several."))
    until = DayField(label=_("Last day"), required=False)
    begins = forms.TimeField(label=_("From (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))  # fmt: skip
    ends = forms.TimeField(label=_("To (time)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))  # fmt: skip
    hours = forms.DecimalField(label=_("Hours"), max_digits=8, decimal_places=2, min_value=0, localize=True)
    field_order = ("body", "person", "task", "since", "until", "begins", "ends", "hours", "evidence", "evidence_reference", "evidence_on", "pay")  # fmt: skip

    def __init__(self, data: Any, part: Participation | None) -> None:
        stands: dict[str, Any] = {}
        if part is not None:
            stands = {"since": part.activity.starts_on, "until": part.activity.ends_on, "hours": queries.left_of(part), "evidence": HourEvidence.PARTICIPANT_LIST, "evidence_on": part.activity.ends_on}  # fmt: skip
        super().__init__(data, stands)
        if part is not None:
            del self.fields["body"], self.fields["task"]

    def new(self, part: Participation | None) -> NewHours:
        values = {**self.cleaned_data}
        body = part.body_id if part is not None else values.pop("body")
        values["until"] = values["until"] or values["since"]
        return NewHours(body_id=body, participation_id=part.pk if part else None, **{**values, "evidence": HourEvidence(values["evidence"])})  # fmt: skip


@serves("economy.edit")
def hours_list(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    rows = queries.hour_entries(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster)
    return show_list(
        request, template="cluster_office/hours.html", rows=rows, table_class=HourTable, filter_class=HourFilter,
        empty=_NONE, name="timer", context={"cluster": cluster},
    )  # fmt: skip


@serves("economy.edit")
def hours_waiting(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    year, years = year_of(request, cluster)
    return show_list(
        request, template="cluster_office/hours_waiting.html", rows=queries.waiting_parts(cluster.pk, year), table_class=WaitingTable,
        empty=_ALL, name="timer-uden-bevis", context={"cluster": cluster, "year": year, "years": years},
    )  # fmt: skip


@serves("economy.edit")
def hours(request: HttpRequest) -> HttpResponseBase:
    cluster, today = own_cluster(request), timezone.localdate()
    part = None
    if wanted := whole_number(request.GET.get("del", "")):
        part = participations(seen_by=me(request), on=today).filter(activity__cluster=cluster, pk=wanted).first()
        if part is None:
            raise Http404
    form = HoursForm(request.POST if request.method == "POST" else None, part)
    if request.method == "POST" and form.is_valid():
        made = attempt(request, lambda: actions.record_hours(by=me(request), at=timezone.now(), cluster=cluster, new=form.new(part)), form=form, done=gettext("Recorded."))  # fmt: skip
        if made:
            return redirect("hours_waiting" if part else "hours")
    return render(request, "cluster_office/hours_new.html", {"form": form, "cluster": cluster, "part": part})


@serves("economy.edit")
def hours_entry(request: HttpRequest, pk: int) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    one = queries.hour_entries(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster, pk=pk).first()
    if one is None:
        raise Http404
    if request.POST.get("act") == "strike":
        if attempt(request, lambda: actions.strike_hours(by=me(request), at=now, entry=one) or True, done=gettext("Struck; the trail keeps it.")):  # fmt: skip
            return redirect("hours")
        return redirect("hours_entry", pk=pk)
    stands = {"evidence": one.evidence, "evidence_reference": one.evidence_reference, "evidence_on": one.evidence_on, "pay": one.pay}  # fmt: skip
    form = EvidenceForm(request.POST if request.method == "POST" else None, stands)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        laid = attempt(request, lambda: actions.lay_evidence(by=me(request), at=now, entry=one, evidence=HourEvidence(values["evidence"]), reference=values["evidence_reference"], on=values["evidence_on"], pay=values["pay"]), form=form, done=gettext("Saved."))  # fmt: skip
        if laid:
            return redirect("hours_entry", pk=pk)
    claim = queries.claims(seen_by=me(request), on=timezone.localdate()).filter(entry=one).first()
    return render(request, "cluster_office/hours_entry.html", {"one": one, "form": form, "claim": claim})
