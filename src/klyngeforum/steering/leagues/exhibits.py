"""What the forum has before it, in both languages: the explanation of every league as lines that can be frozen."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation
from django.utils.translation import gettext

from klyngeforum.ground.words import Term
from klyngeforum.quality.indicators.rules import line
from klyngeforum.quality.indicators.terms import Explained, Fact, Version

from .terms import Judged, LeagueRules, Shown


class _Words:
    """Codes in an explanation said as the programme names them in one language."""

    def __init__(self, facts: tuple[Fact, ...], version: Version | None, language: str) -> None:
        self.language = language
        self.facts = {one.code: one.name.say(language) for one in facts}
        self.labels = {one.code: one.name.say(language) for one in version.labels} if version else {}

    def named(self, one: Explained) -> Explained:
        values = dict(one.values)
        if "fact" in values:
            values["fact"] = self.facts.get(str(values["fact"]), values["fact"])
        shown = {key: gettext(value.label) if isinstance(value, Term) else value for key, value in values.items()}
        return Explained(one.truth, one.kind, one.key, one.reason, shown, (), one.placeholder, one.indicator)

    def say(self, one: Explained) -> str:
        with translation.override(self.language):
            return line(self.named(one), gettext)


def _walk(one: Explained, depth: int) -> Iterator[tuple[int, Explained]]:
    yield depth, one
    for part in one.parts:
        yield from _walk(part, depth + 1)


def shown(judged: Judged, rules: LeagueRules, version: Version | None) -> tuple[Shown, ...]:
    """Every line of every league's answer, highest league first."""
    danish, english = (_Words(rules.facts, version, language) for language in ("da", "en"))
    return tuple(
        Shown(league, depth, one.truth.value, one.placeholder, danish.say(one), english.say(one))
        for league, answer in judged.answers
        for depth, one in _walk(answer, 0)
    )
