"""What is told of those without a match: whoever subtracts everything told from what is told in all finds no number of few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.bundle.telling import counts_told, reasons_told

COUNTS = {"method": "nearest", "n_treated": 120, "n_matched": 100, "fewer": 0, "missing_controls": 30}


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ({}, {}), ({"a": 7, "b": 30}, {"a": 7, "b": 30}), ({"a": 3, "b": 30, "c": 9}, {"b": 30}), ({"a": 3, "b": 30}, {}),
        ({"a": 1, "b": 1, "c": 30}, {}), ({"a": 3, "b": 2, "c": 30}, {"c": 30}), ({"a": 3}, {}), ({"a": 0, "b": 30}, {"b": 30}),
    ],
)  # fmt: skip
def test_reasons_by_hand(reasons, told):
    assert reasons_told(reasons, 5) == told


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40)), st.integers(1, 9))
def test_what_is_held_back_is_never_a_few_alone(reasons, least):
    told = reasons_told(reasons, least)
    held = [n for why, n in reasons.items() if why not in told and n]
    assert all(n >= least for n in told.values())
    assert not held or (len(held) >= 2 and sum(held) >= least) or not told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, {}), ({"n_matched": 117}, {"n_treated": None}), ({"n_matched": 115}, {}), ({"n_matched": 120}, {}),
        ({"fewer": 4, "missing_controls": 1}, {"fewer": None, "missing_controls": None}), ({"fewer": 5}, {}),
    ],
)  # fmt: skip
def test_counts_by_hand(change, told):
    counts = {**COUNTS, **change}
    assert counts_told(counts, 5) == {**counts, **told}
