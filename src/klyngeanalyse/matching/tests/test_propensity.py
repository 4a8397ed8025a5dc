"""The propensity: in closed form for one yes-or-no covariate, against a general optimiser for others, and what it refuses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design
from klyngeanalyse.matching.propensity import Propensity, fit
from klyngeanalyse.matching.rows import ROWS, gather
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, left, study

FREE = {"limit": None, "support": "none"}


@pytest.fixture
def engine() -> Iterator[DuckEngine]:
    one = DuckEngine(threads=1)
    yield one
    one.close()


def fitted(engine: DuckEngine, table: pa.Table, *covariates: str, **said: Any) -> Propensity:
    """The propensity alone; what it kept in the engine besides the rows would be left over."""
    engine.put("c", table)
    here, _ = gather(engine, "c", Design(covariates=covariates, **said))
    found = fit(here)
    assert left(engine) == {"c", "matching_rows", "matching_cells"}
    return found


def exporters(kind: pa.DataType) -> pa.Table:
    """Of 100 exporters 30 are treated, of 100 others 10."""
    export = [1] * 100 + [0] * 100
    treated = [1] * 30 + [0] * 70 + [1] * 10 + [0] * 90
    return pa.table(
        {"company": list(range(200)), "treated": treated, "export": pa.array(export, pa.int64()).cast(kind)}
    )


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64()], ids=["counted in groups", "row by row"])
def test_one_yes_or_no_covariate_in_closed_form(engine: DuckEngine, kind: pa.DataType) -> None:
    """Log odds and their difference; Woolf's standard errors, √Σ 1/n; the likelihood of the four cells."""
    found = fitted(engine, exporters(kind), "export")
    assert found.names == ("intercept", "export")
    assert found.coefficients == pytest.approx((math.log(10 / 90), math.log(30 / 70) - math.log(10 / 90)), rel=1e-9)
    assert found.stderr == pytest.approx(
        (math.sqrt(1 / 10 + 1 / 90), math.sqrt(1 / 10 + 1 / 90 + 1 / 30 + 1 / 70)), rel=1e-6
    )
    told = 30 * math.log(0.3) + 70 * math.log(0.7) + 10 * math.log(0.1) + 90 * math.log(0.9)
    alone = 40 * math.log(0.2) + 160 * math.log(0.8)
    assert found.loglikelihood == pytest.approx(told, rel=1e-12) and found.fit == pytest.approx(
        1 - told / alone, rel=1e-9
    )
    scores = engine.arrow(
        f"select x1, min({found.sql}) as low, max({found.sql}) as high from {ROWS} group by x1 order by x1"
    )
    for row, wanted in zip(scores.to_pylist(), (0.1, 0.3), strict=True):
        assert row["low"] == row["high"] == round(row["low"])  # on the grid
        assert row["low"] == pytest.approx(wanted * 1e12, abs=100)


def test_what_a_row_of_it_tells(engine: DuckEngine) -> None:
    found = fitted(engine, exporters(pa.int64()), "export")
    one, other = found.rows()
    assert (one["covariate"], other["covariate"]) == ("intercept", "export")
    assert other["z"] == pytest.approx(other["coefficient"] / other["stderr"])


def test_a_covariate_that_says_nothing_leaves_the_share(engine: DuckEngine) -> None:
    """Four of either kind, one in four treated: no slope, and the intercept is the log odds of a quarter, found at once."""
    table = pa.table({"company": list(range(8)), "treated": [1, 0, 0, 0] * 2, "x": [1.0] * 4 + [2.0] * 4})
    found = fitted(engine, table, "x")
    assert found.coefficients == pytest.approx((math.log(1 / 3), 0.0), abs=1e-9)
    assert found.fit == pytest.approx(0.0, abs=1e-12) and found.steps == 1


@pytest.mark.parametrize("seed", [2, 3])
def test_the_logit_against_a_general_optimiser(engine: DuckEngine, seed: int) -> None:
    table = candidates(500, seed)
    found = fitted(engine, table, *COVARIATES)
    x = np.column_stack([np.ones(500), *(table[name].to_numpy() for name in COVARIATES)]).astype(float)
    t = table["treated"].to_numpy()

    def loss(b: np.ndarray) -> float:
        return float(np.logaddexp(0, x @ b).sum() - t @ (x @ b))

    def slope(b: np.ndarray) -> np.ndarray:
        return x.T @ (1 / (1 + np.exp(-x @ b)) - t)

    b = minimize(loss, np.zeros(5), jac=slope, method="BFGS", options={"gtol": 1e-8}).x
    assert np.array(found.coefficients) == pytest.approx(b, abs=1e-6)
    assert found.loglikelihood == pytest.approx(-loss(b), rel=1e-10)
    p = 1 / (1 + np.exp(-x @ b))
    covariance = np.linalg.inv(x.T @ (x * (p * (1 - p))[:, None]))
    assert np.array(found.stderr) == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-4)
    assert 3 <= found.steps <= 8


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-4, 1e5), shift=st.floats(-100, 100))
def test_other_units_are_another_slope_and_the_same_matches(seed: int, factor: float, shift: float) -> None:
    table = candidates(120, seed)
    moved = table.set_column(3, "level", pa.array((table["level"].to_numpy() + shift) * factor))
    one, other = study(table, **FREE), study(moved, **FREE)
    assert one.propensity and other.propensity and one.pairs and other.pairs
    a, b = one.propensity, other.propensity
    assert b.coefficients[1] == pytest.approx(a.coefficients[1] / factor, rel=1e-5, abs=1e-12 / factor)
    assert b.coefficients[0] == pytest.approx(a.coefficients[0] - a.coefficients[1] * shift, rel=1e-5, abs=1e-5)
    assert b.coefficients[2:] == pytest.approx(a.coefficients[2:], rel=1e-5, abs=1e-9)
    assert b.stderr[1] == pytest.approx(a.stderr[1] / factor, rel=1e-5)
    assert [(row["company"], row["control"]) for row in one.pairs.rows()] == [
        (row["company"], row["control"]) for row in other.pairs.rows()
    ]


