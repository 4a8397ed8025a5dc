"""How the organisations stand in the landscape on a day: measured once for a state of the facts, afterwards only what was touched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import import_module

from klyngeforum.ground.bodies.queries import ever_one_with
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import mark_of
from klyngeforum.ground.trail.queries import done_since, newest_act
from klyngeforum.quality.assessments.measuring import months_before
from klyngeforum.records.activities.queries import ever_with, newest_start
from klyngeforum.registers.clusters.queries import counted, ids_of_bodies
from klyngeforum.registers.memberships.queries import ever_joined_by

from .terms import Standing

RESTS_ON = frozenset({"cluster", "membership", "activity", "participation", "body", "programme"})
_MEASURING = "klyngeforum.results.landscape.measuring"  # loads the analysis library, so only where something is counted
_OWN = RESTS_ON - {"body", "programme"}  # acts that name the organisation that they are of
_FEW = 50  # organisations up to which those touched are measured by themselves
_NEVER = frozenset({"nothing"})  # no act is on it: stands until another history does


class _Before:
    """What was measured last for a day, and the act of the trail up to which it knows; falls with the history that it was measured in."""

    def __init__(self) -> None:
        self.act = 0
        self.rows: dict[int, Standing] = {}


def touched(acts: Iterable[tuple[int, str, int | None]]) -> frozenset[int] | None:
    """Ids of the organisations that these acts (id, thing, body) may have changed; None when that is anybody."""
    own, bodies = set[int](), set[int]()
    for _, thing, body in acts:
        if thing not in RESTS_ON:
            continue
        if thing == "programme" or body is None:
            return None
        (own if thing in _OWN else bodies).add(body)
    family = ever_one_with(bodies) if bodies else frozenset[int]()
    clusters = frozenset(ids_of_bodies(own).values()) if own else frozenset[int]()
    return clusters | (ever_joined_by(family) | ever_with(family) if family else frozenset())


def _up_to_date(day: date) -> dict[int, Standing]:
    before = kept(("landscape before", day), _Before, of=_NEVER, weigh=lambda _: 1_000_000)
    newest = newest_act()  # read first: what is done meanwhile is measured again next time
    running = frozenset(counted(on=day).order_by().values_list("id", flat=True))
    changed = touched(done_since(before.act)) if before.act else None
    room = import_module(_MEASURING)
    if changed is None or len(changed) > _FEW:
        rows = room.measured(day, running, whole=True)
    else:
        stale = (changed | (running - before.rows.keys())) & running
        fresh = room.measured(day, stale, whole=False) if stale else {}
        rows = {pk: fresh.get(pk) or before.rows[pk] for pk in running}
    before.act, before.rows = newest, rows
    return dict(rows)


def standings(on: date) -> dict[int, Standing]:
    """Every organisation that counts on the day -> how it stands."""
    return kept(("landscape", on), lambda: _up_to_date(on), of=RESTS_ON, same=True, weigh=lambda rows: 600 * len(rows))


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

    return kept(("landscape", on, cluster_id), one, of=RESTS_ON, same=True)
