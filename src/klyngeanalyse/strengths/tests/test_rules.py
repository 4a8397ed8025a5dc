"""Stars by rule set, strong clusters, concentration."""

import doctest
from fractions import Fraction

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.strengths import agglomeration, discoveries, growth
from klyngeanalyse.strengths import cells as cells_module
from klyngeanalyse.strengths import quotients as quotients_module
from klyngeanalyse.strengths.agglomeration import ellison_glaeser
from klyngeanalyse.strengths.cells import Cells, cells
from klyngeanalyse.strengths.quotients import quotients
from klyngeanalyse.strengths.rulesets import NATIONAL_MARKS, OBSERVATORY_2006, RULE_SETS, Criterion, RuleSet, rule_set
from klyngeanalyse.strengths.stars import stars
from klyngeanalyse.strengths.strong import strong_clusters
from klyngeanalyse.strengths.tests.shared import table


def named(values):
    values = np.asarray(values, dtype=float)
    return Cells(
        np.array([f"r{n:03}" for n in range(values.shape[0])]),
        np.array([f"c{n:03}" for n in range(values.shape[1])]),
        values,
    )


@pytest.mark.parametrize("module", [cells_module, quotients_module, agglomeration, discoveries, growth])
def test_worked_examples(module):
    done = doctest.testmod(module, extraglobs={"np": np})
    assert done.attempted and not done.failed


class TestStars:
    def test_five_regions_get_no_stars_and_are_told_why(self):
        with pytest.raises(Unfit, match=r"stars over 5 regions.*the top 10 % of 5 regions is 0.5 regions"):
            stars(named(np.ones((5, 3)) * 5000), OBSERVATORY_2006)
        with pytest.raises(Unfit, match="marks over 5 regions"):
            stars(named(np.ones((5, 3)) * 5000), NATIONAL_MARKS)

    def test_against_plain_counting(self):
        chance = np.random.default_rng(3)
        values = np.round(chance.lognormal(6, 1.5, (80, 7)))
        one = stars(named(values), OBSERVATORY_2006)
        lq = quotients(values)
        for r in range(80):
            for c in range(7):
                size = sum(values[other, c] > values[r, c] for other in range(80)) < 8
                focus = [values[other, c] / values[other].sum() for other in range(80)]
                near = sum(share > focus[r] for share in focus) < 8
                expected = 0 if values[r, c] < 1000 else int(size) + int(lq[r, c] >= 2) + int(near)
                assert one.count[r, c] == expected
        assert one.count.max() == 3
        assert {row["stars"] for row in one.rows()} <= {1, 2, 3}
        assert one.chart()["encoding"]["color"]["field"] == "stars"

    @given(st.randoms(use_true_random=False))
    def test_order_of_regions_does_not_matter(self, chance):
        values = np.random.default_rng(5).integers(0, 4000, (60, 4)).astype(float)
        order = list(range(60))
        chance.shuffle(order)
        assert np.array_equal(
            stars(named(values[order]), OBSERVATORY_2006).count, stars(named(values), OBSERVATORY_2006).count[order]
        )

    def test_more_employment_never_loses_the_size_star(self):
        values = np.random.default_rng(6).integers(1000, 4000, (60, 4)).astype(float)
        before = stars(named(values), OBSERVATORY_2006).met["size"]
        values[before] += 500
        assert stars(named(values), OBSERVATORY_2006).met["size"][before].all()

    def test_the_floor_and_ties(self):
        rules = RuleSet("t", "1", "test", (Criterion("size", share=0.1),), 100.0, 10, "mark")
        values = np.full((20, 1), 50.0)
        assert stars(named(values), rules).count.sum() == 0
        values[:3] = 200.0
        assert stars(named(values), rules).count.ravel().tolist() == [1, 1, 1] + [0] * 17

    def test_a_scope_of_all_cells(self):
        rules = RuleSet("t", "1", "test", (Criterion("size", share=0.05, scope="all"),), 1.0, 10, "mark")
        values = np.arange(1.0, 41.0).reshape(20, 2)
        assert stars(named(values), rules).count.sum() == 2

    def test_productivity_must_be_given(self):
        values = named(np.ones((70, 2)) * 2000)
        rules = RULE_SETS["panorama-2020"]
        with pytest.raises(Unfit, match="no metric productivity"):
            stars(values, rules)
        given_table = named(np.arange(140).reshape(70, 2))
        assert stars(values, rules, metrics={"productivity": given_table}).met["productivity"].sum() == 28
        with pytest.raises(Unfit, match="counted from employment"):
            stars(values, rules, metrics={"size": given_table})

    def test_a_rule_set_is_data(self):
        said = {
            "name": "x",
            "version": "2",
            "source": "s",
            "floor": 10,
            "least_regions": 11,
            "criteria": [{"metric": "size", "share": 0.2}],
        }
        assert rule_set(said).criteria == (Criterion("size", share=0.2),)
        with pytest.raises(Unfit, match="missing: floor"):
            rule_set({key: value for key, value in said.items() if key != "floor"})
        with pytest.raises(Unfit, match="not both"):
            rule_set({**said, "criteria": [{"metric": "size", "share": 0.2, "threshold": 3}]})
        with pytest.raises(Unfit, match="cannot be read"):
            rule_set({**said, "criteria": [{"metric": "size", "portion": 0.2}]})


