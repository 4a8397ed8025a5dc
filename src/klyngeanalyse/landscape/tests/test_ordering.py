"""An order for a matrix: a permutation that keeps blocks together, whatever order they came in."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.landscape import ordering as ordering_module
from klyngeanalyse.landscape.ordering import alike_order


def test_worked_example():
    done = doctest.testmod(ordering_module)
    assert done.attempted and not done.failed


@given(st.permutations(range(9)))
def test_three_blocks_stand_together_however_they_came(order):
    block = np.array(order) // 3
    places = alike_order(np.where(block[:, None] == block, 0.8, 0.1) + np.eye(9) * 0.2)
    assert sorted(places.tolist()) == list(range(9))
    assert (np.diff(block[places]) != 0).sum() == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_there_is_nothing_to_order(count):
    assert alike_order(np.eye(count)).tolist() == list(range(count))


@pytest.mark.parametrize("wrong", [np.ones((2, 3)), np.array([[1, 0.2], [0.3, 1]]), np.full((2, 2), 1.5)])
def test_what_is_no_likeness_is_refused(wrong):
    with pytest.raises(Unfit):
        alike_order(wrong)
