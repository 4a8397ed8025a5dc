"""Two-way fixed effects equal the regression written out, and their comparisons add up exactly; matched companies by hand."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.matched import matched
from klyngeanalyse.effects.tests.data import COUNTIES, MPDTA, PANEL, REFERENCE, shared, staggered
from klyngeanalyse.effects.twoway import two_way
from klyngeanalyse.panel.schema import PanelSchema


@pytest.fixture
def engine():
    engine = DuckEngine()
    yield engine
    engine.close()


def plain_two_way(table):
    """y on company and year indicators and D by least squares; the error by company with G / (G - 1)."""
    company, place = np.unique(np.asarray(table["company"]), return_inverse=True)
    year, at = np.unique(np.asarray(table["year"]), return_inverse=True)
    d = ((np.asarray(table["first"]) > 0) & (np.asarray(table["year"]) >= np.asarray(table["first"]))).astype(float)
    x = np.column_stack([d, np.eye(len(company))[place], np.eye(len(year))[at][:, 1:]])
    y = np.asarray(table["y"])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = d - x[:, 1:] @ np.linalg.lstsq(x[:, 1:], d, rcond=None)[0]
    scores = np.bincount(place, weights=rest * (y - x @ beta))
    g = len(company)
    return beta[0], np.sqrt((scores**2).sum() * g / (g - 1)) / (rest**2).sum()


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_beta_its_error_and_the_sum_of_its_comparisons(seed, singly, never):
    table = staggered(40, seed=seed)
    if not never:
        table["first"] = np.where(np.asarray(table["first"]) == 0, 2015, table["first"])
    engine = DuckEngine()
    engine.put("p", as_arrow(table))
    said = two_way(gather(engine, "p", PANEL, Design(), singly=singly), "y")
    engine.close()
    assert (said.estimate, said.stderr) == pytest.approx(plain_two_way(table), rel=1e-8)
    assert sum(one.weight for one in said.comparisons) == pytest.approx(1, abs=1e-12)
    assert sum(one.weight * one.estimate for one in said.comparisons) == pytest.approx(said.estimate, abs=1e-10)
    assert said.forbidden == pytest.approx(sum(one.weight for one in said.comparisons if one.kind == "earlier"))
    assert said.misleading and 0 < said.forbidden < 1 and 0 <= said.negative < 1


def test_the_comparisons_of_mpdta_equal_diff_diff(engine):
    with (REFERENCE / "diff_diff_beside.json").open() as file:
        stored = json.load(file)
    engine.open("m", shared(MPDTA))
    said = two_way(gather(engine, "m", COUNTIES, Design()), "lemp")
    assert said.estimate == pytest.approx(stored["twfe"], abs=1e-8)
    ours = {(one.cohort, one.control): (one.weight, one.estimate) for one in said.comparisons}
    assert len(ours) == len(stored["bacon"])
    for one in stored["bacon"]:
        control = 0 if one["comparison_type"] == "treated_vs_never" else int(one["control_group"])
        assert ours[int(one["treated_group"]), control] == pytest.approx((one["weight"], one["estimate"]), abs=1e-8)


def test_one_first_year_is_no_trap_and_bad_panels_are_refused(engine):
    table = staggered(60, seed=1)
    table["first"] = np.where(np.asarray(table["first"]) > 0, 2013, 0)
    engine.put("p", as_arrow(table))
    said = two_way(gather(engine, "p", PANEL, Design()), "y")
    assert not said.misleading and said.forbidden == 0 == said.negative and len(said.comparisons) == 1
    engine.put("q", as_arrow({**table, "first": np.full(len(table["y"]), 2013)}))
    with pytest.raises(Unfit, match="does not vary"):
        two_way(gather(engine, "q", PANEL, Design()), "y")
    with pytest.raises(Unfit, match="no outcome"):
        two_way(gather(engine, "p", PANEL, Design()), "z")


def test_a_growing_effect_turns_two_way_against_the_truth(engine):
    """All gain more each year: the regression is far below the mean effect, and says by its weights why."""
    table = staggered(400, seed=2, effect=0.0, years=8)
    first, year = np.asarray(table["first"]), np.asarray(table["year"])
    since = np.where(first > 0, np.maximum(year - first + 1, 0), 0)
    table["y"] = np.asarray(table["y"]) + 1.0 * since
    table["first"] = np.where(first > 0, first, 2017)
    engine.put("p", as_arrow(table))
    said = two_way(gather(engine, "p", PANEL, Design()), "y")
    assert said.forbidden > 0.15 and said.estimate < 0.7 * since[since > 0].mean()


def test_without_noise_beta_is_the_weighted_mean_of_the_true_effects_and_the_negative_share_is_theirs(engine):
    chance, years, n = np.random.default_rng(4), np.arange(2010, 2016), 60
    first = np.repeat([2011, 2013, 0], [30, 20, 10])
    effect = {(g, t): chance.normal() for g in (2011, 2013) for t in years if t >= g}
    d = ((first[:, None] > 0) & (years >= first[:, None])).astype(float)
    gained = np.array([[effect.get((g, t), 0.0) for t in years] for g in first])
    y = chance.normal(size=n)[:, None] + chance.normal(size=6) + gained
    company, at = np.nonzero(np.ones(y.shape))
    engine.put("p", as_arrow({"company": company, "year": years[at], "first": first[company], "y": y[company, at]}))
    said = two_way(gather(engine, "p", MATCHED, Design()), "y")
    within = d - d.mean(axis=1, keepdims=True) - d.mean(axis=0) + d.mean()
    weight = within[d > 0] / (within**2).sum()
    assert said.estimate == pytest.approx(weight @ gained[d > 0], abs=1e-12) and weight.sum() == pytest.approx(1)
    assert 0 < said.negative == pytest.approx(-weight[weight < 0].sum() / np.abs(weight).sum())


MATCHED = PanelSchema(outcomes=("y",), first_participation="first")


def small():
    """Two participants from 2011, three others; changes from 2010 to 2011: 3 and 5 against 1, 2 and 4."""
    return {
        "company": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
        "year": [2010, 2011] * 5,
        "first": [2011] * 4 + [0] * 6,
        "y": [0.0, 3.0, 1.0, 6.0, 0.0, 1.0, 0.0, 2.0, 0.0, 4.0],
    }


def test_matched_companies_by_hand(engine):
    engine.put("p", as_arrow(small()))
    engine.put(
        "w", as_arrow({"company": [1, 2, 3, 4, 5], "weight": [1.0, 1.0, 1.0, 0.5, 0.5], "cell": [1, 2, 1, 2, 2]})
    )
    (said,) = matched(engine, "p", MATCHED, "w")
    # participants 4, others (1 + 0.5 * 2 + 0.5 * 4) / 2 = 2
    assert said.overall.estimate == pytest.approx(2.0) and said.years[0].event == 0
    psi = np.array([-0.5, 0.5, 0.5, 0.0, -0.5])
    assert said.overall.stderr == pytest.approx(np.sqrt((psi**2).sum() * 5 / 4))
    (by_cell,) = matched(engine, "p", MATCHED, "w", cluster="cell")
    assert by_cell.overall.stderr == pytest.approx(0.0, abs=1e-12) and (
        by_cell.n_clusters,
        by_cell.clustered,
        said.clustered,
    ) == (2, "cell", "company")
    assert said.chart()["layer"] and "estimate" in str(said)


def test_a_match_used_twice_equals_its_weight_doubled_and_starts_align_the_years(engine):
    engine.put("p", as_arrow(small()))
    engine.put("w", as_arrow({"company": [1, 2, 3, 4], "weight": [1.0, 1.0, 2.0, 1.0]}))
    engine.put("v", as_arrow({"company": [1, 2, 3, 3, 4], "weight": [1.0] * 5, "start": [2011] * 5}))
    (once,), (twice,) = matched(engine, "p", MATCHED, "w"), matched(engine, "p", MATCHED, "v")
    assert (once.overall.estimate, once.overall.stderr) == pytest.approx((twice.overall.estimate, twice.overall.stderr))
    table = staggered(300, seed=3)
    engine.put("q", as_arrow(table))
    with pytest.raises(Unfit, match="begins in 3 years"):
        engine.put("u", as_arrow({"company": np.arange(300), "weight": np.ones(300)}))
        matched(engine, "q", PANEL, "u")


def test_matched_refuses_what_it_cannot_use(engine):
    engine.put("p", as_arrow(small()))
    engine.put("w", as_arrow({"company": [1, 2, 3], "weight": [1.0, 1.0, 1.0]}))
    engine.put("e", as_arrow({"company": [99], "weight": [1.0]}))
    engine.put("n", as_arrow({"company": [1, 2]}))
    for words, call in (
        ("no matched company that", lambda: matched(engine, "p", MATCHED, "e")),
        ("no column weight", lambda: matched(engine, "p", MATCHED, "n")),
        ("no column cell", lambda: matched(engine, "p", MATCHED, "w", cluster="cell")),
        ("no observation -3", lambda: matched(engine, "p", MATCHED, "w", base=-3)),
        ("for the first participation", lambda: matched(engine, "p", PanelSchema(outcomes=("y",)), "w")),
    ):
        with pytest.raises(Unfit, match=words):
            call()
