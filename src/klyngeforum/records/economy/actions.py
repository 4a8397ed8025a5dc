"""Receiving grants, booking income, recording hours with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import alone_with, held, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import stock_of
from klyngeforum.ground.programme.funding import Payer
from klyngeforum.ground.programme.queries import funding_scheme
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.records.activities.queries import Participation

from .models import BudgetLine, Claim, Grant, HourEntry, Income
from .queries import left_of
from .rules import MOST, Spell, may_book, may_lay, may_receive, may_record
from .terms import Form, HourEvidence, Standing

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class NewGrant:
    reference: str
    title: str
    scheme: str
    starts_on: date
    ends_on: date
    amount: Decimal
    own_share: Decimal = Decimal(0)
    note: str = ""
    source: str = "form"


@dataclass(frozen=True, slots=True)
class NewIncome:
    year: int
    standing: Standing
    form: Form
    payer: Payer
    amount: Decimal
    on: date | None = None
    grant_id: int | None = None
    note: str = ""
    source: str = "form"


@dataclass(frozen=True, slots=True)
class NewHours:
    """Hours of a participation (then the body is its body), or of a body apart from any activity."""

    body_id: int
    since: date
    until: date
    hours: Decimal
    participation_id: int | None = None
    person: str = ""
    task: str = ""
    begins: time | None = None
    ends: time | None = None
    pay: Decimal | None = None
    evidence: HourEvidence = HourEvidence.NONE
    evidence_reference: str = ""
    evidence_on: date | None = None
    source: str = "form"


def _own(grant_id: int | None, cluster_id: int) -> Verdict:
    """Only the organisation's own grants."""
    if grant_id is None or Grant.objects.filter(pk=grant_id, cluster_id=cluster_id).exists():
        return YES
    return no(mark("The grant is not one of this organisation's."), on="grant")


def _free(reference: str, cluster_id: int, without: int = 0) -> Verdict:
    taken = Grant.objects.filter(cluster_id=cluster_id, reference=reference).exclude(pk=without).exists()
    return no(mark("Another grant has this reference already."), on="reference") if taken else YES


def _said(new: NewGrant | NewIncome | NewHours) -> dict[str, object]:
    """What the trail keeps: everything but people's names."""
    return {key: value for key, value in asdict(new).items() if key not in ("person", "source") and value not in ("", None)}  # fmt: skip


@transaction.atomic
def receive_grant(*, by: Actor, at: datetime, cluster: Cluster, new: NewGrant) -> Grant:
    """A grant was given."""
    require(
        may(by, "economy.edit", cluster, on=date_of(at)), _free(new.reference, cluster.pk),
        *may_receive(funding_scheme(new.scheme), new.starts_on, new.ends_on, new.amount, new.own_share),
    )  # fmt: skip
    row = Grant(cluster=cluster, **asdict(new))
    with once(lambda: _free(new.reference, cluster.pk)):
        row.save()
    record(by=by, at=at, verb="economy.receive_grant", thing="grant", thing_id=row.pk, body_id=cluster.body_id, after=_said(new))  # fmt: skip
    return row


@transaction.atomic
def amend_grant(*, by: Actor, at: datetime, grant: Grant, new: NewGrant) -> Grant:
    """What was granted is put right; claims that it holds must still lie within it."""
    require(
        may(by, "economy.edit", grant, on=date_of(at)), _free(new.reference, grant.cluster_id, grant.pk),
        *may_receive(funding_scheme(new.scheme), new.starts_on, new.ends_on, new.amount, new.own_share),
    )  # fmt: skip
    one = held(grant)
    claimed = Claim.objects.filter(grant=one)
    outside = claimed.filter(entry__since__lt=new.starts_on) | claimed.filter(entry__until__gt=new.ends_on)
    if outside.exists() or (new.scheme != one.scheme and claimed.exists()):
        raise Refused(no(mark("Hours are claimed under it that would no longer fit. Take those claims back first."), on="scheme" if new.scheme != one.scheme else "ends_on"))  # fmt: skip
    values = asdict(new)
    before = {key: getattr(one, key) for key in values if key != "source" and getattr(one, key) != values[key]}
    for key, value in values.items():
        setattr(one, key, value)
    with once(lambda: _free(new.reference, one.cluster_id, one.pk)):
        one.save()
    record(by=by, at=at, verb="economy.amend_grant", thing="grant", thing_id=one.pk, body_id=one.cluster.body_id, before=before, after={key: values[key] for key in before})  # fmt: skip
    return one


