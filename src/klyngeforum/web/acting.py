"""From a form to one action and back: what an action refuses is said beside the field or above the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest

from klyngeforum.ground.verdict import Refused
from klyngeforum.web.templatetags.words import said

Done = TypeVar("Done")


def attempt(request: HttpRequest, act: Callable[[], Done], *, form: Form | None = None, done: str = "") -> Done | None:
    """Do the act; on success say ``done``, on refusal put each reason where it belongs and return None."""
    try:
        result = act()
    except Refused as refused:
        for verdict in refused.verdicts:
            if form is not None and verdict.field in form.fields:
                form.add_error(verdict.field, said(verdict))
            else:
                messages.error(request, said(verdict))
        return None
    if done:
        messages.success(request, done)
    return result
