"""ATT(g, t): published numbers, a plain implementation beside, SQL beside streaming, and what must not matter."""

import csv
import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.aggregates import KINDS, aggregate
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.counting import counted
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import from_rows, group_time
from klyngeanalyse.effects.pretrend import pretrend
from klyngeanalyse.effects.tests.data import (
    COUNTIES,
    MPDTA,
    PANEL,
    REFERENCE,
    companies,
    plain_att,
    shared,
    staggered,
)
from klyngeanalyse.panel.schema import PanelSchema


def estimated(table, design=None, schema=PANEL):
    engine = DuckEngine()
    engine.put("p", as_arrow(table))
    try:
        return group_time(engine, "p", schema, design or Design())[schema.outcomes[0]]
    finally:
        engine.close()


@pytest.fixture(scope="module")
def counties():
    engine = DuckEngine()
    engine.open("mpdta", shared(MPDTA))
    yield engine
    engine.close()


PUBLISHED = {"1": Design(), "2": Design(covariates=("lpop",)), "3": Design(covariates=("lpop",), controls="not_yet")}


@pytest.mark.parametrize("call", PUBLISHED)
def test_the_published_group_time_effects_to_the_printed_digits(counties, call):
    found = group_time(counties, "mpdta", COUNTIES, PUBLISHED[call])["lemp"]
    with (shared(MPDTA).parent / "expected_did_mpdta_attgt.csv").open() as file:
        expected = {(int(r["group"]), int(r["time"])): r for r in csv.DictReader(file) if r["call_no"] == call}
    assert len(expected) == 12 == len(found.cells)
    for cell in found.cells:
        published = expected[cell.cohort, cell.year]
        assert round(cell.estimate, 4) == float(published["att"])
        assert cell.stderr == pytest.approx(
            float(published["se_bootstrap"]), rel=0.15
        )  # bootstrapped there, 1,000 draws


def test_the_published_aggregates_and_the_pre_test(counties):
    found = group_time(counties, "mpdta", COUNTIES)["lemp"]
    with (shared(MPDTA).parent / "expected_did_mpdta_aggte.json").open() as file:
        expected = json.load(file)
    drawn = {kind: aggregate(found, kind) for kind in KINDS}
    assert round(drawn["simple"].overall.estimate, 2) == expected["simple"]
    assert round(drawn["dynamic"].overall.estimate, 4) == expected["dynamic_overall"]
    assert round(drawn["group"].overall.estimate, 4) == expected["group_overall"]
    assert round(drawn["calendar"].overall.estimate, 4) == expected["calendar_overall"]
    for kind in ("dynamic", "group"):
        assert {str(one.key): round(one.estimate, 4) for one in drawn[kind].parts} == expected[kind]
    assert round(pretrend(found).p, 5) == expected["pretest_p"]


def test_errors_and_aggregates_equal_diff_diff(counties):
    """Stored numbers of diff-diff 3.13.0 (tests/reference/effects/README.md)."""
    with (REFERENCE / "diff_diff_mpdta.json").open() as file:
        stored = json.load(file)
    for name, numbers in stored.items():
        method, covariates = name.split("/")
        design = Design(
            method={"reg": "or"}.get(method, method), covariates=("lpop",) if covariates else (), normalised=False
        )
        if method == "ipw":
            design = Design(method="ipw", covariates=design.covariates)
        found = group_time(counties, "mpdta", COUNTIES, design)["lemp"]
        for cell in found.cells:
            assert (cell.estimate, cell.stderr) == pytest.approx(numbers["att"][f"{cell.cohort}/{cell.year}"], abs=1e-8)
        simple, dynamic = aggregate(found, "simple"), aggregate(found, "dynamic")
        assert (simple.overall.estimate, simple.overall.stderr) == pytest.approx(numbers["simple"], abs=1e-8)
        for one in dynamic.parts:
            assert (one.estimate, one.stderr) == pytest.approx(numbers["dynamic"][str(one.key)], abs=1e-8)


