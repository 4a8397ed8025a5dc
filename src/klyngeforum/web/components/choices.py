"""Naming an organisation in a form: by number, by name, with the candidates when several fit."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from klyngeforum.ground.bodies.queries import find

_CERTAIN = 95


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
