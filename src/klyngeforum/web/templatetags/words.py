"""Words in templates: marked terms and verdicts said in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from klyngeforum.ground.verdict import Verdict
from klyngeforum.ground.words import Term
from klyngeforum.results.accounts.terms import AccountState

register = template.Library()


@register.filter
def said(value: Term | Verdict | str) -> str:
    """A term's label or a verdict's reason in the reader's language."""
    if isinstance(value, Verdict):
        return gettext(value.reason) % value.values if value.values else gettext(value.reason)
    return gettext(value.label if isinstance(value, Term) else str(value)) if value else ""


@register.filter
def account_state(value: str) -> str:
    """The word of an account's state from its code."""
    return gettext(AccountState(value).label)
