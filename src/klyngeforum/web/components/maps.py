"""The map of the country: approximate municipality cells and dots, as one SVG that needs no script."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import cos, pi, sin, sqrt
from pathlib import Path

_FILE = Path(__file__).with_name("denmark.json")
_KM_OF_A_DEGREE = 111.195  # of latitude
_APART = 11.5  # how far dots of one place are spread
_GOLDEN_TURN = pi * (3 - sqrt(5))


@dataclass(frozen=True, slots=True)
class BaseMap:
    """Cells by municipality code, the coast around, and how longitude and latitude become x and y."""

    width: float
    height: float
    around: str
    cells: dict[str, str]
    west: float
    north: float
    stretch: float
    scale: float

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.stretch * self.scale, (self.north - latitude) * self.scale


@dataclass(frozen=True, slots=True)
class Dot:
    """One cluster organisation on the map; ``colour`` is a class of the style sheet (league)."""

    longitude: float
    latitude: float
    size: int
    colour: str
    label: str
    href: str
    x: float = 0
    y: float = 0
    r: float = 0


@dataclass(frozen=True, slots=True)
class Cell:
    path: str
    on: bool
    shade: str = ""  # a class of the style sheet
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ring:
    """A reach around a dot."""

    x: float
    y: float
    r: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Two dots that have something in common; the width follows how much."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    kind: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class MapShown:
    """What the map component draws; an equal table stands beside it."""

    base: BaseMap
    cells: list[Cell]
    dots: list[Dot]
    legend: list[tuple[str, str]]
    label: str
    note: str
    rings: list[Ring] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    keys: list[tuple[str, str]] = field(default_factory=list)  # what lines and shades mean


def ring(dot: Dot, kilometres: float, *, strong: bool) -> Ring:
    """So many kilometres around a placed dot."""
    return Ring(dot.x, dot.y, round(kilometres * base_map().scale / _KM_OF_A_DEGREE, 1), strong)


@lru_cache(maxsize=1)
def base_map() -> BaseMap:
    document = json.loads(_FILE.read_text(encoding="utf-8"))
    return BaseMap(
        document["width"], document["height"], document["around"], document["cells"], **document["projection"]
    )


def cells(chosen: frozenset[str] = frozenset()) -> list[Cell]:
    """Every municipality, the chosen ones (codes) lit."""
    return [Cell(path, code in chosen) for code, path in base_map().cells.items()]


def placed(dots: Iterable[Dot], apart: float = _APART) -> list[Dot]:
    """Dots with their place on the sheet: area follows size, those of one place spread in a spiral, largest first and drawn first."""
    at: dict[tuple[float, float], int] = {}
    result = []
    for dot in sorted(dots, key=lambda one: (-one.size, one.label)):
        spot = (dot.longitude, dot.latitude)
        nth = at.get(spot, 0)
        at[spot] = nth + 1
        x, y = base_map().point(*spot)
        away, turn = apart * sqrt(nth), nth * _GOLDEN_TURN
        radius = min(4.5 + sqrt(dot.size) * 0.42, 16)
        result.append(
            replace(dot, x=round(x + away * cos(turn), 1), y=round(y + away * sin(turn), 1), r=round(radius, 1))
        )
    return result
