"""Recipes: how the columns of somebody else's file become bodies, organisations, activities and participations. Data, read once."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, need, pair
from klyngeforum.ground.words import mark

Raw = dict[str, str]
SHAPES = ("projects", "participants")
_SECTIONS = {
    "projects": ("rows", "organisation", "activity", "partners"),
    "participants": ("participant", "kinds", "activity"),
}
_MOST_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Recipe:
    """One kind of file: its name, where it comes from, and the sections that say what each column is."""

    code: str
    name: Bilingual
    source: Bilingual
    note: Bilingual
    shape: str
    sections: dict[str, Any]

    def columns(self) -> set[str]:
        """Columns that the file must have."""
        named: set[str] = set()
        for section, keys in (
            ("organisation", ("number", "name", "postcode", "city", "purpose")),
            ("participant", ("number", "name", "city", "country", "type", "role")),
            ("activity", ("reference", "starts", "ends")),
        ):
            named |= {self.sections[section][key] for key in keys if key in self.sections.get(section, {})}
        named |= set(self.sections.get("rows", {}).get("columns", []))
        if "partners" in self.sections:
            named.add(self.sections["partners"]["column"])
        return named


class WrongFile(Exception):
    """The file does not fit the recipe: what is wrong, where, and what to do (marked words and their values)."""

    def __init__(self, why: str, /, **values: object) -> None:
        super().__init__(why % values if values else why)
        self.why, self.values = why, values


def _read(path: Path) -> Recipe:
    raw = read_toml(path)
    shape = str(need(raw, "shape", path.name))
    if shape not in SHAPES:
        raise ProgrammeError(f"{path.name}: shape '{shape}' is unknown; write one of {', '.join(SHAPES)}")
    for section in _SECTIONS[shape]:
        need(raw, section, path.name)
    carrier = raw.get("organisation", {})
    for pattern in (
        raw.get("rows", {}).get("pattern"), raw.get("partners", {}).get("apart"), carrier.get("named_so"), carrier.get("company_if"),
    ):  # fmt: skip
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ProgrammeError(f"{path.name}: the pattern {pattern!r} cannot be read ({error})") from error
    name, note = pair(raw, path.name), pair(raw, path.name, "note_")
    source = str(need(raw, "source", path.name))
    origin = Bilingual(str(raw.get("source_da", source)), source)
    return Recipe(str(need(raw, "code", path.name)), name, origin, note, shape, raw)


@lru_cache(maxsize=8)
def recipes_in(folder: Path) -> tuple[Recipe, ...]:
    return tuple(_read(path) for path in sorted((folder / "recipes").glob("*.toml")))


def recipes() -> tuple[Recipe, ...]:
    return recipes_in(settings.PROGRAMME)


def recipe(code: str) -> Recipe | None:
    return next((one for one in recipes() if one.code == code), None)


def rows_of(recipe: Recipe, content: bytes) -> list[Raw]:
    """Every row of a CSV file (plain or gzip), with the recipe's columns present."""
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(_MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise WrongFile(mark("The packed file is damaged. Fetch it again.")) from error
    if len(content) > _MOST_BYTES:
        raise WrongFile(mark("The file is larger than 500 MB. Split it into smaller files."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\x00", "")
    first = text.split("\n", 1)[0]
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
        missing = sorted(recipe.columns() - set(reader.fieldnames or ()))
        if missing:
            why = mark("The file has no column “%(missing)s”; the recipe reads: %(columns)s.")
            raise WrongFile(why, missing=missing[0], columns=", ".join(sorted(recipe.columns())))
        return [{key: (value or "").strip() for key, value in row.items() if isinstance(key, str) and not isinstance(value, list)} for row in reader]  # fmt: skip
    except csv.Error as error:
        why = mark("The file is not a table that can be read. Save it as CSV with a header row.")
        raise WrongFile(why) from error


def day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        why = mark("%(where)s: “%(text)s” is not a day; write it as 2012-03-05.")
        raise WrongFile(why, where=where, text=text[:40]) from None
