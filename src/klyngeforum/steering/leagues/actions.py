"""Placing organisations in leagues: each placement has a decision, and the earlier one stays in the history."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.programme.queries import leagues
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import Placement

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster


@transaction.atomic
def place(*, by: Actor, at: datetime, cluster: Cluster, league: str, on: date, decision: str) -> Placement:
    """Place the organisation from a day on, by a decision in words."""
    standing = Placement.objects.filter(cluster=cluster, until__isnull=True).first()
    require(
        may(by, "leagues.place", on=at.date()),
        YES
        if league in {one.code for one in leagues()}
        else no(mark("There is no league “%(league)s” in the programme."), on="league", league=league),
        YES if decision.strip() else no(mark("Name the decision of the forum."), on="decision"),
        no(mark("The organisation already plays in that league."), on="league")
        if standing and standing.league == league
        else YES,
        no(mark("An earlier placement begins after that day."), on="on") if standing and standing.since >= on else YES,
    )
    if standing:
        standing.until = on
        standing.save(update_fields=["until"])
    row = Placement.objects.create(cluster=cluster, league=league, since=on, decision=decision.strip())
    before = {"league": standing.league} if standing else None
    record(
        by=by,
        at=at,
        verb="leagues.place",
        thing="placement",
        thing_id=row.pk,
        body_id=cluster.body_id,
        before=before,
        after={"league": league, "on": on},
    )
    return row
