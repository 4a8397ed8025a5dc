"""The regions' strategies for smart specialisation: data of the programme, each valid from its day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, base, need, pair
from klyngeforum.ground.programme.terms import Entry

from .definitions import Definition, definitions_in


@dataclass(frozen=True, slots=True)
class Priority:
    """An activity that a region puts first: its fields (categories of the strategy's definition) and what the strategy says for it."""

    code: str
    name: Bilingual
    activity: Bilingual
    fields: tuple[str, ...]
    evidence: tuple[Bilingual, ...]
    instruments: tuple[Bilingual, ...]
    monitoring: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Strategy(Entry):
    """One region's strategy from its day on."""

    version: str
    region: str
    since: date
    definition: Definition
    priorities: tuple[Priority, ...]


def _pairs(raw: Mapping[str, Any], key: str, where: str) -> tuple[Bilingual, ...]:
    return tuple(pair(one, f"{where}, {key}") for one in raw.get(key, ()))


def _priority(raw: Mapping[str, Any], where: str, definition: Definition) -> Priority:
    fields = tuple(str(code) for code in need(raw, "fields", where))
    unknown = next((code for code in fields if definition.category(code) is None), None)
    if unknown is not None:
        known = ", ".join(one.code for one in definition.categories)
        raise ProgrammeError(f"{where}: the field '{unknown}' is not in {definition.code}; write one of {known}")
    return Priority(
        str(need(raw, "code", where)), pair(raw, where), pair(raw, where, "activity_"), fields, _pairs(raw, "evidence", where),
        _pairs(raw, "instruments", where), _pairs(raw, "monitoring", where),
    )  # fmt: skip


def read_strategy(raw: Mapping[str, Any], where: str, known: Iterable[Definition]) -> Strategy:
    asked, since = str(need(raw, "definition", where)), need(raw, "from", where)
    definition = next((one for one in known if one.code == asked), None)
    if definition is None:
        raise ProgrammeError(f"{where}: there are no cluster categories '{asked}'; name a file of cluster_categories/")
    if not raw.get("priority"):
        raise ProgrammeError(f"{where}: there is no priority; write [[priority]] with code, da, en and fields")
    if not isinstance(since, date):
        raise ProgrammeError(f"{where}: from is not a date; write from = 2014-01-01")
    priorities = tuple(
        _priority(one, f"{where}, priority {nth}", definition) for nth, one in enumerate(need(raw, "priority", where), start=1)
    )  # fmt: skip
    return Strategy(
        **base(raw, where), version=str(need(raw, "version", where)), region=str(need(raw, "region", where)), since=since,
        definition=definition, priorities=priorities,
    )  # fmt: skip


@lru_cache(maxsize=8)
def strategies_in(folder: Path) -> tuple[Strategy, ...]:
    found, seen = [], set[tuple[str, date]]()
    for path in sorted((folder / "specialisation").glob("*.toml")):
        where = f"specialisation/{path.name}"
        one = read_strategy(read_toml(path), where, definitions_in(folder))
        if (one.region, one.since) in seen:
            raise ProgrammeError(f"{where}: region {one.region} has a strategy from {one.since} already; mend 'from' of one")  # fmt: skip
        seen.add((one.region, one.since))
        found.append(one)
    return tuple(found)


def strategies(on: date) -> tuple[Strategy, ...]:
    """The newest of each region that had begun by the day; before the first there is none."""
    begun = (one for one in strategies_in(settings.PROGRAMME) if one.since <= on)
    by_region = {one.region: one for one in sorted(begun, key=lambda one: one.since)}
    return tuple(one for _, one in sorted(by_region.items()))


def strategy_of(region: str, on: date) -> Strategy | None:
    return next((one for one in strategies(on) if one.region == region), None)
