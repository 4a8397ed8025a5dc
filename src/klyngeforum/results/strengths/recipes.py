"""Recipes of regional tables: how the columns of a statistics office's file become region, industry, year and a number. Data, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, base, need, pair
from klyngeforum.ground.programme.terms import Entry

from .terms import Unit

FORMATS = ("csv", "parquet")
PARTS = ("region", "industry", "year", "employment", "workplaces", "region_name", "industry_name", "withheld")


@dataclass(frozen=True)
class TableRecipe(Entry):
    """One layout. ``columns``: part -> names that the column goes by. ``years``: columns that are years (a table across). ``keys``: a column
    that holds several, apart by commas. ``kinds``: what the number of a row is; of several
    words for employment (or workplaces) the first that a file holds is read. ``whole``: a region that contains the others."""

    note: Any
    format: str
    classification: str
    unit: Unit
    country: str
    columns: Mapping[str, tuple[str, ...]]
    years: str = ""
    year: int | None = None
    keys: tuple[str, ...] = ()
    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind_columns: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    regions: str = ""
    region_codes: Mapping[str, str] = field(default_factory=dict)
    industries: str = ""
    withheld: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    flags: bool = False
    decimal: str = "."
    plants: bool = False
    per_region: float = 0.0
    whole: str = ""
    rest: str = ""


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value or ())


def _pattern(text: str, where: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ProgrammeError(f"{where}: the pattern {text!r} cannot be read ({error})") from error
    return text


def _known(value: str, allowed: tuple[str, ...] | list[str], key: str, where: str) -> str:
    if value not in allowed:
        raise ProgrammeError(f"{where}: {key} is '{value}'; write one of {', '.join(allowed)}")
    return value


def read_recipe(raw: Mapping[str, Any], where: str) -> TableRecipe:
    columns = {_known(part, PARTS, "a column", where): _texts(names) for part, names in need(raw, "columns", where).items()}  # fmt: skip
    kinds, years, regions = dict(raw.get("kinds", {})), raw.get("years", {}), raw.get("regions", {})
    kind_columns = _texts(kinds.pop("column", None))
    missing = [part for part in ("industry",) if part not in columns and not raw.get("keys")]
    if missing:
        raise ProgrammeError(f"{where}: the column of {missing[0]} is missing; write {missing[0]} = … under [columns]")
    if not (years or "year" in columns or "year" in raw):
        raise ProgrammeError(f"{where}: nothing says the year; write year = … under [columns], [years] or year = 2012")
    return TableRecipe(
        **base(raw, where), note=pair(raw, where, "note_"), format=_known(str(need(raw, "format", where)), FORMATS, "format", where),
        classification=str(need(raw, "classification", where)), unit=Unit(_known(str(raw.get("unit", "persons")), Unit.values(), "unit", where)),
        country=str(raw.get("country", "")), columns=columns, years=_pattern(str(years.get("pattern", "")), where), year=raw.get("year"),
        keys=_texts(raw.get("keys")), rows={name: _texts(values) for name, values in raw.get("rows", {}).items()}, kind_columns=kind_columns,
        kinds={name: _texts(values) for name, values in kinds.items()}, regions=_pattern(str(regions.get("pattern", "")), where),
        region_codes={str(key): str(value) for key, value in regions.get("codes", {}).items()},
        industries=_pattern(str(raw.get("industries", {}).get("pattern", "")), where), withheld=_texts(raw.get("withheld")),
        nothing=_texts(raw.get("nothing")), flags=bool(raw.get("flags")), decimal=str(raw.get("decimal", ".")), plants=bool(raw.get("plants")),
        per_region=float(raw.get("per_region", 0)), whole=str(raw.get("whole", "")), rest=str(raw.get("rest", "")),
    )  # fmt: skip


@lru_cache(maxsize=8)
def table_recipes_in(folder: Path) -> tuple[TableRecipe, ...]:
    paths = sorted((folder / "regional_tables").glob("*.toml"))
    found = [read_recipe(read_toml(path), f"regional_tables/{path.name}") for path in paths]
    return tuple(sorted(found, key=lambda one: (one.country != "DK", one.country != "", one.code)))


def table_recipes() -> tuple[TableRecipe, ...]:
    return table_recipes_in(settings.PROGRAMME)


def table_recipe(code: str) -> TableRecipe | None:
    return next((one for one in table_recipes() if one.code == code), None)
