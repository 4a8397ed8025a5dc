"""What grew beyond the country and the industry, and fields that emerge."""

from fractions import Fraction
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.strengths.cells import Cells
from klyngeanalyse.strengths.discoveries import adjusted
from klyngeanalyse.strengths.emerging import emerging_fields
from klyngeanalyse.strengths.growth import dynamic_shift_share, shift_share
from klyngeanalyse.strengths.tests.shared import table
from klyngeanalyse.strengths.tests.test_rules import named


class TestShiftShare:
    def test_the_town_of_goettingen(self):
        """Jobs 2008 to 2017 beside Germany: components by exact fractions (the fifteen industries; the printed total holds more)."""
        names = ["Goettingen2008", "Goettingen2017", "BRD2008", "BRD2017"]
        rows = table("regional_panels/reat_Goettingen.csv.gz", decimals=tuple(names))
        rows = rows.slice(1)
        code = np.array(rows["WZ2008_Code"].to_pylist())
        order = np.argsort(code)
        values = [rows[name].to_numpy()[order][None, :] for name in names]
        region, nation = np.array(["Goettingen"]), np.array(["BRD"])
        tables = [Cells(region if nth < 2 else nation, code[order], one) for nth, one in enumerate(values)]
        one = shift_share(tables[0], tables[1], reference=(tables[2], tables[3]))
        town0, town1, land0, land1 = ([Fraction(int(v)) for v in part[0]] for part in values)
        g = sum(land1) / sum(land0) - 1
        mix = sum(e * (b / a - 1 - g) for e, a, b in zip(town0, land0, land1, strict=True))
        own = sum(e1 - e0 * b / a for e0, e1, a, b in zip(town0, town1, land0, land1, strict=True))
        assert one.national.sum() == pytest.approx(float(sum(town0) * g), rel=1e-12)
        assert one.mix.sum() == pytest.approx(float(mix), rel=1e-10)
        assert one.regional.sum() == pytest.approx(float(own), rel=1e-10)
        assert one.change.sum() == 67_283 - 56_872

    @given(st.lists(st.lists(st.integers(1, 99), min_size=6, max_size=6), min_size=3, max_size=3))
    def test_the_parts_are_the_change_and_regional_parts_cancel(self, years):
        tables = {nth: named(np.reshape(one, (2, 3))) for nth, one in enumerate(years)}
        for one in (shift_share(tables[0], tables[2]), dynamic_shift_share(tables)):
            assert np.allclose(one.national + one.mix + one.regional, one.change)
            assert abs(one.regional.sum()) < 1e-9
            assert abs(one.mix.sum()) < 1e-9
        assert len(list(one.rows())) == 2 and one.chart()["mark"] == "bar"

    def test_a_new_industry_is_regional(self):
        one = shift_share(named([[0.0, 10], [0, 10]]), named([[5.0, 10], [0, 10]]))
        assert one.regional[0, 0] == 5 and one.mix[0, 0] == 0

    def test_refusals(self):
        with pytest.raises(Unfit, match="at least two"):
            dynamic_shift_share({1: named([[1.0]])})
        two, one = named([[1.0, 2.0]]), named([[1.0]])
        unlike = "the two years name different regions or industries · read both years in one table"
        for before, after, reference, line in (
            (two, two, (one, one), "industry c001 is not in the reference · give the reference all industries"),
            (two, one, None, unlike),
            (one, one, (one, two), unlike),
            (named([[0.0]]), one, None, "no employment before · give a first year with employment"),
        ):
            with pytest.raises(Unfit) as error:
                shift_share(before, after, reference=reference)
            assert str(error.value) == line


