"""Matched companies with starts of their own, worked by hand; and the two-way regression of two years."""

import numpy as np
import pytest

from klyngeanalyse.core.engines import DuckEngine, as_arrow
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.matched import matched
from klyngeanalyse.effects.tests.test_twoway import MATCHED, small
from klyngeanalyse.effects.twoway import two_way
from klyngeanalyse.panel.schema import PanelSchema

NAN = float("nan")
# company: (first participation, outcomes from 2010 to 2013); 1 and 2 take part, 5 does later
PANEL = {
    1: (2011, (0.0, 3.0, 5.0, 7.0)),
    2: (2012, (10.0, 10.0, 14.0, 17.0)),
    3: (0, (0.0, 1.0, 2.0, 3.0)),
    4: (0, (5.0, 5.0, 7.0, 8.0)),
    5: (2013, (0.0, 1.0, 2.0, NAN)),
    6: (0, (9.0, 0.0, 9.0, 0.0)),
}
# 3 and 5 are matched to 1, 4 to 2, which counts three times; 6 to nobody
WEIGHTS = {
    "company": [1, 3, 5, 2, 4, 6],
    "weight": [1.0, 0.5, 0.5, 3.0, 3.0, 0.0],
    "start": [2011, 2011, 2011, 2012, 2012, 2012],
    "pair": ["a", "a", "a", "b", "b", "b"],
}


@pytest.fixture
def engine():
    engine = DuckEngine()
    engine.put(
        "p",
        as_arrow(
            {
                "company": [one for one in PANEL for _ in range(4)],
                "year": [2010, 2011, 2012, 2013] * len(PANEL),
                "first": [first for first, _ in PANEL.values() for _ in range(4)],
                "y": [value for _, values in PANEL.values() for value in values],
            }
        ),
    )
    engine.put("w", as_arrow(WEIGHTS))
    yield engine
    engine.close()


def test_each_company_is_aligned_to_its_own_start(engine):
    """Year 0: (3 + 3 * 4) / 4 against (0.5 + 0.5 + 3 * 2) / 4; 1: (5 + 3 * 7) / 4 against (1 + 1 + 3 * 3) / 4; 2: only 1 against 3."""
    (said,) = matched(engine, "p", MATCHED, "w")
    shown = {one.event: (one.estimate, one.level, one.n_treated, one.n_control) for one in said.years}
    assert shown == {
        -2: (pytest.approx(0.0), pytest.approx(10.0), 1, 1),
        0: (pytest.approx(3.75 - 1.75), pytest.approx((3 + 3 * 14) / 4), 2, 3),
        1: (pytest.approx(6.5 - 2.75), pytest.approx((5 + 3 * 17) / 4), 2, 3),
        2: (pytest.approx(7.0 - 3.0), pytest.approx(7.0), 1, 1),
    }
    whole = said.overall
    assert (whole.event, whole.estimate, whole.level) == pytest.approx((0, (2 + 3.75 + 4) / 3, (11.25 + 14 + 7) / 3))
    assert (whole.n_treated, whole.n_control, said.n_clusters, said.clustered) == (2, 3, 5, "company")


def influence():
    """Companies 1, 3, 5, 2, 4 on the years -2, 0, 1 and 2: who stands alone on a side is its mean."""
    return np.array(
        [
            [0, (3 - 3.75) / 4, (5 - 6.5) / 4, 0],
            [0, -0.5 * (1 - 1.75) / 4, -0.5 * (2 - 2.75) / 4, 0],
            [0, -0.5 * (1 - 1.75) / 4, -0.5 * (2 - 2.75) / 4, 0],
            [0, 3 * (4 - 3.75) / 4, 3 * (7 - 6.5) / 4, 0],
            [0, -3 * (2 - 1.75) / 4, -3 * (3 - 2.75) / 4, 0],
        ]
    )


