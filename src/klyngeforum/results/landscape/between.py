"""Organisations side by side on a day: who overlaps, who is built up in parallel, and who the shared companies are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module

from klyngeforum.ground.access.queries import Actor, reach_of
from klyngeforum.ground.bodies.queries import merged
from klyngeforum.ground.counts.queries import latest, whole
from klyngeforum.ground.counts.terms import Heavy, Told
from klyngeforum.ground.keeping import kept
from klyngeforum.registers.clusters.queries import counted, ids_of_bodies, owned
from klyngeforum.registers.memberships.queries import links_on

from .terms import Between, Pair, SharedIndustry

RESTS_ON = frozenset({"cluster", "membership", "body", "programme"})
_PAIRING = "klyngeforum.results.landscape.pairing"  # loads the analysis library, so only where something is counted


def _weight(found: Between) -> int:
    return 400 * (len(found.pairs) + len(found.matrix.pairs))


def _all_pairs(on: date) -> Between:
    running = frozenset(counted(on=on).order_by().values_list("id", flat=True))
    found: Between = import_module(_PAIRING).measured(on, running)
    return found


PAIRS = Heavy("landscape pairs", RESTS_ON, _all_pairs, _weight, needs=_PAIRING)


def between(on: date) -> Between:
    """Every pair of the organisations that count on the day."""
    return whole(PAIRS, on)


def latest_between(on: date) -> Told[Between]:
    """The same for a page that does not wait for it."""
    return latest(PAIRS, on)


def pair_of(first: int, second: int, on: date) -> tuple[Pair | None, tuple[SharedIndustry, ...]]:
    """Two organisations by themselves, in the order of their ids; None where one of them has no company on the day."""
    low, high = sorted((first, second))

    def one() -> tuple[Pair | None, tuple[SharedIndustry, ...]]:
        found: tuple[Pair | None, tuple[SharedIndustry, ...]] = import_module(_PAIRING).one_pair(on, low, high)
        return found

    return kept(("between", on, low, high), one, of=RESTS_ON, own=owned((low, high)))


def opened_to(reader: Actor, on: date) -> Callable[[int, int], bool]:
    """Whether the reader may see the participants of both of two organisations."""
    everything, bodies = reach_of(reader, "memberships.see", on)
    own = frozenset(ids_of_bodies(bodies).values()) if bodies else frozenset[int]()
    return lambda first, second: everything or (first in own and second in own)


def shared_bodies(first: int, second: int, on: date) -> frozenset[int]:
    """Ids of everybody who takes part in both on the day."""
    into, found = merged(), (set[int](), set[int]())
    for cluster, body in links_on(on, {first, second}):
        found[cluster == second].add(into.get(body, body))
    return frozenset(found[0] & found[1])
