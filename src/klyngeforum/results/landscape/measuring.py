"""How every organisation stands in the landscape, measured with the analysis library; only what is counted comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from klyngeanalyse.geography.radius import Radii, radii
from klyngeanalyse.geography.spread import spread
from klyngeanalyse.landscape.dependence import dependence
from klyngeanalyse.landscape.mass import CriticalMass, critical_mass
from klyngeforum.ground.places.queries import parent_map, points
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.marks import Mark
from klyngeforum.ground.programme.queries import mark_of
from klyngeforum.quality.assessments.measuring import months_before
from klyngeforum.records.activities.queries import places_of
from klyngeforum.registers.clusters.queries import newest_staff

from .gathering import Array, Bodies, Gathered, Links, gathered
from .terms import Core, Split, Standing


@dataclass(frozen=True, slots=True)
class Marks:
    """What organisations are read by, as it holds on the day."""

    active: Mark
    near: Mark
    staff: Mark
    months: int
    largest: int

    @property
    def rule(self) -> CriticalMass:
        return CriticalMass(
            int(self.active.least), int(self.active.most or self.active.least), float(self.near.least),
            float(self.near.within_km or 0), float(self.staff.least),
        )  # fmt: skip


def marks_on(day: date) -> Marks:
    active, near, staff, months, largest = (
        mark_of(code, on=day) for code in ("active_companies", "near_core", "staff", "active_months", "largest_members")
    )
    return Marks(active, near, staff, int(months.least), int(largest.least))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where things lie on the day: the point of each area, the region of each municipality and its degree of urbanisation."""

    longitude: Mapping[int, float]
    latitude: Mapping[int, float]
    region: Mapping[int, int]
    degree: Mapping[int, int] = field(default_factory=dict)


def ground_on(day: date) -> Ground:
    where = points()
    return Ground(
        {pk: point[0] for pk, point in where.items()}, {pk: point[1] for pk, point in where.items()},
        parent_map(AreaKind.REGION, on=day), parent_map(AreaKind.URBANISATION, on=day),
    )  # fmt: skip


def mapped(values: Array, known: Mapping[int, Any], unknown: Any, kind: Any) -> Array:
    """Each value through a small table."""
    own, at = np.unique(values, return_inverse=True)
    return np.array([known.get(one, unknown) for one in own.tolist()], dtype=kind)[at]


def _counts(links: Links, clusters: Array, chosen: Array) -> Array:
    """How many of the chosen rows each organisation has."""
    at = np.searchsorted(clusters, links.clusters[chosen])
    return np.bincount(at, minlength=len(clusters))


def placed(bodies: Bodies, links: Links, ground: Ground) -> tuple[Links, dict[str, Any]]:
    """The rows whose place is known, and the table that the library reads of them."""
    longitude = mapped(bodies.places[links.who], ground.longitude, np.nan, np.float64)
    latitude = mapped(bodies.places[links.who], ground.latitude, np.nan, np.float64)
    known = ~np.isnan(longitude)
    kept = links.only(known)
    table = {
        "organisation": kept.clusters,
        "company": bodies.ids[kept.who],
        "lon": longitude[known],
        "lat": latitude[known],
    }
    return kept, table


def measured_radii(bodies: Bodies, links: Links, ground: Ground, marks: Marks) -> Radii | None:
    """Core and radius of every organisation that has somebody with a place."""
    kept, table = placed(bodies, links, ground)
    if not len(kept):
        return None
    rule = marks.rule
    return radii(table, within=rule.share, reach=rule.reach)


def _cores(bodies: Bodies, found: Radii | None) -> dict[int, Core]:
    if found is None:
        return {}
    places = bodies.places[bodies.find(found.core.astype(np.int64))]
    columns = (places, found.lon, found.lat, found.mean, found.radius, found.farthest, found.reached, found.members.astype(int))  # fmt: skip
    rows = zip(*(one.tolist() for one in columns), strict=True)
    return {pk: Core(*row) for pk, row in zip(found.organisations.tolist(), rows, strict=True)}


Happened = tuple[int, int, int]  # organisation, place, how many


