"""Which cluster organisations serve a field in a region: by the companies that they have there, and by what they say of themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import import_module

from klyngeforum.ground.industries.queries import codes_of
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import by_code, parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.clusters.queries import counted

from .queries import RegionalTable, names_in
from .terms import NameKind, Serves

_GATHERING = "klyngeforum.results.landscape.gathering"  # loads NumPy, so only where something is counted
_RESTS_ON = frozenset({"cluster", "membership", "body", "programme"})
Found = Mapping[tuple[str, str], tuple[Serves, ...]]  # (region, division) -> organisations, most companies first


def kind_of(table: RegionalTable) -> AreaKind | None:
    """Whether the table's regions are the country's own regions or landsdele; None: neither."""
    codes = set(names_in(table.pk, NameKind.REGION))
    return next((kind for kind in (AreaKind.REGION, AreaKind.LANDSDEL) if codes and codes <= set(by_code(kind))), None)


def _counts(day: date, kind: AreaKind, version: str) -> dict[tuple[str, str], dict[int, int]]:
    """(region, division) -> organisation -> companies of that division in that region."""
    room = import_module(_GATHERING)
    found = room.gathered(day, day)
    bodies, members = found.bodies, found.members
    code_of = {pk: code for code, pk in by_code(kind).items()}
    region = {town: code_of[area] for town, area in parent_map(kind, on=day).items() if area in code_of}
    division = {pk: code[:2] for pk, code in codes_of(version).items()}
    counts: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    company, places, industries = bodies.company, bodies.places.tolist(), bodies.industries.tolist()
    for cluster, who in zip(members.clusters.tolist(), members.who.tolist(), strict=True):
        if company[who] and places[who] in region and industries[who] in division:
            counts[(region[places[who]], division[industries[who]])][cluster] += 1
    return counts


def serving(table: RegionalTable, *, on: date, least: int) -> Found | None:
    """None where the table's regions are no areas of the house. Organisations that have at least so many companies of the division in the region, or some and name the division themselves."""
    kind = kind_of(table)
    if kind is None:
        return None

    def make() -> Found:
        own = {one.pk: {industry.code[:2] for industry in one.industries.all()} for one in counted(on=on).prefetch_related("industries")}  # fmt: skip
        answer: dict[tuple[str, str], tuple[Serves, ...]] = {}
        for (region, division), by_cluster in _counts(on, kind, table.classification).items():
            every = (Serves(pk, n, division in own[pk]) for pk, n in by_cluster.items() if pk in own)
            kept_ones = [one for one in every if one.declared or one.companies >= least]
            if kept_ones:
                answer[(region, division)] = tuple(sorted(kept_ones, key=_order))
        return answer

    return kept(
        ("strengths serving", table.pk, kind, on, least), make, of=_RESTS_ON, weigh=lambda rows: 400 * len(rows)
    )


def _order(one: Serves) -> tuple[bool, int, int]:
    return not one.declared, -one.companies, one.cluster


def together(found: Found | None, region: str, industries: Iterable[str]) -> tuple[Serves, ...]:
    """Organisations of a field that is several industries: companies added."""
    found = found or {}
    companies: dict[int, int] = defaultdict(int)
    declared: set[int] = set()
    for code in industries:
        for one in found.get((region, code[:2]), ()):
            companies[one.cluster] += one.companies
            declared |= {one.cluster} if one.declared else set()
    return tuple(sorted((Serves(pk, n, pk in declared) for pk, n in companies.items()), key=_order))
