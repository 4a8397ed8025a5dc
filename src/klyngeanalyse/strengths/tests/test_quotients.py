"""Location quotients: against the published ones, against plain counting, and their intervals against chance."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.strengths.cells import Cells, cells, yearly
from klyngeanalyse.strengths.quotients import SmallCells, location_quotients, quotients
from klyngeanalyse.strengths.tests.shared import table

TABLES = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(1, 500).map(float))


def named(values):
    return Cells(np.arange(values.shape[0]), np.arange(values.shape[1]), values)


def plain(values):
    rows, total = [sum(row) for row in values], sum(map(sum, values))
    columns = [sum(row[k] for row in values) for k in range(len(values[0]))]
    return [[(one / rows[n]) / (columns[k] / total) for k, one in enumerate(row)] for n, row in enumerate(values)]


@given(TABLES)
def test_quotients_are_those_of_plain_counting(values):
    assert np.allclose(quotients(values), plain(values.tolist()), rtol=1e-13)


@given(TABLES, st.floats(0.01, 1000), st.randoms(use_true_random=False))
def test_scale_and_order_do_not_matter(values, scale, chance):
    rows, columns = list(range(values.shape[0])), list(range(values.shape[1]))
    chance.shuffle(rows), chance.shuffle(columns)
    moved = quotients(values[np.ix_(rows, columns)] * scale)
    assert np.allclose(moved, quotients(values)[np.ix_(rows, columns)], rtol=1e-12)


@given(TABLES)
def test_quotients_weighted_by_expected_share_are_one(values):
    share = values.sum(0) / values.sum()
    assert np.allclose(quotients(values) @ share, 1.0)


@given(TABLES)
def test_rows_may_be_split(values):
    rows = [(r, c, v) for r, line in enumerate(values.tolist()) for c, v in enumerate(line)]
    split = [(r, c, part) for r, c, v in rows for part in (v - 1, 1.0)][::-1]
    read = [
        cells(
            {"region": [r for r, _, _ in one], "industry": [c for _, c, _ in one], "employment": [v for _, _, v in one]}
        )
        for one in (rows, split)
    ]
    assert np.array_equal(read[0].values, read[1].values)


def published():
    rows = table("us_qcew/qcew_state_naics_2019.parquet")
    return rows.filter(pc.and_(pc.not_equal(rows["own_code"], 0), pc.not_equal(rows["own_code"], 8)))


def bases(rows, column, own):
    total = rows.filter(pc.equal(rows["industry_code"], "10"))
    all_own = cells(total, region="area_fips", industry="industry_code", value=column)
    part = rows.filter(pc.equal(rows["own_code"], own))
    whole = [np.array(part[name].to_pylist()) for name in ("area_fips", "industry_code")]
    value = part[column].to_numpy()
    hidden = np.array([one == "N" for one in part["disclosure_code"].to_pylist()])
    lq = part["lq_" + column].to_numpy()
    incomplete = np.unique(whole[1][hidden])
    keep = ~np.isin(whole[1], incomplete) & (value > 0) & np.isfinite(lq)
    return all_own, whole[0][keep], whole[1][keep], value[keep], lq[keep], whole, value


EXACT = {
    "annual_avg_emplvl": {5: 0.999, 3: 1.0, 2: 1.0, 1: 0.89},
    "annual_avg_estabs": {5: 0.959, 3: 0.96, 2: 0.99, 1: 0.74},
}


@pytest.mark.parametrize("own", [5, 3, 2, 1])
@pytest.mark.parametrize("column", ["annual_avg_emplvl", "annual_avg_estabs"])
def test_published_quotients_to_the_printed_digits(own, column):
    """Every published number lies where the rounding of the printed inputs lets it, and nearly all agree to both decimals."""
    rows = published()
    everybody, state, industry, value, lq, whole, all_values = bases(rows, column, own)
    totals = dict(zip(everybody.regions.tolist(), everybody.values[:, 0].tolist(), strict=True))
    # the table of one industry against all the rest is what a quotient needs
    codes, at = np.unique(whole[1], return_inverse=True)
    nation = np.bincount(at, all_values)[np.searchsorted(codes, industry)]
    states = np.bincount(at)[np.searchsorted(codes, industry)]
    base = np.array([totals[one] for one in state.tolist()])
    ours = np.empty(len(lq))
    for nth in range(len(lq)):
        two = np.array([[value[nth], base[nth] - value[nth]], [nation[nth] - value[nth], 0.0]])
        two[1, 1] = sum(totals.values()) - two.sum()
        ours[nth] = quotients(two)[0, 0]
    exact = np.abs(ours - lq) <= 0.005 + 1e-9
    # inputs are printed as whole numbers: each is right to half a unit, the nation as the sum of the states to half a unit a state
    slack = 0.5 / value + 0.5 * states / nation + 0.5 / base + 1e-4
    assert len(lq) > 100
    assert (np.abs(ours - lq) <= 0.005 + 1e-9 + slack * ours).all()
    assert exact.mean() >= EXACT[column][own]


def test_the_interval_is_that_of_the_multinomial_without_plants():
    values = np.array([[30.0, 70.0], [20.0, 380.0]])
    one = location_quotients(named(values))
    lq = (30 / 100) / (50 / 500)
    assert one.estimate[0, 0] == pytest.approx(lq)
    assert one.stderr[0, 0] ** 2 == pytest.approx(1 / 30 - 1 / 100 - 1 / 50 + (2 * lq - 1) / 500)
    assert one.low[0, 0] == pytest.approx(lq * np.exp(-1.959963984540054 * one.stderr[0, 0]))


def test_the_interval_is_that_of_the_gradient_taken_by_small_steps():
    """Var(log LQ) = sum Q g^2 over all cells, with g taken from the quotient itself."""
    values = np.array([[30.0, 70.0, 15.0], [20.0, 380.0, 55.0], [9.0, 41.0, 120.0]])
    squares = np.array([[90.0, 500.0, 60.0], [44.0, 9000.0, 800.0], [81.0, 300.0, 2400.0]])
    found, step = location_quotients(named(values), squares=named(squares)).stderr, 1e-4
    for row, column in np.ndindex(3, 3):
        variance = 0.0
        for cell in np.ndindex(3, 3):
            up, down = values.copy(), values.copy()
            up[cell] += step
            down[cell] -= step
            moved = np.log(quotients(up)[row, column]) - np.log(quotients(down)[row, column])
            variance += squares[cell] * (moved / (2 * step)) ** 2
        assert found[row, column] ** 2 == pytest.approx(variance, rel=1e-6)


def test_a_cell_of_a_single_job_has_its_own_interval_not_that_of_an_empty_one():
    one = location_quotients(named(np.array([[1.0, 50.0], [10.0, 40.0]])))
    assert one.high[0, 0] == pytest.approx(one.estimate[0, 0] ** 2 / one.low[0, 0])


def test_an_empty_cell_has_an_upper_bound_and_an_empty_region_none():
    one = location_quotients(named(np.array([[0.0, 50.0], [10.0, 40.0], [0.0, 0.0]])))
    assert one.estimate[0, 0] == 0 and one.low[0, 0] == 0 and 0 < one.high[0, 0] < 2
    assert np.isnan(one.estimate[2, 0]) and not one.shown[2].any()


def test_the_upper_bound_of_an_empty_cell_by_hand():
    """Plants of 4 jobs: at most -ln(0.025) = 3.689 plants, 14.76 jobs, of a region of 50 in an industry of 10 among 100."""
    values, squares = np.array([[0.0, 50.0], [10.0, 40.0]]), np.array([[0.0, 200.0], [40.0, 160.0]])
    most = -np.log(0.025) * 4
    one = location_quotients(named(values), squares=named(squares))
    assert one.high[0, 0] == pytest.approx((most / (50 + most)) / ((10 + most) / (100 + most)))


def test_a_plant_count_stands_for_sizes_spread_exponentially():
    values, plants = np.array([[30.0, 70.0], [20.0, 380.0]]), np.array([[3.0, 7.0], [0.0, 19.0]])
    one = location_quotients(named(values), plants=named(plants))
    spread = np.array([[2 * 900 / 3, 2 * 4900 / 7], [0.0, 2 * 380**2 / 19]])
    two = location_quotients(named(values), squares=named(spread))
    assert np.allclose(one.stderr, two.stderr, rtol=1e-12)


def test_small_cells_show_nothing():
    counted = named(np.array([[40.0, 60.0], [9.0, 91.0]]))
    plants = named(np.array([[2.0, 8.0], [5.0, 9.0]]))
    one = location_quotients(counted, plants=plants, small=SmallCells(10, 3))
    assert one.shown.tolist() == [[False, True], [False, True]]
    small = [row for row in one.rows() if row["small"]]
    assert len(small) == 2 and all(row["quotient"] is None and row["employment"] is None for row in small)
    assert one.chart()["layer"]


def coverage(draws, seed):
    """Plants of given sizes thrown at regions and industries with given chances; the interval must cover the true quotient."""
    chance = np.random.default_rng(seed)
    shares = np.outer([0.2, 0.3, 0.5], [0.1, 0.4, 0.5])
    shares[0, 0] *= 2.5
    shares /= shares.sum()
    true = (shares / shares.sum(1, keepdims=True) / shares.sum(0, keepdims=True))[0, 0]
    covered = 0
    for _ in range(draws):
        where = chance.choice(9, 4000, p=shares.ravel())
        sizes = np.ceil(chance.lognormal(2.0, 1.0, 4000))
        tables = [named(np.bincount(where, weights, 9).reshape(3, 3)) for weights in (sizes, sizes**2)]
        one = location_quotients(tables[0], squares=tables[1])
        covered += one.low[0, 0] <= true <= one.high[0, 0]
    return covered / draws


def test_intervals_cover():
    assert 0.90 <= coverage(200, 1) <= 0.99


@pytest.mark.slow
def test_intervals_cover_closely():
    assert 0.935 <= coverage(2000, 2) <= 0.965


def test_bad_input_says_where():
    with pytest.raises(Unfit, match="no column industry"):
        cells({"region": ["a"], "employment": [1]})
    with pytest.raises(Unfit, match="rows 2"):
        cells({"region": ["a", "b"], "industry": ["x", "x"], "employment": [1.0, -1.0]})
    with pytest.raises(Unfit, match="column region, rows 1"):
        cells({"region": [None, "b"], "industry": ["x", "x"], "employment": [1.0, 1.0]})
    with pytest.raises(Unfit, match="string"):
        cells({"region": ["b"], "industry": ["x"], "employment": ["1"]})
    with pytest.raises(Unfit, match="no rows"):
        cells(pa.table({"region": [], "industry": [], "employment": []}))
    with pytest.raises(Unfit, match="different regions"):
        location_quotients(named(np.ones((2, 2))), plants=named(np.ones((3, 2))))
    with pytest.raises(Unfit, match="no employment"):
        quotients(np.zeros((2, 2)))


def test_years_share_their_labels():
    rows = {"year": [2, 1, 1], "region": ["b", "a", "b"], "industry": ["x", "y", "x"], "employment": [1, 2, 3]}
    years = yearly(rows)
    assert list(years) == [1, 2]
    assert years[2].values.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert years[1].regions is years[2].regions


def test_merged_sums_industries_into_clusters():
    one = Cells(np.array(["r"]), np.array(["a", "b", "c"]), np.array([[1.0, 2.0, 4.0]]))
    assert one.merged({"a": "K", "b": "K"}).values.tolist() == [[3.0]]
    assert one.merged({"a": "K", "b": "K"}, other="rest").values.tolist() == [[3.0, 4.0]]
