"""Taking in everything that a country needs first, its schemes of indicators and labels among it (idempotent)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction

from klyngeforum.ground.programme.actions import Taken
from klyngeforum.registers import take_in as registers

from .indicators import actions as indicators


@transaction.atomic
def take_in(*, folder: Path, at: datetime) -> Taken:
    """All of the folder or nothing."""
    below = registers.take_in(folder=folder, at=at)
    schemes = indicators.take_in(folder=folder, at=at)
    return Taken(below.new + schemes.new, below.changed + schemes.changed, below.unchanged + schemes.unchanged)
