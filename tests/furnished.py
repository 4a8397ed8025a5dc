"""Vindklyngen with everything of quality and of the leagues in it: a reported case, an assessment in work, a placement, a warning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from klyngeforum.ground.programme.queries import funding_schemes, leagues, report_forms
from klyngeforum.ground.programme.reporting import Comes
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments.terms import AssessmentKind, Seat
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy.actions import NewGrant, NewHours, NewIncome
from klyngeforum.records.economy.claiming import claim
from klyngeforum.records.economy.terms import Form, HourEvidence, Standing
from klyngeforum.records.survey import actions as survey
from klyngeforum.records.survey.answering import Confirmed, Given, hand_in
from klyngeforum.records.survey.links import token
from klyngeforum.records.survey.queries import asked_of, parts_asked
from klyngeforum.records.survey.questionnaires import in_force
from klyngeforum.records.survey.terms import CompanyStep, Said
from klyngeforum.registers.clusters import actions as registering
from klyngeforum.results.reports import actions as reports
from klyngeforum.steering.leagues import actions as placing

from . import certified
from .certified import AT, DAY, SCHEME
from .told import told

GROUP, CODE = "2", "2.1"


EXPERTS = ("auditor", "second")


def asked(stage):
    case = certified.assigning(stage)
    certified.ask(stage, case, "auditor", Seat.EXPERT_A)
    return case


WAY = {
    "applied": certified.applied, "asked": asked, "scoring": lambda stage: certified.auditing_case(stage, EXPERTS),
    "joint": lambda stage: certified.joint(stage, EXPERTS), "reported": lambda stage: certified.reported(stage, EXPERTS),
}  # fmt: skip


def furnish(stage, upto="reported"):
    told(_furnish, stage, way=(upto,))


def _furnish(stage, upto):
    """The case has come so far on its way; the cast's auditor sits in the first seat, or is asked to."""
    manager, office, cluster = stage.people["vind"], stage.people["office"], stage.clusters["vind"]
    stage.case = WAY[upto](stage)
    stage.draft = assessments.begin(by=manager, at=AT, cluster=cluster, kind=AssessmentKind.SELF, scheme=SCHEME, as_of=DAY)  # fmt: skip
    lowest = leagues()[-1].code
    surveyed(stage)
    stage.placement = placing.place(by=office, at=AT, cluster=cluster, league=lowest, on=DAY, decision="Styregruppen 3. juni, punkt 4")  # fmt: skip


def paid(stage):
    """Vindklyngen has a grant, income of it, and hours: claimed, with evidence and without."""
    manager, cluster = stage.people["vind"], stage.clusters["vind"]
    grant = economy.receive_grant(by=manager, at=AT, cluster=cluster, new=NewGrant("T-1", "Netværket", funding_schemes()[0].code, date(2012, 1, 1), date(2014, 12, 31), Decimal(900_000), Decimal(400_000)))  # fmt: skip
    economy.book_income(by=manager, at=AT, cluster=cluster, new=NewIncome(2012, Standing.RECEIVED, Form.CASH, funding_schemes()[0].pays, Decimal("300000.50"), date(2012, 6, 1), grant.pk, "Første rate"))  # fmt: skip
    day, entries = date(2012, 5, 5), []
    for hours, evidence in ((3, HourEvidence.TIME_SHEET), (2, HourEvidence.PARTICIPANT_LIST), (1, HourEvidence.NONE)):
        laid = {"evidence": evidence, "evidence_reference": "sag 4", "evidence_on": day} if evidence else {}
        new = NewHours(stage.bodies["b"], day, day, Decimal(hours), person="Ida", task="Bestyrelsesmøde", **laid)
        entries.append(economy.record_hours(by=manager, at=AT, cluster=cluster, new=new))
    claim(by=manager, at=AT, grant=grant, entries=[entries[0].pk], since=date(2012, 1, 1), until=date(2012, 6, 30))


