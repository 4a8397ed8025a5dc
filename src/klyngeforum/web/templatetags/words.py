"""Words in templates: marked terms and verdicts said in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import measure
from klyngeforum.ground.verdict import Verdict
from klyngeforum.ground.words import Term
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.web.components.editions import edition_said
from klyngeforum.web.components.numbers import day, kroner

register = template.Library()


def _shown(value: object) -> object:
    """A day, an amount or a word of the field that a verdict carries, as the reader's language writes it."""
    if isinstance(value, Term):
        return gettext(value.label)
    return day(value) if isinstance(value, date) else kroner(value) if isinstance(value, Decimal) else value


@register.filter
def said(value: Term | Verdict | str) -> str:
    """A term's label or a verdict's reason in the reader's language."""
    if isinstance(value, Verdict):
        return gettext(value.reason) % {key: _shown(one) for key, one in value.values.items()} if value.values else gettext(value.reason)  # fmt: skip
    return gettext(value.label if isinstance(value, Term) else str(value)) if value else ""


@register.filter
def account_state(value: str) -> str:
    """The word of an account's state from its code."""
    return gettext(AccountState(value).label)


@register.filter
def edition(year: int, number: int = 1) -> str:
    """edition 2013 (data year 2012); from the second one on with its number."""
    return edition_said(year, number)


@register.filter
def measure_name(code: str) -> str:
    """The name of a figure in the reader's language; empty for the whole account."""
    found = measure(code)
    return found.name.say(get_language() or "da") if found else ""
