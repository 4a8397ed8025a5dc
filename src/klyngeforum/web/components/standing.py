"""How an organisation stands as charts and equal tables: a spider over the groups, boxes of the others, the answer as a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin
from textwrap import wrap

from django.utils.translation import gettext

from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Explained

from .explained import SIGNS

_CENTRE, _RADIUS, _LABEL = 210.0, 130.0, 152.0
_LEFT, _RIGHT, _ROW = 210.0, 620.0, 46.0


@dataclass(frozen=True, slots=True)
class Node:
    """One condition of a label as the screen shows it, with the conditions that it follows from."""

    sign: str
    truth: str
    truth_said: str
    words: str
    placeholder: bool
    indicator: str
    parts: tuple[Node, ...]


def tree(one: Explained, language: str) -> Node:
    parts = tuple(tree(part, language) for part in one.parts)
    said = line(one, gettext, language)
    return Node(
        SIGNS[one.truth], one.truth.value, gettext(one.truth.label), said, one.placeholder, one.indicator, parts
    )


@dataclass(frozen=True, slots=True)
class Axis:
    """One group on the spider: its end, where its name stands, and the name in short lines."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spider:
    axes: tuple[Axis, ...]
    rings: tuple[str, ...]
    own: str
    before: str
    others: str


def _at(nth: int, of: int, radius: float) -> tuple[float, float]:
    angle = 2 * pi * nth / of - pi / 2
    return round(_CENTRE + radius * cos(angle), 1), round(_CENTRE + radius * sin(angle), 1)


def _polygon(shares: Sequence[Decimal | None]) -> str:
    """Corners of the area; empty when any share is unknown, for half an area would mislead."""
    if not shares or any(one is None for one in shares):
        return ""
    ends = [_at(nth, len(shares), _RADIUS * float(one or 0)) for nth, one in enumerate(shares)]
    return " ".join(f"{x},{y}" for x, y in ends)


def spider(
    names: Sequence[str],
    own: Sequence[Decimal | None],
    before: Sequence[Decimal | None],
    others: Sequence[Decimal | None],
) -> Spider:
    axes = []
    for nth, name in enumerate(names):
        x, y = _at(nth, len(names), _RADIUS)
        label_x, label_y = _at(nth, len(names), _LABEL)
        side = label_x - _CENTRE
        anchor = "middle" if abs(side) < 20 else "start" if side > 0 else "end"
        axes.append(Axis(x, y, label_x, label_y, anchor, tuple(wrap(name, 15, break_long_words=False)[:3])))
    rings = tuple(
        _polygon([part] * len(names)) for part in (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"), Decimal(1))
    )
    return Spider(tuple(axes), rings, _polygon(own), _polygon(before), _polygon(others))


@dataclass(frozen=True, slots=True)
class Box:
    """One group of the others: quartiles and the own value on a track from nothing to the maximum."""

    lines: tuple[str, ...]
    y: float
    low: float
    width: float
    median: float
    own: float | None


def boxes(rows: Sequence[tuple[str, Decimal | None, tuple[Decimal, Decimal, Decimal] | None]]) -> list[Box]:
    def x(value: Decimal) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * float(value), 1)

    found: list[Box] = []
    for name, own, quartiles in rows:
        if quartiles is None:
            continue
        low, median, high = (x(value) for value in quartiles)
        y = 24 + len(found) * _ROW
        found.append(
            Box(
                tuple(wrap(name, 20, break_long_words=False)[:2]),
                y,
                low,
                max(round(high - low, 1), 2),
                median,
                x(own) if own is not None else None,
            )
        )
    return found


def filled(found: Mapping[str, Decimal | None], codes: Sequence[str]) -> list[Decimal | None]:
    return [found.get(code) for code in codes]
