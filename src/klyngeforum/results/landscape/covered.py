"""How much of the register's companies the organisations reach, by industry and region, and which strong fields nobody covers."""

from __future__ import annotations

from datetime import date
from importlib import import_module

from klyngeforum.ground.keeping import kept
from klyngeforum.registers.clusters.queries import counted

from .between import RESTS_ON
from .terms import Coverage

_COVERING = "klyngeforum.results.landscape.covering"  # loads the analysis library, so only where something is counted


def coverage(on: date) -> Coverage:
    def all_fields() -> Coverage:
        running = frozenset(counted(on=on).order_by().values_list("id", flat=True))
        found: Coverage = import_module(_COVERING).measured(on, running)
        return found

    return kept(
        ("coverage", on), all_fields, of=RESTS_ON, weigh=lambda found: 300 * (len(found.fields) + len(found.few))
    )