def test_errors_are_sums_of_influence_over_companies_or_pairs(engine):
    by_pair = np.array([influence()[:3].sum(axis=0), influence()[3:].sum(axis=0)])
    for cluster, psi in ((None, influence()), ("pair", by_pair)):
        (said,) = matched(engine, "p", MATCHED, "w", cluster=cluster)
        covariance = psi.T @ psi * len(psi) / (len(psi) - 1)
        assert said.covariance == pytest.approx(covariance, abs=1e-12) and said.n_clusters == len(psi)
        assert [one.stderr for one in said.years] == pytest.approx(np.sqrt(np.diag(covariance)), abs=1e-9)
        after = np.array([0, 1, 1, 1]) / 3
        assert said.overall.stderr == pytest.approx(np.sqrt(after @ covariance @ after), abs=1e-12)


def test_the_interval_has_the_level_asked_and_the_band_is_of_all_years(engine):
    (said,) = matched(engine, "p", MATCHED, "w", level=0.8)
    whole, first = said.overall, said.years[1]
    assert (whole.low, whole.high) == pytest.approx((whole.estimate - normal(0.8) * whole.stderr, whole.estimate + normal(0.8) * whole.stderr), rel=1e-5)  # fmt: skip
    assert (whole.band_low, whole.band_high) == (whole.low, whole.high)
    assert first.band_high - first.estimate >= first.high - first.estimate == pytest.approx(normal(0.8) * first.stderr)
    (again,) = matched(engine, "p", MATCHED, "w", level=0.8)
    assert again.years == said.years and again.overall == said.overall


def test_another_base_year_keeps_those_who_are_seen_in_it(engine):
    (said,) = matched(engine, "p", MATCHED, "w", base=-2)
    assert {one.event: (one.estimate, one.n_treated, one.n_control) for one in said.years} == {
        -1: (0.0, 1, 1),
        0: (4.0 - 2.0, 1, 1),
        1: (7.0 - 3.0, 1, 1),
    }


@pytest.mark.parametrize("gone", [1, 3])
def test_a_year_in_which_one_side_is_not_seen_has_no_effect(engine, gone):
    """Two years after 2011 there are only 1 and 3: without one of them nothing is compared."""
    engine.put("g", engine.arrow(f"select company, year, first, case when company <> {gone} or year < 2013 then y end as y from p"))  # fmt: skip
    (said,) = matched(engine, "g", MATCHED, "w")
    assert {one.event: one.estimate for one in said.years} == {-2: 0.0, 0: 2.0, 1: 3.75}
    assert said.overall.estimate == pytest.approx((2 + 3.75) / 2)


def test_a_company_matched_twice_has_the_sum_of_its_influences(engine):
    """3 for both participants, with a start each: -1 on 3 of year 0 is of both uses, and the company is one cluster of three."""
    engine.put("v", as_arrow({"company": [1, 3, 2, 3], "weight": [1.0] * 4, "start": [2011, 2011, 2012, 2012]}))
    (said,) = matched(engine, "p", MATCHED, "v")
    (year,) = (one for one in said.years if one.event == 0)
    assert (year.estimate, year.n_treated, year.n_control, said.n_clusters) == (3.5 - 1.0, 2, 2, 3)
    assert year.stderr == pytest.approx(np.sqrt((0.25**2 + 0.25**2 + 0) * 3 / 2))
    later = next(one for one in said.years if one.event == 1)
    assert later.estimate == pytest.approx(6.0 - 2.0) and later.stderr == pytest.approx(np.sqrt(2 * 0.5**2 * 3 / 2))


def test_several_outcomes_each_have_their_answer_and_rows_say_their_part(engine):
    engine.put("q", engine.arrow("select *, 2 * y as z from p"))
    one, other = matched(engine, "q", PanelSchema(outcomes=("y", "z"), first_participation="first"), "w")
    assert (one.outcome, other.outcome) == ("y", "z")
    assert other.overall.estimate == pytest.approx(2 * one.overall.estimate)
    assert [(row["part"], row["event"]) for row in one.rows()] == [("overall", 0), *(("year", event) for event in (-2, 0, 1, 2))]  # fmt: skip


