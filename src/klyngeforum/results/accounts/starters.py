"""Who of an organisation's partners started a collaboration before, anywhere: all that its lines rest on of what others record."""

from __future__ import annotations

from klyngeforum.ground.bodies.queries import merged
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.trail.queries import done_since, newest_act
from klyngeforum.records.activities.queries import among_participants, started_before
from klyngeforum.registers.clusters.queries import own

from .gathering import asked_of

_RESTS_ON = frozenset({"activity", "participation", "body", "cluster"})
_NEVER = frozenset({"nothing"})  # no act is on it: stands until another history does


class _Before:
    """What was asked last, what the answer was, and the act of the trail up to which it knows."""

    def __init__(self) -> None:
        self.act = 0
        self.asked: frozenset[int] = frozenset()
        self.found: frozenset[int] = frozenset()


def starters(cluster_id: int, year: int) -> frozenset[int]:
    """Bodies (as recorded) in projects of the organisation that started in the year, that were in one of an earlier year anywhere."""
    asked = kept(
        ("asked", cluster_id, year), lambda: asked_of(cluster_id, year, merged()), of=_RESTS_ON, own=own(cluster_id)
    )
    return kept(
        ("starters", cluster_id, year, asked), lambda: _up_to_date(cluster_id, year, asked), of=_RESTS_ON, same=True
    )


def _up_to_date(cluster_id: int, year: int, asked: frozenset[int]) -> frozenset[int]:
    """Only those are asked again whom an act since may have changed."""
    before = kept(("starters before", cluster_id, year), _Before, of=_NEVER)
    newest = newest_act()  # read first: what is done meanwhile is asked again next time
    again = _touched(before.act, asked) if before.act and before.asked == asked else asked
    found = (before.found - again) | started_before(again, year)
    before.act, before.asked, before.found = newest, asked, frozenset(found)
    return before.found


def _touched(act: int, asked: frozenset[int]) -> frozenset[int]:
    """An activity was recorded or changed: its organisation's participants. Anything else: everybody."""
    acts = [(thing, body) for _, thing, body in done_since(act) if thing in _RESTS_ON]
    owners = {body for thing, body in acts if thing == "activity" and body}
    if any(thing != "activity" or not body for thing, body in acts):
        return asked
    return frozenset(among_participants(asked, owners)) if owners else frozenset()
