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
    known_y: int | None = None  # where the same stands by today's records
    known_shown: str = ""
    broken: int | None = None  # where a line says that the year cannot simply be compared with the one before


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
    known: Mapping[int, Decimal] | None = None,
    broken: Collection[int] = (),
) -> Columns:
    """The years in order; the chosen one is drawn strong, one with accounts missing only in outline; ``known`` is another reading of the same years."""
    other = known or {}
    most = max([*(Decimal(value) for value in series.values()), *other.values(), goal or Decimal(0), Decimal(1)])
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
                _HEIGHT - _FOOT - int(other[year] / most * room) if year in other else None,
                grouped(other[year]) if year in other else "",
                nth * step if year in broken and nth else None,
            )
        )
    goal_y = _HEIGHT - _FOOT - int(goal / most * room) if goal else None
    return Columns(drawn, goal_y, grouped(goal) if goal else "", label)
