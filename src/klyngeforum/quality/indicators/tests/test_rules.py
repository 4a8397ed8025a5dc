"""How the answers come together: the tree from the root, its words, what blocks, and what rests on placeholders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import rules
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.terms import Area, RuleKind, Threshold, scored
from tests.worked import OLD

from .asking import NO, TWO, YES, all_at, part, rule_of, situation, verdict, with_indicator

PLACEHOLDER = Provenance.PLACEHOLDER


def _rules(rule):
    return [rule, *(one for part in rule.parts for one in _rules(part))]


def _leaves(one):
    return [one, *(leaf for part in one.parts for leaf in _leaves(part))]


class TestTogether:
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
        for label, of in product(OLD.labels, (asked, situation(on=date(2022, 6, 1)))):
            known = {one.key: one.kind for one in _rules(label.requires)}
            for one in _leaves(evaluate(OLD, label, of)):
                assert one.kind is known[one.key], one
                assert one.indicator == one.values.get("indicator", ""), one

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

    def test_a_rule_that_is_a_placeholder_says_so(self):
        for label, key in (("tower", "minima"), ("tower", "share"), ("tower", "assessors"), ("tower", "papers"), ("beam", "areas"), ("beam", "benchmarkings")):  # fmt: skip
            rule = replace(rule_of(OLD, label, key), provenance=PLACEHOLDER)
            assert rules.explained(OLD, rule, situation()).placeholder, key
            assert rules.explained(OLD, rule, situation(areas=())).placeholder, key
            assert not rules.explained(OLD, rule_of(OLD, label, key), situation(areas=())).placeholder, key
        ways = rule_of(OLD, "spark", "ways")
        for way in ways.parts:
            assert rules.explained(OLD, replace(way, provenance=PLACEHOLDER), situation()).placeholder, way.key
            assert not rules.explained(OLD, way, situation()).placeholder, way.key

    def test_a_guess_in_one_part_shows_at_the_root(self):
        guess = with_indicator("b1", minimum=Threshold(2, PLACEHOLDER))
        assert not verdict(OLD, "tower", self.whole()).placeholder
        assert verdict(guess, "tower", self.whole()).placeholder
        firm = self.whole(assessors=())
        assert verdict(guess, "tower", firm).truth == NO and not verdict(guess, "tower", firm).placeholder
