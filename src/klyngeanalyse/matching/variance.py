"""The conditional variance of the outcome, from the nearest companies of the same arm and cell (Abadie and Imbens 2006)."""

from __future__ import annotations

from typing import Any

import numpy as np

from klyngeanalyse.matching.mahalanobis import near
from klyngeanalyse.matching.pool import Arm

Array = np.ndarray[Any, Any]


def _from_peers(y: Array, own: Array, peers: Array, known: Array) -> Array:
    """j / (j + 1) (y - mean of j peers)²; where a cell has no peer, the mean of the others. Shapes (n, m), (n,), (n, j), (n, j)."""
    j = known.sum(axis=1)
    mean = np.where(known[:, :, None], y[peers], 0.0).sum(axis=1) / np.maximum(j, 1)[:, None]
    squared: Array = (j / (j + 1))[:, None] * np.square(y[own] - mean)
    if (j == 0).any():
        squared[j == 0] = squared[j > 0].mean(axis=0) if (j > 0).any() else y.var(axis=0, ddof=min(1, len(y) - 1))
    return squared


def on_score(arm: Arm, own: Array, j: int) -> Array:
    """For the companies at the positions `own` of an arm sorted by cell and score: shape (n, outcomes)."""
    steps = np.r_[-np.arange(1, j + 1), np.arange(1, j + 1)]
    place = own[:, None] + steps
    inside = (place >= 0) & (place < len(arm))
    place = np.clip(place, 0, len(arm) - 1)
    inside &= arm.cell[place] == arm.cell[own][:, None]
    distance = np.where(inside, np.abs(arm.score[place] - arm.score[own][:, None]), np.inf)
    chosen = np.argsort(distance, axis=1, kind="stable")[:, :j]
    return _from_peers(
        arm.y, own, np.take_along_axis(place, chosen, axis=1), np.take_along_axis(inside, chosen, axis=1)
    )


def on_distance(arm: Arm, own: Array, j: int) -> Array:
    """The same on Mahalanobis distance."""
    peers = np.zeros((len(own), j), dtype=np.int64)
    known = np.zeros((len(own), j), dtype=bool)
    cells, first = np.unique(arm.cell[own], return_index=True)  # own is sorted, so are its cells
    edges = np.append(first, len(own))
    for nth, cell in enumerate(cells):
        low, high = np.searchsorted(arm.cell, [cell, cell + 1])
        some = slice(edges[nth], edges[nth + 1])
        row, column, _ = near(arm.x[own[some]], arm.x[low:high], j + 1)
        other = column + low != own[some][row]
        row, column = row[other], column[other]
        rank = np.arange(len(row)) - np.searchsorted(row, row, "left")
        kept = rank < j
        peers[edges[nth] + row[kept], rank[kept]] = column[kept] + low
        known[edges[nth] + row[kept], rank[kept]] = True
    return _from_peers(arm.y, own, peers, known)
