"""What the checks found over all accounts of a year that are handed in: the whole round's oddities in one list."""

from __future__ import annotations

from dataclasses import dataclass

import django_tables2 as tables
from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.programme.queries import checks, measures
from klyngeforum.results.accounts.looking import Flag, flags
from klyngeforum.results.accounts.queries import rounds, standing
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.results.accounts.validation import Severity
from klyngeforum.results.accounts.working import explanations, warning_key
from klyngeforum.web.components.account_sheet import finding_said
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

_NONE = Empty(_("Nothing odd"), _("The checks found nothing in the accounts that are handed in."))


@dataclass(frozen=True, slots=True)
class Row:
    """One finding as the list shows it."""

    cluster: str
    figure: str
    check: str
    code: str
    severity: Severity
    what: str
    state: str
    comment: str
    href: str

    @property
    def cluster_sorted(self) -> str:
        return danish_key(self.cluster)

    @property
    def rank(self) -> int:
        return list(Severity).index(self.severity)


class FlagTable(tables.Table):  # type: ignore[misc]
    cluster = tables.Column(order_by="cluster_sorted", verbose_name=_("Cluster organisation"))
    severity = tables.Column(order_by="rank", verbose_name=_("Weight"))
    check = tables.Column(verbose_name=_("What the check looks at"))
    figure = tables.Column(verbose_name=_("Figure"), default="–")
    what = tables.Column(verbose_name=_("What it found"), orderable=False)
    state = tables.Column(verbose_name=_("State"))
    comment = tables.Column(verbose_name=_("Comment of the cluster organisation"), default="–", orderable=False)

    class Meta:
        caption = _("What the checks found")

    def render_cluster(self, record: Row) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.href, record.cluster)

    def value_cluster(self, record: Row) -> str:
        return record.cluster

    def render_severity(self, value: Severity) -> str:
        return gettext(value.label)

    def value_severity(self, value: Severity) -> str:
        return gettext(value.label)


class FlagForm(forms.Form):
    q = forms.CharField(label=_("Cluster organisation"), required=False)
    severity = forms.ChoiceField(label=_("Weight"), required=False)
    check = forms.ChoiceField(label=_("What the check looks at"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        language = get_language() or "da"
        every = [("", gettext("All"))]
        self.fields["severity"].choices = [*every, *((one.value, gettext(one.label)) for one in Severity)]  # type: ignore[attr-defined]
        self.fields["check"].choices = [*every, *((one.code, one.name.say(language)) for one in checks())]  # type: ignore[attr-defined]


def rows_of(found: list[Flag], language: str) -> list[Row]:
    """The gravest first, then by organisation."""
    names = {one.code: one.name.say(language) for one in measures()}
    about = {one.code: one.name.say(language) for one in checks()}
    told = explanations(flag.account.pk for flag in found)
    rows = [
        Row(
            flag.account.cluster.name, names.get(flag.finding.measure, ""), about[flag.finding.check], flag.finding.check,
            flag.finding.severity, finding_said(flag.finding), gettext(AccountState(flag.account.state).label),
            told.get((flag.account.pk, warning_key(flag.finding)), flag.account.comment),
            reverse("review", args=[flag.account.pk]),
        )
        for flag in found
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.rank, row.cluster_sorted))


@serves("accounts.approve")
def flags_screen(request: HttpRequest, year: int) -> HttpResponseBase:
    if standing(year) is None:
        raise Http404
    rows = rows_of(flags(year, seen_by=me(request), on=timezone.localdate()), get_language() or "da")
    narrowing = RowFilter(
        FlagForm(request.GET), rows,
        {
            "q": lambda row, value: value.casefold() in row.cluster.casefold(), "severity": lambda row, value: row.severity == value,
            "check": lambda row, value: row.code == value,
        },
    )  # fmt: skip
    tally = [(gettext(one.label), sum(row.severity is one for row in rows)) for one in Severity]
    return show_list(
        request, template="secretariat/flags.html", rows=rows, table_class=FlagTable, row_filter=narrowing, empty=_NONE,
        name=f"tjek-{year}", context={"year": year, "rounds": list(rounds()), "tally": tally},
    )  # fmt: skip
