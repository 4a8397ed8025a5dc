"""What is asked of the organisation itself: facts about it, labels that it holds, and the time in which a rule is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import rules
from klyngeforum.quality.indicators.terms import Rule, RuleKind
from tests.worked import OLD

from .asking import NO, OPEN, YES, all_at, part, rule_of, situation, verdict


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


class TestHolding:
    def test_holding_one_of_several(self):
        asked = situation(answers=all_at(OLD, 0), labels=frozenset({"beam"}))
        found = part(verdict(OLD, "spark", asked).parts[0], "higher")
        assert rules.line(found) == "holds one of: Tower, Beam: met"
        assert rules.line(found, language="da") == "holds one of: Tårn, Stråle: met"
        assert list(rules.lines(found, language="da")) == [(0, "holds one of: Tårn, Stråle: met")]
        assert list(rules.lines(found)) == [(0, "holds one of: Tower, Beam: met")]
        assert part(verdict(OLD, "spark", situation()).parts[0], "higher").truth == OPEN
        other = Rule(RuleKind.HOLDS, "x", Provenance.OFFICIAL, "", {"labels": ("elsewhere",)})
        assert (
            rules.line(rules.explained(OLD, other, situation(labels=frozenset()))) == "holds one of: elsewhere: not met"
        )

    def test_names_of_labels_and_facts_in_both_languages(self):
        wanted = Rule(RuleKind.HOLDS, "x", Provenance.OFFICIAL, "", {"labels": ("tower", "elsewhere")})
        found = rules.explained(OLD, wanted, situation(labels=frozenset({"elsewhere"})))
        assert (rules.line(found), rules.line(found, language="da")) == (
            "holds one of: Tower, elsewhere: met",
            "holds one of: Tårn, elsewhere: met",
        )
        assert not any(name.falls_back("en") for name in found.values["labels"])
        fact = Rule(RuleKind.FACT, "x", Provenance.OFFICIAL, "", {"fact": "hat"})
        assert not rules.explained(OLD, fact, situation()).values["fact"].falls_back("en")
        for language in ("da", "en"):
            assert rules.line(rules.explained(OLD, fact, situation(facts={"hat": True})), language=language).startswith(
                "“hat” is asked for"
            )
