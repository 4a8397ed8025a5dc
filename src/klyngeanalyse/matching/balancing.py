"""Entropy balancing inside the cells: controls weighted, as evenly as can be, so that the covariates' moments equal the treated's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Columns, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.balance import Weighted, arms
from klyngeanalyse.matching.effect import Effects, told
from klyngeanalyse.matching.moments import Moments, digits, products, standardised, summed
from klyngeanalyse.matching.rows import CELLS, ROWS, Candidates, number

Array = np.ndarray[Any, Any]
FOUND, TILTED = "matching_found", "matching_tilted"
STEPS, NEAR = 60, 1e-10


@dataclass(frozen=True)
class Tilt:
    """Weights w = n1 exp(λ'z) / Σ_cell exp(λ'z) of the controls of each cell; `table` is in the engine as `TILTED`."""

    slopes: Array
    steps: int
    n_treated: int
    features: int


def _features(candidates: Candidates, moments: Moments) -> list[str]:
    zs = standardised(candidates, moments.centre, moments.spread)
    if candidates.design.moments == 2:
        zs += [f"({z} * {z})" for z, binary in zip(zs, moments.binary, strict=True) if not binary]
    return zs


def _tilted(k: int, slopes: Array) -> str:
    return "exp(" + " + ".join(["0e0", *(f"{number(slopes[i])} * z{i}" for i in range(k))]) + ")"


def _sums(candidates: Candidates, k: int, slopes: Array) -> Columns:
    """By cell: Σ e, Σ e z, Σ e z z' of the controls, e = exp(λ'z)."""
    return columns(
        candidates.engine,
        f"select cell, sum(e) as e{products([f'z{i}' for i in range(k)], 'e')} from (select *, {_tilted(k, slopes)} as e from {FOUND} where treated = 0) as r "
        "group by cell order by cell",
    )


def _dual(found: Columns, k: int, n1: Array, target: Array, slopes: Array) -> tuple[float, Array, Array]:
    """Value, gradient and curvature of Σ n1 log Σ_cell e - λ' Σ_treated z, whose lowest point balances."""
    total = found["e"]
    sums, square = summed(found, k)
    mean = sums / total[:, None]
    curve = np.tensordot(n1, square / total[:, None, None] - mean[:, :, None] * mean[:, None, :], axes=1)
    return float(n1 @ np.log(total) - slopes @ target), n1 @ mean - target, curve


def balance(candidates: Candidates, moments: Moments) -> Tilt:
    """Newton on the dual (Hainmueller 2012), with the cells' shares held exactly; only sums by cell leave the engine.

    Raises `Unfit` where no weights can balance: the treated's means lie outside what the controls of their cells can reach.
    """
    engine, features = candidates.engine, _features(candidates, moments)
    k = len(features)
    named = "".join(f", {z} as z{nth}" for nth, z in enumerate(features))
    engine.keep(
        FOUND,
        f"select r.*{named} from {ROWS} as r join (select cell as both_arms from {CELLS} where n_treated > 0 and n_control > 0) as c "
        "on r.cell = c.both_arms",
    )
    told_ = columns(
        engine,
        f"select cell, count(*) as n{''.join(f', sum(z{i}) as s{i}' for i in range(k))} from {FOUND} where treated = 1 group by cell order by cell",
    )
    n1 = told_["n"].astype(float)
    target = np.array([told_[f"s{i}"].sum() for i in range(k)])
    slopes, steps = _newton(candidates, k, n1, target)
    slopes = np.array([digits(value, 11) for value in slopes])
    engine.keep(
        TILTED,
        f"select f.*, case when f.treated = 1 then 1e0 else {_tilted(k, slopes)} * s.n1 / s.e end as w from {FOUND} as f join "
        f"(select cell as tilted, sum(case when treated = 1 then 1e0 else 0e0 end) as n1, "
        f"sum(case when treated = 0 then {_tilted(k, slopes)} else 0e0 end) as e from {FOUND} group by cell) as s on f.cell = s.tilted",
    )
    engine.drop(FOUND)
    return Tilt(slopes, steps, int(n1.sum()), k)


