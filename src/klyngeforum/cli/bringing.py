"""import: a file by its recipe."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.tables.terms import Problem
from klyngeforum.records.intake.bringing import Brought, take_in_file
from klyngeforum.records.intake.recipes import WrongFile, recipe, recipes
from klyngeforum.results.landscape.actions import follow
from klyngeforum.results.strengths.actions import take_in_table
from klyngeforum.results.strengths.recipes import table_recipe, table_recipes

from .printing import Row, show
from .stopping import Options, Stop


def bring_in(options: Options) -> int:
    code = str(options["recipe"])
    if code == "list":
        rows: list[Row] = [{"recipe": one.code, "name": one.name.da, "source": one.source.en} for one in recipes()]
        rows += [{"recipe": way.code, "name": way.name.da, "source": way.source} for way in table_recipes()]
        show(rows, str(options["format"]))
        return 0
    if recipe(code) is None and table_recipe(code) is None:
        known = ", ".join([*(one.code for one in recipes()), *(way.code for way in table_recipes())])
        raise Stop(f"there is no recipe {code!r}; there are: {known}")
    if not options["file"]:
        raise Stop("name the file to take in")
    path = Path(str(options["file"]))
    if table_recipe(code) is not None:
        return _table(options, code, path)
    try:
        with transaction.atomic():  # the finder knows of it from the same moment
            brought = take_in_file(
                by=None, at=timezone.now(), recipe_code=code, content=path.read_bytes(), name=path.name,
                dry_run=bool(options["dry_run"]),
            )  # fmt: skip
            follow()
    except WrongFile as error:
        raise Stop(f"{path.name}: {error}") from error
    row: Row = {
        "rows": brought.rows, "used": brought.used, "new bodies": brought.bodies, "new organisations": brought.organisations,
        "new activities": brought.activities, "new participations": brought.participations, "names matched": brought.matched,
        "names waiting": brought.waiting,
    }  # fmt: skip
    show(_names(brought) if options["names"] else [row], str(options["format"]))
    return 0


def _table(options: Options, code: str, path: Path) -> int:
    """0 when the regional table is sound (and taken in, unless this is a dry run); 1 with a row for each problem."""
    how = str(options["format"])
    try:
        run = take_in_table(
            by=None, at=timezone.now(), recipe_code=code, content=path.read_bytes(), file_name=path.name, source=str(options["source"] or ""),
            dry_run=bool(options["dry_run"]),
        )  # fmt: skip
    except NotATable as error:
        raise Stop(f"{path.name}: {error} {error.mend}") from error
    read = run.read
    if read.problems:
        show([_problem(one) for one in read.problems], how)
        return 1
    row: Row = {
        "table": run.number, "known": run.known, "rows": read.rows, "used": read.rows - read.left_out, "cells": len(read.cells),
        "withheld": read.withheld, "regions": len(read.regions), "industries": len(read.industries), "from": read.years[0], "to": read.years[-1],
    }  # fmt: skip
    show([row], how)
    return 0


def _problem(one: Problem) -> Row:
    why, mend = (text % one.values if one.values else text for text in (one.why, one.mend))
    return {"row": one.row, "column": one.column, "value": one.value, "why": why, "mend": mend}


def _names(brought: Brought) -> list[Row]:
    """Every name that was compared, the surest first."""
    return [
        {"name": one.name, "is like": one.body, "number": one.number, "score": one.score, "reason": one.reason, "taken": one.taken}
        for one in brought.compared
    ]  # fmt: skip
