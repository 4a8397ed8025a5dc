"""Between organisations: who overlaps and who is built up in parallel, as a list with the flagged first, and as a matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.landscape.between import between, latest_between, opened_to
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import Between, Pair, PairKind
from klyngeforum.web.components.choices import DayField, day_asked
from klyngeforum.web.components.counted import for_reader
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.listing import Empty, show_list
from klyngeforum.web.components.matrix import few_said, matrix, shades, spots_of
from klyngeforum.web.components.pairs import PairSaid, href_of, strength
from klyngeforum.web.components.rowfilter import RowFilter
from klyngeforum.web.serving import me, serves

from .landscape import NumberColumn, ShareColumn
from .overview import ClusterRow, by_name

MARKS = ("overlap_members", "overlap_industries")
_FLAGGED = "flag"
_BADGES = {PairKind.OVERLAP: "warning", PairKind.PARALLEL: "info"}
NOBODY = Empty(_("Nobody to compare yet"), _("When two organisations have participants on the day, they stand side by side here."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair of the list with the two organisations."""

    said: PairSaid
    first: ClusterRow
    second: ClusterRow

    @property
    def kind(self) -> str:
        return self.said.kind.value

    @property
    def shared(self) -> int | None:
        return self.said.shared

    @property
    def overlap(self) -> float | None:
        return self.said.overlap

    @property
    def jaccard(self) -> float | None:
        return self.said.jaccard

    @property
    def profile(self) -> float | None:
        return self.said.profile

    @property
    def profile_jaccard(self) -> float | None:
        return self.said.profile_jaccard


def pair_rows(found: Between, day: date, opened: Callable[[int, int], bool]) -> list[PairRow]:
    """The kept pairs as this reader may see them, the flagged first."""
    known = {row.pk: row for row in by_name(day)}
    said = [PairSaid(pair, opened(pair.first, pair.second)) for pair in found.pairs]
    rows = [
        PairRow(one, known[one.pair.first], known[one.pair.second])
        for one in said
        if one.pair.first in known and one.pair.second in known
    ]
    return sorted(rows, key=lambda row: (*strength(row.said), row.first.name_sorted, row.second.name_sorted))


class PairTable(tables.Table):  # type: ignore[misc]
    first = tables.Column(accessor="first__name", order_by="first__name_sorted", verbose_name=_("Organisation"))
    second = tables.Column(accessor="second__name", order_by="second__name_sorted", verbose_name=_("The other one"))
    kind = tables.Column(verbose_name=_("Read as"))
    shared = NumberColumn(verbose_name=_("Shared companies"))
    overlap = ShareColumn(verbose_name=_("Of the smaller one's"))
    jaccard = ShareColumn(verbose_name=_("Of both together"))
    profile = ShareColumn(verbose_name=_("Shared industries"))
    profile_jaccard = ShareColumn(verbose_name=_("Of all industries"))

    class Meta:
        caption = _("Organisations two by two")

    def __init__(self, *args: Any, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.day = day

    def render_first(self, record: PairRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.first.href, record.first.name)

    def value_first(self, record: PairRow) -> str:
        return record.first.name

    def render_second(self, record: PairRow) -> SafeString:
        return format_html('<a href="{}">{}</a>', record.second.href, record.second.name)

    def value_second(self, record: PairRow) -> str:
        return record.second.name

    def render_kind(self, record: PairRow) -> SafeString | str:
        kind = record.said.kind
        words = gettext(kind.label)
        return format_html('<span class="badge badge-{}">{}</span>', _BADGES[kind], words) if kind in _BADGES else "–"

    def value_kind(self, record: PairRow) -> str:
        return gettext("Not said") if record.said.unsaid else gettext(record.said.kind.label)

    def render_shared(self, record: PairRow) -> SafeString:
        href = href_of(record.first.slug, record.second.slug, self.day)
        words = gettext("%(first)s and %(second)s side by side") % {"first": record.first.name, "second": record.second.name}  # fmt: skip
        return format_html('<a href="{}" title="{}">{}</a>', href, words, record.said.shared_said)

    def value_shared(self, record: PairRow) -> object:
        return record.shared if record.shared is not None else record.said.shared_said


class PairFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    slags = forms.ChoiceField(label=_("Read as"), required=False)
    dag = DayField(label=_("As of"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        kinds = [(one.value, gettext(one.label)) for one in PairKind]
        choices = [("", gettext("All")), (_FLAGGED, gettext("Overlap or parallel structures")), *kinds]
        field = self.fields["slags"]
        field.choices = field.widget.choices = choices  # type: ignore[attr-defined]


def _filter(request: HttpRequest, rows: list[PairRow]) -> RowFilter:
    return RowFilter(
        PairFilter(request.GET),
        rows,
        {
            "q": lambda row, value: any(value.casefold() in one.name.casefold() for one in (row.first, row.second)),
            "slags": lambda row, value: row.kind == value or (value == _FLAGGED and row.said.kind in _BADGES),
            "dag": lambda row, value: True,
        },
    )


def _counted(found: Between, opened: Callable[[int, int], bool], rows: list[PairRow]) -> tuple[int, int]:
    """(overlaps, parallel structures) as this reader may see them."""
    if len(rows) == found.every:
        return sum(row.said.kind is PairKind.OVERLAP for row in rows), sum(row.said.kind is PairKind.PARALLEL for row in rows)  # fmt: skip
    everything = opened(0, 0)
    return (found.overlapping, found.parallel) if everything else (found.told_overlapping, found.told_parallel)


@serves("landscape.see")
def overlap(request: HttpRequest) -> HttpResponseBase:
    day = day_asked(request) or day_shown(timezone.localdate())
    told = for_reader(request, day, between, latest_between)
    found, opened = told.value, opened_to(me(request), timezone.localdate())
    rows = pair_rows(found, day, opened)
    names = {row.pk: row.name for row in by_name(day)}

    def said(pair: Pair) -> PairSaid:
        return PairSaid(pair, opened(pair.first, pair.second))

    overlapping, parallel = _counted(found, opened, rows)
    words, drawn_of = {one.value: gettext(one.label) for one in PairKind}, found.matrix.clusters
    context = {
        "counted_at": told.counted_at,
        "merges": may(me(request), "landscape.merge", on=timezone.localdate()), "day": day, "found": found, "overlapping": overlapping, "parallel": parallel, "marks": marks_said(MARKS, day), "few": small_cells().least,
        "drawn": matrix([names.get(pk, "") for pk in drawn_of], spots_of(drawn_of, map(said, found.matrix.pairs)), words), "shades": [*shades(), ("few", few_said())],
        "whole": len(found.matrix.clusters) == found.organisations, "every_row": len(rows) == found.every,
    }  # fmt: skip
    return show_list(
        request, template="public/overlap.html", rows=rows, table_class=PairTable, row_filter=_filter(request, rows), empty=NOBODY,
        name=f"overlap-{day}", context=context, table_options={"day": day},
    )  # fmt: skip
