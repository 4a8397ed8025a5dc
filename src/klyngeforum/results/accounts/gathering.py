"""Gathering a year's facts from registers and records, for one organisation or for all of a round at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from klyngeforum.ground.bodies import queries as bodies
from klyngeforum.records.activities import queries as activities
from klyngeforum.records.outcomes import queries as outcomes
from klyngeforum.registers.clusters import queries as clusters
from klyngeforum.registers.memberships import queries as memberships
from klyngeforum.registers.memberships.terms import Commitment

from .rules import BodyFacts, Facts, LineValues, lines_of

_FEW = 800


def _starts(cluster_ids: list[int], year: int, root: dict[int, int]) -> tuple[dict[int, set[int]], frozenset[int]]:
    """Bodies in projects that started this year, by organisation; and bodies that started anywhere before."""
    here: dict[int, set[int]] = defaultdict(set)
    projects = activities.starts(year, since=year, cluster_ids=cluster_ids)
    for cluster_id, body_id in activities.partners_of(projects).values_list("activity__cluster_id", "body_id"):
        here[cluster_id].add(root.get(body_id, body_id))
    asked = set().union(*here.values())
    asked |= {body for body, kept in root.items() if kept in asked}
    if len(asked) <= _FEW:  # one organisation: ask for its own bodies alone instead of reading the nation's
        earlier = activities.started_before(asked, year)
    else:
        everywhere = activities.partners_of(activities.starts(year - 1))
        earlier = set(everywhere.values_list("body_id", flat=True).distinct())
    return here, frozenset(root.get(body_id, body_id) for body_id in earlier)


def facts_of(cluster_ids: Sequence[int], year: int) -> dict[int, Facts]:
    """Organisation -> its facts of the year, bodies resolved to what they were merged into."""
    ids, root = list(cluster_ids), bodies.merged()
    parts: dict[int, list[tuple[int, int, Decimal]]] = defaultdict(list)
    rows = activities.participations_in(year, ids).values_list("activity__cluster_id", "body_id", "id", "hours")
    for cluster_id, body_id, pk, hours in rows.iterator(chunk_size=20_000):
        parts[cluster_id].append((root.get(body_id, body_id), pk, hours))
    formal: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for cluster_id, body_id, pk in (
        memberships.in_year(year, ids)
        .filter(commitment=Commitment.DEDICATED)
        .values_list("cluster_id", "body_id", "id")
    ):
        formal[cluster_id].append((root.get(body_id, body_id), pk))
    steps: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for cluster_id, body_id, pk, step in outcomes.in_year(year, ids).values_list("cluster_id", "body_id", "id", "step"):
        steps[cluster_id].append((root.get(body_id, body_id), pk, int(step)))
    started, started_before = _starts(ids, year, root)
    return {
        one: Facts(
            tuple(parts[one]), tuple(formal[one]), tuple(steps[one]), frozenset(started[one]), started_before,
            _here_before(one, year, root) if parts[one] else frozenset(),
        )
        for one in ids
    }  # fmt: skip


def _here_before(cluster_id: int, year: int, root: dict[int, int]) -> frozenset[int]:
    """Who took part earlier, in the organisation or in what it carries on."""
    line = clusters.line_of(cluster_id)
    return frozenset(root.get(body, body) for one in line for body in activities.earlier_bodies(one, year))


def bodies_of(facts: Sequence[Facts]) -> dict[int, BodyFacts]:
    ids = {entry[0] for one in facts for group in (one.participations, one.dedicated, one.outcomes) for entry in group}
    return bodies.facts(ids, BodyFacts)


def lines_for(cluster_ids: Sequence[int], year: int) -> dict[int, list[LineValues]]:
    """Organisation -> the lines of the year as the records stand now."""
    facts = facts_of(cluster_ids, year)
    known = bodies_of(list(facts.values()))
    return {cluster_id: lines_of(one, known) for cluster_id, one in facts.items()}
