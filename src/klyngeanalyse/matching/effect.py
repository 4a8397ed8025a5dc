"""The average effect on the treated, with Abadie and Imbens' analytic standard errors (nothing is resampled)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from klyngeanalyse.core.results import Chart, Result, Row

Array = np.ndarray[Any, Any]
Footing = Literal["none", "provisional", "full"]


def footing(n_treated: int) -> Footing:
    """How much may be said: fewer than 100 matched treated carry no causal statement, fewer than 300 a provisional one."""
    return "none" if n_treated < 100 else "provisional" if n_treated < 300 else "full"


@dataclass(frozen=True)
class Effect(Result):
    """The ATT on one outcome, in the outcome's units; `relative` is the estimate over the comparison mean.

    `stderr` is for the population that the companies come from, `stderr_sample` for these companies alone.
    """

    outcome: str
    estimate: float
    stderr: float
    interval: tuple[float, float]
    stderr_sample: float
    relative: float
    mean_treated: float
    mean_comparison: float
    n_treated: int
    n_controls: int
    footing: Footing

    def rows(self) -> list[Row]:
        row = {name: value for name, value in vars(self).items() if name != "interval"}
        return [{**row, "low": self.interval[0], "high": self.interval[1]}]


@dataclass(frozen=True)
class Effects(Result):
    effects: tuple[Effect, ...]

    def rows(self) -> list[Row]:
        return [row for effect in self.effects for row in effect.rows()]

    def chart(self) -> Chart | None:
        """Estimates with their intervals, one line an outcome."""
        if not self.effects:
            return None
        values = [
            {"outcome": e.outcome, "estimate": e.estimate, "low": e.interval[0], "high": e.interval[1]}
            for e in self.effects
        ]
        y = {"field": "outcome", "type": "nominal", "title": None, "sort": None}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": values},
            "layer": [
                {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "gray"}, "encoding": {"x": {"datum": 0}}},
                {
                    "mark": "rule",
                    "encoding": {
                        "y": y,
                        "x": {"field": "low", "type": "quantitative", "title": "effect on the treated"},
                        "x2": {"field": "high"},
                    },
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 60},
                    "encoding": {"y": y, "x": {"field": "estimate", "type": "quantitative"}},
                },
            ],
        }


@dataclass(frozen=True)
class Comparison:
    """What the treated are compared with, whatever the method: for n matched treated, c controls, m outcomes.

    y (n, m) their outcomes, y0 (n, m) the weighted outcomes of their controls; k (c,) the sum of the weights that each
    control carries, k2 (c,) the sum of their squares; spread (c, m) the controls' conditional variance, own (n, m) the treated's.
    """

    y: Array
    y0: Array
    k: Array
    k2: Array
    spread: Array
    own: Array


def effects(outcomes: Sequence[str], seen: Comparison, confidence: float) -> Effects:
    """ATT = mean(y - y0) and its variances (Abadie and Imbens 2006, theorem 7, for the treated):

    population: [Σ_treated (y - y0 - ATT)² + Σ_controls (k² - k2) σ²] / n²
    sample:     [Σ_treated σ² + Σ_controls k² σ²] / n²

    Two treated (5, 7), each with its own control (4, 4): ATT 2, variance [(1-2)² + (3-2)²] / 4 = 0.5.

    >>> one = np.ones(2)
    >>> seen = Comparison(np.array([[5.0], [7.0]]), np.array([[4.0], [4.0]]), one, one, np.zeros((2, 1)), np.zeros((2, 1)))
    >>> found = effects(["y"], seen, 0.95).effects[0]
    >>> found.estimate, round(found.stderr**2, 12)
    (2.0, 0.5)
    """
    n = len(seen.y)
    if n == 0:
        return Effects(())
    gap = seen.y - seen.y0
    estimate = gap.mean(axis=0)
    again = np.maximum(np.square(seen.k) - seen.k2, 0.0)
    population = (np.square(gap - estimate).sum(axis=0) + again @ seen.spread) / n**2
    sample = (seen.own.sum(axis=0) + np.square(seen.k) @ seen.spread) / n**2
    return told(
        outcomes,
        estimate,
        population,
        sample,
        seen.y.mean(axis=0),
        seen.y0.mean(axis=0),
        n,
        int((seen.k > 0).sum()),
        confidence,
    )


def told(
    outcomes: Sequence[str],
    estimate: Array,
    population: Array,
    sample: Array,
    mean_treated: Array,
    mean_comparison: Array,
    n_treated: int,
    n_controls: int,
    confidence: float,
) -> Effects:
    """Effects from estimates and variances, each of shape (outcomes,)."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    found = []
    for nth, outcome in enumerate(outcomes):
        one, stderr = float(estimate[nth]), float(np.sqrt(population[nth]))
        base = float(mean_comparison[nth])
        found.append(
            Effect(
                outcome=outcome,
                estimate=one,
                stderr=stderr,
                interval=(one - z * stderr, one + z * stderr),
                stderr_sample=float(np.sqrt(sample[nth])),
                relative=one / base if base else float("nan"),
                mean_treated=float(mean_treated[nth]),
                mean_comparison=base,
                n_treated=n_treated,
                n_controls=n_controls,
                footing=footing(n_treated),
            )
        )
    return Effects(tuple(found))
