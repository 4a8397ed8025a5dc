"""The regions' strategies side by side before a meeting: priorities and strengths by region, overlaps and what nobody puts first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.results.strengths.side_by_side import beside
from klyngeforum.results.strengths.strategies import strategies
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.strategies import strategy_said
from klyngeforum.web.components.strengths import day_of
from klyngeforum.web.public.strategies import beside_rows, region_names_of, standings_of
from klyngeforum.web.public.strengths import View

from .shown import Asked, Shown, Tables, rests, sentences, with_head
from .strengths import strategy_rests, table_said, view_told


def shown(_keys: Mapping[str, str], asked: Asked, _by: Actor, on: date) -> Shown | None:
    view = view_told(asked)
    if not strategies(on):
        return None
    return Shown(
        Kind.STRATEGIES, reverse("specialisation") + (view.query if view else ""), on,
        lambda: gettext("The regions' strategies side by side on %(day)s") % {"day": day_said(on)}, lambda: _tables(view, on),
    )  # fmt: skip


def _tables(view: View | None, on: date) -> Tables:
    found = strategies(on)
    standings, names = standings_of(view, found, day_of(view.table) if view else on), region_names_of(found)
    rows = beside_rows(beside(found, standings), found, names)
    said = [strategy_said(one, standings.get(one.region), names[one.region]) for one in found]
    bare, every = sum(one.bare for one in said), sum(len(one.rows) for one in said)
    lead = gettext("Of %(all)s priorities, %(n)s have no evidence.") % {"all": grouped(every), "n": grouped(bare)}
    missing = gettext("%(n)s strengths have no priority in their region.") % {"n": grouped(sum(len(one.missing) for one in said))}  # fmt: skip
    overlaps = ", ".join(row.name for row in rows if row.one.overlap)
    gaps = ", ".join(row.name for row in rows if row.one.gap)
    sources = [fact for one in said for fact in strategy_rests(one)]
    return {
        Part.SAID: sentences(
            lead, missing if standings else "", gettext("Priorities of several regions: %(names)s.") % {"names": overlaps} if overlaps else "",
            gettext("Strengths that nobody puts first: %(names)s.") % {"names": gaps} if gaps else "",
        ),
        Part.PRIORITIES: with_head([gettext("Field"), *names.values()], ([row.name, *(words for _, words in row.cells)] for row in rows)),
        Part.RESTS: table_said(view, sources) if view and standings else rests(sources),
    }  # fmt: skip
