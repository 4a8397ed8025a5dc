"""Places as the reader calls them: København, Copenhagen."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import get_language, gettext_lazy

from klyngeforum.ground.places.queries import Area


def place_said(place: Area | None) -> str:
    """The name of a place in the reader's language; nothing where none is known."""
    return place.say(get_language() or "da") if place else ""


class PlaceColumn(tables.Column):  # type: ignore[misc]
    """A column of places, in the order of the Danish names: the database puts it in order."""

    def __init__(self, accessor: str) -> None:
        super().__init__(
            accessor=accessor, order_by=f"{accessor}__sorted_as", verbose_name=gettext_lazy("Place"), default="–"
        )

    def render(self, value: Area) -> str:
        return place_said(value)

    def value(self, value: Any) -> str:
        return place_said(value) if isinstance(value, Area) else str(value)
