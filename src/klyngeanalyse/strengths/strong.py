"""Strong clusters after the US benchmark definitions: the top quarter by specialisation, above a least employment and plants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Row, Tabled
from klyngeanalyse.strengths.cells import Array, Cells
from klyngeanalyse.strengths.quotients import quotients


@dataclass(frozen=True)
class StrongClusters(Tabled):
    """`strong` (regions x clusters) beside the quotient, the employment and the quartile it was measured against."""

    regions: Array
    clusters: Array
    employment: Array
    plants: Array
    quotient: Array
    bar: Array
    strong: Array

    def rows(self) -> Iterable[Row]:
        for nth, kth in zip(*(part.tolist() for part in np.nonzero(self.strong)), strict=True):
            yield {
                "region": self.regions[nth].item(),
                "cluster": self.clusters[kth].item(),
                "employment": float(self.employment[nth, kth]),
                "plants": float(self.plants[nth, kth]),
                "quotient": float(self.quotient[nth, kth]),
                "quartile": float(self.bar[kth]),
            }


def strong_clusters(
    cells: Cells,
    plants: Cells,
    *,
    least_employment: float,
    least_plants: float,
    share: float = 0.25,
    least_quotient: float = 1.0,
) -> StrongClusters:
    """A cluster is strong in a region with LQ > `least_quotient`, in the top `share` of all regions of that cluster by LQ,
    with at least the given employment and plants. `cells` and `plants` are regions x clusters (traded clusters only: merge
    industries by a definition first), quotients taken within what the table holds.

    The bar is the (1 - share) quantile of LQ over all regions, linear between order statistics; a tie with it counts.
    Raises Unfit below 1 / share regions and for tables that do not fit each other. Source: Delgado, Porter, Stern 2016;
    US Cluster Mapping.
    """
    if not (np.array_equal(cells.regions, plants.regions) and np.array_equal(cells.industries, plants.industries)):
        raise Unfit("plants and employment name different regions or clusters", mend="build both from the same rows")
    if len(cells.regions) * share < 2:
        raise Unfit(
            f"strong clusters over {len(cells.regions)} regions",
            why=f"the top {100 * share:g} % would be fewer than two regions",
            mend="give more and smaller regions",
        )
    quotient = np.nan_to_num(quotients(cells.values))
    bar = np.quantile(quotient, 1 - share, axis=0)
    strong = (
        (quotient >= bar)
        & (quotient > least_quotient)
        & (cells.values >= least_employment)
        & (plants.values >= least_plants)
    )
    return StrongClusters(cells.regions, cells.industries, cells.values, plants.values, quotient, bar, strong)
