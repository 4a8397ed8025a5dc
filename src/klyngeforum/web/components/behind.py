"""A measured value opened down to the records behind it, as every desk shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.programme.funding import Payer
from klyngeforum.quality.assessments.measured import definitions, measured, since_of
from klyngeforum.quality.assessments.terms import Origin
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.activities.terms import ActivityKind

from .answers import measured_tile
from .numbers import day, kroner

_WORDS = {one.value: one.label for one in (*BodyKind, *ActivityKind, *Payer)}


def _row(one: Origin, opens: Mapping[str, str]) -> dict[str, object]:
    href = reverse(opens[one.thing], args=[one.thing_id]) if one.thing in opens else ""
    detail = gettext(_WORDS[one.detail]) if one.detail in _WORDS else one.detail
    name = one.name or gettext("Founded")
    return {
        "name": name,
        "detail": detail,
        "on": day(one.on) if one.on else "",
        "counts": one.counts,
        "href": href,
        "amount": "" if one.amount is None else kroner(one.amount),
    }


def behind(cluster_id: int, which: MeasuredKey, on: date, opens: Mapping[str, str]) -> dict[str, object]:
    """Context of ``components/behind.html``; ``opens``: thing -> name of the address where the desk opens it."""
    language = get_language() or "da"
    what, found = definitions()[which], measured(cluster_id, on)[which]
    return {
        "on": on, "since": since_of(which, on), "name": what.name.say(language), "counted": what.counted.say(language),
        "tile": measured_tile(found, what.name.say(language)), "rows": [_row(origin, opens) for origin in found.origins],
        "counts": sum(origin.counts for origin in found.origins), "all_count": all(origin.counts for origin in found.origins),
    }  # fmt: skip
