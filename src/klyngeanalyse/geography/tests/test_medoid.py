"""Which of several equally central places is taken, and the bounds by which a place may be passed over."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.geography.distance import arcs, vectors
from klyngeanalyse.geography.medoid import FEW, OPPOSITE, _by_pivots, _sloped, medoid


def at(*places):
    return vectors(*(np.array(part, dtype=float) for part in zip(*places, strict=True)))


@pytest.mark.parametrize(
    ("places", "taken"),
    [
        ([(10, 0), (-10, 0)], (-10, 0)),  # the western one
        ([(10, 20), (10, -20)], (10, -20)),  # of one meridian the southern one
        ([(10, 5), (10, -5), (-10, 5), (-10, -5)], (-10, -5)),
        ([(10, -5), (-10, 5), (-10, -5), (10, 5)], (-10, -5)),
        ([(-10, 0), (0, 0), (10, 0)], (0, 0)),  # no tie: the middle one
    ],
)
def test_of_equally_central_places_the_western_then_the_southern(places, taken):
    nth, mean = medoid(at(*places), np.ones(len(places)))
    assert places[nth] == taken
    assert mean == pytest.approx(arcs(at(taken), at(*places)).mean(), rel=1e-12)


@pytest.mark.parametrize("begin", [0, 7, 20])
def test_the_same_of_more_than_are_measured_whole(begin):
    """A ring of forty on the equator: each is as central as any other, a quarter of the way round on average."""
    places = [((-171 + 9 * (begin + nth)) % 360 - 180, 0) for nth in range(40)]
    assert len(places) > FEW
    nth, mean = medoid(at(*places), np.ones(40))
    assert places[nth][0] == min(lon for lon, _ in places)
    assert mean == pytest.approx(np.pi / 2, rel=1e-9)


def test_two_towns_with_as_many_members():
    """Twenty companies each in two towns, mirrored east and west: the western town's middle is taken."""
    near = [(0.01 * nth, 55) for nth in range(20)]
    places = [(10 + lon, lat) for lon, lat in near] + [(-10 - lon, lat) for lon, lat in near]
    nth, _ = medoid(at(*places), np.ones(40))
    energy = arcs(at(*places), at(*places)).mean(1)
    ties = [places[k] for k in np.flatnonzero(energy <= energy.min() * (1 + 1e-9))]
    assert places[nth] == min(ties) and places[nth][0] < 0 and len(ties) == 2


def test_a_weight_draws_the_medoid():
    places, weights = [(0, 0), (10, 0), (20, 0), (30, 0)], np.array([9.0, 1.0, 1.0, 1.0])
    nth, mean = medoid(at(*places), weights)
    assert nth == 0 and mean == pytest.approx(np.radians(10 + 20 + 30) / 12)


GLOBE = st.tuples(st.integers(-180, 179), st.integers(-89, 89))


@settings(max_examples=60, deadline=None)
@given(st.lists(GLOBE, min_size=2, max_size=60, unique=True), st.integers(0, 999))
def test_a_plane_touches_the_mean_distance_at_its_own_point_and_lies_below_it_elsewhere(places, seed):
    """What convexity gives; with an antipode among the others there is no plane, and the mean distance stands all the same."""
    points = at(*places)
    share = np.random.default_rng(seed).random(len(places)) + 0.1
    share /= share.sum()
    energy = arcs(points, points) @ share
    mean, slope, height = _sloped(points, points, share)
    assert mean == pytest.approx(energy, rel=1e-9, abs=1e-9)
    plane = slope @ points + height[:, None]
    assert (plane <= energy[None] + 1e-7).all()
    near = np.linalg.norm(points[:, :, None] - points[:, None], axis=0).max(1) <= OPPOSITE - 1e-9
    assert plane[near, near.nonzero()[0]] == pytest.approx(energy[near], abs=1e-9)
    assert np.isneginf(height[~near]).all()
    along = (
        slope - (slope.T * points).sum(0)[:, None] * points.T
    )  # on the globe nothing is farther off by more than the step
    assert (np.linalg.norm(along[near], axis=1) <= 1 + 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(GLOBE, min_size=FEW + 1, max_size=120, unique=True), st.integers(0, 999))
def test_no_bound_of_a_group_is_above_what_it_bounds(places, seed):
    """Else the medoid itself could be passed over."""
    share = np.random.default_rng(seed).random(len(places)) + 0.1
    share /= share.sum()
    points = at(*sorted(places))
    assert (_by_pivots(points, share) <= arcs(points, points) @ share).all()


def test_with_an_antipode_for_everybody_all_pairs_still_decide():
    """Twenty-five places and the places opposite: the mean distance is a quarter turn everywhere, and nothing can be passed over."""
    chance = np.random.default_rng(4)
    half = at(*zip(chance.uniform(-80, 80, 25), chance.uniform(-60, 60, 25), strict=True))
    points = np.concatenate([half, -half], axis=1)
    weights = np.ones(50)
    weights[7] = 3.0  # and one of them counts three times, so it is the medoid
    nth, mean = medoid(points, weights)
    energy = arcs(points, points) @ weights / weights.sum()
    assert nth == 7 and mean == pytest.approx(energy.min(), rel=1e-9)
