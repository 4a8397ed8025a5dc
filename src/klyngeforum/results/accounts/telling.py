"""What of a year's figures everybody is told: one answer for pages, papers, programs, the terminal and open data (``disclosing``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from klyngeforum.ground.access.queries import Actor, reach_of, within
from klyngeforum.ground.counts.fixed import fixed
from klyngeforum.ground.disclosing import Sum, held, small
from klyngeforum.ground.figure import Figure, digest_of
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import small_cells

from .models import Account
from .nation import Slice, kinds_of, national, national_series, of_kinds, of_organisations, sliced, state_of
from .queries import published_years
from .rules import COUNTINGS, NESTED, PARTS

NATION = "nation"
HELD = "held back of accounts"
Cell = tuple[str, object, str]  # (how it is split, or the nation; which of them; measure)
_ACCOUNTS = frozenset({"account", "round", "programme"})
_RESTS_ON = frozenset({"cluster", "programme"})  # and on the state of the year's accounts
_CELLS = (Slice.CLUSTER, Slice.KIND)
_SOLVED = 2_000  # held-back numbers of a year up to which all that is told is solved together: a country's take seconds, a continent's hours


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a split; without numbers where they are held back."""

    key: object
    participations: int | None
    distinct: int | None

    @property
    def held_back(self) -> bool:
        return self.distinct is None


def sees_all(seen_by: Actor, on: date) -> bool:
    """Who may read every account is told every number; the house itself (nobody named) too."""
    return reach_of(seen_by, "accounts.see", on)[0]


def own_organisations(seen_by: Actor, on: date) -> set[int]:
    """The organisations whose accounts the reader may see."""
    return set(
        within(Account.objects.all(), seen_by, "accounts.see", on=on).values_list("cluster_id", flat=True).distinct()
    )


def _bodies(codes: Iterable[str]) -> list[str]:
    """The measures that count bodies: a sum of hours points at nobody."""
    return [code for code in codes if not COUNTINGS[code].sums]


def _family(code: str) -> tuple[str, ...]:
    """The measures that are told as parts of each other, however far, or the measure alone."""
    found, told = {code}, [{whole, *parts} for kin in (PARTS, NESTED) for whole, parts in kin.items()]
    while more := [one for one in told if one & found and not one <= found]:
        found.update(*more)
    return tuple(one for one in COUNTINGS if one in found)


def _across(keys: Iterable[tuple[str, object]], cells: dict[Cell, Decimal]) -> list[Sum[Cell]]:
    """In each place the sums of measures that are parts of another."""
    return [
        Sum((by, key, whole), tuple((by, key, part) for part in parts if (by, key, part) in cells))
        for by, key in keys
        for whole, parts in PARTS.items()
        if (by, key, whole) in cells
    ]


def _left(keys: Iterable[tuple[str, object]], cells: dict[Cell, Decimal]) -> tuple[list[Sum[Cell]], dict[Cell, tuple[Cell, Cell]]]:  # fmt: skip
    """In each place what a nested measure leaves of the one around it: nobody is told it, anybody subtracts it. Its cells are put among the others."""
    sums, left = [], {}
    for by, key in keys:
        for whole, parts in NESTED.items():
            for part in parts:
                around, inside, rest = (by, key, whole), (by, key, part), (by, key, f"{whole} - {part}")
                if around in cells and inside in cells and cells[around] >= cells[inside]:
                    cells[rest], left[rest] = cells[around] - cells[inside], (around, inside)
                    sums.append(Sum(around, (inside, rest)))
    return sums, left


def _nation(year: int, codes: Iterable[str], cells: dict[Cell, Decimal]) -> list[Cell]:
    """The country's own cells; named are those where each body counted once is a small number."""
    least, wanted = small_cells().least, set(codes)
    small_ones: list[Cell] = []
    for one in national(year):
        if one.measure in wanted:
            cell: Cell = (NATION, None, one.measure)
            cells[cell] = Decimal(one.participations or 0)
            small_ones += [cell] if small(one.value, least) else []
    return small_ones


def _state(year: int) -> str:
    return kept(("state", year), lambda: state_of(year), of=_ACCOUNTS)


def held_cells(year: int) -> frozenset[Cell]:
    """What is held back of the nation, the types of organisation and the organisations: told together, so held back together."""
    return kept(("held cells", year, _state(year)), lambda: _stored_cells(year), of=_RESTS_ON)


def _stored_cells(year: int) -> frozenset[Cell]:
    """Worked out once, whatever was done meanwhile to what it does not rest on: the accounts, the types of organisation, the smallest number."""
    state = digest_of([_state(year), sorted(kinds_of(year).items()), str(small_cells().least)])
    return fixed(HELD, date(year, 12, 31), state, lambda: _held_cells(year))


def _organisations(year: int, codes: list[str], cells: dict[Cell, Decimal], once: Mapping[Cell, Decimal]) -> tuple[list[Sum[Cell]], list[Cell]]:  # fmt: skip
    """The organisations' and the types' cells with their sums; named are types whose bodies, each counted once, are few."""
    of_kind: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cluster, kind, values in of_organisations(year):
        for code in codes:
            cell: Cell = (Slice.CLUSTER.value, cluster, code)
            cells[cell] = Decimal(values[code])
            of_kind[kind, code].append(cell)
    sums, few, least = [], [], small_cells().least
    for (kind, code), parts in of_kind.items():
        whole: Cell = (Slice.KIND.value, kind, code)
        cells[whole] = sum((cells[part] for part in parts), Decimal(0))
        sums.append(Sum(whole, tuple(parts)))
        few += [whole] if small(once[whole], least) else []
    for code in codes:
        kinds = tuple((Slice.KIND.value, kind, code) for kind, one in of_kind if one == code)
        sums.append(Sum((NATION, None, code), kinds))
    return sums, few