class TestStrongClusters:
    def test_the_us_states_by_the_benchmark_definitions(self):
        rows = table("us_qcew/qcew_state_naics_2019.parquet")
        rows = rows.filter(pc.and_(pc.equal(rows["own_code"], 5), pc.equal(rows["agglvl_code"], 58)))
        kinds = table("us_cluster_definitions/naics_to_porter_cluster.csv")
        traded = pc.equal(kinds["traded_local"], "Traded")
        to = dict(zip(*(kinds.filter(traded)[name].to_pylist() for name in ("naics", "cluster")), strict=True))
        tables = [
            cells(rows, region="area_fips", industry="industry_code", value=value).merged(to)
            for value in ("annual_avg_emplvl", "annual_avg_estabs")
        ]
        assert len(tables[0].industries) == 51
        one = strong_clusters(*tables, least_employment=1000, least_plants=10)
        found = {(row["region"], row["cluster"]) for row in one.rows()}
        assert {
            ("26000", "Automotive"),
            ("48000", "Oil and Gas Production and Transportation"),
            ("32000", "Hospitality and Tourism"),
        } <= found
        assert ("26000", "Oil and Gas Production and Transportation") not in found
        assert (one.strong.sum(0) <= 13).all()

    def test_conditions_each_bite(self):
        values = named(np.array([[90.0, 10], [50, 50], [40, 60], [45, 55], [40, 60], [45, 55], [42, 58], [48, 52]]))
        plants = named(np.full((8, 2), 5.0))
        assert strong_clusters(values, plants, least_employment=1, least_plants=1).strong[:, 0].tolist()[:2] == [
            True,
            False,
        ]
        assert not strong_clusters(values, plants, least_employment=91, least_plants=1).strong.any()
        assert not strong_clusters(values, plants, least_employment=1, least_plants=6).strong.any()
        with pytest.raises(Unfit, match="strong clusters over 5 regions"):
            strong_clusters(named(np.ones((5, 2))), named(np.ones((5, 2))), least_employment=1, least_plants=1)

    def test_what_stands_on_a_mark_counts_and_the_row_says_it(self):
        values = named([[60, 40], *[[50, 50]] * 6, [40, 60]])
        plants = named([[7, 1], *[[5, 5]] * 6, [1, 9]])
        one = strong_clusters(values, plants, least_employment=60, least_plants=7)
        assert np.argwhere(one.strong).tolist() == [[0, 0], [7, 1]]
        assert next(iter(one.rows())) == {
            "region": values.regions[0].item(), "cluster": values.industries[0].item(), "employment": 60.0, "plants": 7.0,
            "quotient": pytest.approx(1.2), "quartile": pytest.approx(1.0),
        }  # fmt: skip
        assert np.argwhere(strong_clusters(values, plants, least_employment=60, least_plants=8).strong).tolist() == [
            [7, 1]
        ]
        # seven of eight have the quartile itself: a tie with it counts, a quotient of exactly the least does not
        low = {"least_employment": 1, "least_plants": 1}
        assert strong_clusters(values, plants, **low, least_quotient=0.99).strong[:, 0].tolist() == [True] * 7 + [False]
        assert strong_clusters(values, plants, **low, least_quotient=1.0).strong[:, 0].tolist() == [True] + [False] * 7
        assert strong_clusters(values, plants, **low, share=0.5, least_quotient=0.5).bar.tolist() == pytest.approx(
            [1, 1]
        )

    def test_an_industry_with_nobody_is_strong_nowhere(self):
        one = strong_clusters(
            named([[1, 0]] * 8), named([[1, 0]] * 8), least_employment=0, least_plants=0, least_quotient=0.5
        )
        assert one.strong[:, 0].all() and not one.strong[:, 1].any() and one.quotient[:, 1].tolist() == [0] * 8

    def test_what_does_not_fit_is_refused_in_words(self):
        two = named(np.ones((8, 2)))
        for other in (named(np.ones((7, 2))), named(np.ones((8, 3)))):
            with pytest.raises(Unfit) as error:
                strong_clusters(two, other, least_employment=1, least_plants=1)
            assert (
                str(error.value)
                == "plants and employment name different regions or clusters · build both from the same rows"
            )
        with pytest.raises(Unfit) as error:
            strong_clusters(named(np.ones((7, 2))), named(np.ones((7, 2))), least_employment=1, least_plants=1)
        assert str(error.value) == (
            "strong clusters over 7 regions · the top 25 % would be fewer than two regions · give more and smaller regions"
        )


