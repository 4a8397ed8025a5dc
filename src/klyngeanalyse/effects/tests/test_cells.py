"""Cells by hand: numbers of combinations, years of presence as bits, moments of what is joined, columns made from codes."""

import numpy as np
import pytest

from klyngeanalyse.effects.cells import (
    CLOSE,
    against_first,
    distinct,
    indicators,
    joined,
    moments,
    numbered,
    patterns,
    remaining,
    unpacked,
)

WORDS = np.array(["b", "a", "c", "a"])


@pytest.mark.parametrize(
    ("key", "values", "place"),
    [
        (np.array([7, 5, 9, 5]), [5, 7, 9], [1, 0, 2, 0]),
        (np.array([-3, -3]), [-3], [0, 0]),
        (np.array([4, 4 + CLOSE, 4]), [4, 4 + CLOSE], [0, 1, 0]),
        (np.array([4, 3 + CLOSE, 4]), [4, 3 + CLOSE], [0, 1, 0]),
        (np.array([0.5, -0.5, 0.5]), [-0.5, 0.5], [1, 0, 1]),
        (WORDS, ["a", "b", "c"], [1, 0, 2, 0]),
        (np.zeros(0, dtype=np.int64), [], []),
    ],
)
def test_values_stand_in_order_and_places_are_whole_numbers(key, values, place):
    found, places = distinct(key)
    assert found.tolist() == values and places.tolist() == place and places.dtype == np.int64


def test_each_combination_has_one_number_and_an_example_of_it():
    one, two = np.array([2012, 0, 2012, 0, 2012]), np.array([5, 5, 8, 5, 5])
    for keys in ((one, two), (one, two, np.broadcast_to(np.int64(-1), 5)), (two * 0, one, two)):
        number, example = numbered(*keys)
        assert number[0] == number[4] != number[2] and number[1] == number[3] and len(set(number.tolist())) == 3
        assert example[number].tolist() == [0, 1, 2, 1, 0]  # the first row that has it
    number, example = numbered(WORDS, np.array(["x", "x", "x", "y"]))
    assert len(example) == 4 and sorted(number.tolist()) == [0, 1, 2, 3]
    number, example = numbered(np.array([3, 3, 3]))
    assert number.tolist() == [0, 0, 0] and example.tolist() == [0]
    assert [len(made) for made in numbered(np.zeros(0, dtype=np.int64))] == [0, 0]


def test_years_of_presence_are_bits_from_the_first_year_and_come_back():
    present = np.array([[True, False, True, True], [False, False, False, True], [False] * 4])
    assert patterns(present).tolist() == [1 + 4 + 8, 8, 0]
    assert np.array_equal(unpacked(patterns(present), 4), present)


@pytest.mark.parametrize("size", [3, 100])
def test_moments_of_cells_are_those_of_their_rows(monkeypatch, size):
    monkeypatch.setattr("klyngeanalyse.effects.cells.SLICE", size)
    chance = np.random.default_rng(4)
    values, number = chance.normal(1e4, 3.0, (50, 2)), chance.integers(0, 3, 50)
    number[number == 1] = 2  # one cell is empty
    n, mean, scatter = moments(values, number, 3)
    for cell in (0, 2):
        mine = values[number == cell]
        assert n[cell] == len(mine) and mean[cell] == pytest.approx(mine.mean(axis=0), rel=1e-14)
        assert scatter[cell] == pytest.approx(np.cov(mine.T, bias=True) * len(mine), rel=1e-9)
    assert n[1] == 0 and not mean[1].any() and not scatter[1].any()


@pytest.mark.parametrize("level", [0.0, 20.0, 1e4, 1e8])
@pytest.mark.parametrize("size", [7, 100])
@pytest.mark.parametrize("away", [0.0, 1e7])
def test_what_remains_without_some_keeps_its_digits_at_any_level(monkeypatch, level, size, away):
    """From sums as they stand, of rows less their middle where digits cancel, and of the rows themselves where the others lie far away."""
    monkeypatch.setattr("klyngeanalyse.effects.cells.SLICE", size)
    chance = np.random.default_rng(6)
    values = level + chance.integers(-64, 64, (50, 3)) / 16
    values[:, 2] = level  # a column that does not move
    others = np.sort(chance.choice(50, 20, replace=False))
    mine = np.delete(values, others, axis=0)
    values[others] += away
    n, mean, scatter = remaining(values, others)
    around = mine - mine.mean(axis=0)
    assert n == 30 and mean == pytest.approx(mine.mean(axis=0), rel=1e-14)
    digits = 1e-12 if level < 1e5 else 1e-8
    assert np.abs(scatter - around.T @ around).max() < digits * np.square(around).sum()


def test_two_parts_by_hand():
    """1 and 3 joined with 8: mean 4, squares from it 9 + 1 + 16."""
    n, mean, scatter = np.zeros(2), np.zeros((2, 1)), np.zeros((2, 1, 1))
    joined(n, mean, scatter, 1, (2.0, np.array([2.0]), np.array([[2.0]])))
    joined(n, mean, scatter, 1, (1.0, np.array([8.0]), np.array([[0.0]])))
    assert n.tolist() == [0, 3] and mean.ravel() == pytest.approx([0, 4]) and scatter.ravel() == pytest.approx([0, 26])


def test_each_year_is_told_less_the_first_and_the_first_stands_last():
    assert against_first(np.array([[2.0, 5.0, 1.0], [0.0, 1.0, 1.0]])).tolist() == [[0, 3, -1, 2], [0, 1, 1, 0]]


def test_every_code_but_the_first_is_a_column_and_no_code_is_one_too():
    region = np.array(["84", None, "81", "81", "84"], dtype=object)
    size = np.array([2.0, np.nan, 10.0, 2.5, 2.0])
    columns, terms = indicators(("region", "size"), (region, size))
    assert terms == ("region=81", "region=84", "size=10", "size=2", "size=2.5")  # no code is the first
    assert columns.tolist() == [[0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 0, 1], [0, 1, 0, 1, 0]]
    same, named = indicators(("size",), (np.array([2, 10]),))
    assert named == ("size=2",) and same.tolist() == [[1.0], [0.0]]
    assert indicators(("region",), (region[2:4],))[0].shape == (2, 0)
    assert indicators((), ()) == (pytest.approx(np.zeros((0, 0))), ())
