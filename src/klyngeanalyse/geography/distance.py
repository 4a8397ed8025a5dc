"""Great-circle distances between points on the mean sphere."""

from __future__ import annotations

from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit

Array = np.ndarray[Any, np.dtype[Any]]
EARTH_KM = 6371.0088
NOTHING = 4e-15  # a squared chord of less than half a metre is rounding, not distance


def vectors(lon: Array, lat: Array) -> Array:
    """Degrees as unit vectors, 3 x n, float64; refuses what is not on the globe, saying in which rows."""
    wrong = np.flatnonzero(~((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    if len(wrong):
        raise Unfit(
            f"{len(wrong)} points that are not on the globe",
            where=f"rows {', '.join(str(nth + 1) for nth in wrong[:3])}",
            mend="give longitude and latitude in degrees, or drop the rows",
        )
    x, y = np.radians(lon), np.radians(lat)
    flat = np.cos(y)
    return np.stack([flat * np.cos(x), flat * np.sin(x), np.sin(y)])


def chords(one: Array, other: Array) -> Array:
    """Straight distances in units of the radius between the points of `one` (3 x n) and of `other` (3 x m), n x m, at most 2.

    From one matrix product: right to a tenth of a millimetre beyond 50 m, and zero below half a metre.
    """
    square = one.T @ other
    square *= -2.0
    square += (one * one).sum(0)[:, None]
    square += (other * other).sum(0)
    square[square < NOTHING] = 0.0
    np.sqrt(square, out=square)
    np.minimum(square, 2.0, out=square)
    return np.asarray(square)


def arcs(one: Array, other: Array) -> Array:
    """Angles in radians between the points of `one` (3 x n) and of `other` (3 x m), n x m: 2 arcsin(chord / 2)."""
    half = chords(one, other)
    half *= 0.5
    np.arcsin(half, out=half)
    half *= 2.0
    return half


def kilometres(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Great-circle distances of n points to m points, n x m, in km.

    A degree along the equator:

    >>> float(kilometres(np.array([0.0]), np.array([0.0]), np.array([1.0]), np.array([0.0]))[0, 0].round(3))
    111.195
    """
    return arcs(vectors(lon, lat), vectors(to_lon, to_lat)) * EARTH_KM
