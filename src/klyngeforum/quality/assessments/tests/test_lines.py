"""Where the rules of assessments draw the line, and what they say on its other side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.ground.verdict import Verdict
from klyngeforum.quality.assessments import rules
from klyngeforum.quality.assessments.rules import UNANSWERED, UNEXPLAINED, Missing
from klyngeforum.quality.assessments.terms import AssessmentKind, AssessmentState, Given, Measured, Seat
from klyngeforum.quality.indicators.terms import (
    Answer,
    AnswerState,
    EvidenceKind,
    Indicator,
    IndicatorRole,
    Level,
    MeasuredKey,
    Threshold,
)
from tests.worked import OLD

ON = date(2014, 6, 30)
NONE = Threshold(None, Provenance.OFFICIAL)
ANSWERED = Given(AnswerState.SCORED, 2, answered_on=ON)


def said(verdict: Verdict) -> tuple[str, str | None]:
    """The sentence of a refusal with its values in place, and the field that it stands at."""
    assert not verdict
    return verdict.reason % verdict.values if verdict.values else verdict.reason, verdict.field


def indicator(may_be_left_out: bool = False) -> Indicator:
    """Levels 0, 1 and 2; half a person-year speaks for the first, one for the second."""
    levels = tuple(Level(n, Decimal(n), Bilingual(str(n)), measured_from=Decimal(n) / 2 if n else None) for n in range(3))  # fmt: skip
    text = Bilingual("x")
    return Indicator("9.9", "9", IndicatorRole.SCORED, text, text, levels, NONE, NONE, frozenset(), frozenset(), MeasuredKey.STAFF, (), (), may_be_left_out, {})  # fmt: skip


class TestRefusals:
    def test_of_a_kind_and_of_a_step(self):
        this_kind = ("This kind of assessment cannot be moved so.", None)
        assert said(rules.may_move("self", "open", "meet")) == said(rules.may_move("audit", "open", "complete")) == this_kind  # fmt: skip
        assert said(rules.may_move("self", "completed", "complete")) == ("This cannot be done at this step of the assessment.", None)  # fmt: skip
        for verb, state in (("meet", "scoring"), ("agree", "joint")):
            assert rules.may_move(AssessmentKind.AUDIT, state, verb)

    def test_of_a_seat_out_of_its_time(self):
        assert said(rules.may_write("completed", "own")) == ("Nothing can be written in the assessment at this step.", None)  # fmt: skip
        open_to = {
            (state, seat) for state in AssessmentState for seat in Seat if rules.may_write(state.value, seat.value)
        }
        assert open_to == {("open", "own"), ("scoring", "expert_a"), ("scoring", "expert_b"), ("joint", "agreed")}

    def test_of_levels(self):
        assert said(rules.fits(indicator(), AnswerState.NOT_APPLICABLE, None)) == ("Indicator 9.9 cannot be left out.", "level")  # fmt: skip
        assert said(rules.fits(indicator(), AnswerState.SCORED, 7)) == ("Indicator 9.9 has no level 7; choose one of 0, 1, 2.", "level")  # fmt: skip
        assert said(rules.fits(indicator(), AnswerState.SCORED, None)) == ("Indicator 9.9 has no level ; choose one of 0, 1, 2.", "level")  # fmt: skip

    def test_of_a_text(self):
        assert rules.short_enough("x" * 4000)
        assert said(rules.short_enough("x" * 4001)) == ("The text has 4001 characters; at most 4000 fit.", None)

    def test_of_a_turn_taken_by_somebody_else(self):
        assert said(rules.same_turn(2, 3, "Klara", "4")) == ("Klara wrote “4” here meanwhile. Yours is not saved; look at both and save again.", None)  # fmt: skip

    def test_of_what_is_not_finished(self):
        assert rules.complete_enough([])
        lacks = [Missing("1.1", UNANSWERED), Missing("2.3", UNEXPLAINED)]
        assert said(rules.complete_enough(lacks)) == ("2 questions are not finished yet: 1.1, 2.3.", None)

    def test_of_a_file(self):
        assert said(rules.readable("a.pdf", "application/pdf", 10 * 1024 * 1024 + 1)) == ("The file is larger than 10 MB. Make it smaller, or link to it.", "file")  # fmt: skip
        assert said(rules.readable("a.pdf", "application/pdf", 0)) == ("The file is empty.", "file")
        other = ("Files of this kind are not taken: choose PDF, Word, Excel, OpenDocument, CSV, PNG or JPEG.", "file")
        for name, kind in (("a.exe", "application/pdf"), ("pdf", "application/pdf"), ("a.html", "text/html"), ("a.pdf.exe", "application/pdf"), ("XXXX", "image/png")):  # fmt: skip
            assert said(rules.readable(name, kind, 1)) == other, name
        for name, kind in (("en.aftale.PDF", "application/pdf"), ("a.jpg", "image/jpeg"), ("a.jpeg", "image/jpeg"), ("a.csv", "text/csv")):  # fmt: skip
            assert rules.readable(name, kind, 1) and rules.readable(name, kind, 10 * 1024 * 1024), name


class TestSeats:
    @pytest.mark.parametrize("state", list(AssessmentState))
    def test_only_the_organisations_own_answers_are_in_the_open(self, state):
        assert Seat.OWN in rules.seats_seen(state, None)
        assert (Seat.AGREED in rules.seats_seen(state, None)) is (state is AssessmentState.AGREED)

    def test_who_may_see_everything_sees_it_from_the_joint_round_on(self):
        for state in (AssessmentState.JOINT, AssessmentState.AGREED):
            assert rules.seats_seen(state, None, everything=True) == rules.seats_seen(state, Seat.EXPERT_B) == set(Seat)
        for state in (AssessmentState.OPEN, AssessmentState.COMPLETED):
            assert rules.seats_seen(state, Seat.EXPERT_A, everything=True) == {Seat.OWN}

    def test_the_trail_keeps_the_scores_of_all_but_the_organisation_to_itself(self):
        assert [seat for seat in Seat if not rules.secret(seat)] == [Seat.OWN]


class TestMeasuredAndSaid:
    def measured(self, value: str | None) -> Measured:
        return Measured(MeasuredKey.STAFF, None if value is None else Decimal(value), "number", 1)

    def test_what_is_not_measured_suggests_nothing(self):
        assert rules.suggested(indicator(), None) is None
        assert rules.suggested(indicator(), self.measured(None)) is None
        assert rules.suggested(indicator(), self.measured("0.5")) == 1

    def test_what_an_assessment_still_lacks(self):
        version = OLD
        assert version.indicator("a3").measured is MeasuredKey.WORKING_GROUPS
        answers = {one.code: Given(AnswerState.SCORED, 1, answered_on=ON) for one in version.indicators}
        held = {MeasuredKey.WORKING_GROUPS: Measured(MeasuredKey.WORKING_GROUPS, Decimal(1), "number", 1)}
        assert rules.missing(version, answers, held) == [] == rules.missing(version, answers, {})
        differs = {**answers, "a3": Given(AnswerState.SCORED, 2, answered_on=ON)}
        assert rules.missing(version, differs, held) == [Missing("a3", "The level differs from what the registers measure. Say why.")]  # fmt: skip
        blank = {**answers, "a3": Given(AnswerState.SCORED, 2, differs_because="  ", answered_on=ON)}
        assert rules.missing(version, blank, held) == [Missing("a3", UNEXPLAINED)]
        explained = {**answers, "a3": Given(AnswerState.SCORED, 2, differs_because="To er nye", answered_on=ON)}
        assert rules.missing(version, explained, held) == []
        unknown = {**answers, "a3": Given(answered_on=ON)}
        assert rules.missing(version, unknown, held) == []
        never = {code: given for code, given in answers.items() if code != "a1"} | {"b1": Given(AnswerState.SCORED, 1)}
        assert rules.missing(version, never, held) == [
            Missing("a1", "It is not answered. Choose a level, or say that it is not known yet."),
            Missing("b1", UNANSWERED),
        ]


class TestAge:
    def test_an_answer_lives_as_long_as_its_shortest_lived_evidence(self):
        kinds = tuple(EvidenceKind(code, Bilingual(code), months) for code, months in (("a", 24), ("b", 6), ("c", 3)))
        version, one = replace(OLD, evidence=kinds), OLD.indicator("a2")
        assert rules.shelf_months(version, replace(one, evidence=("a", "b"))) == 6
        assert rules.shelf_months(version, replace(one, evidence=("a",))) == 24
        assert rules.shelf_months(version, replace(one, evidence=())) == 3
        assert rules.shelf_months(replace(OLD, evidence=()), one) == 0

    def test_it_is_stale_from_the_day_on_which_its_months_are_over(self):
        assert rules.stale(date(2013, 6, 30), ON, 12)
        assert not rules.stale(date(2013, 7, 1), ON, 12)
        assert rules.stale(ON, ON, 0)


class TestQuartiles:
    def test_between_two_values_they_are_linear(self):
        values = [Decimal(one) for one in ("0.6", "0.1", "0.5", "0.2", "0.4", "0.3")]
        assert rules.spread(values) == (Decimal("0.225"), Decimal("0.35"), Decimal("0.475"))

    def test_a_sixth_that_stands_apart_does_not_move_them_far(self):
        assert rules.spread([Decimal(one) for one in (1, 2, 3, 4, 5, 1000)]) == (Decimal("2.25"), Decimal("3.5"), Decimal("4.75"))  # fmt: skip


def test_the_answer_that_rules_judge():
    assert rules.as_answer(Given(AnswerState.SCORED, 2, "x")) == Answer(AnswerState.SCORED, 2)
    assert rules.as_answer(Given()) == Answer(AnswerState.UNKNOWN)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [(ANSWERED, ANSWERED, 0), (ANSWERED, Given(AnswerState.SCORED, 5), 3), (Given(AnswerState.SCORED, 0), ANSWERED, 2),
     (Given(), Given(), 0), (Given(), Given(AnswerState.NOT_APPLICABLE), 1), (ANSWERED, Given(), 1), (Given(), ANSWERED, 1)],
)  # fmt: skip
def test_how_far_two_experts_lie_apart(one, other, far):
    assert rules.apart(one, other) == far
