"""How alike the arms are, before and after: standardised differences, variance ratios, one joint test, the love plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from klyngeanalyse.core.engines import columns
from klyngeanalyse.core.results import Chart, Result, Row
from klyngeanalyse.matching.moments import Moments, products, standardised, summed
from klyngeanalyse.matching.rows import Candidates

Array = np.ndarray[Any, Any]
Verdict = Literal["balanced", "warn", "stop"]
WARN, STOP, RATIO = 0.10, 0.25, (0.5, 2.0)


def chi_square_tail(x: float, degrees: int) -> float:
    """P(chi² > x), by the finite sum for whole degrees of freedom.

    >>> round(chi_square_tail(3.841458820694124, 1), 12), round(chi_square_tail(5.991464547107979, 2), 12)
    (0.05, 0.05)
    """
    if x <= 0:
        return 1.0
    half = x / 2
    if degrees % 2 == 0:
        logs = [i * math.log(half) - math.lgamma(i + 1) for i in range(degrees // 2)]
        rest = 0.0
    else:
        logs = [(i - 0.5) * math.log(half) - math.lgamma(i + 0.5) for i in range(1, (degrees - 1) // 2 + 1)]
        rest = math.erfc(math.sqrt(half))
    return min(1.0, rest + sum(math.exp(one - half) for one in logs))


def joint(difference: Array, variance: Array) -> tuple[float, int, float]:
    """chi² = d' V⁺ d, its degrees of freedom (the rank of V) and its tail."""
    size = np.sqrt(np.diag(variance))
    alive = size > 0
    if not alive.any():
        return 0.0, 0, 1.0
    shape = (variance / np.outer(np.where(alive, size, 1), np.where(alive, size, 1)))[np.ix_(alive, alive)]
    values, vectors = np.linalg.eigh(shape)
    kept = values > 1e-10 * values.max()
    turned = (vectors.T @ (difference[alive] / size[alive]))[kept]
    chi2 = float(np.square(turned) @ (1 / values[kept]))
    return chi2, int(kept.sum()), chi_square_tail(chi2, int(kept.sum()))


@dataclass(frozen=True)
class Weighted:
    """Weighted sample of one arm: mean (k,), covariance (k, k), and the sample size it is worth, (Σw)² / Σw²."""

    mean: Array
    covariance: Array
    size: float


def weighted(x: Array, weight: Array) -> Weighted:
    """Covariance Σ w (x - mean)(x - mean)' Σw / ((Σw)² - Σw²): with equal weights the usual one."""
    total, squares = float(weight.sum()), float(np.square(weight).sum())
    mean = weight @ x / total
    centred = x - mean
    free = total - squares / total
    covariance = (centred * weight[:, None]).T @ centred / free if free > 1e-12 else np.zeros((x.shape[1],) * 2)
    return Weighted(mean, covariance, total**2 / squares)


def arms(candidates: Candidates, moments: Moments, rows: str) -> list[Weighted]:
    """Controls, then treated, counted in the engine from rows (a SQL selection) with treated, their weight w and x1…"""
    k = len(candidates.names)
    named = "".join(f", {z} as z{i}" for i, z in enumerate(standardised(candidates, moments.centre, moments.spread)))
    found = columns(
        candidates.engine,
        f"select treated, sum(w) as w, sum(w * w) as ww{products([f'z{i}' for i in range(k)], 'w')} "
        f"from (select treated, w{named} from ({rows}) as r) as s group by treated order by treated",
    )
    sums, square = summed(found, k)
    both = []
    for w, ww, total, squares in zip(found["w"].astype(float), found["ww"].astype(float), sums, square, strict=True):
        mean, free = total / w, w - ww / w
        covariance = (squares - w * np.outer(mean, mean)) / free if free > 1e-12 else np.zeros((k, k))
        own = covariance * np.outer(moments.spread, moments.spread)
        both.append(Weighted(moments.centre + mean * moments.spread, own, w**2 / ww))
    return both


