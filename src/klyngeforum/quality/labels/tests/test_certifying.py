"""The way to a label as a story: applied for, assessed by two independent people blind to each other, reported, decided outside, followed up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import auditing
from klyngeforum.quality.assessments.terms import Seat
from klyngeforum.quality.labels import certifying, following, queries, rules
from klyngeforum.quality.labels.actions import note
from klyngeforum.quality.labels.models import Reminder
from klyngeforum.quality.labels.terms import CaseState, ConflictKind, StepState
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from tests.certified import (
    AT,
    DAY,
    LABEL,
    applied,
    ask,
    assigning,
    auditing_case,
    evaluated,
    expert,
    fill,
    joint,
    reported,
)


@pytest.fixture(name="evaluated")
def _evaluated(stage):
    return evaluated(stage)


class TestApplying:
    def test_it_rests_on_a_completed_self_evaluation(self, stage):
        with pytest.raises(Refused, match="self-evaluation"):
            certifying.apply(
                by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], label=LABEL, reason="Klar."
            )

    def test_once_a_label_with_the_money_asked(self, evaluated):
        assert applied(evaluated, money_asked=Decimal("61500.50")).state == CaseState.APPLIED
        with pytest.raises(Refused, match="under way"):
            applied(evaluated)

    @pytest.mark.parametrize("wrong", [{"label": "platin"}, {"reason": " "}, {"money_asked": Decimal(-1)}])
    def test_what_is_no_application(self, evaluated, wrong):
        words = {"label": LABEL, "reason": "Vi er klar.", **wrong}
        with pytest.raises(Refused):
            certifying.apply(by=evaluated.people["vind"], at=AT, cluster=evaluated.clusters["vind"], **words)

    def test_nobody_else_applies_or_sees_it(self, evaluated):
        case = applied(evaluated)
        with pytest.raises(Refused):
            certifying.apply(
                by=evaluated.people["mad"], at=AT, cluster=evaluated.clusters["vind"], label="silver", reason="x"
            )
        for who, sees in (("vind", 1), ("office", 1), ("mad", 0), ("auditor", 0), ("company", 0), ("ministry", 0)):
            assert queries.cases(seen_by=evaluated.people[who], on=DAY).count() == sees, who
        certifying.withdraw(by=evaluated.people["vind"], at=AT, case=case, reason="Vi venter.")
        assert applied(evaluated).state == CaseState.APPLIED


class TestIndependence:
    def test_a_post_now_or_lately_binds_and_an_old_one_does_not(self, evaluated):
        case = assigning(evaluated)
        expert(evaluated, "insider", body="vind", role=Role.STAFF)
        expert(evaluated, "lately", body="vind", role=Role.STAFF, until=date(2012, 6, 1))
        expert(evaluated, "long_ago", body="vind", role=Role.STAFF, until=date(2008, 6, 1))
        for who in ("insider", "lately"):
            with pytest.raises(Refused, match="independent"):
                ask(evaluated, case, who)
        assert ask(evaluated, case, "long_ago").independent is None

    def test_who_works_for_a_participant_is_not_independent(self, evaluated):
        memberships.enrol(by=evaluated.people["vind"], at=AT, cluster=evaluated.clusters["vind"], new=NewMember(evaluated.clusters["vind"].pk, evaluated.bodies["a"], date(2012, 1, 1)))  # fmt: skip
        expert(evaluated, "employee", body="a", role=Role.COMPANY)
        found = queries.conflicts(evaluated.people["employee"], evaluated.clusters["vind"], on=DAY)
        assert [one.kind for one in found] == [ConflictKind.EMPLOYER]
        with pytest.raises(Refused):
            ask(evaluated, assigning(evaluated), "employee")

    def test_who_filled_the_self_evaluation_has_advised(self, evaluated):
        found = queries.conflicts(evaluated.people["vind"], evaluated.clusters["vind"], on=DAY)
        assert ConflictKind.ADVICE in {one.kind for one in found}

    def test_who_declares_a_tie_leaves_the_seat_and_the_case(self, evaluated):
        case = assigning(evaluated)
        expert(evaluated, "first")
        ask(evaluated, case, "first")
        certifying.declare(
            by=evaluated.people["first"], at=AT, case=case, is_independent=False, text="Min bror er formand."
        )
        assert not queries.cases(seen_by=evaluated.people["first"], on=DAY).exists()
        expert(evaluated, "third")
        ask(evaluated, case, "third")
        with pytest.raises(Refused, match="declared already"):
            certifying.declare(by=evaluated.people["first"], at=AT, case=case, is_independent=True, text="Alligevel.")

    def test_a_tie_that_comes_later_stops_the_audit(self, evaluated):
        case = assigning(evaluated)
        for key, seat in (("first", Seat.EXPERT_A), ("second", Seat.EXPERT_B)):
            expert(evaluated, key)
            ask(evaluated, case, key, seat)
            certifying.declare(by=evaluated.people[key], at=AT, case=case, is_independent=True, text="Ingen.")
        access.appoint(by=None, at=AT, person=evaluated.people["second"], role=Role.STAFF, body_id=evaluated.bodies["vind"], since=DAY)  # fmt: skip
        with pytest.raises(Refused, match="independent"):
            certifying.begin_audit(by=evaluated.people["office"], at=AT, case=case)

    def test_the_audit_waits_for_two_declarations(self, evaluated):
        case = assigning(evaluated)
        expert(evaluated, "first")
        ask(evaluated, case, "first")
        with pytest.raises(Refused, match="Two assessors"):
            certifying.begin_audit(by=evaluated.people["office"], at=AT, case=case)


class TestReport:
    def test_findings_come_in_the_joint_round_from_those_who_sit_there(self, evaluated):
        case = auditing_case(evaluated)
        words = {"at": AT, "case": case, "indicator": "2.1", "finding": "Svagt.", "recommendation": "Styrk."}
        with pytest.raises(Refused, match="joint round"):
            certifying.find_area(by=evaluated.people["first"], **words)
        with pytest.raises(Refused):
            certifying.find_area(by=evaluated.people["auditor"], **words)

    def test_a_report_needs_agreement_and_its_areas(self, evaluated):
        case = joint(evaluated)
        with pytest.raises(Refused, match="agreed"):
            certifying.report(by=evaluated.people["first"], at=AT, case=case)
        assert reported_case(evaluated, case).state == CaseState.REPORTED

    def test_the_award_is_recorded_as_decided_and_counts(self, evaluated):
        case = certifying.award(
            by=evaluated.people["office"], at=AT, case=reported(evaluated), issuer="ESCA", certificate="G-1",
            valid_from=date(2013, 7, 1), valid_to=date(2015, 6, 30), decision="Bestyrelsen 1. juli 2013",
        )  # fmt: skip
        pk = evaluated.clusters["vind"].pk
        assert case.state == CaseState.AWARDED and queries.best_of(on=date(2014, 1, 1))[pk] == LABEL
        assert pk not in queries.best_of(on=date(2015, 7, 1))
        with pytest.raises(Refused):
            certifying.decline(by=evaluated.people["office"], at=AT, case=case, decision="nej")

    def test_nobody_but_the_secretariat_records_the_decision(self, evaluated):
        case = reported(evaluated)
        for who in ("vind", "first", "ministry"):
            with pytest.raises(Refused):
                certifying.decline(by=evaluated.people[who], at=AT, case=case, decision="nej")
        assert certifying.decline(by=evaluated.people["office"], at=AT, case=case, decision="Ikke nok.").state == CaseState.DECLINED  # fmt: skip


def reported_case(stage, case):
    fill(stage, case.audit, Seat.AGREED, "first")
    auditing.agree(by=stage.people["second"], at=AT, assessment=case.audit)
    with pytest.raises(Refused, match="improvement areas"):
        certifying.report(by=stage.people["second"], at=AT, case=case)
    for code in ("2.1", "4.4", "5.2"):
        certifying.find_area(
            by=stage.people["first"], at=AT, case=case, indicator=code, finding="Svagt.", recommendation="Styrk det."
        )
    return certifying.report(by=stage.people["second"], at=AT, case=case)


class TestFollowUp:
    def test_the_plan_names_who_and_when_and_shows_what_is_late(self, evaluated):
        case = reported(evaluated)
        area = queries.areas(case.pk)[0]
        words = {"by": evaluated.people["vind"], "at": AT, "area": area, "owner": "Karen", "due_on": date(2013, 9, 1)}
        step = following.plan(what="Nyt mødehjul", **words)
        with pytest.raises(Refused, match="planned already"):
            following.plan(what="Nyt mødehjul", **words)
        assert rules.step_state(step.due_on, step.done_on, date(2013, 9, 2)) is StepState.LATE
        again = type(step).objects.get(pk=step.pk)
        following.finish(by=evaluated.people["vind"], at=AT, step=step)
        with pytest.raises(Refused, match="done already"):  # on a page that was read before
            following.finish(by=evaluated.people["vind"], at=AT, step=again)
        assert rules.step_state(step.due_on, step.done_on, date(2013, 9, 2)) is StepState.DONE
        with pytest.raises(Refused):
            following.plan(what="Andet", **{**words, "by": evaluated.people["mad"]})


class TestReminders:
    def label(self, stage, valid_to, valid_from=date(2012, 1, 1)):
        return note(by=stage.people["office"], at=AT, cluster=stage.clusters["vind"], label=LABEL, issuer="ESCA", valid_from=valid_from, valid_to=valid_to)  # fmt: skip

    def test_two_years_of_days_bring_each_reminder_once(self, stage):
        """A fake clock over the whole life of the label."""
        self.label(stage, date(2014, 5, 31))
        sent = []
        day = date(2012, 7, 1)
        while day < date(2014, 7, 1):
            for row, months in queries.reminders_due(on=day):
                at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
                assert following.reminded(by=None, at=at, label=row, months=months)
                assert not following.reminded(by=None, at=at, label=row, months=months)
                sent.append((day, months))
            day += timedelta(days=7)
        assert [months for _, months in sent] == [12, 6, 3, 1] and Reminder.objects.count() == 4
        assert sent[0][0] >= date(2013, 5, 31) and sent[-1][0] <= date(2014, 5, 31)

    def test_a_renewed_label_and_one_that_ended_remind_of_nothing(self, stage):
        self.label(stage, date(2014, 5, 31))
        self.label(stage, date(2017, 5, 31), date(2014, 6, 1))
        assert queries.reminders_due(on=date(2014, 5, 1)) == []
        assert queries.reminders_due(on=date(2017, 6, 1)) == []

    def test_after_a_pause_only_the_nearest_is_sent(self, stage):
        self.label(stage, date(2014, 5, 31))
        assert [months for _, months in queries.reminders_due(on=date(2014, 4, 1))] == [3]