def _held_cells(year: int) -> frozenset[Cell]:
    cells: dict[Cell, Decimal] = {}
    codes = _bodies(one.measure for one in national(year))
    also, once, least = _nation(year, codes, cells), _once(year, codes), small_cells().least
    sums, few = _organisations(year, codes, cells, once)
    places = sorted({(by, key) for by, key, _ in cells}, key=str)
    across = _across(places, cells)
    between, left = _left(places, cells)
    alone = [rest for rest, (around, inside) in left.items() if around in once and small(once[around] - once[inside], least)]  # fmt: skip
    also += [*few, *alone]
    # the same numbers are worked out once, whichever account has moved meanwhile without changing them
    state = digest_of([str(least), sorted(map(str, cells.items())), sorted(map(str, also)), sorted(map(str, sums))])
    return fixed(
        f"{HELD}, solved", date(year, 12, 31), state,
        lambda: frozenset(held(cells, [*sums, *across, *between], least, also, untold=left, most=_SOLVED)),
    )  # fmt: skip


def _once(year: int, codes: Iterable[str]) -> dict[Cell, Decimal]:
    """The country's and the types' cells with each body counted once."""
    wanted = set(codes)
    once: dict[Cell, Decimal] = {(NATION, None, one.measure): one.value or Decimal(0) for one in national(year) if one.measure in wanted}  # fmt: skip
    for kind, values in of_kinds(year).items():
        once |= {(Slice.KIND.value, kind, code): Decimal(values[code]) for code in wanted}
    return once


def _held_split(year: int, measure: str, by: Slice) -> frozenset[object]:
    """Which rows of the split are held back: by organisation and type with the accounts; else with the country and the parts of the measure."""
    if by in _CELLS:
        return frozenset(key for split, key, code in held_cells(year) if (split, code) == (by.value, measure))
    family = _bodies(_family(measure))
    return kept(
        ("held split", year, family[0], by, _state(year)), lambda: _held_family(year, family, by), of=_RESTS_ON
    )[measure]


def _held_family(year: int, family: list[str], by: Slice) -> dict[str, frozenset[object]]:
    cells: dict[Cell, Decimal] = {}
    least = small_cells().least
    _nation(year, family, cells)
    also = [cell for cell in held_cells(year) if cell in cells]
    sums, times = [], dict[Cell, int]()  # times: each account's bodies
    for code in family:
        rows = sliced(year, code, by)
        cells |= {(by.value, key, code): Decimal(once) for key, _, once in rows}
        times |= {(by.value, key, code): n for key, n, _ in rows}
        sums.append(Sum((NATION, None, code), tuple((by.value, key, code) for key, _, _ in rows)))
    places = sorted({(split, key) for split, key, _ in cells if split != NATION}, key=str)
    across = _across(places, cells)
    between, left = _left(places, cells)
    also += [rest for rest, (around, inside) in left.items() if small(times[around] - times[inside], least)]
    back = held(cells, [*sums, *across, *between], least, also, untold=left, most=_SOLVED)
    gone = {code for split, _, code in back if split == NATION} - {code for split, _, code in also if split == NATION}
    return {
        code: frozenset(key for split, key, one in cells if split != NATION and one == code and (code in gone or (split, key, one) in back))
        for code in family
    }  # fmt: skip


def told_split(year: int, measure: str, by: Slice, *, seen_by: Actor, on: date) -> list[Told]:
    """The split as the reader may see it: the largest first, what is held back at the end; an office sees its own organisation."""
    split = kept(("split", year, measure, by, _state(year)), lambda: sliced(year, measure, by), of=_RESTS_ON)
    rows = [Told(key, n, once) for key, n, once in split]
    if sees_all(seen_by, on) or COUNTINGS[measure].sums:
        return rows
    back = _held_split(year, measure, by) - (own_organisations(seen_by, on) if by is Slice.CLUSTER else set())
    shut = [replace(row, participations=None, distinct=None) for row in rows if row.key in back]
    return [*(row for row in rows if row.key not in back), *sorted(shut, key=lambda row: str(row.key))]


def _nation_held(year: int, measure: str) -> bool:
    return (NATION, None, measure) in held_cells(year)


def told_nation(year: int, *, seen_by: Actor, on: date) -> list[Figure]:
    """The country's figures as the reader may see them; what is held back has no numbers and says so."""
    figures = national(year)
    if sees_all(seen_by, on):
        return figures
    return [
        replace(one, value=None, participations=None, distinct=None, held_back=True)
        if _nation_held(year, one.measure)
        else one
        for one in figures
    ]


def told_series(measure: str, *, seen_by: Actor, on: date) -> dict[int, tuple[int, int]]:
    """Year -> (participations, distinct) of the country, without the years that are held back."""
    found = national_series(measure)
    if sees_all(seen_by, on):
        return found
    return {year: pair for year, pair in found.items() if not _nation_held(year, measure)}


def back_of(measure: str, cluster_id: int, years: Mapping[int, Decimal]) -> set[int]:
    """Years of an organisation's series (what it carries on included) that are not told to everybody."""
    if COUNTINGS[measure].sums:
        return set()
    least = small_cells().least
    return held_back(measure, cluster_id) | {year for year, value in years.items() if small(value, least)}


def held_back(measure: str, cluster_id: int | None) -> set[int]:
    """Years of which the figure of the organisation (or of the country) is not told to everybody."""
    place = (NATION, None) if cluster_id is None else (Slice.CLUSTER.value, cluster_id)
    return {year for year in published_years() if (*place, measure) in held_cells(year)}
