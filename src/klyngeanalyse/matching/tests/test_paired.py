"""From matched sets to an answer, each part on a handful of companies: weights, outcomes compared, one variance for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.matching import Design
from klyngeanalyse.matching.paired import adjusted, averaged, choose, comparison, pair_table, pairs, weight_table
from klyngeanalyse.matching.pool import Pool
from klyngeanalyse.matching.tests.cases import candidates, placed, pool, study

# two treated; 11 is the nearest of both, 12 the second of one, 13 the second of the other
SHARED = pool(
    [(1, 0.50, 1, 10.0), (1, 0.60, 2, 20.0), (2, 0.5, 3, 99.0)],
    [(1, 0.54, 11, 4.0), (1, 0.44, 12, 6.0), (1, 0.65, 13, 12.0), (1, 0.9, 14, 50.0)],
)


def plan(**said: Any) -> Design:
    return Design(covariates=("x",), outcomes=("y",), **said)


def test_what_each_control_carries_by_hand() -> None:
    """1 has 11 and 12, half of each; 2 has 13 and 11. So 11 carries 1/2 + 1/2, and the squares add up to 1/4 + 1/4."""
    found = choose(SHARED, plan(neighbours=2))
    assert found.matched.tolist() == [0, 1] and found.count.tolist() == [2, 2]
    company = SHARED.control.company.to_pylist()
    carried = {company[own]: (k, k2) for own, k, k2 in zip(found.used, found.k, found.k2, strict=True)}
    assert carried == {11: (1.0, 0.5), 12: (0.5, 0.25), 13: (0.5, 0.25)}
    assert found.y0.tolist() == [[5.0], [8.0]]
    assert found.sets is not None and found.sets.weight.tolist() == [0.5] * 4


def test_fewer_than_asked_are_counted() -> None:
    found = choose(SHARED, plan(neighbours=2, caliper=0.05))
    assert found.matched.tolist() == [0, 1] and found.count.tolist() == [1, 1 + 0]
    company = SHARED.control.company.to_pylist()
    assert [company[own] for own in found.used] == [11, 13]
    assert found.y0.tolist() == [[4.0], [12.0]]


def test_nobody_is_chosen_of_nobody() -> None:
    found = choose(SHARED, plan(neighbours=2, caliper=0.001))
    assert [len(part) for part in (found.matched, found.used, found.y0, found.k, found.k2, found.count)] == [0] * 6
    assert pair_table(SHARED, found.sets).num_rows == weight_table(SHARED, found).num_rows == 0
    assert found.k.dtype == found.k2.dtype == np.float64


def test_a_kernel_has_no_pairs() -> None:
    """Bandwidth 0.1: 1 sees 11 and 12 at 0.4 and 0.6 of it, 2 sees 13 and 11 at 0.5 and 0.6."""
    found = choose(SHARED, plan(method="kernel", bandwidth=0.1))
    near, mid, far = 1 - 0.4**2, 1 - 0.5**2, 1 - 0.6**2
    assert found.sets is None and found.matched.tolist() == [0, 1] and found.count.tolist() == [2, 2]
    assert found.y0[:, 0] == pytest.approx([(near * 4 + far * 6) / (near + far), (mid * 12 + far * 4) / (mid + far)])
    company = SHARED.control.company.to_pylist()
    carried = {company[own]: k for own, k in zip(found.used, found.k, strict=True)}
    assert carried == pytest.approx(
        {12: far / (near + far), 11: near / (near + far) + far / (mid + far), 13: mid / (mid + far)}
    )


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"neighbours": 1}, [(1, 11), (2, 13)]),
        ({"neighbours": 1, "replacement": False, "order": "company"}, [(1, 11), (2, 13)]),
        ({"neighbours": 2, "replacement": False, "order": "company"}, [(1, 11), (1, 12), (2, 13), (2, 14)]),
        ({"neighbours": 2, "replacement": False, "order": "company", "caliper": 0.07}, [(1, 11), (1, 12), (2, 13)]),
        ({"neighbours": 2, "replacement": False, "order": "largest"}, [(1, 11), (1, 14), (2, 12), (2, 13)]),
        ({"neighbours": 1, "ties": "all"}, [(1, 11), (2, 13)]),
        ({"neighbours": 2, "ties": "all", "caliper": 0.05}, [(1, 11), (2, 13)]),
    ],
)
def test_every_way_of_choosing(said: dict[str, Any], wanted: list[tuple[int, int]]) -> None:
    table = pair_table(SHARED, pairs(SHARED, plan(**said)))
    assert sorted(zip(table["company"].to_pylist(), table["control"].to_pylist(), strict=True)) == wanted


def test_on_distance_it_is_distance_that_is_looked_at() -> None:
    here = placed([(1, 1, (0.0, 0.0))], [(1, 5, (3.0, 4.0)), (1, 6, (0.0, 4.0))])
    table = pair_table(here, pairs(here, plan(distance="mahalanobis", neighbours=2)))
    assert table.to_pylist() == [
        {"company": 1, "control": 6, "cell": 1, "rank": 1, "distance": 4.0, "weight": 0.5},
        {"company": 1, "control": 5, "cell": 1, "rank": 2, "distance": 5.0, "weight": 0.5},
    ]


def test_tables_are_in_the_order_of_cells_and_companies() -> None:
    here = pool([(2, 0.9, 1), (2, 0.1, 2), (1, 0.5, 9)], [(2, 0.1, 8), (2, 0.9, 7), (1, 0.5, 20), (1, 0.51, 10)])
    found = choose(here, plan(neighbours=2))
    assert [(row["cell"], row["company"], row["rank"], row["control"]) for row in pair_table(here, found.sets).to_pylist()] == [
        (1, 9, 1, 20), (1, 9, 2, 10), (2, 1, 1, 7), (2, 1, 2, 8), (2, 2, 1, 8), (2, 2, 2, 7),
    ]  # fmt: skip
    assert [tuple(row.values()) for row in weight_table(here, found).to_pylist()] == [
        (9, 1, 1, 1.0), (10, 1, 0, 0.5), (20, 1, 0, 0.5), (1, 2, 1, 1.0), (2, 2, 1, 1.0), (7, 2, 0, 1.0), (8, 2, 0, 1.0),
    ]  # fmt: skip


def test_several_columns_are_averaged_each_by_itself() -> None:
    found = pairs(SHARED, plan(neighbours=2))
    values = np.array([[one, 10 * one] for one in (12.0, 11.0, 13.0, 14.0)])  # in the order of scores
    assert averaged(found, values, 3) == pytest.approx(np.array([[11.5, 115], [12, 120], [0, 0]]))


def test_one_variance_for_all_by_hand() -> None:
    """Around the effect (10 - 5 + 20 - 8) / 2 = 8.5 the pairs lie 10 - 4 - 8.5, 10 - 6 - 8.5, 20 - 12 - 8.5 and 20 - 4 - 8.5:
    half the mean of their squares, each with half a treated's weight."""
    design = plan(neighbours=2, variance_neighbours=0)
    seen = comparison(SHARED, choose(SHARED, design), design)
    one = (2.5**2 + 4.5**2 + 0.5**2 + 7.5**2) / 2 / (2 * 2)
    assert seen.spread == pytest.approx(np.full((3, 1), one)) and seen.own == pytest.approx(np.full((2, 1), one))
    assert seen.y.tolist() == [[10.0], [20.0]] and seen.y0.tolist() == [[5.0], [8.0]]


