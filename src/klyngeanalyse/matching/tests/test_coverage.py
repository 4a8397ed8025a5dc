"""Intervals that hold what they promise: known effects, drawn again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.matching import Design, match

COMPANIES = 500
EFFECT = 1.3486  # the mean of 1 + x1 / 2 among the treated, from 4 million draws (Monte-Carlo error 0.0004)

PLANS: dict[str, dict[str, Any]] = {
    "nearest three on the propensity": {},
    "the nearest once": {"neighbours": 1, "replacement": False},
    "nearest three on Mahalanobis distance": {"distance": "mahalanobis"},
    "kernel": {"method": "kernel"},
    "coarsened": {"method": "coarsened", "bins": {"x1": 8, "x2": 8}},
    "balancing": {"method": "balancing"},
}


def draw(chance: np.random.Generator, n: int) -> pa.Table:
    """Three cells, two covariates that decide on treatment and outcome (one of them not on a straight line), effects and
    variances that differ between companies."""
    cell = chance.integers(0, 3, n)
    x1, x2 = chance.normal(size=n) + 0.3 * cell, chance.normal(size=n)
    odds = np.exp(-1.6 + 0.5 * x1 + 0.4 * x2 + 0.2 * cell)
    treated = (chance.random(n) < odds / (1 + odds)).astype(int)
    noise = chance.normal(size=n) * (0.6 + 0.3 * np.abs(x1))
    y = np.sin(x1) + 0.5 * x2 + 0.5 * cell + (1 + 0.5 * x1) * treated + noise
    return pa.table({"company": np.arange(n), "treated": treated, "industry": cell, "x1": x1, "x2": x2, "y": y})


def repeated(plan: dict[str, Any], draws: int, seed: int) -> np.ndarray:
    """Estimate, standard error and whether the interval held the effect, one row a draw."""
    chance, engine = np.random.default_rng(seed), DuckEngine(threads=1)
    said = {"outcomes": ("y",), "exact": ("industry",), "covariates": ("x1", "x2"), "limit": None, "support": "none"}
    found = []
    for _ in range(draws):
        engine.put("drawn", draw(chance, COMPANIES))
        effect = match(engine, "drawn", Design(**{**said, **plan})).effects.effects[0]
        found.append((effect.estimate, effect.stderr, effect.interval[0] <= EFFECT <= effect.interval[1]))
    engine.close()
    return np.array(found, dtype=float)


def test_covers_in_a_few_draws() -> None:
    """25 draws: a right 95 % interval holds the effect fewer than 21 times with a chance of 0.7 %."""
    found = repeated({}, 25, seed=5)
    assert found[:, 2].sum() >= 21
    assert found[:, 0].mean() == pytest.approx(EFFECT, abs=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_covers_in_a_thousand_draws(plan: dict[str, Any]) -> None:
    """93.5–96.5 %, widened by nothing: the Monte-Carlo error of 1,000 draws is 0.7 points."""
    found = repeated(plan, 1000, seed=20)
    assert 0.935 <= found[:, 2].mean() <= 0.965
    assert found[:, 1].mean() == pytest.approx(found[:, 0].std(), rel=0.1)


@pytest.mark.slow
def test_of_nothing_it_finds_nothing() -> None:
    """Without any effect the 95 % interval leaves out zero in about 5 % of 1,000 draws."""
    chance, engine = np.random.default_rng(8), DuckEngine(threads=1)
    wrong = 0
    for _ in range(1000):
        table = draw(chance, COMPANIES)
        x1, treated = table["x1"].to_numpy(), table["treated"].to_numpy()
        y = table["y"].to_numpy() - (1 + 0.5 * x1) * treated
        engine.put("drawn", table.set_column(5, "y", pa.array(y)))
        said = {"outcomes": ("y",), "exact": ("industry",), "covariates": ("x1", "x2"), "neighbours": 1}
        low, high = match(engine, "drawn", Design(**said)).effects.effects[0].interval
        wrong += not low <= 0 <= high
    engine.close()
    assert 35 <= wrong <= 65
