"""Taking a regional table in: all of it or nothing, the same file once."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.holding import once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark

from .models import RegionalCell, RegionalTable, TableName
from .reading import read_table
from .recipes import TableRecipe, table_recipe
from .terms import FileRead, NameKind, TableRun

_BATCH = 5000


def take_in_table(
    *, by: Actor, at: datetime, recipe_code: str, content: bytes, file_name: str, source: str = "", dry_run: bool, made_up: bool = False
) -> TableRun:  # fmt: skip
    """What the file holds, and, unless it is a dry run or something is wrong, the table that it becomes. The same file again is the table that it was."""
    recipe = table_recipe(recipe_code)
    require(
        may(by, "strengths.take_in", on=date_of(at)),
        YES if recipe else no(mark("There is no recipe “%(code)s”."), on="recipe", code=recipe_code),
    )
    if recipe is None:
        raise Refused(no(mark("There is no recipe “%(code)s”."), on="recipe", code=recipe_code))
    checksum = sha256(content).hexdigest()
    known = RegionalTable.objects.filter(recipe=recipe.code, checksum=checksum).values_list("number", flat=True).first()
    found = read_table(content, recipe)
    if known is not None or dry_run or found.problems:
        return TableRun(found, known, known=known is not None)
    with once():
        row = _written(by, at, recipe, found, file_name, checksum, source.strip() or recipe.source, made_up)
    return TableRun(found, row.number)


def _written(
    by: Actor, at: datetime, recipe: TableRecipe, found: FileRead, file_name: str, checksum: str, source: str, made_up: bool
) -> RegionalTable:  # fmt: skip
    number = (RegionalTable.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    row = RegionalTable.objects.create(
        number=number, recipe=recipe.code, file_name=file_name[:200], checksum=checksum, source=source[:300], provenance=recipe.provenance.value,
        country=recipe.country, classification=recipe.classification, unit=recipe.unit, made_up=made_up, rows=found.rows,
        left_out=found.left_out, cells_held=len(found.cells), withheld=found.withheld, regions=len(found.regions), industries=len(found.industries),
        first_year=found.years[0], last_year=found.years[-1], taken_at=at, taken_by=by if isinstance(by, Person) else None,
    )  # fmt: skip
    names = [
        TableName(table=row, kind=kind, code=code, name=name)
        for kind, held in ((NameKind.REGION, found.regions), (NameKind.INDUSTRY, found.industries))
        for code, name in held.items()
    ]
    TableName.objects.bulk_create(names, batch_size=_BATCH)
    cells = (
        RegionalCell(
            table=row, line=one.line, region=one.region, industry=one.industry, year=one.year, employment=one.employment,
            workplaces=one.workplaces, withheld=one.withheld,
        )
        for one in found.cells
    )  # fmt: skip
    RegionalCell.objects.bulk_create(cells, batch_size=_BATCH)
    stock_of(len(found.cells), RegionalCell)
    after = {"number": number, "checksum": checksum, "recipe": recipe.code, "rows": found.rows, "cells": len(found.cells), "source": row.source}  # fmt: skip
    record(by=by, at=at, verb="strengths.take_in_table", thing="regional_table", thing_id=row.pk, after=after)
    return row
