"""The trail: who did what to which thing when."""

from __future__ import annotations

import django_tables2 as tables
from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from klyngeforum.ground.trail.queries import Act, acts
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.serving import serves


class ActTable(tables.Table):  # type: ignore[misc]
    at = tables.Column(verbose_name=_("When"))
    by_name = tables.Column(verbose_name=_("Who"))
    verb = tables.Column(verbose_name=_("Act"))
    body = tables.Column(accessor="body__name", verbose_name=_("Organisation"), default="–")
    thing = tables.Column(verbose_name=_("Thing"))
    before = tables.Column(verbose_name=_("Before"), default="–", orderable=False)
    after = tables.Column(verbose_name=_("After"), default="–", orderable=False)
    reason = tables.Column(verbose_name=_("Reason"), default="–", orderable=False)

    class Meta:
        caption = _("The trail")

    def render_at(self, record: Act) -> str:
        return date_format(localtime(record.at), "SHORT_DATETIME_FORMAT")

    def value_at(self, record: Act) -> object:
        return record.at.isoformat()

    def render_thing(self, record: Act) -> str:
        return f"{record.thing} {record.thing_id or ''}"


class ActFilter(FilterSet):  # type: ignore[misc]
    by = CharFilter(field_name="by_name", lookup_expr="icontains", label=_("Who"))
    verb = CharFilter(field_name="verb", lookup_expr="icontains", label=_("Act"))
    body = CharFilter(field_name="body__name", lookup_expr="icontains", label=_("Organisation"))


@serves("trail.see")
def trail(request: HttpRequest) -> HttpResponseBase:
    return show_list(
        request,
        template="secretariat/trail.html",
        rows=acts(),
        table_class=ActTable,
        filter_class=ActFilter,
        name="spor",
    )
