"""Activities: list, record one, note who took part by pasting a list, take somebody off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, NumberFilter

from klyngeforum.ground.keeping import reads_only
from klyngeforum.records.activities import actions
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.queries import Activity, activities, participants, participation
from klyngeforum.records.activities.queries import activity as activity_of
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.registers.clusters.queries import own
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField, DayField, PlaceField, posted_number
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.organisation_forms import theme_choices
from klyngeforum.web.components.places import PlaceColumn, place_said
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_NOTHING = Empty(_("No activities yet"), _("Record the first: what it was, when, and who took part."))
_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ActivityTable(tables.Table):  # type: ignore[misc]
    starts_on = tables.Column(verbose_name=_("Date"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    place = PlaceColumn("place")
    taking_part = tables.Column(verbose_name=_("Participants"), attrs=_NUMBER)
    reference = tables.Column(verbose_name=_("Reference"))

    class Meta:
        caption = _("Activities")

    def render_starts_on(self, record: Activity) -> str:
        return day(record.starts_on)

    def value_starts_on(self, record: Activity) -> object:
        return record.starts_on

    def render_title(self, record: Activity) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("activity", args=[record.pk]), record.title)

    def value_title(self, record: Activity) -> str:
        return record.title

    def render_kind(self, value: str) -> str:
        return gettext(value)


class ActivityFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="title", lookup_expr="icontains", label=_("Title"))
    kind = ChoiceFilter(label=_("Kind"), empty_label=_("All"))
    aar = NumberFilter(field_name="starts_on", lookup_expr="year", label=_("Year"), min_value=1900, max_value=2100)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(one.value, gettext(one.label)) for one in ActivityKind]


class HoldForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"))
    starts_on = DayField(label=_("Date, or first day"))
    ends_on = DayField(label=_("Last day"), required=False)
    place = PlaceField(label=_("Municipality"), required=False)
    country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=_("Country"), initial="DK", help_text=_("Two letters; another than DK is abroad.")
    )
    international = forms.BooleanField(label=_("International: with partners or guests from abroad"), required=False)
    themes = forms.MultipleChoiceField(label=_("Fields"), required=False, widget=forms.SelectMultiple(attrs={"size": 5}), help_text=_("Hold Ctrl to choose several."))  # fmt: skip
    budget = forms.DecimalField(
        label=_("Budget in DKK"), min_value=0, max_digits=14, decimal_places=2, required=False, localize=True
    )
    attribution = forms.ChoiceField(label=_("Part of the cluster organisation"))
    reference = forms.CharField(label=_("Your reference"), max_length=60, required=False, help_text=_("Your own number of it; left empty, one is made."))  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, one: Activity | None = None) -> None:
        initial: dict[str, Any] = {}
        if one is not None:
            initial = {key: getattr(one, key) for key in self.base_fields if key != "themes"}
            initial |= {
                "place": place_said(one.place),
                "themes": [theme.code for theme in one.themes.all()],
            }
        super().__init__(data, initial=initial)
        self.fields["themes"].choices = theme_choices()  # type: ignore[attr-defined]
        kinds = [(one.value, gettext(one.label)) for one in ActivityKind]
        self.fields["kind"].choices = [("", gettext("Choose")), *kinds]  # type: ignore[attr-defined]
        self.fields["attribution"].choices = [(one.value, gettext(one.label)) for one in Attribution]  # type: ignore[attr-defined]

    def told(self, cluster_id: int, reference: str) -> NewActivity:
        """What the form says; abroad follows from the country."""
        values = self.cleaned_data
        country = values["country"].upper()
        return NewActivity(
            cluster_id, reference, ActivityKind(values["kind"]), values["title"], values["starts_on"], values["ends_on"] or values["starts_on"],
            values["place"], country, values["international"] or country != "DK", Attribution(values["attribution"]), values["budget"], "form",
            tuple(values["themes"]),
        )  # fmt: skip


class PartForm(forms.Form):
    """One participant by hand; noted again, what stands is replaced."""

    body = BodyField(label=_("Organisation"), help_text=_("Name or CVR number"))
    role = forms.ChoiceField(label=_("Role"))
    persons = forms.IntegerField(label=_("Persons"), min_value=0, max_value=10_000, initial=1, localize=False)
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0, max_value=200_000, decimal_places=2, initial=0, localize=True
    )
    joined_on = DayField(label=_("Joined later, on"), required=False)
    units = forms.CharField(
        label=_("Departments or institutes"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Of a knowledge institution: those that took part, one a line. Left empty, the institution counts as one unit."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["role"].choices = [(one.value, gettext(one.label)) for one in PartRole]  # type: ignore[attr-defined]


@serves("activities.edit")
def activity_list(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    reads_only(own(cluster.pk))
    rows = activities(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster)
    return show_list(
        request, template="cluster_office/activities.html", rows=rows, table_class=ActivityTable, filter_class=ActivityFilter,
        empty=_NOTHING, name="aktiviteter", context={"cluster": cluster},
    )  # fmt: skip


@serves("activities.edit")
def hold(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        reference = values["reference"] or f"{values['starts_on']:%Y%m%d}-{now:%H%M%S%f}"[:18]
        new = form.told(cluster.pk, reference)
        made = attempt(
            request, lambda: actions.hold(by=me(request), at=now, cluster=cluster, new=new), form=form,
            done=gettext("Recorded. Now note who took part."),
        )  # fmt: skip
        if made:
            return redirect("paste", made.pk)
    return render(request, "cluster_office/hold.html", {"form": form, "cluster": cluster})


@serves("activities.edit")
def activity(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = activity_of(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = PartForm(request.POST if act == "part" else None)
    if act == "call_off":
        gone = attempt(request, lambda: (actions.call_off(by=me(request), at=timezone.now(), activity=one),), done=gettext("Called off; the trail keeps it."))  # fmt: skip
        return redirect("activities") if gone else redirect("activity", pk)
    if act == "part":
        if form.is_valid() and _noted(request, one, form):
            return redirect("activity", pk)
    elif request.method == "POST":
        part = participation(posted_number(request, "pk"), seen_by=me(request), on=timezone.localdate())
        if part is None or part.activity_id != one.pk:
            raise Http404
        attempt(request, lambda: (actions.withdraw(by=me(request), at=timezone.now(), participation=part),), done=gettext("Taken off; the trail keeps it."))  # fmt: skip
        return redirect("activity", pk)
    context = {"one": one, "parts": list(participants(one.pk)), "form": form, "themes": list(one.themes.all())}
    return render(request, "cluster_office/activity.html", context)


def _noted(request: HttpRequest, one: Activity, form: PartForm) -> bool:
    values = form.cleaned_data
    units = tuple(name for name in values["units"].splitlines() if name.strip())
    new = NewPart(one.pk, values["body"], PartRole(values["role"]), values["persons"], values["hours"], values["joined_on"], "form", units)  # fmt: skip
    return attempt(request, lambda: (actions.take_part(by=me(request), at=timezone.now(), activity=one, new=new),), form=form, done=gettext("Saved.")) is not None  # fmt: skip


@serves("activities.edit")
def amend(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = activity_of(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    form = HoldForm(request.POST if request.method == "POST" else None, one=one)
    del form.fields["reference"]
    if request.method == "POST" and form.is_valid():
        new = form.told(one.cluster_id, one.reference)
        if attempt(request, lambda: actions.amend(by=me(request), at=timezone.now(), activity=one, new=new), form=form, done=gettext("Saved.")):  # fmt: skip
            return redirect("activity", pk)
    return render(request, "cluster_office/amend.html", {"form": form, "one": one})
