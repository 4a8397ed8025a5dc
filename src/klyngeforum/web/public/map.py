"""The map of cluster organisations with an equal table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from klyngeforum.ground.places.queries import codes_in
from klyngeforum.web.components.choices import whole_number
from klyngeforum.web.components.listing import show_list
from klyngeforum.web.components.maps import Dot, MapShown, base_map, cells, placed
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.serving import serves

from .clusters import ClusterTable, cluster_filter, no_organisation
from .overview import ClusterRow, league_words, overview

_MOST_DOTS = 300


def _dot(row: ClusterRow) -> Dot | None:
    if row.point is None:
        return None
    words = gettext("%(name)s, %(place)s, %(members)s participants") % {
        "name": row.name, "place": row.place_said, "members": grouped(row.members),
    }  # fmt: skip
    return Dot(*row.point, row.members, f"dot--{row.league}" if row.league else "", words, row.href)


def _together(rows: Iterable[ClusterRow]) -> list[Dot]:
    """One dot a place, as large as the number of organisations there: a thousand dots of their own say nothing."""
    there: dict[tuple[tuple[float, float], str], int] = Counter(
        (row.point, row.place_said) for row in rows if row.point
    )
    words = gettext("%(place)s: %(count)s cluster organisations")
    return [
        Dot(*point, count, "", words % {"place": place, "count": grouped(count)}, f"{reverse('map')}?{urlencode({'q': place})}")
        for (point, place), count in there.items()
    ]  # fmt: skip


def map_of(rows: Sequence[ClusterRow], chosen: frozenset[str] = frozenset()) -> MapShown:
    together = len(rows) > _MOST_DOTS
    dots = placed(_together(rows) if together else [dot for dot in map(_dot, rows) if dot is not None])
    legend = [(f"league--{code}", words) for code, words in league_words().items()]
    label = gettext("Map of Denmark with %(count)s cluster organisations") % {"count": grouped(len(rows))}
    note = (
        gettext(
            "A dot is a municipality; its size follows the number of organisations. Municipal borders are approximate."
        )
        if together
        else gettext("The size of a dot follows the number of participants. Municipal borders are approximate.")
    )
    return MapShown(
        base_map(), cells(chosen), dots, [] if together else [*legend, ("", gettext("Not placed"))], label, note
    )


@serves("landscape.see")
def map_screen(request: HttpRequest) -> HttpResponseBase:
    rows = overview()
    narrowing = cluster_filter(request, rows)
    region = request.GET.get("region", "")
    lit = codes_in(whole_number(region)) if whole_number(region) else frozenset()
    return show_list(
        request, template="public/map.html", rows=rows, table_class=ClusterTable, row_filter=narrowing, name="klyngekort",
        empty=None if rows else no_organisation(request),
        context={"map": map_of(narrowing.qs, lit)}, table_options={"exclude": ("kind", "region", "label")},
    )  # fmt: skip
