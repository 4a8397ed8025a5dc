"""Regional tables counted with the analysis library: quotients, growth, nearness, emerging fields, marks.

Kept apart from the room's other files: only this one loads NumPy and the library, and only when something is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.relatedness.space import Relatedness, relatedness
from klyngeanalyse.strengths.cells import Cells, yearly
from klyngeanalyse.strengths.emerging import Emerging, emerging_fields
from klyngeanalyse.strengths.growth import ShiftShare, shift_share
from klyngeanalyse.strengths.quotients import Quotients, SmallCells, location_quotients
from klyngeanalyse.strengths.rulesets import Criterion, RuleSet
from klyngeanalyse.strengths.stars import Stars, stars
from klyngeforum.ground.disclosing import Sum, held
from klyngeforum.ground.figure import digest_of

from .definitions import StarRule
from .terms import FieldStanding, Growth, Limits, Opening, RegionStanding, Sprout, StarsSaid

Array = np.ndarray[Any, np.dtype[Any]]
_SOLVED = 600  # held-back cells of a table up to which all that is told of it is solved together: a few seconds
Row = tuple[str, str, int, float | None, float | None, bool]  # region, industry, year, employment, workplaces, withheld
Once = Callable[[int, str, Callable[[], Array]], Array]
REST = "(rest)"  # industries that no category holds: they count in every sum and are no field
FULL_LEVEL = 0.95
_SUMS = -1  # stands for a row where a sum over cells is meant


@dataclass(frozen=True)
class Raw:
    """The first and the last year of a table as regions x industries; ``held``: not for the public."""

    first: int
    last: int
    jobs: Mapping[int, Cells]
    plants: Mapping[int, Cells] | None
    withheld: Mapping[int, Array]
    held: Mapping[int, Array]
    shares: bool


@dataclass(frozen=True)
class Grouped:
    """One grouping of a table's industries, counted."""

    jobs: Cells
    quotients: Quotients
    growth: ShiftShare | None
    held: Array
    held_before: Array
    stars: Mapping[str, Stars | Unfit]
    local: frozenset[str]


@dataclass(frozen=True)
class Related:
    """What only the industries themselves tell: nearness, and what is emerging."""

    all: Relatedness
    emerging: Emerging | None


def _tables(rows: Sequence[Row], years: Sequence[int], nth: int) -> dict[int, Cells]:
    columns = list(zip(*rows, strict=True))
    values = [float(value or 0.0) for value in columns[nth]]
    data = {"region": list(columns[0]), "industry": list(columns[1]), "year": list(columns[2]), "employment": values}
    return {year: cells for year, cells in yearly(data).items() if year in years}


def raw(
    rows: Sequence[Row], *, limits: Limits, shares: bool, groupings: Iterable[Mapping[str, str]], once: Once
) -> Raw | None:
    """The rows of one or two years; None where there is no employment at all. ``once`` (year, state, make) finds again what was worked out
    of a year's numbers before."""
    years = sorted({row[2] for row in rows})
    if not years:
        return None
    jobs = _tables(rows, years, 3)
    if not all(cells.values.sum() > 0 for cells in jobs.values()):
        return None
    plants = _tables(rows, years, 4) if any(row[4] for row in rows) else None
    base = jobs[years[-1]]
    place = {code: nth for nth, code in enumerate(base.regions.tolist())}, {code: nth for nth, code in enumerate(base.industries.tolist())}  # fmt: skip
    withheld = {year: np.zeros(base.values.shape, dtype=bool) for year in years}
    for region, industry, year, _, _, away in rows:
        if away:
            withheld[year][place[0][region], place[1][industry]] = True
    maps = [_kinds(base.industries.tolist(), grouping) for grouping in groupings]

    def back(year: int) -> Array:
        given = (jobs[year], plants[year] if plants else None, withheld[year], maps, limits)
        return withheld[year] if shares else once(year, _said(*given), lambda: _held(*given))

    held = {year: back(year) for year in years}
    return Raw(years[0], years[-1], jobs, plants, withheld, held, shares)


