"""How much of the register's companies the organisations reach, by industry and region, and which strong fields nobody covers."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from klyngeforum.ground.counts.queries import latest, whole
from klyngeforum.ground.counts.terms import Heavy, Told
from klyngeforum.registers.clusters.queries import counted

from .between import RESTS_ON
from .terms import Coverage

_COVERING = "klyngeforum.results.landscape.covering"  # loads the analysis library, so only where something is counted


def _all_fields(on: date) -> Coverage:
    running = frozenset(counted(on=on).order_by().values_list("id", flat=True))
    found: Coverage = import_module(_COVERING).measured(on, running)
    return found


def _weight(found: Coverage) -> int:
    return 300 * (len(found.fields) + len(found.few))


FIELDS = Heavy("landscape coverage", RESTS_ON, _all_fields, _weight, needs=_COVERING)


def coverage(on: date) -> Coverage:
    return whole(FIELDS, on)


def latest_coverage(on: date) -> Told[Coverage]:
    """The same for a page that does not wait for it."""
    return latest(FIELDS, on)
