"""Distances on the globe and the point in the middle of others: pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0
Point = tuple[float, float]


@lru_cache(maxsize=20_000)
def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance between two (longitude, latitude) points."""
    west, south, east, north = (radians(value) for value in (*one, *other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


def medoid(points: Mapping[Point, int]) -> Point | None:
    """The point from which the way to all the others together is shortest; of equals the westernmost."""
    if not points:
        return None
    return min(sorted(points), key=lambda one: sum(n * kilometres(one, other) for other, n in points.items()))
