"""The targets before a meeting: where each stood, what it asks for, and where the series led, with what was provisional."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import Actor
from klyngeforum.results.accounts.queries import year_shown
from klyngeforum.results.targets.queries import outlooks
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.public.targets import Foretold, foretold

from .shown import Asked, Shown, Tables, sentences, with_head


def shown(_keys: Mapping[str, str], asked: Asked, _by: Actor, _on: date) -> Shown | None:
    """Nothing before the first published year."""
    year = year_shown(asked.get("aar", ""))
    if not year:
        return None
    return Shown(
        Kind.TARGETS, f"{reverse('targets')}?aar={year}", date(year, 12, 31),
        lambda: gettext("The targets, %(year)s") % {"year": year}, lambda: _tables(year),
    )  # fmt: skip


def _state(one: Foretold) -> str:
    standing = one.outlook.standing
    words = [gettext("Reached")] if standing.reached else []
    return ", ".join([*words, *([gettext("Provisional")] if standing.provisional else [])])


def _tables(year: int) -> Tables:
    language = get_language() or "da"
    rows = [foretold(one, language) for one in outlooks(year)]
    reached = sum(bool(one.outlook.standing.reached) for one in rows)
    lead = gettext("In %(year)s, %(n)s of %(all)s targets were reached.") % {"year": year, "n": grouped(reached), "all": grouped(len(rows))}  # fmt: skip
    head = [gettext("Target"), gettext("Stands at"), gettext("Asks for"), gettext("By the end of"), gettext("State"), gettext("If it goes on as it has")]  # fmt: skip
    listed = (
        [
            f"{one.name} ({one.unit}, {one.scope})",
            gettext("not told") if one.outlook.standing.held_back else grouped(one.outlook.standing.value),
            grouped(one.outlook.standing.target.goal), str(one.outlook.standing.target.by), _state(one), " ".join(part for part in (one.said, one.likely) if part),
        ]
        for one in rows
    )  # fmt: skip
    return {
        Part.SAID: sentences(lead),
        Part.STATE: with_head(head, listed),
        Part.RESTS: with_head([gettext("Target"), gettext("Source")], ([one.name, one.source] for one in rows)),
    }
