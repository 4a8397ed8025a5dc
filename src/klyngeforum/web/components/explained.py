"""An explanation as the screen shows it: one line a condition, with its depth, its truth and whether it rests on a placeholder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from klyngeforum.quality.indicators.terms import Truth
from klyngeforum.steering.leagues.terms import Shown

SIGNS = {Truth.YES: "✓", Truth.NO: "✗", Truth.UNDETERMINED: "?"}


@dataclass(frozen=True, slots=True)
class Told:
    """One condition in the reader's language."""

    text: str
    depth: int
    sign: str
    truth: str
    placeholder: bool


def told(lines: Iterable[Shown]) -> list[Told]:
    danish = (get_language() or "da").startswith("da")
    return [
        Told(
            one.said_da if danish else one.said_en,
            one.depth,
            SIGNS[Truth(one.truth)],
            one.truth,
            one.placeholder,
        )
        for one in lines
    ]