def reported(stage):
    """Vindklyngen has handed the report of its grant in."""
    manager, cluster, form = stage.people["vind"], stage.clusters["vind"], _form()
    type(cluster).objects.filter(pk=cluster.pk).update(contact_name="Vinnie", contact_email="vinnie@demo.invalid")
    cluster.refresh_from_db()
    registering.note_staff(by=None, at=AT, cluster=cluster, year=2012, full_time=Decimal(3))
    given = {one.code: "Som planlagt." for one in form.fields if one.comes is Comes.TYPED}
    reports.answer(by=manager, at=AT, cluster=cluster, form=form, year=2012, given=given)
    reports.hand_in(by=manager, at=AT, cluster=cluster, form=form, year=2012)


def _form():
    return next(one for one in report_forms() if one.scheme == funding_schemes()[0].code)


def of_economy(stage) -> dict[str, dict[str, object]]:
    """Of every address of economy and reports: a real thing of Vindklyngen."""
    cluster = stage.clusters["vind"]
    grant, free = {"pk": cluster.grants.first().pk}, cluster.hour_entries.filter(claims=None).first()
    return {
        "grant": grant, "grant_amend": grant, "grant_budget": grant, "income": {"pk": cluster.incomes.first().pk}, "hours_entry": {"pk": free.pk},
        "money_figure": {"code": "income_total", "year": 2012}, "report": {"code": _form().code, "year": 2012}, "report_handed_in": {"pk": cluster.reports.first().pk},
    }  # fmt: skip


def surveyed(stage):
    """A published survey of the year before, and an open one in which a company says otherwise than was reported."""
    office, manager, one, body = stage.people["office"], stage.people["vind"], stage.clusters["vind"], stage.bodies["a"]
    form = in_force("company", on=AT.date())
    survey.hold_contacts(by=manager, at=AT, cluster=one, contacts=[survey.NewContact(body, "a@example.com")], basis="Aftale")  # fmt: skip
    early = survey.open_round(by=office, at=AT, one=survey.prepare(by=office, at=AT, survey=form, year=2011))
    survey.publish(by=office, at=AT, one=survey.close(by=office, at=AT, one=early))
    later = AT + timedelta(days=form.rest_days)
    stage.survey = survey.open_round(
        by=office, at=later, one=survey.prepare(by=office, at=later, survey=form, year=2012)
    )
    asked = asked_of(stage.survey, body)
    if asked is not None and asked.link:
        parts = {part.pk: Confirmed(Said.WRONG, True, CompanyStep.INNOVATION) for part in parts_asked(asked)}
        hand_in(by=None, at=later, token=token(asked.pk, asked.turn), given=Given({"satisfaction": ["4"]}, parts))
        stage.survey_link = token(asked.pk, asked.turn)


def of_quality(stage) -> dict[str, dict[str, object]]:
    """Of every address of these rooms: a real thing; nothing while the house is not furnished."""
    if stage.case is None:
        return {}
    case, draft, key = {"pk": stage.case.pk}, {"pk": stage.draft.pk}, {"key": MeasuredKey.COMMITTED_PARTICIPANTS.value}
    answer, group = {"code": CODE}, {"group": GROUP}
    own_paper, paper = (
        {"evidence_pk": one.evidence.first().pk} for one in (stage.draft, stage.case.audit or stage.draft)
    )
    return {
        "placement": {"pk": stage.placement.pk}, "proposal": {"slug": "vindklyngen"}, "measured": key, "examined_value": draft | key, "assessment": draft, "assessment_sheet": draft,
        "here": draft, "assessment_fact": draft, "assessment_group": draft | group, "assessment_answer": draft | answer, "lay_evidence": draft | answer,
        "evidence": draft | own_paper, "rescored": draft, "certification": case, "certification_report": case, "case": case, "case_report": case,
        "auditor_case": case, "auditor_report": case, "score_group": case | group, "score": case | answer, "case_evidence": case | paper,
        "survey_round": {"pk": stage.survey.pk}, "survey_held": {"pk": stage.survey.pk}, "survey_answer": {"token": stage.survey_link},
        "survey_result": {"code": "company", "year": 2011, "months": 0},
        "case_measured": case | key, "joint": case, "areas": case,
    }  # fmt: skip
