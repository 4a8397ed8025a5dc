"""How strong an industry is in a region by employment, for coverage: from the newest table taken in that fits the country's regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import by_code, parent_map
from klyngeforum.ground.places.terms import AreaKind

from .positions import held_cells, limits
from .queries import RegionalTable, cells_of, tables
from .serving import kind_of
from .terms import Limits, Unit

_RESTS_ON = frozenset({"regional_table", "programme"})
Key = tuple[int, str]  # region, division
Read = tuple[str, str, float | None, float | None]  # region of the table, industry, employment, workplaces


@dataclass(frozen=True, slots=True)
class Employed:
    """An industry in a region by employment; ``held`` from those who may not see small cells."""

    employment: float
    quotient: float
    strong: bool
    held: bool


@dataclass(frozen=True, slots=True)
class ByEmployment:
    table: RegionalTable
    year: int
    cells: Mapping[Key, Employed]


def employed(rows: Iterable[Read], region: Mapping[str, int], held: frozenset[tuple[str, str]], asked: Limits) -> dict[Key, Employed]:  # fmt: skip
    """Regions x divisions of a table's rows, parts of a region added up; a cell is held back where one of its parts is, or is not known."""
    jobs: dict[Key, float] = defaultdict(float)
    places: dict[Key, float | None] = defaultdict(float)
    back = set[Key]()
    for area, industry, employment, workplaces in rows:
        if area not in region:
            continue
        key = (region[area], industry[:2])
        jobs[key] += employment or 0.0
        known = places[key]
        places[key] = None if workplaces is None or known is None else known + workplaces
        back |= {key} if employment is None or (area, industry) in held else set()
    by_region: dict[int, float] = defaultdict(float)
    by_division: dict[str, float] = defaultdict(float)
    for (area_id, division), n in jobs.items():
        by_region[area_id] += n
        by_division[division] += n
    whole = sum(jobs.values())
    found = {}
    for key, n in jobs.items():
        if not n:
            continue
        quotient = n / by_region[key[0]] / (by_division[key[1]] / whole)
        count = places[key]
        enough = n >= asked.employment and (count is None or count >= asked.strong_workplaces)
        found[key] = Employed(n, quotient, enough and quotient >= asked.strong_quotient, key in back)
    return found


def strong_beside(cells: Mapping[Key, Employed], listed: Collection[Key], *, see_small: bool) -> list[Key]:
    """Strong fields that do not stand on the list, as far as the reader may be told of them."""
    return sorted(key for key, one in cells.items() if one.strong and key not in listed and (see_small or not one.held))


def _region_of(kind: AreaKind, on: date) -> dict[str, int]:
    """Code of a region or landsdel -> id of the region."""
    if kind is AreaKind.REGION:
        return by_code(AreaKind.REGION)
    region, part = parent_map(AreaKind.REGION, on=on), parent_map(kind, on=on)
    code_of = {pk: code for code, pk in by_code(kind).items()}
    return {code_of[area]: region[town] for town, area in part.items() if area in code_of and town in region}


def by_employment(on: date) -> ByEmployment | None:
    """The newest table of employees by the country's regions or landsdele that reaches into the day's year or before it; None where none does."""

    def newest() -> ByEmployment | None:
        fitting = (one for one in tables() if one.unit == Unit.PERSONS and one.first_year <= on.year)
        for one in sorted(fitting, key=lambda one: (-min(one.last_year, on.year), -one.number)):
            kind, year = kind_of(one), min(one.last_year, on.year)
            rows = list(
                cells_of(one.pk).filter(year=year).values_list("region", "industry", "employment", "workplaces")
            )
            if kind is not None and rows:
                return ByEmployment(one, year, employed(rows, _region_of(kind, on), held_cells(one, year, on=on), limits(on)))  # fmt: skip
        return None

    return kept(("by employment", on, settings.PROGRAMME), newest, of=_RESTS_ON, weigh=lambda _: 400_000)
