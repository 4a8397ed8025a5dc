"""Economy in words: schemes, rates and figures by name, and how the worth of hours comes out."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.funding import MoneyFigure
from klyngeforum.ground.programme.queries import funding_schemes, money_figures, rates

from .numbers import grouped, kroner


def scheme_words() -> dict[str, str]:
    """Funding scheme -> its name in the reader's language."""
    language = get_language() or "da"
    return {one.code: one.name.say(language) for one in funding_schemes()}


def funder_words() -> dict[str, str]:
    language = get_language() or "da"
    return {one.code: one.funder.say(language) for one in funding_schemes()}


def worked(hours: Decimal, per_hour: Decimal, worth: Decimal) -> str:
    """12 t × 600 kr. = 7.200 kr."""
    return gettext("%(hours)s h × DKK %(each)s = DKK %(worth)s") % {
        "hours": grouped(hours, 2 if hours % 1 else 0), "each": kroner(per_hour), "worth": kroner(worth),
    }  # fmt: skip


def figure(code: str) -> MoneyFigure | None:
    return next((one for one in money_figures() if one.code == code), None)


def rests_on_placeholder(scheme: str) -> bool:
    """Whether a rate of the scheme is a placeholder."""
    return any(one.placeholder for one in rates() if one.scheme == scheme)


def amount_said(value: Decimal | None, unit: str) -> str:
    """Money to the øre, everything else as a number."""
    return kroner(value) if unit in ("kr.", "DKK") else grouped(value)
