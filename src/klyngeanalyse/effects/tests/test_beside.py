"""What stands beside an effect: relative sizes, sensitivity, false dates and groups, single organisations, many tests."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import Aggregate, Estimate, aggregate
from klyngeanalyse.effects.bands import banded
from klyngeanalyse.effects.curve import Specification, curve
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.grouptime import from_rows, group_time
from klyngeanalyse.effects.organisations import by_organisation, leave_one_out, shrink
from klyngeanalyse.effects.placebo import false_date, false_groups, out_of_reach
from klyngeanalyse.effects.pretrend import detectable, event_study, pretrend
from klyngeanalyse.effects.relative import relative
from klyngeanalyse.effects.sensitivity import _folded, sensitivity
from klyngeanalyse.effects.several import benjamini_hochberg, holm
from klyngeanalyse.effects.survival import with_closed
from klyngeanalyse.effects.tests.data import PANEL, REFERENCE, staggered
from klyngeanalyse.effects.wild import wild
from klyngeanalyse.panel.schema import PanelSchema


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def of(engine, table, design=None, schema=PANEL):
    engine.put("p", as_arrow(table))
    return group_time(engine, "p", schema, design or Design())["y"]


def test_the_per_cent_is_the_effect_over_what_would_have_been_and_its_error_by_steps_of_theta(engine):
    table = staggered(300, seed=2)
    table["y"] = np.asarray(table["y"]) + 8
    found = of(engine, table)
    for kind in ("simple", "dynamic", "group"):
        drawn = aggregate(found, kind)
        said = relative(found, drawn)
        assert said.overall.estimate == pytest.approx(
            100 * drawn.overall.estimate / (drawn.overall.level - drawn.overall.estimate)
        )
        assert _stepped(found, kind) == pytest.approx(said.overall.stderr, rel=1e-4)
        assert len(said.parts) == len(drawn.parts)


def _stepped(found, kind, step=1e-5):
    """The per cent's error from its slopes, each by moving one part of theta a little and aggregating anew."""
    k = len(found.cells)
    theta = np.concatenate([found.estimate, [c.level for c in found.cells], found.shares])

    def per_cent(one):
        cells = tuple(replace(c, estimate=one[n], level=one[k + n]) for n, c in enumerate(found.cells))
        sizes = tuple(one[2 * k :] * found.n_companies)
        moved = replace(found, cells=cells, sizes=sizes, design=replace(found.design, draws=1000))
        drawn = aggregate(moved, kind).overall
        return 100 * drawn.estimate / (drawn.level - drawn.estimate)

    steps = step * np.eye(len(theta))
    slope = np.array([(per_cent(theta + one) - per_cent(theta - one)) / (2 * step) for one in steps])
    return float(np.sqrt(slope @ found.covariance @ slope))


def test_other_forms_and_the_refusal_of_a_per_cent_of_nothing(engine):
    found = of(engine, staggered(200, seed=3))
    drawn = aggregate(found, "dynamic")
    log, exact = (relative(found, drawn, form).overall for form in ("log_points", "per_cent_of_log"))
    assert log.estimate == pytest.approx(100 * drawn.overall.estimate)
    assert exact.estimate == pytest.approx(100 * (math.exp(drawn.overall.estimate) - 1))
    assert exact.low < exact.estimate < exact.high
    shifted = of(engine, {**staggered(200, seed=3), "y": np.asarray(staggered(200, seed=3)["y"]) - 50})
    with pytest.raises(Unfit, match="level without participation"):
        relative(shifted, aggregate(shifted, "simple"))
    with pytest.raises(Unfit, match="form"):
        relative(found, drawn, "per mille")


def test_a_drift_before_is_found_and_its_smallest_visible_slope_has_the_power_said(engine):
    quiet, drifting = of(engine, staggered(600, seed=5)), of(engine, staggered(600, seed=5, trend=0.25))
    assert pretrend(drifting).p < 0.01 < pretrend(quiet).p
    said = pretrend(quiet, power=0.8)
    before = [n for n, c in enumerate(quiet.cells) if c.event < 0]
    v = quiet.covariance[np.ix_(before, before)]
    chance = np.random.default_rng(1)
    drawn = chance.multivariate_normal(np.full(len(before), said.slope_detectable), v, size=4000)
    wald = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(v), drawn)
    limit = np.quantile(
        np.einsum(
            "ij,jk,ik->i", (z := chance.multivariate_normal(np.zeros(len(before)), v, size=40000)), np.linalg.inv(v), z
        ),
        0.95,
    )
    assert (wald > limit).mean() == pytest.approx(0.8, abs=0.03)
    drawn = aggregate(quiet, "dynamic")
    before, after = event_study(drawn)
    assert [one.key for one in before] == [-3, -2, -1] and [one.key for one in after] == [0, 1, 2, 3]
    small = detectable(drawn.overall)
    assert small.effect == pytest.approx(2.8016 * drawn.overall.stderr, rel=1e-4)
    with pytest.raises(Unfit):
        detectable(drawn.overall, power=0.01)


