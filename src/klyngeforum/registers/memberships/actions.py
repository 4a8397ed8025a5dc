"""Enrolling participants, making them dedicated, ending memberships."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import alone_with, held, once
from klyngeforum.ground.period import Period, date_of
from klyngeforum.ground.pouring import Plain, pour, stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, no, require
from klyngeforum.ground.words import mark

from .models import Membership
from .rules import may_end, may_enrol
from .terms import Commitment, MemberRole

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster

PLAIN = ("cluster_id", "body_id", "since", "until", "commitment")
_BATCH = 5000


@dataclass(frozen=True, slots=True)
class NewMember:
    cluster_id: int
    body_id: int
    since: date
    until: date | None = None
    commitment: Commitment = Commitment.PARTICIPANT
    role: MemberRole = MemberRole.MEMBER
    source: str = ""


def _standing(cluster_id: int, body_id: int) -> list[Period]:
    rows = Membership.objects.filter(cluster_id=cluster_id, body_id=body_id)
    return [Period(since, until) for since, until in rows.values_list("since", "until")]


@transaction.atomic
def enrol(*, by: Actor, at: datetime, cluster: Cluster, new: NewMember) -> Membership:
    """One participant from a day on."""
    alone_with(cluster)
    wish = may_enrol(Period(new.since, new.until), _standing(new.cluster_id, new.body_id))
    require(may(by, "memberships.edit", cluster, on=date_of(at)), wish)
    row = Membership(
        cluster_id=cluster.pk, body_id=new.body_id, since=new.since, until=new.until,
        commitment=new.commitment, role=new.role, source=new.source or "form",
    )  # fmt: skip
    with once():  # a sheet taken in at the same moment
        row.save()
    after = {"body": new.body_id, "since": new.since, "commitment": new.commitment}
    record(
        by=by,
        at=at,
        verb="memberships.enrol",
        thing="membership",
        thing_id=row.pk,
        body_id=cluster.body_id,
        after=after,
    )
    return row


@transaction.atomic
def enrol_many(*, by: Actor, at: datetime, members: Sequence[NewMember], thing_body_id: int | None = None) -> int:
    """Participants in bulk; who stands already from that day is left alone, so again changes nothing. Returns how many are new."""
    require(may(by, "intake.take_in", on=date_of(at)))
    before = Membership.objects.count()
    rows = (
        Membership(
            cluster_id=m.cluster_id,
            body_id=m.body_id,
            since=m.since,
            until=m.until,
            commitment=m.commitment,
            role=m.role,
            source=m.source,
        )
        for m in members
    )
    Membership.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    new = Membership.objects.count() - before
    stock_of(new, Membership)
    if new:
        after = {
            "new": new,
            "of": len(members),
            "digest": digest_of([(m.cluster_id, m.body_id, m.since) for m in members]),
        }
        record(by=by, at=at, verb="memberships.enrol_many", thing="membership", body_id=thing_body_id, after=after)
    return new


@transaction.atomic
def take_over(*, by: Actor, at: datetime, rows: Iterable[tuple[Plain, ...]], source: str) -> int:
    """All memberships of a register at once, as plain rows (PLAIN) that do not stand yet."""
    require(may(by, "intake.take_in", on=date_of(at)))
    count = pour(Membership, ("source", *PLAIN), ((source, *row) for row in rows), register=True)
    record(by=by, at=at, verb="memberships.take_over", thing="membership", after={"new": count, "source": source})
    return count


@transaction.atomic
def end(*, by: Actor, at: datetime, membership: Membership, on: date) -> None:
    """The membership ends with the day; it stays in the register."""
    alone_with(membership.cluster)
    held(membership)
    require(may(by, "memberships.edit", membership, on=date_of(at)), may_end(membership.since, membership.until, on))
    membership.until = on
    membership.save(update_fields=["until"])
    record(
        by=by,
        at=at,
        verb="memberships.end",
        thing="membership",
        thing_id=membership.pk,
        body_id=membership.cluster.body_id,
        after={"until": on},
    )


@transaction.atomic
def amend(
    *, by: Actor, at: datetime, membership: Membership, until: date | None, commitment: Commitment, role: MemberRole
) -> Membership:
    """Say again until when, how closely and as what the body takes part; only what differs is written."""
    alone_with(membership.cluster)
    held(membership)
    others = Membership.objects.filter(cluster=membership.cluster_id, body=membership.body_id).exclude(pk=membership.pk)
    turned = no(mark("It cannot end before it begins."), on="until")
    require(
        may(by, "memberships.edit", membership, on=date_of(at)),
        turned if until and until < membership.since else YES,
    )
    periods = [Period(since, last) for since, last in others.values_list("since", "until")]
    require(may_enrol(Period(membership.since, until), periods))
    wanted: dict[str, object] = {"until": until, "commitment": commitment.value, "role": role.value}
    before = {key: old for key, value in wanted.items() if (old := getattr(membership, key)) != value}
    for key in before:
        setattr(membership, key, wanted[key])
    if before:
        membership.save(update_fields=list(before))
        record(
            by=by, at=at, verb="memberships.amend", thing="membership", thing_id=membership.pk, body_id=membership.cluster.body_id,
            before=before, after={key: wanted[key] for key in before},
        )  # fmt: skip
    return membership


@transaction.atomic
def commit(*, by: Actor, at: datetime, membership: Membership, commitment: Commitment) -> None:
    """Make a participant dedicated (a formal agreement stands), or take that back."""
    require(may(by, "memberships.edit", membership, on=date_of(at)))
    alone_with(membership.cluster)
    before = held(membership).commitment
    membership.commitment = commitment
    membership.save(update_fields=["commitment"])
    record(
        by=by, at=at, verb="memberships.commit", thing="membership", thing_id=membership.pk,
        body_id=membership.cluster.body_id, before={"commitment": before}, after={"commitment": commitment},
    )  # fmt: skip
