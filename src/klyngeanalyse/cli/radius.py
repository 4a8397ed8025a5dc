"""`klyngeanalyse radius`: the core and the radius of every organisation."""

from __future__ import annotations

import argparse

from klyngeanalyse.cli.numbers import whole
from klyngeanalyse.cli.tables import column_options, table
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.geography.radius import radii
from klyngeanalyse.geography.spread import spread
from klyngeanalyse.landscape.mass import CriticalMass, critical_mass

HELP = (
    "Finds the core of every organisation (the member nearest to all others), the radius that holds four fifths of its members, "
    "the share within 150 km, and whether it has critical mass."
)
COLUMNS = {
    "organisation": "whose member",
    "company": "who",
    "lon": "longitude in degrees",
    "lat": "latitude in degrees",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    column_options(parser, COLUMNS)
    parser.add_argument(
        "--weight",
        metavar="NAME",
        help="column that a member counts by, such as employment; without it each counts one",
    )
    parser.add_argument(
        "--by",
        default="",
        metavar="A,B",
        help="columns with kinds of places, such as region or urbanisation: shares of members",
    )
    parser.add_argument(
        "--within", type=float, default=0.8, metavar="SHARE", help="share of members that the radius holds (0.8)"
    )
    parser.add_argument(
        "--reach", type=float, default=150.0, metavar="KM", help="distance of which the share is told (150)"
    )
    parser.add_argument("--least-members", type=whole(0), default=150, metavar="N", help="of critical mass (150)")
    parser.add_argument(
        "--enough-members", type=whole(0), default=250, metavar="N", help="above it an organisation is large (250)"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    kinds = [one.strip() for one in said.by.split(",") if one.strip()]
    weight = [said.weight] if said.weight else []
    rows = table(said.input, [said.organisation, said.company, *kinds], [said.lon, said.lat, *weight])
    progress(1, 3, "reading")
    names = {"organisation": said.organisation, "company": said.company}
    places = radii(rows, lon=said.lon, lat=said.lat, weight=said.weight, within=said.within, reach=said.reach, **names)
    progress(2, 3, "cores and radii")
    rule = CriticalMass(said.least_members, said.enough_members, said.within, said.reach)
    answers: dict[str, Result] = {"radius": places}
    if not said.weight:
        answers["critical_mass"] = critical_mass(places, rule=rule)
    for kind in kinds:
        answers[f"by_{kind.lower()}"] = spread(rows, kind, **names)
    progress(3, 3, "done")
    return answers