@dataclass(frozen=True)
class Balance(Result):
    """One entry a covariate; differences are treated minus control over the treated's standard deviation before matching.

    `before` and `after` are the joint tests (chi², degrees of freedom, tail); the one after takes the matched arms as
    independent samples. `verdict` is `stop` above 0.25, `warn` above 0.10 or with a variance ratio outside 0.5–2.
    """

    names: tuple[str, ...]
    treated_before: tuple[float, ...]
    control_before: tuple[float, ...]
    difference_before: tuple[float, ...]
    ratio_before: tuple[float | None, ...]
    treated: tuple[float, ...]
    control: tuple[float, ...]
    difference: tuple[float, ...]
    ratio: tuple[float | None, ...]
    before: tuple[float, int, float]
    after: tuple[float, int, float]
    effective_controls: float

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(verdict(d, r) for d, r in zip(self.difference, self.ratio, strict=True))

    def rows(self) -> list[Row]:
        fields = "treated_before control_before difference_before ratio_before treated control difference ratio".split()
        return [
            {"covariate": name, **{field: getattr(self, field)[nth] for field in fields}, "verdict": self.verdicts[nth]}
            for nth, name in enumerate(self.names)
        ]

    def chart(self) -> Chart:
        """The love plot: absolute standardised differences before and after, with the lines at 0.10 and 0.25."""
        values = [
            {"covariate": name, "when": when, "difference": abs(value)}
            for when, row in (("before", self.difference_before), ("after", self.difference))
            for name, value in zip(self.names, row, strict=True)
        ]
        dashes = [
            {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "gray"}, "encoding": {"x": {"datum": line}}}
            for line in (WARN, STOP)
        ]
        points = {
            "mark": {"type": "point", "filled": True, "size": 60},
            "encoding": {
                "x": {"field": "difference", "type": "quantitative", "title": "absolute standardised difference"},
                "y": {
                    "field": "covariate",
                    "type": "nominal",
                    "title": None,
                    "sort": {"op": "max", "field": "difference", "order": "descending"},
                },
                "color": {"field": "when", "type": "nominal", "sort": ["before", "after"], "title": "matching"},
                "shape": {"field": "when", "type": "nominal", "sort": ["before", "after"], "legend": None},
            },
        }
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": values},
            "layer": [*dashes, points],
        }


def verdict(difference: float, ratio: float | None) -> Verdict:
    """
    >>> verdict(0.3, 1.0), verdict(-0.12, None), verdict(0.02, 2.5), verdict(0.02, 1.1)
    ('stop', 'warn', 'warn', 'balanced')
    """
    if abs(difference) > STOP:
        return "stop"
    odd = ratio is not None and not RATIO[0] <= ratio <= RATIO[1]
    return "warn" if abs(difference) > WARN or odd else "balanced"


def _ratios(one: Array, other: Array, binary: Array) -> tuple[float | None, ...]:
    return tuple(
        None if two_valued or not below > 0 else float(above / below)
        for above, below, two_valued in zip(np.diagonal(one), np.diagonal(other), binary, strict=True)
    )


def compared(names: Sequence[str], moments: Moments, treated: Weighted, control: Weighted) -> Balance:
    """Balance of the weighted arms against all complete rows (`moments`)."""
    share = moments.mean[1]
    variance = np.where(moments.binary, share * (1 - share), np.diagonal(moments.covariance[1]))
    pooled = np.diagonal(moments.pooled)
    scale = np.sqrt(np.where(variance > 0, variance, pooled))
    gap_before, gap = share - moments.mean[0], treated.mean - control.mean

    def over(gap: Array) -> tuple[float, ...]:
        return tuple(np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0).tolist())

    return Balance(
        names=tuple(names),
        treated_before=tuple(share.tolist()),
        control_before=tuple(moments.mean[0].tolist()),
        difference_before=over(gap_before),
        ratio_before=_ratios(moments.covariance[1], moments.covariance[0], moments.binary),
        treated=tuple(treated.mean.tolist()),
        control=tuple(control.mean.tolist()),
        difference=over(gap),
        ratio=_ratios(treated.covariance, control.covariance, moments.binary),
        before=joint(gap_before, moments.covariance[1] / moments.n[1] + moments.covariance[0] / moments.n[0]),
        after=joint(gap, treated.covariance / treated.size + control.covariance / control.size),
        effective_controls=control.size,
    )
