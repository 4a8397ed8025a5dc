"""Bounds on a drift by hand: the union of the changes before, the line that goes on, and where a finding falls."""

import math

import numpy as np
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.sensitivity import sensitivity
from klyngeanalyse.effects.tests.test_beside import made

Z = 1.959964


def test_the_union_by_hand():
    """From -3 to -2 -0.2 with variance 0.05, from -2 to the base year -0.1 with variance 0.01; the effect is 1 with variance 0.09.

    With M = 2 the first may add 0.4 and its variance counts four times; the second 0.2.
    """
    drawn = made([0.3, 0.1, 1.0], np.diag([0.04, 0.01, 0.09]).tolist(), keys=(-3, -2, 0))
    none, twice = sensitivity(drawn, "relative", [2.0, 0.0], way="union").bounds
    assert (none.m, none.low, none.high) == pytest.approx((0.0, 1 - Z * 0.3, 1 + Z * 0.3), rel=1e-5)
    assert (twice.m, twice.high - 1) == pytest.approx((2.0, 0.4 + Z * math.sqrt(0.09 + 4 * 0.05)), rel=1e-5)
    assert 1 - twice.low == pytest.approx(twice.high - 1)
    narrow = sensitivity(drawn, "relative", [2.0], level=0.5, way="union").bounds[0]
    assert narrow.high - 1 == pytest.approx(0.4 + 0.67449 * math.sqrt(0.29), rel=1e-5)


def test_a_change_goes_on_in_every_year_after():
    """The mean over three years is off by the change times 1, 2 and 3; the third year alone by three changes."""
    drawn = made([0.1, 1.0, 2.0, 6.0], (1e-14 * np.eye(4)).tolist(), keys=(-2, 0, 1, 2))
    mean = sensitivity(drawn, "relative", [1.0], way="union").bounds[0]
    assert (mean.low, mean.high) == pytest.approx((3 - 0.2, 3 + 0.2), abs=1e-5)
    third = sensitivity(drawn, "relative", [1.0], weights=np.array([0, 0, 1]), way="union").bounds[0]
    assert (third.low, third.high) == pytest.approx((6 - 0.3, 6 + 0.3), abs=1e-5)
    gained = sensitivity(drawn, "relative", [1.0], weights=np.array([-1, 0, 1]), way="union").bounds[0]
    assert (gained.low, gained.high) == pytest.approx((5 - 0.2, 5 + 0.2), abs=1e-5)


@pytest.mark.parametrize("shared", [0.0, 0.01])
def test_with_one_year_before_the_line_through_it_goes_on(shared):
    """-2 lies at 0.3, so without an effect year 0 would lie at -0.3: the effect is 1.3, and M bends it by M."""
    drawn = made([0.3, 1.0], [[0.04, shared], [shared, 0.09]], keys=(-2, 0))
    error = math.sqrt(0.04 + 0.09 + 2 * shared)
    line, bent = sensitivity(drawn, "smooth", [0.0, 5.0]).bounds
    assert (line.low, line.high) == pytest.approx((1.3 - Z * error, 1.3 + Z * error), rel=1e-5)
    assert (bent.low, bent.high) == pytest.approx((1.3 - 5 - 1.644854 * error, 1.3 + 5 + 1.644854 * error), rel=1e-5)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e7])
def test_a_finding_falls_at_the_same_bend_whatever_m_was_asked(unit):
    """1.3 with the error sqrt(0.02) falls where the bend and the one-sided quantile of the error reach it."""
    drawn = made([0.3 * unit, 1.0 * unit], (0.01 * unit**2 * np.eye(2)).tolist(), keys=(-2, 0))
    for m in ([0.0], [0.0, 0.5 * unit], [2.0 * unit]):
        found = sensitivity(drawn, "smooth", m).breakdown
        assert found == pytest.approx((1.3 - 1.644854 * math.sqrt(0.02)) * unit, rel=2.1e-3)


@pytest.mark.parametrize("change", [0.001, 0.1, 20.0])
def test_where_a_finding_falls_is_right_to_a_fifth_of_a_per_cent(change):
    """An effect of 1 measured without error falls where M changes reach it; 20 times that where one is as large."""
    drawn = made([change, 1.0], (1e-16 * np.eye(2)).tolist(), keys=(-2, 0))
    for m in ([0.0], [0.0, 3.0 / change], [0.5 / change]):
        assert sensitivity(drawn, "relative", m, way="union").breakdown == pytest.approx(1 / change, rel=2.1e-3)
    tiny = made([1e-9 * change, 1e-9], (1e-34 * np.eye(2)).tolist(), keys=(-2, 0))  # in whatever unit
    assert sensitivity(tiny, "relative", [0.0], way="union").breakdown == pytest.approx(1 / change, rel=2.1e-3)
    below = made([change, -1.0], (1e-16 * np.eye(2)).tolist(), keys=(-2, 0))
    assert sensitivity(below, "relative", [1.0], way="union").breakdown == pytest.approx(1 / change, rel=2.1e-3)
    still = made([0.0, 1.0], (1e-16 * np.eye(2)).tolist(), keys=(-2, 0))
    assert sensitivity(still, "relative", [1.0], way="union").breakdown > 1e3


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ((-3, -2, -1, 0), "event times with gaps, or without one base year"),
        ((-4, -2, 0), "event times with gaps, or without one base year"),
        ((0, 2), "too few years"),
        ((-4, -2), "too few years"),
    ],
)
def test_years_that_carry_no_bound_are_refused(keys, words):
    n = len(keys)
    with pytest.raises(Unfit, match=f"^{words} · sensitivity"):
        sensitivity(made(np.ones(n), np.eye(n).tolist(), keys=keys))


def test_a_year_in_which_nothing_moves_is_named():
    still = np.diag([1.0, 0.0, 1.0, 1.0]).tolist()
    with pytest.raises(
        Unfit, match=r"^no spread 3 years before participation · sensitivity · nobody's outcome differs"
    ):
        sensitivity(made(np.ones(4), still, keys=(-4, -3, -2, 0)))


def test_what_is_asked_wrongly_is_said():
    drawn = made([0.3, 1.0], np.eye(2).tolist(), keys=(-2, 0))
    for words, call in (
        (r"way 'fixed' with relative · sensitivity · one of least hybrid, conditional, union$", lambda: sensitivity(drawn, way="fixed")),
        (r"restriction 'rough' · 'relative' or 'smooth'$", lambda: sensitivity(drawn, "rough")),
        (r"M below 0 or none · sensitivity", lambda: sensitivity(drawn, m=[])),
        (r"2 weights for 1 years after · sensitivity · give one weight a year$", lambda: sensitivity(drawn, weights=np.ones(2))),
    ):  # fmt: skip
        with pytest.raises(Unfit, match=f"^{words}"):
            call()
