"""The way to a label, step by step through the front doors, for stories about it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments import auditing, backing
from klyngeforum.quality.assessments.backing import NewEvidence
from klyngeforum.quality.assessments.queries import lines, newest
from klyngeforum.quality.assessments.terms import AssessmentKind, Part, Seat
from klyngeforum.quality.indicators.queries import awarding
from klyngeforum.quality.labels import certifying

from .told import told

AT = datetime(2013, 6, 3, 9, tzinfo=UTC)
DAY, LABEL = AT.date(), "gold"
SCHEME = awarding(LABEL, on=DAY)[0].scheme


def expert(stage, key, *, body=None, role=Role.AUDITOR, until=None):
    person = access.welcome(by=None, at=AT, email=f"{key}@demo.invalid", name=key.title())
    access.appoint(by=None, at=AT, person=person, role=Role.AUDITOR, body_id=None, since=date(2010, 1, 1))
    if body:
        post = access.appoint(
            by=None, at=AT, person=person, role=role, body_id=stage.bodies[body], since=date(2005, 1, 1)
        )
        if until:
            access.end_post(by=None, at=AT, post=post, on=until)
    stage.people[key] = person
    return person


def fill(stage, one, seat, who, level="4"):
    for line in lines(one, seen_by=stage.people[who], seat=seat):
        best = str(min(int(level), line.indicator.top))
        for part, value in ((Part.LEVEL, best), *([(Part.DIFFERS, "Registret mangler.")] if seat is Seat.OWN else [])):
            assessments.answer(by=stage.people[who], at=AT, assessment=one, indicator=line.indicator.code, part=part, value=value, turn=line.turns.get(part, 0), seat=seat)  # fmt: skip


def evaluated(stage):
    told(_evaluated, stage)
    return stage


def _evaluated(stage):
    one = assessments.begin(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], kind=AssessmentKind.SELF, scheme=SCHEME, as_of=DAY)  # fmt: skip
    fill(stage, one, Seat.OWN, "vind")
    paper = NewEvidence(
        "2.1", "Samarbejdsaftale", date(2013, 1, 1), file=("aftale.pdf", "application/pdf", b"%PDF-1.4 x")
    )
    backing.attach(by=stage.people["vind"], at=AT, assessment=one, new=paper)
    assessments.complete(by=stage.people["vind"], at=AT, assessment=one)


def applied(stage, **more):
    if not newest([stage.clusters["vind"].pk], SCHEME, until=DAY):
        evaluated(stage)
    return certifying.apply(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], label=LABEL, reason="Vi er klar.", **more)  # fmt: skip


def assigning(stage):
    return certifying.admit(by=stage.people["office"], at=AT, case=applied(stage, money_asked=Decimal(60000)))


def ask(stage, case, who, seat=Seat.EXPERT_A):
    return certifying.ask(by=stage.people["office"], at=AT, case=case, expert=stage.people[who], seat=seat)


EXPERTS = ("first", "second")


def auditing_case(stage, experts=EXPERTS):
    return told(_auditing_case, stage, way=(experts,))


def _auditing_case(stage, experts):
    case = assigning(stage)
    for key, seat in zip(experts, (Seat.EXPERT_A, Seat.EXPERT_B), strict=True):
        if key not in stage.people:
            expert(stage, key)
        ask(stage, case, key, seat)
        certifying.declare(by=stage.people[key], at=AT, case=case, is_independent=True, text="Ingen forbindelse.")
    return certifying.begin_audit(by=stage.people["office"], at=AT, case=case)


def joint(stage, experts=EXPERTS):
    return told(_joint, stage, way=(experts,))


def _joint(stage, experts):
    case = auditing_case(stage, experts)
    for key, seat, level in zip(experts, (Seat.EXPERT_A, Seat.EXPERT_B), ("4", "3"), strict=True):
        fill(stage, case.audit, seat, key, level)
        auditing.hand_in(by=stage.people[key], at=AT, assessment=case.audit)
    return case


def reported(stage, experts=EXPERTS):
    return told(_reported, stage, way=(experts,))


def _reported(stage, experts):
    case, (first, second) = joint(stage, experts), experts
    fill(stage, case.audit, Seat.AGREED, first)
    auditing.agree(by=stage.people[second], at=AT, assessment=case.audit)
    for code in ("2.1", "4.4", "5.2"):
        certifying.find_area(
            by=stage.people[first], at=AT, case=case, indicator=code, finding="Svagt.", recommendation="Styrk det."
        )
    return certifying.report(by=stage.people[second], at=AT, case=case)
