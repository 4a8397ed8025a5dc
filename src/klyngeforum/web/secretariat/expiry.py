"""The calendar of labels that run out: when, whose, what was reminded of, and whether a renewal is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.quality.indicators.validity import months_later, whole_months
from klyngeforum.quality.labels.queries import expiring, open_cases, reminders_of
from klyngeforum.quality.labels.reading import certification
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me, serves

_AHEAD = 24
_NONE = Empty(_("No label runs out in the next two years"), _("Labels stand here from the day they are recorded."))


@dataclass(frozen=True, slots=True)
class Ending:
    """One label that runs out."""

    name: str
    slug: str
    label: str
    label_said: str
    valid_to: date
    months: int
    reminded: str
    case: int | None
    issuer: str


class EndingTable(tables.Table):  # type: ignore[misc]
    valid_to = tables.Column(verbose_name=_("Runs out"))
    name = tables.Column(verbose_name=_("Cluster organisation"))
    label = tables.Column(verbose_name=_("Label"))
    months = tables.Column(verbose_name=_("Months left"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    reminded = tables.Column(verbose_name=_("Reminded, months before"), orderable=False, default="–")
    case = tables.Column(verbose_name=_("Renewal"), default="–")
    issuer = tables.Column(verbose_name=_("Issued by"))

    class Meta:
        caption = _("Labels that run out")

    def render_valid_to(self, value: date) -> str:
        return day(value)

    def value_valid_to(self, value: date) -> date:
        return value

    def render_name(self, record: Ending) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("cluster", args=[record.slug]), record.name)

    def value_name(self, record: Ending) -> str:
        return record.name

    def render_label(self, record: Ending) -> str:
        return record.label_said

    def render_case(self, value: int) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("case", args=[value]), gettext("under way"))

    def value_case(self, value: int) -> str:
        return gettext("under way")


class EndingFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    within = forms.ChoiceField(label=_("Runs out within"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._choose("label", list(label_words().items()))
        self._choose(
            "within",
            [
                (str(n), ngettext("%(n)s month", "%(n)s months", n) % {"n": n})
                for n in sorted(certification().reminders)
            ],
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        field.choices = field.widget.choices = [("", gettext("All")), *choices]  # type: ignore[attr-defined]


def endings(request: HttpRequest) -> list[Ending]:
    today, words = timezone.localdate(), label_words()
    rows = list(expiring(on=today, until=months_later(today, _AHEAD)))
    sent = reminders_of(rows)
    renewing = {(one.cluster_id, one.label): one.pk for one in open_cases(seen_by=me(request), on=today)}
    return [
        Ending(
            row.cluster.name, row.cluster.slug, row.label, words.get(row.label, row.label), row.valid_to,
            whole_months(today, row.valid_to),
            ", ".join(str(n) for n in sent.get(row.pk, [])), renewing.get((row.cluster_id, row.label)), row.issuer,
        )
        for row in rows
    ]  # fmt: skip


@serves("labels.handle")
def expiry(request: HttpRequest) -> HttpResponseBase:
    rows, today = endings(request), timezone.localdate()
    tests = {
        "q": lambda row, value: value.casefold() in row.name.casefold(),
        "label": lambda row, value: row.label == value,
        "within": lambda row, value: row.valid_to <= months_later(today, int(value)),
    }
    return show_list(
        request, template="secretariat/expiry.html", rows=rows, table_class=EndingTable, row_filter=RowFilter(EndingFilter(request.GET), rows, tests),
        empty=_NONE, name="maerker-udloeb", context={"reminders": certification().reminders, "placeholder": certification().placeholder("reminders")},
    )  # fmt: skip
