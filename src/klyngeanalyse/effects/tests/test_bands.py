"""The critical value of a simultaneous band has known values: independent estimates, Dunnett's table, one estimate said several ways."""

import math

import numpy as np
import pytest

from klyngeanalyse.effects.bands import banded, critical, normal, two_sided

# two-sided, 95 %, infinite degrees of freedom, correlation 1/2 (Dunnett 1964, Biometrics 20)
DUNNETT = {2: 2.21, 3: 2.35, 4: 2.44, 5: 2.51}


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_independent_estimates_are_all_inside_with_the_product_of_their_chances(count, level):
    exact = normal(level ** (1 / count))
    assert critical(np.eye(count), level) == pytest.approx(exact, abs=0.03)


@pytest.mark.parametrize("count", DUNNETT)
def test_comparisons_with_one_control_have_the_values_of_dunnetts_table(count):
    covariance = 0.5 + 0.5 * np.eye(count)
    assert critical(covariance) == pytest.approx(DUNNETT[count], abs=0.03)


def test_the_unit_of_each_estimate_and_estimates_without_variance_do_not_matter():
    chance = np.random.default_rng(2)
    root = chance.normal(size=(4, 4))
    covariance = root @ root.T
    unit = np.array([1e-4, 3.0, 7e5, 0.2])
    value = critical(covariance)
    assert 1.96 < value < normal(0.95 ** (1 / 4))
    assert critical(covariance * np.outer(unit, unit)) == pytest.approx(value, abs=0.03)
    still = np.zeros((6, 6))
    still[np.ix_([0, 2, 3, 5], [0, 2, 3, 5])] = covariance
    still[1, 1] = -1e-18  # what rounding leaves of nothing
    assert critical(still) == value


@pytest.mark.parametrize("turned", [1.0, -1.0])
def test_one_estimate_said_several_times_needs_no_more_than_its_own_interval(turned):
    said = np.array([1.0, 2.0 * turned, 5.0])
    assert critical(np.outer(said, said)) == pytest.approx(normal(0.95), abs=0.03)
    assert critical(np.outer(said, said)) >= normal(0.95)
    assert critical(np.array([[4.0]]), 0.9) == normal(0.9)
    assert critical(np.zeros((3, 3))) == normal(0.95)


def test_chance_is_by_the_seed_alone_and_more_draws_come_nearer():
    covariance = np.eye(3)
    assert critical(covariance) == critical(covariance) == critical(covariance, 0.95, 20_000, 1)
    assert critical(covariance, seed=2) != critical(covariance)
    exact = normal(0.95 ** (1 / 3))
    few, many = (
        np.std([critical(covariance, draws=draws, seed=seed) - exact for seed in range(12)]) for draws in (200, 20_000)
    )
    assert many < few / 4


@pytest.mark.parametrize(
    ("z", "p"), [(0.0, 1.0), (0.6745, 0.5), (1.0, 0.3173), (1.9600, 0.05), (2.5758, 0.01), (3.2905, 0.001)]
)
def test_p_values_of_the_normal_table_whatever_the_sign_and_the_unit(z, p):
    for stderr in (1.0, 0.02, 300.0):
        assert two_sided(z * stderr, stderr) == two_sided(-z * stderr, stderr) == pytest.approx(p, rel=1e-3)


def test_an_interval_and_its_band_lie_evenly_around_the_estimate():
    said = banded(-3.0, 4.0, 0.9, 2.5)
    assert (said["estimate"], said["stderr"]) == (-3.0, 2.0)
    assert (said["low"], said["high"]) == pytest.approx((-3 - 1.6449 * 2, -3 + 1.6449 * 2), abs=1e-3)
    assert (said["band_low"], said["band_high"]) == (-8.0, 2.0)
    assert said["p"] == pytest.approx(0.1336, abs=1e-4)


def test_without_variance_there_is_an_estimate_and_no_p_value():
    for variance in (0.0, -1e-18):
        said = banded(0.7, variance, 0.95, 3.0)
        assert {said[one] for one in ("estimate", "low", "high", "band_low", "band_high")} == {0.7}
        assert said["stderr"] == 0 and math.isnan(said["p"])