def test_refusals_say_what_where_and_how_to_mend(engine):
    engine.put("n", as_arrow({"company": [1, 2]}))
    engine.put("k", as_arrow({"cell": [1, 2]}))
    engine.put("none", as_arrow({"company": [3, 4], "weight": [1.0, 1.0]}))
    engine.put("zero", as_arrow({"company": [1, 3], "weight": [0.0, 0.0], "start": [2011, 2011]}))
    engine.put("early", as_arrow({"company": [1, 3], "weight": [1.0, 1.0], "start": [2015, 2015]}))
    plain = PanelSchema(outcomes=("y",))
    for words, schema, table in (
        (r"no column company, weight · table k · give company, weight and", MATCHED, "k"),
        (r"no column weight · table n · give company, weight and", MATCHED, "n"),
        (r"no column for the first participation · panel schema · give", plain, "w"),
        (r"no matched company that takes part is in the panel · table none · use the panel's", MATCHED, "none"),
        (r"no matched company is in the panel · table zero · use the panel's", MATCHED, "zero"),
        (r"no observation -1 years from participation · outcome y · base one of \[-5, -4, -3, -2\]$", MATCHED, "early"),
    ):
        with pytest.raises(Unfit, match=f"^{words}"):
            matched(engine, "p", schema, table)
    engine.put("several", as_arrow({"company": [1, 2, 3], "weight": [1.0, 1.0, 1.0]}))
    several = (
        r"^participation begins in 2 years · table several · a match has no year of its own · add a column `start`"
    )
    with pytest.raises(Unfit, match=several):
        matched(engine, "p", MATCHED, "several")
    with pytest.raises(Unfit, match=r"^no year after participation · outcome y · give years after participation$"):
        matched(engine, "p", MATCHED, "early", base=-3)


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_two_years_of_two_way_are_the_difference_in_differences_with_its_interval(engine, level):
    """Changes 3 and 5 against 1, 2 and 4: 4 - 7/3; the influences are -1/2 and 1/2, and -4/9, -1/9 and 5/9."""
    engine.put("s", as_arrow(small()))
    said = two_way(gather(engine, "s", MATCHED, Design()), "y", level)
    error = np.sqrt((0.5 + (16 + 1 + 25) / 81) * 5 / 4)
    assert (said.estimate, said.stderr) == pytest.approx((4 - 7 / 3, error))
    assert (said.low, said.high) == pytest.approx(
        (4 - 7 / 3 - normal(level) * error, 4 - 7 / 3 + normal(level) * error)
    )
    assert (said.n_companies, said.n_left_out, said.outcome) == (5, 0, "y")
    assert [(one.kind, one.cohort, one.control) for one in said.comparisons] == [("never", 2011, 0)]


def test_each_comparison_says_who_is_compared_with_whom(engine):
    """Two first years and who never took part: each with the latter, the early one while the late one waits, and the late one after."""
    said = two_way(gather(engine, "p", MATCHED, Design()), "y")
    assert [(one.kind, one.cohort, one.control) for one in said.comparisons] == [
        ("never", 2011, 0),
        ("later", 2011, 2012),
        ("earlier", 2012, 2011),
        ("never", 2012, 0),
    ]
    # 1 from 2010 to 2011 against 2, who waits; 2 from 2011 on against 1, who takes part already
    assert [one.estimate for one in said.comparisons[1:3]] == pytest.approx([3 - 0, (15.5 - 10) - (6 - 3)])


def test_two_way_leaves_out_who_is_not_seen_in_every_year_and_says_how_many(engine):
    said = two_way(gather(engine, "p", MATCHED, Design()), "y")
    assert (said.n_companies, said.n_left_out) == (5, 1)
    engine.put("h", engine.arrow("select company, year, first, case when year - company % 4 <> 2010 then y end as y from p"))  # fmt: skip
    with pytest.raises(Unfit, match=r"^no company is observed in every year · outcome y · shorten the period$"):
        two_way(gather(engine, "h", MATCHED, Design()), "y")
    engine.put("everybody", engine.arrow("select company, year, 2012 as first, y from p where company <> 5"))
    with pytest.raises(Unfit, match=r"^participation does not vary .* · outcome y · give companies that never took part$"):  # fmt: skip
        two_way(gather(engine, "everybody", MATCHED, Design()), "y")
    with pytest.raises(Unfit, match=r"^no outcome z · one of y$"):
        two_way(gather(engine, "p", MATCHED, Design()), "z")
