"""Where the rules of placement draw the line, on three made-up leagues whose answers are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.ground.verdict import Verdict
from klyngeforum.quality.indicators.terms import Explained, Fact, Rule, RuleKind, Situation, Truth
from klyngeforum.steering.leagues import rules
from klyngeforum.steering.leagues.terms import Changed, Direction, Judged, LeagueRule, LeagueRules, Shown
from tests.worked import OLD

ON = date(2021, 6, 15)
OFFICIAL = Provenance.OFFICIAL
Y, N, U = Truth.YES, Truth.NO, Truth.UNDETERMINED


def holds(*labels: str) -> Rule:
    return Rule(RuleKind.HOLDS, "label", OFFICIAL, "", {"labels": labels})


def asks(fact: str) -> Rule:
    return Rule(RuleKind.FACT, "fact", OFFICIAL, "", {"fact": fact})


# high, middle and low: each asks for one thing, so that each may be met, not met or unknown by itself
LEAGUES = tuple(LeagueRule(code, requires, ()) for code, requires in (("high", holds("tower")), ("middle", asks("statutes")), ("low", asks("abroad"))))  # fmt: skip
RULES = LeagueRules("1", date(2020, 1, 1), None, "lighthouse", "", OFFICIAL, 12, OFFICIAL, Bilingual(""), (), LEAGUES)


def situation(labels: tuple[str, ...] | None = (), statutes: bool | None = False, abroad: bool | None = False):
    return Situation(ON, facts={"statutes": statutes, "abroad": abroad}, labels=None if labels is None else frozenset(labels))  # fmt: skip


def said(verdict: Verdict) -> tuple[str, str | None]:
    """The sentence of a refusal with its values in place, and the field that it stands at."""
    assert not verdict
    return verdict.reason % verdict.values if verdict.values else verdict.reason, verdict.field


class TestJudging:
    @pytest.mark.parametrize(
        ("asked", "league", "highest_open", "truth"),
        [
            (situation(("tower",), True, True), "high", "", Y), (situation((), True, True), "middle", "", Y), (situation((), False, True), "low", "", Y),
            (situation(), "", "", N), (situation(None, True, False), "middle", "high", Y), (situation(None, None, True), "low", "high", Y),
            (situation((), None, True), "low", "middle", Y), (situation((), None, None), "", "middle", U), (situation((), False, None), "", "low", U),
            (situation((), True, None), "middle", "", Y), (situation(("tower",), None, None), "high", "", Y),
        ],
    )  # fmt: skip
    def test_the_highest_that_is_met_and_what_is_open_above_it(self, asked, league, highest_open, truth):
        judged = rules.judge(RULES, OLD, asked)
        assert (judged.league, judged.highest_open, judged.truth) == (league, highest_open, truth)

    def test_every_league_has_its_own_answer(self):
        judged = rules.judge(RULES, OLD, situation((), None, True))
        assert [(code, answer.truth) for code, answer in judged.answers] == [("high", N), ("middle", U), ("low", Y)]
        assert judged.answer("middle").key == "fact" and judged.answer("elsewhere") is None

    def test_what_the_leagues_ask_for_is_called_as_they_call_it_and_what_the_scheme_names_as_it_does(self):
        hats = (Fact("hat", Bilingual("Hat", "A hat")), Fact("statutes", Bilingual("Love", "Laws")))
        wanted = replace(RULES, facts=hats, leagues=tuple(LeagueRule(code, asks(code), ()) for code in ("hat", "statutes")))  # fmt: skip
        named = rules.judge(wanted, OLD, situation())
        assert [answer.values["fact"].say("en") for _, answer in named.answers] == ["A hat", "Statutes"]


def judged(high: Truth, middle: Truth, low: Truth) -> Judged:
    answers = tuple((code, Explained(truth, RuleKind.FACT, code, "")) for code, truth in (("high", high), ("middle", middle), ("low", low)))  # fmt: skip
    met = next((code for code, one in answers if one.truth is Y), "")
    above = [code for code, one in answers if one.truth is U and RULES.rank(code) < RULES.rank(met)]
    return Judged(met, above[0] if above else "", answers)


class TestDirection:
    @pytest.mark.parametrize(
        ("current", "truths", "where"),
        [
            ("", (N, Y, Y), Direction.ENTER), ("", (U, N, N), Direction.OPEN), ("", (N, N, N), Direction.OUT), ("", (U, Y, N), Direction.ENTER),
            ("low", (N, Y, Y), Direction.UP), ("low", (U, Y, Y), Direction.UP), ("low", (N, N, Y), Direction.STAY), ("low", (U, N, Y), Direction.STAY),
            ("middle", (N, N, Y), Direction.DOWN), ("middle", (N, U, Y), Direction.OPEN), ("middle", (U, N, Y), Direction.OPEN),
            ("high", (N, U, Y), Direction.DOWN), ("high", (N, Y, Y), Direction.DOWN), ("high", (U, Y, Y), Direction.OPEN),
            ("low", (N, N, N), Direction.DOWN), ("low", (N, N, U), Direction.OPEN), ("low", (N, U, N), Direction.OPEN),
            ("elsewhere", (N, N, N), Direction.STAY), ("elsewhere", (N, N, Y), Direction.UP),
        ],
    )  # fmt: skip
    def test_only_what_is_certain_moves_anybody(self, current, truths, where):
        assert rules.direction(RULES, current, judged(*truths)) is where


class TestExpired:
    def test_it_rests_on_what_would_still_hold_it(self):
        expired = frozenset({"tower"})
        assert rules.rests_on_expired(RULES, OLD, situation(), "high", expired)
        assert not rules.rests_on_expired(RULES, OLD, situation(("tower",)), "high", expired)
        assert not rules.rests_on_expired(RULES, OLD, situation(), "high", frozenset({"spark"}))
        assert not rules.rests_on_expired(RULES, OLD, situation(), "high", frozenset())
        assert not rules.rests_on_expired(RULES, OLD, situation(), "low", expired)
        assert not rules.rests_on_expired(RULES, OLD, situation(), "", expired)

    @pytest.mark.parametrize(
        ("kind", "statutes", "rests"),
        [
            (RuleKind.ALL, True, True), (RuleKind.ALL, False, True), (RuleKind.ALL, None, True),  # what else is asked is another matter
            (RuleKind.ANY, False, True), (RuleKind.ANY, None, True), (RuleKind.ANY, True, False),  # it stands on something else
        ],
    )  # fmt: skip
    def test_what_else_the_league_asks_hides_it_only_where_that_is_enough(self, kind, statutes, rests):
        both = Rule(kind, "both", OFFICIAL, "", {}, (holds("tower"), asks("statutes")))
        league = replace(RULES, leagues=(LeagueRule("high", both, ()),))
        expired, now = frozenset({"tower"}), situation(statutes=statutes)
        assert rules.rests_on_expired(league, OLD, now, "high", expired) is rests
        assert not rules.rests_on_expired(league, OLD, now, "high", frozenset({"spark"}))
        assert not rules.rests_on_expired(league, OLD, situation(("tower",), statutes=statutes), "high", expired)

    def test_a_league_that_asks_for_no_label_never_rests_on_one(self):
        league = replace(RULES, leagues=(LeagueRule("high", Rule(RuleKind.ALL, "all", OFFICIAL, "", {}, (asks("statutes"),)), ()),))  # fmt: skip
        assert not rules.rests_on_expired(league, OLD, situation(), "high", frozenset({"tower"}))

    def test_labels_held_now_count_together_with_those_that_ran_out(self):
        both = Rule(RuleKind.ALL, "both", OFFICIAL, "", parts=(holds("tower"), holds("beam")))
        wanted = LeagueRules("1", ON, None, "lighthouse", "", OFFICIAL, 12, OFFICIAL, Bilingual(""), (), (LeagueRule("high", both, ()),))  # fmt: skip
        assert rules.rests_on_expired(wanted, OLD, situation(("beam",)), "high", frozenset({"tower"}))

    def test_where_the_labels_are_not_known_nothing_is_said(self):
        assert not rules.rests_on_expired(RULES, OLD, situation(None), "high", frozenset({"tower"}))


NOT_BELOW = ("A warning is given before a move down; that league is not below the present one.", "league")


class TestWarningAndMoving:
    def test_a_warning_is_of_a_lower_league(self):
        later = date(2022, 6, 15)
        for current, to in (("", "low"), ("low", "high"), ("middle", "middle")):
            assert said(rules.may_warn(RULES, current, to, ON, later)) == NOT_BELOW
        assert rules.may_warn(RULES, "middle", "low", ON, later) and rules.may_warn(RULES, "low", "", ON, later)

    def test_it_leaves_the_months_of_the_rules(self):
        assert rules.may_warn(RULES, "high", "low", ON, date(2022, 6, 15))
        assert said(rules.may_warn(RULES, "high", "low", ON, date(2022, 6, 14))) == ("The deadline must leave the organisation 12 months.", "deadline")  # fmt: skip

    def test_up_and_in_at_once(self):
        for current, to in (("", "high"), ("low", "high"), ("low", "low"), ("", "")):
            assert rules.may_move(RULES, current, to, ON, None), (current, to)

    def test_down_and_out_only_after_the_deadline(self):
        without = ("A move down needs a warning first, with a deadline.", "league")
        early = ("The warning gives the organisation until a later day.", "on")
        for current, to in (("high", "middle"), ("low", "")):
            assert said(rules.may_move(RULES, current, to, ON, None)) == without
            refused = rules.may_move(RULES, current, to, ON, date(2021, 6, 16))
            assert said(refused) == early and refused.values == {"deadline": date(2021, 6, 16)}
            assert rules.may_move(RULES, current, to, ON, ON)


def test_movements_are_counted_pair_by_pair_in_order():
    before, after = {1: "high", 2: "high", 3: "low", 4: "low"}, {1: "middle", 2: "middle", 3: "low", 5: "low"}
    assert rules.movements(before, after) == [("", "low", 1), ("high", "middle", 2), ("low", "", 1), ("low", "low", 1)]


def told(league: str, depth: int, truth: Truth, words: str) -> Shown:
    return Shown(league, depth, truth.value, False, f"da {words}", words)


class TestWhatHasChanged:
    THEN = (
        told("high", 0, N, "0 of 2 conditions: not met"), told("high", 1, N, "holds the tower: not met"),
        told("high", 1, N, "80 of 150 points, 90 asked: not met"), told("low", 0, Y, "has statutes: met"),
    )  # fmt: skip

    def test_nothing(self):
        assert rules.changed(self.THEN, self.THEN) == [] and rules.changed((), ()) == []

    def test_other_numbers_of_the_same_condition_stand_beside_each_other_and_a_count_of_others_is_none(self):
        points = told("high", 1, Y, "95 of 150 points, 90 asked: met")
        now = (told("high", 0, N, "1 of 2 conditions: not met"), self.THEN[1], points, self.THEN[3])
        assert rules.changed(self.THEN, now) == [Changed("high", self.THEN[2], points)]

    def test_the_same_answer_by_another_number_is_a_change_and_another_league_is_another_condition(self):
        points, moved = (
            told("high", 1, N, "81 of 150 points, 90 asked: not met"),
            told("middle", 0, Y, "has statutes: met"),
        )
        found = rules.changed(self.THEN, (*self.THEN[:2], points, moved))
        assert found == [Changed("high", self.THEN[2], points), Changed("middle", None, moved), Changed("low", self.THEN[3], None)]  # fmt: skip

    def test_what_is_asked_twice_is_taken_in_turn(self):
        twice = (told("low", 1, Y, "1 of 3: met"), told("low", 1, N, "2 of 3: not met"))
        assert rules.changed(twice, (twice[0], told("low", 1, Y, "3 of 3: met"))) == [
            Changed("low", twice[1], told("low", 1, Y, "3 of 3: met"))
        ]

    def test_the_first_of_what_is_asked_twice_counts_too(self):
        twice = (told("low", 1, Y, "1 of 3: met"), told("low", 1, N, "2 of 3: not met"))
        first = told("low", 1, N, "0 of 3: not met")
        assert rules.changed(twice, (first, twice[1])) == [Changed("low", twice[0], first)]

    def test_the_order_in_which_conditions_are_told_is_no_change(self):
        assert rules.changed(self.THEN, (self.THEN[0], self.THEN[2], self.THEN[1], self.THEN[3])) == []
        then = (told("low", 0, Y, "label: Gold: met"), told("low", 0, N, "label: Silver: not met"))
        assert rules.changed(then, then[::-1]) == []

    def test_a_condition_before_others_of_its_own_depth_is_seen(self):
        tower = told("high", 1, Y, "holds the tower: met")
        assert rules.changed(self.THEN, (self.THEN[0], tower, *self.THEN[2:])) == [Changed("high", self.THEN[1], tower)]

    def test_a_count_of_a_single_condition_at_the_end_is_no_condition(self):
        then = (told("low", 0, N, "0 of 1 conditions: not met"), told("low", 1, N, "has statutes: not met"))
        now = (told("low", 0, Y, "1 of 1 conditions: met"), told("low", 1, Y, "has statutes: met"))
        assert rules.changed(then, now) == [Changed("low", then[1], now[1])]

    def test_words_without_an_answer_are_the_condition_themselves(self):
        assert rules.changed((told("low", 0, Y, "abroad"),), (told("low", 0, N, "abroad"),)) == [
            Changed("low", told("low", 0, Y, "abroad"), told("low", 0, N, "abroad"))
        ]
