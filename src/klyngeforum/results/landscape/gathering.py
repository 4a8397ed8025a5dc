"""Registers and records as columns of numbers, as the analysis library reads them: bodies, who belongs where, who took part.

Kept apart from the room's other files, like measuring: only these load NumPy and the library, and only when something is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db.models import F, IntegerField
from django.db.models.functions import Coalesce

from klyngeforum.ground.bodies.queries import merged, standing
from klyngeforum.ground.bodies.terms import UNDER_50, BodyKind, SizeBand
from klyngeforum.ground.bulk import coded, numbers
from klyngeforum.records.activities.queries import took_part
from klyngeforum.registers.memberships.queries import links_on

Array = np.ndarray[Any, np.dtype[Any]]
NOBODY = -1
_DENSE = 16  # ids a body up to which a table of all of them is quicker than a search
_COMPANY, _KNOWLEDGE = 1, 2
_KINDS = {BodyKind.COMPANY.value: _COMPANY, BodyKind.KNOWLEDGE.value: _KNOWLEDGE}
_SMALL = {band.value: int(band in UNDER_50) for band in SizeBand} | {SizeBand.UNKNOWN.value: NOBODY}
# where only the band is known, the fewest employees that it has
_FEWEST = {"": NOBODY, "0": 0, "1-9": 1, "10-49": 10, "50-249": 50, "250+": 250}
# what kind, whether small and whether an SME as one number: a column less to hand over is time saved, a million times
_SORT = (
    coded("kind", {kind: 9 * code for kind, code in _KINDS.items()}, 0)
    + coded("size_band", {band: 3 * (code + 1) for band, code in _SMALL.items()}, 0)
    + coded("eu_sme", {True: 2, False: 1}, 0)
)


@dataclass(frozen=True, slots=True)
class Bodies:
    """One value a body, by id. What is not known is -1 (a place or an industry: 0)."""

    ids: Array
    kinds: Array
    small: Array
    sme: Array
    jobs: Array
    places: Array
    industries: Array

    @property
    def company(self) -> Array:
        return np.asarray(self.kinds == _COMPANY)

    @property
    def knowledge(self) -> Array:
        return np.asarray(self.kinds == _KNOWLEDGE)

    def find(self, ids: Array) -> Array:
        """The place of each body among these; NOBODY for one that is not there."""
        if not len(self.ids) or not len(ids):
            return np.full(len(ids), NOBODY)
        if (most := int(max(self.ids[-1], ids.max()))) < _DENSE * len(self.ids):
            place = np.full(most + 1, NOBODY, np.int32)
            place[self.ids] = np.arange(len(self.ids))
            return place[ids]
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, NOBODY)


@dataclass(frozen=True, slots=True)
class Links:
    """One row an organisation and body: ``who`` is a place among the bodies, ``times`` how often (1 for a membership)."""

    clusters: Array
    who: Array
    times: Array

    def __len__(self) -> int:
        return len(self.clusters)

    def only(self, chosen: Array) -> Links:
        return Links(self.clusters[chosen], self.who[chosen], self.times[chosen])

    def as_one(self, name: int) -> Links:
        """All organisations as a single one: everybody once, what each did added up."""
        who, at = np.unique(self.who, return_inverse=True)
        return Links(np.full(len(who), name), who, np.bincount(at, self.times, len(who)).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Gathered:
    bodies: Bodies
    members: Links
    took_part: Links


_JOBS = Coalesce("employees", coded("size_band", _FEWEST, NOBODY), output_field=IntegerField())
_INDUSTRY, _PLACE = Coalesce("industry_id", 0), Coalesce("place_id", 0)
_WHOLE, _NARROW = (F("id"), _SORT, _JOBS, _INDUSTRY, _PLACE), (F("id"), _JOBS, _INDUSTRY)


def _in_order(table: Array) -> Array:
    """By id, (columns, n)."""
    if not (np.diff(table[:, 0]) > 0).all():
        table = table[np.argsort(table[:, 0], kind="stable")]
    return table.T


def bodies_of(ids: Iterable[int] | None = None) -> Bodies:
    """Every body that is not another one, or those."""
    parts = [numbers(rows.values_list(*_WHOLE), len(_WHOLE)) for rows in standing(ids)]
    table = np.concatenate(parts) if parts else np.zeros((0, len(_WHOLE)), np.int64)
    ids_, sort, jobs, industries, places = _in_order(table)
    sort, sme = np.divmod(sort.astype(np.int32), 3)
    kinds, small = np.divmod(sort, 3)
    narrow = (one.astype(np.int32) for one in (jobs, places, industries))
    return Bodies(ids_.copy(), kinds, small - 1, sme - 1, *narrow)


def employers() -> Bodies:
    """Every company that is not another one, by what pairs are compared by: jobs and industry; size and place are not read."""
    (rows,) = standing()
    ids, jobs, industries = _in_order(numbers(rows.filter(kind=BodyKind.COMPANY).values_list(*_NARROW), len(_NARROW)))
    kinds, unread = np.full(len(ids), _COMPANY, np.int32), np.full(len(ids), NOBODY, np.int32)
    narrow = (one.astype(np.int32) for one in (jobs, np.zeros_like(ids), industries))
    return Bodies(ids.copy(), kinds, unread, unread, *narrow)


def _rooted(ids: Array, into: dict[int, int]) -> Array:
    """Each body as what it was merged into."""
    if not into:
        return ids
    gone = np.array(sorted(into), dtype=np.int64)
    at = np.minimum(np.searchsorted(gone, ids), len(gone) - 1)
    kept = np.array([into[one] for one in gone.tolist()], dtype=np.int64)
    return np.where(gone[at] == ids, kept[at], ids)


def _linked(clusters: Array, who: Array, count: int) -> Links:
    """Each organisation and body once, in order, and how often; who is nobody falls out."""
    known = who != NOBODY
    key, times = np.unique(clusters[known] * count + who[known], return_counts=True)
    return Links(*np.divmod(key, count), times)


def _belonging(belong: Array, who: Array, bodies: Bodies) -> Links:
    """Each organisation and participant once, however many memberships say so."""
    found = _linked(belong[:, 0], bodies.find(who), max(len(bodies.ids), 1))
    return Links(found.clusters, found.who, np.ones(len(found), dtype=np.int64))


def belonging(day: date, *, only: Collection[int] | None = None) -> tuple[Bodies, Links]:
    """Who belongs where on the day (in these organisations, or in all)."""
    belong = numbers(links_on(day, only), 2)
    who = _rooted(belong[:, 1], merged())
    bodies = bodies_of(None if only is None else who.tolist())
    return bodies, _belonging(belong, who, bodies)


def employing(day: date) -> tuple[Bodies, Links]:
    """Which companies belong where on the day, read as narrowly as pairs are compared."""
    belong, bodies = numbers(links_on(day), 2), employers()
    return bodies, _belonging(belong, _rooted(belong[:, 1], merged()), bodies)


def gathered(day: date, since: date, *, only: Collection[int] | None = None) -> Gathered:
    """Who belongs where on the day, and who took part from ``since`` until then (in these organisations, or in all)."""
    into = merged()
    belong, did = numbers(links_on(day, only), 2), numbers(took_part(since, day, only), 2)
    who, doing = _rooted(belong[:, 1], into), _rooted(did[:, 1], into)
    bodies = bodies_of(None if only is None else {*who.tolist(), *doing.tolist()})
    acted = _linked(did[:, 0], bodies.find(doing), max(len(bodies.ids), 1))
    return Gathered(bodies, _belonging(belong, who, bodies), acted)
