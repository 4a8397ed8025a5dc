"""A series with the range of the years to come, drawn on the server; an equal table stands beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from klyngeforum.results.targets.rules import Forecast

from .numbers import grouped

_WIDTH, _HEIGHT, _TOP, _FOOT, _SIDE = 640, 220, 24, 26, 28


@dataclass(frozen=True, slots=True)
class Fan:
    """Points of the lines and of the band as SVG writes them, where the mark lies, and the words at both ends."""

    known: str
    band: str
    middle: str
    goal_y: float
    goal_shown: str
    dots: list[tuple[float, float]]
    years: list[tuple[float, int]]
    last: tuple[float, float, str]
    end: tuple[float, float, str] | None
    label: str
    width: int = _WIDTH
    height: int = _HEIGHT
    foot: int = _HEIGHT - 6


def fan_of(series: Mapping[int, int], ahead: list[Forecast], *, goal: float, label: str) -> Fan:
    """Every year gets the same width; the sheet reaches from nothing to the highest of series, range and mark."""
    years = [*sorted(series), *(one.year for one in ahead)]
    most = max([goal, *map(float, series.values()), *(one.high for one in ahead)]) or 1.0
    step = (_WIDTH - 2 * _SIDE) / max(years[-1] - years[0], 1)

    def x(year: int) -> float:
        return round(_SIDE + (year - years[0]) * step, 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _FOOT - value / most * (_HEIGHT - _FOOT - _TOP), 1)

    def line(points: list[tuple[float, float]]) -> str:
        return " ".join(f"{one},{two}" for one, two in points)

    dots = [(x(year), y(series[year])) for year in sorted(series)]
    upper, lower = ([(x(one.year), y(getattr(one, side))) for one in ahead] for side in ("high", "low"))
    last_year = max(series)
    return Fan(
        line(dots), line([dots[-1], *upper, *reversed(lower)]) if ahead else "",
        line([dots[-1], *((x(one.year), y(one.middle)) for one in ahead)]) if ahead else "", y(goal), grouped(goal), dots,
        [(x(year), year) for year in years if year in (years[0], last_year, years[-1])],
        (*dots[-1], grouped(series[last_year])),
        (x(ahead[-1].year), y(ahead[-1].middle), grouped(round(ahead[-1].middle))) if ahead else None, label,
    )  # fmt: skip
