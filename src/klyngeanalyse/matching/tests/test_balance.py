"""How alike two arms are: against the printed table of chi-squared, closed forms, and arms small enough to work by hand."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.matching.balance import Balance, Weighted, chi_square_tail, compared, joint, verdict, weighted
from klyngeanalyse.matching.moments import Moments
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, study


@pytest.mark.parametrize(
    ("x", "degrees", "tail"),
    [
        (3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (9.488, 4, 0.05), (11.070, 5, 0.05), (18.307, 10, 0.05),
        (6.635, 1, 0.01), (9.210, 2, 0.01), (11.345, 3, 0.01), (13.277, 4, 0.01), (15.086, 5, 0.01), (23.209, 10, 0.01),
        (0.352, 3, 0.95), (0.711, 4, 0.95), (1.145, 5, 0.95), (3.940, 10, 0.95),
    ],
)  # fmt: skip
def test_the_printed_table_of_chi_squared(x: float, degrees: int, tail: float) -> None:
    assert chi_square_tail(x, degrees) == pytest.approx(tail, abs=1.5e-4)


@given(x=st.floats(1e-6, 300), degrees=st.integers(1, 40))
def test_the_tail_is_that_of_a_general_library(x: float, degrees: int) -> None:
    assert chi_square_tail(x, degrees) == pytest.approx(scipy.stats.chi2.sf(x, degrees), rel=1e-9, abs=1e-300)


def test_nothing_lies_below_nought() -> None:
    assert chi_square_tail(0.0, 3) == chi_square_tail(-1.0, 4) == 1.0
    assert chi_square_tail(1e-300, 40) <= 1.0


def test_two_gaps_that_go_together() -> None:
    """V = [[4, 2], [2, 4]], whose inverse is [[4, -2], [-2, 4]] / 12: of the gap (1, 3) it is 28 / 12."""
    chi2, degrees, tail = joint(np.array([1.0, 3.0]), np.array([[4.0, 2.0], [2.0, 4.0]]))
    assert (chi2, degrees) == (pytest.approx(7 / 3), 2)
    assert tail == pytest.approx(math.exp(-7 / 6))


def test_a_covariate_said_twice_counts_once() -> None:
    chi2, degrees, tail = joint(np.array([2.0, 2.0]), np.ones((2, 2)))
    assert (chi2, degrees) == (pytest.approx(4.0), 1)
    assert tail == pytest.approx(math.erfc(math.sqrt(2.0)))


def test_units_do_not_matter_to_the_joint_test() -> None:
    """Turnover in kroner beside a share: nine orders of magnitude apart, and still two degrees of freedom."""
    gap, variance, units = np.array([1.0, 3.0]), np.array([[4.0, 2.0], [2.0, 4.0]]), np.array([1e9, 1e-3])
    assert joint(gap * units, variance * np.outer(units, units)) == pytest.approx(joint(gap, variance), rel=1e-9)


def test_a_covariate_that_never_varies_is_left_out_of_the_joint_test() -> None:
    chi2, degrees, _ = joint(np.array([0.0, 1.0, 3.0]), np.array([[0.0, 0, 0], [0, 4, 2], [0, 2, 4]]))
    assert (chi2, degrees) == (pytest.approx(7 / 3), 2)


def test_an_arm_of_three_by_hand() -> None:
    """Weights 1, 1, 2: Σw = 4, Σw² = 6, worth 16/6; the sums of squares are over 4 - 6/4 = 2.5."""
    found = weighted(np.array([[0.0, 0.0], [3.0, 1.0], [3.0, 5.0]]), np.array([1.0, 1.0, 2.0]))
    assert found.mean == pytest.approx([2.25, 2.75])
    assert found.covariance == pytest.approx(np.array([[6.75, 8.25], [8.25, 20.75]]) / 2.5)
    assert found.size == pytest.approx(16 / 6)


def test_one_company_does_not_vary() -> None:
    found = weighted(np.array([[2.0, 7.0]]), np.array([0.5]))
    assert found.mean == pytest.approx([2, 7]) and found.size == pytest.approx(1)
    assert found.covariance.tolist() == [[0, 0], [0, 0]]


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.floats(0.1, 9)), min_size=2, max_size=12),
    st.floats(0.01, 100),
)
def test_only_the_proportions_of_weights_count(rows: list[tuple[int, int, float]], factor: float) -> None:
    x, weight = np.array([row[:2] for row in rows], dtype=float), np.array([row[2] for row in rows])
    one, other = weighted(x, weight), weighted(x, weight * factor)
    assert one.mean == pytest.approx(other.mean, abs=1e-9)
    assert one.covariance == pytest.approx(other.covariance, rel=1e-9, abs=1e-9)
    assert one.size == pytest.approx(other.size) and 1 - 1e-9 <= one.size <= len(rows) + 1e-9


def by_hand(**changed: np.ndarray) -> Balance:
    """Two treated and four controls; jobs vary, export is 0 or 1."""
    covariance = np.array([[[9.0, 0.0], [0.0, 0.25]], [[4.0, 0.3], [0.3, 0.5]]])
    seen = {
        "centre": np.zeros(2),
        "spread": np.ones(2),
        "n": np.array([4.0, 2.0]),
        "mean": np.array([[1.0, 0.25], [4.0, 0.5]]),
        "covariance": covariance,
        "binary": np.array([False, True]),
    }
    treated = Weighted(np.array([4.0, 0.5]), np.diag([4.0, 0.5]), 2.0)
    control = Weighted(np.array([3.0, 0.5]), np.diag([8.0, 0.25]), 3.0)
    return compared(("jobs", "export"), Moments(**{**seen, **changed}), treated, control)


def test_balance_by_hand() -> None:
    found = by_hand()
    assert found.names == ("jobs", "export")
    # over the treated's standard deviation: 2 of jobs, √(0.5 · 0.5) of a share
    assert found.difference_before == pytest.approx((1.5, 0.5))
    assert found.difference == pytest.approx((0.5, 0.0))
    assert found.ratio_before == (pytest.approx(4 / 9), None)
    assert found.ratio == (pytest.approx(4 / 8), None)
    assert (found.treated_before, found.control_before) == ((4.0, 0.5), (1.0, 0.25))
    assert (found.treated, found.control) == ((4.0, 0.5), (3.0, 0.5))
    assert found.effective_controls == 3.0
    assert found.verdicts == ("stop", "balanced")


def test_the_joint_tests_by_hand() -> None:
    """Before: V = [[4/2 + 9/4, 0.3/2], [., 0.5/2 + 0.25/4]] of the gap (3, 0.25); after: 4/2 + 8/3 of the gap 1."""
    found = by_hand()
    chi2 = (0.3125 * 9 - 2 * 0.15 * 0.75 + 4.25 * 0.0625) / (4.25 * 0.3125 - 0.15**2)
    assert found.before == (pytest.approx(chi2), 2, pytest.approx(math.exp(-chi2 / 2)))
    assert found.after == (pytest.approx(3 / 14), 2, pytest.approx(math.exp(-3 / 28)))


def test_where_the_treated_do_not_vary_the_arms_together_say_the_unit() -> None:
    covariance = np.array([[[9.0, 0.0], [0.0, 0.25]], [[0.0, 0.0], [0.0, 0.5]]])
    found = by_hand(covariance=covariance)
    assert found.difference_before[0] == pytest.approx(3 / math.sqrt((3 * 9 + 1 * 0) / 4))
    assert found.difference_before[1] == pytest.approx(0.5)


def test_a_covariate_that_varies_nowhere_is_no_difference() -> None:
    found = by_hand(covariance=np.array([np.diag([0.0, 0.25]), np.diag([0.0, 0.5])]))
    assert found.difference_before[0] == found.difference[0] == 0.0
    assert found.ratio_before == (None, None)


def test_the_house_rule_at_its_limits() -> None:
    assert [verdict(d, 1.0) for d in (0.10, -0.10, 0.11, -0.25, 0.25, 0.26, -0.26)] == [
        "balanced", "balanced", "warn", "warn", "warn", "stop", "stop",
    ]  # fmt: skip
    assert [verdict(0.0, r) for r in (0.49, 0.5, 2.0, 2.01, None)] == [
        "warn",
        "balanced",
        "balanced",
        "warn",
        "balanced",
    ]


@pytest.mark.parametrize("method", ["coarsened", "balancing"])
def test_one_treated_company_does_not_vary(method: str) -> None:
    """Jobs 2 beside 1, 2 and 3: the unit is the controls' own, and the gap of nothing is tested against 1/3; coarsened to 10
    years old beside 9, 10 and 14, the gap is -1 of a standard deviation of √7, and 1 over 7/3."""
    table = pa.table(
        {
            "company": [1, 2, 3, 4],
            "treated": [1, 0, 0, 0],
            "industry": ["A"] * 4,
            "jobs": [2.0, 1, 2, 3],
            "y": [1.0] * 4,
        }
    )
    table = table.append_column("age", [[10.0, 9, 10, 14]])
    name = "age" if method == "coarsened" else "jobs"
    balance = study(table, covariates=(name,), method=method, bins={name: 1}).balance
    assert balance.ratio == (0.0,) and balance.ratio_before == (0.0,)
    gap, variance = (-1.0, 7.0) if method == "coarsened" else (0.0, 1.0)
    assert balance.difference == pytest.approx((gap / math.sqrt(variance),), abs=1e-6)
    assert balance.after[:2] == (pytest.approx(gap**2 / (variance / 3), abs=1e-9), 1)


@pytest.mark.parametrize("far", [0.0, 1e6])
@pytest.mark.parametrize("method", ["coarsened", "balancing", "nearest"])
def test_balance_counted_in_the_engine_is_that_of_the_weights_told(method: str, far: float) -> None:
    """NumPy's own weighted covariance, of the weights as the answer tells them; however far from nought the numbers lie."""
    table = candidates(300, 16)
    table = table.set_column(3, "level", [(table["level"].to_numpy() + far).tolist()])
    answer = study(table, method=method, bins=dict.fromkeys(COVARIATES, 3))
    at = {company: nth for nth, company in enumerate(table["company"].to_pylist())}
    x = np.column_stack([table[name].to_numpy() for name in COVARIATES]).astype(float)
    arms = []
    for side in (0, 1):
        told = [row for row in answer.weights.rows() if row["treated"] == side]
        own, weight = x[[at[row["company"]] for row in told]], np.array([row["weight"] for row in told])
        arms.append(
            (
                np.average(own, axis=0, weights=weight),
                np.cov(own.T, aweights=weight),
                weight.sum() ** 2 / (weight @ weight),
            )
        )
    (mean0, cov0, size0), (mean1, cov1, size1) = arms
    balance = answer.balance
    assert balance.control == pytest.approx(mean0, rel=1e-9) and balance.treated == pytest.approx(mean1, rel=1e-9)
    ratios = np.diag(cov1) / np.diag(cov0)
    assert balance.ratio == (*(pytest.approx(one, rel=1e-5) for one in ratios[:3]), None)
    assert balance.effective_controls == pytest.approx(size0)
    gap = mean1 - mean0
    wanted = float(gap @ np.linalg.solve(cov1 / size1 + cov0 / size0, gap))
    assert balance.after[:2] == (pytest.approx(wanted, rel=1e-4, abs=1e-9), 4)
    sd = np.sqrt([*x[table["treated"].to_numpy() == 1][:, :3].var(axis=0, ddof=1), 1])
    assert balance.difference[:3] == pytest.approx((gap / sd)[:3], rel=1e-5, abs=1e-8)
