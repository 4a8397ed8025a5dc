"""A column chart over years, drawn on the server: direct labels, one colour, an equal table stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .numbers import grouped

_WIDTH, _HEIGHT, _TOP, _FOOT = 640, 240, 26, 26


@dataclass(frozen=True, slots=True)
class Column:
    """One year: where its bar and its words stand on the sheet."""

    year: int
    shown: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    chosen: bool
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole chart; ``goal_y`` is where the mark is drawn, if there is one."""

    columns: list[Column]
    goal_y: int | None
    goal_shown: str
    label: str
    width: int = _WIDTH
    height: int = _HEIGHT
    foot: int = _HEIGHT - 8


def columns_of(
    series: Mapping[int, Decimal | int],
    *,
    label: str,
    chosen: int,
    goal: Decimal | None = None,
    unfinished: Collection[int] = (),
) -> Columns:
    """The years in order; the chosen one is drawn strong, one with accounts missing only in outline."""
    most = max([*(Decimal(value) for value in series.values()), goal or Decimal(0), Decimal(1)])
    room = _HEIGHT - _TOP - _FOOT
    step = _WIDTH // max(len(series), 1)
    drawn = []
    for nth, year in enumerate(sorted(series)):
        height = int(Decimal(series[year]) / most * room)
        width = min(int(step * 0.68), 64)
        x = nth * step + (step - width) // 2
        drawn.append(
            Column(
                year,
                grouped(series[year]),
                x,
                _HEIGHT - _FOOT - height,
                width,
                height,
                x + width // 2,
                year == chosen,
                year in unfinished,
            )
        )
    goal_y = _HEIGHT - _FOOT - int(goal / most * room) if goal else None
    return Columns(drawn, goal_y, grouped(goal) if goal else "", label)