@pytest.mark.parametrize("missing", [0.0, 0.15])
@pytest.mark.parametrize("controls", ["never", "not_yet"])
@pytest.mark.parametrize("method", ["none", "or", "ipw", "dr"])
def test_a_plain_implementation_says_the_same(method, controls, missing):
    table = staggered(150, seed=3, missing=missing)
    plain = companies(table)
    design = Design(
        controls=controls, method="dr" if method == "none" else method, covariates=() if method == "none" else ("x",)
    )
    found = estimated(table, design)
    assert len(found.cells) >= 12
    for cell in found.cells:
        att, stderr, inside, outside = plain_att(plain, cell.cohort, cell.year, cell.base_year, controls, method)
        assert (cell.estimate, cell.stderr) == pytest.approx((att, stderr), rel=1e-7, abs=1e-9)
        assert (cell.n_treated, cell.n_control) == (inside, outside)


@pytest.mark.parametrize("controls", ["never", "not_yet"])
@pytest.mark.parametrize("method", ["or", "ipw", "dr"])
def test_codes_in_cells_equal_indicator_columns_company_by_company(method, controls):
    table = staggered(300, seed=4, missing=0.1)
    table["one"], table["two"] = (table["size"] == 1) * 1.0, (table["size"] == 2) * 1.0
    cells = estimated(table, Design(codes=("size",), method=method, controls=controls))
    single = estimated(table, Design(covariates=("one", "two"), method=method, controls=controls))
    assert np.allclose(cells.estimate, single.estimate, atol=1e-9)
    assert np.allclose(cells.covariance, single.covariance, atol=1e-11)


@pytest.mark.parametrize(
    "design",
    [
        Design(),
        Design(controls="not_yet", anticipation=1),
        Design(codes=("size",), base="universal"),
        Design(covariates=("x",), codes=("size",)),
        Design(cluster="body"),
        Design(covariates=("x",), cluster="body"),
    ],
)
def test_sql_alone_equals_streaming(design):
    table = staggered(200, seed=5, missing=0.1, bodies=6)
    engine = DuckEngine()
    engine.put("p", as_arrow(table))
    streamed = group_time(engine, "p", PANEL, design)["y"]
    summed = from_rows(counted(Asking(engine, "p", PANEL, design)), design)["y"]
    engine.close()
    assert streamed.cells and [c.year for c in streamed.cells] == [c.year for c in summed.cells]
    assert np.allclose(streamed.estimate, summed.estimate, atol=1e-10)
    assert np.allclose(streamed.covariance, summed.covariance, atol=1e-12)
    assert streamed.clusters == summed.clusters and streamed.n_companies == summed.n_companies


def test_passes_over_ranges_of_companies_change_nothing(monkeypatch):
    table = staggered(300, seed=6, missing=0.05, bodies=5)
    for design in (Design(), Design(cluster="body", codes=("size",))):
        whole = estimated(table, design)
        with monkeypatch.context() as patched:
            patched.setattr("klyngeanalyse.effects.streaming.BLOCK_VALUES", 7 * 40)
            parts = estimated(table, design)
        assert np.allclose(whole.estimate, parts.estimate, atol=1e-12)
        assert np.allclose(whole.covariance, parts.covariance, atol=1e-14)


@pytest.mark.parametrize("controls", ["never", "not_yet"])
def test_rows_taken_in_small_blocks_change_nothing(monkeypatch, controls):
    """Blocks in which companies that stand alone, named clusters, controls and participants meet and end anywhere."""
    table = staggered(120, seed=19, missing=0.05, bodies=5)
    alone = np.isin(np.asarray(table["company"]), np.arange(0, 120, 4))
    table["body"] = pa.array(
        [None if gone else one for gone, one in zip(alone, table["body"].to_pylist(), strict=True)]
    )
    for design in (
        Design(cluster="body", controls=controls),
        Design(cluster="body", covariates=("x",), controls=controls),
        Design(covariates=("x",), codes=("size",), controls=controls),
    ):
        whole = estimated(table, design)
        with monkeypatch.context() as patched:
            patched.setattr("klyngeanalyse.effects.influence.BLOCK", 7)
            patched.setattr("klyngeanalyse.effects.influence.BLOCK_NUMBERS", 700)
            patched.setattr("klyngeanalyse.effects.propensity.SLICE", 5)
            patched.setattr("klyngeanalyse.effects.scores.SLICE", 9)
            parts = estimated(table, design)
        assert np.allclose(whole.estimate, parts.estimate, atol=1e-10)
        assert np.allclose(whole.covariance, parts.covariance, atol=1e-13)


