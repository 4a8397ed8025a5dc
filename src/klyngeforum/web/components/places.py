"""Places as the reader calls them: København, Copenhagen."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.translation import get_language, gettext_lazy

from klyngeforum.ground.fields import danish_order
from klyngeforum.ground.places.queries import Area


def place_said(place: Area | None) -> str:
    """The name of a place in the reader's language; nothing where none is known."""
    return place.say(get_language() or "da") if place else ""


class PlaceColumn(tables.Column):  # type: ignore[misc]
    """A column of places, in the order of the names that the reader sees: the database puts it in order."""

    def __init__(self, accessor: str) -> None:
        super().__init__(
            accessor=accessor, order_by=f"{accessor}__sorted_as", verbose_name=gettext_lazy("Place"), default="–"
        )
        self.way = accessor

    def order(self, rows: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        english = (get_language() or "da").startswith("en")
        key: Any = danish_order(f"{self.way}__name_en") if english else F(f"{self.way}__sorted_as")
        return rows.order_by(key.desc() if is_descending else key.asc(), "pk"), True

    def render(self, value: Area) -> str:
        return place_said(value)

    def value(self, value: Any) -> str:
        return place_said(value) if isinstance(value, Area) else str(value)
