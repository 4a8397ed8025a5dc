"""Group-time effects drawn together: one number, by years since participation, by cohort, by calendar year.

Every aggregate is a smooth function f(ATT, shares of the cohorts); its standard error is by the delta method from their joint
covariance, so that the uncertainty of the weights is in it. Weights as in Callaway and Sant'Anna (2021), section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.bands import Banded, banded, critical, normal
from klyngeanalyse.effects.grouptime import GroupTime
from klyngeanalyse.effects.rows import Floats, Truths

KINDS = ("simple", "dynamic", "group", "calendar")


@dataclass(frozen=True, kw_only=True)
class Estimate(Banded):
    """One number with its error; `key` is the event time, cohort or year (None for an overall number)."""

    key: int | None
    level: float
    n_treated: float


@dataclass(frozen=True)
class Aggregate(Result):
    """`parts` by key and the `overall` number.

    gradient (J, P)  derivative of each part by theta; covariance (J, J) of the parts; critical the value of the bands
    level of a part  the participants' weighted mean after, so that level - estimate is what they would have had without
    """

    kind: str
    outcome: str
    overall: Estimate
    parts: tuple[Estimate, ...]
    critical: float
    n_companies: float
    n_clusters: float
    covariance: Floats = field(repr=False)
    gradient: Floats = field(repr=False)
    overall_gradient: Floats = field(repr=False)
    level_gradient: Floats = field(repr=False)
    overall_level_gradient: Floats = field(repr=False)

    def rows(self) -> Iterable[Row]:
        return [{"key": None, **_shown(self.overall)}, *({"key": one.key, **_shown(one)} for one in self.parts)]

    def part(self, key: int) -> Estimate:
        for one in self.parts:
            if one.key == key:
                return one
        raise KeyError(key)

    def chart(self) -> Chart:
        shared = {"x": {"field": "key", "type": "ordinal", "title": self.kind}}
        values = [{"key": one.key, **_shown(one)} for one in self.parts] or [{"key": None, **_shown(self.overall)}]
        up = {"type": "quantitative", "title": self.outcome}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain(values)},
            "layer": [
                {"mark": {"type": "rule", "strokeDash": [2, 2]}, "encoding": {"y": {"datum": 0}}},
                {"mark": {"type": "rule", "opacity": 0.4}, "encoding": {**shared, "y": {"field": "band_low", **up}, "y2": {"field": "band_high"}}},
                {"mark": {"type": "rule", "strokeWidth": 3}, "encoding": {**shared, "y": {"field": "low", **up}, "y2": {"field": "high"}}},
                {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {**shared, "y": {"field": "estimate", **up}}},
            ],
        }  # fmt: skip


def _shown(one: Estimate) -> dict[str, float | int | None]:
    names = ("estimate", "stderr", "low", "high", "p", "band_low", "band_high", "n_treated")
    return {name: getattr(one, name) for name in names}


def aggregate(result: GroupTime, kind: str = "dynamic", span: tuple[int, int] | None = None) -> Aggregate:
    """simple    sum over t >= g of ATT(g, t) weighted by the cohorts' sizes
    dynamic   by e = t - g over the cohorts seen at e; overall: mean over e >= 0
    group     mean over t >= g of each cohort; overall: weighted by size
    calendar  by year over the cohorts that have begun; overall: mean over years

    `span` holds dynamic to event times (first, last). Raises Unfit where nothing lies after participation.
    """
    if kind not in KINDS:
        raise Unfit(f"aggregation {kind!r}", mend=f"one of {', '.join(KINDS)}")
    whole = _Theta(result)
    after = whole.event >= 0
    if not after.any():
        raise Unfit(
            "no year after participation",
            where=f"outcome {result.outcome}",
            mend="give years after the first participation",
        )
    if kind == "simple":
        return whole.aggregate(kind, [], whole.weighted(None, after))
    low, high = span or (int(whole.event.min()), int(whole.event.max()))
    chosen, keyed = {
        "dynamic": ((whole.event >= low) & (whole.event <= high), whole.event),
        "group": (after, whole.cohort),
        "calendar": (after, whole.year),
    }[kind]
    parts = [whole.weighted(int(key), chosen & (keyed == key)) for key in sorted(set(keyed[chosen].tolist()))]
    return whole.aggregate(
        kind, parts, whole.overall(kind, [one for one in parts if kind != "dynamic" or (one.key or 0) >= 0])
    )


@dataclass(frozen=True)
class _Drawn:
    """One weighted mean: its key, value and derivative, and those of the participants' level with the same weights."""

    key: int | None
    value: float
    gradient: Floats
    level: float
    level_gradient: Floats


