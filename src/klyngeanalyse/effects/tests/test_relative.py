"""Effects as shares by hand: of what would have been, of a logarithm, of a share."""

import math
from dataclasses import replace

import numpy as np
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import aggregate
from klyngeanalyse.effects.relative import FORMS, relative
from klyngeanalyse.effects.tests.test_aggregates import known, moved

KIND = "dynamic"


def drawn(form, covariance=None, level=0.95):
    found = known(0.01 * np.eye(14) if covariance is None else covariance)
    found = replace(found, design=replace(found.design, level=level))
    effects = aggregate(found, KIND)
    return effects, relative(found, effects, form)


def test_per_cents_of_what_would_have_been():
    """0: 3.5 of 16 is 3.5 on 12.5; 1: 4 of 14 is 4 on 10; before: 0.7 on 19.3 and -0.35 on 13.1; overall: 3.75 of 15."""
    _, said = drawn("per_cent")
    assert said.form == "per_cent" and said.outcome == "y" and said.overall.key is None
    assert {one.key: (pytest.approx(one.estimate), pytest.approx(one.without)) for one in said.parts} == {
        -2: (100 * 0.7 / 19.3, 19.3),
        -1: (100 * -0.35 / 13.1, 13.1),
        0: (28.0, 12.5),
        1: (40.0, 10.0),
    }
    assert (said.overall.estimate, said.overall.without) == pytest.approx((100 * 3.75 / 11.25, 11.25))


def test_a_level_between_nothing_and_one_has_per_cents_too():
    found = known()
    effects = aggregate(found, "simple")
    small = replace(effects, overall=replace(effects.overall, level=effects.overall.estimate + 0.5))
    assert relative(found, small).overall.estimate == pytest.approx(100 * effects.overall.estimate / 0.5)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_per_cents_errors_are_those_of_small_steps(level):
    root = np.random.default_rng(5).normal(size=(14, 14))
    v = 1e-4 * root @ root.T
    _, said = drawn("per_cent", v, level)
    found = known(v)
    theta = np.concatenate([found.estimate, [one.level for one in found.cells], found.shares])

    def per_cents(one):
        made = aggregate(moved(found, one), KIND)
        return np.array([100 * part.estimate / (part.level - part.estimate) for part in (made.overall, *made.parts)])

    steps = 1e-6 * np.eye(len(theta))
    slopes = np.array([(per_cents(theta + one) - per_cents(theta - one)) / 2e-6 for one in steps])
    reach = {0.8: 1.28155, 0.95: 1.95996}[level]
    for slope, one in zip(slopes.T, (said.overall, *said.parts), strict=True):
        assert one.stderr == pytest.approx(math.sqrt(slope @ v @ slope), rel=1e-5)
        assert (one.low, one.high) == pytest.approx((one.estimate - reach * one.stderr, one.estimate + reach * one.stderr), rel=1e-4)  # fmt: skip


@pytest.mark.parametrize("form", ["log_points", "percentage_points"])
def test_points_are_a_hundred_times_the_effect_and_its_interval(form):
    effects, said = drawn(form)
    for one, effect in zip((said.overall, *said.parts), (effects.overall, *effects.parts), strict=True):
        assert (one.estimate, one.stderr, one.low, one.high) == pytest.approx(
            (100 * effect.estimate, 100 * effect.stderr, 100 * effect.low, 100 * effect.high)
        )


def test_the_per_cent_of_a_logarithm_is_of_the_level_and_its_interval_is_the_logarithms():
    effects, said = drawn("per_cent_of_log")
    one, effect = said.parts[1], effects.part(-1)
    assert one.estimate == pytest.approx(100 * (math.exp(-0.35) - 1))
    assert one.stderr == pytest.approx(100 * math.exp(-0.35) * effect.stderr)
    assert (one.low, one.high) == pytest.approx((100 * (math.exp(effect.low) - 1), 100 * (math.exp(effect.high) - 1)))


def test_a_per_cent_of_nothing_or_of_a_form_nobody_knows_is_refused():
    found = known()
    effects = aggregate(found, "simple")
    for level in (effects.overall.estimate, effects.overall.estimate - 1):  # what would have been: 0 and -1
        nothing = replace(effects, overall=replace(effects.overall, level=level))
        with pytest.raises(Unfit, match=r"^the level without participation is (0|-1) · outcome y · a per cent of nothing or less"):  # fmt: skip
            relative(found, nothing)
        assert relative(found, nothing, "log_points").overall.estimate == 100 * effects.overall.estimate
    with pytest.raises(Unfit, match=f"^form 'per mille' · one of {', '.join(FORMS)}$"):
        relative(found, effects, "per mille")
    assert relative(found, effects) == relative(found, effects, "per_cent")