def made(b, v, keys=(-4, -3, -2, 0, 1, 2)):
    """A dynamic aggregate with the base year -1 left out, as base = 'universal' gives it."""
    nothing = np.zeros((len(keys), 1))
    parts = tuple(
        Estimate(key=k, level=0, n_treated=0, **banded(x, v[n][n], 0.95, 2.0))
        for n, (k, x) in enumerate(zip(keys, b, strict=True))
    )
    return Aggregate("dynamic", "y", parts[0], parts, 2.0, 1, 1, np.array(v), nothing, nothing[0], nothing, nothing[0])


@pytest.fixture(scope="module")
def beside():
    with (REFERENCE / "diff_diff_beside.json").open() as file:
        return json.load(file)


def test_the_smooth_interval_equals_diff_diff_or_is_shorter(beside):
    drawn = made(beside["b"], beside["v"])
    for m, (low, high) in beside["smooth"].items():
        one = sensitivity(drawn, "smooth", [float(m)]).bounds[0]
        # its search is on a grid of widths: ours may end a little shorter, never longer
        assert one.high - one.low <= (high - low) * (1 + 1e-6)
        assert (one.low, one.high) == pytest.approx((low, high), abs=0.02 * (high - low))


def test_the_quantile_of_a_folded_normal():
    for level in (0.6, 0.9, 0.95, 0.99):
        for bias in (0.0, 0.01, 0.3, 1.0, 2.9, 3.1, 40.0):
            x = _folded(bias, level)
            inside = 0.5 * (math.erf((x - bias) / math.sqrt(2)) + math.erf((x + bias) / math.sqrt(2)))
            assert inside == pytest.approx(level, abs=1e-12)


def test_relative_bounds_by_hand_and_what_breaks_the_finding(beside):
    drawn = made([0.0, 0.1, 0.0, 1.0], np.eye(4) * 1e-12, keys=(-4, -3, -2, 0))
    one = sensitivity(drawn, "relative", [0.0, 1.0, 2.0])
    assert [(round(x.low, 3), round(x.high, 3)) for x in one.bounds] == [(1, 1), (0.9, 1.1), (0.8, 1.2)]
    assert one.breakdown == pytest.approx(10, rel=2e-3)
    far = made([0.0, 0.1, 0.0, 1.0, 1.0], np.eye(5) * 1e-12, keys=(-4, -3, -2, 0, 1))
    assert sensitivity(far, "relative", [1.0]).bounds[0].high == pytest.approx(1 + 0.1 * 1.5, abs=1e-4)
    line = made([-0.3, -0.2, -0.1, 0.6], np.eye(4) * 1e-10, keys=(-4, -3, -2, 0))
    exact = sensitivity(line, "smooth", [0.0, 0.1])
    assert exact.bounds[0].low == pytest.approx(0.5, abs=1e-3)  # the line goes on to 0.1
    assert exact.bounds[1].high == pytest.approx(0.6, abs=1e-3)
    noisy = sensitivity(made(beside["b"], beside["v"]), "relative", [0.0, 1.0])
    widths = [x.high - x.low for x in noisy.bounds]
    assert widths[1] > widths[0] and noisy.chart() and "high" in str(noisy)
    assert sensitivity(made([0.0, 0.0, 0.0, 0.0, 0.0, 0.0], beside["v"]), "relative", [0.5]).breakdown is None


def test_sensitivity_refuses_what_it_cannot_bound(engine):
    varying = aggregate(of(engine, staggered(200, seed=6)), "dynamic")
    with pytest.raises(Unfit, match="universal"):
        sensitivity(varying)
    universal = aggregate(of(engine, staggered(200, seed=6), Design(base="universal")), "dynamic")
    assert sensitivity(universal, "relative", [0.0]).bounds[0].low < 0.6
    for words, call in (
        ("M below 0", lambda: sensitivity(universal, m=[-1])),
        ("restriction", lambda: sensitivity(universal, "rough")),
        ("kind", lambda: sensitivity(aggregate(of(engine, staggered(200, seed=6)), "group"))),
        ("weights", lambda: sensitivity(universal, weights=np.ones(2))),
    ):
        with pytest.raises(Unfit, match=words):
            call()


