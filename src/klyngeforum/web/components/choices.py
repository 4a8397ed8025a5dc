"""Naming an organisation or a place in a form, and reading numbers that a form carries unseen."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from klyngeforum.ground.bodies.queries import find
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.tables.rules import EARLIEST, LATEST

_CERTAIN = 95
_DIGITS = re.compile(r"[0-9]{1,18}")  # what a database can hold as a row's number


def whole_number(text: str, otherwise: int = 0) -> int:
    """The number that a form or an address carries unseen; anything else is ``otherwise``."""
    return int(text) if _DIGITS.fullmatch(text) else otherwise


def posted_number(request: HttpRequest, name: str, otherwise: int = 0) -> int:
    return whole_number(request.POST.get(name, ""), otherwise)


def day_asked(request: HttpRequest, name: str = "dag") -> date | None:
    """The day that an address names, within what a register can mean; anything else is none."""
    return day_named(request.GET.get(name, ""))


def day_named(text: str) -> date | None:
    """The day of a text, within what a register can mean."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if EARLIEST <= found < LATEST else None


class BodyField(forms.CharField):
    """Becomes the id of the one organisation that the text names; otherwise says which ones fit."""

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        hits = find(text, limit=6)
        exact = [hit for hit in hits if hit.body.name.casefold() == text.strip().casefold()]
        sure = exact or [hit for hit in hits if hit.score >= _CERTAIN]
        if len(hits) == 1 or len(sure) == 1:
            return (sure or hits)[0].body.pk
        if not hits:
            raise ValidationError(gettext("No organisation is called so. Check the spelling or write the CVR number."))
        names = "; ".join(f"{hit.body.name} ({hit.body.number or '–'})" for hit in hits)
        raise ValidationError(
            gettext("Several fit. Write the CVR number of the right one: %(names)s") % {"names": names}
        )


class PlaceField(forms.CharField):
    """Becomes the id of the municipality that the text names today."""

    def clean(self, value: object) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        area = named(text, on=timezone.localdate())
        if area is None:
            raise ValidationError(gettext("No municipality is called so."))
        return area.pk


class DayField(forms.DateField):
    """A day chosen in the browser's own calendar, within what a register can mean."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)

    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found is not None and not EARLIEST <= found < LATEST:
            raise ValidationError(gettext("The day lies outside 1900–2100. Check the year."))
        return found
