"""How much of an organisation rests on its largest members: their share, and the Herfindahl index (afhængighed)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.strengths.cells import Array, codes, need, numbers


@dataclass(frozen=True)
class Dependence(Tabled):
    """One value an organisation: members with a weight above 0, the sum of weights, the share of the `largest` heaviest, and
    `herfindahl`, the sum of squared shares (1 / members when all are alike, 1 when one holds everything); nan where nobody has a weight."""

    organisations: Array
    members: Array
    total: Array
    share: Array
    herfindahl: Array
    largest: int

    def rows(self) -> Iterable[Row]:
        for nth, name in enumerate(self.organisations.tolist()):
            yield {
                "organisation": name,
                "members": int(self.members[nth]),
                "total": float(self.total[nth]),
                "share_of_largest": float(self.share[nth]),
                "herfindahl": float(self.herfindahl[nth]),
            }

    def chart(self) -> Chart | None:
        x, y = {"field": "share_of_largest", "type": "quantitative"}, {"field": "organisation", "type": "nominal"}
        return {
            **drawn(self.rows(), "organisation", by="share_of_largest"),
            "mark": "bar",
            "encoding": {"x": x, "y": y},
        }


def dependence(
    memberships: Any,
    weight: str,
    *,
    organisation: str = "organisation",
    company: str = "company",
    largest: int = 5,
) -> Dependence:
    """Shares of the `largest` members by the column `weight` (employees, participations); rows of one member are summed.

    Ties at the edge do not matter: equal weights give an equal share. Raises Unfit for a number of largest members below 1.

    >>> one = dependence({"organisation": ["a"] * 4, "company": [1, 2, 3, 4], "n": [6, 2, 1, 1]}, "n", largest=2)
    >>> one.share.tolist(), one.herfindahl.round(2).tolist()
    ([0.8], [0.42])
    """
    if largest < 1:
        raise Unfit(f"the {largest} largest members", mend="name a number from 1")
    table = need(as_arrow(memberships), [organisation, company, weight])
    names, whose = codes(table, organisation)
    known, who = codes(table, company)
    size = numbers(table, weight)
    key, at = np.unique(whose * max(len(known), 1) + who, return_inverse=True)
    held = np.bincount(at, size, len(key))
    owner = key // max(len(known), 1)
    order = np.lexsort((-held, owner))
    held, owner = held[order], owner[order]
    total = np.bincount(owner, held, len(names))
    starts = np.searchsorted(owner, np.arange(len(names)))
    first = np.arange(len(owner)) - starts[owner] < largest
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.bincount(owner[first], held[first], len(names)) / total
        herfindahl = np.bincount(owner, held * held, len(names)) / (total * total)
    return Dependence(names, np.bincount(owner[held > 0], minlength=len(names)), total, share, herfindahl, largest)