def _kinds(codes: Sequence[str], grouping: Mapping[str, str]) -> dict[str, str]:
    """Industry -> category by the longest beginning of its code that the definition names."""
    found = {}
    for code in codes:
        found[code] = next((grouping[code[:end]] for end in range(len(code), 0, -1) if code[:end] in grouping), REST)
    return found


def _small(jobs: Array, plants: Array | None, limits: Limits) -> Array:
    few = (jobs > 0) & (jobs < limits.employment)
    if plants is not None:
        few |= (jobs > 0) & (plants < limits.workplaces)
    return np.asarray(few)


def _lines(shape: tuple[int, ...]) -> list[list[tuple[int, int]]]:
    """Every row and every column as a group of cells."""
    rows, columns = shape
    across = [[(row, column) for column in range(columns)] for row in range(rows)]
    return across + [[(row, column) for row in range(rows)] for column in range(columns)]


def _closed(jobs: Array, first: set[tuple[int, int]], groups: list[list[tuple[int, int]]], limits: Limits) -> set[tuple[int, int]]:  # fmt: skip
    values = {(int(row), int(column)): float(jobs[row, column]) for row, column in np.argwhere(jobs > 0)}
    sums = [Sum((_SUMS, nth), tuple(group)) for nth, group in enumerate(groups)]
    wholes = {(_SUMS, nth): sum(values.get(one, 0.0) for one in group) for nth, group in enumerate(groups)}
    return {cell for cell in held(values | wholes, sums, limits.employment, first, most=_SOLVED) if cell[0] != _SUMS}


def _pairs(mask: Array) -> set[tuple[int, int]]:
    return {(int(row), int(column)) for row, column in np.argwhere(mask)}


def _said(jobs: Cells, plants: Cells | None, away: Array, maps: list[dict[str, str]], limits: Limits) -> str:
    """Everything that ``_held`` looks at, as one digest."""
    tables = [jobs.values, away, *([] if plants is None else [plants.values])]
    said = [jobs.regions.tolist(), jobs.industries.tolist(), maps, limits, *(table.tobytes().hex() for table in tables)]
    return digest_of([str(one) for one in said])


def _held(jobs: Cells, plants: Cells | None, away: Array, maps: list[dict[str, str]], limits: Limits) -> Array:
    """Small cells, what the source holds back, and as many more as it takes that neither sums over regions and industries nor the
    categories of any definition give one of them away."""
    first = _pairs(_small(jobs.values, None if plants is None else plants.values, limits) | away)
    groups = _lines(jobs.values.shape)
    codes = jobs.industries.tolist()
    for kinds in maps:
        members: dict[str, list[int]] = {}
        for nth, code in enumerate(codes):
            members.setdefault(kinds[code], []).append(nth)
        for row in range(len(jobs.regions)):
            groups += [[(row, column) for column in columns] for columns in members.values()]
        for row, category in _categories_held(jobs, plants, kinds, limits):
            some = sorted(
                members[category], key=lambda column: (jobs.values[row, column] <= 0, jobs.values[row, column])
            )
            first |= {(row, column) for column in some[:2] if jobs.values[row, column] > 0}
    answer = away.copy()
    for row, column in _closed(jobs.values, first, groups, limits):
        answer[row, column] = True
    return answer


def _categories_held(jobs: Cells, plants: Cells | None, kinds: dict[str, str], limits: Limits) -> list[tuple[int, str]]:  # fmt: skip
    merged, places = jobs.merged(kinds), plants.merged(kinds).values if plants is not None else None
    small = _pairs(_small(merged.values, places, limits))
    names = merged.industries.tolist()
    return [(row, names[column]) for row, column in _closed(merged.values, small, _lines(merged.values.shape), limits)]


