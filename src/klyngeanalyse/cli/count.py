"""`klyngeanalyse count`: every distinct company by year, region, size and industry."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from klyngeanalyse.cli.numbers import whole
from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.landscape.counting import Counts, count_masks
from klyngeanalyse.landscape.masks import DIMENSIONS, masks, refreshed, store, stored
from klyngeanalyse.landscape.suppression import Protected, protect
from klyngeanalyse.panel.reading import read
from klyngeanalyse.strengths.cells import Array

HELP = (
    "Counts every company once in each cell of year, region, size and industry and in all totals, from participations in any "
    "number of rows; a stored mask table takes in new rows without the old ones."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--by", default=",".join(DIMENSIONS), metavar="A,B", help=f"dimensions beside the year ({','.join(DIMENSIONS)})"
    )
    parser.add_argument("--table", metavar="NAME", help="table inside a DuckDB file or a PostgreSQL database")
    parser.add_argument("--company", default="company", metavar="NAME", help="who (company)")
    parser.add_argument("--year", default="year", metavar="NAME", help="when (year)")
    parser.add_argument("--masks", metavar="FILE", help="a stored mask table that INPUT is added to")
    parser.add_argument("--store-masks", metavar="FILE", help="where to store the mask table for next time")
    parser.add_argument(
        "--first-year", type=int, metavar="YEAR", help="first year of a new mask table; later rows may not be earlier"
    )
    parser.add_argument(
        "--least",
        type=whole(0),
        default=0,
        metavar="N",
        help="hide counts below N, and what would give them away (0: none)",
    )
    parser.add_argument(
        "--memory", default="1GB", metavar="SIZE", help="that the engine may use before it spills to disk (1GB)"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    named = tuple(one.strip() for one in said.by.split(",") if one.strip())
    if not named or len(set(named)) < len(named):
        raise Unfit(f"dimensions {said.by!r}", where="--by", mend="name one or more columns, each once")
    engine = DuckEngine(memory=said.memory)
    try:
        first, name = _masked(engine, said, named)
        progress(1, 3, "masks")
        if said.store_masks:
            store(engine, name, Path(said.store_masks), first)
        counts = count_masks(engine, name, first, dimensions=named)
    finally:
        engine.close()
    progress(2, 3, "counts")
    return {"counts": _protected(counts, said.least) if said.least else counts}


def _masked(engine: DuckEngine, said: argparse.Namespace, named: tuple[str, ...]) -> tuple[int, str]:
    read(engine, said.input, "source", table=said.table)
    there = engine.arrow("select * from source limit 0").column_names
    missing = [one for one in (said.company, said.year, *named) if one not in there]
    if missing:
        raise Unfit(
            f"no column {', '.join(missing)}",
            where=Path(said.input).name,
            why=f"it has {', '.join(there)}",
            mend="say what they are called",
        )
    columns = [f'"{said.company}" as company', f'"{said.year}" as year', *(f'"{one}"' for one in named)]
    engine.run(f"create or replace temp view participations as select {', '.join(columns)} from source")
    if not said.masks:
        return masks(engine, "participations", "fresh", first=said.first_year, dimensions=named), "fresh"
    first = stored(engine, said.masks, "earlier")
    masks(engine, "participations", "fresh", first=first, dimensions=named)
    refreshed(engine, "earlier", "fresh", "together", dimensions=named)
    return first, "together"


def _protected(counts: Counts, least: int) -> Protected:
    """Each year, and all years together, as a table of its own: nobody can add distinct companies over years."""
    labels = counts.labels[1:]
    slices: list[Array] = [
        protect(one, least, dimensions=counts.dimensions[1:], labels=labels, totalled=True).values
        for one in counts.companies
    ]
    return Protected(counts.dimensions, counts.labels, np.stack(slices), least)
