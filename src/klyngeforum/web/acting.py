"""From a form to one action and back: what an action refuses is said beside the field or above the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest

from klyngeforum.ground.verdict import Refused
from klyngeforum.results.landscape.actions import follow
from klyngeforum.web.templatetags.words import said

Done = TypeVar("Done")


def attempt(request: HttpRequest, act: Callable[[], Done], *, form: Form | None = None, done: str = "") -> Done | None:
    """Do the act; on success say ``done``, on refusal put each reason where it belongs and return None. What it does is done whole or not
    at all, and the finder knows of it from the same moment."""
    try:
        with transaction.atomic():
            result = act()
            follow()
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
