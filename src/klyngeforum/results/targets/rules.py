"""Where a yearly series would stand if it goes on as it has, with a range that is as wide as the years allow. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, exp, inf, log, sqrt

from scipy.special import stdtr, stdtrit

FEWEST = 4  # years: three steps are the least that tell how much steps differ
FEWEST_TESTS = 5  # later years known: fewer say too little to widen by
LEVEL = 0.8
_SHARES_FROM = 50  # below this a series moves by pieces (labels), above it by shares (companies)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A year to come: the middle, the range that holds it with the level's likelihood, and the likelihood of at least the goal.

    ``half`` is half the range on the scale on which the series moves, ``centre`` its middle there.
    """

    year: int
    middle: float
    low: float
    high: float
    level: float
    reaches: float | None
    points: int
    centre: float
    half: float
    by_shares: bool

    def missed(self, value: float) -> float:
        """How far the value lies from the middle, in halves of the range: 1 is its edge."""
        if self.by_shares and value <= 0:
            return inf
        return abs((log(value) if self.by_shares else value) - self.centre) / self.half


@dataclass(frozen=True, slots=True)
class Proof:
    """How the same method would have done: of so many later years known today, how many fell inside the range, and how many times as
    wide the range must be to have held as many as it says (1 where it did, or where too few years tell)."""

    inside: int
    of: int
    widening: float = 1.0

    @property
    def coverage(self) -> float | None:
        return self.inside / self.of if self.of else None


def forecast(
    series: Mapping[int, float], year: int, *, goal: float | None = None, level: float = LEVEL, widening: float = 1.0
) -> Forecast | None:
    """A random walk with drift (Hyndman and Athanasopoulos, Forecasting, section 5.2) over the years that are known, gaps allowed.

    The drift is the mean step a year; the range has Student's t with as many degrees as there are steps but one, and widens with both the
    steps to come and how little is known of the drift: s² (h + h² / T), h years ahead after T years. Counts of companies move by shares
    (logarithms), few pieces such as labels by pieces; a series that never moved is still taken to move by one piece in one year more than
    was seen. ``widening`` stretches the range by what the method missed in the series' own past (``proof``). None where fewer than four
    years are known or the year is not ahead of them.
    """
    known = sorted((one, value) for one, value in series.items() if one < year)
    if len(known) < FEWEST or any(one >= year for one in series):
        return None
    by_shares = min(value for _, value in known) >= _SHARES_FROM
    years = [one for one, _ in known]
    values = [log(value) if by_shares else float(value) for _, value in known]
    steps = len(values) - 1
    span, ahead = years[-1] - years[0], year - years[-1]
    drift = (values[-1] - values[0]) / span
    pairs = zip(zip(years, values, strict=True), zip(years[1:], values[1:], strict=False), strict=False)
    spread = sum((new - old - drift * (then - one)) ** 2 / (then - one) for (one, old), (then, new) in pairs) / (
        steps - 1
    )
    piece = 1 / known[-1][1] if by_shares else 1.0
    spread = max(spread, piece**2 / (steps + 1))
    middle, error = values[-1] + drift * ahead, widening * sqrt(spread * (ahead + ahead**2 / span))
    reach = float(stdtrit(steps - 1, 0.5 + level / 2)) * error
    bounds = [middle, middle - reach, middle + reach]
    middle_, low, high = (exp(one) if by_shares else max(one, 0.0) for one in bounds)
    reaches = None
    if goal is not None and not (by_shares and goal <= 0):
        mark = log(goal) if by_shares else goal
        reaches = float(stdtr(steps - 1, (middle - mark) / error))
    return Forecast(year, middle_, low, high, level, reaches, len(known), middle, reach, by_shares)


def proof(series: Mapping[int, float], *, level: float = LEVEL, ahead: int | None = None) -> Proof:
    """Back-test: stand in every year that had enough before it, forecast each later known year, count those inside.

    The widening is the split-conformal one (Vovk; Lei et al. 2018): the miss that the level's share of the tests stayed below.
    """
    misses = []
    for origin in sorted(series):
        until = {one: value for one, value in series.items() if one <= origin}
        for later in sorted(one for one in series if one > origin):
            found = forecast(until, later, level=level) if ahead is None or later - origin <= ahead else None
            if found is not None:
                misses.append(found.missed(series[later]))
    place = ceil(level * (len(misses) + 1))
    widening = sorted(misses)[min(place, len(misses)) - 1] if len(misses) >= FEWEST_TESTS else 1.0
    return Proof(sum(one <= 1 for one in misses), len(misses), max(1.0, widening))
