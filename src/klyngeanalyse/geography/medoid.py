"""The member from which all others are nearest on average: found exactly without looking at all pairs (medoide)."""

from __future__ import annotations

import numpy as np

from klyngeanalyse.geography.distance import NOTHING, Array, arcs, chords

TIE = 1e-9  # energies this near (relatively) are equal: the western-, then southernmost point is taken
SLACK = 1e-7  # radians added for rounding wherever a bound rules a point out
FEW = 32
BATCH = 12
OPPOSITE = 1.999  # chords longer than this are as good as antipodal: no slope is taken there


def medoid(points: Array, weights: Array) -> tuple[int, float]:
    """(place of the medoid among the points, its mean distance in radians) of n distinct points (3 x n) with positive weights.

    E(x) = sum_k w_k d(x, k) / sum w, and d(x, k) = 2 arcsin(|x - k| / 2) is convex in space in both of its points. So (1) by Jensen
    E(x) >= J(x) = sum_g s_g d(x, m_g), with masses s_g and means m_g of groups of neighbours, short by the second order of a
    group's width; (2) E(j) >= E(i) + grad E(i) (j - i), and the same of J. As |grad E| <= 1, (2) is never below the bound of
    the triangle inequality, E(j) >= E(i) - d(i, j). First J and its slope at one pivot a group bound everybody; then points are
    measured in full from the lowest bound up, each adding its plane (2) to all bounds, until none is below the best: the
    answer is that of all pairs, up to ties. Points must come in an order that keeps neighbours together (a space-filling
    curve), which decides the speed and not the answer. After Newling & Fleuret 2017, with slopes instead of radii.
    """
    count = points.shape[1]
    share = weights / weights.sum()
    if count <= FEW:
        return _first(points, arcs(points, points) @ share, np.arange(count))
    bound, energy, best = _by_pivots(points, share), np.full(count, np.inf), np.inf
    while True:
        left = np.flatnonzero(bound <= best * (1 + TIE) + SLACK)
        if not len(left):
            return _first(points, energy, np.flatnonzero(np.isfinite(energy)))
        if len(left) > BATCH:
            left = left[np.argpartition(bound[left], BATCH)[:BATCH]]
        measured, slope, offset = _sloped(points[:, left], points, share)
        energy[left] = measured
        best = min(best, float(measured.min()))
        np.maximum(bound, (slope @ points + offset[:, None]).max(0), out=bound)
        bound[left] = np.inf


def _by_pivots(points: Array, share: Array) -> Array:
    """A bound for every point from J and its slope at the middle member of its group of about sqrt(n) / 3 neighbours."""
    count = points.shape[1]
    groups = int(3.0 * np.sqrt(count))
    begins = np.arange(groups) * count // groups
    ends = np.append(begins[1:], count)
    mass = np.add.reduceat(share, begins)
    _, slope, offset = _sloped(
        points[:, (begins + ends) // 2], np.add.reduceat(points * share, begins, axis=1) / mass, mass
    )
    whose = np.repeat(np.arange(groups), ends - begins)
    return np.asarray((slope.T[:, whose] * points).sum(0) + offset[whose] - SLACK)


def _sloped(ones: Array, others: Array, share: Array) -> tuple[Array, Array, Array]:
    """Mean distance of each of m points to the others, its gradient in space (m x 3) and the height of its plane at the origin.

    The height is -inf, which bounds nothing, for a point with its antipode among the others: there the slope has no end.
    """
    chord = chords(ones, others)
    mean = 2.0 * (np.arcsin(chord * 0.5) @ share)
    opposite = (chord > OPPOSITE).any(1)
    pull = chord * np.sqrt(np.maximum(1.0 - 0.25 * chord * chord, 1e-9))
    np.divide(share, pull, out=pull, where=pull > 0)
    slope = ones.T * pull.sum(1)[:, None] - pull @ others.T
    height = np.where(opposite, -np.inf, mean - (slope.T * ones).sum(0))
    return mean, slope, height


def _first(points: Array, energy: Array, among: Array) -> tuple[int, float]:
    """The least energy; of ties the western-, then southernmost, so that the order of the rows does not matter."""
    least = float(energy[among].min())
    ties = among[energy[among] <= least * (1 + TIE) + NOTHING]
    if len(ties) > 1:
        x, y, z = points[:, ties]
        ties = ties[np.lexsort((z, np.arctan2(y, x)))]
    return int(ties[0]), float(energy[ties[0]])
