"""Effects as shares: per cent of what would have been, log points, percentage points (Central Innovation Manual, principle 7)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result
from klyngeanalyse.effects.aggregates import Aggregate, Estimate
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.grouptime import GroupTime
from klyngeanalyse.effects.rows import Floats

FORMS = ("per_cent", "log_points", "per_cent_of_log", "percentage_points")


@dataclass(frozen=True)
class Share:
    key: int | None
    estimate: float
    stderr: float
    low: float
    high: float
    without: float


@dataclass(frozen=True)
class Relative(Result):
    """The same effects in another unit; `without` is the level the participants would have had without, in the outcome's unit."""

    outcome: str
    form: str
    overall: Share
    parts: tuple[Share, ...]

    def rows(self) -> list[dict[str, object]]:
        return [vars(one) for one in (self.overall, *self.parts)]


def relative(result: GroupTime, drawn: Aggregate, form: str = "per_cent") -> Relative:
    """per_cent           100 A / (L - A), L the participants' level after and A the effect; delta method over both
    log_points         100 A of an outcome that is a logarithm; per_cent_of_log: 100 (exp(A) - 1)
    percentage_points  100 A of an outcome that is a share

    Raises Unfit for per_cent where the level without participation is not positive.
    """
    if form not in FORMS:
        raise Unfit(f"form {form!r}", mend=f"one of {', '.join(FORMS)}")
    slopes = [(drawn.overall, drawn.overall_gradient, drawn.overall_level_gradient)]
    slopes += list(zip(drawn.parts, drawn.gradient, drawn.level_gradient, strict=True))
    shares = [_share(result, form, *one) for one in slopes]
    return Relative(drawn.outcome, form, shares[0], tuple(shares[1:]))


def _share(result: GroupTime, form: str, one: Estimate, gradient: Floats, level: Floats) -> Share:
    without = one.level - one.estimate
    reach = normal(result.design.level)
    if form == "per_cent":
        if without <= 0:
            raise Unfit(
                f"the level without participation is {without:.4g}",
                where=f"outcome {result.outcome}",
                why="a per cent of nothing or less says nothing",
                mend="use log points of a logarithm, or percentage points",
            )
        value = one.estimate / without
        slope = (one.level * gradient - one.estimate * level) / without**2
        stderr = math.sqrt(max(float(slope @ result.covariance @ slope), 0.0))
        bounds = value - reach * stderr, value + reach * stderr
    elif form == "per_cent_of_log":
        value = math.expm1(one.estimate)
        stderr = math.exp(one.estimate) * one.stderr
        bounds = math.expm1(one.low), math.expm1(one.high)
    else:
        value, stderr, bounds = one.estimate, one.stderr, (one.low, one.high)
    low, high = (100 * float(np.float64(bound)) for bound in bounds)
    return Share(one.key, 100 * value, 100 * stderr, low, high, without)
