"""Presence, proximity and density: the industry space of Hidalgo, Klinger, Barabasi and Hausmann."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn_pairs
from klyngeanalyse.relatedness.complexity import Complexity, complexity
from klyngeanalyse.strengths.cells import Array, Cells
from klyngeanalyse.strengths.quotients import quotients

EXACT_IN_SINGLE = 2**24
BLOCK = 256  # rows counted and divided at a time: no table as large as the answer is made in between


def presence(quotient: Array, least: float = 1.0) -> Array:
    """M_rc = 1 where LQ_rc >= least, as float32: counts of up to 16.7 million regions stay exact in products of it."""
    with np.errstate(invalid="ignore"):
        return (quotient >= least).astype(np.float32)


def proximity(present: Array, *, diagonal: bool = True) -> Array:
    """phi_ij = (regions with both i and j) / max(regions with i, regions with j); industries x industries, float64.

    An industry that is nowhere is near to nothing (0). With `diagonal` phi_ii = 1; without, 0, which entry models need:
    otherwise density contains the outcome that it is to explain.

    >>> proximity(np.array([[1, 1], [1, 0]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    if present.shape[0] >= EXACT_IN_SINGLE:
        raise Unfit(f"{present.shape[0]} regions", why="counts are exact up to 16,777,215", mend="merge regions")
    single = np.asfortranarray(present, dtype=np.float32)
    everywhere = np.maximum(np.einsum("ri,ri->i", single, single), np.float32(1))
    near = np.empty((len(everywhere), len(everywhere)))
    for begin in range(0, len(near), BLOCK):
        rows = slice(begin, begin + BLOCK)
        # x / max(a, b) is min(x / a, x / b) to the last bit
        both = single[:, rows].T @ single
        np.divide(both, np.maximum(everywhere[rows, None], everywhere), out=near[rows], dtype=np.float64)
    if not diagonal:
        np.fill_diagonal(near, 0.0)
    return near


def density(present: Array, near: Array) -> Array:
    """omega_ri = sum_j phi_ij M_rj / sum_j phi_ij (regions x industries); 0 where an industry is near to nothing.

    >>> density(np.array([[1, 0], [1, 1]]), np.array([[1.0, 0.5], [0.5, 1.0]])).round(3).tolist()
    [[0.667, 0.333], [1.0, 1.0]]
    """
    around = near.sum(1)
    return np.asarray((present.astype(np.float64) @ near) / np.where(around > 0, around, 1.0))


@dataclass(frozen=True)
class Links(Tabled):
    """Pairs of industries with a proximity of at least `least`, nearest first."""

    one: Array
    other: Array
    proximity: Array
    least: float

    def rows(self) -> Iterable[Row]:
        for one, other, near in zip(self.one.tolist(), self.other.tolist(), self.proximity.tolist(), strict=True):
            yield {"one": one, "other": other, "proximity": near}

    def chart(self) -> Chart | None:
        x, y = {"field": "one", "type": "nominal"}, {"field": "other", "type": "nominal"}
        colour = {"field": "proximity", "type": "quantitative", "scale": {"domain": [0, 1]}}
        return {
            **drawn_pairs(islice(self.rows(), 2_000), "one", "other"),
            "mark": "rect",
            "encoding": {"x": x, "y": y, "color": colour},
        }


@dataclass(frozen=True)
class Relatedness(Tabled):
    """All of one year: `quotient`, `present`, `density` (regions x industries), `proximity` (industries x industries), the
    complexity of both (None where there are too few regions for it), and whether the diagonal was counted."""

    regions: Array
    industries: Array
    quotient: Array
    present: Array
    proximity: Array
    density: Array
    complexity: Complexity | None
    diagonal: bool

    def rows(self) -> Iterable[Row]:
        for nth in range(len(self.regions)):
            yield from self._of(np.full(len(self.industries), nth), np.arange(len(self.industries)))

    def _of(self, at: Array, of: Array) -> Iterable[Row]:
        """The rows of these cells: places of their regions and of their industries."""
        told = (
            self.regions[at],
            self.industries[of],
            self.quotient[at, of],
            self.present[at, of] != 0,
            self.density[at, of],
        )
        for row in zip(*(one.tolist() for one in told), strict=True):
            yield dict(zip(("region", "industry", "quotient", "present", "density"), row, strict=True))

    def links(self, least: float = 0.5) -> Links:
        """Pairs of industries at least this near, nearest first."""
        first, second = np.nonzero(np.triu(self.proximity >= least, 1))
        near = self.proximity[first, second]
        order = np.lexsort((second, first, -near))
        return Links(self.industries[first[order]], self.industries[second[order]], near[order], least)

    def chart(self) -> Chart | None:
        x, y = {"field": "quotient", "type": "quantitative"}, {"field": "density", "type": "quantitative"}
        at, of = np.nonzero((self.present == 0) & (self.density > 0))
        nearest = np.argsort(-self.density[at, of], kind="stable")[:500]
        return {
            "data": {"values": list(self._of(at[nearest], of[nearest]))},
            "mark": "point",
            "encoding": {"x": x, "y": y, "color": {"field": "region", "type": "nominal"}},
        }


def relatedness(cells: Cells, *, diagonal: bool = True, least: float = 1.0, least_regions: int = 60) -> Relatedness:
    """Quotients, presence, proximity, density and complexity of one table.

    Empty regions and industries stay, with quotient nan and nothing present. Complexity is left out (None) below
    `least_regions` regions: over five it means nothing. Equal to PyPI ecomplexity 0.5.3 to 1e-10 with the diagonal.
    Source: Hidalgo et al. 2007; Hidalgo & Hausmann 2009.
    """
    quotient = quotients(cells.values)
    present = presence(quotient, least)
    near = proximity(present)
    if not diagonal:
        np.fill_diagonal(near, 0.0)
    how = complexity(cells.regions, cells.industries, present) if len(cells.regions) >= least_regions else None
    return Relatedness(cells.regions, cells.industries, quotient, present, near, density(present, near), how, diagonal)
