"""The trail: who did what to which thing when."""

from __future__ import annotations

import django_tables2 as tables
from django.http import HttpRequest, HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.trail.queries import Act, acts
from klyngeforum.web.components.acts import DONE, changed, done, thing, who
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.serving import serves


class ActTable(tables.Table):  # type: ignore[misc]
    at = tables.Column(verbose_name=_("When"))
    by_name = tables.Column(verbose_name=_("Who"))
    verb = tables.Column(verbose_name=_("Act"))
    body = tables.Column(accessor="body__name", order_by="body__sorted_as", verbose_name=_("Organisation"), default="–")
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

    def render_by_name(self, value: str) -> str:
        return who(value)

    def render_verb(self, value: str) -> str:
        return done(value)

    def value_verb(self, value: str) -> str:
        return value

    def render_thing(self, record: Act) -> str:
        return thing(record.thing, record.thing_id)

    def render_before(self, record: Act) -> str:
        return changed(record.before)

    def render_after(self, record: Act) -> str:
        return changed(record.after)


class ActFilter(FilterSet):  # type: ignore[misc]
    by = CharFilter(field_name="by_name", lookup_expr="icontains", label=_("Who"))
    verb = ChoiceFilter(label=_("Act"), empty_label=_("All"), choices=[])
    body = CharFilter(field_name="body__name", lookup_expr="icontains", label=_("Organisation"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["verb"].extra["choices"] = sorted(
            ((verb, done(verb)) for verb in DONE), key=lambda pair: danish_key(pair[1])
        )


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
