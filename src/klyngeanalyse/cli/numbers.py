"""Numbers that can be typed: an option says how far they go, so that nonsense is refused before a row is read."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from collections.abc import Callable


def whole(least: int) -> Callable[[str], int]:
    """A whole number of at least `least`.

    >>> whole(0)("12")
    12
    """

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise ArgumentTypeError(f"{text!r} is no whole number from {least}")
        return value

    return read


def number(least: float = 0.0, most: float = math.inf, *, above: bool = False) -> Callable[[str], float]:
    """A number from `least` (or above it) to `most`; neither infinity nor NaN.

    >>> number(0, 1)("0.1")
    0.1
    """

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (least <= value <= most and math.isfinite(value)) or (above and value == least):
            limit = "" if math.isinf(most) else f" to {most:g}"
            raise ArgumentTypeError(f"{text!r} is no number {'above' if above else 'from'} {least:g}{limit}")
        return value

    return read