def splits(rows: Iterable[Happened]) -> dict[int, Split]:
    """Organisation -> its parts, most first, of (organisation, part, how many)."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for cluster, part, n in rows:
        found[cluster][part] += n
    return {pk: tuple(sorted(parts.items(), key=lambda one: (-one[1], one[0]))) for pk, parts in found.items()}


def splits_in(areas: Mapping[int, int], rows: Iterable[Happened]) -> dict[int, Split]:
    """The same by the area that each place lies in."""
    return splits((pk, areas[place], n) for pk, place, n in rows if place in areas)


def member_splits(bodies: Bodies, links: Links, areas: Mapping[int, int]) -> dict[int, Split]:
    """Participants of each organisation by the area (region, degree of urbanisation) of their municipality on the day."""
    area = mapped(bodies.places[links.who], areas, 0, np.int64)
    kept = links.only(area > 0)
    if not len(kept):
        return {}
    table = {"organisation": kept.clusters, "company": bodies.ids[kept.who], "area": area[area > 0]}
    rows = spread(table, "area").rows()
    return splits((row["organisation"], row["kind"], row["members"]) for row in rows)


def _shares(bodies: Bodies, links: Links, weights: Array, largest: int) -> dict[int, float]:
    """Share of the largest by a weight; organisations without any are left out."""
    kept, held = links.only(weights > 0), weights[weights > 0]
    if not len(kept):
        return {}
    table = {"organisation": kept.clusters, "company": bodies.ids[kept.who], "weight": held}
    found = dependence(table, "weight", largest=largest)
    return dict(zip(found.organisations.tolist(), found.share.tolist(), strict=True))


def counted(found: Gathered, clusters: Array) -> dict[str, Array]:
    """Name of a count of a Standing -> one number an organisation."""
    bodies, members, acted = found.bodies, found.members, found.took_part
    company = bodies.company[members.who]
    small, sme = bodies.small[members.who], bodies.sme[members.who]
    chosen = {
        "members": np.ones(len(members), dtype=bool), "companies": company, "under_50": company & (small == 1), "size_known": company & (small >= 0),
        "sme": company & (sme == 1), "sme_known": company & (sme >= 0), "knowledge": bodies.knowledge[members.who],
    }  # fmt: skip
    counts = {name: _counts(members, clusters, which) for name, which in chosen.items()}
    return counts | {"active": _counts(acted, clusters, bodies.company[acted.who])}


def standings_of(
    found: Gathered, clusters: Collection[int], *, marks: Marks, ground: Ground,
    staff: Mapping[int, tuple[int, float]], activity: Sequence[Happened],
) -> dict[int, Standing]:  # fmt: skip
    """Every organisation of ``clusters``, also one without anybody in it; ``activity`` is what each did where."""
    own = np.array(sorted(clusters), dtype=np.int64)
    bodies, members = found.bodies, found.members.only(np.isin(found.members.clusters, own))
    found = Gathered(bodies, members, found.took_part.only(np.isin(found.took_part.clusters, own)))
    counts = counted(found, own)
    near = measured_radii(bodies, members, ground, marks)
    cores, areas = _cores(bodies, near), (ground.region, ground.degree)
    regions, towns = (member_splits(bodies, members, one) for one in areas)
    did, did_in = (splits_in(one, activity) for one in areas)
    jobs = _shares(bodies, members, np.where(bodies.company, bodies.jobs, 0)[members.who], marks.largest)
    times = _shares(bodies, found.took_part, found.took_part.times, marks.largest)
    verdicts = _judged(own, counts["active"], near, staff, marks)
    numbers = [
        dict(zip(counts, row, strict=True)) for row in zip(*(one.tolist() for one in counts.values()), strict=True)
    ]
    answer = {}
    for pk, row in zip(own.tolist(), numbers, strict=True):
        year, full = staff.get(pk, (None, None))
        mass, near_enough, staffed = verdicts[pk]
        answer[pk] = Standing(
            pk, **row, core=cores.get(pk), regions=regions.get(pk, ()), activity_regions=did.get(pk, ()),
            towns=towns.get(pk, ()), activity_towns=did_in.get(pk, ()), staff=full, staff_year=year,
            jobs_of_largest=jobs.get(pk), times_of_busiest=times.get(pk), mass=mass, near_enough=near_enough if pk in cores else None, staffed=staffed,
        )  # fmt: skip
    return answer


def _judged(
    own: Array, active: Array, near: Radii | None, staff: Mapping[int, tuple[int, float]], marks: Marks
) -> dict[int, tuple[int, bool, bool | None]]:
    """Organisation -> (active companies against the mark, near enough, staffed), by the library's rule of critical mass."""
    reached = np.zeros(len(own))
    if near is not None:
        reached[np.searchsorted(own, near.organisations)] = near.reached
    nothing = np.zeros(len(own))
    empty = near or Radii(
        own, active, own, nothing, nothing, nothing, nothing, nothing, reached, marks.rule.share, marks.rule.reach
    )
    base = replace(empty, organisations=own, members=active, reached=reached)
    found = critical_mass(base, staff={str(pk): full for pk, (_, full) in staff.items()}, rule=marks.rule)
    rows = zip(found.mass.tolist(), found.rows(), strict=True)
    return {row["organisation"]: (mass - 1, row["near_enough"], row["enough_staff"]) for mass, row in rows}


def measured(day: date, clusters: Collection[int], *, whole: bool) -> dict[int, Standing]:
    """How these organisations stand on the day; ``whole`` when they are all that there are, which is read in one go."""
    marks, ground = marks_on(day), ground_on(day)
    since = months_before(day, marks.months)
    only = None if whole else clusters
    activity = list(places_of(since, day, only))
    staff = {pk: (year, float(full)) for pk, (year, full) in newest_staff(day.year).items()}
    return standings_of(
        gathered(day, since, only=only), clusters, marks=marks, ground=ground, staff=staff, activity=activity
    )