def _newton(candidates: Candidates, k: int, n1: Array, target: Array) -> tuple[Array, int]:
    slopes, size = np.zeros(k), float(n1.sum())
    if not size:
        raise Unfit("no cell holds both treated and controls", mend="use fewer or wider exact columns")
    value, gradient, curve = _dual(_sums(candidates, k, slopes), k, n1, target, slopes)
    for step in range(1, STEPS + 1):
        if np.abs(gradient).max() / size < NEAR:
            return slopes, step
        move = -np.linalg.solve(curve + 1e-12 * max(float(np.trace(curve)), 1e-300) * np.eye(k), gradient)
        share = min(1.0, 10 / max(float(np.abs(move).max()), 1e-300))
        while share > 1e-6:
            tried = slopes + share * move
            new = _dual(_sums(candidates, k, tried), k, n1, target, tried)
            if np.isfinite(new[0]) and new[0] <= value + 1e-4 * share * float(gradient @ move) + 1e-12 * abs(value):
                break
            share /= 2
        else:
            break
        slopes = tried
        value, gradient, curve = new
        if np.abs(slopes).max() > 50:
            break
    worst = int(np.argmax(np.abs(gradient)))
    name = candidates.names[worst] if worst < len(candidates.names) else "the square of a covariate"
    raise Unfit(
        "no weights of the controls balance the covariates",
        where=f"furthest off: {name}",
        why="the treated's means lie beyond what the controls of their cells reach",
        mend="use fewer covariates, moments 1, or wider cells",
    )


def weighted(candidates: Candidates, moments: Moments) -> list[Weighted]:
    """Controls, then treated, with their weights."""
    return arms(candidates, moments, f"select * from {TILTED}")


def effects(candidates: Candidates, tilt: Tilt) -> Effects:
    """ATT = mean of the treated less the weighted mean of the controls.

    Its variance is that of the regression with weights w of the outcome on the covariates within the cells, to which the
    estimate is equal (Zhao and Percival 2017): [Σ_treated (y - m(z) - ATT)² + Σ_controls w² (y - m(z))²] / n².
    """
    ys = candidates.ys
    found = [_one(candidates, tilt, y) for y in ys]
    if not found:
        return Effects(())
    estimate, population, mean1 = (np.array([one[nth] for one in found]) for nth in range(3))
    n0 = int(columns(candidates.engine, f"select count(*) as n from {TILTED} where treated = 0")["n"][0])
    unknown = np.full(len(ys), np.nan)  # no conditional variance is estimated
    return told(
        candidates.design.outcomes,
        estimate,
        population,
        unknown,
        mean1,
        mean1 - estimate,
        tilt.n_treated,
        n0,
        candidates.design.confidence,
    )


def _one(candidates: Candidates, tilt: Tilt, y: str) -> tuple[float, float, float]:
    """Estimate, variance and the treated's mean of one outcome."""
    k, engine = tilt.features, candidates.engine
    means = ", ".join([f"sum(w * {y}) / sum(w) as my", *(f"sum(w * z{i}) / sum(w) as m{i}" for i in range(k))])
    cells = f"(select cell as own, {means} from {TILTED} where treated = 0 group by cell) as c"
    centred = f"select w, treated, {y} - my as r" + "".join(f", z{i} - m{i} as d{i}" for i in range(k))
    centred += f" from {TILTED} as t join {cells} on t.cell = c.own"
    cross = "".join(f", sum(w * r * d{i}) as r{i}" for i in range(k))
    asked = f"count(*) as n{products([f'd{i}' for i in range(k)], 'w')}{cross}"
    sums = columns(engine, f"select {asked} from ({centred}) as a where treated = 0")
    square = summed(sums, k)[1][0]
    slope = np.linalg.pinv(square, rcond=1e-12, hermitian=True) @ np.array([sums[f"r{i}"][0] for i in range(k)])
    left = " - ".join(["r", *(f"{number(slope[i])} * d{i}" for i in range(k))])
    last = columns(
        engine,
        f"select sum(case when treated = 1 then l else 0e0 end) as one, sum(case when treated = 1 then l * l else 0e0 end) as square, "
        f"sum(case when treated = 0 then w * w * l * l else 0e0 end) as own from (select treated, w, {left} as l from ({centred}) as a) as b",
    )
    mean1 = float(columns(engine, f"select avg({y}) as m from {TILTED} where treated = 1")["m"][0])
    n = tilt.n_treated
    # the treated's residuals add up to n ATT: the weighted covariates of both arms are equal
    estimate = float(last["one"][0]) / n
    return estimate, float(last["square"][0] - n * estimate**2 + last["own"][0]) / n**2, mean1


def weights(candidates: Candidates) -> pa.Table:
    """company, cell, treated, weight of everybody in a cell with both arms."""
    return candidates.engine.arrow(f"select company, cell, treated, w as weight from {TILTED} order by cell, company")


def forget(candidates: Candidates) -> None:
    candidates.engine.drop(FOUND)
    candidates.engine.drop(TILTED)
