"""Each kind of rule on the made-up scheme, and how the answers come together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import rules, scoring, truths
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.terms import (
    NOT_APPLICABLE,
    UNKNOWN,
    Answer,
    AnswerState,
    Area,
    Assessor,
    Rule,
    RuleKind,
    Threshold,
    Truth,
    scored,
)
from tests.worked import OLD

from .asking import DAY, NO, OPEN, TWO, YES, all_at, answers, part, rule_of, situation, verdict, with_indicator

Y, N, U = Truth.YES, Truth.NO, Truth.UNDETERMINED
PLACEHOLDER = Provenance.PLACEHOLDER


class TestTruths:
    def test_all_of(self):
        assert truths.all_of([]) == (Y, False)
        assert truths.all_of([(Y, False), (U, False)]) == (U, False)
        assert truths.all_of([(U, False), (N, False), (Y, True)]) == (N, False)
        assert truths.all_of([(N, True), (Y, False)]) == (N, True)
        assert truths.all_of([(N, True), (N, False)]) == (N, False)
        assert truths.all_of([(Y, True), (Y, False)]) == (Y, True)
        assert truths.all_of([(Y, True), (U, False)]) == (U, True)

    def test_any_of(self):
        assert truths.any_of([]) == (Y, False)
        assert truths.any_of([(N, False), (U, False)]) == (U, False)
        assert truths.any_of([(U, False), (Y, False), (N, True)]) == (Y, False)
        assert truths.any_of([(Y, True), (N, False)]) == (Y, True)
        assert truths.any_of([(N, True), (N, False)]) == (N, True)

    def test_at_least(self):
        assert truths.at_least([], 0) == (Y, False)
        assert truths.at_least([], 1) == (N, False)
        assert truths.at_least([(Y, False), (U, False)], 2) == (U, False)
        assert truths.at_least([(Y, False), (Y, True)], 1) == (Y, False)
        assert truths.at_least([(Y, False), (Y, True)], 2) == (Y, True)
        assert truths.at_least([(N, True), (Y, False)], 2) == (N, True)
        assert truths.at_least([(N, True), (Y, False)], 3) == (N, False)
        assert truths.at_least([(N, True), (U, False), (N, False)], 2) == (N, True)
        assert truths.at_least([(Y, True), (U, False)], 2) == (U, True)

    def test_of(self):
        assert [truths.of(one) for one in (True, False, None)] == [Y, N, U]


class TestFacts:
    @pytest.mark.parametrize(
        ("facts", "truth"),
        [({"staff": Decimal("2")}, YES), ({"staff": Decimal("1.9"), "statutes": True}, YES), ({"statutes": False}, OPEN), ({}, OPEN),
         ({"staff": Decimal("1.9"), "statutes": False}, NO), ({"staff": None, "statutes": True}, YES)],
    )  # fmt: skip
    def test_one_of_two(self, facts, truth):
        found = part(verdict(OLD, "tower", situation(facts=facts)), "papers")
        assert found.truth == truth

    def test_they_say_what_is_and_what_is_needed(self):
        found = part(verdict(OLD, "tower", situation(facts={"staff": Decimal("1.50"), "statutes": False})), "papers")
        assert [rules.line(one) for one in found.parts] == ["“Person-years” is 1.5, 2 needed: not met", "“Statutes” is asked for: not met"]  # fmt: skip
        assert rules.line(found) == "0 of 2, one needed: not met"
        assert rules.line(found.parts[0], language="da").startswith("“Årsværk”")
        unknown = part(verdict(OLD, "tower", situation()), "papers").parts[0]
        assert rules.line(unknown) == "“Person-years” is not known yet: undetermined"
        assert unknown.values["needed"] == 2

    def test_a_rule_is_asked_only_in_its_time(self):
        before = verdict(OLD, "tower", situation(on=date(2021, 12, 31)))
        assert "abroad" not in [one.key for one in before.parts]
        assert part(verdict(OLD, "tower", situation(on=date(2022, 1, 1))), "abroad").truth == OPEN
        ended = replace(rule_of(OLD, "tower", "abroad"), until=date(2022, 6, 30))
        assert ended.asked_on(date(2022, 6, 30)) and not ended.asked_on(date(2022, 7, 1))

    def test_nothing_asked_at_all_is_met(self):
        rule = Rule(RuleKind.ANY, "x", Provenance.OFFICIAL, "", parts=(rule_of(OLD, "tower", "abroad"),))
        assert rules.explained(OLD, rule, situation(on=date(2021, 1, 1))).truth == YES


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


class TestKnockOuts:
    def found(self, label="tower", version=OLD, **levels):
        return part(verdict(version, label, situation(answers={**all_at(OLD, 3), **answers(**levels)})), "minima")

    def test_every_minimum_in_the_scope_is_asked(self):
        assert [one.indicator for one in self.found().parts] == ["a1", "a2", "b1", "b3"]
        assert rules.line(self.found()) == "4 of 4 minima reached: met"
        assert [one.indicator for one in self.found("beam").parts] == ["a1", "a2", "b1", "b3"]
        outside = with_indicator("a2", scopes=frozenset({"tower"}))
        assert [one.indicator for one in self.found("beam", outside).parts] == ["a1", "b1", "b3"]
        assert len(self.found("tower", outside).parts) == 4

    def test_exactly_the_minimum_is_enough(self):
        assert self.found(a1=1, a2=1, b1=2, b3=1).truth == YES
        below = self.found(b1=1)
        assert below.truth == NO and rules.line(below) == "3 of 4 minima reached: not met"
        leaf = rules.blocking(below)[0]
        assert (leaf.indicator, leaf.values) == ("b1", {"indicator": "b1", "level": 1, "minimum": 2})
        assert rules.line(leaf) == "b1 below its minimum: not met"
        assert next(rules.line(one) for one in below.parts) == "a1 reaches its minimum: met"

    def test_what_is_not_answered_is_undetermined(self):
        asked = situation(answers={**all_at(OLD, 3), "b1": UNKNOWN})
        found = part(verdict(OLD, "tower", asked), "minima")
        assert found.truth == OPEN and rules.line(rules.blocking(found)[0]) == "b1 is not known yet: undetermined"

    def test_left_out_where_allowed_is_not_asked(self):
        asked = situation(answers={**all_at(OLD, 3), "b3": NOT_APPLICABLE, "a2": NOT_APPLICABLE})
        found = part(verdict(OLD, "tower", asked), "minima")
        assert [one.indicator for one in found.parts] == ["a1", "a2", "b1"]
        assert rules.line(rules.blocking(found)[0]) == "a2 may not be left out: undetermined"

    def test_the_lowest_level_as_a_minimum_is_always_reached(self):
        version = with_indicator("b1", minimum=Threshold(0, Provenance.OFFICIAL))
        asked = situation(answers={**all_at(OLD, 3), "b1": UNKNOWN})
        assert part(verdict(version, "tower", asked), "minima").truth == YES

    def test_where_the_scope_is_not_known_a_failure_is_undetermined(self):
        version = with_indicator("b1", scopes=frozenset({"tower"}), scopes_unknown=frozenset({"beam"}))
        assert self.found("beam", version).truth == YES
        found = self.found("beam", version, b1=0)
        assert found.truth == OPEN
        assert rules.line(rules.blocking(found)[0]) == "it is not known whether b1 is asked for here: undetermined"
        assert self.found("tower", version, b1=0).truth == NO

    def test_mere_information_has_no_minimum(self):
        version = with_indicator("b4", minimum=Threshold(2, Provenance.OFFICIAL))
        assert self.found(version=version, b4=0).truth == YES

    def test_what_rests_on_placeholders_says_so(self):
        assert not self.found().placeholder
        guess = with_indicator("b1", minimum=Threshold(2, PLACEHOLDER))
        assert self.found(version=guess).placeholder and self.found(version=guess, b1=0).placeholder
        assert not self.found(version=guess, b1=0, a2=0).placeholder
        silent = with_indicator("b2", minimum=Threshold(None, PLACEHOLDER))
        assert self.found(version=silent).placeholder and not self.found(version=silent, b1=0).placeholder
        unknown = with_indicator("b1", minimum=Threshold(None, PLACEHOLDER, known=False))
        assert self.found(version=unknown).truth == OPEN and self.found(version=unknown).placeholder
        points = with_indicator("b1", provenance={"points": PLACEHOLDER})
        found = verdict(points, "tower", situation(answers=all_at(OLD, 3)))
        assert part(found, "share").placeholder and not part(found, "minima").placeholder

    def test_a_rule_that_is_a_placeholder_says_so(self):
        for label, key in (("tower", "minima"), ("tower", "share"), ("tower", "assessors"), ("tower", "papers"), ("beam", "areas"), ("beam", "benchmarkings")):  # fmt: skip
            rule = replace(rule_of(OLD, label, key), provenance=PLACEHOLDER)
            assert rules.explained(OLD, rule, situation()).placeholder, key
            assert rules.explained(OLD, rule, situation(areas=())).placeholder, key
            assert not rules.explained(OLD, rule_of(OLD, label, key), situation(areas=())).placeholder, key


class TestBenchmarkings:
    def found(self, *days, on=DAY):
        asked = situation(on=on, benchmarkings=tuple(days))
        return part(verdict(OLD, "beam", asked), "benchmarkings")

    def test_two_with_the_right_gap(self):
        assert self.found(date(2019, 6, 30), date(2020, 12, 1)).truth == YES
        assert self.found(date(2019, 6, 1), date(2021, 6, 15)).truth == YES
        assert self.found(date(2019, 5, 31), date(2021, 6, 15)).truth == NO
        assert self.found(date(2019, 6, 1), date(2020, 11, 30)).truth == NO
        assert self.found(date(2021, 6, 1), date(2012, 1, 1), date(2019, 8, 1)).truth == YES

    def test_only_those_up_to_the_day_count(self):
        assert self.found(date(2019, 9, 1), date(2021, 6, 16)).truth == NO
        found = self.found(date(2019, 9, 1), date(2021, 6, 16))
        said = "benchmarkings: 1, 2 needed with 18 to 24 months between two of them: not met"
        assert rules.line(found) == said

    def test_more_may_be_asked_than_the_two(self):
        rule = replace(rule_of(OLD, "beam", "benchmarkings"), asks={"at_least": 3, "gap_months": (18, 24)})
        asked = situation(benchmarkings=(date(2019, 6, 30), date(2021, 1, 1)))
        assert rules.explained(OLD, rule, asked).truth == NO

    def test_without_a_gap_the_number_counts(self):
        rule = replace(rule_of(OLD, "beam", "benchmarkings"), asks={"at_least": 2})
        two = situation(benchmarkings=(date(2020, 1, 1), date(2020, 1, 2)))
        assert rules.line(rules.explained(OLD, rule, two)) == "benchmarkings: 2, 2 needed: met"
        assert rules.explained(OLD, rule, situation(benchmarkings=(DAY,))).truth == NO

    def test_not_known_is_undetermined(self):
        found = part(verdict(OLD, "beam", situation()), "benchmarkings")
        assert rules.line(found) == "benchmarkings are not known, 2 needed: undetermined"


class TestAreas:
    def found(self, *areas, version=OLD, **levels):
        asked = situation(areas=areas, answers={**all_at(OLD, 3), **answers(**levels)})
        return part(verdict(version, "beam", asked), "areas")

    def test_three_validated_at_the_level_of_excellence(self):
        three = (Area("a2", True), Area("a3", True), Area("b2", True))
        assert rules.line(self.found(*three)) == "validated improvement areas: 3, 3 needed: met"
        assert self.found(*three, b2=2).truth == YES
        assert self.found(*three, b2=1).truth == NO
        assert rules.line(self.found(*three, b2=1).parts[2]) == "the improvement of b2 is not enough or not validated: not met"  # fmt: skip
        assert self.found(*three[:2], Area("b2", False)).truth == NO
        assert self.found(*three[:2], Area("b2")).truth == OPEN
        assert rules.line(self.found(*three[:2], Area("b2")).parts[2]).startswith("the improvement of b2 is not validated yet")  # fmt: skip
        assert [one.indicator for one in self.found(*three).parts] == ["a2", "a3", "b2"]

    def test_an_indicator_counts_once_by_its_best_area(self):
        assert self.found(Area("a2", True), Area("a2", True), Area("a3", True)).truth == NO
        found = self.found(
            Area("a2", False), Area("a2"), Area("a2", True), Area("a2", False), Area("a3", True), Area("b2", True)
        )
        assert found.truth == YES and len(found.parts) == 3

    def test_unknown_level_threshold_or_indicator(self):
        three = (Area("a2", True), Area("a3", True), Area("b2", True))
        asked = situation(areas=three, answers={**all_at(OLD, 3), "b2": UNKNOWN})
        assert part(verdict(OLD, "beam", asked), "areas").truth == OPEN
        unknown = with_indicator("b2", excellence=Threshold(None, Provenance.OFFICIAL, known=False))
        assert self.found(*three, version=unknown).truth == OPEN
        free = with_indicator("b2", excellence=Threshold(None, Provenance.OFFICIAL))
        assert self.found(*three, version=free, b2=0).truth == YES
        assert self.found(*three[:2], Area("z9", True)).truth == OPEN
        assert self.found(*three[:2], Area("z9", False)).truth == NO
        assert rules.line(part(verdict(OLD, "beam", situation()), "areas")) == "improvement areas are not known, 3 needed: undetermined"  # fmt: skip

    def test_what_must_be_reached_is_data(self):
        three = situation(areas=(Area("a2", True), Area("a3", True), Area("b1", True)), answers=all_at(OLD, 1))
        for reaching, truth in (("", YES), ("minimum", NO), ("excellence", NO)):
            rule = replace(rule_of(OLD, "beam", "areas"), asks={"at_least": 3, "reaching": reaching})
            assert rules.explained(OLD, rule, three).truth == truth
        two = replace(rule_of(OLD, "beam", "areas"), asks={"at_least": 2, "reaching": "minimum"})
        assert rules.explained(OLD, two, three).truth == YES

    def test_a_placeholder_threshold_shows(self):
        guess = with_indicator("b2", excellence=Threshold(2, PLACEHOLDER))
        three = (Area("a2", True), Area("a3", True), Area("b2", True))
        assert self.found(*three, version=guess).placeholder and not self.found(*three).placeholder
        assert not self.found(*three, Area("b1", True), version=guess).placeholder


def _abroad(rule, assessor):
    asked = replace(rule, asks={**rule.asks, "foreign": 1})
    return rules.line(rules.explained(OLD, asked, situation(assessors=(assessor,))))


class TestAssessors:
    def found(self, *assessors):
        return part(verdict(OLD, "tower", situation(assessors=assessors)), "assessors")

    def test_two_independent_one_of_them_from_abroad(self):
        assert rules.line(self.found(*TWO)) == "independent assessors: 2, 2 needed, 1 of them from abroad: met"
        assert self.found(Assessor(True, True)).truth == NO
        assert self.found(Assessor(True, False), Assessor(True, False)).truth == NO
        assert self.found(Assessor(True, False), Assessor(True, None)).truth == OPEN
        assert self.found(Assessor(True, True), Assessor(False, True)).truth == NO
        assert self.found(Assessor(True, True), Assessor(None, True)).truth == OPEN
        assert self.found(Assessor(True, False), Assessor(True, False), Assessor(False, True)).truth == NO
        assert rules.line(part(verdict(OLD, "tower", situation()), "assessors")) == "assessors are not known, 2 needed: undetermined"  # fmt: skip

    def test_independence_may_not_be_asked(self):
        rule = replace(rule_of(OLD, "tower", "assessors"), asks={"at_least": 1, "independent": False, "foreign": 0})
        found = rules.explained(OLD, rule, situation(assessors=(Assessor(False, False),)))
        assert rules.line(found) == "assessors: 1, 1 needed: met"
        assert _abroad(rule, Assessor(False, True)) == "assessors: 1, 1 needed, 1 of them from abroad: met"
        assert _abroad(rule, Assessor(False, False)).endswith("abroad: not met")
        one = replace(rule, asks={**rule.asks, "independent": True})
        assert (
            rules.line(rules.explained(OLD, one, situation(assessors=(Assessor(True), Assessor(False)))))
            == "independent assessors: 1, 1 needed: met"
        )


def _rules(rule):
    return [rule, *(one for part in rule.parts for one in _rules(part))]


def _leaves(one):
    return [one, *(leaf for part in one.parts for leaf in _leaves(part))]


class TestTogether:
    def test_holding_one_of_several(self):
        asked = situation(answers=all_at(OLD, 0), labels=frozenset({"beam"}))
        found = part(verdict(OLD, "spark", asked).parts[0], "higher")
        assert rules.line(found) == "holds one of: Tower, Beam: met"
        assert rules.line(found, language="da") == "holds one of: Tårn, Stråle: met"
        assert part(verdict(OLD, "spark", situation()).parts[0], "higher").truth == OPEN
        other = Rule(RuleKind.HOLDS, "x", Provenance.OFFICIAL, "", {"labels": ("elsewhere",)})
        assert (
            rules.line(rules.explained(OLD, other, situation(labels=frozenset()))) == "holds one of: elsewhere: not met"
        )

    def whole(self, **more):
        return situation(**{"answers": all_at(OLD, 3), "facts": {"statutes": True}, "assessors": TWO, **more})

    def test_the_tree_from_the_root(self):
        found = verdict(OLD, "tower", self.whole())
        assert (found.truth, found.placeholder, found.key) == (YES, False, "tower")
        assert [one.key for one in found.parts] == ["papers", "minima", "share", "assessors"]
        said = list(rules.lines(found))
        assert said[0] == (0, "4 of 4 conditions: met") and said[1] == (1, "1 of 2, one needed: met")
        assert (2, "“Statutes” is asked for: met") in said and len(said) == 11

    def test_every_leaf_names_its_rule(self):
        """What a screen opens: kind and key of the rule, and the indicator where there is one."""
        asked = situation(
            on=date(2022, 6, 1),
            answers=all_at(OLD, 1),
            areas=(Area("a2", True),),
            benchmarkings=(),
            labels=frozenset(),
            assessors=(),
        )
        for label in OLD.labels:
            known = {one.key: one.kind for one in _rules(label.requires)}
            for one in _leaves(evaluate(OLD, label, asked)):
                assert one.kind is known[one.key], one
                assert one.indicator == one.values.get("indicator", ""), one

    def test_names_of_labels_and_facts_in_both_languages(self):
        wanted = Rule(RuleKind.HOLDS, "x", Provenance.OFFICIAL, "", {"labels": ("tower", "elsewhere")})
        found = rules.explained(OLD, wanted, situation(labels=frozenset({"elsewhere"})))
        assert (rules.line(found), rules.line(found, language="da")) == (
            "holds one of: Tower, elsewhere: met",
            "holds one of: Tårn, elsewhere: met",
        )
        fact = Rule(RuleKind.FACT, "x", Provenance.OFFICIAL, "", {"fact": "hat"})
        for language in ("da", "en"):
            assert rules.line(rules.explained(OLD, fact, situation(facts={"hat": True})), language=language).startswith(
                "“hat” is asked for"
            )

    def test_words_are_the_readers(self):
        found = part(verdict(OLD, "tower", self.whole()), "share")
        words = {"%(points)s of %(maximum)s points, %(needed)s needed": "%(points)s af %(maximum)s point (mindst %(needed)s)", "met": "opfyldt"}  # fmt: skip
        assert rules.line(found, words.__getitem__) == "20 af 20 point (mindst 15): opfyldt"
        assert list(rules.lines(found, words.__getitem__, "da")) == [(0, "20 af 20 point (mindst 15): opfyldt")]

    def test_what_blocks(self):
        assert rules.blocking(verdict(OLD, "tower", self.whole())) == ()
        asked = self.whole(answers={**all_at(OLD, 3), "b1": scored(0)}, assessors=None)
        assert [one.key for one in rules.blocking(verdict(OLD, "tower", asked))] == ["minima", "assessors"]
        assert {one.kind for one in rules.blocking(verdict(OLD, "tower", asked))} == {
            RuleKind.KNOCK_OUTS,
            RuleKind.ASSESSORS,
        }
        nothing = verdict(OLD, "spark", situation(answers=all_at(OLD, 0), labels=frozenset()))
        assert [one.key for one in rules.blocking(nothing)] == ["points", "lens", "higher"]
        short = verdict(OLD, "beam", situation(areas=(Area("a2", True),), answers=all_at(OLD, 3), benchmarkings=()))
        assert [one.key for one in rules.blocking(short)] == ["benchmarkings", "areas"]
