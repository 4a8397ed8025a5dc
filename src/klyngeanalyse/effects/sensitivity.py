"""How far may the companies have drifted apart anyway before the finding falls? Bounds after Rambachan and Roth (2023).

Two restrictions on delta, the difference in trends that is not the effect (delta = 0 in the base year, e = -1):

    relative    from the base year on, delta changes from one year to the next by at most M times its largest change before
    smooth      delta's slope changes from one year to the next by at most M (in the outcome's unit)

Four ways from bounds to an interval that holds the effect with the level asked:

    union          relative only: the furthest of the bounds l'b -/+ M c |change_s| over all s, each with its own error at the pointwise
                   level, c = sum_j |sum_{t >= j} l_t|. Valid without knowing which s is the largest; simple to follow, rather wide
    fixed          smooth only: their fixed-length interval. Among the estimates l'b_post + w'b_pre that a straight line in delta does not
                   bias, the w that makes the interval of worst bias and error shortest
    conditional    every effect that the conditional test does not reject (`conditional`)
    least hybrid   the same after a first stage of a tenth of the error: the least favourable value
    fixed hybrid   smooth only: the first stage is the fixed-length interval

Unless a way is asked for, relative takes the least hybrid and smooth the fixed-length interval, which is what the article advises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.aggregates import Aggregate
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.conditional import FIRST_STAGE, Corners, Fixed, corners, kept, least_favourable, rejects
from klyngeanalyse.effects.rows import Floats

NELDER = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 2_000, "maxfev": 2_000, "adaptive": True}
POWELL = {"xtol": 1e-9, "ftol": 1e-12}
WAYS = {
    "relative": ("least hybrid", "conditional", "union"),
    "smooth": ("fixed", "conditional", "least hybrid", "fixed hybrid"),
}


@dataclass(frozen=True)
class Bound:
    m: float
    low: float
    high: float


@dataclass(frozen=True)
class Sensitivity(Result):
    """Intervals by M, and the largest M at which 0 stays outside (None: 0 is inside already at M = 0)."""

    restriction: str
    way: str
    level: float
    bounds: tuple[Bound, ...]
    breakdown: float | None

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.bounds]

    def chart(self) -> Chart:
        up = {"type": "quantitative"}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain([vars(one) for one in self.bounds])},
            "layer": [
                {"mark": {"type": "rule", "strokeDash": [2, 2]}, "encoding": {"y": {"datum": 0}}},
                {"mark": {"type": "rule", "strokeWidth": 3}, "encoding": {
                    "x": {"field": "m", **up, "title": "M"}, "y": {"field": "low", **up, "title": self.restriction}, "y2": {"field": "high"}}},
            ],
        }  # fmt: skip


class _Study:
    """Event-study coefficients with the base year put in as 0: keys, b, V (base year without variance) and l over the years after."""

    def __init__(self, drawn: Aggregate, weights: Floats | None) -> None:
        if drawn.kind != "dynamic":
            raise Unfit(
                f"an aggregate of kind {drawn.kind!r}", where="sensitivity", mend="give aggregate(result, 'dynamic')"
            )
        keys = np.array([one.key for one in drawn.parts])
        whole = np.arange(keys.min(), keys.max() + 1)
        if len(whole) != len(keys) + 1 or -1 in keys:
            raise Unfit(
                "event times with gaps, or without one base year",
                where="sensitivity",
                why=f"estimated at {keys.tolist()}",
                mend="use base = 'universal', anticipation = 0, and a span without gaps",
            )
        if (keys < -1).sum() < 1 or (keys >= 0).sum() < 1:
            raise Unfit("too few years", where="sensitivity", mend="give two years before participation and one after")
        self.before = keys < 0
        self.keys, self.b, self.v = keys, np.array([one.estimate for one in drawn.parts]), drawn.covariance
        still = keys[np.diag(self.v) <= 1e-20 * np.diag(self.v).max()]
        if len(still):
            raise Unfit(
                f"no spread {', '.join(str(-one) for one in still if one < 0) or 'at all'} years before participation",
                where="sensitivity",
                why="nobody's outcome differs there, so no drift is measured to compare with",
                mend="leave the outcome out of it; survival is such a one, where only companies that are alive take part",
            )
        after = int((~self.before).sum())
        self.l = np.full(after, 1 / after) if weights is None else np.asarray(weights, dtype=np.float64)
        if len(self.l) != after:
            raise Unfit(
                f"{len(self.l)} weights for {after} years after", where="sensitivity", mend="give one weight a year"
            )

    def spread(self, a: Floats) -> float:
        return math.sqrt(max(float(a @ self.v @ a), 0.0))


def sensitivity(
    drawn: Aggregate,
    restriction: str = "relative",
    m: Iterable[float] = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0),
    level: float = 0.95,
    weights: Floats | None = None,
    way: str | None = None,
) -> Sensitivity:
    """Intervals of l'(effects after participation), l the mean over the years after unless `weights` are given.

    `drawn` is the dynamic aggregate of a design with base = 'universal'. Raises Unfit where event times have gaps.
    """
    study = _Study(drawn, weights)
    if restriction not in WAYS:
        raise Unfit(f"restriction {restriction!r}", mend="'relative' or 'smooth'")
    chosen = WAYS[restriction][0] if way is None else way
    if chosen not in WAYS[restriction]:
        raise Unfit(
            f"way {chosen!r} with {restriction}", where="sensitivity", mend=f"one of {', '.join(WAYS[restriction])}"
        )
    simple: dict[str, Callable[[_Study, float, float], Bound]] = {"union": _union, "fixed": _smooth}

    def bound(one: float) -> Bound:
        return (
            simple[chosen](study, one, level) if chosen in simple else _tested(study, restriction, chosen, one, level)
        )

    grid = sorted(float(one) for one in m)
    if not grid or grid[0] < 0:
        raise Unfit("M below 0 or none", where="sensitivity", mend="give numbers from 0")
    found = tuple(bound(one) for one in grid)
    # where only M = 0 is asked: a change as large as before (a number without unit), or a bend as large as the effect may be
    start = grid[-1] or (1.0 if restriction == "relative" else max(abs(found[0].low), abs(found[0].high)))
    return Sensitivity(restriction, chosen, level, found, _breakdown(bound, max(start, 1e-6)))


def _breakdown(bound: Callable[[float], Bound], start: float) -> float | None:
    """The largest M with 0 outside, to three digits, looked for up to 1,000 times the largest M asked."""

    def holds(m: float) -> bool:
        one = bound(m)
        return one.low > 0 or one.high < 0

    if not holds(0.0):
        return None
    low, high = 0.0, start
    while holds(high):
        if high > 1000 * start:
            return math.inf
        low, high = high, 2 * high
    while high - low > 2e-3 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _union(study: _Study, m: float, level: float) -> Bound:
    """The furthest of l'b -/+ M c |change_s| with their errors, over the changes s before participation and both signs."""
    reach = float(np.abs(np.cumsum(study.l[::-1])).sum())
    target = np.zeros(len(study.b))
    target[~study.before] = study.l
    places = np.flatnonzero(study.before)
    lows, highs = [], []
    for nth, place in enumerate(places):
        change = np.zeros(len(study.b))
        change[place] -= 1.0
        if nth + 1 < len(places):
            change[places[nth + 1]] += 1.0
        for sign in (1.0, -1.0):
            a = target + sign * m * reach * change
            value, z = float(a @ study.b), normal(level) * study.spread(a)
            lows.append(value - z)
            highs.append(value + z)
    return Bound(m, min(lows), max(highs))


