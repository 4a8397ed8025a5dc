"""Made-up candidates and plain, slow matchers to hold the fast ones against."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.matching import Design, Matching, match
from klyngeanalyse.matching.nearest import Sets
from klyngeanalyse.matching.pool import Arm, Pool, places

COVARIATES = ("level", "growth", "age", "export")


def candidates(n: int, seed: int, coarse: bool = False, cells: int = 4) -> pa.Table:
    """Companies in `cells` industries; where `coarse`, covariates take few values, so that ties abound."""
    chance = np.random.default_rng(seed)
    level = chance.normal(2, 1, n)
    growth = chance.normal(0, 0.3, n)
    if coarse:
        level, growth = np.round(level), np.round(growth * 2) / 2
    age = chance.integers(1, 6 if coarse else 40, n)
    export = chance.integers(0, 2, n)
    odds = -1.2 + 0.4 * level + 0.5 * growth - 0.02 * age + 0.3 * export
    treated = (chance.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    treated[:2] = (0, 1)
    outcome = level + 0.5 * growth + 0.2 * treated + chance.normal(0, 1, n)
    return pa.table(
        {
            "company": pa.array(chance.permutation(n) + 1000),
            "treated": pa.array(treated),
            "industry": pa.array([f"C{one}" for one in chance.integers(0, cells, n)]),
            "level": pa.array(level),
            "growth": pa.array(growth),
            "age": pa.array(age),
            "export": pa.array(export),
            "y": pa.array(outcome),
            "jobs": pa.array(3 * outcome + chance.normal(0, 1, n)),
        }
    )


def study(table: pa.Table, **said: Any) -> Matching:
    engine = DuckEngine(threads=2)
    engine.put("candidates", table)
    plan = {"outcomes": ("y",), "exact": ("industry",), "covariates": COVARIATES, **said}
    try:
        return match(engine, "candidates", Design(**plan))
    finally:
        engine.close()


def chosen(answer: Matching) -> dict[int, list[tuple[int, float]]]:
    """company -> [(control, distance)…] in the order of their ranks."""
    found: dict[int, list[tuple[int, float]]] = {}
    assert answer.pairs is not None
    for row in answer.pairs.rows():
        found.setdefault(row["company"], []).append((row["control"], row["distance"]))
        assert row["rank"] == len(found[row["company"]])
    return found


def score(answer: Matching, row: dict[str, Any]) -> float:
    """The propensity of a row from the coefficients that were told, on the grid where scores are compared."""
    assert answer.propensity is not None
    told = dict(zip(answer.propensity.names, answer.propensity.coefficients, strict=True))
    eta = told["intercept"] + sum(told[name] * row[name] for name in COVARIATES)
    return round(1 / (1 + math.exp(-eta)), 11)


def by_hand(
    rows: list[dict[str, Any]],
    distance: Any,
    *,
    neighbours: int,
    replacement: bool = True,
    ties: str = "first",
    caliper: float | None = None,
    queue: Any = None,
    preference: Any = lambda row: row["company"],
) -> dict[int, list[tuple[int, float]]]:
    """Every distance of every cell, sorted; `distance(row, row)`, `queue(row)` the order of choosing, `preference` the tie-break."""
    treated = [row for row in rows if row["treated"]]
    reach = {}
    for one in treated:
        others = [
            (round(distance(one, other), 9), preference(other), other["company"])
            for other in rows
            if not other["treated"] and other["industry"] == one["industry"]
        ]
        reach[one["company"]] = sorted(row for row in others if caliper is None or row[0] <= caliper)
    found: dict[int, list[tuple[int, float]]] = {}
    if replacement:
        for company, others in reach.items():
            edge = others[min(neighbours, len(others)) - 1][0] if others else 0
            kept = [row for row in others if row[0] <= edge] if ties == "all" else others[:neighbours]
            if kept:
                found[company] = [(row[2], row[0]) for row in kept]
        return found
    taken: set[int] = set()
    for _ in range(neighbours):
        for one in sorted(treated, key=queue):
            pick = next((row for row in reach[one["company"]] if row[2] not in taken), None)
            if pick:
                taken.add(pick[2])
                found.setdefault(one["company"], []).append((pick[2], pick[0]))
    return found


def pool(treated: list[tuple[Any, ...]], control: list[tuple[Any, ...]]) -> Pool:
    """Two arms by hand, of rows (cell, score, company, outcome) in any order; of four numbers the outcome may be left out."""
    arms = [_arm(sorted(rows)) for rows in (treated, control)]
    return Pool(arms[0], arms[1], places(arms[0], arms[1]))


def _arm(rows: list[tuple[Any, ...]]) -> Arm:
    return Arm(
        np.array([row[0] for row in rows], dtype=np.int32),
        np.array([row[1] for row in rows], dtype=float),
        np.empty((len(rows), 0)),
        np.array([[row[3] if len(row) > 3 else 0.0] for row in rows], dtype=float).reshape(len(rows), 1),
        pa.chunked_array([pa.array([row[2] for row in rows], pa.int64())]),
    )


def placed(treated: list[tuple[int, int, Any]], control: list[tuple[int, int, Any]]) -> Pool:
    """The same without scores, of rows (cell, company, coordinates) that are straight already."""
    arms = []
    for rows in (sorted(treated), sorted(control)):
        arm = _arm([(cell, 0.0, company) for cell, company, _ in rows])
        x = np.array([np.atleast_1d(point) for _, _, point in rows], dtype=float).reshape(len(rows), -1 if rows else 1)
        arms.append(Arm(arm.cell, arm.score, x, arm.y, arm.company))
    return Pool(arms[0], arms[1], places(arms[0], arms[1]))


def listed(pool: Pool, found: Sets) -> list[tuple[int, int, float]]:
    """(company, control, distance) of every pair, in order; distances to nine places."""
    company, control = pool.treated.company.to_pylist(), pool.control.company.to_pylist()
    return [
        (company[who], control[whom], round(float(far), 9))
        for who, whom, far in zip(found.treated, found.control, found.distance, strict=True)
    ]


def left(engine: DuckEngine) -> set[str]:
    """What stands in the engine."""
    return set(engine.arrow("select table_name as name from information_schema.tables")["name"].to_pylist())