@settings(deadline=None, max_examples=15)
@given(st.randoms(use_true_random=False), st.floats(-1e5, 1e5), st.floats(0.01, 100), st.booleans())
def test_order_origin_and_unit_do_not_matter(chance, added, unit, adjusted):
    table = staggered(120, seed=7)
    design = Design(covariates=("x",)) if adjusted else Design()
    before = estimated(table, design)
    order = list(range(len(table["year"])))
    chance.shuffle(order)
    moved = {name: pa.array(values).take(pa.array(order)) for name, values in table.items()}
    moved["y"] = np.asarray(moved["y"]) * unit + added
    after = estimated(moved, design)
    size = max(1.0, abs(added)) * 1e-9
    assert np.allclose(after.estimate, before.estimate * unit, atol=size)
    assert np.allclose(after.stderr, before.stderr * unit, rtol=1e-6, atol=size)


def test_names_of_companies_do_not_matter():
    table = staggered(100, seed=8)
    numbers = estimated(table)
    named = estimated({**table, "company": [f"DK{one:08d}" for one in table["company"]]})
    sparse = estimated({**table, "company": np.asarray(table["company"], dtype=np.int64) * 7_919_003 + 5})
    for other in (named, sparse):
        assert np.allclose(numbers.covariance, other.covariance, atol=1e-14)


def test_several_outcomes_from_one_reading_equal_each_alone():
    table = staggered(200, seed=9)
    table["w"] = np.where(np.asarray(table["company"]) % 7 == 0, np.nan, np.asarray(table["y"]) ** 2)
    schema = PanelSchema(outcomes=("y", "w"), first_participation="first")
    engine = DuckEngine()
    engine.put("p", as_arrow(table))
    for design in (Design(), Design(covariates=("x",))):
        both = group_time(engine, "p", schema, design)
        for name in ("y", "w"):
            alone = group_time(engine, "p", PanelSchema(outcomes=(name,), first_participation="first"), design)[name]
            assert np.allclose(both[name].estimate, alone.estimate, atol=1e-10)
            assert np.allclose(both[name].stderr, alone.stderr, atol=1e-10)
        with pytest.raises(KeyError):
            both["z"]
    engine.close()


def test_anticipation_moves_the_base_and_keeps_companies_that_soon_start_out_of_the_controls():
    table = staggered(300, seed=10)
    found = estimated(table, Design(anticipation=1))
    assert {(c.cohort, c.year): c.base_year for c in found.cells}[2013, 2014] == 2011
    late = estimated(
        {**table, "first": np.where(np.asarray(table["first"]) == 2014, 2016, table["first"])}, Design(anticipation=1)
    )
    assert 2016 in late.cohorts and not [c for c in late.cells if c.cohort == 2016 and c.year >= 2016]
    assert 2016 not in estimated({**table, "first": np.where(np.asarray(table["first"]) == 2014, 2017, table["first"])}, Design(anticipation=1)).cohorts  # fmt: skip


def test_those_who_took_part_from_the_start_are_dropped_and_counted():
    table = staggered(200, seed=11)
    first = np.asarray(table["first"])
    early = estimated({**table, "first": np.where(first == 2012, 2010, first)})
    assert (
        early.n_dropped == len(set(np.asarray(table["company"])[first == 2012].tolist())) and 2010 not in early.cohorts
    )


def test_never_may_be_written_as_null_zero_nan_or_infinity():
    table = staggered(100, seed=12)
    first = np.asarray(table["first"], dtype=float)
    written = estimated(table)
    for never in (np.nan, np.inf, 0.0, 9999.0):
        assert np.allclose(
            written.covariance, estimated({**table, "first": np.where(first > 0, first, never)}).covariance
        )
    nulls = pa.array([int(one) if one else None for one in first])
    assert np.allclose(written.covariance, estimated({**table, "first": nulls}).covariance)