@pytest.mark.parametrize("kind", [pa.int64(), pa.string()], ids=["thinned by number", "names cannot be thinned"])
def test_it_ends_at_the_same_place_from_wherever_it_begins(kind: pa.DataType, monkeypatch: pytest.MonkeyPatch) -> None:
    table = candidates(6_000, seed=11)
    table = table.set_column(0, "company", table["company"].cast(kind))
    alone = study(table, **FREE).propensity
    monkeypatch.setattr("klyngeanalyse.matching.propensity.MANY", 1)
    begun = study(table, **FREE).propensity
    assert alone is not None and begun is not None
    assert begun.steps < alone.steps if kind == pa.int64() else begun.steps == alone.steps
    assert begun.coefficients == pytest.approx(alone.coefficients, rel=1e-9)
    assert begun.stderr == pytest.approx(alone.stderr, rel=1e-9)
    assert begun.sql == alone.sql  # the same scores to the last digit, so the same pairs


def test_the_beginning_is_so_near_that_two_steps_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every 16th control, the intercept put right for those left out: what is wrong is chance alone, and Newton squares it."""
    monkeypatch.setattr("klyngeanalyse.matching.propensity.MANY", 1)
    found = study(candidates(30_000, seed=4), **FREE).propensity
    assert found is not None and found.steps <= 4


def test_where_no_control_is_among_the_few_it_begins_at_the_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """No control's number is a multiple of 16."""
    table = candidates(400, seed=4)
    odd = np.where(table["treated"].to_numpy() == 1, table["company"].to_numpy(), table["company"].to_numpy() * 16 + 1)
    table = table.set_column(0, "company", pa.array(odd + 0))
    alone = study(table, **FREE).propensity
    monkeypatch.setattr("klyngeanalyse.matching.propensity.MANY", 1)
    assert study(table, **FREE).propensity == alone


@pytest.mark.parametrize("companies", [200, 40_000])
def test_covariates_that_determine_one_another_are_named(engine: DuckEngine, companies: int) -> None:
    """And the one that has no part in it is not; of however many companies."""
    table = candidates(companies, 3)
    table = table.append_column("months", pa.array(table["age"].to_numpy() * 12.0 + 3))
    with pytest.raises(Unfit) as error:
        fitted(engine, table, "level", "age", "months")
    named, *_ = str(error.value).split(" · ")
    assert named in (
        "covariates 'age', 'months' determine one another",
        "covariates 'months', 'age' determine one another",
    )
    assert error.value.why == "the propensity cannot tell them apart" and error.value.mend == "leave one of them out"
    assert left(engine) == {"c", "matching_rows", "matching_cells"}


def test_what_tells_the_arms_apart_completely_is_named(engine: DuckEngine) -> None:
    """All treated are larger than any control; growth is as it comes."""
    table = candidates(200, 3)
    size = table["level"].to_numpy() + 100.0 * table["treated"].to_numpy()
    with pytest.raises(Unfit) as error:
        fitted(engine, table.append_column("size", pa.array(size)), "growth", "size", "export")
    assert str(error.value).startswith("treated and controls can be told apart completely")
    assert error.value.where == "covariate 'size' most of all"
    assert error.value.why == "no propensity exists between 0 and 1"
    assert error.value.mend == "leave it out, or make it an exact column"


def test_nearly_told_apart_is_fitted_still(engine: DuckEngine) -> None:
    """A hundred controls among the treated and a hundred treated among the controls, of a thousand each: steep, and yet the likelihood has a
    top, where the fitted chances add up to the treated, of all and of their sizes."""
    size = np.r_[np.arange(1000.0), np.arange(1000.0) + 900]
    treated = np.r_[np.zeros(1000, dtype=int), np.ones(1000, dtype=int)]
    found = fitted(engine, pa.table({"company": np.arange(2000), "treated": treated, "size": size}), "size")
    p = 1 / (1 + np.exp(-(found.coefficients[0] + found.coefficients[1] * size)))
    assert p.sum() == pytest.approx(1000, rel=1e-6) and p @ size == pytest.approx(treated @ size, rel=1e-6)
    assert found.steps < 20
