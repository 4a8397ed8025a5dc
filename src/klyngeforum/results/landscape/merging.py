"""Organisations of a day as if they were one, counted with the analysis library. Loads NumPy, so imported only where something is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from klyngeanalyse.landscape.merging import merge
from klyngeforum.ground.programme.queries import mark_of
from klyngeforum.quality.assessments.measuring import months_before
from klyngeforum.records.activities.queries import places_of
from klyngeforum.registers.clusters.queries import newest_staff

from .gathering import Gathered, Links, gathered
from .measuring import Ground, ground_on, mapped, marks_on, standings_of
from .terms import MERGED, Field, Fields, Merger, Standing

Cell = tuple[int, int]  # region, industry
_NAME = "merged"


def _cells(found: Gathered, links: Links, ground: Ground) -> dict[Cell, int]:
    """Companies of these organisations by region and industry, each once."""
    bodies = found.bodies
    who = np.unique(links.who)
    who = who[bodies.company[who]]
    region, industry = mapped(bodies.places[who], ground.region, 0, np.int64), bodies.industries[who].astype(np.int64)
    known = (region > 0) & (industry > 0)
    pairs, counts = np.unique(np.column_stack([region[known], industry[known]]), axis=0, return_counts=True)
    return {(one, other): n for (one, other), n in zip(pairs.tolist(), counts.tolist(), strict=True)}


def fields_of(parts: Sequence[Mapping[Cell, int]], after: Mapping[Cell, int], register: Mapping[Cell, int], *, fewest: int, least: float) -> Fields:  # fmt: skip
    """What is reached well enough (``least`` of the companies) in the fields with at least ``fewest`` companies."""
    fields = {cell: n for cell, n in register.items() if n >= fewest}

    def reached(one: Mapping[Cell, int]) -> set[Cell]:
        return {cell for cell, n in fields.items() if one.get(cell, 0) >= least * n}

    own, whole = [reached(one) for one in parts], reached(after)
    closed = [Field(*cell, fields[cell], after.get(cell, 0)) for cell in whole - set[Cell]().union(*own)]
    closed.sort(key=lambda one: (-one.companies, one.region, one.industry))
    return Fields(len(fields), tuple(len(one) for one in own), len(whole), tuple(closed))


def _once(found: Gathered) -> tuple[int, int]:
    """(companies over all parts, companies in more than one)."""
    kept = found.members.only(found.bodies.company[found.members.who])
    if not len(kept):
        return 0, 0
    names = [str(pk) for pk in kept.clusters.tolist()]
    mergers = merge(
        {"organisation": names, "company": found.bodies.ids[kept.who]}, dict.fromkeys(sorted(set(names)), _NAME)
    )
    return int(mergers.memberships[0]), int(mergers.twice[0])


def _whole(found: Gathered, day: date, clusters: Sequence[int], since: date) -> tuple[dict[int, Standing], Standing]:
    """How each stands by itself, and how they would stand as one: with the staff of all, where all have stated it."""
    marks, ground = marks_on(day), ground_on(day)
    happened = list(places_of(since, day, clusters))
    staff = {pk: (year, float(full)) for pk, (year, full) in newest_staff(day.year).items() if pk in clusters}
    alone = standings_of(found, clusters, marks=marks, ground=ground, staff=staff, activity=happened)
    members = found.members.as_one(MERGED)
    members = Links(members.clusters, members.who, np.ones(len(members), dtype=np.int64))
    one = Gathered(found.bodies, members, found.took_part.as_one(MERGED))
    joined = (min(year for year, _ in staff.values()), sum(full for _, full in staff.values())) if len(staff) == len(clusters) else None  # fmt: skip
    after = standings_of(
        one, [MERGED], marks=marks, ground=ground, staff={MERGED: joined} if joined else {},
        activity=[(MERGED, place, n) for _, place, n in happened],
    )  # fmt: skip
    return alone, after[MERGED]


def merged(day: date, clusters: Sequence[int], register: Mapping[Cell, int]) -> Merger:
    """These organisations as one on the day; ``register`` holds the companies of the whole country by region and industry."""
    since = months_before(day, marks_on(day).months)
    found, ground = gathered(day, since, only=clusters), ground_on(day)
    alone, after = _whole(found, day, clusters, since)
    own = [_cells(found, found.members.only(found.members.clusters == pk), ground) for pk in clusters]
    fewest, least = mark_of("strong_companies", on=day).least, mark_of("covered", on=day).least
    fields = fields_of(own, _cells(found, found.members, ground), register, fewest=int(fewest), least=float(least))
    return Merger(day, tuple(alone[pk] for pk in clusters), after, *_once(found), fields)
