"""Ellison-Glaeser: is an industry more concentrated than its plants thrown at the map would be?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.frames import as_arrow
from klyngeanalyse.core.results import Chart, Row, Tabled, drawn
from klyngeanalyse.strengths.cells import Array, codes, need, numbers

CONCENTRATED, WEAK = 0.05, 0.02


@dataclass(frozen=True)
class Agglomeration(Tabled):
    """One value an industry: `gamma`, the raw concentration `raw` (G), the plant Herfindahl `herfindahl` (H), the standardised
    G `z` (G less its mean under chance, over its standard deviation), plants and employment."""

    industries: Array
    gamma: Array
    raw: Array
    herfindahl: Array
    z: Array
    plants: Array
    employment: Array

    def rows(self) -> Iterable[Row]:
        for nth, industry in enumerate(self.industries.tolist()):
            gamma = float(self.gamma[nth])
            yield {
                "industry": industry,
                "gamma": gamma,
                "G": float(self.raw[nth]),
                "H": float(self.herfindahl[nth]),
                "z": float(self.z[nth]),
                "plants": int(self.plants[nth]),
                "employment": float(self.employment[nth]),
                "verdict": "undefined"
                if np.isnan(gamma)
                else "concentrated"
                if gamma > CONCENTRATED
                else "weak"
                if gamma < WEAK
                else "some",
            }

    def chart(self) -> Chart | None:
        return {
            **drawn((row for row in self.rows() if row["verdict"] != "undefined"), "industry", by="gamma"),
            "mark": "bar",
            "encoding": {
                "x": {"field": "gamma", "type": "quantitative"},
                "y": {"field": "industry", "type": "nominal", "sort": "-x"},
            },
        }


def ellison_glaeser(
    plants: Any,
    *,
    industry: str = "industry",
    region: str = "region",
    size: str = "employment",
    regional: Mapping[Any, float] | None = None,
) -> Agglomeration:
    """gamma = [G - (1 - X) H] / [(1 - X)(1 - H)], G = sum_r (s_r - x_r)^2, H = sum_k z_k^2, X = sum_r x_r^2, of every industry.

    `plants`: one row a plant. s_r is the industry's employment share of region r, z_k a plant's share of its industry, x_r the
    region's share of all employment: from `regional` (region -> employment) where given, otherwise from the plants themselves.
    An industry of one plant has no gamma (nan). Var(G) under chance is that of Ellison & Glaeser 1997, page 907:
    2 {H^2 [X - 2 x3 + X^2] - sum_k z_k^4 [X - 4 x3 + 3 X^2]} with x3 = sum x_r^3.

    Two equal plants side by side in one of two equal regions: G = 1/2, H = 1/2, gamma = [1/2 - 1/4] / [1/4] = 1.

    >>> both = {"industry": ["a", "a"], "region": ["n", "n"], "employment": [5, 5]}
    >>> ellison_glaeser(both, regional={"n": 1.0, "s": 1.0}).gamma.tolist()
    [1.0]
    """
    table = need(as_arrow(plants), [industry, region, size])
    names, who = codes(table, industry)
    places, where = codes(table, region)
    sizes = numbers(table, size)
    used = sizes > 0
    who, where, sizes = who[used], where[used], sizes[used]
    shape = (len(names), len(places))
    by_cell = np.bincount(who * shape[1] + where, sizes, shape[0] * shape[1]).reshape(shape)
    total = by_cell.sum(1)
    if not total.all():
        raise Unfit(f"no employment in {names[total == 0][0]}", mend="drop the industry or give its plants' size")
    x, outside = _regional(places, by_cell, regional)
    big_x, x3 = float((x**2).sum() + outside[0]), float((x**3).sum() + outside[1])
    if big_x >= 1 - 1e-12:
        raise Unfit(
            "all employment is in one region",
            why="nothing can be more concentrated than that",
            mend="give finer regions",
        )
    raw = ((by_cell / total[:, None] - x) ** 2).sum(1) + outside[0]
    z = sizes / total[who]
    herfindahl, fourth = np.bincount(who, z**2, shape[0]), np.bincount(who, z**4, shape[0])
    counts = np.bincount(who, minlength=shape[0])
    variance = 2 * (herfindahl**2 * (big_x - 2 * x3 + big_x**2) - fourth * (big_x - 4 * x3 + 3 * big_x**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        gamma = np.where(counts > 1, (raw - (1 - big_x) * herfindahl) / ((1 - big_x) * (1 - herfindahl)), np.nan)
        score = np.where(counts > 1, (raw - (1 - big_x) * herfindahl) / np.sqrt(variance), np.nan)
    return Agglomeration(names, gamma, raw, herfindahl, score, counts, total)


def _regional(places: Array, by_cell: Array, regional: Mapping[Any, float] | None) -> tuple[Array, tuple[float, float]]:
    """Shares of the regions that have plants, and the sums of squares and cubes of the shares of those that have none."""
    if regional is None:
        own = by_cell.sum(0)
        return own / own.sum(), (0.0, 0.0)
    missing = [place for place in places.tolist() if place not in regional]
    if missing:
        raise Unfit(f"no employment of region {missing[0]}", mend="give every region's employment")
    total = float(sum(regional.values()))
    seen = set(places.tolist())
    empty = np.array([size / total for place, size in regional.items() if place not in seen])
    return np.array([regional[place] / total for place in places.tolist()]), (
        float((empty**2).sum()),
        float((empty**3).sum()),
    )
