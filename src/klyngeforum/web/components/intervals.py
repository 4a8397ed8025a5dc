"""Estimates with their intervals, drawn on the server: years since the first participation, specifications, placebos; groups under one
another (forest plot); and a love plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sin

from klyngeforum.results.effects.terms import Point

from .numbers import grouped

_WIDTH, _HEIGHT, _TOP, _FOOT, _LEFT, _RIGHT = 640, 260, 16, 34, 56, 16
_ROW, _NAMES = 26, 210
_WARN, _STOP, _SCALE = 0.10, 0.25, 24
_LETTER, _SLANT = 7.4, radians(30)  # how wide a letter is, and how names stand that have no room beside one another


@dataclass(frozen=True, slots=True)
class Bar:
    """One estimate: where it stands, from where to where its interval reaches, and its words."""

    at: float
    middle: float
    low: float
    high: float
    name: str
    later: bool


@dataclass(frozen=True, slots=True)
class Intervals:
    """Bars side by side over a line at nothing; ``marks`` are the values written at the side. Names that have no room beside one another
    are ``slanted``."""

    bars: tuple[Bar, ...]
    zero: float
    marks: tuple[tuple[float, str], ...]
    label: str
    width: int = _WIDTH
    height: int = _HEIGHT
    foot: int = _HEIGHT - 10
    slanted: bool = False
    over: int = 0  # how far slanted names reach out at the left

    @property
    def box(self) -> str:
        """What is seen of the drawing."""
        return f"{-self.over} 0 {self.width + self.over} {self.height}"


def _steps(low: float, high: float) -> list[float]:
    """Three to six round values between the two, nothing among them."""
    span, step = high - low, 0.001
    for step in (step * factor for step in (10.0**power for power in range(-4, 7)) for factor in (1, 2, 5)):
        if span / step <= 5:
            break
    first = -int(-low // step) if low < 0 else 0
    return [round(nth * step, 6) for nth in range(first, int(high // step) + 1)]


def intervals(points: Sequence[Point], names: Callable[[Point], str], said: Callable[[float], str], *, label: str, later: Callable[[Point], bool] = lambda _: True) -> Intervals | None:  # fmt: skip
    """Each point over its own place; ``later`` tells those that are drawn whole from those drawn hollow. None of no points."""
    if not points:
        return None
    low, high = min(0.0, *(one.low for one in points)), max(0.0, *(one.high for one in points))
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return round(_TOP + (high - value) / span * (_HEIGHT - _TOP - _FOOT), 1)

    step = (_WIDTH - _LEFT - _RIGHT) / len(points)
    bars = tuple(
        Bar(round(_LEFT + step * (nth + 0.5), 1), y(one.estimate), y(one.low), y(one.high), names(one), later(one))
        for nth, one in enumerate(points)
    )
    longest, deeper, over = _LETTER * max(len(bar.name) for bar in bars), 0, 0
    if longest > step:
        deeper = ceil(longest * sin(_SLANT))
        over = max(0, *(ceil(_LETTER * len(bar.name) * cos(_SLANT) - bar.at) for bar in bars))
    marks = tuple((y(mark), said(mark)) for mark in _steps(low, high))
    return Intervals(bars, y(0.0), marks, label, height=_HEIGHT + deeper, slanted=deeper > 0, over=over)


@dataclass(frozen=True, slots=True)
class Balance:
    """One covariate: how far the arms lie apart before and after matching, in standard deviations (absolute values)."""

    name: str
    y: float
    before: float
    after: float | None
    before_said: str
    after_said: str


@dataclass(frozen=True, slots=True)
class LovePlot:
    rows: tuple[Balance, ...]
    warn: float
    stop: float
    marks: tuple[tuple[float, str], ...]
    left: int
    width: int
    foot: int
    label: str

    @property
    def height(self) -> int:
        """Of the rows and the scale under them."""
        return self.foot + _SCALE


def love_plot(balance: Mapping[str, tuple[float, float | None]], said: Callable[[float], str], *, label: str) -> LovePlot | None:  # fmt: skip
    """The covariates under one another, 0.10 and 0.25 standard deviations marked. None of none."""
    if not balance:
        return None
    most = max(0.3, *(max(abs(before), abs(after or 0.0)) for before, after in balance.values()))

    def x(value: float) -> float:
        return round(_NAMES + abs(value) / most * (_WIDTH - _NAMES - _RIGHT), 1)

    rows = tuple(
        Balance(name, 20 + nth * _ROW, x(before), None if after is None else x(after), said(before), "–" if after is None else said(after))
        for nth, (name, (before, after)) in enumerate(balance.items())
    )  # fmt: skip
    marks = tuple((x(value), grouped(value, 2) if value else "0") for value in (0.0, _WARN, _STOP))
    return LovePlot(rows, x(_WARN), x(_STOP), marks, _NAMES, _WIDTH, 12 + len(rows) * _ROW, label)


_ACROSS, _EDGE = 400, 12


@dataclass(frozen=True, slots=True)
class Tree:
    """One group: its own answer, and the shrunk one with its interval."""

    name: str
    own: float
    shrunk: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forest:
    """Groups under one another over the same scale; a line at nothing and one at what they have in common."""

    rows: tuple[Tree, ...]
    zero: float
    common: float
    marks: tuple[tuple[float, str], ...]
    label: str
    unit: str
    width: int = _ACROSS

    @property
    def height(self) -> int:
        """Of the rows and the scale under them, where they are one drawing."""
        return 24 * (len(self.rows) + 1)


def forest(rows: Sequence[tuple[str, Point, Point]], common: float, said: Callable[[float], str], *, label: str, unit: str) -> Forest | None:  # fmt: skip
    """(name, own, shrunk) in the order given. None of none."""
    if not rows:
        return None
    values = [value for _, own, shrunk in rows for value in (own.estimate, shrunk.low, shrunk.high)]
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0

    def x(value: float) -> float:
        return round(_EDGE + (value - low) / span * (_ACROSS - 2 * _EDGE), 1)

    trees = tuple(Tree(name, x(own.estimate), x(shrunk.estimate), x(shrunk.low), x(shrunk.high)) for name, own, shrunk in rows)  # fmt: skip
    return Forest(trees, x(0.0), x(common), tuple((x(mark), said(mark)) for mark in _steps(low, high)), label, unit)
