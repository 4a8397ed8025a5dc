"""How much of every industry and region the organisations reach, counted with the analysis library over the register's companies.

Loads NumPy, so it is imported only where something is counted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np

from klyngeanalyse.landscape.coverage import Coverage as Counted
from klyngeanalyse.landscape.coverage import coverage
from klyngeanalyse.landscape.suppression import with_totals
from klyngeanalyse.strengths.quotients import quotients
from klyngeforum.ground.bodies.queries import ceased_by
from klyngeforum.ground.disclosing import Sum, held
from klyngeforum.ground.programme.queries import mark_of, small_cells

from .gathering import Array, Bodies, Links, belonging
from .measuring import Ground, ground_on, mapped
from .terms import Coverage, CoveredField

ALL = 0  # stands for every region or every industry
_NOTHING = Coverage((), (), CoveredField(ALL, ALL, 0, 0, 0))


def _universe(bodies: Bodies, ground: Ground, ceased: Collection[int]) -> tuple[dict[str, Array], Array]:
    """(one row a company with region and industry, each counting one; truths of the bodies that are among them)."""
    region = mapped(bodies.places, ground.region, 0, np.int64) if len(bodies.ids) else np.zeros(0, dtype=np.int64)
    known = bodies.company & (region > 0) & (bodies.industries > 0) & ~np.isin(bodies.ids, list(ceased))
    rows = {"company": bodies.ids[known], "region": region[known], "industry": bodies.industries[known].astype(np.int64)}  # fmt: skip
    return rows | {"employment": np.ones(int(known.sum()))}, known


def _strong(rows: dict[str, Array], quotient: float, fewest: int) -> tuple[dict[str, Array], dict[tuple[int, int], float]]:  # fmt: skip
    """Fields with so many companies and such a share of them compared to the country; and the location quotient of each."""
    regions, where = np.unique(rows["region"], return_inverse=True)
    industries, kind = np.unique(rows["industry"], return_inverse=True)
    counts = np.bincount(where * len(industries) + kind, minlength=len(regions) * len(industries))
    table = counts.reshape(len(regions), len(industries)).astype(np.float64)
    found = quotients(table)
    nth, kth = np.nonzero((found >= quotient) & (table >= fewest))
    values = {
        (int(regions[one]), int(industries[other])): float(found[one, other]) for one, other in np.argwhere(table > 0)
    }
    return {"region": regions[nth], "industry": industries[kth]}, values


def _told(found: Counted, least: int) -> Array:
    """The participants with their totals, nan where it would tell of a few."""
    whole = with_totals(found.member_companies)
    last, end = whole.shape[0] - 1, whole.shape[1] - 1
    sums = [Sum((row, end), tuple((row, column) for column in range(end))) for row in range(last + 1)]
    sums += [Sum((last, column), tuple((row, column) for row in range(last))) for column in range(end + 1)]
    told = whole.astype(np.float64)
    for cell in held({(row, column): int(n) for (row, column), n in np.ndenumerate(whole)}, sums, least):
        told[cell] = np.nan
    return told


def _field(found: Counted, told: Array, at: tuple[int, int], **more: Any) -> CoveredField:
    """A field, or a total where a place is the last one."""
    nth, kth = at
    companies, reached = with_totals(found.companies)[at], with_totals(found.member_companies)[at]
    region = int(found.regions[nth]) if nth < len(found.regions) else ALL
    industry = int(found.industries[kth]) if kth < len(found.industries) else ALL
    said = None if np.isnan(told[at]) else int(told[at])
    return CoveredField(region, industry, int(companies), int(reached), said, **more)


def covered_of(
    bodies: Bodies, members: Links, ground: Ground, ceased: Collection[int], *,
    quotient: float, fewest: int, least_share: float, least: int,
) -> Coverage:  # fmt: skip
    """Every field with enough companies, by what the organisations reach of them; those with too few beside them."""
    rows, known = _universe(bodies, ground, ceased)
    if not len(rows["company"]):
        return _NOTHING
    kept = members.only(known[members.who])
    strong, values = _strong(rows, quotient, fewest)
    links = {"organisation": kept.clusters, "company": bodies.ids[kept.who]}
    found = coverage(rows, links, strong, least=least_share)
    told = _told(found, least)
    last = (len(found.regions), len(found.industries))
    fields: list[CoveredField] = []
    few: list[CoveredField] = []
    for nth, kth in np.argwhere(found.companies > 0).tolist():
        cell = (int(found.regions[nth]), int(found.industries[kth]))
        read = found.companies[nth, kth] >= fewest
        (fields if read else few).append(
            _field(
                found, told, (nth, kth), organisations=int(found.organisations[nth, kth]), quotient=values[cell],
                strong=bool(found.strong[nth, kth]), gap=bool(found.gaps[nth, kth]),
            )
        )  # fmt: skip
    regions = tuple(_field(found, told, (nth, last[1])) for nth in range(last[0]))
    return Coverage(tuple(fields), regions, _field(found, told, last), tuple(few))


def measured(day: date, running: Collection[int]) -> Coverage:
    """What the organisations that count on the day reach of the register's companies."""
    bodies, members = belonging(day)
    members = members.only(np.isin(members.clusters, np.array(sorted(running), dtype=np.int64)))
    quotient, fewest, share = (mark_of(code, on=day).least for code in ("strong_quotient", "strong_companies", "covered"))  # fmt: skip
    return covered_of(
        bodies, members, ground_on(day), ceased_by(day), quotient=float(quotient), fewest=int(fewest), least_share=float(share),
        least=int(small_cells().least),
    )  # fmt: skip
