"""Gathering a year's facts from registers and records, for one organisation or for all of a round at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import cache

from klyngeforum.ground.bodies import queries as bodies
from klyngeforum.ground.places.queries import points
from klyngeforum.ground.programme.queries import limit_of
from klyngeforum.records.activities import queries as activities
from klyngeforum.records.outcomes import queries as outcomes
from klyngeforum.registers.clusters import queries as clusters
from klyngeforum.registers.memberships import queries as memberships
from klyngeforum.registers.memberships.terms import Commitment

from .rules import BodyFacts, Facts, LineValues, lines_of, place_near

_FEW = 800
_PART = 500


def _anywhere_before(year: int) -> Callable[[], set[int]]:
    """Every body of the nation that started before the year; read once, and only if somebody asks."""

    @cache
    def read() -> set[int]:
        partners = activities.partners_of(activities.starts(year - 1), year - 1)
        return set(partners.values_list("body_id", flat=True).distinct())

    return read


def asked_of(cluster_id: int, year: int, root: dict[int, int]) -> frozenset[int]:
    """Bodies in projects of the organisation that started in the year, with those that are one of them."""
    return _with_merged(_partners([cluster_id], year, root)[cluster_id], root)


def _with_merged(asked: set[int], root: dict[int, int]) -> frozenset[int]:
    return frozenset(asked | {body for body, kept in root.items() if kept in asked})


def _partners(cluster_ids: list[int], year: int, root: dict[int, int]) -> dict[int, set[int]]:
    here: dict[int, set[int]] = defaultdict(set)
    projects = activities.starts(year, since=year, cluster_ids=cluster_ids)
    for cluster_id, body_id in activities.partners_of(projects, year).values_list("activity__cluster_id", "body_id"):
        here[cluster_id].add(root.get(body_id, body_id))
    return here


def _starts(
    cluster_ids: list[int], year: int, root: dict[int, int], anywhere_before: Callable[[], set[int]]
) -> tuple[dict[int, set[int]], frozenset[int]]:
    """Bodies in projects that started this year, by organisation; and bodies that started anywhere before."""
    here = _partners(cluster_ids, year, root)
    asked = _with_merged(set().union(*here.values()), root)
    # one organisation: ask for its own bodies alone instead of reading the nation's
    earlier = activities.started_before(asked, year) if len(asked) <= _FEW else anywhere_before()
    return here, frozenset(root.get(body_id, body_id) for body_id in earlier)


def facts_of(
    cluster_ids: Sequence[int], year: int, anywhere_before: Callable[[], set[int]] | None = None
) -> dict[int, Facts]:
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
    started, started_before = _starts(ids, year, root, anywhere_before or _anywhere_before(year))
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
    before = {one: year if last is None else min(year, last + 1) for one, last in line.items()}
    found = (body for one, end in before.items() for body in activities.earlier_bodies(one, end))
    return frozenset(root.get(body, body) for body in found)


def bodies_of(facts: Sequence[Facts]) -> dict[int, BodyFacts]:
    ids = {entry[0] for one in facts for group in (one.participations, one.dedicated, one.outcomes) for entry in group}
    return bodies.facts(ids, BodyFacts)


def lines_in_parts(cluster_ids: Sequence[int], year: int) -> Iterator[dict[int, list[LineValues]]]:
    """``lines_for`` of very many organisations, some at a time: a nation's lines do not fit in memory."""
    anywhere_before = _anywhere_before(year)
    for start in range(0, len(cluster_ids), _PART):
        yield _lines(facts_of(cluster_ids[start : start + _PART], year, anywhere_before))


def lines_for(cluster_ids: Sequence[int], year: int) -> dict[int, list[LineValues]]:
    """Organisation -> the lines of the year as the records stand now."""
    return _lines(facts_of(cluster_ids, year))


def _lines(facts: dict[int, Facts]) -> dict[int, list[LineValues]]:
    known = bodies_of(list(facts.values()))
    found = {cluster_id: lines_of(one, known) for cluster_id, one in facts.items()}
    where, limit = points(), limit_of("near_participants")
    for lines in found.values():
        place_near(lines, where, limit)
    return found
