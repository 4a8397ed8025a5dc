"""Answers stand for those who kept silent, and nobody is counted twice or forgotten."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.records.survey.weights import groups, share, weights

CELLS = [(size, field, region) for size in "SL" for field in "CJ" for region in "123"]


def test_a_cell_with_answers_enough_stands_alone_the_others_are_laid_together_by_region_first():
    population = {("S", "C", "1"): 30, ("S", "C", "2"): 8, ("S", "C", "3"): 12, ("S", "J", "1"): 10}
    answered = {("S", "C", "1"): 10, ("S", "C", "2"): 2, ("S", "C", "3"): 3}
    found = groups(population, answered, 5)
    assert [(one.population, one.answered, one.kept) for one in found] == [(60 - 20 - 10, 10, 3), (30, 5, 0)]
    # regions 2 and 3 made a group of five answers; the silent industry J joined the one with the fewest answers
    assert weights(population, answered, 5)["S", "C", "2"] == Fraction(30, 5)


def test_few_answers_at_all_are_one_group_and_silence_is_none():
    assert [one.weight for one in groups({CELLS[0]: 9, CELLS[7]: 3}, {CELLS[0]: 2}, 5)] == [Fraction(6)]
    assert groups({CELLS[0]: 9}, {}, 5) == [] and share([], {}) is None


def test_more_answers_than_companies_are_refused():
    with pytest.raises(ValueError, match="more answered"):
        groups({CELLS[0]: 1}, {CELLS[0]: 2}, 5)


def test_the_unweighted_number_stands_beside_the_weighted():
    weighed = {CELLS[0]: Fraction(1), CELLS[1]: Fraction(3)}
    assert share([(CELLS[0], True), (CELLS[1], False)], weighed) == (Fraction(1, 2), Fraction(1, 4))


@given(some.dictionaries(some.sampled_from(CELLS), some.tuples(some.integers(0, 40), some.integers(0, 40)), min_size=1), some.integers(1, 9))  # fmt: skip
def test_weights_sum_to_the_population(numbers, least):
    population = {cell: max(pair) for cell, pair in numbers.items()}
    answered = {cell: min(pair) for cell, pair in numbers.items()}
    weighed = weights(population, answered, least)
    if any(answered.values()):
        assert sum(weighed[cell] * n for cell, n in answered.items()) == sum(population.values())
        found = groups(population, answered, least)
        assert sorted(cell for one in found for cell in one.cells) == sorted(population)
        assert all(one.answered >= least for one in found) or len(found) == 1
