"""The members of every organisation by region, urbanisation or any other kind of place (fordeling)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.geography.distance import Array
from klyngeanalyse.strengths.cells import codes, need


@dataclass(frozen=True)
class Spread(Tabled):
    """Distinct members of each organisation by kind of place: `members` and `share` are organisations x kinds; a row of shares is 1.

    `effective` is the number of equally filled kinds that would be as mixed: 1 / sum of squared shares."""

    organisations: Array
    kinds: Array
    members: Array
    share: Array
    effective: Array

    def rows(self) -> Iterable[Row]:
        for nth, name in enumerate(self.organisations.tolist()):
            for kth in np.flatnonzero(self.members[nth]).tolist():
                counted = int(self.members[nth, kth])
                yield {
                    "organisation": name,
                    "kind": self.kinds[kth].item(),
                    "members": counted,
                    "share": float(self.share[nth, kth]),
                }

    def chart(self) -> Chart | None:
        return {
            **drawn(self.rows(), "organisation", by="members"),
            "mark": "bar",
            "encoding": {
                "y": {"field": "organisation", "type": "nominal"},
                "x": {"field": "share", "type": "quantitative", "stack": "normalize"},
                "color": {"field": "kind", "type": "nominal"},
            },
        }


def spread(memberships: Any, kind: str, *, organisation: str = "organisation", company: str = "company") -> Spread:
    """Shares by the column `kind` (region, urbanisation, …). A company counts once an organisation and kind; one with places in
    several kinds counts in each, so shares are of such pairs.

    >>> one = spread({"organisation": ["a", "a", "a"], "company": [1, 2, 2], "region": ["n", "s", "s"]}, "region")
    >>> one.share.tolist(), one.effective.tolist()
    ([[0.5, 0.5]], [2.0])
    """
    table = need(as_arrow(memberships), [organisation, company, kind])
    names, whose = codes(table, organisation)
    kinds, where = codes(table, kind)
    _, who = codes(table, company)
    key = (whose * (int(who.max()) + 1) + who) * len(kinds) + where
    first = np.unique(key, return_index=True)[1]
    cell = whose[first] * len(kinds) + where[first]
    members = np.bincount(cell, minlength=len(names) * len(kinds)).reshape(len(names), len(kinds))
    share = members / members.sum(1, keepdims=True)
    return Spread(names, kinds, members, share, 1 / (share**2).sum(1))