@transaction.atomic
def set_budget(*, by: Actor, at: datetime, grant: Grant, lines: Sequence[tuple[str, Decimal]]) -> None:
    """The grant's budget, line by line, in place of what stood."""
    held(grant)
    titles = [title for title, _ in lines]
    whole = sum((amount for _, amount in lines if amount.is_finite()), Decimal(0))
    sound = all(amount.is_finite() and 0 <= amount < MOST for _, amount in lines)
    require(
        may(by, "economy.edit", grant, on=date_of(at)),
        YES if sound else no(mark("Each line's amount must be 0 or more."), on="lines"),
        YES if len(set(titles)) == len(titles) else no(mark("Two lines have the same name."), on="lines"),
        YES if not lines or whole == grant.amount + grant.own_share else no(mark("The lines add up to %(whole)s, but the grant and what it asks of others to %(asked)s."), on="lines", whole=whole, asked=grant.amount + grant.own_share),
    )  # fmt: skip
    before = {line.title: line.amount for line in BudgetLine.objects.filter(grant=grant).order_by("pk")}
    BudgetLine.objects.filter(grant=grant).delete()
    BudgetLine.objects.bulk_create(BudgetLine(grant=grant, title=title, amount=amount) for title, amount in lines)
    record(by=by, at=at, verb="economy.set_budget", thing="grant", thing_id=grant.pk, body_id=grant.cluster.body_id, before=before, after=dict(lines))  # fmt: skip


@transaction.atomic
def close_grant(*, by: Actor, at: datetime, grant: Grant, on: date) -> Grant:
    """The final account of the grant is made: nothing more is claimed under it."""
    require(may(by, "economy.edit", grant, on=date_of(at)))
    one = held(grant)
    require(
        YES if one.closed_on is None else no(mark("The grant is closed already."), on="grant"),
        YES if one.starts_on <= on <= date_of(at) else no(mark("It closes between the day on which it begins and today."), on="on"),
    )  # fmt: skip
    one.closed_on = on
    one.save(update_fields=["closed_on"])
    record(by=by, at=at, verb="economy.close_grant", thing="grant", thing_id=one.pk, body_id=one.cluster.body_id, after={"closed_on": on})  # fmt: skip
    return one


@transaction.atomic
def book_income(*, by: Actor, at: datetime, cluster: Cluster, new: NewIncome) -> Income:
    """Income received or budgeted."""
    require(
        may(by, "economy.edit", cluster, on=date_of(at)), _own(new.grant_id, cluster.pk),
        *may_book(new.year, new.on, new.standing, new.form, new.amount, at.year),
    )  # fmt: skip
    row = Income.objects.create(cluster=cluster, **asdict(new))
    record(by=by, at=at, verb="economy.book_income", thing="income", thing_id=row.pk, body_id=cluster.body_id, after=_said(new))  # fmt: skip
    return row


@transaction.atomic
def amend_income(*, by: Actor, at: datetime, income: Income, new: NewIncome) -> Income:
    one = held(income)
    require(
        may(by, "economy.edit", income, on=date_of(at)), _own(new.grant_id, income.cluster_id),
        *may_book(new.year, new.on, new.standing, new.form, new.amount, at.year),
    )  # fmt: skip
    values = asdict(new)
    before = {key: getattr(one, key) for key in values if key != "source" and getattr(one, key) != values[key]}
    for key, value in values.items():
        setattr(one, key, value)
    one.save()
    record(by=by, at=at, verb="economy.amend_income", thing="income", thing_id=one.pk, body_id=one.cluster.body_id, before=before, after={key: values[key] for key in before})  # fmt: skip
    return one


@transaction.atomic
def take_back_income(*, by: Actor, at: datetime, income: Income) -> None:
    """It was booked in error; the trail keeps what stood."""
    held(income)
    require(may(by, "economy.edit", income, on=date_of(at)))
    before = {"year": income.year, "standing": income.standing, "payer": income.payer, "amount": income.amount}
    pk, body_id = income.pk, income.cluster.body_id
    Income.objects.filter(pk=pk).delete()
    record(by=by, at=at, verb="economy.take_back_income", thing="income", thing_id=pk, body_id=body_id, before=before)


def _spell(new: NewHours) -> Spell:
    return Spell(new.body_id, new.person, new.since, new.until, new.begins, new.ends)


@transaction.atomic
def record_hours(*, by: Actor, at: datetime, cluster: Cluster, new: NewHours) -> HourEntry:
    """Hours given; those of a participation can together be no more than it holds."""
    require(may(by, "economy.edit", cluster, on=date_of(at)))
    alone_with(cluster)
    left = None
    if new.participation_id is not None:
        part = Participation.objects.select_for_update(of=("self",)).select_related("activity").filter(pk=new.participation_id, activity__cluster=cluster).first()  # fmt: skip
        if part is None or part.body_id != new.body_id:
            raise Refused(no(mark("The participation is not one of this organisation's."), on="participation"))
        left = left_of(part)
        if new.since < part.activity.starts_on or new.until > part.activity.ends_on:
            raise Refused(no(mark("The days lie outside the activity."), on="since"))
    require(
        *may_record(_spell(new), new.hours, new.pay, left, date_of(at)),
        *may_lay(new.evidence, new.evidence_reference, new.evidence_on, new.since, date_of(at)),
    )
    row = HourEntry.objects.create(cluster=cluster, **asdict(new))
    record(by=by, at=at, verb="economy.record_hours", thing="hours", thing_id=row.pk, body_id=cluster.body_id, after=_said(new))  # fmt: skip
    return row


