"""What the figure and bullet components show: numbers already in the reader's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from .numbers import grouped

_WIDTH = 400


@dataclass(frozen=True, slots=True)
class FigureTile:
    """One number on a screen: value as shown, label, unit, year and scope, and where it opens to."""

    label: str
    shown: str
    unit: str = ""
    scope: str = ""
    note: str = ""
    href: str = ""
    trend: tuple[float, ...] = ()
    provisional: bool = False
    placeholder: bool = False
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullet:
    """A target against its figure; ``bar`` and ``mark`` are lengths on a 400-wide chart."""

    title: str
    value: Decimal | None
    goal: Decimal
    note: str
    href: str
    provisional: bool = False
    placeholder: bool = False
    held_back: bool = False

    @property
    def shown(self) -> str:
        if self.held_back:
            return gettext("not told")
        return "–" if self.value is None else grouped(self.value)

    @property
    def goal_shown(self) -> str:
        return grouped(self.goal)

    @property
    def reached(self) -> bool:
        return self.value is not None and self.value >= self.goal

    @property
    def _scale(self) -> Decimal:
        return max(self.goal * Decimal("1.15"), self.value or Decimal(0)) or Decimal(1)

    @property
    def bar(self) -> int:
        return int((self.value or 0) / self._scale * _WIDTH)

    @property
    def mark(self) -> int:
        return min(int(self.goal / self._scale * _WIDTH), _WIDTH - 3)


def spark_points(values: Sequence[float], width: int = 120, height: int = 28) -> str:
    """SVG points of a small trend line; an unchanging series is a level line."""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = width / max(len(values) - 1, 1)
    return " ".join(
        f"{round(index * step, 1)},{round(height - 3 - (value - low) / span * (height - 6), 1)}"
        for index, value in enumerate(values)
    )
