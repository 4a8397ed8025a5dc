"""Trends with honest ranges: by hand, by simulation, and on figures that were published."""

from __future__ import annotations

import random
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.results.targets.rules import FEWEST, Forecast, forecast, proof

SERIES = {2009: 100.0, 2010: 110.0, 2011: 118.0, 2012: 135.0}


def test_worked_by_hand():
    """Three steps of logarithms 0.09531, 0.07020, 0.13459: mean 0.10003, s2 = 0.0010531 over two degrees; t(0.9; 2) = 1.8856."""
    found = forecast(SERIES, 2014, goal=160)
    steps = [log(110 / 100), log(118 / 110), log(135 / 118)]
    drift = sum(steps) / 3
    spread = sum((one - drift) ** 2 for one in steps) / 2
    error = sqrt(spread * (2 + 4 / 3))
    assert found.middle == pytest.approx(135 * exp(2 * drift))
    assert found.high / found.middle == pytest.approx(exp(1.885618 * error), rel=1e-6)
    assert found.low * found.high == pytest.approx(found.middle**2)
    assert (found.middle, found.low, found.high) == pytest.approx((164.90, 147.47, 184.39), abs=0.01)
    assert 0.5 < found.reaches < 0.8  # the middle lies a little above the mark


def test_three_years_or_a_year_that_is_known_give_no_forecast():
    assert forecast({2010: 1.0, 2011: 2.0, 2012: 3.0}, 2015) is None
    assert forecast(SERIES, 2012) is None and forecast(SERIES, 2011) is None and forecast({}, 2020) is None


def test_a_gap_of_years_is_one_longer_step():
    with_gap = forecast({2009: 100.0, 2010: 110.0, 2012: 121.0, 2013: 133.1}, 2015)
    assert with_gap.middle == pytest.approx(133.1 * exp(2 * log(1.331) / 4))


def test_labels_that_never_moved_are_not_certain_never_to_move():
    found = forecast(dict.fromkeys(range(2008, 2017), 0.0), 2020, goal=10)
    assert (found.middle, found.low) == (0, 0) and found.high > 0 and 0 < found.reaches < 0.01


@given(
    st.lists(st.integers(0, 20_000), min_size=FEWEST, max_size=12),
    st.integers(1, 8),
    st.floats(0.5, 0.95),
    st.floats(0.5, 0.95),
)
def test_the_range_holds_the_middle_widens_with_years_and_level_and_never_falls_below_nothing(
    values, ahead, one, other
):
    series = {2000 + n: float(value) for n, value in enumerate(values)}
    last = 2000 + len(values) - 1
    near, far = (forecast(series, last + h, level=one) for h in (ahead, ahead + 1))
    assert 0 <= near.low <= near.middle <= near.high
    wide, narrow = sorted(
        (forecast(series, last + ahead, level=level) for level in (one, other)), key=lambda f: -f.level
    )
    assert wide.low <= narrow.low + 1e-9 and wide.high >= narrow.high * (1 - 1e-9)
    if min(values) >= 50:
        assert far.high / far.middle >= near.high / near.middle
    else:
        assert far.high - far.middle >= near.high - near.middle - 1e-9 or near.middle == 0 or far.middle == 0


@given(st.lists(st.integers(0, 20_000), min_size=FEWEST, max_size=10), st.integers(1, 30_000), st.integers(1, 30_000))
def test_a_higher_goal_is_never_likelier(values, goal, more):
    series = {2000 + n: float(value) for n, value in enumerate(values)}
    year = 2000 + len(values) + 3
    likely, less = (forecast(series, year, goal=float(mark)).reaches for mark in (goal, goal + more))
    assert 0 <= less <= likely <= 1


def test_the_range_holds_as_often_as_it_says_where_the_method_is_right():
    """2,000 walks with drift known to us: 80 of 100 later years fall inside, from as few as six years."""
    chance, inside, draws = random.Random(2012), 0, 2000
    for _ in range(draws):
        value, walk = log(5000), []
        for _ in range(10):
            walk.append(value)
            value += chance.gauss(0.08, 0.05)
        found = forecast({2006 + n: exp(one) for n, one in enumerate(walk[:6])}, 2015)
        inside += found.low <= exp(walk[9]) <= found.high
    assert inside / draws == pytest.approx(0.8, abs=0.03)


def test_a_range_that_is_too_narrow_would_be_noticed():
    """The same walks against half the range: far too few inside, so the test above can fail."""
    chance, inside = random.Random(2012), 0
    for _ in range(500):
        value, walk = log(5000), []
        for _ in range(10):
            walk.append(value)
            value += chance.gauss(0.08, 0.05)
        found = forecast({2006 + n: exp(one) for n, one in enumerate(walk[:6])}, 2015)
        low, high = sqrt(found.low * found.middle), sqrt(found.high * found.middle)
        inside += low <= exp(walk[9]) <= high
    assert inside / 500 < 0.65


def test_proof_counts_every_later_year_of_every_origin():
    assert (proof(SERIES).inside, proof(SERIES).of) == (0, 0)
    longer = {**SERIES, 2013: 150.0, 2014: 900.0}
    assert (proof(longer).of, proof(longer).inside) == (
        3,
        1,
    )  # 2013 from 2012 fits; 2014 from 2012 and from 2013 does not
    assert proof(longer, ahead=1).of == 2 and proof(longer).coverage == pytest.approx(1 / 3)


def test_a_range_that_missed_its_own_past_is_made_wider():
    """Growth that levels off: walks with drift see too much growth ahead; ten tests tell, and the range says so."""
    flattening = {2008 + n: round(9000 / (1 + exp(1.2 - 0.55 * n))) for n in range(8)}
    told = proof(flattening)
    assert told.of == 10 and told.inside < 8 and told.widening > 1
    wide, narrow = forecast(flattening, 2018, widening=told.widening), forecast(flattening, 2018)
    assert wide.middle == narrow.middle and wide.low < narrow.low and wide.high > narrow.high
    truth = 9000 / (1 + exp(1.2 - 0.55 * 10))
    assert not narrow.low <= truth <= narrow.high and wide.low <= truth <= wide.high


def test_where_the_past_was_held_or_too_few_years_tell_nothing_is_widened():
    assert proof({**SERIES, 2013: 150.0, 2014: 900.0}).widening == 1  # three tests
    steady = {2006 + n: 100.0 * 1.1**n + (n % 2) for n in range(9)}
    assert proof(steady).of == 15 and proof(steady).widening == 1


def test_a_company_count_that_fell_to_nothing_is_missed_by_any_range():
    assert forecast(SERIES, 2014).missed(0.0) == float("inf")
    assert forecast(SERIES, 2014).missed(forecast(SERIES, 2014).high) == pytest.approx(1)


def test_the_published_figures_fall_inside():
    """Units of knowledge institutions in innovation projects 2006-2010 (Performanceregnskab 2011, table 3.1) and knowledge institutions
    a network 2006-2010, 2014, 2015 (the same; ufm.dk): each known year from those before it."""
    units = {2006: 119.0, 2007: 105.0, 2008: 139.0, 2009: 109.0, 2010: 132.0}
    a_network = {2006: 7.0, 2007: 13.0, 2008: 11.0, 2009: 14.0, 2010: 16.0, 2014: 24.0, 2015: 23.0}
    assert (proof(units).inside, proof(units).of) == (1, 1)
    assert (proof(a_network).inside, proof(a_network).of) == (6, 6)


def test_a_forecast_is_what_it_shows():
    found = forecast(SERIES, 2014)
    assert isinstance(found, Forecast) and found.reaches is None and (found.points, found.year) == (4, 2014)
