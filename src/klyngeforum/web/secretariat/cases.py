"""Cases of certification: the list, filtered, sorted and exported."""

from __future__ import annotations

import django_tables2 as tables
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.quality.labels.queries import Case, cases
from klyngeforum.quality.labels.terms import CaseState
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day, grouped
from klyngeforum.web.public.overview import label_words
from klyngeforum.web.serving import me, serves

_NOBODY = Empty(_("Nobody has applied"), _("When a cluster manager applies for certification, the case stands here."))
_NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}}


class CaseTable(tables.Table):  # type: ignore[misc]
    cluster = tables.Column(accessor="cluster__name", verbose_name=_("Cluster organisation"))
    label = tables.Column(verbose_name=_("Label"))
    state = tables.Column(verbose_name=_("State"))
    applied_on = tables.Column(verbose_name=_("Applied"))
    money_asked = tables.Column(verbose_name=_("Money asked, DKK"), default="–", attrs=_NUMBER)
    ended_on = tables.Column(verbose_name=_("Ended"), default="–")

    class Meta:
        caption = _("Cases of certification")

    def render_cluster(self, record: Case) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("case", args=[record.pk]), record.cluster.name)

    def value_cluster(self, record: Case) -> str:
        return record.cluster.name

    def render_label(self, value: str) -> str:
        return label_words().get(value, value)

    def render_state(self, record: Case) -> str:
        return gettext(CaseState(record.state).label)

    def render_applied_on(self, record: Case) -> str:
        return day(record.applied_on)

    def value_applied_on(self, record: Case) -> object:
        return record.applied_on

    def render_money_asked(self, record: Case) -> str:
        return grouped(record.money_asked)

    def value_money_asked(self, record: Case) -> object:
        return record.money_asked

    def render_ended_on(self, record: Case) -> str:
        return day(record.ended_on)

    def value_ended_on(self, record: Case) -> object:
        return record.ended_on


class CaseFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="cluster__name", lookup_expr="icontains", label=_("Cluster organisation"))
    label = ChoiceFilter(choices=(), label=_("Label"), empty_label=_("All"))
    state = ChoiceFilter(choices=[(one.value, pgettext_lazy("state", one.label)) for one in CaseState], label=_("State"), empty_label=_("All"))  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["label"].extra["choices"] = list(label_words().items())
        self.filters["state"].extra["choices"] = [(one.value, gettext(one.label)) for one in CaseState]


@serves("labels.handle")
def case_list(request: HttpRequest) -> HttpResponseBase:
    rows = cases(seen_by=me(request), on=timezone.localdate())
    return show_list(
        request, template="secretariat/cases.html", rows=rows, table_class=CaseTable, filter_class=CaseFilter, empty=_NOBODY, name="certificeringer",
    )  # fmt: skip
