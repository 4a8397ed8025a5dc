"""One organisation at a time: the effect without it, its own effect, and its own effect shrunk towards the common one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.aggregates import Estimate, aggregate
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import from_rows
from klyngeanalyse.effects.rows import Floats, Rows, Truths
from klyngeanalyse.effects.several import benjamini_hochberg, holm


@dataclass(frozen=True)
class LeftOut:
    organisation: str
    estimate: float
    stderr: float
    low: float
    high: float
    change: float
    n_left_out: float


@dataclass(frozen=True)
class Leaving(Result):
    """The overall effect with all organisations and with each one's participants left out, the largest change first."""

    outcome: str
    kind: str
    all: Estimate
    without: tuple[LeftOut, ...]

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.without]


def leave_one_out(
    rows: Rows, outcome: str, design: Design, kind: str = "simple", progress: Progress = silent
) -> Leaving:
    """Re-estimates without each organisation; `rows` gathered with design.cluster naming the organisation."""
    _organised(rows)
    everyone = aggregate(from_rows(rows, design)[outcome], kind).overall
    found = []
    for nth, name in enumerate(rows.clusters):
        progress(nth, len(rows.clusters), "organisations")
        mine = rows.cluster == nth
        one = aggregate(from_rows(_without(rows, ~mine, nth), design)[outcome], kind).overall
        change = one.estimate - everyone.estimate
        found.append(LeftOut(name, one.estimate, one.stderr, one.low, one.high, change, float(rows.n[mine].sum())))
    return Leaving(outcome, kind, everyone, tuple(sorted(found, key=lambda one: (-abs(one.change), one.organisation))))


def _without(rows: Rows, keep: Truths, gone: int) -> Rows:
    kept = rows.taking(np.flatnonzero(keep))
    names = tuple(name for nth, name in enumerate(rows.clusters) if nth != gone)
    cluster = np.where(kept.cluster > gone, kept.cluster - 1, kept.cluster)
    return Rows(**{**vars(kept), "cluster": cluster, "clusters": names})


def _organised(rows: Rows) -> None:
    if not rows.clusters:
        raise Unfit("no organisations", where="design, cluster", mend="name the organisation's column as `cluster`")


@dataclass(frozen=True)
class Own:
    """One organisation: its own estimate, and the shrunk one with its interval; `weight` is what its own counts for."""

    organisation: str
    estimate: float
    stderr: float
    p: float
    p_holm: float
    p_bh: float
    shrunk: float
    shrunk_stderr: float
    low: float
    high: float
    weight: float
    n_treated: float


@dataclass(frozen=True)
class Organisations(Result):
    """mean and spread (standard deviation) of the true effects over organisations, then each organisation."""

    outcome: str
    kind: str
    mean: float
    spread: float
    organisations: tuple[Own, ...]
    skipped: tuple[str, ...]

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.organisations]

    def chart(self) -> Chart:
        across = {"type": "quantitative", "title": self.outcome}
        up = {"y": {"field": "organisation", "type": "nominal", "sort": None}}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain([vars(one) for one in self.organisations])},
            "layer": [
                {"mark": "rule", "encoding": {**up, "x": {"field": "low", **across}, "x2": {"field": "high"}}},
                {"mark": {"type": "point", "filled": True}, "encoding": {**up, "x": {"field": "shrunk", **across}}},
                {"mark": {"type": "point", "opacity": 0.5}, "encoding": {**up, "x": {"field": "estimate", **across}}},
            ],
        }


def by_organisation(
    rows: Rows, outcome: str, design: Design, kind: str = "simple", progress: Progress = silent
) -> Organisations:
    """Each organisation's participants against the common controls, errors by company, then shrunk (see `shrink`)."""
    _organised(rows)
    if design.controls != "never":
        raise Unfit(
            f"controls are {design.controls!r}",
            where="one organisation alone",
            why="other organisations' participants would be its controls",
            mend="use controls = 'never'",
        )
    names, estimates, skipped = [], [], []
    for nth, name in enumerate(rows.clusters):
        progress(nth, len(rows.clusters), "organisations")
        kept = rows.taking(np.flatnonzero((rows.cluster == nth) | (rows.cohort == 0)))
        single = Rows(**{**vars(kept), "cluster": np.full(len(kept.n), -1), "clusters": ()})
        try:
            estimates.append(aggregate(from_rows(single, design)[outcome], kind).overall)
            names.append(name)
        except Unfit:
            skipped.append(name)
    if not names:
        raise Unfit("no organisation can be estimated alone", where=f"outcome {outcome}", mend="draw them together")
    return _together(outcome, kind, design, names, estimates, skipped)


def _together(
    outcome: str, kind: str, design: Design, names: list[str], estimates: list[Estimate], skipped: list[str]
) -> Organisations:
    value, error = np.array([one.estimate for one in estimates]), np.array([one.stderr for one in estimates])
    mean, spread, shrunk, stderr, weight = shrink(value, error)
    p = [one.p if not math.isnan(one.p) else 1.0 for one in estimates]
    z, by_holm, by_bh = normal(design.level), holm(p), benjamini_hochberg(p)
    found = [
        Own(
            organisation=name,
            estimate=one.estimate,
            stderr=one.stderr,
            p=p[nth],
            p_holm=float(by_holm[nth]),
            p_bh=float(by_bh[nth]),
            shrunk=float(shrunk[nth]),
            shrunk_stderr=float(stderr[nth]),
            low=float(shrunk[nth] - z * stderr[nth]),
            high=float(shrunk[nth] + z * stderr[nth]),
            weight=float(weight[nth]),
            n_treated=one.n_treated,
        )
        for nth, (name, one) in enumerate(zip(names, estimates, strict=True))
    ]
    found.sort(key=lambda one: (-one.shrunk, one.organisation))
    return Organisations(outcome, kind, mean, spread, tuple(found), tuple(skipped))


def shrink(estimate: Floats, stderr: Floats) -> tuple[float, float, Floats, Floats, Floats]:
    """Empirical Bayes: true effects normal around a mean with spread tau, estimates normal around them.

    tau solves sum (estimate - mean)^2 / (stderr^2 + tau^2) = J - 1 (Paule and Mandel 1982), mean the weighted mean. Shrunk:
    mean + w (estimate - mean), w = tau^2 / (tau^2 + stderr^2), variance w stderr^2 + (1 - w)^2 var(mean) (Morris 1983).
    Gives mean, tau, shrunk (J,), their errors (J,) and w (J,).

    >>> mean, tau, shrunk, _, w = shrink(np.array([0.0, 2.0]), np.array([1.0, 1.0]))
    >>> (mean, round(tau, 6), shrunk.round(3).tolist(), w.round(3).tolist())
    (1.0, 1.0, [0.5, 1.5], [0.5, 0.5])
    """
    if not (stderr > 0).all():
        raise Unfit("an organisation without a standard error", where="shrinkage", mend="leave it out")
    low, high = 0.0, float(np.ptp(estimate)) ** 2 + 1e-300

    def excess(tau2: float) -> float:
        w = 1 / (stderr**2 + tau2)
        return float(w @ (estimate - w @ estimate / w.sum()) ** 2) - (len(estimate) - 1)

    if excess(0.0) <= 0:
        high = 0.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    w = 1 / (stderr**2 + high)
    mean = float(w @ estimate / w.sum())
    share = high / (high + stderr**2)
    variance = share * stderr**2 + (1 - share) ** 2 / w.sum()
    return mean, math.sqrt(high), mean + share * (estimate - mean), np.sqrt(variance), share