def grouped(table: Raw, grouping: Mapping[str, str] | None, local: frozenset[str], rules: Sequence[StarRule], limits: Limits) -> Grouped:  # fmt: skip
    """The table by its industries (None) or by categories."""
    jobs, plants = table.jobs[table.last], table.plants[table.last] if table.plants else None
    before, held, earlier = table.jobs[table.first], table.held[table.last], table.held[table.first]
    if grouping is not None:
        kinds = _kinds(jobs.industries.tolist(), grouping)
        jobs, before, plants = (
            jobs.merged(kinds),
            before.merged(kinds),
            None if plants is None else plants.merged(kinds),
        )
        names = jobs.industries.tolist()
        held, earlier = (np.zeros(jobs.values.shape, dtype=bool) for _ in range(2))
        if not table.shares:
            for mask, year in ((held, table.last), (earlier, table.first)):
                places = table.plants[year] if table.plants else None
                for row, category in _categories_held(table.jobs[year], places, kinds, limits):
                    mask[row, names.index(category)] = True
    small = SmallCells(0.0, 0.0) if table.shares else SmallCells(limits.employment, limits.workplaces)
    growth = shift_share(before, jobs) if table.first < table.last else None
    found = {one.code: _stars(jobs, one) for one in rules}
    return Grouped(jobs, location_quotients(jobs, plants=plants, small=small, level=FULL_LEVEL), growth, held, earlier, found, local)  # fmt: skip


def _stars(jobs: Cells, rule: StarRule) -> Stars | Unfit:
    criteria = tuple(Criterion(one.metric, share=one.share, threshold=one.threshold) for one in rule.criteria)
    try:
        return stars(jobs, RuleSet(rule.code, rule.version, rule.source, criteria, rule.floor, rule.least_regions, rule.mark))  # fmt: skip
    except Unfit as refused:
        return refused


def related(table: Raw, limits: Limits) -> Related:
    """Nearness of the last year (an industry is not near to itself), and what grew from the first to the last."""
    jobs = table.jobs[table.last]
    try:
        near = relatedness(jobs, diagonal=False, least=limits.present)
    except Unfit:  # regions enough for complexity, and no order to find among them
        near = relatedness(jobs, diagonal=False, least=limits.present, least_regions=len(jobs.regions) + 1)
    growing = table.plants or table.jobs
    try:
        found = emerging_fields(growing[table.first], growing[table.last], near.density, rate=limits.emerging_rate) if table.first < table.last else None  # fmt: skip
    except Unfit:
        found = None
    return Related(near, found)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


