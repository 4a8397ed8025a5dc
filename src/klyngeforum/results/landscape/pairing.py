"""Every pair of organisations, counted with the analysis library; only what is flagged or most alike comes back.

Loads NumPy and the library, so it is imported only where something is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import numpy as np

from klyngeanalyse.landscape.ordering import alike_order
from klyngeanalyse.landscape.overlap import DENSE, Flags, Overlaps, overlaps, profiles
from klyngeforum.ground.programme.queries import mark_of, small_cells

from .gathering import Array, Bodies, Links, belonging, employing
from .terms import Between, Matrix, Pair, PairKind, SharedIndustry

MOST_FLAGGED, MOST_OTHERS, MOST_IN_MATRIX = 2000, 1770, 60  # every pair of sixty is 1,770
_KINDS = (PairKind.NEITHER, PairKind.OVERLAP, PairKind.PARALLEL)


def flags_on(day: date) -> Flags:
    members, industries = (mark_of(code, on=day).least for code in ("overlap_members", "overlap_industries"))
    return Flags(float(members), float(industries))


def _table(bodies: Bodies, members: Links) -> dict[str, Array]:
    """One row a company and organisation. Employment in no known industry makes nobody alike, so it counts as none."""
    kept = members.only(bodies.company[members.who])
    industry, jobs = bodies.industries[kept.who], bodies.jobs[kept.who]
    return {
        "organisation": kept.clusters, "company": bodies.ids[kept.who], "industry": industry,
        "employment": np.where(industry > 0, np.maximum(jobs, 0), 0).astype(np.float64),
    }  # fmt: skip


def _columns(count: int) -> dict[str, Any]:
    return {"industry": "industry", "employment": "employment"} if count <= DENSE else {}


def _kinds(found: Overlaps) -> Array:
    return np.where(found.overlapping, 1, np.where(found.parallel, 2, 0))


def _told(found: Overlaps, kinds: Array, least: int) -> Array:
    """What may be said without giving a few companies away: where 1 to least - 1 are shared, only what any such number would give; of
    organisations with too few companies nothing about their industries."""
    told = kinds.copy()
    few = np.flatnonzero((found.shared > 0) & (found.shared < least))
    told[few] = 0
    if found.profile_overlap is not None:
        few = few[found.profile_overlap[few] >= found.flags.industries]
        smaller = np.minimum(found.members[found.first[few]], found.members[found.second[few]])
        told[few] = np.where((least - 1) < found.flags.members * smaller, 2, 0)
        tiny = found.members < least
        if tiny.any():
            told[tiny[found.first] | tiny[found.second]] = 0
    return told


def _strongest(chosen: Array, by: Array, most: int) -> Array:
    """Places of the chosen, the greatest first, at most so many."""
    at = np.flatnonzero(chosen)
    if len(at) > most:
        at = at[np.argpartition(-by[at], most - 1)[:most]]
    return at[np.lexsort((at, -by[at]))]


def _rows(found: Overlaps, places: Iterable[int], kinds: Array, told: Array) -> tuple[Pair, ...]:
    names, sizes = found.organisations, found.members
    known = found.profile_overlap is not None and found.profile_jaccard is not None
    return tuple(
        Pair(
            int(names[found.first[at]]), int(names[found.second[at]]), int(sizes[found.first[at]]), int(sizes[found.second[at]]),
            int(found.shared[at]), float(found.overlap[at]), float(found.jaccard[at]),
            float(found.profile_overlap[at]) if known else None, float(found.profile_jaccard[at]) if known else None,  # type: ignore[index]
            _KINDS[kinds[at]], _KINDS[told[at]],
        )
        for at in places
    )  # fmt: skip


def _matrix(found: Overlaps, strongest: Array, kinds: Array, told: Array) -> Matrix:
    """All organisations where they are few, otherwise those of the strongest pairs."""
    count = len(found.organisations)
    if count > MOST_IN_MATRIX:
        ends = np.column_stack([found.first[strongest], found.second[strongest]]).ravel()
        places = np.sort(np.array(list(dict.fromkeys(ends.tolist()))[:MOST_IN_MATRIX], dtype=np.int64))
    else:
        places = np.arange(count)
    position = np.full(count, -1)
    position[places] = np.arange(len(places))
    inside = (
        np.flatnonzero((position[found.first] >= 0) & (position[found.second] >= 0)) if count else np.empty(0, np.int64)
    )
    one, other = position[found.first[inside]], position[found.second[inside]]
    both = (
        found.overlap[inside]
        if found.profile_overlap is None
        else (found.overlap[inside] + found.profile_overlap[inside]) / 2
    )
    alike = np.eye(len(places))
    alike[one, other] = alike[other, one] = np.clip(both, 0, 1)
    order = places[alike_order(alike)]
    return Matrix(tuple(found.organisations[order].tolist()), _rows(found, inside.tolist(), kinds, told))


def between_of(bodies: Bodies, members: Links, *, flags: Flags, least: int) -> Between:
    """Every pair of those who have companies."""
    table = _table(bodies, members)
    if not len(table["company"]):
        return Between(0, 0, 0, 0, 0, 0, (), Matrix((), ()))
    clusters = table["organisation"]  # in order, as links are
    count = 1 + int(np.count_nonzero(clusters[1:] != clusters[:-1]))
    found = overlaps(table, flags=flags, **_columns(count))
    kinds = _kinds(found)
    told = _told(found, kinds, least)
    profile = found.overlap if found.profile_overlap is None else found.profile_overlap
    flagged = np.concatenate([
        _strongest(kinds == 1, found.overlap, MOST_FLAGGED), _strongest(kinds == 2, profile, MOST_FLAGGED),
    ])  # fmt: skip
    others = _strongest((kinds == 0) & (found.shared >= least), found.overlap, MOST_OTHERS)
    few = np.flatnonzero((kinds == 0) & (found.shared < least) & ((found.shared > 0) | (count <= MOST_IN_MATRIX)))
    places = np.concatenate([flagged, others, few[: max(MOST_OTHERS - len(others), 0)]])
    return Between(
        count, count * (count - 1) // 2, int((kinds == 1).sum()), int((kinds == 2).sum()), int((told == 1).sum()), int((told == 2).sum()),
        _rows(found, places.tolist(), kinds, told), _matrix(found, places, kinds, told),
    )  # fmt: skip


def measured(day: date, running: Collection[int]) -> Between:
    """Every pair of the organisations that count on the day."""
    bodies, members = employing(day)
    members = members.only(np.isin(members.clusters, np.array(sorted(running), dtype=np.int64)))
    return between_of(bodies, members, flags=flags_on(day), least=int(small_cells().least))


def one_pair(day: date, first: int, second: int) -> tuple[Pair | None, tuple[SharedIndustry, ...]]:
    """Two organisations side by side, and the industries that both have employment in, the most shared first."""
    bodies, members = belonging(day, only={first, second})
    table = _table(bodies, members)
    if len(np.unique(table["organisation"])) < 2:
        return None, ()
    found = overlaps(table, flags=flags_on(day), **_columns(2))
    kinds = _kinds(found)
    rows = _rows(found, range(len(found.first)), kinds, _told(found, kinds, int(small_cells().least)))
    return (rows[0] if rows else None), _industries(table)


def _industries(table: dict[str, Array]) -> tuple[SharedIndustry, ...]:
    names, industries, shares = profiles(table)
    both = np.minimum(shares[0], shares[1])
    counts = [
        [int(((table["organisation"] == name) & (table["industry"] == one)).sum()) for name in names.tolist()] for one in industries.tolist()
    ]  # fmt: skip
    order = [at for at in np.argsort(-both, kind="stable").tolist() if both[at] > 0]
    return tuple(
        SharedIndustry(int(industries[at]), float(shares[0, at]), float(shares[1, at]), float(both[at]), *counts[at])
        for at in order
    )
