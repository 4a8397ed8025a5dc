"""Figures that rest on the companies' own answers, as tiles: the weighted mean, the unweighted beside it, and the response rate in the same breath."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from klyngeforum.results.accounts.surveyed import Surveyed

from .figures import FigureTile
from .numbers import grouped


def rate_said(one: Surveyed) -> str:
    """42 of 120 companies answered (35 per cent)."""
    return gettext("%(answered)s of %(companies)s companies answered (%(rate)s per cent)") % {
        "answered": grouped(one.scale.answered), "companies": grouped(one.scale.companies), "rate": grouped(one.scale.rate, 0),
    }  # fmt: skip


def beside_said(one: Surveyed) -> str:
    """What the weighted number is never told without."""
    if one.scale.held_back:
        return gettext("Too few answers to tell")
    plain = gettext("unweighted %(value)s") % {"value": grouped(one.scale.plain, 2)}
    return f"{rate_said(one)}; {plain}"


def scope_said(name: str, year: int, version: str) -> str:
    """Who is counted, when, and by which version of the definition."""
    return gettext("%(name)s, %(year)s; definition %(version)s") % {"name": name, "year": year, "version": version}


def survey_tiles(found: Iterable[Surveyed], scope: str, language: str) -> list[FigureTile]:
    return [
        FigureTile(
            one.figure.name.say(language), gettext("not told") if one.scale.held_back else grouped(one.scale.weighted, 2),
            "" if one.scale.held_back else one.figure.unit.say(language), scope_said(scope, one.year, one.figure.version), beside_said(one),
            reverse("survey_result", args=[one.figure.survey, one.year, 0]), placeholder=one.figure.placeholder,
        )
        for one in found
    ]  # fmt: skip
