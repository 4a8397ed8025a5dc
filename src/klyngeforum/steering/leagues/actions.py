"""Placing organisations in leagues, and warning before a move down: each placement has a decision with its exhibits, and the earlier one stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import alone_with, held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import leagues
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Exhibit, Notice, Placement
from .reading import rules_on
from .rules import may_move, may_warn
from .terms import MOVES, Judged, NoticeState, Shown

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster


def _known(league: str) -> Verdict:
    if league in {one.code for one in leagues()}:
        return YES
    return no(mark("There is no league “%(league)s” in the programme."), on="league", league=league)


def _standing(cluster: Cluster) -> tuple[Placement | None, Notice | None]:
    placement = Placement.objects.filter(cluster=cluster, until__isnull=True).first()
    notice = Notice.objects.filter(cluster=cluster, state=NoticeState.STANDING).first()
    return placement, notice


def _allowed(standing: Placement | None, notice: Notice | None, league: str, on: date) -> Verdict:
    rules = rules_on(on)
    if rules is None or standing is None:
        return YES
    until = notice.deadline if notice and rules.rank(league) <= rules.rank(notice.to_league) else None
    return may_move(rules, standing.league, league, on, until)


def _against(judged: Judged | None, league: str) -> bool:
    return judged is not None and judged.league != league


def _below(notice: Notice, league: str, on: date) -> bool:
    rules = rules_on(on)
    return rules is not None and rules.rank(league) > rules.rank(notice.from_league)


def _end(notice: Notice, state: NoticeState, on: date) -> None:
    notice.state, notice.ended_on = state, on
    notice.save(update_fields=["state", "ended_on"])


@transaction.atomic
def place(
    *,
    by: Actor,
    at: datetime,
    cluster: Cluster,
    league: str,
    on: date,
    decision: str,
    judged: Judged | None = None,
    exhibits: Sequence[Shown] = (),
) -> Placement:
    """Place the organisation from a day on, by a decision in words; what the forum had before it is frozen with it."""
    alone_with(cluster)
    standing, notice = _standing(cluster)
    same = standing is not None and standing.league == league
    late = standing is not None and standing.since >= on
    require(
        may(by, "leagues.place", on=date_of(at)),
        _known(league),
        YES if decision.strip() else no(mark("Name the decision of the forum."), on="decision"),
        no(mark("The organisation already plays in that league."), on="league") if same else YES,
        no(mark("An earlier placement begins after that day."), on="on") if late else YES,
        _allowed(standing, notice, league, on),
    )
    if standing:
        standing.until = on
        standing.save(update_fields=["until"])
    rules = rules_on(on)
    row = Placement.objects.create(
        cluster=cluster, league=league, since=on, decision=decision.strip(), rules_version=rules.version if rules else "",
        against_rules=_against(judged, league), digest=digest_of(list(exhibits)) if exhibits else "",
    )  # fmt: skip
    Exhibit.objects.bulk_create(
        Exhibit(
            placement=row, position=nth, league=one.league, depth=one.depth, truth=one.truth, placeholder=one.placeholder,
            said_da=one.said_da[:500], said_en=one.said_en[:500],
        )
        for nth, one in enumerate(exhibits)
    )  # fmt: skip
    if notice:
        _end(notice, NoticeState.CARRIED_OUT if _below(notice, league, on) else NoticeState.WITHDRAWN, on)
    record(
        by=by, at=at, verb="leagues.place", thing="placement", thing_id=row.pk, body_id=cluster.body_id,
        before={"league": standing.league} if standing else None,
        after={"league": league, "on": on, "against_rules": row.against_rules, "exhibits": row.digest},
    )  # fmt: skip
    return row


@transaction.atomic
def warn(*, by: Actor, at: datetime, cluster: Cluster, to: str, deadline: date, reason: str) -> Notice:
    """Tell the organisation that it will move down unless it mends what is named before the deadline."""
    alone_with(cluster)
    standing, notice = _standing(cluster)
    rules = rules_on(date_of(at))
    current = standing.league if standing else ""
    ruled = (
        no(mark("No rules of placement are in force."))
        if rules is None
        else may_warn(rules, current, to, date_of(at), deadline)
    )
    require(
        may(by, "leagues.place", on=date_of(at)),
        ruled,
        _known(to) if to else YES,
        YES if reason.strip() else no(mark("Say what must be mended."), on="reason"),
        no(mark("A warning stands already."), on="league") if notice else YES,
    )
    row = Notice.objects.create(
        cluster=cluster,
        from_league=current,
        to_league=to,
        given_on=date_of(at),
        deadline=deadline,
        reason=reason.strip(),
    )
    after = {"from": current, "to": to, "deadline": deadline}
    record(by=by, at=at, verb="leagues.warn", thing="notice", thing_id=row.pk, body_id=cluster.body_id, after=after)
    return row


@transaction.atomic
def withdraw(*, by: Actor, at: datetime, notice: Notice, reason: str) -> None:
    """The organisation has mended it, or the forum decides otherwise."""
    alone_with(notice.cluster)
    held(notice)
    open_ = "withdraw" in MOVES[NoticeState(notice.state)]
    require(
        may(by, "leagues.place", on=date_of(at)),
        YES if open_ else no(mark("The warning no longer stands.")),
        YES if reason.strip() else no(mark("Say why the warning is withdrawn."), on="reason"),
    )
    _end(notice, NoticeState.WITHDRAWN, date_of(at))
    record(
        by=by, at=at, verb="leagues.withdraw", thing="notice", thing_id=notice.pk, body_id=notice.cluster.body_id, reason=reason.strip()
    )  # fmt: skip