def _tested(study: _Study, restriction: str, way: str, m: float, level: float) -> Bound:
    """The effects that a conditional test keeps, between the first and the last; relative: over all changes before and both signs."""
    error, first = 1 - level, FIRST_STAGE * (1 - level)
    size = error if way == "conditional" else (error - first) / (1 - first)
    fixed = _fixed(study, m, 1 - first) if way == "fixed hybrid" else None
    lows, highs = [], []
    for at in _corners(study, restriction, m):
        ceiling = least_favourable(at, study.v, first) if way == "least hybrid" else None

        def test(theta: Floats, at: Corners = at, ceiling: float | None = ceiling) -> np.ndarray:
            return rejects(at, study.b, study.v, theta, size, ceiling, fixed)

        row, constant, slope = at.middle
        value, reach = float(row @ study.b) / slope, abs(constant / slope) + 8 * study.spread(row) / abs(slope)
        reach += abs(float((at.rows[0] + at.rows[1]) @ study.b)) / abs(slope)
        ends = kept(test, value - reach, value + reach)
        if ends is not None:
            lows.append(ends[0])
            highs.append(ends[1])
    return Bound(m, min(lows), max(highs))


def _corners(study: _Study, restriction: str, m: float) -> Iterable[Corners]:
    """The restrictions whose union is asked about: one a change before and a sign (relative), or one alone (smooth)."""
    wide = np.insert(
        np.eye(len(study.b)), int(study.before.sum()), 0.0, axis=0
    )  # delta with the base year's 0, by year
    steps, after = np.diff(wide, axis=0), ~study.before
    if restriction == "smooth":
        bends = np.diff(steps, axis=0)[-int(after.sum()) :]
        return [corners(bends, after, study.l, np.zeros(len(study.b)), m, study.v)]
    before = steps[: int(study.before.sum())]
    return [
        corners(steps[len(before) :], after, study.l, sign * one, m, study.v) for one in before for sign in (1.0, -1.0)
    ]


