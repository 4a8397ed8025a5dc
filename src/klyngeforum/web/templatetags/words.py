"""Words in templates: marked terms and verdicts said in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import measure
from klyngeforum.ground.verdict import Verdict
from klyngeforum.ground.words import Term
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.results.effects.refusals import CARRYING
from klyngeforum.web.components.editions import edition_said
from klyngeforum.web.components.numbers import day, kroner
from klyngeforum.web.components.refusals import refusal_line, refusal_said

register = template.Library()


def _shown(value: object) -> object:
    """A day, an amount or a word of the field that a verdict carries, as the reader's language writes it."""
    if isinstance(value, Term):
        return gettext(value.label)
    return day(value) if isinstance(value, date) else kroner(value) if isinstance(value, Decimal) else value


def _sentence(value: Verdict, why: str | None) -> str:
    """A verdict's reason with its values; ``why`` instead of the one that it carries."""
    values = {key: _shown(one) for key, one in value.values.items()} | ({} if why is None else {"why": why})
    return gettext(value.reason) % values if values else gettext(value.reason)


@register.filter
def said(value: Term | Verdict | str) -> str:
    """A term's label or a verdict's reason in the reader's language."""
    if isinstance(value, Verdict):
        return _sentence(value, refusal_line(str(value.values.get("why", "")), {}, get_language() or "da") if value.reason in CARRYING else None)  # fmt: skip
    return gettext(value.label if isinstance(value, Term) else str(value)) if value else ""


@register.filter
def spoken(value: Verdict) -> str:
    """A verdict on a page: what of it only the analysis library has words for is marked as English."""
    if value.reason not in CARRYING:
        return said(value)
    before, _, after = _sentence(value, "\0").partition("\0")
    why = refusal_said(str(value.values.get("why", "")), {}, get_language() or "da")
    words = format_html_join("", "{}", ((format_html('<span lang="en">{}</span>', one.text) if one.foreign else one.text,) for one in why))  # fmt: skip
    return format_html("{}{}{}", before, words, after)


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
