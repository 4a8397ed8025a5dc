"""Overlap on the map: each organisation at its core with its reach, and a line between those that overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.places.queries import names_of
from klyngeforum.ground.programme.queries import mark_of, small_cells
from klyngeforum.results.landscape.between import between, latest_between, opened_to
from klyngeforum.results.landscape.standing import day_shown, latest_standings, standings
from klyngeforum.results.landscape.terms import PairKind, Standing
from klyngeforum.web.components.choices import DayField, day_asked
from klyngeforum.web.components.counted import for_reader
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.maps import Dot, Line, MapShown, base_map, cells, placed, ring
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.pairs import href_of
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .overlap import MARKS, NOBODY, PairRow, PairTable, pair_rows
from .overview import ClusterRow, league_words

MOST_LINES, MOST_RINGS = 300, 6
_APART = 27  # lines between dots of one place must be seen
_DRAWN = (PairKind.OVERLAP, PairKind.PARALLEL)
_KEYS = {PairKind.OVERLAP: "key--tie", PairKind.PARALLEL: "key--tie key--parallel"}
_NONE = Empty(_("No overlap to draw"), _("No two organisations overlap on the day, or their core is not known."))


@dataclass(frozen=True, slots=True)
class PointRow:
    """An organisation of the map: where its core is, how far it reaches, and how many lines it has."""

    cluster: ClusterRow
    core: str
    radius: float
    lines: int
    chosen: bool


class OverlapMapFilter(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    slags = forms.ChoiceField(label=_("Read as"), required=False)
    dag = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any, rows: Sequence[PairRow]) -> None:
        super().__init__(data)
        known = {one.slug: one for row in rows for one in (row.first, row.second)}
        named = sorted(known.values(), key=lambda one: one.name_sorted)
        kinds = [("", gettext("Overlap")), *((one.value, gettext(one.label)) for one in _DRAWN[1:]), ("alle", gettext("Both"))]  # fmt: skip
        choices = {"organisation": [("", gettext("All")), *((one.slug, one.name) for one in named)], "slags": kinds}
        for name, offered in choices.items():
            field = self.fields[name]
            field.choices = field.widget.choices = offered  # type: ignore[attr-defined]


def _filter(request: HttpRequest, rows: Sequence[PairRow]) -> RowFilter:
    asked = request.GET.get("slags", "")
    kinds = _DRAWN if asked == "alle" else (PairKind.PARALLEL,) if asked == PairKind.PARALLEL else (PairKind.OVERLAP,)
    drawn = [row for row in rows if row.said.kind in kinds]
    return RowFilter(
        OverlapMapFilter(request.GET, rows),
        drawn,
        {
            "organisation": lambda row, value: value in (row.first.slug, row.second.slug),
            "slags": lambda row, value: True,
            "dag": lambda row, value: True,
        },
    )


def _dots(rows: Sequence[PairRow], stood: dict[int, Standing], names: dict[int, str]) -> dict[int, Dot]:
    """Organisation -> its dot at its core, those of one place spread."""
    found = {one.pk: one for row in rows for one in (row.first, row.second)}
    words = gettext("%(name)s, core %(place)s, radius %(km)s km")
    dots = {
        pk: Dot(
            core.longitude, core.latitude, stood[pk].companies, f"dot--{one.league}" if one.league else "",
            words % {"name": one.name, "place": names.get(core.place, ""), "km": grouped(round(core.radius_km))}, one.href,
        )
        for pk, one in found.items()
        if (core := stood[pk].core if pk in stood else None)
    }  # fmt: skip
    by_href = {dot.href: dot for dot in placed(dots.values(), apart=_APART)}
    return {pk: by_href[dot.href] for pk, dot in dots.items()}


def _line(row: PairRow, dots: dict[int, Dot], day: date) -> Line:
    one, other = dots[row.first.pk], dots[row.second.pk]
    parallel = row.said.kind is PairKind.PARALLEL
    common = row.profile if parallel else row.overlap
    words = gettext("%(first)s and %(second)s: %(kind)s") % {
        "first": row.first.name, "second": row.second.name, "kind": gettext(row.said.kind.label),
    }  # fmt: skip
    said = f"{words} {share(common)}" if common is not None else words
    return Line(one.x, one.y, other.x, other.y, round(1 + 5 * (common or 0), 1), "tie--parallel" if parallel else "", said, href_of(row.first.slug, row.second.slug, day))  # fmt: skip


def _drawn(
    rows: Sequence[PairRow], stood: dict[int, Standing], day: date, chosen: str
) -> tuple[MapShown, list[PointRow]]:
    """The map and its organisations as a table, those with most lines first."""
    names = names_of({one.core.place for one in stood.values() if one.core}, get_language() or "da")
    dots = _dots(rows, stood, names)
    tied = [row for row in rows if row.first.pk in dots and row.second.pk in dots][:MOST_LINES]
    count = Counter(pk for row in tied for pk in (row.first.pk, row.second.pk))
    known = {one.pk: one for row in tied for one in (row.first, row.second)}
    points = [
        PointRow(known[pk], names.get(core.place, ""), core.radius_km, n, known[pk].slug == chosen)
        for pk, n in count.items() if (core := stood[pk].core)
    ]  # fmt: skip
    points.sort(key=lambda one: (not one.chosen, -one.lines, one.cluster.name_sorted))
    ringed = points if len(points) <= MOST_RINGS or any(one.chosen for one in points) else []
    note = gettext("A dot is an organisation at its core; its size follows the number of companies, a line's width how much the two have in common. Dots of one municipality are spread.")  # fmt: skip
    reach = gettext("A circle holds the share of the participants that the mark asks for.") if ringed else gettext("Choose an organisation to see how far it reaches.")  # fmt: skip
    drawn = {row.said.kind for row in tied}
    keys = [(words, gettext(kind.label)) for kind, words in _KEYS.items() if kind in drawn]
    leagues = {one.cluster.league for one in points}
    legend = [(f"league--{code}" if code else "", words) for code, words in {**league_words(), "": gettext("Not placed")}.items() if code in leagues]  # fmt: skip
    shown = MapShown(
        base_map(), cells(), [dots[one.cluster.pk] for one in reversed(points)], legend,
        ngettext("Map of Denmark with %(count)s pair of organisations", "Map of Denmark with %(count)s pairs of organisations", len(tied)) % {"count": grouped(len(tied))}, f"{note} {reach}",
        [ring(dots[one.cluster.pk], one.radius, strong=one.chosen) for one in ringed], [_line(row, dots, day) for row in tied], keys,
    )  # fmt: skip
    return shown, points


@serves("landscape.see")
def overlap_map(request: HttpRequest) -> HttpResponseBase:
    day = day_asked(request) or day_shown(timezone.localdate())
    reader, today = me(request), timezone.localdate()
    told = for_reader(request, day, between, latest_between)
    stood = for_reader(request, day, standings, latest_standings)
    rows = pair_rows(told.value, day, opened_to(reader, today))
    narrowing = _filter(request, rows)
    chosen = request.GET.get("organisation", "")
    shown, points = _drawn(narrowing.qs, stood.value, day, chosen)
    context = {
        "counted_at": min(filter(None, (told.counted_at, stood.counted_at)), default=None),
        "merges": may(reader, "landscape.merge", on=today), "day": day, "map": shown, "points": points, "marks": marks_said(MARKS, day),
        "few": small_cells().least, "held": mark_of("near_core", on=day).least, "left_out": max(len(narrowing.qs) - len(shown.lines), 0),
    }  # fmt: skip
    return show_list(
        request, template="public/overlap_map.html", rows=rows, table_class=PairTable, row_filter=narrowing, empty=_NONE if points else NOBODY,
        name=f"overlap-kort-{day}", context=context, table_options={"day": day},
    )  # fmt: skip
