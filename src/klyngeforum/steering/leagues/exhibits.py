"""What the forum has before it, in both languages: the explanation of every league as lines that can be frozen."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext

from klyngeforum.ground.words import Term
from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Explained

from .terms import Judged, Shown


class _Words:
    """An explanation as it is said in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def named(self, one: Explained) -> Explained:
        shown = {key: gettext(value.label) if isinstance(value, Term) else value for key, value in one.values.items()}
        return Explained(one.truth, one.kind, one.key, one.reason, shown, (), one.placeholder, one.indicator)

    def say(self, one: Explained) -> str:
        with translation.override(self.language):
            return line(self.named(one), gettext, self.language)


def _walk(one: Explained, depth: int) -> Iterator[tuple[int, Explained]]:
    yield depth, one
    for part in one.parts:
        yield from _walk(part, depth + 1)


def shown(judged: Judged) -> tuple[Shown, ...]:
    """Every line of every league's answer, highest league first."""
    danish, english = (_Words(language) for language in ("da", "en"))
    return tuple(
        Shown(league, depth, one.truth.value, one.placeholder, danish.say(one), english.say(one))
        for league, answer in judged.answers
        for depth, one in _walk(answer, 0)
    )
