"""The register of cluster organisations: the list, a new one, one of them, and what carries what on; the same by Excel."""

from __future__ import annotations

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
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.registers.clusters import actions
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.queries import Cluster, cluster, clusters, lineage, one_lineage
from klyngeforum.registers.clusters.terms import ClusterKind, Level, LineageKind
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField, DayField, posted_number
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.organisation_forms import Entering, RegisterForm
from klyngeforum.web.components.places import PlaceColumn
from klyngeforum.web.serving import me, serves

_NONE = Empty(_("No cluster organisation yet"), _("Register the first, or take the register in as a sheet."))


class RegisterTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Name"))
    kind = tables.Column(verbose_name=_("Type"))
    level = tables.Column(verbose_name=_("Reach"))
    place = PlaceColumn("place")
    host = tables.Column(accessor="host__name", verbose_name=_("Host"), default="–")
    founded_on = tables.Column(verbose_name=_("Founded"), default="–")
    closed_on = tables.Column(verbose_name=_("Closed"), default="–")

    class Meta:
        caption = _("The register of cluster organisations")

    def render_name(self, record: Cluster) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("registered", args=[record.slug]), record.name)

    def value_name(self, record: Cluster) -> str:
        return record.name

    def render_kind(self, record: Cluster) -> str:
        return gettext(ClusterKind(record.kind).label)

    def render_level(self, record: Cluster) -> str:
        return gettext(Level(record.level).label)

    def render_founded_on(self, record: Cluster) -> str:
        return day(record.founded_on)

    def value_founded_on(self, record: Cluster) -> object:
        return record.founded_on

    def render_closed_on(self, record: Cluster) -> str:
        return day(record.closed_on)

    def value_closed_on(self, record: Cluster) -> object:
        return record.closed_on


class RegisterFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    kind = ChoiceFilter(label=_("Type"), empty_label=_("All"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(one.value, gettext(one.label)) for one in ClusterKind]


class NewForm(RegisterForm):
    body = BodyField(label=_("Organisation"), help_text=_("Name or CVR number, as it stands among the organisations"))
    field_order = ("body", "name", "kind", "level")


class SuccessionForm(forms.Form):
    other = forms.ChoiceField(label=_("Carries on"))
    kind = forms.ChoiceField(label=_("How"))
    on = DayField(label=_("From the day"))

    def __init__(self, data: Any, *, one: Cluster) -> None:
        super().__init__(data)
        others = [(row.slug, row.name) for row in clusters() if row.pk != one.pk]
        self.fields["other"].choices = [("", "–"), *others]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(term.value, gettext(term.label)) for term in LineageKind]  # type: ignore[attr-defined]


@serves("clusters.register")
def register(request: HttpRequest) -> HttpResponseBase:
    return show_list(
        request, template="secretariat/register.html", rows=clusters(), table_class=RegisterTable, filter_class=RegisterFilter, empty=_NONE,
        name="klyngeregister",
    )  # fmt: skip


@serves("clusters.register")
def enter(request: HttpRequest) -> HttpResponseBase:
    form = NewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.changes()
        new = NewCluster(
            values["body"], values["name"], ClusterKind(values["kind"]), Level(values["level"]), values["purpose_da"], values["purpose_en"],
            values["place_id"], values["host_id"], values["founded_on"], values["contact_name"], values["contact_email"], values["contact_phone"],
            values["website"], "form", values["themes"], values["industries"],
        )  # fmt: skip
        made = attempt(request, lambda: actions.register(by=me(request), at=timezone.now(), new=new), form=form, done=gettext("Registered."))  # fmt: skip
        if made:
            return redirect("registered", made.slug)
    return render(request, "secretariat/enter.html", {"form": form})


def _succession(request: HttpRequest, one: Cluster, form: SuccessionForm) -> bool:
    """Whether what carries on what is written, or taken back."""
    person, now = me(request), timezone.now()
    if request.POST.get("act") == "part":
        row = one_lineage(posted_number(request, "pk"), one.pk)
        done = row and attempt(request, lambda: (actions.part(by=person, at=now, lineage=row),), done=gettext("Taken back; the trail keeps it."))  # fmt: skip
        return done is not None
    if request.POST.get("act") != "succeed" or not form.is_valid():
        return False
    other, values = cluster(form.cleaned_data["other"]), form.cleaned_data
    return other is not None and attempt(
        request,
        lambda: (
            actions.succeed(
                by=person, at=now, predecessors=[other], successor=one, kind=LineageKind(values["kind"]), on=values["on"]
            ),
        ),
        form=form, done=gettext("Saved."),
    ) is not None  # fmt: skip


@serves("clusters.register")
def registered(request: HttpRequest, slug: str) -> HttpResponseBase:
    one = cluster(slug)
    if one is None:
        raise Http404
    succeeding = request.method == "POST" and request.POST.get("act") in ("succeed", "part")
    entering = Entering(request, one, RegisterForm)
    succession = SuccessionForm(request.POST if succeeding else None, one=one)
    if _succession(request, one, succession) if succeeding else entering.done():
        return redirect("registered", slug)
    context = {**entering.context(), "succession": succession, "lineage": list(lineage(one.pk))}
    return render(request, "secretariat/registered.html", context)
