"""Effects drawn together by hand, and the derivative of every aggregate by everything it rests on, by small steps."""

from dataclasses import replace

import numpy as np
import pytest

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import KINDS, aggregate
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import Cell, GroupTime

# (cohort, year): (effect, participants' level); 30 companies began in 2011 and 10 in 2012, of 100
KNOWN = {
    (2011, 2010): (-0.5, 10.0),
    (2011, 2011): (2.0, 12.0),
    (2011, 2012): (4.0, 14.0),
    (2012, 2010): (0.7, 20.0),
    (2012, 2011): (0.1, 21.0),
    (2012, 2012): (8.0, 28.0),
}
SIZES = {2011: 30.0, 2012: 10.0}


def known(covariance=None):
    cells = tuple(
        Cell(g, t, t - 1, att, 0.0, 0.0, 0.0, SIZES[g], 60.0, level) for (g, t), (att, level) in KNOWN.items()
    )
    size = 2 * len(cells) + len(SIZES)
    covariance = np.eye(size) if covariance is None else covariance
    return GroupTime(
        outcome="y",
        design=Design(draws=1000),
        cells=cells,
        skipped=(),
        cohorts=tuple(SIZES),
        sizes=tuple(SIZES.values()),
        n_companies=100.0,
        n_clusters=100.0,
        n_dropped=0,
        clusters=(),
        covariance=covariance,
        own=covariance,
        scores=np.zeros((0, size)),
    )


def said(one):
    return one.key, pytest.approx(one.estimate), pytest.approx(one.level), one.n_treated


def test_every_aggregate_by_hand():
    """The cohorts weigh 3 to 1 wherever both are seen."""
    simple, dynamic, group, calendar = (aggregate(known(), kind) for kind in KINDS)
    assert simple.parts == () and said(simple.overall) == (
        None,
        (3 * 2 + 3 * 4 + 8) / 7,
        (3 * 12 + 3 * 14 + 28) / 7,
        40,
    )
    assert [said(one) for one in dynamic.parts] == [
        (-2, 0.7, 20.0, 10),
        (-1, (3 * -0.5 + 0.1) / 4, (3 * 10 + 21) / 4, 40),
        (0, (3 * 2 + 8) / 4, (3 * 12 + 28) / 4, 40),
        (1, 4.0, 14.0, 30),
    ]
    assert said(dynamic.overall) == (None, (3.5 + 4) / 2, (16 + 14) / 2, 40)
    assert [said(one) for one in group.parts] == [(2011, 3.0, 13.0, 30), (2012, 8.0, 28.0, 10)]
    assert said(group.overall) == (None, (3 * 3 + 8) / 4, (3 * 13 + 28) / 4, 40)
    assert [said(one) for one in calendar.parts] == [
        (2011, 2.0, 12.0, 30),
        (2012, (3 * 4 + 8) / 4, (3 * 14 + 28) / 4, 40),
    ]
    assert said(calendar.overall) == (None, (2 + 5) / 2, (12 + 17.5) / 2, 40)


def test_a_span_holds_the_years_since_participation_and_must_reach_them():
    whole, some = aggregate(known(), "dynamic"), aggregate(known(), "dynamic", (-1, 0))
    assert [one.key for one in some.parts] == [-1, 0]
    assert some.part(0).estimate == whole.part(0).estimate == some.overall.estimate
    assert [one.key for one in aggregate(known(), "dynamic", (-9, 9)).parts] == [-2, -1, 0, 1]
    with pytest.raises(KeyError, match=r"^1$"):
        some.part(1)
    with pytest.raises(Unfit, match=r"^no event time after participation · span · let the span reach 0 or later$"):
        aggregate(known(), "dynamic", (-2, -1))
    found = known()
    with pytest.raises(Unfit, match="no year after participation"):
        aggregate(replace(found, cells=tuple(one for one in found.cells if one.event < 0)), "simple")


def moved(found, theta):
    """The same effects with other effects, levels and shares."""
    k = len(found.cells)
    cells = tuple(replace(one, estimate=theta[n], level=theta[k + n]) for n, one in enumerate(found.cells))
    return replace(found, cells=cells, sizes=tuple(theta[2 * k :] * found.n_companies))


@pytest.mark.parametrize("kind", KINDS)
def test_the_derivatives_are_those_of_small_steps_and_errors_are_theirs(kind):
    """Also by the cohorts' shares, whose uncertainty goes together with the effects' where errors are clustered."""
    root = np.random.default_rng(3).normal(size=(14, 14))
    found = known(root @ root.T)
    theta = np.concatenate([found.estimate, [one.level for one in found.cells], found.shares])

    def numbers(one):
        drawn = aggregate(moved(found, one), kind)
        return np.array([(part.estimate, part.level) for part in (drawn.overall, *drawn.parts)])

    steps = 1e-6 * np.eye(len(theta))
    slopes = np.array([(numbers(theta + one) - numbers(theta - one)) / 2e-6 for one in steps])  # (P, parts, 2)
    drawn = aggregate(found, kind)
    assert np.allclose(slopes[:, 0, 0], drawn.overall_gradient, atol=1e-7)
    assert np.allclose(slopes[:, 0, 1], drawn.overall_level_gradient, atol=1e-7)
    assert np.allclose(slopes[:, 1:, 0].T, drawn.gradient, atol=1e-7)
    assert np.allclose(slopes[:, 1:, 1].T, drawn.level_gradient, atol=1e-7)
    assert np.allclose(slopes[:, 1:, 0].T @ found.covariance @ slopes[:, 1:, 0], drawn.covariance, atol=1e-4)
    for slope, part in zip(slopes[:, :, 0].T, (drawn.overall, *drawn.parts), strict=True):
        assert part.stderr == pytest.approx(np.sqrt(slope @ found.covariance @ slope), rel=1e-5)


def test_parts_share_one_band_and_the_overall_number_has_its_own_interval():
    drawn = aggregate(known(), "dynamic")
    for one in drawn.parts:
        assert one.band_high - one.estimate == pytest.approx(drawn.critical * one.stderr)
        assert one.high - one.estimate == pytest.approx(1.95996 * one.stderr, rel=1e-5)
    assert drawn.overall.band_high == drawn.overall.high and drawn.critical > 2.3
