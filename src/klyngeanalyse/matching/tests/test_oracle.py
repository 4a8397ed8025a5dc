"""The fast matchers against plain ones that look at every pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from klyngeanalyse.matching.mahalanobis import PLACES, near
from klyngeanalyse.matching.nearest import reversed_ties
from klyngeanalyse.matching.tests.cases import COVARIATES, by_hand, candidates, chosen, score, study

FREE = {"limit": None, "support": "none"}


def same(found: dict[int, list[tuple[int, float]]], wanted: dict[int, list[tuple[int, float]]]) -> None:
    assert {company: [one for one, _ in row] for company, row in found.items()} == {
        company: [one for one, _ in row] for company, row in wanted.items()
    }
    for company, row in found.items():
        assert [far for _, far in row] == pytest.approx([far for _, far in wanted[company]], abs=1e-8)


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        {"neighbours": 1},
        {"neighbours": 3},
        {"neighbours": 5, "caliper": 0.01},
        {"neighbours": 2, "ties": "all"},
        {"neighbours": 1, "replacement": False},
        {"neighbours": 3, "replacement": False, "order": "smallest"},
        {"neighbours": 2, "replacement": False, "order": "company", "caliper": 0.02},
    ],
)
def test_propensity(said: dict[str, Any], coarse: bool) -> None:
    table = candidates(160, seed=len(said) + 10 * coarse, coarse=coarse)
    answer = study(table, **FREE, **said)
    rows = table.to_pylist()
    for row in rows:
        row["score"] = score(answer, row)
    queue = {
        "largest": lambda row: (-row["score"], row["company"]),
        "smallest": lambda row: (row["score"], row["company"]),
        "company": lambda row: row["company"],
    }[said.get("order", "largest")]
    wanted = by_hand(
        rows,
        lambda one, other: abs(one["score"] - other["score"]),
        queue=queue,
        # at equal distance the lower score goes first, then the lower company
        preference=lambda row: (row["score"], row["company"]),
        **{key: value for key, value in said.items() if key != "order"},
    )
    same(chosen(answer), wanted)


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        {"neighbours": 1},
        {"neighbours": 8},
        {"neighbours": 2, "ties": "all"},
        {"neighbours": 3, "caliper": 0.8},
        {"neighbours": 1, "replacement": False},
        {"neighbours": 4, "replacement": False, "caliper": 1.5},
    ],
)
@pytest.mark.parametrize("brute", [0, 10**9])
def test_mahalanobis(said: dict[str, Any], coarse: bool, brute: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klyngeanalyse.matching.mahalanobis.BRUTE", brute)
    table = candidates(150, seed=3 + len(said), coarse=coarse)
    x = np.column_stack([table[name].to_numpy() for name in COVARIATES]).astype(float)
    treated = table["treated"].to_numpy() == 1
    n1, n0 = treated.sum(), (~treated).sum()
    pooled = ((n1 - 1) * np.cov(x[treated].T) + (n0 - 1) * np.cov(x[~treated].T)) / (n1 + n0 - 2)
    inverse = np.linalg.inv(pooled)

    def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
        gap = np.array([one[name] - other[name] for name in COVARIATES], dtype=float)
        return float(np.sqrt(gap @ inverse @ gap))

    wanted = by_hand(table.to_pylist(), distance, queue=lambda row: row["company"], **said)
    same(chosen(study(table, distance="mahalanobis", **said)), wanted)


@pytest.mark.parametrize(("pairs", "few"), [(10**9, 64), (0, 64), (0, 1)])
def test_kernel(pairs: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klyngeanalyse.matching.kernel.PAIRS", pairs)
    monkeypatch.setattr("klyngeanalyse.matching.kernel.FEW", few)
    table = candidates(200, seed=5)
    answer = study(table, method="kernel", bandwidth=0.08, **FREE)
    rows = table.to_pylist()
    gaps, weights = [], {}
    for one in (row for row in rows if row["treated"]):
        others = [row for row in rows if not row["treated"] and row["industry"] == one["industry"]]
        near = {row["company"]: max(0.0, 1 - ((score(answer, row) - score(answer, one)) / 0.08) ** 2) for row in others}
        total = sum(near.values())
        if total:
            gaps.append(one["y"] - sum(near[row["company"]] * row["y"] for row in others) / total)
            for company, weight in near.items():
                weights[company] = weights.get(company, 0) + weight / total
    assert answer.effects.effects[0].estimate == pytest.approx(np.mean(gaps), abs=1e-8)
    variance = study(table, method="kernel", bandwidth=0.08, variance_neighbours=1, **FREE).effects.effects[0]
    monkeypatch.setattr("klyngeanalyse.matching.kernel.PAIRS", 10**9)
    again = study(table, method="kernel", bandwidth=0.08, variance_neighbours=1, **FREE).effects.effects[0]
    assert variance.stderr == pytest.approx(again.stderr, rel=1e-9)
    told = {row["company"]: row["weight"] for row in answer.weights.rows() if not row["treated"]}
    assert told == pytest.approx({company: weight for company, weight in weights.items() if weight}, abs=1e-7)


def test_coarsened() -> None:
    table = candidates(400, seed=8)
    answer = study(table, method="coarsened", bins={"level": 4, "growth": 3, "age": (10.0, 25.0), "export": 2})
    rows = table.to_pylist()
    level, growth = table["level"].to_numpy(), table["growth"].to_numpy()
    strata: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        key = (
            row["industry"],
            min(3, int((row["level"] - level.min()) / ((level.max() - level.min()) / 4))),
            min(2, int((row["growth"] - growth.min()) / ((growth.max() - growth.min()) / 3))),
            (row["age"] >= 10) + (row["age"] >= 25),
            row["export"],
        )
        strata.setdefault(key, []).append(row)
    gaps, n, variance = 0.0, 0, []
    for members in strata.values():
        ones = [row["y"] for row in members if row["treated"]]
        zeros = [row["y"] for row in members if not row["treated"]]
        if ones and zeros:
            gaps += sum(ones) - len(ones) * np.mean(zeros)
            n += len(ones)
            variance.append((ones, zeros))
    effect = answer.effects.effects[0]
    assert effect.n_treated == n
    assert effect.estimate == pytest.approx(gaps / n, abs=1e-10)
    single = sum((len(z) - 1) * np.var(z, ddof=1) for _, z in variance if len(z) > 1) / sum(
        len(z) - 1 for _, z in variance
    )
    total = 0.0
    for ones, zeros in variance:
        own = np.var(zeros, ddof=1) if len(zeros) > 1 else single
        total += sum((y - np.mean(zeros) - gaps / n) ** 2 for y in ones)
        total += len(zeros) * ((len(ones) / len(zeros)) ** 2 - len(ones) / len(zeros) ** 2) * own
    assert effect.stderr == pytest.approx(np.sqrt(total) / n, rel=1e-9)
    told = {row["company"]: row["weight"] for row in answer.weights.rows()}
    assert sum(told.values()) == pytest.approx(2 * n)


def test_balancing() -> None:
    table = candidates(300, seed=9, cells=2)
    answer = study(table, method="balancing", moments=2)
    x = np.column_stack([table[name].to_numpy() for name in COVARIATES]).astype(float)
    x = np.column_stack([x, np.square(x[:, :3])])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    treated, cell, y = table["treated"].to_numpy() == 1, np.array(table["industry"].to_pylist()), table["y"].to_numpy()

    def dual(slopes: np.ndarray) -> float:
        value = -slopes @ x[treated].sum(axis=0)
        for one in np.unique(cell):
            value += (treated & (cell == one)).sum() * np.log(np.exp(x[~treated & (cell == one)] @ slopes).sum())
        return float(value)

    slopes = minimize(dual, np.zeros(x.shape[1]), method="BFGS", options={"gtol": 1e-7}).x
    weight = np.where(treated, 1.0, np.exp(x @ slopes))
    for one in np.unique(cell):
        own = ~treated & (cell == one)
        weight[own] *= (treated & (cell == one)).sum() / weight[own].sum()
    told = {row["company"]: row["weight"] for row in answer.weights.rows()}
    assert np.array([told[one] for one in table["company"].to_pylist()]) == pytest.approx(weight, rel=1e-4)
    wanted = y[treated].mean() - (weight * y)[~treated].sum() / treated.sum()
    assert answer.effects.effects[0].estimate == pytest.approx(wanted, abs=1e-6)
    told_weight = np.array([told[one] for one in table["company"].to_pylist()])
    exact = y[treated].mean() - (told_weight * y)[~treated].sum() / treated.sum()
    assert answer.effects.effects[0].estimate == pytest.approx(exact, abs=1e-9)
    assert max(abs(one) for one in answer.balance.difference) < 1e-8


def test_the_variance_by_hand() -> None:
    table = candidates(120, seed=12)
    answer = study(table, neighbours=2, variance_neighbours=1, **FREE)
    rows = {row["company"]: row for row in table.to_pylist()}
    for row in rows.values():
        row["score"] = score(answer, row)

    def spread(own: dict[str, Any]) -> float:
        peers = [
            row
            for row in rows.values()
            if row["treated"] == own["treated"] and row["industry"] == own["industry"] and row is not own
        ]
        near = min(peers, key=lambda row: abs(row["score"] - own["score"]))
        return (own["y"] - near["y"]) ** 2 / 2

    pairs = chosen(answer)
    k, k2, gaps = {}, {}, []
    for company, others in pairs.items():
        gaps.append(rows[company]["y"] - np.mean([rows[one]["y"] for one, _ in others]))
        for one, _ in others:
            k[one] = k.get(one, 0) + 1 / len(others)
            k2[one] = k2.get(one, 0) + 1 / len(others) ** 2
    n, effect = len(gaps), answer.effects.effects[0]
    population = sum((gap - np.mean(gaps)) ** 2 for gap in gaps) + sum(
        (k[one] ** 2 - k2[one]) * spread(rows[one]) for one in k
    )
    sample = sum(spread(rows[one]) for one in pairs) + sum(k[one] ** 2 * spread(rows[one]) for one in k)
    assert effect.estimate == pytest.approx(np.mean(gaps), abs=1e-12)
    assert effect.stderr == pytest.approx(np.sqrt(population) / n, rel=1e-10)
    assert effect.stderr_sample == pytest.approx(np.sqrt(sample) / n, rel=1e-10)


def test_ties_turn_round_inside_their_cell_alone() -> None:
    cell, value = np.array([1, 1, 1, 2, 2]), np.array([0.2, 0.2, 0.5, 0.5, 0.5])
    assert reversed_ties(cell, value).tolist() == [1, 0, 2, 4, 3]
    assert reversed_ties(cell[:0], value[:0]).tolist() == []


@pytest.mark.parametrize("far", [0.0, 1e3, 1e6])
@pytest.mark.parametrize("k", [1, 3, 9])
def test_the_nearest_are_found_however_far_from_zero_they_lie(far: float, k: int) -> None:
    """|x|² + |y|² - 2 x'y cancels; none of the nearest, nor a tie of the last, may be lost by that."""
    chance = np.random.default_rng(int(far) + k)
    one, other = (np.round(chance.normal(far, 1, (n, 3)), 2) for n in (40, 700))
    other[5:9] = other[4]  # ties
    every = np.round(np.sqrt(np.square(one[:, None] - other[None]).sum(axis=2)), PLACES)
    row, column, distance = near(one, other, k)
    for nth in range(len(one)):
        mine = row == nth
        last = np.sort(every[nth])[k - 1]
        assert set(np.flatnonzero(every[nth] <= last)) <= set(column[mine])
        assert distance[mine] == pytest.approx(np.sort(every[nth])[: mine.sum()], abs=0)
