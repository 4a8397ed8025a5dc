"""A figure by municipality and region beside the country's: small numbers are held back, and as many more as it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from klyngeforum.ground.access.queries import EVERYBODY, Actor
from klyngeforum.ground.disclosing import Sum, held, small
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import small_cells

from .nation import Slice, approved_lines, state_of
from .rules import COUNTINGS, NESTED
from .telling import sees_all, told_nation, told_split

MAPPED = ("starting_companies", "participating_companies", "outcome_1", "outcome_2", "outcome_3")
# what each is a part of: who knows both knows what is left
AROUND = {part: whole for whole, parts in NESTED.items() for part in parts if {whole, part} <= set(MAPPED)}
_RESTS_ON = frozenset({"account", "round", "programme"})
Place = int | None  # None: the place is not known
Cell = tuple[str, Place]
_NATION: Cell = ("nation", None)


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure of one area; without a number where it is held back."""

    area: Place
    value: int | None


@dataclass(frozen=True, slots=True)
class OnMap:
    """A figure of a year at each level; ``region`` says where each municipality lies."""

    municipalities: tuple[Placed, ...]
    regions: tuple[Placed, ...]
    nation: int | None
    region: Mapping[int, int]


def counts(year: int, measure: str) -> dict[Place, int]:
    """Municipality -> bodies of the approved accounts, each once."""

    def counted() -> dict[Place, int]:
        rows = approved_lines(year).filter(**COUNTINGS[measure].where).order_by().values("place_id")
        return dict(rows.annotate(n=Count("body", distinct=True)).values_list("place_id", "n"))

    return kept(("on map", year, measure, state_of(year)), counted, of=_RESTS_ON)


def held_places(
    towns: Mapping[Place, int], around: Mapping[Place, int], region: Mapping[int, int],
    regions: Mapping[Place, int], *, back: frozenset[Place], nation: int, nation_back: bool, least: int,
) -> frozenset[Place]:  # fmt: skip
    """The municipalities held back: the small ones, those that a number told elsewhere (``around``) leaves a small rest of, and enough beside
    each in its region that none is found by subtraction; ``back`` are the regions that are held back themselves."""
    cells: dict[Cell, Decimal] = {("town", one): Decimal(n) for one, n in towns.items()}
    cells |= {("region", one): Decimal(n) for one, n in regions.items()} | {_NATION: Decimal(nation)}
    inside: dict[Place, list[Cell]] = defaultdict(list)
    for one in towns:
        inside[region.get(one) if one is not None else None].append(("town", one))
    # whether a region is told is settled where the regions are: what is told there is known, and cannot be held back here
    sums = [Sum(("region", one) if one in back else None, tuple(parts)) for one, parts in inside.items()]
    sums.append(Sum(_NATION if nation_back else None, tuple(("region", one) for one in back)))
    also: list[Cell] = [("region", one) for one in back] + ([_NATION] if nation_back else [])
    also += [("town", one) for one, n in towns.items() if small(around.get(one, n) - n, least)]
    found = held(cells, sums, least, also)
    return frozenset(one for level, one in found if level == "town")


def on_map(year: int, measure: str, *, seen_by: Actor, on: date) -> OnMap:
    """The figure at each level as the reader may see it."""
    region = parent_map(AreaKind.REGION, on=date(year, 12, 31))
    towns = counts(year, measure)
    nation = next(one for one in told_nation(year, seen_by=seen_by, on=on) if one.measure == measure)
    split = told_split(year, measure, Slice.REGION, seen_by=seen_by, on=on)
    regions = tuple(Placed(_place(one.key), one.distinct) for one in split)
    back = frozenset[Place]() if sees_all(seen_by, on) else _held(year, measure, region)
    placed = tuple(Placed(one, None if one in back else n) for one, n in towns.items())
    return OnMap(placed, regions, None if nation.held_back else int(nation.value or 0), region)


def _held(year: int, measure: str, region: Mapping[int, int]) -> frozenset[Place]:
    """What the public is not told; kept until an account moves."""
    day = date(year, 12, 31)

    def worked_out() -> frozenset[Place]:
        exact, told = (told_split(year, measure, Slice.REGION, seen_by=who, on=day) for who in (None, EVERYBODY))
        whole, said = (next(one for one in told_nation(year, seen_by=who, on=day) if one.measure == measure) for who in (None, EVERYBODY))  # fmt: skip
        return held_places(
            counts(year, measure), counts(year, AROUND[measure]) if measure in AROUND else {}, region,
            {_place(one.key): one.distinct or 0 for one in exact}, back=frozenset(_place(one.key) for one in told if one.held_back),
            nation=int(whole.value or 0), nation_back=said.held_back, least=int(small_cells().least),
        )  # fmt: skip

    return kept(("held on map", year, measure, state_of(year)), worked_out, of=_RESTS_ON | {"cluster"})


def _place(key: object) -> Place:
    return key if isinstance(key, int) else None
