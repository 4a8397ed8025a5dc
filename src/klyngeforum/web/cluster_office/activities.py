"""Activities: list, record one, note who took part by pasting a list, take somebody off."""

from __future__ import annotations

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

from klyngeforum.ground.places.queries import named
from klyngeforum.records.activities import actions
from klyngeforum.records.activities.actions import NewActivity
from klyngeforum.records.activities.queries import Activity, activities, participants, participation
from klyngeforum.records.activities.queries import activity as activity_of
from klyngeforum.records.activities.terms import ActivityKind, Attribution
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_NOTHING = Empty(_("No activities yet"), _("Record the first: what it was, when, and who took part."))
_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class ActivityTable(tables.Table):  # type: ignore[misc]
    starts_on = tables.Column(verbose_name=_("Date"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    place = tables.Column(accessor="place__name_da", verbose_name=_("Place"), default="–")
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
    aar = NumberFilter(field_name="starts_on", lookup_expr="year", label=_("Year"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(one.value, gettext(one.label)) for one in ActivityKind]


class HoldForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"))
    starts_on = forms.DateField(label=_("Date, or first day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    place = forms.CharField(label=_("Municipality"), required=False)
    attribution = forms.ChoiceField(label=_("Part of the cluster organisation"))
    reference = forms.CharField(label=_("Your reference"), max_length=60, required=False, help_text=_("Your own number of it; left empty, one is made."))  # fmt: skip

    def __init__(self, data: dict[str, str] | None) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in ActivityKind]  # type: ignore[attr-defined]
        self.fields["attribution"].choices = [(one.value, gettext(one.label)) for one in Attribution]  # type: ignore[attr-defined]

    def clean_place(self) -> int | None:
        text = self.cleaned_data["place"].strip()
        area = named(text, on=timezone.localdate()) if text else None
        if text and area is None:
            raise forms.ValidationError(gettext("No municipality is called so."))
        return area.pk if area else None


@serves("activities.edit")
def activity_list(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    rows = activities(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster)
    return show_list(
        request, template="cluster_office/activities.html", rows=rows, table_class=ActivityTable, filter_class=ActivityFilter,
        empty=_NOTHING, name="aktiviteter", context={"cluster": cluster},
    )  # fmt: skip


@serves("activities.edit")
def hold(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = HoldForm(request.POST.dict() if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        reference = values["reference"] or f"{values['starts_on']:%Y%m%d}-{now:%H%M%S}"
        new = NewActivity(
            cluster.pk, reference, ActivityKind(values["kind"]), values["title"], values["starts_on"], values["ends_on"] or values["starts_on"],
            values["place"], attribution=Attribution(values["attribution"]), source="form",
        )  # fmt: skip
        made = attempt(
            request, lambda: actions.hold(by=me(request), at=now, cluster=cluster, new=new), form=form,
            done=gettext("Recorded. Now note who took part."),
        )  # fmt: skip
        if made:
            return redirect("activity", made.pk)
    return render(request, "cluster_office/hold.html", {"form": form, "cluster": cluster})


@serves("activities.edit")
def activity(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = activity_of(pk, seen_by=me(request), on=timezone.localdate())
    if one is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("act") == "call_off":
            attempt(request, lambda: actions.call_off(by=me(request), at=timezone.now(), activity=one) or True, done=gettext("Called off; the trail keeps it."))  # fmt: skip
            return redirect("activities")
        number = request.POST.get("pk", "")
        part = participation(int(number), seen_by=me(request), on=timezone.localdate()) if number.isdigit() else None
        if part is None:
            raise Http404
        attempt(request, lambda: actions.withdraw(by=me(request), at=timezone.now(), participation=part) or True, done=gettext("Taken off; the trail keeps it."))  # fmt: skip
        return redirect("activity", pk)
    return render(request, "cluster_office/activity.html", {"one": one, "parts": list(participants(one.pk))})
