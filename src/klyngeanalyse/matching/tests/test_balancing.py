"""Entropy balancing: in closed form for one yes-or-no covariate, by what defines it for others, and its error by regression."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design, balancing, match
from klyngeanalyse.matching.balancing import STEPS
from klyngeanalyse.matching.effect import Effects
from klyngeanalyse.matching.moments import moments
from klyngeanalyse.matching.rows import gather
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, left, study

# three treated, two of them exporters; six controls, two of them exporters; and an industry without controls
SMALL = pa.table(
    {
        "company": list(range(1, 11)),
        "treated": [1, 1, 1, 0, 0, 0, 0, 0, 0, 1],
        "industry": ["A"] * 9 + ["B"],
        "export": [1, 1, 0, 1, 1, 0, 0, 0, 0, 1],
        "y": [9.0, 7.0, 5.0, 4.0, 6.0, 1.0, 2.0, 3.0, 2.0, 50.0],
    }
)


def test_one_yes_or_no_covariate_in_closed_form() -> None:
    """Two treated exporters over two controls that export: 1 each; one other treated over four others: 1/4 each."""
    answer = study(SMALL, covariates=("export",), method="balancing")
    told = {row["company"]: row["weight"] for row in answer.weights.rows()}
    assert told == pytest.approx({1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 0.25, 7: 0.25, 8: 0.25, 9: 0.25})
    assert [(row["company"], row["reason"]) for row in answer.unmatched.rows()] == [(10, "no_control_in_cell")]
    assert answer.summary.effective_controls == pytest.approx(9 / (2 + 4 / 16))


def test_its_effect_by_hand() -> None:
    """Exporters 5 and others 2: 21 of the treated against 12, each by 3. Left over are 9 - 5 - 3, 7 - 5 - 3, 5 - 2 - 3 of
    the treated, and of the controls -1, 1 with weight 1 and -1, 0, 1, 0 with a quarter."""
    one = study(SMALL, covariates=("export",), method="balancing").effects.effects[0]
    assert (one.estimate, one.mean_treated, one.mean_comparison) == pytest.approx((3, 7, 4))
    assert one.stderr == pytest.approx(np.sqrt((1 + 1 + 0 + 2 + 2 / 16) / 9), rel=1e-9)
    assert np.isnan(one.stderr_sample) and one.relative == pytest.approx(3 / 4)
    assert (one.n_treated, one.n_controls) == (3, 6)
    half = study(SMALL, covariates=("export",), method="balancing", confidence=0.5).effects.effects[0]
    assert half.interval == pytest.approx((3 - 0.67449 * one.stderr, 3 + 0.67449 * one.stderr), abs=1e-5)


def arrays(table: pa.Table, answer: Any) -> tuple[np.ndarray, ...]:
    """Covariates, treated, cells, outcome and weights, of those who have one."""
    told = {row["company"]: row["weight"] for row in answer.weights.rows()}
    rows = [row for row in table.to_pylist() if row["company"] in told]
    x = np.array([[row[name] for name in COVARIATES] for row in rows], dtype=float)
    treated = np.array([row["treated"] == 1 for row in rows])
    cell = np.array([row["industry"] for row in rows])
    return x, treated, cell, np.array([row["y"] for row in rows]), np.array([told[row["company"]] for row in rows])


def balances(table: pa.Table, moments: int) -> None:
    """What the weights must be, whatever finds them: each cell's add up to its treated, every moment is that of the treated,
    and their logarithm is a straight line of the covariates with one height a cell. No other weights are all of this."""
    x, treated, cell, _, weight = arrays(table, study(table, method="balancing", moments=moments))
    asked = np.column_stack([x, np.square(x[:, :3])]) if moments == 2 else x
    assert weight[treated] == pytest.approx(np.ones(treated.sum()))
    for one in np.unique(cell):
        assert weight[~treated & (cell == one)].sum() == pytest.approx((treated & (cell == one)).sum())
    assert (weight[~treated] @ asked[~treated]) == pytest.approx(asked[treated].sum(axis=0), rel=1e-7, abs=1e-7)
    line = np.column_stack([asked / np.abs(asked).max(axis=0), *(cell == one for one in np.unique(cell))])[~treated]
    fitted = line @ np.linalg.lstsq(line, np.log(weight[~treated]), rcond=None)[0]
    assert np.log(weight[~treated]) == pytest.approx(fitted, abs=1e-7)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), moments=st.sampled_from([1, 2]))
def test_the_weights_reproduce_the_treated_means(seed: int, moments: int) -> None:
    balances(candidates(240, seed, cells=2), moments)


def test_covariates_far_from_nought_and_from_one_another_balance_too() -> None:
    table = candidates(240, 3, cells=2)
    table = table.set_column(3, "level", pa.array(table["level"].to_numpy() * 1e6 + 1e8))
    balances(table, 1)


@pytest.mark.parametrize("moments", [1, 2])
def test_its_error_is_that_of_the_weighted_regression(moments: int) -> None:
    """The outcome on covariates and cells, weighted, among the controls: what it leaves of either arm."""
    table = candidates(300, 9, cells=2)
    answer = study(table, method="balancing", moments=moments)
    x, treated, cell, y, weight = arrays(table, answer)
    asked = np.column_stack([x, np.square(x[:, :3])]) if moments == 2 else x
    line = np.column_stack([asked, *(cell == one for one in np.unique(cell))])
    root = np.sqrt(weight[~treated])
    slope = np.linalg.lstsq(line[~treated] * root[:, None], y[~treated] * root, rcond=None)[0]
    rest, one = y - line @ slope, answer.effects.effects[0]
    n = treated.sum()
    assert one.estimate == pytest.approx(rest[treated].mean(), rel=1e-8)
    wanted = np.square(rest[treated] - one.estimate).sum() + np.square(weight[~treated] * rest[~treated]).sum()
    assert one.stderr == pytest.approx(np.sqrt(wanted) / n, rel=1e-8)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_a_covariate_that_others_determine_changes_nothing(seed: int) -> None:
    """Age in months, a sum of two others, and a column that says the cell again: balanced with the rest, and no new slope."""
    table = candidates(240, seed, cells=2)
    months = 12 * table["age"].to_numpy() + 3.5
    total = table["level"].to_numpy() + 100 * table["growth"].to_numpy()
    again = np.array([0.1 if one == "C1" else 0.7 for one in table["industry"].to_pylist()])
    more = (
        table.append_column("months", pa.array(months))
        .append_column("total", pa.array(total))
        .append_column("again", pa.array(again))
    )
    plain = study(table, method="balancing").effects.effects[0]
    one = study(more, method="balancing", covariates=(*COVARIATES, "months", "total", "again")).effects.effects[0]
    assert (one.estimate, one.stderr) == pytest.approx((plain.estimate, plain.stderr), rel=1e-6)


def test_moments_of_two_leave_yes_or_no_alone() -> None:
    """The square of 0 and 1 is itself, which would say everything twice."""
    engine, plan = DuckEngine(), {"exact": ("industry",), "covariates": COVARIATES, "method": "balancing"}
    engine.put("c", candidates(240, 3, cells=2))
    for said, features in ((1, 4), (2, 7)):
        here, _ = gather(engine, "c", Design(moments=said, **plan))
        tilt = balancing.balance(here, moments(here))
        assert tilt.features == len(tilt.slopes) == features
        assert tilt.n_treated == here.n_treated and 3 <= tilt.steps <= 12
        assert balancing.effects(here, tilt) == Effects(())  # no outcome was named
        balancing.forget(here)
        here.close()
    assert left(engine) == {"c"}
    engine.close()


def test_balanced_already_it_takes_one_step() -> None:
    """Two treated and two controls with the same covariate: nothing is tilted."""
    engine = DuckEngine()
    engine.put("c", pa.table({"company": [1, 2, 3, 4], "treated": [1, 1, 0, 0], "x": [1.0, 2.0, 1.0, 2.0]}))
    here, _ = gather(engine, "c", Design(covariates=("x",), method="balancing"))
    tilt = balancing.balance(here, moments(here))
    assert (tilt.steps, tilt.n_treated, tilt.slopes.tolist()) == (1, 2, [0.0]) and STEPS > 12
    engine.close()


def beyond(**columns: list[float]) -> pa.Table:
    return pa.table({"company": list(range(8)), "treated": [1, 1, 0, 0, 0, 0, 0, 0], "industry": ["A"] * 8, **columns})


@pytest.mark.parametrize(
    ("table", "said", "furthest"),
    [
        (beyond(a=[2.0, 3, 2, 3, 2, 3, 1, 4], b=[9.0, 8, 2, 1, 3, 2, 5, 4]), {"covariates": ("a", "b")}, "b"),
        (beyond(a=[9.0, 8, 2, 1, 3, 2, 5, 4], b=[2.0, 3, 2, 3, 2, 3, 1, 4]), {"covariates": ("a", "b")}, "a"),
        # the mean is within reach, its spread is not
        (beyond(a=[-9.0, 9, 2, -1, 3, -2, -3, 4]), {"covariates": ("a",), "moments": 2}, "the square of a covariate"),
    ],
)
def test_what_no_weights_balance_is_named(table: pa.Table, said: dict[str, Any], furthest: str) -> None:
    engine = DuckEngine()
    engine.put("c", table)
    with pytest.raises(Unfit) as error:
        match(engine, "c", Design(method="balancing", exact=("industry",), **said))
    assert error.value.where == f"furthest off: {furthest}"
    assert str(error.value).startswith("no weights of the controls balance the covariates · furthest off")
    assert error.value.why == "the treated's means lie beyond what the controls of their cells reach"
    assert error.value.mend == "use fewer covariates, moments 1, or wider cells"
    assert left(engine) == {"c"}
    engine.close()


def test_where_no_cell_holds_both_arms_there_is_nothing_to_balance() -> None:
    with pytest.raises(Unfit) as error:
        study(SMALL.append_column("own", SMALL["company"]), covariates=("export",), exact=("own",), method="balancing")
    assert str(error.value).startswith("no cell holds both treated and controls")
    assert error.value.mend == "use fewer or wider exact columns"
