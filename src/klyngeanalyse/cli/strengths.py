"""`klyngeanalyse strengths`: where an industry is strong."""

from __future__ import annotations

import argparse

from klyngeanalyse.cli.numbers import number
from klyngeanalyse.cli.tables import column_options, table
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.relatedness.space import density, presence, proximity
from klyngeanalyse.strengths.agglomeration import ellison_glaeser
from klyngeanalyse.strengths.cells import Cells, cells, yearly
from klyngeanalyse.strengths.emerging import emerging_fields
from klyngeanalyse.strengths.growth import shift_share
from klyngeanalyse.strengths.quotients import SmallCells, location_quotients, quotients
from klyngeanalyse.strengths.rulesets import RULE_SETS, RuleSet, rule_set
from klyngeanalyse.strengths.stars import stars
from klyngeanalyse.strengths.strong import strong_clusters

HELP = (
    "Says where an industry is strong: location quotients with intervals, stars by a rule set, strong clusters, growth by "
    "parts and emerging fields, from one row a region and industry."
)
PROTOCOL = ("rule_set",)
COLUMNS = {"region": "where", "industry": "what", "employment": "jobs of the region in the industry"}


def arguments(parser: argparse.ArgumentParser) -> None:
    column_options(parser, COLUMNS)
    more = parser.add_argument_group("further columns, where INPUT has them")
    more.add_argument(
        "--plants", metavar="NAME", help="number of plants: intervals, small cells, strong clusters, emerging fields"
    )
    more.add_argument(
        "--year", metavar="NAME", help="year: the last one is judged, growth is from the first to the last"
    )
    more.add_argument(
        "--metrics",
        default="",
        metavar="A,B",
        help="columns of INPUT that the rule set judges by beside employment, such as productivity",
    )
    what = parser.add_argument_group("what is asked")
    what.add_argument(
        "--stars",
        default="",
        metavar="RULES",
        help=f"a rule set ({', '.join(RULE_SETS)}), or `own` with [rule_set] in the protocol",
    )
    what.add_argument(
        "--clusters", metavar="FILE", help="a definition: columns industry, cluster; industries outside it are left out"
    )
    what.add_argument(
        "--each-plant", metavar="FILE", help="one row a plant (industry, region, employment): Ellison-Glaeser"
    )
    what.add_argument(
        "--strong-clusters", action="store_true", help="the top quarter of the regions by quotient; needs --plants"
    )
    what.add_argument(
        "--emerging", action="store_true", help="small, near and fast-growing fields; needs --plants and --year"
    )
    rules = parser.add_argument_group("rules")
    rules.add_argument(
        "--least-employment", type=number(), default=10.0, metavar="N", help="smaller cells are not shown (10)"
    )
    rules.add_argument(
        "--least-plants", type=number(), default=3.0, metavar="N", help="cells of fewer plants are not shown (3)"
    )
    rules.add_argument("--level", type=float, default=0.95, metavar="P", help="of the intervals (0.95)")
    rules.add_argument(
        "--rate",
        type=number(0, 1, above=True),
        default=0.10,
        metavar="Q",
        help="share of false discoveries among emerging fields (0.10)",
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    if ((said.strong_clusters or said.emerging) and not said.plants) or (said.emerging and not said.year):
        missing = "--plants" if not said.plants else "--year"
        asked = "--emerging" if said.emerging else "--strong-clusters"
        raise Unfit(f"{asked} without {missing}", mend=f"say with {missing} which column it is")
    metrics = [one.strip() for one in said.metrics.split(",") if one.strip()]
    if metrics and said.clusters:
        raise Unfit("--metrics with --clusters", mend="give a table that is in clusters already: rates cannot be added")
    numbers = [one for one in (said.employment, said.plants, said.year, *metrics) if one]
    rows = table(said.input, [said.region, said.industry], numbers)
    progress(1, 4, "reading")
    jobs, plants = (_by_year(rows, said, value) for value in (said.employment, said.plants))
    last = max(jobs)
    small = SmallCells(said.least_employment, said.least_plants)
    answers: dict[str, Result] = {
        "quotients": location_quotients(jobs[last], plants=plants.get(last), small=small, level=said.level)
    }
    progress(2, 4, "quotients")
    if said.stars:
        further = {name: _by_year(rows, said, name)[last] for name in metrics}
        answers["stars"] = stars(jobs[last], _rules(said), metrics=further)
    if said.strong_clusters:
        answers["strong_clusters"] = strong_clusters(
            jobs[last], plants[last], least_employment=said.least_employment, least_plants=said.least_plants
        )
    progress(3, 4, "growth")
    if len(jobs) > 1:
        answers["growth"] = shift_share(jobs[min(jobs)], jobs[last])
        if said.emerging:
            first = plants[min(plants)]
            present = presence(quotients(first.values))
            near = density(present, proximity(present, diagonal=False))
            answers["emerging"] = emerging_fields(first, plants[last], near, rate=said.rate)
    if said.each_plant:
        answers["concentration"] = ellison_glaeser(table(said.each_plant, ["industry", "region"], ["employment"]))
    progress(4, 4, "done")
    return answers


def _by_year(rows: object, said: argparse.Namespace, value: str | None) -> dict[float, Cells]:
    """Tables by year (0 where there are no years), in clusters where a definition is given."""
    if not value:
        return {}
    named = {"region": said.region, "industry": said.industry, "value": value}
    found = yearly(rows, year=said.year, **named) if said.year else {0.0: cells(rows, **named)}
    if not said.clusters:
        return found
    definition = table(said.clusters, ["industry", "cluster"])
    pairs = zip(*(map(str, definition[name].to_pylist()) for name in ("industry", "cluster")), strict=True)
    kinds = dict(pairs)
    return {year: one.merged(kinds) for year, one in found.items()}


def _rules(said: argparse.Namespace) -> RuleSet:
    if said.stars == "own":
        own = (getattr(said, "settings", None) or {}).get("rule_set")
        if not isinstance(own, dict):
            raise Unfit("no rule set of your own", where="--stars own", mend="write a table [rule_set] in the protocol")
        return rule_set(own)
    if said.stars not in RULE_SETS:
        raise Unfit(f"no rule set {said.stars}", where="--stars", mend=f"choose {', '.join(RULE_SETS)} or own")
    return RULE_SETS[said.stars]
