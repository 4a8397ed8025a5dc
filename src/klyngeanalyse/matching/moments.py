"""What is counted of the covariates before anybody is matched: centres, spreads, and each arm's mean and covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.engines import Columns, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.rows import ROWS, Candidates, number

Array = np.ndarray[Any, Any]


def digits(value: float, places: int) -> float:
    return float(f"{value:.{places - 1}e}")


def scales(candidates: Candidates) -> tuple[Array, Array]:
    """Centre and spread of each covariate, to six digits: any constants near them do, and these are the same on every engine.

    Raises `Unfit` on a covariate that is the same for everybody.
    """
    xs = candidates.xs
    asked = ", ".join(f"avg({x}) as m{x}, coalesce(stddev_samp({x}), 0e0) as s{x}" for x in xs)
    answer = columns(candidates.engine, f"select {asked} from {ROWS}")
    return rounded(candidates.names, [answer[f"m{x}"][0] for x in xs], [answer[f"s{x}"][0] for x in xs])


def rounded(names: Sequence[str], mean: Sequence[float], deviation: Sequence[float]) -> tuple[Array, Array]:
    centre, spread = (np.array([digits(one, 6) for one in values]) for values in (mean, deviation))
    for name, s, m in zip(names, spread, centre, strict=True):
        if not s > 1e-12 * max(1.0, abs(m)):
            raise Unfit(f"covariate {name!r} is the same for everybody", mend="leave it out")
    return centre, spread


def standardised(candidates: Candidates, centre: Array, spread: Array) -> list[str]:
    return [f"(({x} - {number(m)}) / {number(s)})" for x, m, s in zip(candidates.xs, centre, spread, strict=True)]


def products(z: Sequence[str], weight: str | None = None) -> str:
    """SQL of the (weighted) sums s0… of some columns and q0_0… of their products."""
    times = f"{weight} * " if weight else ""
    sums = [f"sum({times}{one}) as s{i}" for i, one in enumerate(z)]
    sums += [f"sum({times}{z[i]} * {z[j]}) as q{i}_{j}" for i in range(len(z)) for j in range(i, len(z))]
    return "".join(f", {one}" for one in sums)


def summed(found: Columns, k: int) -> tuple[Array, Array]:
    """What `products` counted, one entry a row of the answer: sums (rows, k) and products (rows, k, k)."""
    rows = len(next(iter(found.values())))
    sums, square = np.empty((rows, k)), np.empty((rows, k, k))
    for i in range(k):
        sums[:, i] = found[f"s{i}"]
        for j in range(i, k):
            square[:, i, j] = square[:, j, i] = found[f"q{i}_{j}"]
    return sums, square


@dataclass(frozen=True)
class Moments:
    """Of all complete rows, controls first: n (2,), mean (2, k), covariance (2, k, k); `binary` (k,) says which are only 0 and 1."""

    centre: Array
    spread: Array
    n: Array
    mean: Array
    covariance: Array
    binary: Array

    @classmethod
    def of(cls, centre: Array, spread: Array, n: Array, sums: Array, square: Array, binary: Array) -> Moments:
        """From each arm's sums (2, k) of the standardised covariates and of their products (2, k, k)."""
        mean = sums / n[:, None]
        within = square - n[:, None, None] * mean[:, :, None] * mean[:, None, :]
        covariance = within / np.maximum(n - 1, 1)[:, None, None] * np.outer(spread, spread)
        return cls(centre, spread, n, centre + mean * spread, covariance, binary)

    @property
    def pooled(self) -> Array:
        """Covariance within the arms: ((n0 - 1) S0 + (n1 - 1) S1) / (n0 + n1 - 2)."""
        share = (self.n - 1) / (self.n.sum() - 2)
        pooled: Array = np.tensordot(share, self.covariance, axes=1)
        return pooled


def moments(candidates: Candidates) -> Moments:
    """One pass over the rows, of sums of products of standardised covariates (so that no digits cancel)."""
    if not candidates.names:
        none = np.zeros(0)
        n = np.array([candidates.n_control, candidates.n_treated], dtype=float)
        return Moments(none, none, n, np.zeros((2, 0)), np.zeros((2, 0, 0)), none.astype(bool))
    centre, spread = scales(candidates)
    k = len(centre)
    named = ", ".join(f"{z} as z{nth}" for nth, z in enumerate(standardised(candidates, centre, spread)))
    odd = "".join(
        f", sum(case when {x} = 0e0 or {x} = 1e0 then 0 else 1 end) as o{nth}" for nth, x in enumerate(candidates.xs)
    )
    answer = columns(
        candidates.engine,
        f"select treated, count(*) as n{products([f'z{i}' for i in range(k)])}{odd} "
        f"from (select treated, {', '.join(candidates.xs)}, {named} from {ROWS}) as r group by treated order by treated",
    )
    binary = np.array([int(answer[f"o{i}"].sum()) == 0 for i in range(k)])
    return Moments.of(centre, spread, answer["n"].astype(float), *summed(answer, k), binary)
