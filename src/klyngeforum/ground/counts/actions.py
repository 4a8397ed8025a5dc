"""Counting anew what readers wait for. Derived, so it leaves no trail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from klyngeforum.ground.access.queries import Actor

from .models import Count
from .queries import counted_anew, of_another_day, waiting, whole
from .terms import LEASE, Heavy


def count_next(*, by: Actor, at: datetime, counts: Sequence[Heavy[Any]]) -> str:
    """The count that somebody waits for longest, and that no other worker has taken; what it was, empty where nobody waits."""
    known = {one.name: one for one in counts}
    for row in waiting(frozenset(known)):
        free = Count.objects.filter(pk=row.pk, taken_at=row.taken_at)
        if (row.taken_at is None or row.taken_at < at - LEASE) and free.update(taken_at=at):
            counted_anew(known[row.name], row.day)
            Count.objects.filter(pk=row.pk).update(wanted_at=None, taken_at=None)
            return str(row)
    return ""


def count_ahead(*, by: Actor, at: datetime, counts: Sequence[Heavy[Any]], day: date) -> str:
    """What takes long and was not yet counted for the day: so that nobody waits for it in the morning, or after the program was renewed."""
    for what in counts:
        if of_another_day(what, day):
            whole(what, day)
            return f"{what.name} {day}"
    return ""
