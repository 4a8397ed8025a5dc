"""A heavy count as it stands, and as it was counted last.

What decides, is handed out as a file or answers a program counts whole. A page may say what was counted last, and when; nobody waits for it
then, and a worker counts anew (``actions.count_next``). What took less than ``KLYNGEFORUM_COUNTED_LATER`` seconds is always counted at once.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from time import perf_counter
from typing import Any

from django.conf import settings
from django.utils import timezone

from klyngeforum.ground.keeping import at_hand, kept, unnoticed, using
from klyngeforum.ground.trail.queries import newest_since

from .models import Count
from .stored import NEVER, code, newest, stands, store, value_of
from .terms import FAR, PATIENCE, SURELY, Heavy, Told, Value


class _Last:
    """What a count that can be amended came to last in this process, and the act up to which it knows."""

    act = 0
    value: Any = None


def _counted(what: Heavy[Value], day: date) -> Value:
    acts = newest_since(0)  # read first: what is done meanwhile is counted next time
    act, hash_ = (acts[0][0], acts[0][1]) if acts else (0, "")
    row = newest(what, day)
    if row is not None and stands(row, what) and (found := value_of(row, what)) is not None:
        return found
    if what.needs:
        import_module(what.needs)  # loading is no counting
    last, amend = _last(what, day, row) if what.amend else _Last(), what.amend
    took = row.took if row is not None else 0.0
    again = 0 < took < SURELY * settings.COUNTED_LATER  # perhaps it only took long because the machine was busy
    value = amend(day, last.value, last.act) if amend and last.act and not again else None
    amended = value is not None
    if value is None:
        began = perf_counter()
        value = what.make(day)
        took = perf_counter() - began
    last.act, last.value = act, value
    if act and (_worth(row, act) if amended else row is not None or took >= settings.COUNTED_LATER):
        store(what, day, value, act=act, hash_=hash_, took=took, at=timezone.now())
    return value


def _worth(row: Count | None, act: int) -> bool:
    """Whether what cost little to amend is stored all the same: somebody waits for it, or the next start would have much to make up for."""
    return row is not None and (row.wanted_at is not None or act - row.act > FAR)


def _last(what: Heavy[Value], day: date, row: Count | None) -> _Last:
    """What is known of the count: this process's own, or what is stored where that is newer."""
    last = kept((what.name, "last", day), _Last, of=NEVER, weigh=lambda _: 1_000_000)
    if row is not None and row.act > last.act and (value := value_of(row, what)) is not None:
        last.act, last.value = row.act, value
    return last


def whole(what: Heavy[Value], day: date) -> Value:
    """The count with everything that was done."""
    return kept((what.name, day), lambda: _counted(what, day), of=what.of, same=what.same, weigh=what.weigh)


def _told(what: Heavy[Value], day: date) -> Told[Value]:
    if not at_hand((what.name, day)):
        row, now = newest(what, day), timezone.now()
        if row is not None and row.took >= settings.COUNTED_LATER and not stands(row, what):
            waited = row.wanted_at is not None and row.wanted_at < now - PATIENCE
            if not waited and (value := value_of(row, what)) is not None:
                if row.wanted_at is None:
                    Count.objects.filter(pk=row.pk, wanted_at__isnull=True).update(wanted_at=now)
                return Told(row.counted_at, value)
    return Told(None, whole(what, day))


def latest(what: Heavy[Value], day: date) -> Told[Value]:
    """For a page: the count as it stands where that takes no time, else as it was last; then a worker counts anew."""
    with unnoticed():
        told = _told(what, day)
    using(lambda: _told(what, day), told, passing=told.counted_at is not None)
    return told


def counted_anew(what: Heavy[Value], day: date) -> Value:
    """The whole count, and stored so that all processes find it."""
    acts = newest_since(0)
    value, row = whole(what, day), newest(what, day)
    if row is not None and not stands(row, what):
        store(what, day, value, act=acts[0][0], hash_=acts[0][1], took=row.took, at=timezone.now())
    return value


def waiting(names: frozenset[str]) -> list[Count]:
    """What somebody waits for, the longest first, without the results."""
    rows = Count.objects.defer("told").filter(wanted_at__isnull=False, name__in=names)
    return list(rows.order_by("wanted_at"))


def of_another_day(what: Heavy[Any], day: date) -> bool:
    """Whether the count is one that takes long, and has not been made for the day by the program that runs now (another one has just been
    installed: what its predecessor stored is not read)."""
    rows = Count.objects.filter(name=what.name)
    return rows.filter(took__gte=settings.COUNTED_LATER).exists() and not rows.filter(day=day, code=code()).exists()