def _smooth(study: _Study, m: float, level: float) -> Bound:
    one = _fixed(study, m, level)
    value = float(one.a @ study.b)
    return Bound(m, value - one.half, value + one.half)


def _fixed(study: _Study, m: float, level: float) -> Fixed:
    """The fixed-length interval: value -/+ s cv(bias / s), the shortest over the weights on the years before."""
    kinks, line, target = _shape(study)
    places = np.flatnonzero(study.before)
    base = np.linalg.lstsq(line[places][None, :], -np.array([line @ target]), rcond=None)[0]
    free = _null(line[places])

    def weights(u: Floats) -> Floats:
        a = target.copy()
        a[places] = base + free @ u
        return a

    def half(u: Floats) -> float:
        a = weights(u)
        s = study.spread(a)
        return s * _folded(m * float(np.abs(kinks @ a).sum()) / s, level) if s > 0 else math.inf

    best = np.zeros(free.shape[1])
    if len(best):
        best = _shortest(
            half, _least_variance(study, target, base, free, places), _least_bias(kinks, target, base, free, places)
        )
    return Fixed(weights(best), half(best))


def _shortest(half: Callable[[Floats], float], *starts: Floats) -> Floats:
    """The length is convex in the weights but has kinks: searched from the ends of least variance and least bias and between."""
    ends = [(1 - share) * starts[0] + share * starts[1] for share in np.linspace(0, 1, 9)]
    best: Floats = min(ends, key=half)
    for method, options in (("Nelder-Mead", NELDER), ("Powell", POWELL), ("Nelder-Mead", NELDER)):
        best = min((best, np.asarray(minimize(half, best, method=method, options=options).x)), key=half)
    return best


def _least_variance(study: _Study, target: Floats, base: Floats, free: Floats, places: np.ndarray) -> Floats:
    start = target.copy()
    start[places] = base
    lifted = np.zeros((len(target), free.shape[1]))
    lifted[places] = free
    found = np.linalg.lstsq(lifted.T @ study.v @ lifted, -(lifted.T @ study.v @ start), rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _least_bias(kinks: Floats, target: Floats, base: Floats, free: Floats, places: np.ndarray) -> Floats:
    start = target.copy()
    start[places] = base
    found = np.linalg.lstsq(kinks[:, places] @ free, -(kinks @ start), rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _shape(study: _Study) -> tuple[Floats, Floats, Floats]:
    """delta as a line through the base year plus one kink a year: kinks (J, K) what a kink adds at each event time, line (K,)."""
    times = study.keys + 1.0
    target = np.zeros(len(times))
    target[~study.before] = study.l
    rows = [np.maximum(times - at, 0.0) for at in range(0, int(times.max()))]
    rows += [np.maximum(at - times, 0.0) for at in range(-1, int(times.min()), -1)]
    return np.array(rows), times, target


def _null(row: Floats) -> Floats:
    """Directions (n, n - 1) at right angles to a row."""
    return np.asarray(np.linalg.svd(row[None, :])[2][1:].T, dtype=np.float64)


def _folded(bias: float, level: float) -> float:
    """The `level` quantile of |N(bias, 1)|."""

    def below(x: float) -> float:
        return 0.5 * (math.erf((x - bias) / math.sqrt(2)) + math.erf((x + bias) / math.sqrt(2)))

    def density(x: float) -> float:
        return (math.exp(-((x - bias) ** 2) / 2) + math.exp(-((x + bias) ** 2) / 2)) / math.sqrt(2 * math.pi)

    # the quantile lies between those of one side alone and of two equal sides; beyond the mode the function is concave
    x = bias + normal(2 * level - 1) if level > 0.5 and bias > 3 else max(bias, normal(level))
    for _ in range(60):
        step = (below(x) - level) / density(x)
        x -= step
        if abs(step) < 1e-13 * x:
            break
    return x
