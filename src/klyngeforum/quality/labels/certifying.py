"""The way to a label: apply, admit, ask assessors, declare independence, audit, report, record what the approving group decided."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.holding import once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, Verdict, no, require
from klyngeforum.ground.words import mark
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments import auditing
from klyngeforum.quality.assessments.queries import newest, seat_of, version_of
from klyngeforum.quality.assessments.terms import EXPERTS, AssessmentKind, AssessmentState, Seat
from klyngeforum.quality.indicators.queries import awarding

from .actions import note
from .models import Area, Case, Declaration
from .queries import conflicts
from .reading import certification
from .rules import enough_areas, independent, may_move
from .terms import MOVES, CaseState

if TYPE_CHECKING:
    from klyngeforum.registers.clusters.models import Cluster


def taken(case: Case) -> Case:
    """The case, locked for this transaction."""
    return Case.objects.select_for_update(of=("self",)).select_related("cluster", "audit").get(pk=case.pk)


def _moved(case: Case, verb: str, *, by: Actor, at: datetime, reason: str = "", **after: object) -> Case:
    before = case.state
    case.state = MOVES[CaseState(before)][verb]
    case.save()
    record(
        by=by, at=at, verb=f"labels.{verb}", thing="case", thing_id=case.pk, body_id=case.cluster.body_id, reason=reason,
        before={"state": before}, after={"state": case.state, **after},
    )  # fmt: skip
    return case


def _under_way(cluster: Cluster, label: str) -> Verdict:
    over = (CaseState.AWARDED, CaseState.DECLINED, CaseState.WITHDRAWN)
    standing = Case.objects.filter(cluster=cluster, label=label).exclude(state__in=over)
    return no(mark("An application for this label is already under way."), on="label") if standing.exists() else YES


@transaction.atomic
def apply(
    *, by: Actor, at: datetime, cluster: Cluster, label: str, reason: str, money_asked: Decimal | None = None
) -> Case:
    """Apply for certification, resting on a completed self-evaluation; the granting body decides on the money elsewhere."""
    found = awarding(label, on=date_of(at))
    if found is None:
        raise Refused(no(mark("There is no label “%(label)s” in the programme."), on="label", label=label))
    version, _ = found
    own = newest([cluster.pk], version.scheme, until=date_of(at)).get(cluster.pk)
    require(
        may(by, "labels.apply", cluster, on=date_of(at)),
        YES if own else no(mark("Complete a self-evaluation first: the application rests on it."), on="label"),
        _under_way(cluster, label),
        YES if reason.strip() else no(mark("Write why the organisation is ready."), on="reason"),
        no(mark("An amount cannot be negative."), on="money_asked") if money_asked and money_asked < 0 else YES,
    )
    row = Case(
        cluster=cluster, label=label, scheme=version.scheme, version=version.version, applied_on=date_of(at), applied_by=by,
        money_asked=money_asked, reason=reason.strip(), own=own,  # there is one: required above
    )  # fmt: skip
    with once(lambda: _under_way(cluster, label)):
        row.save()
    after = {"label": label, "money_asked": money_asked, "own": row.own_id}
    record(by=by, at=at, verb="labels.apply", thing="case", thing_id=row.pk, body_id=cluster.body_id, after=after)
    return row


@transaction.atomic
def admit(*, by: Actor, at: datetime, case: Case) -> Case:
    """The application is taken up: assessors can be asked."""
    one = taken(case)
    require(may(by, "labels.handle", on=date_of(at)), may_move(one.state, "admit"))
    return _moved(one, "admit", by=by, at=at)


@transaction.atomic
def withdraw(*, by: Actor, at: datetime, case: Case, reason: str) -> Case:
    """The organisation, or the secretariat for it, takes the application back."""
    one = taken(case)
    allowed = may(by, "labels.apply", one.cluster, on=date_of(at)) or may(by, "labels.handle", on=date_of(at))
    require(
        allowed,
        may_move(one.state, "withdraw"),
        YES if reason.strip() else no(mark("Write why the application is withdrawn."), on="reason"),
    )
    one.ended_on = date_of(at)
    return _moved(one, "withdraw", by=by, at=at, reason=reason.strip())


@transaction.atomic
def ask(*, by: Actor, at: datetime, case: Case, expert: Person, seat: Seat, foreign: bool = False) -> Declaration:
    """Ask an assessor to take a seat; whoever has a tie to the organisation cannot be asked."""
    one = taken(case)
    open_seats = Declaration.objects.filter(case=one).exclude(independent=False)
    require(
        may(by, "labels.handle", on=date_of(at)),
        YES if one.state == CaseState.ASSIGNING else no(mark("Assessors are asked after the application is taken up.")),
        YES if seat in EXPERTS else no(mark("This is not an expert's seat."), on="seat"),
        may(expert, "assessments.score", on=date_of(at)),
        no(mark("The seat is offered to somebody already."), on="seat") if open_seats.filter(seat=seat).exists() else YES,
        no(mark("This person was asked already."), on="expert") if Declaration.objects.filter(case=one, person=expert).exists() else YES,
        independent(conflicts(expert, one.cluster, on=date_of(at))),
    )  # fmt: skip
    row = Declaration.objects.create(case=one, person=expert, seat=seat, asked_on=date_of(at), foreign=foreign)
    record(by=by, at=at, verb="labels.ask", thing="case", thing_id=one.pk, body_id=one.cluster.body_id, after={"person": expert.pk, "seat": seat})  # fmt: skip
    return row


@transaction.atomic
def declare(*, by: Person, at: datetime, case: Case, is_independent: bool, text: str) -> Declaration:
    """The assessor says whether they are independent; whoever is not leaves the seat to another and sees nothing of the case."""
    one = taken(case)
    row = Declaration.objects.filter(case=one, person=by).first()
    if row is None:
        raise Refused(no(mark("You are not asked in this case.")))
    require(
        YES if row.independent is None else no(mark("You have declared already.")),
        YES if text.strip() else no(mark("Write what the declaration rests on."), on="text"),
        independent(conflicts(by, one.cluster, on=date_of(at))) if is_independent else YES,
    )
    row.independent, row.text, row.declared_at = is_independent, text.strip(), at
    row.save(update_fields=["independent", "text", "declared_at"])
    record(by=by, at=at, verb="labels.declare", thing="case", thing_id=one.pk, body_id=one.cluster.body_id, after={"independent": is_independent, "seat": row.seat})  # fmt: skip
    return row


def _ready(case: Case, on: date) -> list[Verdict]:
    """Both seats are filled by people who declared themselves independent, and nothing has come between since."""
    rows = list(Declaration.objects.filter(case=case, independent=True).select_related("person"))
    full = {row.seat for row in rows} == {seat.value for seat in EXPERTS}
    both = YES if full else no(mark("Two assessors must have declared themselves independent."))
    return [both, *(independent(conflicts(row.person, case.cluster, on=on)) for row in rows)]


@transaction.atomic
def begin_audit(*, by: Actor, at: datetime, case: Case) -> Case:
    """Open the audit with both experts in their seats; from now on each scores alone."""
    one = taken(case)
    require(may(by, "labels.handle", on=date_of(at)), may_move(one.state, "begin_audit"), *_ready(one, date_of(at)))
    audit = assessments.begin(
        by=by, at=at, cluster=one.cluster, kind=AssessmentKind.AUDIT, scheme=one.scheme, as_of=date_of(at), version=one.version
    )  # fmt: skip
    for row in Declaration.objects.filter(case=one, independent=True).select_related("person"):
        auditing.seat(by=by, at=at, assessment=audit, expert=row.person, seat=Seat(row.seat))
    auditing.begin_scoring(by=by, at=at, assessment=audit)
    one.audit = audit
    return _moved(one, "begin_audit", by=by, at=at, audit=audit.pk)


@transaction.atomic
def find_area(*, by: Actor, at: datetime, case: Case, indicator: str, finding: str, recommendation: str) -> Area:
    """Write an improvement area of the report, or write it anew; only the experts, once they have met."""
    one = taken(case)
    audit = one.audit
    if audit is None:
        raise Refused(no(mark("The audit has not begun.")))
    known = version_of(audit).indicator(indicator)
    met = audit.state in (AssessmentState.JOINT, AssessmentState.AGREED)
    require(
        may(by, "assessments.score", on=date_of(at)),
        YES if seat_of(audit, by) else no(mark("You do not sit in this seat.")),
        YES if met and one.state == CaseState.AUDITING else no(mark("Findings are written in the joint round.")),
        YES if known else no(mark("There is no indicator “%(code)s”."), on="indicator", code=indicator),
        YES if finding.strip() else no(mark("Write what was found."), on="finding"),
        YES if recommendation.strip() else no(mark("Write what is recommended."), on="recommendation"),
    )
    row, _ = Area.objects.update_or_create(
        case=one, indicator=indicator, defaults={"finding": finding.strip(), "recommendation": recommendation.strip()}
    )
    record(by=by, at=at, verb="labels.find_area", thing="case", thing_id=one.pk, body_id=one.cluster.body_id, after={"indicator": indicator})  # fmt: skip
    return row


@transaction.atomic
def drop_area(*, by: Actor, at: datetime, case: Case, indicator: str) -> Case:
    """Take an improvement area out of the report before it is handed in."""
    one = taken(case)
    require(
        may(by, "assessments.score", on=date_of(at)),
        YES if one.audit and seat_of(one.audit, by) else no(mark("You do not sit in this seat.")),
        YES if one.state == CaseState.AUDITING else no(mark("The report is in; it stays as it is.")),
        YES if Area.objects.filter(case=one, indicator=indicator).exists() else no(mark("There is no such improvement area.")),
    )  # fmt: skip
    Area.objects.filter(case=one, indicator=indicator).delete()
    record(by=by, at=at, verb="labels.drop_area", thing="case", thing_id=one.pk, body_id=one.cluster.body_id, before={"indicator": indicator})  # fmt: skip
    return one


@transaction.atomic
def report(*, by: Actor, at: datetime, case: Case) -> Case:
    """The experts hand in the report: every score agreed, the improvement areas written."""
    one = taken(case)
    agreed = one.audit is not None and one.audit.state == AssessmentState.AGREED
    require(
        may(by, "assessments.score", on=date_of(at)),
        YES if one.audit and seat_of(one.audit, by) else no(mark("You do not sit in this seat.")),
        may_move(one.state, "report"),
        YES if agreed else no(mark("The experts have not agreed on every score yet.")),
        enough_areas(Area.objects.filter(case=one).count(), certification().areas),
    )
    return _moved(one, "report", by=by, at=at)


@transaction.atomic
def award(
    *,
    by: Actor,
    at: datetime,
    case: Case,
    issuer: str,
    valid_from: date,
    valid_to: date,
    certificate: str,
    decision: str,
) -> Case:
    """Record that the approving group awarded the label, with the days as it decided them."""
    one = taken(case)
    require(
        may(by, "labels.record", on=date_of(at)),
        may_move(one.state, "award"),
        YES if decision.strip() else no(mark("Name the decision of the approving group."), on="decision"),
        YES if issuer.strip() else no(mark("Name who issued the label."), on="issuer"),
    )
    one.record = note(
        by=by, at=at, cluster=one.cluster, label=one.label, issuer=issuer.strip(), valid_from=valid_from, valid_to=valid_to,
        certificate=certificate.strip(), source=decision.strip()[:200],
    )  # fmt: skip
    one.decision, one.ended_on = decision.strip(), date_of(at)
    return _moved(one, "award", by=by, at=at, record=one.record.pk)


@transaction.atomic
def decline(*, by: Actor, at: datetime, case: Case, decision: str) -> Case:
    """Record that the approving group did not award the label."""
    one = taken(case)
    require(
        may(by, "labels.record", on=date_of(at)),
        may_move(one.state, "decline"),
        YES if decision.strip() else no(mark("Name the decision of the approving group."), on="decision"),
    )
    one.decision, one.ended_on = decision.strip(), date_of(at)
    return _moved(one, "decline", by=by, at=at, reason=one.decision)
