"""The forum's meetings of the made-up country: every January it places by the rules, warns before a move down, and once decides otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime

from klyngeforum.quality.indicators.validity import months_later
from klyngeforum.registers.clusters.queries import Cluster, clusters
from klyngeforum.steering.leagues import actions
from klyngeforum.steering.leagues.exhibits import shown
from klyngeforum.steering.leagues.queries import Notice, notices, proposals, rules_and_version
from klyngeforum.steering.leagues.rules import may_move
from klyngeforum.steering.leagues.terms import Direction, LeagueRules, Proposal

_RISING = (Direction.ENTER, Direction.UP)
_MOST_WARNED = 3
_WHY = "Betingelserne for ligaen er ikke længere opfyldt; se forklaringen. (demo)"


def play(first: int, last: int) -> None:
    """Meetings of the years in order."""
    rows = {one.pk: one for one in clusters()}
    for year in range(first, last + 1):
        day = date(year, 1, 15)
        rules, _ = rules_and_version(day)
        if rules is None:
            continue
        standing = {one.cluster_id: one for one in notices(seen_by=None, on=day)}
        for found in proposals(on=day):
            cluster, at = rows[found.cluster_id], datetime(year, 1, 15, 10, tzinfo=UTC)
            notice = standing.get(found.cluster_id)
            lines = shown(found.judged)
            if found.direction in _RISING:
                actions.place(
                    by=None, at=at, cluster=cluster, league=found.proposed, on=day, decision=f"Styregruppens møde, januar {year}, punkt 4 (demo)",
                    judged=found.judged, exhibits=lines,
                )  # fmt: skip
            elif found.direction is Direction.DOWN:
                _down(found, cluster, at, day, rules, notice)
            elif notice is not None and found.direction is Direction.STAY:
                actions.withdraw(by=None, at=at, notice=notice, reason="Betingelserne er opfyldt igen. (demo)")


def _down(
    found: Proposal, cluster: Cluster, at: datetime, day: date, rules: LeagueRules, notice: Notice | None
) -> None:
    """A warning first; a year later the move, if nothing was mended."""
    lowest = rules.leagues[-1].code
    to = found.proposed or lowest
    if rules.rank(to) <= rules.rank(found.current):
        return
    if notice is None:
        actions.warn(
            by=None, at=at, cluster=cluster, to=to, deadline=months_later(day, rules.warning_months), reason=_WHY
        )
    elif may_move(rules, found.current, to, day, notice.deadline):
        actions.place(
            by=None, at=at, cluster=cluster, league=to, on=day, decision=f"Styregruppens møde, januar {day.year}, punkt 5 (demo)",
            judged=found.judged, exhibits=shown(found.judged),
        )  # fmt: skip


def follow_up(last: int) -> None:
    """The two autumns after the last January: some are warned; a year later the first has mended it, the others move down, and one more is warned."""
    rows = {one.pk: one for one in clusters()}
    _warn_some(rows, date(last, 10, 1), _MOST_WARNED)
    day = date(last + 1, 10, 15)
    rules, _ = rules_and_version(day)
    warned = list(notices(seen_by=None, on=day).filter(given_on=date(last, 10, 1)).order_by("cluster_id"))
    judged = {one.cluster_id: one.judged for one in proposals(on=day)}
    at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    for nth, notice in enumerate(warned):
        if rules is None or nth == 0:
            actions.withdraw(by=None, at=at, notice=notice, reason="Organisationen har vist sine internationale aktiviteter. (demo)")  # fmt: skip
            continue
        found = judged[notice.cluster_id]
        actions.place(
            by=None, at=at, cluster=rows[notice.cluster_id], league=notice.to_league, on=day, decision=f"Styregruppens møde, oktober {day.year}, punkt 3 (demo)",
            judged=found, exhibits=shown(found),
        )  # fmt: skip
    _warn_some(rows, day, 1)


def _warn_some(rows: dict[int, Cluster], day: date, most: int) -> None:
    rules, _ = rules_and_version(day)
    if rules is None:
        return
    warned = {one.cluster_id for one in notices(seen_by=None, on=day)}
    falling = [one for one in proposals(on=day) if one.direction is Direction.DOWN and one.cluster_id not in warned]
    for found in falling[:most]:
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        _down(found, rows[found.cluster_id], at, day, rules, None)
