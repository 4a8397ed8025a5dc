"""Everything of the programme that strengths rest on, read by its rules before anybody meets it on a page."""

from __future__ import annotations

from pathlib import Path

from .definitions import definitions_in, star_rules_in
from .recipes import table_recipes_in
from .strategies import strategies_in

_READ = (definitions_in, star_rules_in, table_recipes_in, strategies_in)


def validate(*, folder: Path) -> int:
    """How many cluster categories, star rules, recipes and strategies the folder holds; raises what is wrong with one, and where."""
    for read in _READ:
        read.cache_clear()
    return sum(len(read(folder)) for read in _READ)
