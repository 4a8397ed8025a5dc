"""What takes long to count, counted anew beside the long work: readers are told the last result meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import Event, Thread

from django.db import close_old_connections, connection
from django.utils import timezone

from klyngeforum.ground.counts.actions import count_ahead, count_next
from klyngeforum.ground.counts.fixed import takes_long
from klyngeforum.results.accounts.queries import published_years
from klyngeforum.results.accounts.telling import HELD, held_cells
from klyngeforum.results.landscape.between import PAIRS
from klyngeforum.results.landscape.covered import FIELDS
from klyngeforum.results.landscape.standing import STANDINGS, day_shown

COUNTS = (STANDINGS, PAIRS, FIELDS)
PAUSE = 1.0  # seconds between two looks; after a count at least as long as it took, so that readers have the machine half of the time


def count() -> bool:
    """Count anew what readers wait for longest; False where nobody waits."""
    said = count_next(by=None, at=timezone.now(), counts=COUNTS)
    if said:
        print(f"  {said}: counted anew", flush=True)
    return bool(said)


def ahead(today: date) -> None:
    """What takes long, for the day that begins."""
    while said := count_ahead(by=None, at=timezone.now(), counts=COUNTS, day=day_shown(today)):
        print(f"  {said}: counted", flush=True)
    for year in published_years() if takes_long(HELD) else ():
        held_cells(year)


def _counting(ended: Event) -> None:
    looked: date | None = None
    took = 0.0
    while not ended.wait(max(PAUSE, took)):
        began = time.monotonic()
        try:
            close_old_connections()
            if looked != timezone.localdate():
                looked = timezone.localdate()
                ahead(looked)
            count()
        except Exception as error:
            print(f"  a count failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            connection.close()
        took = time.monotonic() - began
    connection.close()


@contextmanager
def counted_beside() -> Iterator[None]:
    """Counting in a thread of its own: a study that takes an hour keeps nobody's page waiting."""
    ended = Event()
    thread = Thread(target=_counting, args=(ended,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
