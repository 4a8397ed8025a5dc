"""The table of European peers as it was taken in: filtered, sorted, exported."""

from __future__ import annotations

import django_tables2 as tables
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, FilterSet

from klyngeforum.quality.labels.peering import Peer, peers
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.numbers import day, share
from klyngeforum.web.serving import serves

_NONE = Empty(_("No table of European peers yet"), _("The operator takes one in with klyngeforum take-in --peers."))


class PeerTable(tables.Table):  # type: ignore[misc]
    country = tables.Column(verbose_name=_("Country"))
    name = tables.Column(verbose_name=_("Name"))
    portfolio = tables.Column(verbose_name=_("Field"), default="–")
    valid_until = tables.Column(verbose_name=_("Valid until"), default="–")
    share = tables.Column(verbose_name=_("Share of the points"), default="–", attrs={"td": {"class": "num"}, "th": {"class": "num"}})  # fmt: skip
    source = tables.Column(verbose_name=_("Source"), default="–", orderable=False)

    class Meta:
        caption = _("European peers")

    def render_valid_until(self, record: Peer) -> str:
        return day(record.valid_until)

    def value_valid_until(self, record: Peer) -> object:
        return record.valid_until

    def render_share(self, record: Peer) -> str:
        return "–" if record.share is None else share(record.share)

    def value_share(self, record: Peer) -> object:
        return record.share


class PeerFilter(FilterSet):  # type: ignore[misc]
    q = CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    country = CharFilter(field_name="country", lookup_expr="iexact", label=_("Country"))
    portfolio = CharFilter(field_name="portfolio", lookup_expr="icontains", label=_("Field"))


@serves("labels.see")
def peers_screen(request: HttpRequest) -> HttpResponseBase:
    return show_list(
        request, template="public/peers.html", rows=peers(), table_class=PeerTable, filter_class=PeerFilter, empty=_NONE, name="europa",
    )  # fmt: skip
