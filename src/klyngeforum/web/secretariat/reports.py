"""Funders' reports over all organisations: who has handed in, who is late, and how much of it came from the records; one as it was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.programme.queries import report_form, report_forms
from klyngeforum.results.reports import queries
from klyngeforum.results.reports.queries import Due
from klyngeforum.results.reports.rules import tallied
from klyngeforum.results.reports.terms import ReportState
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.report_fields import as_table, form_name, handed_rows, tally_said
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

_NONE = Empty(_("No report is due for the year"), _("An organisation owes a report for each year in which a grant of the funder runs."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that somebody owes."""

    name: str
    form: str
    form_said: str
    due_on: date
    state: ReportState
    edition: int | None
    filled: str
    pk: int | None


class OwedTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Cluster organisation"))
    form_said = tables.Column(verbose_name=_("Report"))
    due_on = tables.Column(verbose_name=_("Due"))
    state = tables.Column(verbose_name=_("State"))
    edition = tables.Column(verbose_name=_("Edition"), default="–")
    filled = tables.Column(verbose_name=_("How it was filled"), default="–", orderable=False)

    class Meta:
        caption = _("Funders' reports")

    def render_name(self, record: Owed) -> SafeString | str:
        if record.pk is None:
            return record.name
        return format_html('<a href="{}">{}</a>', reverse("report_handed_in", args=[record.pk]), record.name)

    def value_name(self, record: Owed) -> str:
        return record.name

    def render_due_on(self, value: date) -> str:
        return day(value)

    def value_due_on(self, value: date) -> object:
        return value

    def render_state(self, value: ReportState) -> str:
        return gettext(value.label)


class OwedFilter(forms.Form):
    form = forms.ChoiceField(label=_("Report"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["form"].choices = [("", gettext("All")), *((one.code, form_name(one)) for one in report_forms())]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", gettext("All")), *((one.value, gettext(one.label)) for one in ReportState)]  # type: ignore[attr-defined]


def _owed(one: Due) -> Owed:
    standing = one.handed_in
    return Owed(one.cluster.name, one.form.code, form_name(one.form), one.due_on, one.state, standing.edition if standing else None, tally_said(one.tally) if standing else "", standing.pk if standing else None)  # fmt: skip


@serves("accounts.approve")
def reports_of_all(request: HttpRequest) -> HttpResponseBase:
    years = queries.years()
    wanted = request.GET.get("aar", "")
    year = int(wanted) if wanted in map(str, years) else (years[0] if years else timezone.localdate().year - 1)
    due = queries.due_in(year, on=timezone.localdate())
    rows = [_owed(one) for one in due]
    tests = {"form": lambda row, value: row.form == value, "state": lambda row, value: row.state == value}
    handed = sum(one.state is ReportState.HANDED_IN for one in due)
    return show_list(
        request, template="secretariat/reports.html", rows=rows, table_class=OwedTable, row_filter=RowFilter(OwedFilter(request.GET), rows, tests), empty=_NONE, name="indberetninger",
        context={"year": year, "years": years, "handed": handed, "all": len(due), "late": sum(one.state is ReportState.LATE for one in due), "together": tally_said(queries.together(due))},
    )  # fmt: skip


@serves("accounts.approve")
def report_handed_in(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = queries.reports(seen_by=me(request), on=timezone.localdate()).filter(pk=pk).first()
    form = report_form(one.form) if one else None
    if one is None or form is None:
        raise Http404
    rows = handed_rows(one)
    if (wanted := request.GET.get("hent", "")) in FORMATS:
        texts = {row.code: row.value for row in queries.values_of(one)}
        return download(as_table(rows, texts), name=f"{one.form}-{one.cluster.slug}-{one.year}", fmt=wanted)
    return render(request, "secretariat/report_handed_in.html", {"one": one, "name": form_name(form), "rows": rows, "tally": tally_said(tallied(row.origin for row in rows)), "formats": FORMATS.items()})  # fmt: skip
