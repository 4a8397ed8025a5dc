"""The conditional test and its hybrids: against R's HonestDiD on Benzarti and Carloni, against a linear programme, and by simulation."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import norm

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.conditional import Fixed, _beyond, corners, kept, least_favourable, rejects
from klyngeanalyse.effects.sensitivity import _corners, _fixed, _Study, sensitivity
from klyngeanalyse.effects.tests.data import REFERENCE
from klyngeanalyse.effects.tests.test_beside import made

KEYS = (-5, -4, -3, -2, 0, 1, 2, 3)


@pytest.fixture(scope="module")
def published():
    with (REFERENCE / "honest_did_bc.json").open() as file:
        return json.load(file)


def test_the_sets_of_the_published_example(published):
    """R tests points of a grid and names the first and the last kept: our ends lie between those and their neighbours."""
    drawn = made(published["b"], published["v"], keys=KEYS)
    for one in published["sets"]:
        found = sensitivity(drawn, one["restriction"], [one["m"]], weights=np.array(one["l"]), way=one["way"]).bounds[0]
        # R simulates its least favourable value with 1,000 draws: 0.1 more or less of it moves these ends by 0.0003
        step = one["step"] + (0.0006 if one["way"] == "least hybrid" else 0.0)
        assert one["low"] - step < found.low <= one["low"] + 1e-6, one
        if one["high"] is not None:  # R's grid ended there
            assert one["high"] - 1e-6 <= found.high < one["high"] + step, one


def random_problem(seed, years_before=3, years_after=3):
    chance = np.random.default_rng(seed)
    n = years_before + years_after
    root = chance.normal(size=(n, n))
    keys = [*range(-years_before - 1, -1), *range(years_after)]
    study = _Study(made(chance.normal(size=n), root @ root.T / n, keys=keys), chance.normal(size=years_after))
    return study, float(chance.uniform(0, 2))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from(["relative", "smooth"]),
    st.integers(1, 4),
    st.integers(1, 4),
    st.floats(-3, 3),
)
def test_the_corners_are_those_of_the_linear_programme(seed, restriction, years_before, years_after, theta):
    study, m = random_problem(seed, years_before, years_after)
    wide = np.insert(np.eye(len(study.b)), years_before, 0.0, axis=0)
    steps = np.diff(wide, axis=0)
    changes = [sign * one for one in steps[:years_before] for sign in (1, -1)]
    for nth, at in enumerate(_corners(study, restriction, m)):
        if restriction == "relative":
            differences, largest, d = steps[years_before:], changes[nth], 0.0
        else:
            differences, largest, d = np.diff(steps, axis=0)[-years_after:], np.zeros(len(study.b)), m
        a = np.vstack([differences - m * largest, -differences - m * largest])
        sd = np.sqrt(np.einsum("rj,jk,rk->r", a, study.v, a))
        # smallest eta with a (b - path after) - d <= eta sd over every path with l'path = theta
        found = linprog(
            [1.0] + [0.0] * years_after,
            A_ub=np.column_stack([-sd, -a[:, ~study.before]]),
            b_ub=d - a @ study.b,
            A_eq=[[0.0, *study.l]],
            b_eq=[theta],
            bounds=[(None, None)] * (years_after + 1),
        )
        ours = float((at.rows @ study.b - at.constant - at.slope * theta).max())
        assert found.status == 0 and ours == pytest.approx(found.fun, abs=1e-6 * (1 + abs(found.fun)))


def test_the_chance_beyond_is_right_in_the_middle_and_far_out():
    z, low, high = (
        np.array([0.5, 1.0, 2.0, 40.0]),
        np.array([-np.inf, 0.5, 0.0, 39.0]),
        np.array([np.inf, 1.5, np.inf, 41.0]),
    )
    expected = [
        norm.sf(0.5),
        (norm.cdf(1.5) - norm.cdf(1.0)) / (norm.cdf(1.5) - norm.cdf(0.5)),
        norm.sf(2.0) / 0.5,
        np.exp(norm.logsf(40.0) - norm.logsf(39.0)),
    ]
    assert _beyond(z, low, high) == pytest.approx(expected, rel=1e-9)
    assert _beyond(np.array([1.0]), np.array([1.0]), np.array([1.0])) == [
        1.0
    ]  # nothing left to choose from: never rejected


def test_without_drift_the_relative_set_is_the_plain_interval(published):
    drawn = made(published["b"], published["v"], keys=KEYS)
    first = np.array([1.0, 0, 0, 0])
    plain = sensitivity(drawn, "relative", [0.0], weights=first, way="union").bounds[0]
    tested = sensitivity(drawn, "relative", [0.0], weights=first, way="conditional").bounds[0]
    assert (tested.low, tested.high) == pytest.approx((plain.low, plain.high), abs=1e-6)
    hybrid = sensitivity(drawn, "relative", [0.0], weights=first).bounds[0]
    assert (
        1 < (hybrid.high - hybrid.low) / (plain.high - plain.low) < 1.01
    )  # a tenth of the error is spent on the first stage


def test_the_hybrid_is_narrower_than_the_union_and_breaks_later(published):
    drawn = made(published["b"], published["v"], keys=KEYS)
    first = np.array([1.0, 0, 0, 0])
    union, hybrid = (
        sensitivity(drawn, "relative", [0.5, 1.0, 2.0], weights=first, way=way) for way in ("union", "least hybrid")
    )
    for wide, narrow in zip(union.bounds, hybrid.bounds, strict=True):
        assert wide.low < narrow.low < narrow.high < wide.high
    assert union.breakdown == pytest.approx(1.51, abs=0.01) and hybrid.breakdown == pytest.approx(1.615, abs=0.01)
    assert hybrid.way == "least hybrid" and sensitivity(drawn, "smooth", [0.1], weights=first).way == "fixed"


def share_kept(restriction, way, truth, m, theta, draws=4000):
    """How often the set holds theta when the drift is `truth`, in draws of the estimates."""
    keys = (-4, -3, -2, 0, 1)
    v = 0.01 * (0.5 * np.eye(5) + 0.5)
    study = _Study(made(np.zeros(5), v, keys=keys), None)
    first = 0.005
    size = 0.05 if way == "conditional" else (0.05 - first) / (1 - first)
    fixed = _fixed(study, m, 1 - first) if way == "fixed hybrid" else None
    at = [
        (one, least_favourable(one, v, first) if way == "least hybrid" else None)
        for one in _corners(study, restriction, m)
    ]
    chance = np.random.default_rng(5).multivariate_normal(truth, v, size=draws)
    asked = np.array([theta])
    return np.mean([any(not rejects(one, b, v, asked, size, ceiling, fixed)[0] for one, ceiling in at) for b in chance])


@pytest.mark.parametrize("way", ["conditional", "least hybrid", "fixed hybrid"])
@pytest.mark.parametrize("m", [0.0, 0.05, 0.5])
def test_at_the_end_of_what_is_possible_the_smooth_set_holds_the_truth_in_95_of_100(way, m):
    # delta bends up by m in every year from the base year on, as far as it may: years 0 and 1 are off by m and 3 m
    truth = np.array([0.0, 0.0, 0.0, m, 3 * m])
    share = share_kept("smooth", way, truth, m, theta=0.0)
    assert share > 0.943
    # exact where all bind (m = 0) or one does alone (m = 0.5); between, and after a first stage, a little is given away
    assert share < (0.957 if way == "conditional" and m != 0.05 else 0.975)
    assert share_kept("smooth", way, truth, m, theta=-0.6, draws=500) < 0.5  # and it is no set that keeps everything


@pytest.mark.parametrize("way", ["conditional", "least hybrid"])
@pytest.mark.parametrize("change", [0.0, 0.1, 0.6])
def test_at_the_end_of_what_is_possible_the_relative_set_holds_the_truth_in_95_of_100(way, change):
    # the largest change before, from -4 to -3, goes on in each year after: -4: -change, years 0 and 1: change and twice that
    truth = np.array([-change, 0.0, 0.0, change, 2 * change])
    share = share_kept("relative", way, truth, 1.0, theta=0.0, draws=2000)
    assert share > 0.94
    if change == 0.6:  # no other change comes near, so nothing is given away
        assert share < 0.965
    assert share_kept("relative", way, truth, 1.0, theta=-3.0, draws=300) < 0.5


def test_a_set_without_end_without_points_and_with_a_gap():
    assert kept(lambda theta: np.ones(len(theta), dtype=bool), -1, 1) is None
    assert kept(lambda theta: theta < 3, 2, 5) == (pytest.approx(3.0), np.inf)
    assert kept(lambda theta: theta > 3, -1, 1) == (-np.inf, pytest.approx(3.0))
    assert kept(lambda theta: np.zeros(len(theta), dtype=bool), -1, 1) == (-np.inf, np.inf)
    gap = kept(lambda theta: (abs(theta) > 50) | (abs(theta) < 0.2), -1, 1)
    assert gap == pytest.approx((-50, 50))


def test_the_fixed_interval_bounds_the_set_after_it():
    one = corners(np.eye(1), np.array([True]), np.ones(1), np.zeros(1), 1.0, np.eye(1))
    theta = np.array([-3.2, -0.5, 0.0, 3.2])
    assert rejects(one, np.zeros(1), np.eye(1), theta, 0.05).tolist() == [True, False, False, True]
    tight = rejects(one, np.zeros(1), np.eye(1), theta, 0.05, fixed=Fixed(np.ones(1), 0.25))
    assert tight.tolist() == [True, True, False, True]


def test_ways_that_do_not_fit_are_refused(published):
    drawn = made(published["b"], published["v"], keys=KEYS)
    for restriction, way in (
        ("relative", "fixed"),
        ("relative", "fixed hybrid"),
        ("smooth", "union"),
        ("smooth", "best"),
    ):
        with pytest.raises(Unfit, match="way"):
            sensitivity(drawn, restriction, way=way)


def by_moving(at, b, v, theta, fixed=None, ceiling=np.inf):
    """The chance beyond the largest corner given all that it does not say, its limits found by moving it until another is the largest.

    None where the largest is not above 0, where nothing is rejected.
    """
    row = (at.rows @ b - at.constant - at.slope * theta).argmax()
    variance = at.rows[row] @ v @ at.rows[row]
    found = float(at.rows[row] @ b - at.constant[row] - at.slope[row] * theta)
    if found <= 0:
        return None

    def stays(value):
        moved = b + v @ at.rows[row] / variance * (value - found)
        values = at.rows @ moved - at.constant - at.slope * theta
        inside = fixed is None or abs(fixed.a @ moved - theta) <= fixed.half + 1e-9
        return values[row] >= values.max() - 1e-12 and value <= ceiling and inside

    def end(sign):
        near, far = 0.0, 64.0
        if stays(found + sign * far):
            return sign * np.inf
        while far - near > 1e-12:
            middle = (near + far) / 2
            near, far = (middle, far) if stays(found + sign * middle) else (near, middle)
        return found + sign * near

    sd, low, high = np.sqrt(variance), end(-1), end(1)
    return float((norm.sf(found / sd) - norm.sf(high / sd)) / (norm.sf(low / sd) - norm.sf(high / sd)))


@pytest.mark.parametrize("restriction", ["relative", "smooth"])
@pytest.mark.parametrize("way", ["conditional", "least hybrid", "fixed hybrid"])
def test_a_theta_is_rejected_where_its_chance_given_the_rest_is_below_the_size(restriction, way):
    tried, pairs = 0, 0
    for seed in range(25):
        study, m = random_problem(seed, 2, 3)
        for at in _corners(study, restriction, 0.3 * m):
            ceiling = least_favourable(at, study.v, 0.02) if way == "least hybrid" else None
            for theta in (-0.4, 0.0, 0.3):
                fixed = Fixed(study.v[0] / study.v[0, 0], 2.0) if way == "fixed hybrid" else None
                values = at.rows @ study.b - at.constant - at.slope * theta
                if way != "conditional" and (values.max() > (ceiling or np.inf) or (fixed and abs(fixed.a @ study.b - theta) > 2)):  # fmt: skip
                    continue
                chance = by_moving(at, study.b, study.v, theta, fixed, ceiling or np.inf)
                if chance is None or not 1e-8 < chance < 0.999:
                    continue

                def asked(size, at=at, study=study, theta=theta, ceiling=ceiling, fixed=fixed):
                    return bool(rejects(at, study.b, study.v, np.array([theta]), size, ceiling, fixed)[0])

                assert asked(chance * 1.0001) and not asked(chance * 0.9999)
                tried, pairs = tried + 1, pairs + int(values.argmax() > 1)
    assert tried > 20 and pairs > (5 if restriction == "relative" else -1)


def test_a_set_as_narrow_as_a_four_hundredth_of_the_range_is_found():
    for middle in (0.0075, -0.6125):
        assert kept(lambda theta, at=middle: abs(theta - at) > 0.003, -1, 1) == pytest.approx((middle - 0.003, middle + 0.003))  # fmt: skip