class TestEllisonGlaeser:
    def plain(self, sizes, places, regional):
        total, everybody = sum(sizes), sum(regional.values())
        x = {place: Fraction(size) / everybody for place, size in regional.items()}
        s = {
            place: sum(
                (Fraction(size) for size, where in zip(sizes, places, strict=True) if where == place), Fraction(0)
            )
            / total
            for place in x
        }
        big_g, h = sum((s[p] - x[p]) ** 2 for p in x), sum((Fraction(size) / total) ** 2 for size in sizes)
        off = 1 - sum(one**2 for one in x.values())
        return (big_g - off * h) / (off * (1 - h)), big_g, h

    def test_the_textbook_set(self):
        rows = table("regional_panels/reat_FK2014_EGC.csv.gz", decimals=("emp_firm", "emp_region"))
        regional = dict(zip(rows["region"].to_pylist(), map(int, rows["emp_region"].to_pylist()), strict=True))
        assert regional == {"1.0": 360_000, "2.0": 108_000, "3.0": 132_000}
        one = ellison_glaeser(rows, industry="industry", region="region", size="emp_firm", regional=regional)
        for nth, industry in enumerate(one.industries.tolist()):
            part = rows.filter(pc.equal(rows["industry"], industry))
            gamma, big_g, h = self.plain(
                [int(v) for v in part["emp_firm"].to_pylist()], part["region"].to_pylist(), regional
            )
            assert one.gamma[nth] == pytest.approx(float(gamma), abs=1e-13)
            assert one.raw[nth] == pytest.approx(float(big_g), abs=1e-14)
            assert one.herfindahl[nth] == pytest.approx(float(h), abs=1e-14)
        # by hand: 8,575 of 10,000 jobs of the clothing trade in the first region, which has three fifths of all jobs
        assert one.raw[0] == pytest.approx((0.8575 - 0.6) ** 2 + (0.0645 - 0.18) ** 2 + (0.078 - 0.22) ** 2, abs=1e-12)

    def test_plants_thrown_at_the_map_have_gamma_zero(self):
        chance = np.random.default_rng(11)
        x, sizes = np.array([0.5, 0.3, 0.15, 0.05]), chance.lognormal(3, 1, 60)
        draws = 3000
        rows = {
            "industry": np.repeat(np.arange(draws), 60),
            "region": chance.choice(4, draws * 60, p=x),
            "employment": np.tile(sizes, draws),
        }
        one = ellison_glaeser(rows, regional=dict(enumerate(x.tolist())))
        error = one.gamma.std() / np.sqrt(draws)
        assert abs(one.gamma.mean()) < 4 * error and error < 1e-3
        # G less its mean over its standard deviation of Ellison & Glaeser
        assert abs(one.z.mean()) < 4 / np.sqrt(draws)
        assert one.z.std() == pytest.approx(1.0, abs=0.06)

    @given(
        st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(1, 50)), min_size=4, max_size=30),
        st.integers(2, 9),
    )
    def test_units_and_order_do_not_matter(self, plants, scale):
        rows = {key: [one[nth] for one in plants] for nth, key in enumerate(("industry", "region", "employment"))}
        regional = {"x": 3.0, "y": 2.0, "z": 1.0, "w": 1.0}
        one = ellison_glaeser(rows, regional=regional)
        other = {
            "industry": rows["industry"][::-1],
            "region": rows["region"][::-1],
            "employment": [scale * v for v in rows["employment"]][::-1],
        }
        two = ellison_glaeser(other, regional={key: 7 * value for key, value in regional.items()})
        assert np.allclose(one.gamma, two.gamma, equal_nan=True, atol=1e-10)
        for nth, name in enumerate(one.industries.tolist()):
            mine = [(size, place) for industry, place, size in plants if industry == name]
            if len(mine) > 1:
                gamma, _, _ = self.plain(
                    [size for size, _ in mine], [place for _, place in mine], {k: int(v) for k, v in regional.items()}
                )
                assert one.gamma[nth] == pytest.approx(float(gamma), abs=1e-9)

    def test_a_plant_without_jobs_is_no_plant(self):
        """So an industry with one plant that has jobs has no gamma, however many others stand empty."""
        one = ellison_glaeser({"industry": [*"aab"], "region": [*"xyy"], "employment": [4, 0, 5]})
        assert one.plants.tolist() == [1, 1] and np.isnan(one.gamma).all() and np.isnan(one.z).all()

    def test_refusals(self):
        rows = {"industry": ["a", "a"], "region": ["x", "x"], "employment": [1, 2]}
        with pytest.raises(
            Unfit, match=r"in one region · nothing can be more concentrated than that · give finer regions$"
        ):
            ellison_glaeser(rows)
        with pytest.raises(Unfit, match="region x"):
            ellison_glaeser(rows, regional={"y": 1.0, "z": 2.0})
        with pytest.raises(Unfit, match="no employment in a"):
            ellison_glaeser({**rows, "employment": [0, 0]})
        assert (
            next(iter(ellison_glaeser({"industry": ["a", "b"], "region": ["x", "y"], "employment": [1, 2]}).rows()))[
                "verdict"
            ]
            == "undefined"
        )
