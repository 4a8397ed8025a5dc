"""`klyngeanalyse relatedness`: which industries live together, and how near regions are to what they do not do yet."""

from __future__ import annotations

import argparse

from klyngeanalyse.cli.numbers import number, whole
from klyngeanalyse.cli.tables import column_options, table
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.relatedness.entry import entry
from klyngeanalyse.relatedness.fitness import fitness
from klyngeanalyse.relatedness.space import presence, relatedness
from klyngeanalyse.strengths.cells import cells, yearly
from klyngeanalyse.strengths.quotients import quotients

HELP = (
    "Finds which industries live in the same regions, how near each region is to the industries that it does not have, and "
    "how complex regions and industries are; with years, whether nearness foretold what came."
)
COLUMNS = {
    "region": "where",
    "industry": "what",
    "employment": "jobs, exports or patents of the region in the industry",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    column_options(parser, COLUMNS)
    parser.add_argument(
        "--year",
        metavar="NAME",
        help="column with the year: the last one is described, entry is from the first to the last",
    )
    parser.add_argument(
        "--least",
        type=number(above=True),
        default=1.0,
        metavar="LQ",
        help="a region has an industry from this quotient (1)",
    )
    parser.add_argument(
        "--without-diagonal",
        action="store_true",
        help="an industry is not near to itself: density then says nothing of what is there",
    )
    parser.add_argument(
        "--least-regions", type=whole(1), default=60, metavar="N", help="no complexity over fewer regions (60)"
    )
    parser.add_argument("--least-proximity", type=number(0, 1), default=0.5, metavar="P", help="pairs listed (0.5)")
    parser.add_argument(
        "--steps", type=whole(1), default=1000, metavar="N", help="of the fitness iteration, at most (1000)"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    rows = table(said.input, [said.region, said.industry], [said.employment, *([said.year] if said.year else [])])
    named = {"region": said.region, "industry": said.industry, "value": said.employment}
    years = yearly(rows, year=said.year, **named) if said.year else {0.0: cells(rows, **named)}
    progress(1, 3, "reading")
    one = relatedness(
        years[max(years)], diagonal=not said.without_diagonal, least=said.least, least_regions=said.least_regions
    )
    progress(2, 3, "industry space")
    answers: dict[str, Result] = {"density": one, "proximity": one.links(said.least_proximity)}
    if one.complexity is not None:
        answers["complexity"] = one.complexity
        answers["fitness"] = fitness(one.regions, one.industries, one.present, steps=said.steps)
    if len(years) > 1:
        first = presence(quotients(years[min(years)].values), said.least)
        answers["entry"] = entry(first, one.present)
    progress(3, 3, "done")
    return answers
