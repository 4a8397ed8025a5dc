"""From a form to one action and back: what an action refuses is said beside the field or above the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import OperationalError, transaction
from django.forms import Form
from django.http import HttpRequest

from klyngeforum.ground.verdict import Refused
from klyngeforum.results.landscape.actions import follow
from klyngeforum.web.templatetags.words import spoken

Done = TypeVar("Done")


_DEADLOCK = "40P01"  # PostgreSQL's number for two that wait for each other


def _whole(act: Callable[[], Done]) -> Done:
    with transaction.atomic():
        result = act()
        follow()
        return result


def _done(act: Callable[[], Done]) -> Done:
    """Of two acts that wait for each other the database stops one, with nothing of it done: it is done once more, on what the other left."""
    try:
        return _whole(act)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _DEADLOCK:
            raise
        return _whole(act)


def attempt(request: HttpRequest, act: Callable[[], Done], *, form: Form | None = None, done: str = "") -> Done | None:
    """Do the act; on success say ``done``, on refusal put each reason where it belongs and return None. What it does is done whole or not
    at all, and the finder knows of it from the same moment."""
    try:
        result = _done(act)
    except Refused as refused:
        for verdict in refused.verdicts:
            if form is not None and verdict.field in form.fields:
                form.add_error(verdict.field, spoken(verdict))
            else:
                messages.error(request, spoken(verdict))
        return None
    if done:
        messages.success(request, done)
    return result
