"""Cluster definitions from data: industries grouped by how they live together, many sets generated, scored and compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled
from klyngeanalyse.strengths.cells import Array, Cells

Method = Literal["ward", "kmeans"]


def colocation(cells: Cells) -> Array:
    """LC_ij: the correlation over regions of the employment (or plants) of two industries; 0 for an industry spread evenly."""
    values = cells.values - cells.values.mean(0)
    length = np.sqrt((values**2).sum(0))
    values = values / np.where(length > 0, length, 1.0)
    return np.asarray(values.T @ values)


def exchange(flows: Array) -> Array:
    """IO_ij: the largest of the four shares that two industries have in each other's inputs and outputs.

    `flows`: industries x industries, what the row sells to the column.

    >>> exchange(np.array([[0.0, 2.0], [1.0, 0.0]])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1] or (flows < 0).any():
        raise Unfit("flows that are no table of industries", mend="give a square table of amounts of at least 0")
    sold, bought = flows.sum(1, keepdims=True), flows.sum(0, keepdims=True)
    out = np.divide(flows, sold, out=np.zeros_like(flows), where=sold > 0)
    into = np.divide(flows, bought, out=np.zeros_like(flows), where=bought > 0)
    largest = np.maximum(out, into)
    return np.asarray(np.maximum(largest, largest.T))


def combined(matrices: Sequence[Array]) -> Array:
    """The mean of likeness matrices, each standardised over its pairs of different industries; the diagonal is the largest value."""
    if not matrices or any(one.shape != matrices[0].shape for one in matrices):
        raise Unfit("likeness matrices that do not fit", mend="give at least one, all of the same industries")
    pairs = np.triu_indices(len(matrices[0]), 1)
    total = np.zeros(matrices[0].shape)
    for one in matrices:
        spread = one[pairs].std()
        if not spread > 0:
            raise Unfit("a likeness matrix of one value", why="it tells no pair from another", mend="leave it out")
        total += (one - one[pairs].mean()) / spread / len(matrices)
    np.fill_diagonal(total, total[pairs].max())
    return total


@dataclass(frozen=True)
class Definitions(Tabled):
    """One value a generated set, best first. `by_cluster` is the share of clusters, `by_industry` the share of industries, whose
    likeness within (WCR) exceeds that to other clusters (BCR); `score` is their mean, `margin` the mean of WCR - BCR over industries that
    are not alone, which decides between equal scores. `best` groups the industries, from 0 up."""

    industries: Array
    methods: tuple[str, ...]
    groups: Array
    by_cluster: Array
    by_industry: Array
    score: Array
    margin: Array
    best: Array

    def rows(self) -> Iterable[Row]:
        for nth, method in enumerate(self.methods):
            scores = {key: float(getattr(self, key)[nth]) for key in ("by_cluster", "by_industry", "score", "margin")}
            yield {"method": method, "clusters": int(self.groups[nth]), **scores}

    def chart(self) -> Chart | None:
        x, y = {"field": "clusters", "type": "quantitative"}, {"field": "score", "type": "quantitative"}
        return {
            "data": {"values": list(self.rows())},
            "mark": "point",
            "encoding": {"x": x, "y": y, "color": {"field": "method", "type": "nominal"}},
        }


def definitions(
    industries: Array,
    likeness: Array,
    *,
    groups: Sequence[int] = tuple(range(30, 61)),
    methods: Sequence[Method] = ("ward", "kmeans"),
    seed: int = 1,
) -> Definitions:
    """Generates a set of clusters for each method and number of groups from the rows of `likeness`, and scores each.

    WCR of an industry: mean likeness to the others of its cluster; BCR: mean likeness to industries outside. An industry
    alone has no WCR and does not pass. What comes out is a proposal: the American definitions were corrected by experts
    afterwards. Raises Unfit for more groups than industries. Source: Delgado, Porter & Stern 2016.
    """
    if max(groups) >= len(industries) or min(groups) < 2:
        raise Unfit(
            f"{max(groups)} groups of {len(industries)} industries",
            mend="ask for 2 or more groups, fewer than industries",
        )
    tree = linkage(likeness, "ward") if "ward" in methods else None
    found = []
    for method in methods:
        for size in groups:
            if method == "ward":
                labels = fcluster(tree, size, "maxclust") - 1
            else:
                labels = kmeans2(likeness, size, minit="++", seed=np.random.default_rng(seed))[1]
            found.append((method, labels, *validity(likeness, labels)))
    found.sort(key=lambda one: (-(one[2] + one[3]) / 2, -one[4], one[1].max(), one[0]))
    by_cluster, by_industry, margin = (np.array([one[nth] for one in found]) for nth in (2, 3, 4))
    counts = np.array([len(np.unique(one[1])) for one in found])
    return Definitions(
        industries,
        tuple(one[0] for one in found),
        counts,
        by_cluster,
        by_industry,
        (by_cluster + by_industry) / 2,
        margin,
        found[0][1],
    )


def validity(likeness: Array, labels: Array) -> tuple[float, float, float]:
    """(share of clusters, share of industries) that are more alike within than to the outside, and the mean margin of industries."""
    member = (labels[:, None] == np.unique(labels)[None, :]).astype(float)
    size = member.sum(0)
    bare = likeness - np.diag(likeness.diagonal())
    toward = bare @ member
    own = (toward * member).sum(1)
    mates = member @ size - 1
    inside = np.divide(own, mates, out=np.full(len(labels), -np.inf), where=mates > 0)
    others = len(labels) - 1 - mates
    outside = np.divide(toward.sum(1) - own, others, out=np.full(len(labels), np.inf), where=others > 0)
    pairs, rest = size * (size - 1), size * (len(labels) - size)
    within = np.divide(member.T @ own, pairs, out=np.full(len(size), -np.inf), where=pairs > 0)
    between = np.divide(member.T @ (toward.sum(1) - own), rest, out=np.full(len(size), np.inf), where=rest > 0)
    gap = (inside - outside)[np.isfinite(inside) & np.isfinite(outside)]
    margin = float(gap.mean()) if len(gap) else 0.0
    return float((within > between).mean()), float((inside > outside).mean()), margin