class _Theta:
    """theta = (ATT, levels, shares) with what is known of each contrast."""

    def __init__(self, result: GroupTime) -> None:
        self.result = result
        self.k, self.h = len(result.cells), len(result.cohorts)
        self.event = np.array([cell.event for cell in result.cells])
        self.cohort = np.array([cell.cohort for cell in result.cells])
        self.year = np.array([cell.year for cell in result.cells])
        self.att, self.levels = result.estimate, np.array([cell.level for cell in result.cells])
        self.place = np.searchsorted(np.array(result.cohorts), self.cohort)
        self.share = result.shares[self.place]

    def weighted(self, key: int | None, mask: Truths) -> _Drawn:
        """Weights on theta of the cohort-weighted mean over the masked contrasts and its value.

        d/d ATT_k = p_k / P and d/d p_h = (sum over the cohort's contrasts of ATT - theta) / P, P the sum of p over the mask.
        """
        value, gradient = self._mean(mask, self.att, 0)
        level, level_gradient = self._mean(mask, self.levels, self.k)
        return _Drawn(key, value, gradient, level, level_gradient)

    def _mean(self, mask: Truths, values: Floats, start: int) -> tuple[float, Floats]:
        gradient = np.zeros(2 * self.k + self.h)
        total = float(self.share[mask].sum())
        gradient[start : start + self.k][mask] = self.share[mask] / total
        value = float(self.share[mask] @ values[mask] / total)
        np.add.at(gradient, 2 * self.k + self.place[mask], (values[mask] - value) / total)
        return value, gradient

    def overall(self, kind: str, parts: Sequence[_Drawn]) -> _Drawn:
        """The mean of the parts; of cohorts the mean weighted by their size."""
        if not parts:
            raise Unfit("no event time after participation", where="span", mend="let the span reach 0 or later")
        place = np.searchsorted(np.array(self.result.cohorts), np.array([one.key for one in parts]))
        share = self.result.shares[place] if kind == "group" else np.ones(len(parts))
        mean = []
        for values, gradients in (
            (np.array([one.value for one in parts]), np.array([one.gradient for one in parts])),
            (np.array([one.level for one in parts]), np.array([one.level_gradient for one in parts])),
        ):
            value, gradient = float(share @ values / share.sum()), share @ gradients / share.sum()
            if kind == "group":
                gradient[2 * self.k + place] += (values - value) / share.sum()
            mean += [value, gradient]
        return _Drawn(None, *mean)

    def aggregate(self, kind: str, parts: Sequence[_Drawn], overall: _Drawn) -> Aggregate:
        gradients = np.array([one.gradient for one in parts]).reshape(len(parts), len(overall.gradient))
        levels = np.array([one.level_gradient for one in parts]).reshape(gradients.shape)
        covariance = gradients @ self.result.covariance @ gradients.T
        design = self.result.design
        sup = critical(covariance, design.level, design.draws, design.seed)
        return Aggregate(
            kind=kind,
            outcome=self.result.outcome,
            overall=self._estimate(overall, normal(design.level)),
            parts=tuple(self._estimate(one, sup) for one in parts),
            critical=sup,
            n_companies=self.result.n_companies,
            n_clusters=self.result.n_clusters,
            covariance=covariance,
            gradient=gradients,
            overall_gradient=overall.gradient,
            level_gradient=levels,
            overall_level_gradient=overall.level_gradient,
        )

    def _estimate(self, one: _Drawn, sup: float) -> Estimate:
        weights = one.gradient[: self.k]
        used = {cell.cohort: cell.n_treated for cell, w in zip(self.result.cells, weights, strict=True) if w != 0}
        variance = float(one.gradient @ self.result.covariance @ one.gradient)
        return Estimate(
            key=one.key,
            level=one.level,
            n_treated=sum(used.values()),
            **banded(one.value, variance, self.result.design.level, sup),
        )
