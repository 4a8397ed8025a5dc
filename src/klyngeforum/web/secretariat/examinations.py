"""Benchmarking interviews and ex-ante checks: the list over all organisations, and beginning one; they are filled where the organisations
fill their own."""

from __future__ import annotations

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.ground.period import date_of
from klyngeforum.quality.assessments import actions
from klyngeforum.quality.assessments.queries import Assessment, assessments
from klyngeforum.quality.assessments.terms import AssessmentKind, AssessmentState
from klyngeforum.registers.clusters.queries import cluster, counted
from klyngeforum.web.acting import attempt
from klyngeforum.web.cluster_office.assessments import BeginForm
from klyngeforum.web.components.begun import begun
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.serving import me, serves

KINDS = (AssessmentKind.INTERVIEW, AssessmentKind.EX_ANTE)
_NONE = Empty(_("No interview or check yet"), _("Begin one: what the registers measure stands there already."))


class ExaminationTable(tables.Table):  # type: ignore[misc]
    cluster = tables.Column(accessor="cluster__name", order_by="cluster__sorted_as", verbose_name=_("Cluster organisation"))  # fmt: skip
    kind = tables.Column(verbose_name=_("Kind"))
    as_of = tables.Column(verbose_name=_("As of"))
    state = tables.Column(verbose_name=_("State"))
    completed_by = tables.Column(accessor="completed_by__name", verbose_name=_("Completed by"), default="–")

    class Meta:
        caption = _("Interviews and checks")

    def render_cluster(self, record: Assessment) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("assessment", args=[record.pk]), record.cluster.name)

    def value_cluster(self, record: Assessment) -> str:
        return record.cluster.name

    def render_kind(self, record: Assessment) -> str:
        return gettext(AssessmentKind(record.kind).label)

    def render_as_of(self, record: Assessment) -> str:
        return day(record.as_of)

    def value_as_of(self, record: Assessment) -> object:
        return record.as_of

    def render_state(self, record: Assessment) -> str:
        return gettext(AssessmentState(record.state).label)


class ExaminationFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="cluster__name", lookup_expr="icontains", label=_("Cluster organisation"))
    kind = ChoiceFilter(choices=(), label=_("Kind"), empty_label=_("All"))
    state = ChoiceFilter(choices=(), label=_("State"), empty_label=_("All"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["kind"].extra["choices"] = [(one.value, gettext(one.label)) for one in KINDS]
        states = (AssessmentState.OPEN, AssessmentState.COMPLETED)
        self.filters["state"].extra["choices"] = [(one.value, gettext(one.label)) for one in states]


class ExamineForm(BeginForm):
    """Whose, of what kind, by which indicators, as of which day."""

    cluster = forms.ChoiceField(label=_("Cluster organisation"))
    kind = forms.ChoiceField(label=_("Kind"))
    field_order = ("cluster", "kind", "scheme", "as_of")

    def __init__(self, data: object = None) -> None:
        super().__init__(data)
        rows = [(one.slug, one.name) for one in counted(on=timezone.localdate())]
        self.fields["cluster"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(one.value, gettext(one.label)) for one in KINDS]  # type: ignore[attr-defined]


@serves("assessments.examine")
def examinations(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    form = ExamineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        whose = cluster(values["cluster"])
        made = whose and attempt(
            request,
            lambda: actions.begin(
                by=me(request), at=now, cluster=whose, kind=AssessmentKind(values["kind"]), scheme=values["scheme"], as_of=values["as_of"],
            ),
            form=form,
        )  # fmt: skip
        if made:
            messages.success(request, begun(made))
            return redirect("assessment", made.pk)
    rows = assessments(seen_by=me(request), on=date_of(now)).filter(kind__in=KINDS)
    return show_list(
        request, template="secretariat/examinations.html", rows=rows, table_class=ExaminationTable, filter_class=ExaminationFilter,
        empty=_NONE, name="interview-og-tjek", context={"form": form},
    )  # fmt: skip