class TestEmerging:
    def world(self, seed, planted, regions=40, industries=30):
        chance = np.random.default_rng(seed)
        mean = chance.lognormal(3.2, 0.7, (regions, industries))
        before = chance.poisson(mean)
        rise = np.ones_like(mean)
        spots = [(n % regions, (7 * n) % industries) for n in range(planted)]
        for spot in spots:
            rise[spot] = 3.0
        return named(before), named(chance.poisson(mean * rise * 1.1)), spots

    def rate(self, draws, planted):
        shares, power = [], []
        for seed in range(draws):
            before, after, spots = self.world(seed, planted)
            one = emerging_fields(before, after, np.ones(before.values.shape), rate=0.10)
            said = set(zip(*(part.tolist() for part in np.nonzero(one.q <= 0.10)), strict=True))
            shares.append(len(said - set(spots)) / max(len(said), 1))
            power.append(len(said & set(spots)) / max(planted, 1))
        return np.mean(shares), np.mean(power)

    def test_the_stated_share_of_false_discoveries_is_kept(self):
        false, power = self.rate(40, 25)
        assert false <= 0.13 and power > 0.7

    @pytest.mark.slow
    def test_the_stated_share_is_kept_closely(self):
        assert self.rate(1000, 25)[0] <= 0.11
        assert self.rate(1000, 0)[0] <= 0.12

    def test_overdispersed_counts_are_seen_as_such(self):
        chance = np.random.default_rng(9)
        mean = np.full((40, 30), 40.0)
        lumpy = [named(4 * chance.poisson(mean / 4)) for _ in range(2)]
        one = emerging_fields(*lumpy, np.ones(mean.shape))
        assert one.dispersion == pytest.approx(4.0, abs=0.8)

    def test_found_cells_are_small_near_and_grown(self):
        before, after, _ = self.world(3, 30)
        near = np.random.default_rng(4).random(before.values.shape)
        one = emerging_fields(before, after, near)
        assert one.found.any() and one.tested > 100
        for r, c in zip(*np.nonzero(one.found), strict=True):
            assert near[r, c] > np.median(near[r]) and one.q[r, c] <= 0.10 and one.excess[r, c] > 0
            assert before.values[r, c] <= np.quantile(before.values[:, c][before.values[:, c] > 0], 0.5)
        assert one.expected_false == pytest.approx(0.1 * (one.q <= 0.1).sum())
        assert len(list(one.rows())) == one.found.sum() and one.chart()["mark"] == "point"

    def test_growth_beyond_the_rest_by_hand(self):
        """10 -> 40 beside 20 -> 20 elsewhere, the added halves counted in: log 4, with variance 1/10 + 1/40 + 1/20 + 1/20."""
        before, after = named([[9.5], [10], [9.5]]), named([[39.5], [4], [15.5]])
        for dispersion in (1.0, 4.0):
            one = emerging_fields(before, after, np.ones((3, 1)), dispersion=dispersion)
            assert one.excess[0, 0] == pytest.approx(np.log(4)) and one.dispersion == dispersion
            assert one.stderr[0, 0] ** 2 == pytest.approx(0.225 * dispersion)
            chance = NormalDist().cdf(-np.log(4) / np.sqrt(0.225 * dispersion))
            assert one.p[0, 0] == pytest.approx(chance)

    def test_a_cell_at_the_mark_is_small_and_a_density_at_the_median_is_not_near(self):
        before, after = (
            named([[40, 40], [20, 40], [30, 40], [10, 40]]),
            named([[160, 40], [20, 40], [30, 40], [10, 40]]),
        )
        near = np.tile([1.0, 0.0], (4, 1))
        for small, density, found in ((1.0, near, True), (0.9, near, False), (1.0, np.ones((4, 2)), False)):
            one = emerging_fields(before, after, density, small=small, dispersion=1.0)
            assert np.argwhere(one.found).tolist() == ([[0, 0]] if found else [])

    def test_refusals(self):
        line = "0 cells to test · fewer than two expect 5 or more · lower the least or merge regions$"
        with pytest.raises(Unfit, match=line):
            emerging_fields(named(np.zeros((3, 3))), named(np.zeros((3, 3))), np.ones((3, 3)))
        with pytest.raises(Unfit, match="different cells"):
            emerging_fields(named(np.ones((3, 3))), named(np.ones((3, 2))), np.ones((3, 3)))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_is_the_plain_rule(p):
    ordered = sorted(p)
    for rate in (0.05, 0.1, 0.3):
        last = max([k + 1 for k, one in enumerate(ordered) if one <= (k + 1) / len(p) * rate * (1 + 1e-12)], default=0)
        bar = ordered[last - 1] if last else -1.0
        assert ((adjusted(np.array(p)) <= rate * (1 + 1e-11)) == (np.array(p) <= bar)).all()
