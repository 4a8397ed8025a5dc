"""Small numbers: by hand, and by trying to subtract them out of the sum."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.results.accounts.disclosing import hidden, small


@pytest.mark.parametrize(("value", "found"), [(None, False), (0, False), (1, True), (4, True), (5, False)])
def test_small_is_more_than_nobody_and_less_than_the_limit(value, found):
    assert small(value, 5) is found


@pytest.mark.parametrize(
    ("cells", "back"),
    [
        ({"a": 9, "b": 0}, set()), ({"a": 3, "b": 9, "c": 7}, {"a", "c"}), ({"a": 3, "b": 0}, {"a"}), ({"a": 1, "b": 1, "c": 8}, {"a", "b", "c"}),
        ({"a": 4, "b": 4, "c": 8}, {"a", "b"}), ({}, set()),
    ],
)  # fmt: skip
def test_what_is_held_back(cells, back):
    assert hidden({key: Decimal(value) for key, value in cells.items()}, 5) == back


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12).map(Decimal), max_size=8))
def test_nobody_can_subtract_a_small_number_out_of_the_sum(cells):
    back = hidden(cells, 5)
    assert all(key in back for key, value in cells.items() if small(value, 5))
    rest = sum(cells.values()) - sum(value for key, value in cells.items() if key not in back)
    alone = [key for key in back if cells[key] == rest]
    others = [value for value in cells.values() if value >= 5]
    # one cell alone can be worked out only where there is nothing else to hold back: then the sum itself is small and held back
    assert not (alone and others) or len(back) > 1
    assert not back or rest >= 5 or not others
