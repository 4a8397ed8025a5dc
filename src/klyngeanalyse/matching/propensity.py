"""The propensity: a logit by Newton's method whose sums are counted in the engine, so that no row leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Result, Row
from klyngeanalyse.matching.moments import digits, products, scales, standardised, summed
from klyngeanalyse.matching.rows import ROWS, Candidates, number

Array = np.ndarray[Any, Any]
GROUPED = "matching_grouped"
STEPS, FAR, NEAR = 30, 35.0, 1e-7
THIN, MANY, PASSES = 16, 200_000, 8  # of so many controls every 16th says where Newton's method begins
GRID = 1e12  # scores nearer than this are equal, so that rounding noise of an engine's sums never decides a match


@dataclass(frozen=True)
class Propensity(Result):
    """P(treated | x) = 1 / (1 + exp(-(a + b'x))), fitted by maximum likelihood on all complete rows.

    `coefficients` and `stderr` are in the covariates' own units, the intercept first; `fit` is McFadden's 1 - ll/ll0.
    """

    names: tuple[str, ...]
    coefficients: tuple[float, ...]
    stderr: tuple[float, ...]
    loglikelihood: float
    fit: float
    steps: int
    sql: str  # of the score on the engine's grid, from the columns x1…

    def rows(self) -> list[Row]:
        told = zip(self.names, self.coefficients, self.stderr, strict=True)
        return [
            {"covariate": name, "coefficient": b, "stderr": se, "z": b / se if se else None} for name, b, se in told
        ]


def _grouped(candidates: Candidates) -> str:
    """The rows as (t, n, x…): where every covariate is coded, one row a combination of values."""
    if not candidates.coded:
        return f"(select treated as t, 1 as n, {', '.join(candidates.xs)} from {ROWS}) as r"
    xs = ", ".join(candidates.xs)
    candidates.engine.keep(GROUPED, f"select sum(treated) as t, count(*) as n, {xs} from {ROWS} group by {xs}")
    return f"{GROUPED} as r"


def _sums(candidates: Candidates, source: str, zs: list[str], b: Array) -> tuple[Array, Array, float]:
    """Score vector, information matrix and log-likelihood at b (intercept first)."""
    k = len(zs)
    named = ", ".join(f"{z} as z{nth}" for nth, z in enumerate(zs, 1))
    eta = " + ".join([number(b[0]), *(f"{number(b[nth])} * z{nth}" for nth in range(1, k + 1))])
    z = ["1e0", *(f"z{nth}" for nth in range(1, k + 1))]
    gradient = "".join(f", sum((t - n * p) * {one}) as g{i}" for i, one in enumerate(z))
    fitted = "t * eta - n * (case when eta > 0e0 then eta else 0e0 end + ln(1e0 + exp(-abs(eta))))"
    answer = columns(
        candidates.engine,
        f"select sum({fitted}) as ll{gradient}{products(z, 'w')} from (select *, n * p * (1e0 - p) as w from "
        f"(select *, 1e0 / (1e0 + exp(-eta)) as p from (select *, greatest({number(-FAR)}, least({number(FAR)}, {eta})) as eta "
        f"from (select t, n, {named} from {source}) as a) as e) as b) as s",
    )
    return np.array([answer[f"g{i}"][0] for i in range(k + 1)]), summed(answer, k + 1)[1][0], float(answer["ll"][0])


def _alone(names: tuple[str, ...], information: Array) -> None:
    """Refuses covariates that the others determine: the correlation of the information has a vanishing eigenvalue."""
    size = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    if values[0] < 1e-10:
        involved = [names[nth] for nth in np.argsort(-np.abs(vectors[:, 0]))[:3] if abs(vectors[nth, 0]) > 0.1]
        raise Unfit(
            f"covariates {', '.join(repr(name) for name in involved)} determine one another",
            why="the propensity cannot tell them apart",
            mend="leave one of them out",
        )


def fit(candidates: Candidates) -> Propensity:
    """The logit of treatment on the covariates.

    Newton: b <- b + (Z'WZ)⁻¹ Z'(t - p), W = p(1 - p), from the intercept-only fit (of many rows from a fit of some of them), until no coefficient (of standardised
    covariates) moves by 1e-7; convergence is quadratic, so the error left is below 1e-13.

    Raises `Unfit` on a constant covariate, on covariates that determine one another, and where the covariates tell treated
    and controls apart completely.
    """
    centre, spread = scales(candidates)
    zs = standardised(candidates, centre, spread)
    source = _grouped(candidates)
    try:
        b, information, loglikelihood, steps = _newton(candidates, source, zs, _start(candidates, zs))
    finally:
        candidates.engine.drop(GROUPED)
    b = np.array([digits(value, 11) for value in b])
    eta = " + ".join([number(b[0]), *(f"{number(value)} * {z}" for value, z in zip(b[1:], zs, strict=True))])
    n, t = candidates.n_treated + candidates.n_control, candidates.n_treated
    alone = t * np.log(t / n) + (n - t) * np.log(1 - t / n)
    into = np.diag(np.concatenate([[1.0], 1 / spread]))
    into[0, 1:] = -centre / spread
    covariance = into @ np.linalg.inv(information) @ into.T
    return Propensity(
        names=("intercept", *candidates.names),
        coefficients=tuple(float(v) for v in into @ b),
        stderr=tuple(float(v) for v in np.sqrt(np.diag(covariance))),
        loglikelihood=loglikelihood,
        fit=float(1 - loglikelihood / alone),
        steps=steps,
        sql=f"floor({number(GRID)} / (1e0 + exp(-greatest({number(-FAR)}, least({number(FAR)}, {eta})))) + 0.5e0)",
    )


def _start(candidates: Candidates, zs: list[str]) -> Array:
    """Where to begin: at the intercept alone; of many rows at the fit of the treated and every 16th control.

    Leaving out controls moves nothing but the intercept (Prentice and Pyke 1979), by the logarithm of the share kept.
    The fit ends at the same place from wherever it begins; it only takes fewer passes over all rows.
    """
    share = candidates.n_treated / (candidates.n_treated + candidates.n_control)
    alone = np.zeros(len(zs) + 1)
    alone[0] = np.log(share / (1 - share))
    kind = candidates.engine.arrow(f"select company from {ROWS} limit 0").schema.field("company").type
    if candidates.coded or candidates.n_control < MANY or not pa.types.is_integer(kind):
        return alone
    wanted = ", ".join(f"{z} as z{nth}" for nth, z in enumerate(zs))
    few = columns(candidates.engine, f"select treated, {wanted} from {ROWS} where treated = 1 or company % {THIN} = 0")
    t = few["treated"].astype(float)
    z = np.column_stack([np.ones(len(t)), *(few[f"z{nth}"] for nth in range(len(zs)))])
    controls = len(t) - t.sum()
    if not controls:
        return alone
    kept = np.log(controls / candidates.n_control)
    found = alone - np.eye(len(alone))[0] * kept
    for _ in range(PASSES):
        p = 1 / (1 + np.exp(-np.clip(z @ found, -FAR, FAR)))
        information = (z * (p * (1 - p))[:, None]).T @ z
        found += np.linalg.lstsq(information, z.T @ (t - p), rcond=None)[0]
    found[0] += kept
    return found if np.abs(found).max() < FAR else alone  # whatever is wrong with the few is said of all


def _newton(candidates: Candidates, source: str, zs: list[str], b: Array) -> tuple[Array, Array, float, int]:
    move = np.zeros_like(b)
    last = -np.inf
    names = ("intercept", *candidates.names)
    for step in range(1, STEPS + 1):
        gradient, information, loglikelihood = _sums(candidates, source, zs, b)
        if step == 1:
            _alone(names, information)
        if loglikelihood < last - 1e-9 * abs(last):
            move = move / 2
            b = b - move
            continue
        last = loglikelihood
        move = np.linalg.solve(information + 1e-14 * np.trace(information) * np.eye(len(b)), gradient)
        if np.abs(b + move)[1:].max(initial=0.0) > FAR:
            break
        b = b + move
        if np.abs(move).max() < NEAR:
            return b, information, loglikelihood, step
    worst = names[1 + int(np.argmax(np.abs(b[1:])))]
    raise Unfit(
        "treated and controls can be told apart completely",
        where=f"covariate {worst!r} most of all",
        why="no propensity exists between 0 and 1",
        mend="leave it out, or make it an exact column",
    )