def test_a_false_date_and_an_outcome_out_of_reach_find_nothing_unless_something_is_there(engine):
    table = staggered(900, seed=7, years=7)
    table["z"] = np.asarray(table["y"]) - 0.5 * (
        (np.asarray(table["first"]) > 0) & (np.asarray(table["year"]) >= np.asarray(table["first"]))
    )
    for trend, found in ((0.0, False), (0.4, True)):
        table["y"] = staggered(900, seed=7, years=7, trend=trend)["y"]
        engine.put("p", as_arrow(table))
        (placebo,) = false_date(engine, "p", PANEL, Design(covariates=("x",), codes=("size",)), years=1)
        assert placebo.found is found and placebo.kind == "date"
    (beyond,) = out_of_reach(engine, "p", PANEL, Design(covariates=("x",), codes=("size",)), ("z",))
    assert not beyond.found and beyond.outcome == "z"
    with pytest.raises(Unfit):
        false_date(engine, "p", PANEL, Design(), years=0)


def test_false_groups_find_nothing_at_the_rate_of_the_level(engine):
    engine.put("p", as_arrow(staggered(300, seed=8)))
    rows = gather(engine, "p", PANEL, Design(), singly=True)
    said = false_groups(rows, "y", Design(), draws=150, seed=3)
    assert said.p == pytest.approx(1 / 151) and abs(said.mean) < 3 * said.spread / math.sqrt(150)
    assert said.share_found < 0.12
    with pytest.raises(Unfit, match="cells"):
        false_groups(gather(engine, "p", PANEL, Design()), "y", Design())


def test_leaving_an_organisation_out_equals_estimating_without_its_rows(engine):
    table = staggered(400, seed=9, bodies=5)
    engine.put("p", as_arrow(table))
    design = Design(cluster="body")
    said = leave_one_out(gather(engine, "p", PANEL, design), "y", design)
    assert len(said.without) == 5 and [abs(one.change) for one in said.without] == sorted((abs(one.change) for one in said.without), reverse=True)  # fmt: skip
    gone = said.without[0].organisation
    engine.put("q", as_arrow(table).filter([one != gone for one in table["body"].to_pylist()]))
    alone = aggregate(group_time(engine, "q", PANEL, design)["y"], "simple").overall
    assert (said.without[0].estimate, said.without[0].stderr) == pytest.approx(
        (alone.estimate, alone.stderr), abs=1e-12
    )
    with pytest.raises(Unfit, match="no organisations"):
        leave_one_out(gather(engine, "p", PANEL, Design()), "y", Design())


def test_single_organisations_are_shrunk_towards_the_common_effect(engine):
    engine.put("p", as_arrow(staggered(500, seed=10, bodies=8)))
    design = Design(cluster="body")
    said = by_organisation(gather(engine, "p", PANEL, design), "y", design)
    assert len(said.organisations) == 8 and said.chart()["layer"]
    for one in said.organisations:
        assert min(one.estimate, said.mean) - 1e-12 <= one.shrunk <= max(one.estimate, said.mean) + 1e-12
        assert one.p <= one.p_bh <= one.p_holm <= 1
    with pytest.raises(Unfit, match="never"):
        by_organisation(gather(engine, "p", PANEL, design), "y", replace(design, controls="not_yet"))


def test_shrinkage_lowers_the_error_of_many_true_effects():
    chance = np.random.default_rng(5)
    true = chance.normal(0.1, 0.2, 400)
    stderr = chance.uniform(0.1, 0.4, 400)
    estimate = true + chance.normal(size=400) * stderr
    mean, spread, shrunk, error, _ = shrink(estimate, stderr)
    assert (mean, spread) == pytest.approx((0.1, 0.2), abs=0.04)
    assert ((shrunk - true) ** 2).mean() < 0.6 * ((estimate - true) ** 2).mean()
    assert (np.abs(shrunk - true) < 1.96 * error).mean() == pytest.approx(0.95, abs=0.03)
    alike = shrink(np.array([0.1, 0.1, 0.1]), np.array([1.0, 1.0, 2.0]))
    assert alike[1] == 0 and np.allclose(alike[2], 0.1)
    with pytest.raises(Unfit):
        shrink(np.array([1.0, 2.0]), np.array([1.0, 0.0]))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_adjusted_p_values_keep_the_order_and_lie_between(p, chance):
    strict, mild = holm(p), benjamini_hochberg(p)
    assert (
        (strict >= np.array(p) - 1e-15).all() and (mild >= np.array(p) - 1e-15).all() and (mild <= strict + 1e-15).all()
    )
    order = np.argsort(p, kind="stable")
    assert (np.diff(strict[order]) >= 0).all() and (np.diff(mild[order]) >= 0).all()
    places = list(range(len(p)))
    chance.shuffle(places)
    assert np.allclose(holm([p[one] for one in places]), strict[places])
    for wrong in ([], [1.2], [float("nan")]):
        with pytest.raises(Unfit):
            holm(wrong)


