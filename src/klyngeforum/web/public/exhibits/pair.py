"""Two organisations side by side, and all of them two by two, before a meeting: what they share, as everybody may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.registers.clusters.queries import Cluster, cluster
from klyngeforum.results.landscape.between import between, pair_of
from klyngeforum.results.landscape.standing import day_shown
from klyngeforum.results.landscape.terms import PairKind
from klyngeforum.steering.meetings.terms import Kind, Part, Shape
from klyngeforum.web.components.laying import Rows
from klyngeforum.web.components.matrix import few_said, spots_of
from klyngeforum.web.components.numbers import day as day_said
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.pairs import PairSaid, href_of
from klyngeforum.web.public.overlap import MARKS, pair_rows
from klyngeforum.web.public.overview import by_name
from klyngeforum.web.public.pair import headline, industries_said

from .pictures import Sketch
from .shown import Asked, Shown, Tables, day_in, rests, sentences, with_head

_FLAGGED = (PairKind.OVERLAP, PairKind.PARALLEL)
_MOST = 50


def _share(value: float | None) -> str:
    return gettext("not told") if value is None else share(value)


def _few() -> str:
    values = {"few": grouped(small_cells().least)}
    return gettext("Where fewer than %(few)s companies are shared, a range stands instead of the number, whoever reads the exhibit.") % values  # fmt: skip


def _rests(day: date) -> Rows:
    counted = gettext("The register of this house, counted over companies as of %(day)s") % {"day": day_said(day)}
    return rests([(gettext("Companies"), counted)], MARKS, day)


def shown(keys: Mapping[str, str], asked: Asked, _by: Actor, on: date) -> Shown | None:
    """Nothing where one of the two has no company on the day."""
    one, other, day = cluster(keys["first"]), cluster(keys["second"]), day_in(asked, day_shown(on))
    if one is None or other is None or one.pk == other.pk or pair_of(one.pk, other.pk, day)[0] is None:
        return None
    values = {"one": one.name, "other": other.name}
    return Shown(
        Kind.PAIR, href_of(one.slug, other.slug, day), day, lambda: gettext("%(one)s and %(other)s side by side") % values,
        lambda: _tables(one, other, day),
    )  # fmt: skip


def _tables(one: Cluster, other: Cluster, day: date) -> Tables:
    found, industries = pair_of(one.pk, other.pk, day)
    if found is None:
        return {}
    said, flipped = PairSaid(found, open=False), one.pk > other.pk
    sizes = (found.first_companies, found.second_companies)
    first, second = reversed(sizes) if flipped else sizes
    facts = [
        (gettext("Companies of %(name)s") % {"name": one.name}, grouped(first)),
        (gettext("Companies of %(name)s") % {"name": other.name}, grouped(second)),
        (gettext("Shared companies"), said.shared_said),
        (gettext("Of the smaller one's"), _share(said.overlap)),
        (gettext("Of both together"), _share(said.jaccard)),
        (gettext("Shared industries"), _share(said.profile)),
        (gettext("Of all industries"), _share(said.profile_jaccard)),
    ]
    return {
        Part.SAID: sentences(headline(said), _few()),
        Part.STATE: with_head([gettext("What"), gettext("As it was then")], map(list, facts)),
        Part.INDUSTRIES: with_head(
            [gettext("Industry")], ([name] for name, _ in industries_said(industries, said, flipped))
        ),
        Part.RESTS: _rests(day),
    }


def overlap_shown(_keys: Mapping[str, str], asked: Asked, _by: Actor, on: date) -> Shown | None:
    day = day_in(asked, day_shown(on))
    return Shown(
        Kind.OVERLAP, f"{reverse('overlap')}?{urlencode({'dag': day.isoformat()})}", day,
        lambda: gettext("Between organisations on %(day)s") % {"day": day_said(day)}, lambda: _overlap(day), lambda: _matrix(day),
    )  # fmt: skip


def _overlap(day: date) -> Tables:
    found = between(day)
    rows = [row for row in pair_rows(found, day, lambda _first, _second: False) if row.said.kind in _FLAGGED]
    values = {
        "day": day_said(day), "overlapping": grouped(found.told_overlapping), "parallel": grouped(found.told_parallel),
        "every": grouped(found.every),
    }  # fmt: skip
    lead = gettext("On %(day)s, %(overlapping)s of %(every)s pairs of organisations overlap, and %(parallel)s are parallel structures.") % values  # fmt: skip
    more = len(rows) - _MOST
    beyond = gettext("The table holds the first %(n)s; %(more)s more stood on the page.") % {"n": grouped(_MOST), "more": grouped(more)} if more > 0 else ""  # fmt: skip
    head = [gettext("Organisation"), gettext("The other one"), gettext("Read as"), gettext("Shared companies"), gettext("Of the smaller one's"), gettext("Shared industries")]  # fmt: skip
    listed = (
        [row.first.name, row.second.name, gettext(row.said.kind.label), row.said.shared_said, _share(row.overlap), _share(row.profile)]
        for row in rows[:_MOST]
    )  # fmt: skip
    return {
        Part.SAID: sentences(lead, beyond, _few()),
        Part.PAIRS: with_head(head, listed),
        Part.RESTS: _rests(day),
    }


def _matrix(day: date) -> list[Sketch]:
    found, names = between(day).matrix, {row.pk: row.name for row in by_name(day)}
    if len(found.clusters) < 2:
        return []
    label = gettext("Shared companies and shared industries of every two organisations")
    spots = spots_of(found.clusters, (PairSaid(pair, open=False) for pair in found.pairs))
    return [Sketch(Part.PAIRS, Shape.MATRIX, label, few_said(), [names.get(pk, "") for pk in found.clusters], spots)]
