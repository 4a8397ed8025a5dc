"""Points of the levels, their share of the maximum, and one indicator's level."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import rules, scoring
from klyngeforum.quality.indicators.terms import NOT_APPLICABLE, Answer, AnswerState, Rule, RuleKind, scored
from tests.worked import OLD

from .asking import NO, OPEN, YES, all_at, answers, part, rule_of, situation, verdict


class TestPoints:
    def test_points_of_each_level_are_added(self):
        asked = situation(answers=answers(a1=2, a2=1, a3=2, b1=1, b2=3, b3=2, b4=2))
        standing = scoring.points(OLD.indicators, asked)
        assert (standing.least, standing.most, standing.maximum, standing.unknown) == (
            Decimal("16.5"),
            Decimal("16.5"),
            20,
            (),
        )
        assert standing.share == Decimal("16.5") / 20 and not standing.placeholder
        assert scoring.points(OLD.of_group("b"), asked).maximum == 11

    def test_the_unknown_could_go_either_way(self):
        standing = scoring.points(OLD.indicators, situation(answers=answers(a2=2)))
        assert (standing.least, standing.most, standing.share) == (4, 20, None)
        assert standing.unknown == ("a3", "b1", "b2", "b3")

    @pytest.mark.parametrize(
        ("levels", "truth", "said"),
        [({"a2": 2, "a3": 2, "b1": 1, "b2": 1, "b3": 2}, YES, "15.5 of 20 points, 15 needed: met"),
         ({"a2": 2, "a3": 2, "b1": 2, "b2": 1, "b3": 1}, YES, "15 of 20 points, 15 needed: met"),
         ({"a2": 2, "a3": 2, "b1": 1, "b2": 1, "b3": 1}, NO, "14.5 of 20 points, 15 needed: not met"),
         ({"a2": 0, "a3": 1, "b1": 2, "b2": 3}, NO, "11 to 13 of 20 points, 15 needed: not met"),
         ({"a2": 2, "a3": 2, "b2": 3}, YES, "15 to 20 of 20 points, 15 needed: met"),
         ({"a2": 2, "a3": 2}, OPEN, "9 to 20 of 20 points, 15 needed: undetermined"),
         ({"a2": 1, "a3": 2, "b1": 2, "b2": 2}, OPEN, "13 to 15 of 20 points, 15 needed: undetermined")],
    )  # fmt: skip
    def test_share(self, levels, truth, said):
        found = part(verdict(OLD, "tower", situation(answers=answers(**levels))), "share")
        assert (found.truth, rules.line(found)) == (truth, said)

    def test_left_out_leaves_the_maximum_as_well(self):
        asked = situation(answers={**answers(a2=2, a3=2, b1=1, b2=1), "b3": NOT_APPLICABLE})
        found = part(verdict(OLD, "tower", asked), "share")
        assert rules.line(found) == "13.5 of 18 points, 13.5 needed: met"

    def test_what_may_not_be_left_out_stays_unknown(self):
        asked = situation(answers={**all_at(OLD, 3), "b2": NOT_APPLICABLE})
        assert part(verdict(OLD, "tower", asked), "share").truth == OPEN

    def test_a_level_that_is_not_there_is_unknown(self):
        assert scoring.level_of(OLD.indicator("a2"), scored(7)) is None
        assert scoring.level_of(OLD.indicator("a2"), Answer(AnswerState.SCORED)) is None
        assert scoring.level_of(OLD.indicator("a2"), Answer(AnswerState.UNKNOWN, 1)) is None
        assert scoring.level_of(OLD.indicator("a2"), scored(0)) == 0

    def test_a_share_of_nothing_is_undetermined(self):
        only = replace(OLD, indicators=(OLD.indicator("b3"),), indicators_published=1)
        asked = situation(answers={"b3": NOT_APPLICABLE})
        assert scoring.points(only.indicators, asked).share is None
        assert part(verdict(only, "tower", asked), "share").truth == OPEN
        nothing = replace(rule_of(OLD, "tower", "share"), asks={"at_least": Decimal(0)})
        assert rules.explained(only, nothing, asked).truth == YES
        points = Rule(RuleKind.POINTS, "p", Provenance.OFFICIAL, "", {"at_least": Decimal(1)})
        assert rules.explained(only, points, asked).truth == NO

    def test_a_set_that_is_not_whole_settles_nothing(self):
        part_of_it = replace(OLD, indicators_published=9)
        for level in (0, 3):
            found = verdict(part_of_it, "tower", situation(answers=all_at(OLD, level)))
            assert part(found, "share").truth == OPEN
        top = part(verdict(part_of_it, "tower", situation(answers=all_at(OLD, 3))), "minima")
        assert (top.truth, rules.line(top)) == (
            OPEN,
            "4 of 4 minima reached; not every indicator is known: undetermined",
        )
        assert not top.placeholder
        assert part(verdict(part_of_it, "tower", situation(answers=all_at(OLD, 0))), "minima").truth == NO

    def test_points_and_level_as_ways_to_the_same(self):
        by_points = verdict(OLD, "spark", situation(answers=answers(a2=2, a3=1, b1=0, b2=1, b3=0)))
        assert by_points.truth == YES and part(by_points.parts[0], "points").values["needed"] == 8
        by_level = verdict(OLD, "spark", situation(answers=answers(b2=3), labels=frozenset()))
        assert by_level.truth == YES and part(by_level.parts[0], "points").truth == OPEN
        assert rules.line(part(by_level.parts[0], "lens")) == "b2 at level 3, 3 needed: met"
        neither = verdict(
            OLD, "spark", situation(answers=answers(a2=0, a3=0, b1=0, b2=2, b3=0), labels=frozenset({"spark"}))
        )
        assert neither.truth == NO
        assert rules.line(part(neither.parts[0], "lens")) == "b2 at level 2, 3 needed: not met"
        unknown = part(verdict(OLD, "spark", situation()).parts[0], "lens")
        assert (rules.line(unknown), unknown.indicator) == ("b2 is not known yet, level 3 needed: undetermined", "b2")
        nowhere = Rule(RuleKind.INDICATOR, "x", Provenance.OFFICIAL, "", {"indicator": "z9", "at_least": 1})
        assert rules.explained(OLD, nowhere, situation(answers=answers(z9=1))).truth == OPEN

    def test_a_measured_value_speaks_for_a_level(self):
        stairs = OLD.indicator("a3")
        found = [scoring.proposed_level(stairs, Decimal(value)) for value in ("0", "0.9", "1", "2.9", "3", "9")]
        assert found == [0, 0, 1, 1, 2, 2]
        assert scoring.proposed_level(OLD.indicator("a2"), Decimal(3)) is None
        assert scoring.proposed_level(replace(stairs, measured=None), Decimal(3)) is None
        assert scoring.proposed_level(replace(stairs, levels=OLD.indicator("a2").levels), Decimal(3)) is None
