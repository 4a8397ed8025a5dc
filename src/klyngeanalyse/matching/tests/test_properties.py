"""What must not matter does not matter, and what must hold holds, on any candidates."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from klyngeanalyse.core.engines import DuckEngine, Engine, Streams
from klyngeanalyse.matching import Design, Matching, match
from klyngeanalyse.matching.balance import chi_square_tail, joint, weighted
from klyngeanalyse.matching.tests.cases import COVARIATES, candidates, study

PLANS: list[dict[str, Any]] = [
    {"neighbours": 3},
    {"neighbours": 2, "ties": "all", "caliper": 0.05},
    {"neighbours": 2, "replacement": False},
    {"distance": "mahalanobis"},
    {"distance": "mahalanobis", "replacement": False, "neighbours": 2},
    {"method": "kernel"},
    {"method": "coarsened", "bins": dict.fromkeys(COVARIATES, 3)},
]
quick = settings(
    max_examples=4 if os.environ.get("THOROUGH") else 2,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def told(answer: Matching) -> list[Any]:
    return [
        answer.pairs.rows() if answer.pairs else None,
        answer.unmatched.rows(),
        [(row["company"], pytest.approx(row["weight"], rel=1e-9)) for row in answer.weights.rows()],
        [
            (pytest.approx(one.estimate, rel=1e-9), pytest.approx(one.stderr, rel=1e-9))
            for one in answer.effects.effects
        ],
    ]


@pytest.mark.parametrize("plan", PLANS, ids=str)
@quick
@given(seed=st.integers(0, 10_000), coarse=st.booleans())
def test_the_order_of_rows_does_not_matter(plan: dict[str, Any], seed: int, coarse: bool) -> None:
    table = candidates(90, seed, coarse)
    shuffled = table.take(pa.array(np.random.default_rng(seed + 1).permutation(90)))
    assert told(study(table, **plan)) == told(study(shuffled, **plan))


@pytest.mark.parametrize("plan", PLANS, ids=str)
@quick
@given(seed=st.integers(0, 10_000))
def test_nobody_is_matched_outside_the_cell(plan: dict[str, Any], seed: int) -> None:
    table = candidates(90, seed)
    cell = {row["company"]: row["industry"] for row in table.to_pylist()}
    answer = study(table, **plan)
    if answer.pairs:
        for row in answer.pairs.rows():
            assert cell[row["company"]] == cell[row["control"]]
    weight: dict[tuple[str, int], float] = {}
    for row in answer.weights.rows():
        key = (cell[row["company"]], row["treated"])
        weight[key] = weight.get(key, 0) + row["weight"]
    for one in set(cell.values()):
        assert weight.get((one, 1), 0) == pytest.approx(weight.get((one, 0), 0))
    treated = {row["company"] for row in table.to_pylist() if row["treated"]}
    matched = {row["company"] for row in answer.weights.rows() if row["treated"]}
    left = [row["company"] for row in answer.unmatched.rows()]
    assert matched | set(left) == treated and not matched & set(left) and len(left) == len(set(left))
    assert answer.summary.n_treated == len(treated) and answer.summary.n_matched == len(matched)


@quick
@given(seed=st.integers(0, 10_000), scale=st.floats(1e-4, 1e5), shift=st.floats(-100, 100))
def test_units_do_not_matter_to_mahalanobis(seed: int, scale: float, shift: float) -> None:
    table = candidates(90, seed)
    moved = table.set_column(3, "level", pa.array(table["level"].to_numpy() * scale + shift * scale))
    one, other = study(table, distance="mahalanobis"), study(moved, distance="mahalanobis")
    assert one.pairs and other.pairs
    assert [(row["company"], row["control"]) for row in one.pairs.rows()] == [
        (row["company"], row["control"]) for row in other.pairs.rows()
    ]


@quick
@given(seed=st.integers(0, 10_000))
def test_a_wider_caliper_matches_no_fewer(seed: int) -> None:
    table = candidates(90, seed)
    sizes = [study(table, caliper=caliper).summary.n_matched for caliper in (0.02, 0.05, None)]
    assert sizes == sorted(sizes)


@quick
@given(seed=st.integers(0, 10_000))
def test_controls_are_used_once_without_replacement(seed: int) -> None:
    table = candidates(90, seed, coarse=True)
    for plan in ({"neighbours": 3}, {"neighbours": 3, "distance": "mahalanobis"}):
        answer = study(table, replacement=False, **plan)
        assert answer.pairs
        used = answer.pairs.table["control"].to_pylist()
        assert len(used) == len(set(used))


@quick
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), shift=st.floats(-1e3, 1e3))
def test_the_effect_moves_with_the_outcome(seed: int, factor: float, shift: float) -> None:
    table = candidates(90, seed)
    moved = table.set_column(7, "y", pa.array(table["y"].to_numpy() * factor + shift))
    for plan in (PLANS[seed % len(PLANS)], PLANS[(seed + 3) % len(PLANS)]):
        one, other = study(table, **plan).effects.effects[0], study(moved, **plan).effects.effects[0]
        assert other.estimate == pytest.approx(one.estimate * factor, rel=1e-6, abs=1e-9 * (1 + abs(shift)))
        assert other.stderr == pytest.approx(one.stderr * factor, rel=1e-5, abs=1e-7 * (1 + abs(shift)))


class _Whole:
    """An engine that hands its answers over whole, as Spark does."""

    def __init__(self) -> None:
        inner = DuckEngine()
        self.name = inner.name
        for one in ("put", "open", "run", "keep", "drop", "arrow", "close"):
            setattr(self, one, getattr(inner, one))


@pytest.mark.parametrize("plan", PLANS)
def test_arms_read_whole_or_piece_by_piece_are_the_same(plan: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    table = candidates(300, 4)
    answers = []
    read = DuckEngine.batches
    monkeypatch.setattr(DuckEngine, "batches", lambda self, sql, rows=7, **said: read(self, sql, 7, **said))
    for engine in (DuckEngine(), _Whole()):
        assert isinstance(engine, Streams) == isinstance(engine, DuckEngine)
        engine.put("c", table)
        design = Design(**{"exact": ("industry",), "covariates": COVARIATES, "outcomes": ("y",), **plan})
        answers.append(match(engine, "c", design))  # type: ignore[arg-type]  # made of the methods of an engine
        engine.close()
    assert told(answers[0]) == told(answers[1])


def test_several_outcomes_are_each_as_alone() -> None:
    table = candidates(150, 4)
    for plan in [*PLANS, {"method": "balancing"}]:
        both_ = study(table, outcomes=("y", "jobs"), **plan).effects.effects
        alone = [study(table, outcomes=(name,), **plan).effects.effects[0] for name in ("y", "jobs")]
        for one, other in zip(both_, alone, strict=True):
            assert one.outcome == other.outcome
            assert (one.estimate, one.stderr) == pytest.approx((other.estimate, other.stderr), rel=1e-9)


@pytest.mark.parametrize("plan", [*PLANS, {"method": "balancing"}], ids=str)
def test_the_same_on_both_engines(both, plan: dict[str, Any]) -> None:
    table = candidates(150, 21, coarse="distance" in plan)

    def work(engine: Engine) -> dict[str, Any]:
        engine.put("candidates", table)
        answer = match(
            engine, "candidates", Design(outcomes=("y", "jobs"), exact=("industry",), covariates=COVARIATES, **plan)
        )
        parts = answer.results()
        parts.pop("propensity", None)  # its SQL is part of it
        return {name: part.rows() for name, part in parts.items()} | {
            "tests": [*answer.balance.before, *answer.balance.after]
        }

    assert both(work)["effects"]


@given(x=st.floats(0.01, 60), degrees=st.integers(1, 12))
def test_the_tail_falls_and_grows_with_degrees(x: float, degrees: int) -> None:
    one = chi_square_tail(x, degrees)
    assert 0 <= one <= 1
    assert chi_square_tail(x + 1, degrees) <= one <= chi_square_tail(x, degrees + 1) + 1e-15


def test_the_joint_test_of_two_independent_gaps() -> None:
    chi2, degrees, tail = joint(np.array([2.0, 0.0, 3.0]), np.diag([4.0, 0.0, 1.0]))
    assert (chi2, degrees) == (pytest.approx(10.0), 2)
    assert tail == pytest.approx(np.exp(-5.0))
    assert joint(np.array([0.0]), np.array([[0.0]])) == (0.0, 0, 1.0)


def test_equal_weights_are_the_usual_moments() -> None:
    x = np.random.default_rng(1).normal(size=(40, 3))
    found = weighted(x, np.full(40, 0.25))
    assert found.mean == pytest.approx(x.mean(axis=0))
    assert found.covariance == pytest.approx(np.cov(x.T))
    assert found.size == pytest.approx(40)