def test_clustered_errors_equal_sums_over_clusters():
    """With the company as its own named cluster the variance is that of companies, times G / (G - 1)."""
    table = staggered(150, seed=13)
    plain, named = (
        estimated(table),
        estimated({**table, "own": [f"c{c}" for c in table["company"]]}, Design(cluster="own")),
    )
    g = len(set(np.asarray(table["company"]).tolist()))
    assert named.n_clusters == g
    assert np.allclose(named.covariance, plain.covariance * g / (g - 1), atol=1e-13)
    together = estimated(staggered(400, seed=14, bodies=5), Design(cluster="body"))
    apart = estimated(staggered(400, seed=14, bodies=5))
    assert aggregate(together, "simple").overall.stderr > 1.1 * aggregate(apart, "simple").overall.stderr


@pytest.mark.parametrize(
    ("changed", "design", "words"),
    [
        ({"first": 0}, Design(), "no participants"),
        ({"first": 2010}, Design(), "no companies left"),
        ({"first": 2012}, Design(), "no company never took part"),
        ({"year": 2010}, Design(), "1 years"),
        ({"y": np.inf}, Design(), "infinite"),
        ({"x": np.nan}, Design(covariates=("x",)), "without a value"),
        ({}, Design(covariates=("z",)), "no column z"),
        ({}, Design(covariates=("body",)), "column body is string"),
    ],
)
def test_what_cannot_be_estimated_says_so(changed, design, words):
    table = staggered(60, seed=15)
    table.update({name: np.full(len(table["y"]), value) for name, value in changed.items()})
    with pytest.raises(Unfit, match=words):
        estimated(table, design)


def test_companies_twice_or_with_two_first_years_are_named():
    table = {name: pa.array(values) for name, values in staggered(60, seed=16).items()}
    doubled = pa.table(table)
    with pytest.raises(Unfit, match=r"twice in a year.*first 3/2010"):
        estimated(pa.concat_tables([doubled, doubled.filter(pa.compute.equal(doubled["company"], 3)).slice(0, 1)]))
    first = np.asarray(table["first"]).copy()
    row = int(np.flatnonzero(first == 2012)[0])
    for other in (2013, 0):
        shifted = first.copy()
        shifted[row] = other
        with pytest.raises(Unfit, match=r"first varies within a company.*companies"):
            estimated({**table, "first": shifted})
    moved = ["b9" if nth == row else one for nth, one in enumerate(table["body"].to_pylist())]
    with pytest.raises(Unfit, match="body varies"):
        estimated({**table, "body": moved}, Design(cluster="body"))


def test_a_participant_unlike_all_controls_is_not_estimated():
    table = staggered(200, seed=17)
    first = np.asarray(table["first"])
    table["size"] = np.where(first == 2013, 9, np.asarray(table["size"]))
    for method, code in (("dr", "no_control_alike"), ("or", "no_control_alike"), ("ipw", "overlap")):
        found = estimated(table, Design(codes=("size",), method=method))
        assert {one.code for one in found.skipped} == {code} and {one.cohort for one in found.skipped} == {2013}
        assert 2013 not in {cell.cohort for cell in found.cells}


def test_designs_refuse_what_nobody_knows():
    for said in (
        {"controls": "all"},
        {"anticipation": -1},
        {"level": 95},
        {"trim": 0},
        {"draws": 3},
        {"base": ""},
        {"metod": 1},
    ):
        with pytest.raises(Unfit):
            Design.of(said)
    assert Design.of({"covariates": ["age"], "method": "ipw"}) == Design(covariates=("age",), method="ipw")


def test_results_show_themselves():
    found = estimated(staggered(100, seed=18))
    assert "2012" in str(found) and found.chart()["facet"] and "covariance" not in found.as_dict()
    for kind in KINDS:
        drawn = aggregate(found, kind)
        assert "estimate" in str(drawn) and drawn.chart()["layer"] and drawn.as_dict()["overall"]["estimate"]
    with pytest.raises(Unfit, match="aggregation"):
        aggregate(found, "mean")