def test_one_variance_for_all_under_a_kernel() -> None:
    """The gaps' mean square is σ² (1 + 1 / controls): here of two controls each."""
    design = plan(method="kernel", bandwidth=0.1, variance_neighbours=0)
    seen = comparison(SHARED, choose(SHARED, design), design)
    one = np.var(seen.y - seen.y0) / 1.5
    assert seen.spread == pytest.approx(np.full((3, 1), one)) and seen.own == pytest.approx(np.full((2, 1), one))


@pytest.mark.parametrize("said", [{"neighbours": 2}, {"method": "kernel", "bandwidth": 0.1}], ids=str)
@pytest.mark.parametrize("variance_neighbours", [0, 1])
def test_each_outcome_varies_by_itself(said: dict[str, Any], variance_neighbours: int) -> None:
    """The second is ten times the first, so a hundred times in square."""
    both = Pool(*(replace(arm, y=arm.y * [1.0, 10.0]) for arm in (SHARED.treated, SHARED.control)), SHARED.before)
    design = plan(variance_neighbours=variance_neighbours, **said)
    seen, alone = (comparison(here, choose(here, design), design) for here in (both, SHARED))
    for name, factor in (("y", 10), ("y0", 10), ("spread", 100), ("own", 100)):
        one = getattr(alone, name)
        assert getattr(seen, name) == pytest.approx(np.column_stack([one, factor * one]))


