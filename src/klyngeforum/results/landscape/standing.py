"""How the organisations stand in the landscape on a day: measured once for a state of the facts, afterwards only what was touched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import import_module

from klyngeforum.ground.bodies.queries import ever_one_with
from klyngeforum.ground.counts.queries import latest, whole
from klyngeforum.ground.counts.terms import Heavy, Told
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import mark_of
from klyngeforum.ground.trail.queries import done_since
from klyngeforum.quality.assessments.measuring import months_before
from klyngeforum.records.activities.queries import ever_with, newest_start
from klyngeforum.registers.clusters.queries import counted, ids_of_bodies, own
from klyngeforum.registers.memberships.queries import ever_joined_by

from .terms import Standing

RESTS_ON = frozenset({"cluster", "membership", "activity", "participation", "body", "programme"})
_MEASURING = "klyngeforum.results.landscape.measuring"  # loads the analysis library, so only where something is counted
_OWN = RESTS_ON - {"body", "programme"}  # acts that name the organisation that they are of
_FEW = 50  # organisations up to which those touched are measured by themselves


def touched(acts: Iterable[tuple[int, str, int | None]]) -> frozenset[int] | None:
    """Ids of the organisations that these acts (id, thing, body) may have changed; None when that is anybody."""
    acted, bodies = set[int](), set[int]()
    for _, thing, body in acts:
        if thing not in RESTS_ON:
            continue
        if thing == "programme" or body is None:
            return None
        (acted if thing in _OWN else bodies).add(body)
    family = ever_one_with(bodies) if bodies else frozenset[int]()
    clusters = frozenset(ids_of_bodies(acted).values()) if acted else frozenset[int]()
    return clusters | (ever_joined_by(family) | ever_with(family) if family else frozenset())


def _running(day: date) -> frozenset[int]:
    return frozenset(counted(on=day).order_by().values_list("id", flat=True))


def _measured(day: date) -> dict[int, Standing]:
    rows: dict[int, Standing] = import_module(_MEASURING).measured(day, _running(day), whole=True)
    return rows


def _amended(day: date, before: dict[int, Standing], act: int) -> dict[int, Standing] | None:
    changed, running = touched(done_since(act)), _running(day)
    if changed is None or len(changed) > _FEW:
        return None
    stale = (changed | (running - before.keys())) & running
    fresh = import_module(_MEASURING).measured(day, stale, whole=False) if stale else {}
    return {pk: fresh.get(pk) or before[pk] for pk in running}


STANDINGS = Heavy(
    "landscape standings", RESTS_ON, _measured, lambda rows: 600 * len(rows), amend=_amended, needs=_MEASURING, same=True
)  # fmt: skip


def standings(on: date) -> dict[int, Standing]:
    """Every organisation that counts on the day -> how it stands."""
    return whole(STANDINGS, on)


def latest_standings(on: date) -> Told[dict[int, Standing]]:
    """The same for a page that does not wait for it."""
    return latest(STANDINGS, on)


def day_shown(today: date) -> date:
    """Today; where nothing has been recorded for so long that nobody would be active, the last day of the newest year with records."""
    newest = kept(("landscape newest", today), lambda: newest_start(today), of=frozenset({"activity"}), same=True)
    if newest is None or newest > months_before(today, int(mark_of("active_months", on=today).least)):
        return today
    return date(newest.year, 12, 31)


def standing_of(cluster_id: int, on: date) -> Standing:
    """One organisation by itself, whether or not it counts: its page asks for no other."""

    def one() -> Standing:
        found: Standing = import_module(_MEASURING).measured(on, {cluster_id}, whole=False)[cluster_id]
        return found

    return kept(("landscape", on, cluster_id), one, of=RESTS_ON, own=own(cluster_id), same=True)
