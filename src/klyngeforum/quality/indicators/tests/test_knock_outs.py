"""The minimum of every indicator: one that is not reached decides, whatever the points."""

from __future__ import annotations

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import rules
from klyngeforum.quality.indicators.terms import NOT_APPLICABLE, UNKNOWN, Rule, RuleKind, Threshold
from tests.worked import OLD

from .asking import NO, OPEN, YES, all_at, answers, part, situation, verdict, with_indicator

PLACEHOLDER = Provenance.PLACEHOLDER


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

    def test_without_a_scope_every_minimum_is_asked(self):
        everywhere = Rule(RuleKind.KNOCK_OUTS, "minima", Provenance.OFFICIAL, "")
        found = rules.explained(OLD, everywhere, situation(answers=all_at(OLD, 3)))
        assert rules.line(found) == "4 of 4 minima reached: met"

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
