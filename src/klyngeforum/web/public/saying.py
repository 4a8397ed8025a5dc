"""Answers of studies in the reader's words."""

from __future__ import annotations

from django.utils.translation import gettext

from klyngeforum.web.components.numbers import grouped


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign."""
    return ("+" if value > 0 else "−" if value < 0 else "") + grouped(abs(value), decimals)


def relative_said(value: float | None, form: str) -> str:
    """A relative effect in the reader's words: per cent or percentage points, one decimal, with its sign."""
    if value is None:
        return "–"
    shown = signed(value)
    if form == "percentage_points":
        return gettext("%(value)s percentage points") % {"value": shown}
    if form == "log_points":
        return gettext("%(value)s log points") % {"value": shown}
    return gettext("%(number)s per cent") % {"number": shown}


def unit_said(form: str) -> str:
    """What a relative effect is counted in."""
    return {"percentage_points": gettext("percentage points"), "log_points": gettext("log points")}.get(
        form, gettext("per cent")
    )


def number(value: float) -> str:
    """An estimate in the outcome's own unit, three decimals."""
    return f"{'−' if value < 0 else ''}{grouped(abs(value), 3)}"


def p_said(value: float) -> str:
    """Three decimals; what is smaller than they can tell says so."""
    return f"< {grouped(0.001, 3)}" if value < 0.001 else grouped(value, 3)
