"""How regions stand by a table and a grouping of its industries: counted once and kept until another table comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings

from klyngeforum.ground.counts.fixed import fixed
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import mark_of, strength_rule

from .definitions import Definition, definitions, star_rules
from .queries import RegionalTable, cells_of
from .terms import Limits, RegionStanding, Unit

_MEASURING = "klyngeforum.results.strengths.measuring"  # loads the analysis library, so only where something is counted
_RESTS_ON = frozenset({"regional_table", "programme"})
INDUSTRIES = "brancher"  # the grouping of no definition: the industries themselves


def limits(on: date) -> Limits:
    """What the programme asks on the day."""
    names = ("small_employment", "small_workplaces", "present", "related_regions", "emerging_rate", "serving_companies")
    small, places, present, regions, rate, serving = (float(strength_rule(code).least) for code in names)
    quotient, workplaces = (float(mark_of(code, on=on).least) for code in ("strong_quotient", "strong_companies"))
    return Limits(small, places, present, int(regions), rate, int(serving), quotient, workplaces)


def groupings(table: RegionalTable) -> tuple[Definition, ...]:
    """The definitions that fit the table's industries, those that are here first."""
    return tuple(sorted(definitions(table.classification), key=lambda one: bool(one.missing)))


def grouping_of(table: RegionalTable, code: str) -> Definition | None:
    """The definition asked for; else the first that is here; None: the industries themselves."""
    here = [one for one in groupings(table) if not one.missing]
    if code == INDUSTRIES:
        return None
    return next((one for one in here if one.code == code), here[0] if here else None)


def _raw(table: RegionalTable, on: date, years: tuple[int, ...]) -> Any:
    def make() -> Any:
        rows = cells_of(table.pk).filter(year__in=years)
        listed = list(rows.values_list("region", "industry", "year", "employment", "workplaces", "withheld"))
        maps = [one.of() for one in groupings(table) if not one.missing]
        shares = table.unit == Unit.SHARES
        return import_module(_MEASURING).raw(listed, limits=limits(on), shares=shares, groupings=maps, once=once)

    def once(year: int, state: str, count: Callable[[], Any]) -> Any:
        return fixed(f"held back of table {table.pk}", date(year, 12, 31), state, count)

    return kept(
        ("strengths raw", table.pk, years, on, settings.PROGRAMME), make, of=_RESTS_ON, weigh=lambda _: 3_000_000
    )


def _counted(table: RegionalTable, on: date, definition: Definition | None) -> tuple[Any, Any, Any] | None:
    found = _raw(table, on, (table.first_year, table.last_year))
    if found is None:
        return None
    room, asked = import_module(_MEASURING), limits(on)
    code = definition.code if definition else INDUSTRIES
    local = frozenset(one.code for one in definition.categories if one.local) if definition else _local(table)
    of = definition.of() if definition else None

    def groups() -> Any:
        return room.grouped(found, of, local, star_rules(), asked)

    key = (table.pk, on, settings.PROGRAMME)
    counted = kept(("strengths", code, *key), groups, of=_RESTS_ON, weigh=lambda _: 3_000_000)
    near = kept(("strengths near", *key), lambda: room.related(found, asked), of=_RESTS_ON, weigh=lambda _: 3_000_000)
    return found, counted, near


def _local(table: RegionalTable) -> frozenset[str]:
    """Industries that the first definition calls local: no strength, whatever their quotient."""
    first = grouping_of(table, "")
    return frozenset(code for one in first.categories if one.local for code in one.industries) if first else frozenset()


def region_standing(table: RegionalTable, region: str, definition: Definition | None, *, on: date, see_small: bool) -> RegionStanding | None:  # fmt: skip
    """How the region stands; None where the table has no employment or no such region."""
    found = _counted(table, on, definition)
    if found is None or region not in found[1].jobs.regions.tolist():
        return None
    answer: RegionStanding = import_module(_MEASURING).region(*found, region, star_rules(), limits(on), see_small=see_small)  # fmt: skip
    return answer


def all_standings(table: RegionalTable, definition: Definition | None, *, on: date, see_small: bool) -> list[RegionStanding]:  # fmt: skip
    """Every region of the table."""
    found = _counted(table, on, definition)
    codes = [] if found is None else found[1].jobs.regions.tolist()
    every = (region_standing(table, code, definition, on=on, see_small=see_small) for code in codes)
    return [one for one in every if one is not None]


def held_cells(table: RegionalTable, year: int, *, on: date) -> frozenset[tuple[str, str]]:
    """(region, industry) of the year that the public may not see."""
    found = _raw(table, on, (year,))
    if found is None:
        return frozenset()
    one = found.jobs[year]
    regions, industries = one.regions.tolist(), one.industries.tolist()
    return frozenset((regions[row], industries[column]) for row, column in zip(*found.held[year].nonzero(), strict=True))  # fmt: skip
