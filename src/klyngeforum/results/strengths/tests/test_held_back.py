"""What a regional table holds back cannot be worked out from its rows, its columns or any category of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from klyngeforum.results.strengths.measuring import _closed, _lines
from klyngeforum.results.strengths.terms import Limits

LIMITS = Limits(10, 3, 1, 2, 0.1, 5, 1.5, 5)


def closed(table, first, groups=()):
    return _closed(table, first, [*_lines(table.shape), *groups], LIMITS)


def test_nothing_small_nothing_held():
    assert closed(np.full((3, 3), 20.0), set()) == set()


def test_what_is_held_in_a_row_is_held_safely_in_its_column_too():
    table = np.add.outer(np.arange(4), np.arange(4)) + 20.0
    table[0, 0] = 3
    assert closed(table, {(0, 0)}) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_empty_cells_hide_nobody():
    assert closed(np.array([[2.0, 0, 50], [30, 0, 60]]), {(0, 0)}) == {(0, 0), (0, 2), (1, 0), (1, 2)}


def test_a_category_of_two_industries_takes_the_other_one_with_it():
    table = np.array([[3.0, 90, 20, 30], [40, 50, 45, 70]])
    assert (0, 1) in closed(table, {(0, 0)}, [[(0, 0), (0, 1)]]) and (0, 1) not in closed(table, {(0, 0)})


@settings(max_examples=60, deadline=None)
@given(some.lists(some.integers(0, 40), min_size=16, max_size=16))
def test_no_row_or_column_gives_a_small_cell_away(numbers):
    table = np.array(numbers, float).reshape(4, 4)
    small = {(int(row), int(column)) for row, column in np.argwhere((table > 0) & (table < 10))}
    held = closed(table, small)
    assert small <= held and (held or not small)
    for group in _lines(table.shape):
        inside, left = [key for key in group if key in held], [key for key in group if key not in held and table[key] > 0]  # fmt: skip
        assert not inside or not left or (len(inside) >= 2 and sum(table[key] for key in inside) >= 10)
