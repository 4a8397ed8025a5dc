"""`klyngeanalyse overlap`: which organisations share members, which do the same with others, what a merger would be."""

from __future__ import annotations

import argparse

from klyngeanalyse.cli.numbers import number
from klyngeanalyse.cli.tables import column_options, table
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.landscape.coverage import coverage
from klyngeanalyse.landscape.merging import merge
from klyngeanalyse.landscape.overlap import Flags, overlaps

HELP = (
    "Compares every pair of organisations by their members and, where known, by the industries of their members: overlap, "
    "parallel structures, gaps in the strong fields, and what a merger would be."
)
COLUMNS = {"organisation": "whose member", "company": "who"}


def arguments(parser: argparse.ArgumentParser) -> None:
    column_options(parser, COLUMNS)
    more = parser.add_argument_group("further columns, where INPUT has them")
    more.add_argument(
        "--industry", metavar="NAME", help="industry of the member, with --employment: profiles and parallel structures"
    )
    more.add_argument("--employment", metavar="NAME", help="jobs of the member")
    parser.add_argument(
        "--members-alike",
        type=float,
        default=0.3,
        metavar="P",
        help="share of the smaller one's members that is overlap (0.3)",
    )
    parser.add_argument(
        "--industries-alike", type=float, default=0.7, metavar="P", help="likeness of profiles that is parallel (0.7)"
    )
    parser.add_argument(
        "--companies", metavar="FILE", help="all companies (company, region, industry, employment): coverage"
    )
    parser.add_argument("--strong", metavar="FILE", help="strong fields (region, industry): gaps; needs --companies")
    parser.add_argument(
        "--least-coverage",
        type=number(0, 1),
        default=0.05,
        metavar="P",
        help="a strong field reached below it is a gap (0.05)",
    )
    parser.add_argument(
        "--merge",
        action="append",
        default=[],
        metavar="NEW=A,B",
        help="what a merger of A and B called NEW would be; may be repeated",
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    kinds, jobs = ([one] if one else [] for one in (said.industry, said.employment))
    rows = table(said.input, [said.organisation, said.company, *kinds], jobs)
    progress(1, 3, "reading")
    names = {"organisation": said.organisation, "company": said.company}
    flags = Flags(said.members_alike, said.industries_alike)
    answers: dict[str, Result] = {
        "overlap": overlaps(rows, industry=said.industry, employment=said.employment, flags=flags, **names)
    }
    progress(2, 3, "pairs")
    if said.strong and not said.companies:
        raise Unfit("strong fields without companies", where="--strong", mend="give --companies as well")
    if said.companies:
        universe = table(said.companies, ["company", "region", "industry"], ["employment"])
        nothing: dict[str, list[str]] = {"region": [], "industry": []}
        strong = table(said.strong, ["region", "industry"]) if said.strong else nothing
        links = rows.select([said.organisation, said.company]).rename_columns(["organisation", "company"])
        answers["coverage"] = coverage(universe, links, strong, least=said.least_coverage)
    if said.merge:
        answers["merger"] = merge(rows, _mergers(said.merge), **names)
    progress(3, 3, "done")
    return answers


def _mergers(words: list[str]) -> dict[str, str]:
    into: dict[str, str] = {}
    for word in words:
        new, _, parts = word.partition("=")
        listed = [one.strip() for one in parts.split(",") if one.strip()]
        if not new.strip() or len(listed) < 2:
            raise Unfit(f"{word!r} is no merger", where="--merge", mend="write NEW=A,B")
        twice = [one for one in listed if one in into]
        if twice:
            raise Unfit(f"{twice[0]} is merged twice", where="--merge", mend="name each part once")
        into |= dict.fromkeys(listed, new.strip())
    return into
