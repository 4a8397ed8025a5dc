"""Enough assessors, independent where that is asked, and enough of them from abroad."""

from __future__ import annotations

from dataclasses import replace

from klyngeforum.quality.indicators import rules
from klyngeforum.quality.indicators.terms import Assessor
from tests.worked import OLD

from .asking import NO, OPEN, TWO, part, rule_of, situation, verdict


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
