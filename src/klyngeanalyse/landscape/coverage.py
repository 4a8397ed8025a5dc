"""How much of each industry and region the organisations reach, and the strong fields that no organisation covers (dækning, huller)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.strengths.cells import Array, codes, need, numbers


@dataclass(frozen=True)
class Coverage(Tabled):
    """Regions x industries: companies and employment, and those of members of any organisation, each company once; `organisations`
    counts the organisations with at least one member in the cell. `gaps` marks strong cells reached below `least`."""

    regions: Array
    industries: Array
    companies: Array
    employment: Array
    member_companies: Array
    member_employment: Array
    organisations: Array
    strong: Array
    gaps: Array
    least: float

    def rows(self) -> Iterable[Row]:
        for nth, kth in np.argwhere(self.companies > 0).tolist():
            companies, employment = int(self.companies[nth, kth]), float(self.employment[nth, kth])
            reached, jobs = int(self.member_companies[nth, kth]), float(self.member_employment[nth, kth])
            yield {
                "region": self.regions[nth].item(),
                "industry": self.industries[kth].item(),
                "companies": companies,
                "members": reached,
                "share_of_companies": reached / companies,
                "share_of_employment": jobs / employment if employment else 0.0,
                "organisations": int(self.organisations[nth, kth]),
                "strong": bool(self.strong[nth, kth]),
                "gap": bool(self.gaps[nth, kth]),
            }

    def chart(self) -> Chart | None:
        return {
            **drawn(self.rows(), "region", "industry", by="gap"),
            "mark": "rect",
            "encoding": {
                "x": {"field": "industry", "type": "nominal"},
                "y": {"field": "region", "type": "nominal"},
                "color": {"field": "share_of_employment", "type": "quantitative"},
                "stroke": {"field": "gap", "type": "nominal"},
            },
        }


def coverage(companies: Any, memberships: Any, strong: Any, *, least: float = 0.05) -> Coverage:
    """Share of companies and of employment that are members, by region and industry, and the gaps.

    `companies`: one row a company (company, region, industry, employment): the whole universe. `memberships`: organisation,
    company. `strong`: rows of region, industry that are strong (from stars, quotients or strong clusters). A gap is a strong cell
    where fewer than `least` of the employment are members. Raises Unfit for a company that is twice in the universe, for
    members outside it and for strong cells of a region or industry that is not in it.
    """
    universe = need(as_arrow(companies), ["company", "region", "industry", "employment"])
    links = as_arrow(memberships)
    known, who = codes(universe, "company")
    if len(known) < universe.num_rows:
        twice = known[np.bincount(who) > 1][0]
        raise Unfit(f"company {twice} is there twice", where="the companies", mend="give one row a company")
    regions, where = codes(universe, "region")
    industries, kind = codes(universe, "industry")
    size = numbers(universe, "employment")
    shape = (len(regions), len(industries))
    cell = np.empty(len(known), dtype=np.int64)
    cell[who] = where * shape[1] + kind
    jobs = np.empty(len(known))
    jobs[who] = size
    member, group = _links(links, known)
    distinct = np.unique(member)
    pairs = np.unique(group * (shape[0] * shape[1]) + cell[member]) % (shape[0] * shape[1])

    def tally(cells: Array, weights: Array | None = None) -> Array:
        return np.bincount(cells, weights, shape[0] * shape[1]).reshape(shape)

    employment, reached = tally(cell, jobs), tally(cell[distinct], jobs[distinct])
    truth = _strong(strong, regions, industries)
    share = np.divide(reached, employment, out=np.zeros(shape), where=employment > 0)
    return Coverage(
        regions,
        industries,
        tally(cell),
        employment,
        tally(cell[distinct]),
        reached,
        tally(pairs),
        truth,
        truth & (share < least),
        least,
    )


def _links(links: pa.Table, known: Array) -> tuple[Array, Array]:
    if not links.num_rows:  # nobody is a member anywhere: everything is uncovered
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    need(links, ["organisation", "company"])
    members, at = codes(links, "company")
    _, group = codes(links, "organisation")
    place = np.searchsorted(known, members)
    found = (place < len(known)) & (known[np.minimum(place, len(known) - 1)] == members)
    if not found.all():
        raise Unfit(
            f"{int((~found).sum())} members who are not among the companies",
            where=f"company {members[~found][0]}",
            mend="give the companies all members, or drop those from abroad",
        )
    return place[at], group


def _strong(strong: Any, regions: Array, industries: Array) -> Array:
    truth = np.zeros((len(regions), len(industries)), dtype=bool)
    table = as_arrow(strong)
    if not table.num_rows:
        return truth
    need(table, ["region", "industry"])
    place = []
    for key, labels in (("region", regions), ("industry", industries)):
        own, at = codes(table, key)
        strange = own[~np.isin(own, labels)]
        if len(strange):
            raise Unfit(f"the strong {key} {strange[0]} has no company", mend="use the same codes in both tables")
        place.append(np.searchsorted(labels, own)[at])
    truth[place[0], place[1]] = True
    return truth
