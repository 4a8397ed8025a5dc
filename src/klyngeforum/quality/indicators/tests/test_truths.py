"""Three truths: met, not met and undetermined, how they come together, and what rests on placeholders."""

from __future__ import annotations

from klyngeforum.quality.indicators import truths
from klyngeforum.quality.indicators.terms import Truth

Y, N, U = Truth.YES, Truth.NO, Truth.UNDETERMINED


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
