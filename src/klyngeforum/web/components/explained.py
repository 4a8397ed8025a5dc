"""An explanation as the screen shows it: one line a condition, with its depth, its truth and whether it rests on a placeholder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from klyngeforum.quality.indicators.terms import Truth
from klyngeforum.steering.leagues.terms import Shown


@dataclass(frozen=True, slots=True)
class Told:
    """One condition in the reader's language."""

    text: str
    depth: int
    truth: str
    truth_said: str
    placeholder: bool


def told(lines: Iterable[Shown]) -> list[Told]:
    danish = (get_language() or "da").startswith("da")
    return [
        Told(
            one.said_da if danish else one.said_en,
            one.depth,
            one.truth,
            gettext(Truth(one.truth).label),
            one.placeholder,
        )
        for one in lines
    ]
