"""The made-up regional tables: employment by region, industry and year that fits the made-up companies, in the layout of the StatBank."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.industries.queries import industries
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import areas, parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.results.strengths import actions

from .plan import Country

Say = Callable[[str], None]
Cell = tuple[str, str, int]  # landsdel, division, year
SPROUTING = 0.02  # share of the cells in which something small grew threefold
TIMES = 2  # jobs outside the register for each one in it: the country is larger than its made-up companies
_HEADER = ("OMRÅDE", "BRANCHE07", "ENHED", "TID", "INDHOLD")
_SOURCE = "Opdigtet tabel i Statistikbankens format (demo)"
# jobs that lie everywhere, for each company of the register
_EVERYDAY = {
    "47": 8.0,
    "84": 6.0,
    "85": 10.0,
    "86": 11.0,
    "87": 7.0,
    "88": 9.0,
    "46": 4.0,
    "43": 5.0,
    "56": 3.0,
    "81": 2.0,
}


def within(kind: AreaKind, at: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """(municipality code -> code of its area, code of the area -> Danish name)."""
    found = {one.pk: one for one in areas(kind, on=date_of(at))}
    towns = {one.pk: one.code for one in areas(AreaKind.MUNICIPALITY, on=date_of(at))}
    within = {towns[town]: found[area].code for town, area in parent_map(kind, on=date_of(at)).items() if town in towns and area in found}  # fmt: skip
    return within, {one.code: one.name_da for one in found.values()}


def counted(country: Country, place_of: Mapping[str, str], divisions: list[str], seed: int) -> dict[Cell, tuple[int, int]]:  # fmt: skip
    """(jobs, workplaces) of every landsdel, division and year: those of the companies, as many again elsewhere, and what lies everywhere."""
    chance, cells, size = Random(seed + 11), {}, country.size
    jobs, places, weight = defaultdict[tuple[str, str], int](int), Counter[tuple[str, str]](), Counter[str]()
    for one in (*country.companies, *country.unreached):
        key = (place_of[one.municipality], one.division)
        jobs[key] += one.employees
        places[key] += 1
        weight[key[0]] += 1
    for division in divisions:
        common, nation = _EVERYDAY.get(division, chance.uniform(0.05, 0.5)), chance.gauss(0.004, 0.018)
        for area in sorted(weight):
            known, growth = jobs[(area, division)], nation + chance.gauss(0.0, 0.025)
            elsewhere = TIMES * known * chance.lognormvariate(-0.1, 0.7)
            last, typical = known + elsewhere + common * weight[area] * chance.lognormvariate(0, 0.4), chance.uniform(6, 24)  # fmt: skip
            if chance.random() < SPROUTING and last < 1000:
                growth, last, typical = 4 ** (1 / (size.last_year - size.first_year)) - 1, last + 200, 4.0
            most = max(places[(area, division)], last / typical, 1)
            for year in range(size.first_year, size.last_year + 1):
                part = (1 + growth) ** (year - size.last_year) * chance.uniform(0.985, 1.015)
                now = round(last * part)
                cells[(area, division, year)] = (now, max(round(most * part), 1) if now else 0)
    return cells


def _rows(cells: Mapping[Cell, tuple[int, int]], names: Mapping[str, str], titles: Mapping[str, str]) -> Iterator[tuple[object, ...]]:  # fmt: skip
    for (area, division, year), (jobs, places) in cells.items():
        where = (names[area], f"{division} {titles[division]}")
        yield (*where, "Arbejdssteder", year, places)
        yield (*where, "Ansatte", year, jobs)


def _file(rows: Iterator[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([_HEADER, *rows])
    return out.getvalue().encode("utf-8-sig")


def tabulate(country: Country, people: Mapping[str, Actor], *, seed: int, say: Say) -> None:
    """One table of the landsdele and their sums as one of the five regions, taken in by the analyst as anybody would."""
    say("regional tables")
    at = datetime(country.size.last_year + 1, 8, 15, 9, tzinfo=UTC)
    titles = {one.code: one.title_da for one in industries("DB07", 2) if one.code < "97"}
    place_of, parts = within(AreaKind.LANDSDEL, at)
    region_of_town, regions = within(AreaKind.REGION, at)
    region_of = {part: region_of_town[town] for town, part in place_of.items()}
    cells = counted(country, place_of, sorted(titles), seed)
    sums: dict[Cell, tuple[int, int]] = {}
    for (area, division, year), (jobs, places) in cells.items():
        key = (region_of[area], division, year)
        before = sums.get(key, (0, 0))
        sums[key] = (before[0] + jobs, before[1] + places)
    named = {code: f"Landsdel {name}" for code, name in parts.items()}
    for recipe, held, names in (("statbank-landsdele", cells, named), ("statbank-regions", sums, regions)):
        run = actions.take_in_table(
            by=people["analytiker"], at=at, recipe_code=recipe, content=_file(_rows(held, names, titles)), file_name=f"opdigtet-{recipe}.csv",
            source=_SOURCE, dry_run=False, made_up=True,
        )  # fmt: skip
        if run.number is None:
            raise ValueError(f"the made-up table is not sound: {run.read.problems[:1]}")
