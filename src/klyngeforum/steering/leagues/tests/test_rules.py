"""The rules of placement on the strategy's own text, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.quality.indicators.queries import standing as scheme_version
from klyngeforum.quality.indicators.terms import Situation, Truth
from klyngeforum.steering.leagues import reading, rules
from klyngeforum.steering.leagues.terms import Direction

HOME = Path(__file__).resolve().parents[5]
RULES = reading.rules_in(HOME / "programme")[0]
EARLY, LATE = date(2013, 6, 1), date(2014, 6, 1)


@pytest.fixture(scope="module")
def version():
    return scheme_version(RULES.scheme, on=EARLY)


def situation(on=EARLY, labels=(), abroad=0, emerging=False, **more):
    facts = {"international_activities": Decimal(abroad), "emerging": emerging}
    return Situation(on, facts=facts, labels=frozenset(labels), benchmarkings=(), **more)


class TestJudging:
    def test_gold_plays_in_the_first_league(self, version):
        assert rules.judge(RULES, version, situation(labels=["gold"])).league == "1"

    def test_from_2014_the_two_upper_leagues_must_offer_international_activities(self, version):
        assert rules.judge(RULES, version, situation(LATE, ["gold"])).league == "3"
        assert rules.judge(RULES, version, situation(LATE, ["gold"], abroad=1)).league == "1"

    def test_a_league_rests_on_the_placeholders_of_those_above_it(self, version):
        """From 2014 nothing abroad keeps it out of the two upper leagues; how much abroad is asked for is a placeholder."""
        down = rules.judge(RULES, version, situation(LATE, ["silver"]))
        assert down.league == "3" and not down.answer("3").placeholder and down.placeholder
        assert not rules.judge(RULES, version, situation(labels=["gold"])).placeholder  # what lies below does not count
        assert rules.judge(RULES, version, situation(LATE, ["gold"], abroad=1)).placeholder

    def test_a_funded_emerging_cluster_plays_in_the_third(self, version):
        assert rules.judge(RULES, version, situation(emerging=True)).league == "3"

    def test_without_anything_nothing_is_proposed_and_the_second_cannot_be_told(self, version):
        judged = rules.judge(RULES, version, situation())
        assert judged.league == "" and judged.highest_open == "2"
        assert judged.answer("1").truth is Truth.NO


class TestDirection:
    @pytest.mark.parametrize(
        ("current", "labels", "expected"),
        [
            ("", ["gold"], Direction.ENTER), ("3", ["gold"], Direction.UP), ("1", ["gold"], Direction.STAY),
            ("3", ["bronze"], Direction.STAY), ("1", ["bronze"], Direction.DOWN), ("", [], Direction.OPEN),
        ],
    )  # fmt: skip
    def test_where_it_would_go(self, version, current, labels, expected):
        judged = rules.judge(RULES, version, situation(labels=labels))
        assert rules.direction(RULES, current, judged) is expected

    def test_nobody_goes_down_on_what_is_not_known(self, version):
        """Without a score the second league cannot be told, so an organisation in it stays where it is."""
        judged = rules.judge(RULES, version, situation(labels=["bronze"]))
        assert rules.direction(RULES, "2", judged) is Direction.OPEN

    def test_a_label_that_ran_out_is_said(self, version):
        now = situation(labels=[])
        assert rules.rests_on_expired(RULES, version, now, "1", frozenset({"gold"}))
        assert not rules.rests_on_expired(RULES, version, now, "1", frozenset({"bronze"}))
        assert not rules.rests_on_expired(RULES, version, situation(labels=["gold"]), "1", frozenset({"silver"}))


class TestMoving:
    def test_up_is_open_and_down_needs_a_warning_whose_deadline_has_passed(self):
        day = date(2013, 6, 1)
        assert rules.may_move(RULES, "3", "1", day, None)
        assert rules.may_move(RULES, "", "3", day, None)
        assert not rules.may_move(RULES, "1", "3", day, None)
        assert not rules.may_move(RULES, "1", "3", day, date(2013, 6, 2))
        assert rules.may_move(RULES, "1", "3", day, day)
        assert not rules.may_move(RULES, "3", "", day, None)

    def test_a_warning_leaves_the_months_of_the_rules(self):
        given_on = date(2013, 6, 1)
        assert rules.may_warn(RULES, "1", "2", given_on, date(2014, 6, 1))
        assert not rules.may_warn(RULES, "1", "2", given_on, date(2014, 5, 31))
        assert not rules.may_warn(RULES, "2", "1", given_on, date(2015, 6, 1))
        assert not rules.may_warn(RULES, "", "3", given_on, date(2015, 6, 1))


LEAGUE = st.sampled_from(["", "1", "2", "3"])


@given(st.dictionaries(st.integers(1, 40), LEAGUE), st.dictionaries(st.integers(1, 40), LEAGUE))
def test_movements_lose_nobody(before, after):
    moves = rules.movements(before, after)
    assert sum(count for _, _, count in moves) == len({*before, *after})
    for code in ("", "1", "2", "3"):
        assert sum(count for one, _, count in moves if one == code) == sum(
            before.get(one, "") == code for one in {*before, *after}
        )


def test_what_is_wrong_in_the_file_is_named(tmp_path):
    folder = tmp_path / "league_rules"
    folder.mkdir()
    text = (HOME / "programme" / "league_rules" / "2012.toml").read_text()
    (folder / "2012.toml").write_text(
        text.replace('fact = "emerging"', 'fact = "emergin"').replace("months = 12", 'months = "tolv"')
    )
    with pytest.raises(ProgrammeError) as wrong:
        reading.rules_in(tmp_path)
    assert "moving_down, months" in str(wrong.value) and "'emergin' is asked for but not described" in str(wrong.value)