def test_the_wild_bootstrap_is_wider_for_few_clusters_and_alike_for_many(engine):
    for bodies, clusters, low, high in ((5, 5, 1.005, 3.0), (100, 93, 0.9, 1.1)):
        found = of(engine, staggered(500, seed=11, bodies=bodies), Design(cluster="body"))
        drawn = aggregate(found, "simple")
        said = wild(found, drawn, draws=4999, seed=2)
        ratio = (said.high - said.low) / (drawn.overall.high - drawn.overall.low)
        assert low < ratio < high and said.n_clusters == clusters
        assert said == wild(found, drawn, draws=4999, seed=2) and said.p >= 1 / 5000
        assert bodies == 5 or said.p == 1 / 5000
    with pytest.raises(Unfit, match="clusters"):
        wild(of(engine, staggered(100, seed=11)), aggregate(of(engine, staggered(100, seed=11)), "simple"))


def test_closed_companies_count_as_nothing_or_are_left_out(engine):
    schema = PanelSchema(outcomes=("fte", "margin"), averaged=("margin",), first_participation="first", region="region")
    engine.put(
        "p",
        as_arrow(
            {
                "company": [1, 1, 1, 2, 2, 3],
                "year": [2010, 2011, 2012, 2010, 2011, 2010],
                "fte": [5.0, 6.0, 7.0, 3.0, 3.0, 1.0],
                "margin": [0.1] * 6,
                "first": [2011, 2011, 2011, 0, 0, 0],
                "region": ["84"] * 6,
            }
        ),
    )
    said = with_closed(engine, "p", schema, "q")
    assert (said.n_companies, said.n_closed, said.n_rows_added) == (3, 2, 3)
    rows = engine.arrow(
        "select company, year, fte, margin, alive, region from q where alive = 0 order by 1, 2"
    ).to_pylist()
    assert rows == [
        {"company": c, "year": y, "fte": 0.0, "margin": None, "alive": 0, "region": "84"}
        for c, y in ((2, 2012), (3, 2011), (3, 2012))
    ]
    with pytest.raises(Unfit, match="alive"):
        with_closed(engine, "q", schema, "r")
    # participation that keeps companies alive shows as an effect on survival
    chance = np.random.default_rng(12)
    first = np.where(np.arange(400) % 2 == 0, 2012, 0)
    last = np.where(chance.random(400) < np.where(first > 0, 0.1, 0.5), chance.integers(2011, 2013, 400), 2014)
    company, year = (one.ravel() for one in np.meshgrid(np.arange(400), np.arange(2010, 2015), indexing="ij"))
    kept = year <= last[company]
    engine.put(
        "s",
        as_arrow(
            {"company": company[kept], "year": year[kept], "first": first[company[kept]], "fte": np.ones(kept.sum())}
        ),
    )
    with_closed(engine, "s", PanelSchema(outcomes=("fte",), first_participation="first"), "living")
    found = group_time(engine, "living", PanelSchema(outcomes=("alive", "fte"), first_participation="first"))
    effect = aggregate(found["alive"], "dynamic").part(2).estimate
    truth = (last[first > 0] >= 2014).mean() - (last[first == 0] >= 2014).mean()
    before = (last[first > 0] >= 2011).mean() - (last[first == 0] >= 2011).mean()
    assert effect == pytest.approx(truth - before, abs=1e-12) and effect > 0.2
    assert found["fte"].estimate == pytest.approx(found["alive"].estimate)


def test_the_specification_curve_shows_all_and_says_what_it_could_not(engine):
    engine.put("p", as_arrow(staggered(300, seed=13)))
    said = curve(
        engine,
        "p",
        PANEL,
        [
            Specification("never", Design()),
            Specification("not yet", Design(controls="not_yet")),
            Specification("adjusted", Design(covariates=("x",), codes=("size",)), kind="dynamic"),
            Specification("missing", Design(covariates=("age",))),
        ],
    )
    assert said.n_refused == 1 and said.points[-1].name == "missing" and "age" in said.points[-1].refused
    values = [one.estimate for one in said.points[:-1]]
    assert values == sorted(values) and said.median == values[1] and said.share_positive == 1.0
    assert len(said.chart()["data"]["values"]) == 3
    for wrong in (
        [],
        [Specification("a", Design()), Specification("a", Design())],
        [Specification("a", Design(covariates=("age",)))],
    ):
        with pytest.raises(Unfit):
            curve(engine, "p", PANEL, wrong)


def test_from_rows_serves_several_designs_from_one_reading(engine):
    engine.put("p", as_arrow(staggered(200, seed=14)))
    rows = gather(engine, "p", PANEL, Design())
    for design in (Design(), Design(controls="not_yet"), Design(base="universal")):
        assert np.allclose(from_rows(rows, design)["y"].estimate, group_time(engine, "p", PANEL, design)["y"].estimate)
