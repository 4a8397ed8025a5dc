"""Cluster categories by versioned definition files, and versions of the star method: data of the programme, read once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.queries import raw_entries, read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, base, need, pair
from klyngeforum.ground.programme.terms import Entry

KINDS = ("traded", "local")


@dataclass(frozen=True, slots=True)
class Category:
    """Industries that belong together; a local one follows where people live."""

    code: str
    name: Bilingual
    local: bool
    industries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition(Entry):
    """A version of categories for one classification of industries. ``missing``: the file that it reads and that is not here."""

    version: str
    classification: str
    categories: tuple[Category, ...]
    missing: str = ""

    def of(self) -> dict[str, str]:
        """Industry -> category."""
        return {industry: one.code for one in self.categories for industry in one.industries}

    def category(self, code: str) -> Category | None:
        return next((one for one in self.categories if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One criterion: a metric in the top share of the regions, or from a threshold."""

    metric: str
    share: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class StarRule(Entry):
    """A version of the star method."""

    version: str
    floor: float
    least_regions: int
    mark: str
    criteria: tuple[Asked, ...]


def _inline(raw: Mapping[str, Any], where: str) -> list[Category]:
    found, seen = [], dict[str, str]()
    for nth, one in enumerate(need(raw, "category", where), start=1):
        there, kind = f"{where}, category {nth}", str(one.get("kind", "traded"))
        if kind not in KINDS:
            raise ProgrammeError(f"{there}: kind is '{kind}'; write one of {', '.join(KINDS)}")
        industries = tuple(str(code) for code in need(one, "industries", there))
        twice = next((code for code in industries if code in seen), None)
        if twice is not None:
            raise ProgrammeError(f"{there}: industry {twice} stands in '{seen[twice]}' already; take it out of one")
        code = str(need(one, "code", there))
        seen |= dict.fromkeys(industries, code)
        found.append(Category(code, pair(one, there), kind == "local", industries))
    return found


def _from_file(path: Path, columns: Mapping[str, str], where: str) -> list[Category]:
    """Categories of a table with a row for each industry."""
    held: dict[str, list[str]] = {}
    local: set[str] = set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in columns.values() if name not in (reader.fieldnames or ())]
        if missing:
            raise ProgrammeError(f"{where}: {path.name} has no column '{missing[0]}'; mend [columns]")
        for row in reader:
            name = row[columns["category"]].strip()
            if not name:
                continue
            held.setdefault(name, []).append(row[columns["industry"]].strip())
            if "kind" in columns and row[columns["kind"]].strip().casefold() == "local":
                local.add(name)
    return [Category(name, Bilingual(name, name), name in local, tuple(codes)) for name, codes in sorted(held.items())]


def read_definition(path: Path) -> Definition:
    raw = read_toml(path)
    where = f"cluster_categories/{path.name}"
    missing, categories = "", list[Category]()
    if "file" in raw:
        table = path.parent / str(raw["file"])
        if table.is_file():
            categories = _from_file(table, need(raw, "columns", where), where)
        else:
            missing = table.name
    else:
        categories = _inline(raw, where)
    return Definition(
        **base(raw, where), version=str(need(raw, "version", where)), classification=str(need(raw, "classification", where)),
        categories=tuple(categories), missing=missing,
    )  # fmt: skip


def read_star_rule(raw: dict[str, Any], where: str) -> StarRule:
    criteria = []
    for one in need(raw, "criterion", where):
        if ("share" in one) == ("threshold" in one):
            raise ProgrammeError(
                f"{where}: the criterion on {one.get('metric')} needs a share or a threshold, and not both"
            )
        criteria.append(Asked(str(need(one, "metric", where)), one.get("share"), one.get("threshold")))
    return StarRule(
        **base(raw, where), version=str(need(raw, "version", where)), floor=float(need(raw, "floor", where)),
        least_regions=int(need(raw, "least_regions", where)), mark=str(need(raw, "mark", where)), criteria=tuple(criteria),
    )  # fmt: skip


@lru_cache(maxsize=8)
def definitions_in(folder: Path) -> tuple[Definition, ...]:
    return tuple(read_definition(path) for path in sorted((folder / "cluster_categories").glob("*.toml")))


@lru_cache(maxsize=8)
def star_rules_in(folder: Path) -> tuple[StarRule, ...]:
    return tuple(read_star_rule(raw, where) for where, raw in raw_entries(folder, "star_rules", "rule_set"))


def definitions(classification: str) -> tuple[Definition, ...]:
    """Those of this classification of industries."""
    return tuple(one for one in definitions_in(settings.PROGRAMME) if one.classification == classification)


def star_rules() -> tuple[StarRule, ...]:
    return star_rules_in(settings.PROGRAMME)
