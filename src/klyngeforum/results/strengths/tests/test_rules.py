"""What is held back cannot be worked out from the sums of rows, columns and categories."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.results.strengths.rules import held_back

GROUPS = [[(row, column) for column in range(4)] for row in range(4)] + [[(row, column) for row in range(4)] for column in range(4)]  # fmt: skip


def test_nothing_small_nothing_held():
    assert held_back({"a": 20, "b": 30}, set(), [("a", "b")], 10) == set()


def test_one_alone_takes_the_smallest_with_it():
    assert held_back({"a": 2, "b": 30, "c": 50}, {"a"}, [("a", "b", "c")], 10) == {"a", "b"}


def test_two_that_are_a_small_sum_take_another_with_them():
    assert held_back({"a": 2, "b": 3, "c": 50, "d": 60}, {"a", "b"}, [("a", "b", "c", "d")], 10) == {"a", "b", "c"}


def test_empty_cells_hide_nobody():
    assert held_back({"a": 2, "b": 0, "c": 50}, {"a"}, [("a", "b", "c")], 10) == {"a", "c"}


def test_what_is_held_in_a_row_is_held_safely_in_its_column_too():
    values = {(row, column): 20.0 + row + column for row in range(4) for column in range(4)} | {(0, 0): 3.0}
    held = held_back(values, {(0, 0)}, GROUPS, 10)
    assert held == {(0, 0), (0, 1), (1, 0), (1, 1)}


@given(some.lists(some.integers(0, 40), min_size=16, max_size=16))
def test_no_sum_gives_a_small_cell_away(numbers):
    values = {(nth // 4, nth % 4): float(n) for nth, n in enumerate(numbers)}
    small = {key for key, value in values.items() if 0 < value < 10}
    held = held_back(values, small, GROUPS, 10)
    assert small <= held and (held or not small)
    for group in GROUPS:
        inside, left = [key for key in group if key in held], [key for key in group if key not in held and values[key] > 0]  # fmt: skip
        assert not inside or not left or (len(inside) >= 2 and sum(values[key] for key in inside) >= 10)
