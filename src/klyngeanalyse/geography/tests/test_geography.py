"""Medoids and radii against all pairs counted plainly; distances against what is known; shares."""

import doctest
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.geography import distance
from klyngeanalyse.geography import spread as spread_module
from klyngeanalyse.geography.distance import EARTH_KM, arcs, kilometres, vectors
from klyngeanalyse.geography.medoid import FEW, medoid
from klyngeanalyse.geography.radius import curve, radii
from klyngeanalyse.geography.spread import spread
from klyngeanalyse.strengths.tests.shared import table


@pytest.mark.parametrize("module", [distance, spread_module])
def test_worked_examples(module):
    done = doctest.testmod(module, extraglobs={"np": np})
    assert done.attempted and not done.failed


def haversine(a, b):
    (x, y), (u, v) = [tuple(map(math.radians, one)) for one in (a, b)]
    h = math.sin((v - y) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((u - x) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


PLACES = st.tuples(st.floats(-180, 180), st.floats(-89, 89))
DANISH = st.tuples(st.floats(8, 12.7), st.floats(54.6, 57.7))


@given(PLACES, PLACES)
def test_distance_is_the_haversine(one, other):
    found = kilometres(*(np.array([part]) for part in (*one, *other)))[0, 0]
    assert found == pytest.approx(haversine(one, other), abs=1e-3, rel=1e-6)


def test_copenhagen_to_aarhus():
    found = kilometres(np.array([12.5683]), np.array([55.6761]), np.array([10.2039]), np.array([56.1629]))[0, 0]
    assert found == pytest.approx(157, abs=1)


def plain(places, weights=None, within=0.8):
    """Core, mean distance and radius from all pairs, in Python."""
    weights = weights or [1.0] * len(places)
    total = sum(weights)
    means = [sum(w * haversine(a, b) for b, w in zip(places, weights, strict=True)) / total for a in places]
    core = min(range(len(places)), key=lambda nth: means[nth])
    so_far = 0.0
    for away, w in sorted((haversine(places[core], b), w) for b, w in zip(places, weights, strict=True)):
        so_far += w
        if so_far >= within * total * (1 - 1e-12):
            return means[core], away, means


def rows(places, **more):
    return {
        "organisation": ["o"] * len(places),
        "company": list(range(len(places))),
        "lon": [one[0] for one in places],
        "lat": [one[1] for one in places],
        **more,
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(DANISH, PLACES), min_size=1, max_size=90), st.floats(0.1, 1))
def test_the_medoid_is_that_of_all_pairs(places, within):
    one = radii(rows(places), within=within)
    mean, _, means = plain(places, within=within)
    assert one.mean[0] == pytest.approx(mean, rel=1e-6, abs=1e-3)
    assert means[int(one.core[0])] == pytest.approx(mean, rel=1e-6, abs=1e-3)
    away = sorted(haversine(places[int(one.core[0])], other) for other in places)
    last = next(k for k in range(1, len(away) + 1) if k >= within * len(away) * (1 - 1e-12))
    assert one.radius[0] == pytest.approx(away[last - 1], rel=1e-6, abs=1e-3)
    assert one.farthest[0] == pytest.approx(away[-1], rel=1e-6, abs=1e-3)
    assert one.reached[0] == pytest.approx(sum(d <= 150 for d in away) / len(away), abs=1.01 / len(away))


@pytest.mark.parametrize("seed", range(12))
def test_many_members_in_towns_and_far_away(seed):
    """Sizes beyond what is measured whole: towns, lines, one place for many, the whole globe."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(FEW + 1, 700))
    towns = (
        np.column_stack([chance.uniform(-180, 180, 5), chance.uniform(-80, 80, 5)])
        if seed % 3 == 0
        else chance.uniform((8, 54), (12, 58), (5, 2))
    )
    places = towns[chance.integers(0, 5, count)] + chance.normal(0, (0.02, 0.5, 3.0)[seed % 3], (count, 2))
    places[:, 1] = np.clip(places[:, 1], -89, 89)
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    if seed % 4 == 0:
        places = places.round(1)
    weights = chance.integers(1, 9, count).astype(float)
    points = vectors(places[:, 0], places[:, 1])
    means = arcs(points, points) @ weights / weights.sum()
    at, mean = medoid(points, weights)
    assert mean == pytest.approx(means.min(), rel=1e-9) and means[at] == pytest.approx(means.min(), rel=1e-9)
    one = radii(rows(places.tolist(), employment=weights), weight="employment")
    assert one.mean[0] == pytest.approx(means.min() * EARTH_KM, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(8, 12), st.integers(54, 57)), min_size=2, max_size=80),
    st.randoms(use_true_random=False),
)
def test_order_of_rows_does_not_matter_even_with_ties(places, chance):
    order = list(range(len(places)))
    chance.shuffle(order)
    one = radii(rows(places))
    two = radii({key: [values[nth] for nth in order] for key, values in rows(places).items()})
    for name in ("core", "lon", "lat", "mean", "radius", "reached"):
        assert np.allclose(getattr(one, name), getattr(two, name), rtol=1e-12), name


@settings(max_examples=30, deadline=None)
@given(st.lists(DANISH, min_size=2, max_size=60), st.lists(st.integers(1, 4), min_size=60, max_size=60))
def test_a_weight_is_so_many_members(places, weights):
    weights = weights[: len(places)]
    many = [place for place, times in zip(places, weights, strict=True) for _ in range(times)]
    one, two = radii(rows(places, w=[float(w) for w in weights]), weight="w"), radii(rows(many))
    assert one.mean[0] == pytest.approx(two.mean[0], rel=1e-9, abs=1e-6)
    assert one.members[0] == two.members[0]


def test_the_radius_grows_with_the_share():
    places = np.random.default_rng(3).uniform((8, 54.6), (12.6, 57.7), (500, 2)).tolist()
    found = [float(radii(rows(places), within=share).radius[0]) for share in (0.2, 0.5, 0.8, 1.0)]
    assert found == sorted(found) and len(set(found)) == 4


def test_organisations_are_apart_and_the_first_company_is_named():
    data = {
        "organisation": ["b", "a", "b", "b"],
        "company": ["k9", "k1", "k2", "k3"],
        "lon": [10.0, 12.0, 10.0, 11.0],
        "lat": [56.0, 55.0, 56.0, 56.0],
    }
    one = radii(data, reach=100.0)
    assert one.organisations.tolist() == ["a", "b"] and one.core.tolist() == ["k1", "k2"]
    assert one.mean[0] == 0 and one.radius[0] == 0 and one.reached.tolist() == [1.0, 1.0]
    assert len(list(one.rows())) == 2 and one.chart()["projection"] == {"type": "mercator"}


def test_danish_postcodes():
    """All postcodes as one organisation: the core lies where all pairs say, on Funen or in the east of Jutland."""
    postcodes = table("dk_geo/dk_postnumre_centroids.csv", decimals=("lon", "lat"))
    lon, lat = (postcodes[name].to_numpy() for name in ("lon", "lat"))
    one = radii({"organisation": ["dk"] * len(lon), "company": postcodes["postnr"], "lon": lon, "lat": lat})
    means = kilometres(lon, lat, lon, lat).mean(1)
    assert one.mean[0] == pytest.approx(means.min(), rel=1e-9)
    assert one.lon[0] == lon[np.argmin(means)] and one.lat[0] == lat[np.argmin(means)]
    assert 100 < one.radius[0] < 250


def test_the_curve_keeps_neighbours():
    lon, lat = np.array([10.0, 10.0001, -170.0]), np.array([56.0, 56.0001, -80.0])
    at = curve(lon, lat).astype(np.int64)
    assert abs(at[0] - at[1]) < abs(at[0] - at[2])
    assert at.max() < 2**40


def test_refusals():
    with pytest.raises(Unfit, match="not on the globe · rows 2"):
        radii(rows([(10, 56), (10, 156)]))
    with pytest.raises(Unfit, match="without weight"):
        radii(rows([(10, 56), (10, 56)], w=[1.0, 0.0]), weight="w")
    with pytest.raises(Unfit, match=r"a share of 1\.5"):
        radii(rows([(10, 56)]), within=1.5)
    with pytest.raises(Unfit, match="1 members without a name"):
        radii({**rows([(10, 56), (10, 56)]), "company": ["a", None]})
    with pytest.raises(Unfit, match="no column lat"):
        radii({"organisation": ["o"], "company": [1], "lon": [1.0]})


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 6), st.sampled_from("xyz")), min_size=1, max_size=40))
def test_shares_count_each_company_once(members):
    data = {key: [one[nth] for one in members] for nth, key in enumerate(("organisation", "company", "region"))}
    one = spread(data, "region")
    for nth, name in enumerate(one.organisations.tolist()):
        for kth, kind in enumerate(one.kinds.tolist()):
            assert one.members[nth, kth] == len({company for o, company, k in members if (o, k) == (name, kind)})
    assert np.allclose(one.share.sum(1), 1.0) and (one.effective >= 1 - 1e-12).all()
    assert sum(row["members"] for row in one.rows()) == one.members.sum() and one.chart()["mark"] == "bar"


def test_a_spread_is_told_by_row_and_drawn_as_shares_by_kind():
    one = spread(
        {"body": ["a", "a", "a", "b"], "cvr": [1, 2, 2, 3], "town": ["n", "n", "s", "s"]},
        "town",
        organisation="body",
        company="cvr",
    )
    told = [
        {"organisation": "a", "kind": "n", "members": 2, "share": 2 / 3},
        {"organisation": "a", "kind": "s", "members": 1, "share": 1 / 3},
        {"organisation": "b", "kind": "s", "members": 1, "share": 1.0},
    ]
    assert list(one.rows()) == told and one.effective.tolist() == pytest.approx([9 / 5, 1.0])
    assert one.chart() == {
        "data": {"values": told},
        "mark": "bar",
        "encoding": {
            "y": {"field": "organisation", "type": "nominal"},
            "x": {"field": "share", "type": "quantitative", "stack": "normalize"},
            "color": {"field": "kind", "type": "nominal"},
        },
    }
