"""Shift-share: how much of a region's growth the nation gave, how much its mix of industries, how much the region itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.strengths.cells import Array, Cells


@dataclass(frozen=True)
class ShiftShare(Tabled):
    """Jobs by region and industry: `change` = `national` + `mix` + `regional`, in every cell and so in every sum."""

    regions: Array
    industries: Array
    before: Array
    after: Array
    national: Array
    mix: Array
    regional: Array

    @property
    def change(self) -> Array:
        return np.asarray(self.after - self.before)

    def rows(self) -> Iterable[Row]:
        parts = {"before": self.before, "after": self.after, "change": self.change}
        parts |= {"national": self.national, "mix": self.mix, "regional": self.regional}
        sums = {name: values.sum(1) for name, values in parts.items()}
        for nth, region in enumerate(self.regions.tolist()):
            yield {"region": region, **{name: float(values[nth]) for name, values in sums.items()}}

    def chart(self) -> Chart | None:
        return {
            **drawn(self.rows(), "region", by="regional"),
            "transform": [{"fold": ["national", "mix", "regional"], "as": ["part", "jobs"]}],
            "mark": "bar",
            "encoding": {
                "y": {"field": "region", "type": "nominal"},
                "x": {"field": "jobs", "type": "quantitative"},
                "color": {"field": "part", "type": "nominal"},
            },
        }


def shift_share(before: Cells, after: Cells, *, reference: tuple[Cells, Cells] | None = None) -> ShiftShare:
    """national = E0 g, mix = E0 (g_c - g), regional = E1 - E0 (1 + g_c), g the growth of the reference, g_c of an industry in it.

    `before`, `after`: the same regions and industries at two times. The reference is the sum of the regions, unless the two
    tables of a larger whole are given (a nation of which the regions are a part). A new industry without employment in
    the reference before has no growth rate: all it brings is regional. Source: Dunn 1960.

    A region of 10 jobs where the industry doubled and the nation grew by half, and that ended at 30:

    >>> one = shift_share(Cells(np.array(["r"]), np.array(["a"]), np.array([[10.0]])), Cells(np.array(["r"]), np.array(["a"]),
    ...     np.array([[30.0]])), reference=(Cells(np.array(["n"]), np.array(["a", "b"]), np.array([[10.0, 30.0]])),
    ...     Cells(np.array(["n"]), np.array(["a", "b"]), np.array([[20.0, 40.0]]))))
    >>> one.national.tolist(), one.mix.tolist(), one.regional.tolist()
    ([[5.0]], [[5.0]], [[10.0]])
    """
    _same(before, after)
    whole = _reference(before, after, reference)
    grown = float(whole[1].sum() / whole[0].sum() - 1)
    keep = {code: nth for nth, code in enumerate(whole[2].tolist())}
    missing = [code for code in before.industries.tolist() if code not in keep]
    if missing:
        raise Unfit(f"industry {missing[0]} is not in the reference", mend="give the reference all industries")
    place = [keep[code] for code in before.industries.tolist()]
    start, end = whole[0][place], whole[1][place]
    rate = np.divide(end, start, out=np.full(len(start), 1 + grown), where=start > 0) - 1
    base = before.values
    regional = after.values - base * (1 + rate)
    return ShiftShare(
        before.regions, before.industries, base, after.values, base * grown, base * (rate - grown), regional
    )


def dynamic_shift_share(years: Mapping[Any, Cells]) -> ShiftShare:
    """The same, year by year and added up, so that the weights follow the changing mix (Barff & Knight 1988)."""
    if len(years) < 2:
        raise Unfit(f"{len(years)} years", mend="give at least two")
    order = sorted(years)
    steps = [shift_share(years[one], years[two]) for one, two in pairwise(order)]
    parts = [np.sum([getattr(step, name) for step in steps], axis=0) for name in ("national", "mix", "regional")]
    first, last = years[order[0]], years[order[-1]]
    return ShiftShare(first.regions, first.industries, first.values, last.values, *parts)


def _same(before: Cells, after: Cells) -> None:
    if not (np.array_equal(before.regions, after.regions) and np.array_equal(before.industries, after.industries)):
        raise Unfit("the two years name different regions or industries", mend="read both years in one table")


def _reference(before: Cells, after: Cells, reference: tuple[Cells, Cells] | None) -> tuple[Array, Array, Array]:
    if reference is not None:
        _same(*reference)
    first, last = reference or (before, after)
    if not first.values.sum() > 0:
        raise Unfit("no employment before", mend="give a first year with employment")
    return first.values.sum(0), last.values.sum(0), first.industries
