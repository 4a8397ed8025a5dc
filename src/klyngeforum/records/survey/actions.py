"""Holding a round: drawing it up, opening it, closing it, publishing it; contacts, lawful bases and differences looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may, within
from klyngeforum.ground.holding import alone_with, held, once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import stock_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .drawing import Judge, reports
from .links import token
from .models import Asked, Basis, Contact, Part, Round, Written
from .questionnaires import version_of
from .rules import fingerprint, may_ask, may_have_new_link, may_move, may_name, may_note_basis
from .terms import AnswerState, BasisKind, LeftOut, Questionnaire, RoundState

if TYPE_CHECKING:
    from klyngeforum.ground.bodies.models import Body
    from klyngeforum.registers.clusters.models import Cluster

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewContact:
    body_id: int
    email: str
    name: str = ""
    language: str = "da"


@transaction.atomic
def prepare(*, by: Actor, at: datetime, survey: Questionnaire, year: int, months: int = 0) -> Round:
    """Draw up the round: every company once with a part for each organisation; who is left out stands there with the reason."""
    stands = Round.objects.filter(code=survey.code, year=year, months=months).exists()
    require(may(by, "survey.hold", on=date_of(at)), *may_ask(survey.months, months, year, at.year, stands=stands))
    one = Round(code=survey.code, version=survey.version, kind=survey.kind, year=year, months=months)
    with once():
        one.save()
    judge, found = Judge(survey, date_of(at), one.pk), reports(survey.kind, year, months)
    rows = []
    for body_id in sorted(found.keys() & judge.facts.keys()):
        known, why = judge.facts[body_id], judge.why(body_id)
        email, language = judge.contacts.get(body_id, ("", "da"))
        rows.append(Asked(round=one, body_id=body_id, left_out=why, email=email, language=language, size=known.size, industry=known.industry, region=known.region))  # fmt: skip
    asked = {row.body_id: row for row in Asked.objects.bulk_create(rows, batch_size=_BATCH)}
    parts = [
        Part(
            asked=row, cluster_id=cluster_id, took_part=told.took_part, reported=told.step, activity_id=told.activity_id
        )
        for body_id, row in asked.items()
        for cluster_id, told in sorted(found[body_id].items())
    ]
    Part.objects.bulk_create(parts, batch_size=_BATCH)
    stock_of(len(rows), Asked, Part)
    after = {"survey": survey.code, "year": year, "months": months, "companies": len(rows), "parts": len(parts)}
    record(by=by, at=at, verb="survey.prepare", thing="survey", thing_id=one.pk, after=after)
    return one


def _judged_again(one: Round, at: datetime) -> Counter[str]:
    """Who may be asked now among those who were not: a contact or a basis may have come since."""
    judge = Judge(version_of(one.code, one.version), date_of(at), one.pk)
    changed = []
    for row in Asked.objects.filter(round=one, asked_at__isnull=True):
        row.left_out = judge.why(row.body_id)
        row.email, row.language = judge.contacts.get(row.body_id, ("", row.language))
        if row.left_out == LeftOut.NO:
            row.turn, row.asked_at = row.turn + 1, at
            row.link = fingerprint(token(row.pk, row.turn))
        changed.append(row)
    # the rows are there already: written over by their id in one statement a batch (bulk_update's CASE of every row took ten times as long)
    columns = ["left_out", "email", "language", "turn", "asked_at", "link"]
    Asked.objects.bulk_create(changed, batch_size=_BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns)  # fmt: skip
    new = [Written(asked=row, number=0, queued_at=at) for row in changed if row.left_out == LeftOut.NO]
    Written.objects.bulk_create(new, batch_size=_BATCH)
    stock_of(len(new), Written)
    return Counter(str(row.left_out) or "asked" for row in changed)


@transaction.atomic
def open_round(*, by: Actor, at: datetime, one: Round) -> Round:
    """Open for answers: everybody who may be asked gets a link of their own, and an invitation lies ready to be sent."""
    one = Round.objects.select_for_update().get(pk=one.pk)
    require(may(by, "survey.hold", on=date_of(at)), may_move(one.state, RoundState.OPEN))
    one.state, one.opened_on = RoundState.OPEN.value, date_of(at)
    one.closes_on = date_of(at) + timedelta(days=version_of(one.code, one.version).open_days)
    one.save(update_fields=["state", "opened_on", "closes_on"])
    after = {"closes_on": one.closes_on, **_judged_again(one, at)}
    record(by=by, at=at, verb="survey.open", thing="survey", thing_id=one.pk, after=after)
    return one


@transaction.atomic
def ask_more(*, by: Actor, at: datetime, one: Round) -> int:
    """Ask in an open round those who may be asked by now."""
    one = Round.objects.select_for_update().get(pk=one.pk)
    require(may(by, "survey.hold", on=date_of(at)), may_move(one.state, RoundState.CLOSED))
    found = _judged_again(one, at)
    record(by=by, at=at, verb="survey.ask_more", thing="survey", thing_id=one.pk, after=dict(found))
    return found["asked"]


@transaction.atomic
def _moved(by: Actor, at: datetime, one: Round, to: RoundState, verb: str) -> Round:
    one = Round.objects.select_for_update().get(pk=one.pk)
    require(may(by, "survey.hold", on=date_of(at)), may_move(one.state, to))
    before, one.state = one.state, to.value
    one.save(update_fields=["state"])
    record(by=by, at=at, verb=verb, thing="survey", thing_id=one.pk, before={"state": before}, after={"state": to})
    return one


def close(*, by: Actor, at: datetime, one: Round) -> Round:
    return _moved(by, at, one, RoundState.CLOSED, "survey.close")


def publish(*, by: Actor, at: datetime, one: Round) -> Round:
    return _moved(by, at, one, RoundState.PUBLISHED, "survey.publish")


@transaction.atomic
def hold_contacts(*, by: Actor, at: datetime, cluster: Cluster, contacts: Sequence[NewContact], basis: str) -> int:
    """Whom to write to, as the organisation gives it, and on what it holds the addresses; given again it is replaced."""
    require(may(by, "survey.office", cluster, on=date_of(at)), *may_name([one.email for one in contacts], basis))
    newest = {one.body_id: one for one in contacts}.values()
    rows = [Contact(cluster=cluster, body_id=one.body_id, email=one.email, name=one.name, language=one.language, basis=basis, given_by=by, given_at=at) for one in newest]  # fmt: skip
    changing = ["email", "name", "language", "basis", "given_by", "given_at"]
    Contact.objects.bulk_create(rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["cluster", "body"], update_fields=changing)  # fmt: skip
    after = {"contacts": len(contacts), "bodies": sorted(one.body_id for one in contacts), "basis": basis}
    record(by=by, at=at, verb="survey.hold_contacts", thing="cluster", thing_id=cluster.pk, body_id=cluster.body_id, after=after)  # fmt: skip
    return len(contacts)


@transaction.atomic
def note_basis(*, by: Actor, at: datetime, body: Body, kind: BasisKind, since: date, source: str) -> Basis:
    """On what lawful basis the protected company may be asked; a newer one takes the place of the one that stands."""
    alone_with(body)
    require(may(by, "survey.hold", on=date_of(at)), *may_note_basis(source, since, date_of(at)))
    for before in Basis.objects.filter(body=body, until__isnull=True):
        before.until = max(before.since, since)
        before.save(update_fields=["until"])
    one = Basis.objects.create(body=body, kind=kind, since=since, source=source, noted_by=by, noted_at=at)
    record(by=by, at=at, verb="survey.note_basis", thing="body", thing_id=body.pk, body_id=body.pk, after={"kind": kind, "since": since, "source": source})  # fmt: skip
    return one


@transaction.atomic
def withdraw_basis(*, by: Actor, at: datetime, body: Body) -> None:
    """The basis does not hold any more: the company is not asked again, and its link ends at once if it had not answered."""
    alone_with(body)
    require(may(by, "survey.hold", on=date_of(at)))
    ended = Basis.objects.filter(body=body, until__isnull=True, since__lte=date_of(at)).update(until=date_of(at))
    Asked.objects.filter(body=body, handed_in_at__isnull=True, link__isnull=False).update(revoked=True)
    record(by=by, at=at, verb="survey.withdraw_basis", thing="body", thing_id=body.pk, body_id=body.pk, after={"ended": ended})  # fmt: skip


@transaction.atomic
def revoke(*, by: Actor, at: datetime, asked: Asked) -> None:
    """The link went astray: the old one is worthless and a new one is written. Whoever holds the survey, or an organisation that the company is in."""
    part = Part.objects.filter(
        asked=asked, pk__in=within(Part.objects.all(), by, "survey.office", on=date_of(at))
    ).first()
    allowed = may(by, "survey.hold", on=date_of(at)) or may(by, "survey.office", part or asked, on=date_of(at))
    require(allowed, may_move(held(asked.round).state, RoundState.CLOSED))
    asked = Asked.objects.select_for_update().get(pk=asked.pk)
    require(may_have_new_link(linked=asked.link is not None, handed_in=asked.state == AnswerState.HANDED_IN))
    asked.turn += 1
    asked.link = fingerprint(token(asked.pk, asked.turn))
    asked.save(update_fields=["turn", "link"])
    last = asked.written.order_by("-number").values_list("number", flat=True).first() or 0
    Written.objects.create(asked=asked, number=last + 1, queued_at=at)
    record(by=by, at=at, verb="survey.revoke", thing="survey", thing_id=asked.round_id, body_id=asked.body_id, after={"turn": asked.turn})  # fmt: skip


@transaction.atomic
def look(*, by: Actor, at: datetime, part: Part, note: str) -> Part:
    """Somebody of the organisation looked at what the company says otherwise; the records are mended, or not, by their own doors."""
    held(part)
    require(may(by, "survey.office", part, on=date_of(at)))
    part.looked_by, part.looked_at, part.looked_note = by, at, note
    part.save(update_fields=["looked_by", "looked_at", "looked_note"])
    record(by=by, at=at, verb="survey.look", thing="survey", thing_id=part.asked.round_id, body_id=part.cluster.body_id, after={"part": part.pk, "note": note})  # fmt: skip
    return part
