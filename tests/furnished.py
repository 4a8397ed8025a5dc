"""Vindklyngen with everything of quality and of the leagues in it: a reported case, an assessment in work, a placement, a warning."""

from __future__ import annotations

from datetime import timedelta

from klyngeforum.ground.programme.queries import leagues
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments.terms import AssessmentKind, Seat
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.records.survey import actions as survey
from klyngeforum.records.survey.answering import Confirmed, Given, hand_in
from klyngeforum.records.survey.links import token
from klyngeforum.records.survey.queries import asked_of, parts_asked
from klyngeforum.records.survey.questionnaires import in_force
from klyngeforum.records.survey.terms import CompanyStep, Said
from klyngeforum.steering.leagues import actions as placing

from . import certified
from .certified import AT, DAY, SCHEME

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
    """The case has come so far on its way; the cast's auditor sits in the first seat, or is asked to."""
    manager, office, cluster = stage.people["vind"], stage.people["office"], stage.clusters["vind"]
    stage.case = WAY[upto](stage)
    stage.draft = assessments.begin(by=manager, at=AT, cluster=cluster, kind=AssessmentKind.SELF, scheme=SCHEME, as_of=DAY)  # fmt: skip
    lowest = leagues()[-1].code
    surveyed(stage)
    stage.placement = placing.place(by=office, at=AT, cluster=cluster, league=lowest, on=DAY, decision="Styregruppen 3. juni, punkt 4")  # fmt: skip


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
