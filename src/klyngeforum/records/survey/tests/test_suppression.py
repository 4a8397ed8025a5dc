"""Small numbers stay hidden, also from somebody who adds, subtracts and solves the whole system of what is published."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.attacking import spans
from klyngeforum.records.survey.suppression import hidden, linked, shown, table
from tests.trying import tries

LEAST = 5


def ends(published, shut):
    return spans({key: float(n) for key, n in published.cells.items()}, published.sums, shut)


def too_narrow(published, shut, least):
    return [key for key, (low, high) in ends(published, shut).items() if high - low < least]


def solved(published, shut):
    """The attacker: every hidden cell that the system of published sums determines, by Gaussian elimination."""
    unknown = sorted(shut, key=str)
    if not unknown:
        return []
    rows = []
    for total, parts in published.relations:
        row = [sum(part == one for part in parts) - (total == one) for one in unknown]
        rows.append(row)
    matrix = np.array(rows, dtype=float)
    _, sizes, basis = np.linalg.svd(matrix)
    null = basis[int((sizes > 1e-9).sum()) :]
    return [one for i, one in enumerate(unknown) if not null.size or np.abs(null[:, i]).max() < 1e-9]


def test_the_classical_one_small_cell_takes_three_others_with_it():
    counts = {("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 30, ("b", "x"): 12, ("b", "y"): 9, ("b", "z"): 40}
    published = table(counts, [("a", "b"), ("x", "y", "z")])
    shut = hidden(published, LEAST)
    assert ("a", "x") in shut and (None, None) not in shut and len(shut) == 4
    assert solved(published, shut) == [] and too_narrow(published, shut, LEAST) == []


def test_hiding_only_the_small_cell_is_found_out():
    published = table({("a",): 3, ("b",): 20}, [("a", "b")])
    assert solved(published, {("a",)}) == [("a",)]
    assert ends(published, {("a",)}) == {("a",): (3, 3)}
    assert too_narrow(published, frozenset({("a",)}), LEAST) == [("a",)]


def test_nothing_small_nothing_hidden_and_no_answer_is_no_secret():
    published = table({("a",): 0, ("b",): 20}, [("a", "b")])
    assert shown(published, LEAST) == published.cells


def test_where_everybody_is_few_the_total_goes_too():
    assert None is shown(table({("a",): 1, ("b",): 0}, [("a", "b")]), LEAST)[(None,)]


def test_tables_that_contradict_each_other_are_not_linked():
    one, other = table({("a",): 7}, [("a",)]), table({("a",): 8}, [("a",)])
    with pytest.raises(ValueError, match="in another"):
        linked(one, other)


@some.composite
def tables(draw):
    sizes = draw(some.sampled_from([(2, 2), (3, 3), (2, 4), (4, 3), (2, 2, 2), (3, 2, 2), (2, 3, 3)]))
    dimensions = [[f"{chr(97 + at)}{i}" for i in range(size)] for at, size in enumerate(sizes)]
    value = some.one_of(some.integers(0, 7), some.integers(0, 40))
    return {key: draw(value) for key in product(*dimensions)}, dimensions


@tries(80, 16)
@given(tables())
def test_nobody_recovers_a_hidden_cell_of_a_table_with_margins(made):
    published = table(*made)
    shut = hidden(published, LEAST)
    assert {key for key, n in published.cells.items() if 0 < n < LEAST} <= shut
    assert solved(published, shut) == [] and too_narrow(published, shut, LEAST) == []


@tries(40, 8)
@given(tables())
def test_nor_by_laying_filters_over_each_other(made):
    """Each two-way table of the last dimension's filter and the unfiltered ones, published together: what differs is the filtered out."""
    counts, dimensions = made
    last = len(dimensions) - 1
    whole = table(counts, dimensions)
    parts = []
    for at in range(last):  # dimension `at` by the last one, all others summed: linked by their shared margins
        kept = {key for key in whole.cells if all(one is None for i, one in enumerate(key) if i not in (at, last))}
        relations = [one for one in whole.relations if one[0] in kept and set(one[1]) <= kept]
        parts.append(type(whole)({key: whole.cells[key] for key in kept}, tuple(relations)))
    together = linked(*parts)
    shut = hidden(together, LEAST)
    assert solved(together, shut) == [] and too_narrow(together, shut, LEAST) == []
