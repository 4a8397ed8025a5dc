"""The test before participation by hand, and its power against the published tables of the non-central chi-squared."""

from dataclasses import replace

import numpy as np
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import Estimate, aggregate
from klyngeanalyse.effects.bands import banded
from klyngeanalyse.effects.pretrend import detectable, detectable_slope, event_study, pretrend, waldtest
from klyngeanalyse.effects.tests.test_aggregates import known

# the non-centrality at which a test at 5 % finds with probability 0.8 (0.9), by degrees of freedom (Haynam et al. 1970)
NONCENTRAL = {1: (7.849, 10.507), 2: (9.635, 12.654), 3: (10.903, 14.171), 5: (12.828, 16.469)}


@pytest.mark.parametrize("freedom", NONCENTRAL)
def test_the_visible_slope_has_the_power_of_the_published_tables(freedom):
    """Errors of 2 and a ramp of ones: W = n slope^2 / 4, so slope = 2 sqrt(lambda / n)."""
    for power, noncentral in zip((0.8, 0.9), NONCENTRAL[freedom], strict=True):
        slope = detectable_slope(np.ones(freedom), 4 * np.eye(freedom), power, 0.05)
        assert slope == pytest.approx(2 * np.sqrt(noncentral / freedom), rel=1e-4)
    assert detectable_slope(np.ones(freedom), 4 * np.eye(freedom), 0.8, 0.01) > slope
    assert detectable_slope(np.zeros(freedom), np.eye(freedom), 0.8, 0.05) == float("inf")


def test_estimates_that_say_the_same_are_one():
    assert waldtest(np.array([1.0, 2.0]), np.diag([4.0, 1.0])) == pytest.approx((4.25, 2))
    said, v = np.array([1.0, 1.0, 2.0]), np.array([[4.0, 4.0, 0.0], [4.0, 4.0, 0.0], [0.0, 0.0, 1.0]])
    assert waldtest(said, v) == pytest.approx((0.25 + 4.0, 2))
    unit = np.array([1e-5, 1e-5, 1e6])  # in whatever unit
    assert waldtest(said * unit, v * np.outer(unit, unit)) == pytest.approx((4.25, 2))
    assert waldtest(np.array([0.0, 2.0]), np.diag([0.0, 4.0])) == pytest.approx((1.0, 1))


def test_the_test_by_hand():
    """Before: -0.5 (2010 of 2011), 0.7 and 0.1 (2010 and 2011 of 2012), each with error 2; all changes of one year."""
    found = known(4 * np.eye(14))
    said = pretrend(found)
    assert said.wald == pytest.approx((0.25 + 0.49 + 0.01) / 4) and said.freedom == 3
    assert said.p == pytest.approx(0.9796, abs=1e-4) and said.largest == 0.7
    assert said.slope_detectable == pytest.approx(2 * np.sqrt(10.903 / 3), rel=1e-4)
    assert said.bias_hidden == pytest.approx(said.slope_detectable) and said.power == 0.8
    strict = pretrend(found, power=0.9, alpha=0.05)
    assert strict.power == 0.9 and strict.slope_detectable == pytest.approx(2 * np.sqrt(14.171 / 3), rel=1e-4)


def test_a_trend_hides_in_as_many_years_as_lie_between_the_year_and_its_base():
    """2011's effects are against 2010, one and two years on; 2012's against 2011: on the mean (1 + 2 + 1) / 3 slopes."""
    found = known()
    cells = tuple(replace(one, base_year=one.cohort - 1) if one.event >= 0 else one for one in found.cells)
    said = pretrend(replace(found, cells=cells))
    assert said.bias_hidden == pytest.approx(4 / 3 * said.slope_detectable)
    alone = pretrend(replace(found, cells=tuple(one for one in found.cells if one.event < 0)))
    assert alone.bias_hidden == 0.0 and alone.wald == pytest.approx(pretrend(found).wald)


def test_years_in_which_an_effect_may_already_show_are_not_before():
    found = known()
    said = pretrend(replace(found, design=replace(found.design, anticipation=1)))
    assert (said.wald, said.freedom, said.largest) == (pytest.approx(0.49), 1, 0.7)
    with pytest.raises(Unfit, match=r"^no year before participation · pre-trend test · give two years"):
        pretrend(replace(found, design=replace(found.design, anticipation=2)))


def test_the_smallest_effect_that_is_found():
    """z of 1 - alpha / 2 and of the power: 1.9600 + 0.8416; 2.5758 + 1.2816."""
    one = Estimate(key=None, level=3.0, n_treated=9, **banded(1.0, 0.25, 0.95, 2.0))
    usual, strict = detectable(one), detectable(one, power=0.9, alpha=0.01)
    assert (usual.effect, strict.effect) == pytest.approx((0.5 * 2.8016, 0.5 * 3.8574), rel=1e-4)
    assert usual.relative == pytest.approx(usual.effect / 2)
    assert (usual.power, usual.alpha, usual.stderr, strict.power, strict.alpha) == (0.8, 0.05, 0.5, 0.9, 0.01)
    assert detectable(replace(one, level=-1.0)).relative == pytest.approx(usual.effect / 2)
    assert np.isnan(detectable(replace(one, level=1.0)).relative)


@pytest.mark.parametrize(("power", "alpha"), [(0.8, 0.0), (1.0, 0.05), (0.05, 0.05), (0.8, 1.0), (0.02, 0.05)])
def test_a_power_that_no_test_has_is_refused(power, alpha):
    one = Estimate(key=None, level=3.0, n_treated=9, **banded(1.0, 0.25, 0.95, 2.0))
    for call in (lambda: detectable(one, power, alpha), lambda: detectable_slope(np.ones(1), np.eye(1), power, alpha)):
        with pytest.raises(Unfit, match=f"^power {power}, alpha {alpha} · power · give 0 < alpha < power < 1$"):
            call()


def test_the_first_year_of_participation_is_after():
    before, after = event_study(aggregate(known(), "dynamic"))
    assert [one.key for one in before] == [-2, -1] and [one.key for one in after] == [0, 1]
