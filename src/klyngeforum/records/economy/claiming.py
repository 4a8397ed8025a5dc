"""Claiming hours under a grant: an hour is claimed once across all grants of all organisations, also when two try at the same moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import alone_with
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import rate_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import Refused, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Claim, Grant, HourEntry
from .queries import spell_of
from .rules import Claimed, Under, may_claim, same_hours, worth_of

_ALREADY = mark("The %(hours)s hours of %(day)s are claimed already under “%(grant)s” (%(cluster)s).")
_OVERLAP = mark("The hours of %(day)s from %(begins)s to %(ends)s are claimed already under “%(grant)s” (%(cluster)s), by another entry of the same person.")  # fmt: skip


def _locked(ids: Collection[int], cluster_id: int) -> tuple[list[HourEntry], dict[tuple[int, date], list[HourEntry]]]:
    """The entries, and by body and day every entry that could hold the same hours; all of them under a lock, in one order."""
    wanted = HourEntry.objects.filter(pk__in=ids, cluster_id=cluster_id)
    timed = wanted.filter(begins__isnull=False)
    near = Q(body__in=timed.values("body"), since__in=timed.values("since"), begins__isnull=False)
    rows = HourEntry.objects.select_for_update(of=("self",)).filter(Q(pk__in=wanted.values("pk")) | near)
    own, beside = [], defaultdict(list)
    for row in rows.order_by("pk"):
        if row.pk in ids:
            own.append(row)
        if row.begins is not None:
            beside[(row.body_id, row.since)].append(row)
    return own, beside


def _taken(entries: Collection[HourEntry]) -> dict[int, Claim]:
    rows = Claim.objects.select_related("grant__cluster").filter(entry__in=[one.pk for one in entries])
    return {row.entry_id: row for row in rows}


def _already(entry: HourEntry, claim: Claim) -> Verdict:
    return no(_ALREADY, on="entries", hours=entry.hours, day=entry.since, grant=claim.grant.title, cluster=claim.grant.cluster.name)  # fmt: skip


def _overlap(entry: HourEntry, title: str, cluster: str) -> Verdict:
    return no(_OVERLAP, on="entries", day=entry.since, begins=f"{entry.begins:%H.%M}", ends=f"{entry.ends:%H.%M}", grant=title, cluster=cluster)  # fmt: skip


def _twice(own: list[HourEntry], beside: dict[tuple[int, date], list[HourEntry]], grant: Grant) -> list[Verdict]:
    """Entries that are claimed, or that hold the same hour as one that is claimed or is being claimed with them."""
    taken = _taken([*own, *(row for rows in beside.values() for row in rows)])
    found, mine = [], {row.pk for row in own}
    for one in own:
        if one.pk in taken:
            found.append(_already(one, taken[one.pk]))
            continue
        for other in beside.get((one.body_id, one.since), ()) if one.begins is not None else ():
            if other.pk == one.pk or not same_hours(spell_of(one), spell_of(other)):
                continue
            if other.pk in taken:
                claim = taken[other.pk]
                found.append(_overlap(one, claim.grant.title, claim.grant.cluster.name))
            elif other.pk in mine and other.pk < one.pk:
                found.append(_overlap(one, grant.title, grant.cluster.name))
    return found


@transaction.atomic
def claim(*, by: Actor, at: datetime, grant: Grant, entries: Collection[int], since: date, until: date) -> list[Claim]:
    """The hours are claimed under the grant for the period, all of them or none."""
    require(may(by, "economy.edit", grant, on=date_of(at)))
    alone_with(grant.cluster)
    under = Grant.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=grant.pk)
    if until < since:
        raise Refused(no(mark("It cannot end before it begins."), on="until"))
    own, beside = _locked(entries, under.cluster_id)
    if not own or len(own) != len(set(entries)):
        raise Refused(no(mark("Choose hours of your own organisation to claim."), on="entries"))
    where = Under(under.starts_on, under.ends_on, under.closed_on is not None, (since, until))
    found = {one.pk: rate_of(under.scheme, on=one.since) for one in own}
    verdicts = [v for one in own for v in may_claim(Claimed(spell_of(one), one.hours, one.pay, one.evidence), where, found[one.pk])]  # fmt: skip
    require(*_twice(own, beside, under), *verdicts)
    rows = []
    for one in own:
        rate = found[one.pk]
        worth = worth_of(one.hours, one.pay, rate) if rate else None
        if rate is not None and worth is not None:
            rows.append(Claim(entry=one, grant=under, since=since, until=until, rate=rate.code, per_hour=worth.per_hour, worth=worth.amount, claimed_at=at))  # fmt: skip
    try:
        with transaction.atomic():
            made = Claim.objects.bulk_create(rows)
    except IntegrityError as error:  # the table's own promise, should anything have slipped past the locks
        taken = _taken(own)
        raise Refused(*(_already(one, taken[one.pk]) for one in own if one.pk in taken)) from error
    after = {"entries": [one.pk for one in own], "since": since, "until": until, "hours": sum(one.hours for one in own), "worth": sum(row.worth for row in made)}  # fmt: skip
    record(by=by, at=at, verb="economy.claim", thing="grant", thing_id=under.pk, body_id=under.cluster.body_id, after=after)  # fmt: skip
    return made


@transaction.atomic
def unclaim(*, by: Actor, at: datetime, claimed: Claim) -> None:
    """The claim is taken back, and the hours are free again."""
    require(may(by, "economy.edit", claimed, on=date_of(at)))
    under = Grant.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=claimed.grant_id)
    if under.closed_on is not None:
        raise Refused(no(mark("The grant is closed; what was claimed under it stands."), on="grant"))
    before = {"entry": claimed.entry_id, "worth": claimed.worth}
    if not Claim.objects.filter(pk=claimed.pk).delete()[0]:
        return
    record(by=by, at=at, verb="economy.unclaim", thing="grant", thing_id=under.pk, body_id=under.cluster.body_id, before=before)  # fmt: skip
