"""Two organisations side by side: what they share, in which industries, and for those with the right the companies themselves."""

from __future__ import annotations

from datetime import date

import django_tables2 as tables
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.bodies.queries import Body, bodies
from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.industries.queries import sections_said
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.registers.clusters.queries import cluster
from klyngeforum.results.landscape.between import opened_to, pair_of, shared_bodies
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import Pair, PairKind, SharedIndustry
from klyngeforum.web.components.choices import day_asked
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.pairs import PairSaid
from klyngeforum.web.components.places import PlaceColumn
from klyngeforum.web.serving import me, serves

from .merger import way_to
from .overlap import MARKS

_SHUT = Empty(_("The shared companies are not shown here"), _("Names of companies are shown to those who may see the participants of both organisations, and to the forum secretariat."))  # fmt: skip
_NOBODY = Empty(_("They share nobody"), _("On this day no company takes part in both."))


class SharedTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="sorted_as", verbose_name=_("Name"))
    number = tables.Column(verbose_name=_("Number"), default="–")
    place = PlaceColumn("place")
    industry = tables.Column(accessor="industry", verbose_name=_("Industry"), orderable=False, default="–")

    class Meta:
        caption = _("Companies that take part in both")

    def render_industry(self, record: Body) -> str:
        return self._industry(record)

    def value_industry(self, record: Body) -> str:
        return self._industry(record)

    def _industry(self, record: Body) -> str:
        one = record.industry
        title = (one.title_en if (get_language() or "da").startswith("en") else one.title_da) if one else ""
        return f"{one.code} {title}" if one else "–"


def industries_said(
    rows: tuple[SharedIndustry, ...], said: PairSaid, flipped: bool
) -> list[tuple[str, SharedIndustry]]:
    """The industries of both, with their names; of too few companies only for those who see records."""
    least = small_cells().least
    shown = [one for one in rows if said.open or min(one.first_companies, one.second_companies) >= least]
    names = sections_said({one.industry for one in shown}, get_language() or "da")
    turned = [
        SharedIndustry(one.industry, one.second, one.first, one.shared, one.second_companies, one.first_companies) if flipped else one
        for one in shown
    ]  # fmt: skip
    return [(names.get(one.industry, ""), one) for one in turned]


def headline(said: PairSaid) -> str:
    """How the two stand, in a sentence."""
    if said.unsaid:
        return gettext("Too few companies to say how the two stand.")
    return {
        PairKind.OVERLAP: gettext("They overlap: many companies take part in both, and their industries are alike."),
        PairKind.PARALLEL: gettext("Parallel structures: their industries are alike, but few companies take part in both."),
        PairKind.NEITHER: gettext("Neither overlap nor parallel structures by the marks."),
    }[said.kind]  # fmt: skip


@serves("landscape.see")
def pair(request: HttpRequest, first: str, second: str) -> HttpResponseBase:
    one, other = cluster(first), cluster(second)
    if one is None or other is None or one.pk == other.pk:
        raise Http404
    day: date = day_asked(request) or day_shown(timezone.localdate())
    reader, today = me(request), timezone.localdate()
    found, industries = pair_of(one.pk, other.pk, day)
    opened, flipped = opened_to(reader, today)(one.pk, other.pk), one.pk > other.pk
    both = found or Pair(min(one.pk, other.pk), max(one.pk, other.pk), 0, 0, 0, 0.0, 0.0, None, None, PairKind.NEITHER, PairKind.NEITHER)  # fmt: skip
    said = PairSaid(both, opened)
    sizes = (both.second_companies, both.first_companies) if flipped else (both.first_companies, both.second_companies)
    ids = shared_bodies(one.pk, other.pk, day) if opened else frozenset[int]()
    context = {
        "one": one, "other": other, "day": day, "found": found, "said": said, "headline": headline(said), "sizes": sizes, "opened": opened,
        "industries": industries_said(industries, said, flipped), "marks": marks_said(MARKS, day), "least": small_cells().least,
        "merge_way": way_to([first, second], day) if found and may(reader, "landscape.merge", on=today) else "",
    }  # fmt: skip
    return show_list(
        request, template="public/pair.html", rows=bodies().filter(pk__in=ids, kind=BodyKind.COMPANY).order_by("sorted_as"), table_class=SharedTable,
        empty=_NOBODY if opened else _SHUT, name=f"{first}-{second}-{day}", context=context,
    )  # fmt: skip
