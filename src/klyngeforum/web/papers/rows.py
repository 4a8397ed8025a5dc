"""What several papers tell in the same way: columns by year with their words, and what the companies say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.accounts.surveyed import Surveyed
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.surveyed import beside_said

from .charts import years


def told(value: Decimal | int | None, decimals: int | None = None) -> str:
    """A number as everybody reads it."""
    return gettext("not told") if value is None else grouped(value, decimals)


def not_told() -> str:
    """What it means that a number is not told, and where the limit itself is a placeholder."""
    rule = small_cells()
    said = gettext("“Not told”: the number is below %(least)s, or a smaller one could be worked out from it.") % {"least": grouped(rule.least)}  # fmt: skip
    return f"{said} ({gettext('placeholder')})" if rule.placeholder else said


def by_year(title: str, found: Mapping[int, int], *, chosen: int, language: str, goal: int | None = None) -> dict[str, str]:  # fmt: skip
    """A drawing with its title, and its numbers in words for who cannot see it."""
    words = "; ".join(f"{year}: {grouped(value)}" for year, value in sorted(found.items()))
    return {
        "title": title, "svg": years(found, goal=goal, chosen=chosen, language=language),
        "alt": gettext("Columns by year. %(told)s.") % {"told": words},
    }  # fmt: skip


def said_rows(found: Iterable[Surveyed], language: str) -> list[list[str]]:
    """What the companies say: weighted mean, unit, and what it is never told without."""
    return [
        [
            one.figure.name.say(language), told(one.scale.weighted if one.scale.weighted is None else Decimal(str(one.scale.weighted)), 2),
            one.figure.unit.say(language), beside_said(one), gettext("placeholder") if one.figure.placeholder else "",
        ]
        for one in found
    ]  # fmt: skip