def test_the_variance_of_the_nearest_of_the_same_arm() -> None:
    """Half the squared difference from the next in score: 11 from 12 and the reverse, 13 from 11."""
    design = plan(neighbours=2, variance_neighbours=1)
    seen = comparison(SHARED, choose(SHARED, design), design)
    assert seen.spread[:, 0] == pytest.approx([(6 - 4) ** 2 / 2, (4 - 6) ** 2 / 2, (12 - 4) ** 2 / 2])
    assert seen.own[:, 0] == pytest.approx([(20 - 10) ** 2 / 2, (20 - 10) ** 2 / 2])
    for said in ({}, {"distance": "mahalanobis"}):  # a kernel is on scores, whatever is said of distance
        kernel = plan(method="kernel", bandwidth=0.1, variance_neighbours=1, **said)
        assert comparison(SHARED, choose(SHARED, kernel), kernel).spread == pytest.approx(seen.spread)


def test_the_variance_of_the_nearest_in_distance() -> None:
    """6 stands between 5 and 7 in the list and far off on the line."""
    here = placed([(1, 1, 0.0), (1, 2, 10.0)], [(1, 5, 1.0), (1, 6, 20.0), (1, 7, 9.0)])
    here.control.y[:, 0], here.treated.y[:, 0] = [2.0, 100.0, 8.0], [5.0, 9.0]
    design = plan(distance="mahalanobis", neighbours=1, variance_neighbours=1)
    seen = comparison(here, choose(here, design), design)
    assert seen.spread[:, 0] == pytest.approx([18.0, 18.0]) and seen.own[:, 0] == pytest.approx([8.0, 8.0])


def test_adjusted_for_the_distance_that_is_left_by_hand() -> None:
    """Controls on the line y = 3 x + 1 and the matched average moved along it: to 3 x + 1 of the treated's own x."""
    found = choose(SHARED, plan(neighbours=2))
    xc = np.array([[2.0], [4.0], [7.0]])  # of 12, 11 and 13
    xt = np.array([[5.0], [1.0]])
    line = 3 * xc + 1
    y0 = np.array([[(7 + 13) / 2], [(13 + 22) / 2]])
    assert adjusted(replace(found, y0=y0), xt, xc, line, 3) == pytest.approx(3 * xt + 1)


def test_the_slope_weighs_a_control_by_what_it_carries() -> None:
    """Not on a line: NumPy's own weighted straight line (its weights are roots)."""
    found = choose(SHARED, plan(neighbours=2))
    xc, yc, xt = np.array([[2.0], [4.0], [7.0]]), np.array([[6.0], [4.0], [12.0]]), np.array([[5.0], [1.0]])
    slope = np.polyfit(xc[:, 0], yc[:, 0], 1, w=np.sqrt([0.5, 1.0, 0.5]))[0]
    wanted = [5 + slope * (5 - (2 + 4) / 2), 8 + slope * (1 - (7 + 4) / 2)]
    assert adjusted(found, xt, xc, yc, 3)[:, 0] == pytest.approx(wanted)


def test_a_kernel_is_not_adjusted() -> None:
    found = choose(SHARED, plan(method="kernel", bandwidth=0.1))
    again = adjusted(
        found, np.array([[5.0], [1.0]]), np.array([[2.0], [4.0], [7.0]]), np.array([[6.0], [4.0], [12.0]]), 3
    )
    assert again.tolist() == found.y0.tolist()


@pytest.mark.parametrize("said", [{}, {"distance": "mahalanobis"}, {"method": "kernel"}], ids=str)
def test_a_company_of_two_years_has_its_own_covariates_in_each(said: dict[str, Any]) -> None:
    """The same companies stand in two cells, larger in the second: the means told are those of the rows that took part."""
    first = candidates(120, 8, cells=1)
    second = candidates(120, 9, cells=1).set_column(0, "company", first["company"])
    year = pa.chunked_array([pa.array([f"{nth}" for nth in (1, 2) for _ in range(120)])])
    table = pa.concat_tables([first, second.set_column(3, "level", pa.array(second["level"].to_numpy() + 9))])
    table = table.set_column(2, "industry", year)
    answer = study(table, limit=None, support="none", covariates=("growth", "age"), **said)
    cells = {"1": 1, "2": 2}
    told = {(row["company"], row["cell"], row["treated"]): row["weight"] for row in answer.weights.rows()}
    for side, means in ((1, answer.balance.treated), (0, answer.balance.control)):
        rows = [
            (row, told.get((row["company"], cells[row["industry"]], side), 0.0))
            for row in table.to_pylist()
            if row["treated"] == side
        ]
        total = sum(weight for _, weight in rows)
        for nth, name in enumerate(("growth", "age")):
            assert means[nth] == pytest.approx(sum(weight * row[name] for row, weight in rows) / total)
