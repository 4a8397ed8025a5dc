"""klyngeanalyse recommend: who fits whom, or which cluster, each suggestion with what it rests on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from klyngeanalyse.cli import reading
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.recommend import Bodies, Links, clusters, evaluate, link_parts, own_parts, suggest

HELP = (
    "Suggest partners or clusters. INPUT lists those who may be suggested: id, text and, if you like, industry, area, latitude, "
    "longitude, kind (need or offer). Each suggestion says what it rests on, and the parts add up to its score."
)
PROTOCOL = ("weights",)  # a table: part -> weight


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--asking", type=Path, metavar="FILE", help="those who ask, same columns (everybody in INPUT)")
    parser.add_argument(
        "--members", type=Path, metavar="FILE", help="cluster, member: suggest clusters instead of bodies"
    )
    parser.add_argument(
        "--links",
        type=Path,
        metavar="FILE",
        help="link, member, year and, if you like, text, leader (yes): earlier joint work",
    )
    parser.add_argument(
        "--year", type=int, metavar="Y", help="the year it is: later links are left out (the latest in the file)"
    )
    parser.add_argument(
        "--not", type=Path, dest="not_these", metavar="FILE", help="asker, suggested: pairs not to suggest"
    )
    parser.add_argument("--most", type=int, default=10, metavar="N", help="suggestions for each asker (10)")
    parser.add_argument(
        "--test", type=int, metavar="Y", help="with --links: hold out what came after year Y and say how many are found"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    if said.links and said.members and said.test is None:
        raise Unfit(
            "--links with --members",
            why="links say who worked with whom, and here clusters are suggested, by what their members are like",
            mend="leave --links out, or add --test Y to learn the weights from them",
        )
    bodies = read_bodies(Path(said.input))
    weights = _weights(said.settings.get("weights"))
    links, leaders = _links(said.links) if said.links else (None, {})
    results: dict[str, Result] = {}
    if said.test is not None:
        if links is None:
            raise Unfit("--test without --links", mend="give the file of earlier links")
        results["test"] = held = evaluate(
            links, bodies, leaders, until=said.test, last=int(links.year.max()), seed=said.seed, progress=progress
        )
        weights = weights or held.weights
    askers = read_bodies(said.asking) if said.asking else bodies
    inside = _members(said.members) if said.members else {}
    candidates = clusters(inside, bodies) if inside else bodies
    parts = own_parts(askers, candidates)
    if links is not None and not inside:
        now = int(links.year.max()) if said.year is None else said.year
        earlier = links.until(now)
        if not len(earlier):
            _tell_none(links, now)
        parts += link_parts(earlier, askers, candidates, now)
    out = _not_these(said.not_these, inside)
    results["suggestions"] = suggest(
        parts, askers, candidates, k=said.most, weights=weights, not_these=out, progress=progress
    )
    return results


def _tell_none(links: Links, now: int) -> None:
    """One line where every link is later than the year asked about: the answer is the same as without the file."""
    first = int(links.last().min())
    print(
        f"note: no link of {now} or before (the first is of {first}): answered as if without --links", file=sys.stderr
    )


def read_bodies(path: Path) -> Bodies:
    rows = reading.lines(path, ("id",), ("text", "industry", "area", "latitude", "longitude", "kind"))
    ids = tuple(row["id"] for row in rows)
    twice = sorted({name for name in ids if ids.count(name) > 1}) if len(set(ids)) < len(ids) else []
    if not ids or twice:
        what = "no rows" if not ids else f"{twice[0]} twice"
        raise Unfit(what, where=f"{path.name}, column id", mend="give each body one row")
    places = {
        axis: np.array([reading.number(row[axis], f"{path.name}, {row['id']}, {axis}", np.nan) for row in rows])
        for axis in ("latitude", "longitude")
    }
    return Bodies(
        ids,
        tuple(row["text"] for row in rows),
        tuple(tuple(row["industry"].replace(";", " ").replace(",", " ").split()) for row in rows),
        tuple(row["area"] for row in rows),
        places["latitude"],
        places["longitude"],
        tuple(row["kind"].lower() for row in rows),
    )


def _weights(said: Any) -> dict[str, float] | None:
    if said is None:
        return None
    if not isinstance(said, dict) or not all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in said.values()
    ):
        raise Unfit(
            "weights are not a table of numbers", where="the protocol", mend="write [recommend.weights] and text = 0.6"
        )
    return {str(name): float(value) for name, value in said.items()}


def _links(path: Path) -> tuple[Links, dict[str, str]]:
    rows = reading.lines(path, ("link", "member", "year"), ("text", "leader"))
    if not rows:
        raise Unfit("no rows", where=path.name, mend="give one row a link and member")
    year = np.array(
        [int(reading.number(row["year"], f"{path.name}, link {row['link']}, year", 0)) for row in rows], dtype=np.int64
    )
    leaders = {
        row["link"]: row["member"]
        for row in rows
        if reading.truth(row["leader"], f"{path.name}, link {row['link']}, column leader")
    }
    link, member = (np.array([row[name] for row in rows], dtype=str) for name in ("link", "member"))
    return Links(link, member, year, {row["link"]: row["text"] for row in rows if row["text"]}), leaders


def _members(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in reading.lines(path, ("cluster", "member")):
        found.setdefault(row["cluster"], []).append(row["member"])
    return found


def _not_these(path: Path | None, inside: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is not to be shown: the pairs of the file, and clusters that an asker is in."""
    found: dict[str, list[str]] = {}
    for row in reading.lines(path, ("asker", "suggested")) if path else []:
        found.setdefault(row["asker"], []).append(row["suggested"])
    for cluster, members in inside.items():
        for member in members:
            found.setdefault(member, []).append(cluster)
    return found