@transaction.atomic
def record_many(
    *, by: Actor, at: datetime, cluster_id: int, many: Sequence[NewHours], thing_body_id: int | None = None
) -> list[int]:
    """Hours in bulk, each held to the same rules; returns their numbers in the same order."""
    require(may(by, "intake.take_in", on=date_of(at)))
    for new in many:
        require(
            *may_record(_spell(new), new.hours, new.pay, None, date_of(at)),
            *may_lay(new.evidence, new.evidence_reference, new.evidence_on, new.since, date_of(at)),
        )
    rows = HourEntry.objects.bulk_create((HourEntry(cluster_id=cluster_id, **asdict(new)) for new in many), batch_size=_BATCH)  # fmt: skip
    stock_of(len(rows), HourEntry)
    after = {"new": len(rows), "digest": digest_of([(row.body_id, row.since, row.hours) for row in rows])}
    record(by=by, at=at, verb="economy.record_many", thing="hours", body_id=thing_body_id, after=after)
    return [row.pk for row in rows]


def _unclaimed(entry: HourEntry) -> HourEntry:
    """The entry, which is held, if nobody has claimed it."""
    claim = Claim.objects.select_related("grant").filter(entry=entry).first()
    if claim is not None:
        raise Refused(no(mark("The hours are claimed under “%(grant)s”. Take the claim back first."), on="hours", grant=claim.grant.title))  # fmt: skip
    return entry


@transaction.atomic
def amend_hours(*, by: Actor, at: datetime, entry: HourEntry, new: NewHours) -> HourEntry:
    """The entry is put right as long as nobody has claimed it; whose hours they are stays."""
    alone_with(entry.cluster)
    if entry.participation is not None:  # those of a participation together are no more than it holds
        alone_with(entry.participation)
    held(entry)
    require(may(by, "economy.edit", entry, on=date_of(at)))
    one = _unclaimed(entry)
    left = left_of(one.participation, one.pk) if one.participation else None
    same = (new.body_id, new.participation_id) == (one.body_id, one.participation_id)
    require(
        YES if same else no(mark("Whose hours they are cannot be changed; strike the entry and record another."), on="body"),
        *may_record(_spell(new), new.hours, new.pay, left, date_of(at)),
        *may_lay(new.evidence, new.evidence_reference, new.evidence_on, new.since, date_of(at)),
    )  # fmt: skip
    values = asdict(new)
    before = {key: getattr(one, key) for key in values if key != "source" and getattr(one, key) != values[key]}
    for key, value in values.items():
        setattr(one, key, value)
    one.save()
    said = before.keys() - {"person"}
    record(by=by, at=at, verb="economy.amend_hours", thing="hours", thing_id=one.pk, body_id=one.cluster.body_id, before={key: before[key] for key in sorted(said)}, after={key: values[key] for key in sorted(said)})  # fmt: skip
    return one


@transaction.atomic
def lay_evidence(*, by: Actor, at: datetime, entry: HourEntry, evidence: HourEvidence, reference: str, on: date | None, pay: Decimal | None = None) -> HourEntry:  # fmt: skip
    """Evidence for the hours, and the hourly pay where the funder asks for it."""
    alone_with(entry.cluster)
    held(entry)
    require(
        may(by, "economy.edit", entry, on=date_of(at)), *may_lay(evidence, reference, on, entry.since, date_of(at)),
        YES if pay is None or 0 < pay < 1_000_000 else no(mark("The hourly pay must be more than 0."), on="pay"),
    )  # fmt: skip
    one = _unclaimed(entry)
    before = {"evidence": one.evidence, "evidence_reference": one.evidence_reference, "evidence_on": one.evidence_on}
    one.evidence, one.evidence_reference, one.evidence_on = evidence, reference, on
    one.pay = pay if pay is not None else one.pay
    one.save()
    after = {"evidence": evidence, "evidence_reference": reference, "evidence_on": on}
    record(by=by, at=at, verb="economy.lay_evidence", thing="hours", thing_id=one.pk, body_id=one.cluster.body_id, before=before, after=after)  # fmt: skip
    return one


@transaction.atomic
def strike_hours(*, by: Actor, at: datetime, entry: HourEntry) -> None:
    """The entry was written in error; the trail keeps what stood."""
    alone_with(entry.cluster)
    held(entry)
    require(may(by, "economy.edit", entry, on=date_of(at)))
    one = _unclaimed(entry)
    before = {"body": one.body_id, "since": one.since, "until": one.until, "hours": one.hours, "evidence": one.evidence}
    pk, body_id = one.pk, one.cluster.body_id
    one.delete()
    record(by=by, at=at, verb="economy.strike_hours", thing="hours", thing_id=pk, body_id=body_id, before=before)
