"""What companies got out of it: list, note, take back."""

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
from django_filters import CharFilter, FilterSet, NumberFilter

from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.records.activities.queries import references_of
from klyngeforum.records.outcomes import actions
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.queries import Outcome, outcomes
from klyngeforum.records.outcomes.terms import Evidence, Step
from klyngeforum.web.acting import attempt
from klyngeforum.web.components.choices import BodyField
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.serving import me, serves

from .desk import own_cluster

_NONE = Empty(_("No outcomes yet"), _("Note what a company got out of taking part, with the evidence for it."))


class OutcomeTable(tables.Table):  # type: ignore[misc]
    year = tables.Column(verbose_name=_("Year"))
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Company"))
    step = tables.Column(verbose_name=_("Outcome"))
    evidence = tables.Column(verbose_name=_("Evidence"))
    protected = tables.Column(accessor="body__protected", verbose_name=_("Advertising protection"), default="")

    class Meta:
        caption = _("Outcomes")

    def render_year(self, value: int) -> str:
        return str(value)

    def render_body(self, record: Outcome) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("outcome", args=[record.pk]), record.body.name)

    def value_body(self, record: Outcome) -> str:
        return record.body.name

    def render_step(self, value: str, record: Outcome) -> str:
        return f"{record.step}. {gettext(value)}"

    def render_protected(self, value: bool) -> str:
        return gettext("Yes: no mailings") if value else ""

    def render_evidence(self, value: str) -> str:
        return gettext(value)


class OutcomeFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="body__name", lookup_expr="icontains", label=_("Company"))
    aar = NumberFilter(field_name="year", label=_("Year"), min_value=1900, max_value=2100)


class NoteForm(forms.Form):
    body = BodyField(label=_("Company"), help_text=_("Name or CVR number"))
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, localize=False)
    step = forms.ChoiceField(label=_("Outcome"), widget=forms.Select)
    evidence = forms.ChoiceField(label=_("Evidence"))
    reference = forms.CharField(
        label=_("Came of the activity"), max_length=60, required=False, help_text=_("Your reference of it.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, data: dict[str, str] | None) -> None:
        super().__init__(data)
        self.fields["step"].choices = [(one.value, f"{one.value}. {gettext(one.label)}") for one in Step]  # type: ignore[attr-defined]
        self.fields["evidence"].choices = [(one.value, gettext(one.label)) for one in Evidence]  # type: ignore[attr-defined]


@serves("outcomes.edit")
def outcome_list(request: HttpRequest) -> HttpResponseBase:
    cluster = own_cluster(request)
    rows = outcomes(seen_by=me(request), on=timezone.localdate()).filter(cluster=cluster)
    return show_list(
        request, template="cluster_office/outcomes.html", rows=rows, table_class=OutcomeTable, filter_class=OutcomeFilter,
        empty=_NONE, name="udbytte", context={"cluster": cluster},
    )  # fmt: skip


@serves("outcomes.edit")
def note(request: HttpRequest) -> HttpResponseBase:
    cluster, now = own_cluster(request), timezone.now()
    form = NoteForm(request.POST.dict() if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values, body = form.cleaned_data, one_body(form.cleaned_data["body"])
        activity_id, _ends = references_of(cluster.pk).get(values["reference"], (None, None))
        if values["reference"] and activity_id is None:
            form.add_error("reference", gettext("No activity has this reference."))
        new = NewOutcome(cluster.pk, values["body"], values["year"], Step(values["step"]), activity_id, Evidence(values["evidence"]), values["note"])  # fmt: skip
        if body and not form.errors and attempt(request, lambda: actions.note(by=me(request), at=now, cluster=cluster, body=body, new=new), form=form, done=gettext("Noted.")):  # fmt: skip
            return redirect("outcomes")
    return render(request, "cluster_office/note.html", {"form": form, "cluster": cluster})


@serves("outcomes.edit")
def outcome(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = outcomes(seen_by=me(request), on=timezone.localdate()).filter(pk=pk).first()
    if one is None:
        raise Http404
    if request.method == "POST":
        attempt(request, lambda: actions.take_back(by=me(request), at=timezone.now(), outcome=one) or True, done=gettext("Taken back; the trail keeps it."))  # fmt: skip
        return redirect("outcomes")
    return render(request, "cluster_office/outcome.html", {"one": one})
