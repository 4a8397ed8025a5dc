"""The rules of the way to a label: moves, independence, areas, reminders, the follow-up and what waits for an assessor."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.verdict import Verdict
from klyngeforum.quality.assessments.terms import AssessmentState
from klyngeforum.quality.labels import rules
from klyngeforum.quality.labels.terms import MOVES, OPEN, CaseState, Conflict, ConflictKind, StepState, Task

ON = date(2014, 6, 30)


def said(verdict: Verdict) -> tuple[str, str | None]:
    """The sentence of a refusal with its values in place, and the field that it stands at."""
    assert not verdict
    return verdict.words(), verdict.field


class TestMoving:
    @pytest.mark.parametrize("state", list(CaseState))
    def test_only_the_verbs_of_the_state_are_open(self, state):
        verbs = {verb for moves in MOVES.values() for verb in moves}
        assert {verb for verb in verbs if rules.may_move(state, verb)} == set(MOVES[state])

    def test_what_is_not_open_says_where_the_case_stands(self):
        assert said(rules.may_move("awarded", "withdraw")) == ("The case is “Label awarded”; this cannot be done now.", None)  # fmt: skip

    def test_a_case_is_open_until_somebody_decided_or_withdrew(self):
        assert set(OPEN) == {state for state, moves in MOVES.items() if moves}


class TestIndependence:
    def test_nothing_found_is_independent(self):
        assert rules.independent([])

    def test_one_conflict_is_enough_and_the_first_is_named(self):
        found = [Conflict(ConflictKind.EMPLOYER, "Nordvind A/S"), Conflict(ConflictKind.POST, "Vind")]
        assert said(rules.independent(found)) == ("Not independent: holds or held a post with a participant of the organisation (Nordvind A/S).", "expert")  # fmt: skip
        assert rules.independent(found).values == {"why": ConflictKind.EMPLOYER, "where": "Nordvind A/S"}

    @pytest.mark.parametrize(
        ("until", "years", "binds"),
        [(None, 0, True), (date(2011, 6, 30), 3, False), (date(2011, 7, 1), 3, True), (date(2014, 7, 1), 0, True),
         (date(2014, 6, 30), 0, False), (date(2013, 6, 30), 1, False), (date(2013, 7, 1), 1, True)],
    )  # fmt: skip
    def test_a_tie_binds_until_so_many_years_after_its_end(self, until, years, binds):
        assert rules.relevant(until, ON, years) is binds


class TestReporting:
    def test_as_many_areas_as_asked_are_enough(self):
        assert rules.enough_areas(3, 3) and rules.enough_areas(4, 3)
        assert said(rules.enough_areas(2, 3)) == ("The report names 3 improvement areas; 2 are written.", None)

    def test_a_label_may_end_on_the_day_it_begins_but_not_before(self):
        assert rules.ordered(ON, ON) and rules.ordered(ON, date(2014, 7, 1))
        assert said(rules.ordered(ON, date(2014, 6, 29))) == ("A label cannot end before it begins.", "valid_to")


MONTHS = (12, 6, 3, 1)
END = date(2015, 10, 31)


class TestReminders:
    @pytest.mark.parametrize(
        ("on", "nearest"),
        [(date(2014, 10, 30), None), (date(2014, 10, 31), 12), (date(2015, 4, 29), 12), (date(2015, 4, 30), 6), (date(2015, 7, 30), 6),
         (date(2015, 7, 31), 3), (date(2015, 9, 30), 1), (date(2015, 10, 31), 1), (date(2015, 11, 1), None)],
    )  # fmt: skip
    def test_the_nearest_whose_day_has_come_until_the_end(self, on, nearest):
        assert rules.due(END, on, MONTHS, frozenset()) == nearest

    def test_each_is_sent_once(self):
        assert rules.due(END, date(2015, 5, 1), MONTHS, frozenset({12})) == 6
        assert rules.due(END, date(2015, 5, 1), MONTHS, frozenset({12, 6})) is None

    def test_what_was_missed_is_not_sent_after_a_nearer_one(self):
        assert rules.due(END, date(2015, 5, 1), MONTHS, frozenset({3})) is None

    def test_without_months_nobody_is_reminded(self):
        assert rules.due(END, date(2015, 10, 1), (), frozenset()) is None


class TestFollowUp:
    def test_a_step_is_late_from_the_day_after_it_was_due(self):
        assert rules.step_state(ON, None, ON) is StepState.PLANNED
        assert rules.step_state(ON, None, date(2014, 7, 1)) is StepState.LATE
        assert rules.step_state(ON, date(2014, 8, 1), date(2014, 9, 1)) is StepState.DONE


@pytest.mark.parametrize(
    ("state", "declared", "audit", "handed_in", "waits"),
    [
        (CaseState.APPLIED, None, "", False, Task.DECLARE), (CaseState.ASSIGNING, None, "", False, Task.DECLARE),
        (CaseState.AUDITING, None, AssessmentState.SCORING, False, Task.DECLARE), (CaseState.ASSIGNING, True, "", False, Task.AWAIT_START),
        (CaseState.APPLIED, False, "", False, Task.AWAIT_START), (CaseState.AUDITING, True, AssessmentState.SCORING, False, Task.SCORE),
        (CaseState.AUDITING, True, AssessmentState.SCORING, True, Task.AWAIT_OTHER), (CaseState.AUDITING, True, AssessmentState.JOINT, True, Task.MEET),
        (CaseState.AUDITING, True, AssessmentState.AGREED, True, Task.REPORT), (CaseState.REPORTED, True, AssessmentState.AGREED, True, Task.DONE),
        (CaseState.AWARDED, True, AssessmentState.AGREED, True, Task.DONE), (CaseState.DECLINED, None, "", False, Task.DONE),
        (CaseState.WITHDRAWN, None, "", False, Task.DONE),
    ],
)  # fmt: skip
def test_what_waits_for_an_assessor(state, declared, audit, handed_in, waits):
    assert rules.task(state, declared, audit, handed_in) is waits
