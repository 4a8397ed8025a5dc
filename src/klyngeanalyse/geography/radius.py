"""Core, 80 % radius and share within reach of every organisation at once (kerne, radius)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Row, Tabled
from klyngeanalyse.geography.distance import EARTH_KM, Array, arcs, vectors
from klyngeanalyse.geography.medoid import medoid
from klyngeanalyse.strengths.cells import codes, need, numbers


@dataclass(frozen=True)
class Radii(Tabled):
    """One value an organisation. `core` is the first company (smallest id) at the medoid, `lon`, `lat` its place; `mean`, `radius`,
    `farthest` are km from it: on average, to hold the share `within` of the members, to the last one. `reached` is the
    share of members within `reach` km: the strategy asks for 0.8 within 150."""

    organisations: Array
    members: Array
    core: Array
    lon: Array
    lat: Array
    mean: Array
    radius: Array
    farthest: Array
    reached: Array
    within: float
    reach: float

    def rows(self) -> Iterable[Row]:
        for nth, name in enumerate(self.organisations.tolist()):
            yield {
                "organisation": name,
                "members": float(self.members[nth]),
                "core": self.core[nth].item(),
                "lon": float(self.lon[nth]),
                "lat": float(self.lat[nth]),
                "mean_km": float(self.mean[nth]),
                "radius_km": float(self.radius[nth]),
                "farthest_km": float(self.farthest[nth]),
                "share_within_reach": float(self.reached[nth]),
            }

    def chart(self) -> Chart | None:
        return {
            "data": {"values": list(self.rows())},
            "projection": {"type": "mercator"},
            "mark": "circle",
            "encoding": {
                "longitude": {"field": "lon", "type": "quantitative"},
                "latitude": {"field": "lat", "type": "quantitative"},
                "size": {"field": "radius_km", "type": "quantitative"},
            },
        }


def radii(
    memberships: Any,
    *,
    organisation: str = "organisation",
    company: str = "company",
    lon: str = "lon",
    lat: str = "lat",
    weight: str | None = None,
    within: float = 0.8,
    reach: float = 150.0,
) -> Radii:
    """Medoid and radius of every organisation from one row a membership (place of the company in degrees).

    The core is the member with the least mean great-circle distance to all members; the radius is the least distance from it
    that holds at least `within` of them (by `weight`, such as employment, where named; each row counts 1 otherwise).
    Raises Unfit for places off the globe, weights that are not positive and shares outside 0 to 1.
    """
    if not 0 < within <= 1 or not reach > 0:
        raise Unfit(f"a share of {within} within {reach} km", mend="give a share between 0 and 1 and a positive reach")
    table = need(as_arrow(memberships), [organisation, company, lon, lat, *([weight] if weight else [])])
    names, whose = codes(table, organisation)
    places = numbers(table, lon, -np.inf), numbers(table, lat, -np.inf)
    if table.column(company).null_count:
        raise Unfit(
            f"{table.column(company).null_count} members without a name",
            where=f"column {company}",
            mend="fill it or drop the rows",
        )
    points = vectors(*places)
    weights = numbers(table, weight) if weight else np.ones(table.num_rows)
    if (weights == 0).any():
        raise Unfit("members without weight", where=f"column {weight}", mend="drop them or give them one")
    order = np.argsort((whose.astype(np.uint64) << np.uint64(40)) | curve(*places))
    points, weights, whose = points[:, order], weights[order], whose[order]
    starts = np.searchsorted(whose, np.arange(len(names) + 1))
    fresh = np.ones(len(whose), dtype=bool)
    fresh[1:] = (points[:, 1:] != points[:, :-1]).any(0)
    fresh[starts[:-1]] = True
    found = [
        _one(points[:, a:b], weights[a:b], fresh[a:b], within, reach / EARTH_KM) for a, b in pairwise(starts.tolist())
    ]
    core, mean, radius, farthest, reached = (np.array(part) for part in zip(*found, strict=True))
    at = order[starts[:-1] + core.astype(np.int64)]
    ids = _first_company(table.column(company), order, points, starts, starts[:-1] + core.astype(np.int64))
    members = np.add.reduceat(weights, starts[:-1])
    return Radii(
        names,
        members,
        ids,
        places[0][at],
        places[1][at],
        mean * EARTH_KM,
        radius * EARTH_KM,
        farthest * EARTH_KM,
        reached,
        within,
        reach,
    )


def curve(lon: Array, lat: Array) -> Array:
    """Place on a space-filling (Z-order) curve, 40 bits: points near on it are near on the map."""
    answer = np.zeros(len(lon), dtype=np.uint64)
    for turn, degrees in enumerate((lon, lat)):
        scaled = ((degrees + 180.0) * ((2**20 - 1) / 360.0)).astype(np.uint64)
        for shift, mask in (
            (16, 0x0000FFFF0000FFFF),
            (8, 0x00FF00FF00FF00FF),
            (4, 0x0F0F0F0F0F0F0F0F),
            (2, 0x3333333333333333),
            (1, 0x5555555555555555),
        ):
            scaled = (scaled | (scaled << np.uint64(shift))) & np.uint64(mask)
        answer |= scaled << np.uint64(turn)
    return answer


def _one(
    points: Array, weights: Array, fresh: Array, within: float, reach: float
) -> tuple[int, float, float, float, float]:
    begins = np.flatnonzero(fresh)
    if len(begins) < len(fresh):
        points, weights = points[:, begins], np.add.reduceat(weights, begins)
    core, mean = medoid(points, weights)
    away = arcs(points[:, [core]], points)[0]
    order = np.argsort(away)
    so_far = np.cumsum(weights[order])
    total = so_far[-1]
    # a hair less than the share keeps 80 % of five members four of them whatever the last bit says
    last = int(np.searchsorted(so_far, within * total * (1 - 1e-12)))
    near = float(weights[away <= reach].sum() / total)
    return int(begins[core]), mean, float(away[order[last]]), float(away[order[-1]]), near


def _first_company(column: Any, order: Array, points: Array, starts: Array, at: Array) -> Array:
    """The smallest company id among the members who are exactly at the core of their organisation."""
    whose = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    here = np.flatnonzero((points == points[:, at][:, whose]).all(0))
    ids = column.take(order[here]).to_numpy(zero_copy_only=False)
    ids = ids.astype(str) if ids.dtype == object else ids
    by = np.lexsort((ids, whose[here]))
    first = np.searchsorted(whose[here][by], np.arange(len(starts) - 1))
    return np.asarray(ids[by][first])
