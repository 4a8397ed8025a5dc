"""How much rests on the largest members."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.landscape.dependence import dependence

ROWS = some.lists(
    some.tuples(some.sampled_from("abc"), some.integers(0, 9), some.integers(0, 50)), min_size=1, max_size=60
)


def table(rows):
    return {"organisation": [r[0] for r in rows], "company": [r[1] for r in rows], "n": [r[2] for r in rows]}


def test_a_case_on_paper():
    one = dependence(table([("a", 1, 6), ("a", 2, 2), ("a", 2, 1), ("a", 3, 1), ("b", 9, 4)]), "n", largest=2)
    assert one.organisations.tolist() == ["a", "b"]
    assert one.members.tolist() == [3, 1] and one.total.tolist() == [10, 4]
    assert one.share.tolist() == [0.9, 1.0]
    assert one.herfindahl.tolist() == pytest.approx([0.36 + 0.09 + 0.01, 1.0])


@given(ROWS, some.integers(1, 5))
def test_it_is_what_sorting_by_hand_gives(rows, largest):
    held: dict[str, dict[int, int]] = {}
    for name, company, n in rows:
        held.setdefault(name, {})[company] = held.get(name, {}).get(company, 0) + n
    one = dependence(table(rows), "n", largest=largest)
    for nth, name in enumerate(one.organisations.tolist()):
        weights = sorted(held[name].values(), reverse=True)
        assert one.members[nth] == sum(n > 0 for n in weights) and one.total[nth] == sum(weights)
        if sum(weights) == 0:
            assert np.isnan(one.share[nth])
            continue
        assert one.share[nth] == pytest.approx(sum(weights[:largest]) / sum(weights))
        assert one.herfindahl[nth] == pytest.approx(sum((n / sum(weights)) ** 2 for n in weights))
        assert 1 / len(weights) - 1e-9 <= one.herfindahl[nth] <= 1 + 1e-9


@given(ROWS, some.randoms())
def test_the_order_of_rows_does_not_matter(rows, chance):
    mixed = list(rows)
    chance.shuffle(mixed)
    assert np.array_equal(dependence(table(rows), "n").share, dependence(table(mixed), "n").share, equal_nan=True)


def test_several_that_all_rest_on_the_same_single_member():
    one = dependence(table([("a", 7, 3), ("b", 7, 2), ("c", 7, 0), ("a", 7, 1)]), "n")
    assert one.organisations.tolist() == ["a", "b", "c"] and one.members.tolist() == [1, 1, 0]
    assert one.total.tolist() == [4, 2, 0]
    assert one.share.tolist()[:2] == one.herfindahl.tolist()[:2] == [1.0, 1.0] and np.isnan(one.share[2])


def test_no_largest_member_is_refused():
    with pytest.raises(Unfit) as error:
        dependence(table([("a", 1, 1)]), "n", largest=0)
    assert str(error.value) == "the 0 largest members · name a number from 1"