class _Region:
    """One region picked out of what was counted."""

    def __init__(self, table: Raw, groups: Grouped, near: Related, region: str, limits: Limits, *, see_small: bool) -> None:  # fmt: skip
        self.table, self.groups, self.near, self.limits, self.see_small = table, groups, near, limits, see_small
        self.row = groups.jobs.regions.tolist().index(region)
        self.code, self.total = region, float(groups.jobs.values[self.row].sum())

    def field(self, nth: int, code: str) -> FieldStanding:
        groups, at, local = self.groups, (self.row, nth), code in self.groups.local
        away = bool(groups.held[at])
        if away and not self.see_small:
            return FieldStanding(code, local=local, held=True)
        found, jobs = groups.quotients, float(groups.jobs.values[at])
        places = None if found.plants is None else float(found.plants[at])
        quotient = _number(found.estimate[at]) if found.shown[at] else None
        low, high = (None, None) if self.table.shares or quotient is None else (_number(found.low[at]), _number(found.high[at]))  # fmt: skip
        strong = (
            quotient is not None and quotient >= self.limits.strong_quotient and not local and (low is None or low > 1)
            and (places is None or places >= self.limits.strong_workplaces)
        )  # fmt: skip
        parts: dict[str, float | None] = {}
        if groups.growth is not None and (self.see_small or not groups.held_before[at]):
            names = ("before", "change", "national", "mix", "regional")
            parts = {name: float(getattr(groups.growth, name)[at]) for name in names}
        share = jobs / self.total if self.total else None
        present = quotient is not None and quotient >= self.limits.present
        return FieldStanding(code, jobs, places, share, quotient, low, high, **parts, present=present, strong=strong, local=local, small=quotient is None and jobs > 0, held=away)  # fmt: skip

    def fields(self) -> tuple[FieldStanding, ...]:
        """What is there, strongest first; what follows where people live and what cannot be told come last."""
        names = self.groups.jobs.industries.tolist()
        found = [self.field(nth, code) for nth, code in enumerate(names) if code != REST and self.groups.jobs.values[self.row, nth] > 0]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (not one.strong, one.local, one.quotient is None, -(one.quotient or 0.0), one.code)))  # fmt: skip

    def openings(self, most: int = 8) -> tuple[Opening, ...]:
        near = self.near.all
        held, jobs = self.table.held[self.table.last][self.row], self.table.jobs[self.table.last].values[self.row]
        absent = [nth for nth in np.argsort(-near.density[self.row], kind="stable").tolist() if not near.present[self.row, nth]]  # fmt: skip
        found = []
        for nth in absent[:most]:
            tells = self.see_small or not held[nth]
            quotient = _number(near.quotient[self.row, nth])
            found.append(Opening(str(near.industries[nth]), float(near.density[self.row, nth]), quotient if tells else None, float(jobs[nth]) if tells else None))  # fmt: skip
        return tuple(one for one in found if one.density > 0)

    def sprouts(self) -> tuple[Sprout, ...] | None:
        found, held = self.near.emerging, self.table.held
        if found is None:
            return None
        answer = []
        for nth in np.flatnonzero(found.found[self.row]).tolist():
            at = self.row, nth
            tells = self.see_small or not (held[self.table.first][at] or held[self.table.last][at])
            before, after = (float(found.before[at]), float(found.after[at])) if tells else (None, None)
            answer.append(Sprout(str(found.industries[nth]), before, after, float(found.q[at])))
        return tuple(sorted(answer, key=lambda one: (one.q, one.code)))

    def growth(self) -> Growth | None:
        found = self.groups.growth
        if found is None:
            return None
        return Growth(*(float(getattr(found, name)[self.row].sum()) for name in ("before", "change", "national", "mix", "regional")))  # fmt: skip

    def stars(self, rules: Sequence[StarRule]) -> tuple[StarsSaid, ...]:
        return tuple(self.star(rule) for rule in rules)

    def star(self, rule: StarRule) -> StarsSaid:
        found = self.groups.stars[rule.code]
        if isinstance(found, Unfit):
            few = len(self.groups.jobs.regions) < rule.least_regions
            known = {"size", "quotient", "focus"}
            missing = next((one.metric for one in rule.criteria if one.metric not in known), "")
            return StarsSaid(rule.code, "regions" if few else "metric", missing, {})
        names = found.industries.tolist()
        marks = {names[nth]: int(found.count[self.row, nth]) for nth in np.flatnonzero(found.count[self.row]).tolist() if names[nth] != REST}  # fmt: skip
        return StarsSaid(rule.code, "", "", marks)

    def complexity(self) -> float | None:
        found = self.near.all.complexity
        return None if found is None else _number(found.regional[self.row])


def region(table: Raw, groups: Grouped, near: Related, code: str, rules: Sequence[StarRule], limits: Limits, *, see_small: bool) -> RegionStanding:  # fmt: skip
    """How a region stands by one grouping, as its reader may see it."""
    one = _Region(table, groups, near, code, limits, see_small=see_small)
    places = groups.quotients.plants
    emerging = near.emerging
    return RegionStanding(
        code, table.last, table.first, one.total, None if places is None else float(places[one.row].sum()), one.growth(), one.fields(), one.openings(),
        one.sprouts(), 0.0 if emerging is None else emerging.expected_false, one.complexity(), one.stars(rules), len(groups.jobs.regions),
        int(table.withheld[table.last][one.row].sum()),
    )  # fmt: skip
