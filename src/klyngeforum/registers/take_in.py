"""Taking in everything that a country needs first: places, industries, themes and the programme (idempotent)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from klyngeforum.ground.industries import actions as industries
from klyngeforum.ground.places import actions as places
from klyngeforum.ground.programme import actions as programme
from klyngeforum.ground.programme.actions import Taken
from klyngeforum.ground.trail.actions import record
from klyngeforum.registers.clusters import actions as clusters


@transaction.atomic
def take_in(*, folder: Path, at: datetime) -> Taken:
    """All of the folder or nothing."""
    places.take_in(folder=folder)
    industries.take_in(folder=folder)
    clusters.take_in_themes()
    taken = programme.take_in(folder=folder, at=at)
    if taken.new or taken.changed:
        after = {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged}
        record(by=None, at=at, verb="programme.take_in", thing="programme", after=after)
    return taken
