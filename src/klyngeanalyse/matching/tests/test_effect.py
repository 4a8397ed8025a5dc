"""The average effect on the treated and its errors, worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.matching.effect import Comparison, Effects, effects, footing

# A serves two of the three treated, B the third, and C nobody
THREE = Comparison(
    y=np.array([[5.0, 50.0], [7.0, 30.0], [9.0, 40.0]]),
    y0=np.array([[4.0, -10.0], [4.0, 20.0], [7.0, -10.0]]),
    k=np.array([2.0, 1.0, 0.0]),
    k2=np.array([2.0, 1.0, 0.0]),
    spread=np.array([[3.0, 30.0], [1.0, 10.0], [99.0, 99.0]]),
    own=np.array([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]),
)


def test_a_control_that_serves_two_by_hand() -> None:
    """Gaps 1, 3, 2 around 2; A carries 2² - 2 times its variance more, and B, who serves one, nothing more."""
    one = effects(["profit", "jobs"], THREE, 0.95).effects[0]
    assert one.outcome == "profit" and one.estimate == pytest.approx(2.0)
    assert one.stderr == pytest.approx(math.sqrt((1 + 1 + 0 + (4 - 2) * 3 + (1 - 1) * 1) / 9))
    assert one.stderr_sample == pytest.approx(math.sqrt((1 + 2 + 3 + 4 * 3 + 1 * 1) / 9))
    assert (one.mean_treated, one.mean_comparison) == (7.0, 5.0) and one.relative == pytest.approx(2 / 5)
    assert (one.n_treated, one.n_controls, one.footing) == (3, 2, "none")


def test_each_outcome_has_its_own_numbers() -> None:
    """Gaps 60, 10, 50 around 40, and a comparison of nothing, over which nothing can be relative."""
    two = effects(["profit", "jobs"], THREE, 0.95).effects[1]
    assert two.outcome == "jobs" and two.estimate == pytest.approx(40.0)
    assert two.stderr == pytest.approx(math.sqrt((400 + 900 + 100 + 2 * 30) / 9))
    assert two.stderr_sample == pytest.approx(math.sqrt((4 + 5 + 6 + 4 * 30 + 10) / 9))
    assert (two.mean_treated, two.mean_comparison) == (40.0, 0.0) and math.isnan(two.relative)


@pytest.mark.parametrize(("confidence", "z"), [(0.90, 1.644854), (0.95, 1.959964), (0.99, 2.575829)])
def test_the_interval_is_the_normal_tables(confidence: float, z: float) -> None:
    one = effects(["profit", "jobs"], THREE, confidence).effects[0]
    assert one.interval == pytest.approx((2 - z * math.sqrt(8) / 3, 2 + z * math.sqrt(8) / 3), abs=1e-5)


def test_rounding_never_makes_a_variance_negative() -> None:
    """k² and k2 are equal where each control serves one; a last digit that says otherwise takes nothing away."""
    seen = Comparison(
        np.ones((2, 1)), np.zeros((2, 1)), np.ones(2), np.full(2, 1 + 1e-15), np.full((2, 1), 1e9), np.zeros((2, 1))
    )
    assert effects(["y"], seen, 0.95).effects[0].stderr == 0.0


def test_of_nobody_nothing_is_said() -> None:
    none, nobody = np.zeros((0, 1)), np.zeros(0)
    assert effects(["y"], Comparison(none, none, nobody, nobody, none, none), 0.95) == Effects(())


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=20))
def test_each_with_a_control_of_its_own_it_is_the_paired_comparison(pairs: list[tuple[float, float]]) -> None:
    """The textbook's standard error of paired differences, but for n instead of n - 1 below it."""
    y, y0 = (np.array([[pair[nth]] for pair in pairs]) for nth in (0, 1))
    n, one = len(pairs), np.ones(len(pairs))
    found = effects(["y"], Comparison(y, y0, one, one, np.full((n, 1), 7.0), np.full((n, 1), 7.0)), 0.95).effects[0]
    assert found.estimate == pytest.approx((y - y0).mean(), abs=1e-9)
    assert found.stderr == pytest.approx((y - y0).std(ddof=1) / math.sqrt(n) * math.sqrt((n - 1) / n), abs=1e-9)
    assert found.stderr_sample == pytest.approx(math.sqrt(14 / n))


def test_a_hundred_carry_a_provisional_word_and_three_hundred_a_full_one() -> None:
    assert [footing(n) for n in (0, 99, 100, 299, 300)] == ["none", "none", "provisional", "provisional", "full"]
