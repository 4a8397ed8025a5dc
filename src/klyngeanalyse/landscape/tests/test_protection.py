"""Hidden cells cannot be subtracted out (all tables that fit are tried); percentiles only of those who agreed and are enough."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.landscape import peers, suppression
from klyngeanalyse.landscape.peers import benchmark, percentile
from klyngeanalyse.landscape.suppression import dominated, protect, with_totals


@pytest.mark.parametrize("module", [peers, suppression])
def test_worked_examples(module):
    done = doctest.testmod(module, extraglobs={"np": np})
    assert done.attempted and not done.failed


def shown(table, least):
    labels = [np.arange(size) for size in table.shape]
    return protect(table, least, dimensions=[f"d{n}" for n in range(table.ndim)], labels=labels)


def highest(kept, top):
    """The most that each cell is in any table of whole numbers from 1 to `top` that fits what is shown: all are tried."""
    inner = tuple(slice(None, -1) for _ in range(kept.values.ndim))
    body = kept.values[inner]
    places = np.flatnonzero(np.isnan(body.ravel()))
    guesses = np.tile(np.nan_to_num(body).ravel().astype(np.int16), (top ** len(places), 1))
    for nth, place in enumerate(places.tolist()):
        guesses[:, place] = 1 + np.arange(len(guesses)) // top**nth % top
    full = guesses.reshape(-1, *body.shape)
    for axis in range(1, full.ndim):
        full = np.concatenate([full, full.sum(axis, keepdims=True, dtype=np.int16)], axis)
    known = ~np.isnan(kept.values)
    return full[(full[:, known] == kept.values[known]).all(1)].max(0)


@settings(max_examples=40, deadline=None)
@given(arrays(np.int64, (2, 3), elements=st.integers(0, 5)), st.integers(2, 3))
def test_no_small_cell_can_be_known_to_be_small(table, least):
    kept, full = shown(table, least), with_totals(table)
    small = (full > 0) & (full < least)
    assert kept.hidden[small].all()
    assert np.array_equal(kept.values[~kept.hidden], full[~kept.hidden])
    if small.any():
        assert (highest(kept, 7)[small] >= least).all()


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 3), st.integers(2, 4), st.integers(2, 3)), elements=st.integers(0, 30))
)
def test_no_line_has_one_hidden_cell(table):
    kept = shown(table, 5)
    for axis in range(3):
        lonely = kept.hidden.sum(axis) == 1
        others = ((with_totals(table) > 0).sum(axis) > 1) & lonely
        assert not others.any()


def test_two_ones_that_add_up_to_two_are_not_left_alone():
    """Hiding 1 and 1 under a shown total of 2 gives both away."""
    table = np.array([[1, 1, 7], [5, 4, 8]])
    kept = shown(table, 3)
    assert kept.hidden[0, 0] and kept.hidden[0, 1]
    assert kept.hidden.sum() < 8
    most = highest(kept, 10)
    assert most[0, 0] >= 3 and most[0, 1] >= 3


def test_nothing_small_nothing_hidden():
    kept = shown(np.array([[5, 0], [7, 9]]), 5)
    assert not kept.hidden.any()
    assert {(row["d0"], row["d1"]): row["count"] for row in kept.rows()}[(None, None)] == 21
    assert "small" not in kept.as_dict() and "primary" not in kept.as_dict()


def test_dominated_cells_are_hidden_and_cannot_be_known_exactly():
    truth = dominated(np.array([90.0, 40.0, 10.0]), np.array([100.0, 100.0, 0.0]))
    assert truth.tolist() == [True, False, False]
    table = np.array([[40, 50, 60], [70, 80, 90]])
    marked = np.zeros(table.shape, dtype=bool)
    marked[0, 0] = True
    kept = protect(table, 5, dimensions=("a", "b"), labels=(np.arange(2), np.arange(3)), sensitive=marked)
    assert kept.hidden[0, 0] and kept.hidden[:-1, :-1].sum() == 4


def test_totals_that_are_no_sums_may_be_given():
    full = np.array([[2, 9, 10], [8, 9, 15], [9, 15, 20]])
    kept = protect(full, 3, dimensions=("a", "b"), labels=(np.arange(2), np.arange(2)), totalled=True)
    assert kept.hidden[0, 0] and not kept.hidden[2, 2]


def test_a_large_table_is_protected():
    table = np.random.default_rng(2).poisson(np.random.default_rng(3).lognormal(1.5, 1.4, (11, 5, 20)))
    kept, full = shown(table, 5), with_totals(table)
    assert kept.hidden[(full > 0) & (full < 5)].all() and not kept.hidden.all()


def test_refusals_of_tables():
    with pytest.raises(Unfit, match="cannot be protected"):
        shown(np.array([1, -1]), 5)
    with pytest.raises(Unfit, match="labels that do not fit"):
        protect(np.array([1, 2]), 5, dimensions=("a",), labels=(np.arange(3),))


def world(sizes, consent=1.0, seed=1):
    chance = np.random.default_rng(seed)
    groups = {f"o{g}{n}": f"g{g}" for g, size in enumerate(sizes) for n in range(size)}
    values = {one: float(chance.integers(0, 50)) for one in groups}
    return values, {one: bool(chance.random() < consent) for one in groups}, groups


class TestBenchmark:
    @given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.floats(0.3, 1), st.integers(0, 99))
    def test_by_plain_counting_and_never_of_too_few(self, sizes, consent, seed):
        values, agreed, groups = world(sizes, consent, seed)
        for one in benchmark(values, agreed, groups, least=3).standings:
            group = [other for other in values if agreed[other] and one.group in (groups[other], "all")]
            if one.why == "no consent":
                assert not agreed[one.organisation]
            if one.percentile is not None:
                others = [values[other] for other in group if other != one.organisation]
                assert agreed[one.organisation] and len(others) == one.peers >= 3
                below = sum(value < one.value for value in others) + sum(value == one.value for value in others) / 2
                assert one.percentile == pytest.approx(100 * below / len(others))
                assert one.quartiles[1] == pytest.approx(float(np.median([values[other] for other in group])))
            else:
                assert one.quartiles is None and one.peers is None and one.why

    def test_a_small_group_cannot_be_subtracted_from_all(self):
        values, agreed, groups = world([2, 9, 12])
        found = {(one.organisation, one.group): one for one in benchmark(values, agreed, groups, least=5).standings}
        assert found["o00", "g0"].why == "few peers"
        assert found["o10", "g1"].why == "subtractable" and found["o20", "g2"].why == ""
        assert found["o10", "all"].peers == 22

    def test_the_value_of_those_who_said_no_moves_nothing(self):
        values, agreed, groups = world([9, 9])
        agreed["o00"] = False
        one = benchmark(values, agreed, groups, least=3)
        values["o00"] = 1e6
        two = benchmark(values, agreed, groups, least=3)
        assert [s for s in one.standings if s.organisation != "o00"] == [
            s for s in two.standings if s.organisation != "o00"
        ]
        assert {s.why for s in one.of("o00")} == {"no consent"}
        assert len(list(one.rows())) == 36

    @given(st.lists(st.floats(-100, 100), min_size=1, max_size=20), st.floats(-100, 100), st.floats(0, 50))
    def test_percentiles_rise_with_the_value(self, others, value, more):
        here = np.array(others)
        assert 0 <= percentile(value, here) <= percentile(value + more, here) <= 100

    def test_refusals(self):
        values, agreed, groups = world([4])
        with pytest.raises(Unfit, match="answer on consent"):
            benchmark(values, {}, groups)
        with pytest.raises(Unfit, match="nan of"):
            benchmark({**values, "o00": float("nan")}, agreed, groups)
        with pytest.raises(Unfit, match="called all"):
            benchmark(values, agreed, dict.fromkeys(values, "all"))
