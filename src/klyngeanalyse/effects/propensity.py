"""The propensity to take part: a logit by Newton's method on rows that carry counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klyngeanalyse.effects.rows import Floats

ROUNDS = 60
SLICE = 8_192
TINY = 1e-300


@dataclass(frozen=True)
class Propensity:
    """gamma (p,) and the inverse information (p, p); `sure` is the largest propensity among participants."""

    gamma: Floats
    inverse: Floats
    sure: float


def inverse(matrix: Floats) -> Floats:
    """Inverse of a symmetric positive matrix; a direction without information is left out (Moore–Penrose)."""
    scale = np.sqrt(np.maximum(np.diag(matrix), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(matrix / np.outer(scale, scale))
    kept = values > values.max() * len(values) * 1e-12
    part = vectors[:, kept] / scale[:, None]
    result: Floats = (part / values[kept]) @ part.T
    return result


def chance(x: Floats, gamma: Floats) -> Floats:
    """1 / (1 + exp(-x gamma)), (R,)."""
    held: Floats = np.clip(x @ gamma, -500, 500)
    return np.asarray(1 / (1 + np.exp(-held)), dtype=np.float64)


@dataclass
class _Sums:
    """Log likelihood, score (p,) and information (p, p) at one gamma, and the largest propensity among participants."""

    likelihood: float
    score: Floats
    information: Floats
    sure: float = 0.0


def fitted(x_in: Floats, n_in: Floats, x_out: Floats, n_out: Floats) -> Propensity:
    """Maximum likelihood of taking part (rows `in`) against not (rows `out`), each row counted n times.

    Newton's steps, halved while the likelihood falls, until the next step would be below 1e-10 of a standard deviation of x. Where
    codes separate the two, the likelihood has no maximum; the steps stop when it no longer rises.
    """
    gamma = np.zeros(x_in.shape[1])
    gamma[0] = np.log(n_in.sum() / n_out.sum())
    here = _at(x_in, n_in, x_out, n_out, gamma)
    back = inverse(here.information)
    for _ in range(ROUNDS):
        step = back @ here.score
        there = _at(x_in, n_in, x_out, n_out, gamma + step)
        while there.likelihood < here.likelihood - 1e-12 * abs(here.likelihood) and np.abs(step).max() > 1e-12:
            step = step / 2
            there = _at(x_in, n_in, x_out, n_out, gamma + step)
        gained, size = there.likelihood - here.likelihood, float(np.abs(step).max())
        gamma, here = gamma + step, there
        back = inverse(here.information)
        # the next step is of the order of the square of this one
        if size < 1e-5 or (gained < 1e-13 * abs(here.likelihood) and size > 0.5):
            break
    return Propensity(gamma, back, here.sure)


def _at(x_in: Floats, n_in: Floats, x_out: Floats, n_out: Floats, gamma: Floats) -> _Sums:
    """Summed over slices small enough to stay in the processor's cache."""
    size = len(gamma)
    made = _Sums(0.0, np.zeros(size), np.zeros((size, size)))
    for x, n, taking_part in ((x_in, n_in, True), (x_out, n_out, False)):
        for start in range(0, len(n), SLICE):
            part, count = x[start : start + SLICE], n[start : start + SLICE]
            p = chance(part, gamma)
            if taking_part:
                made.sure = max(made.sure, float(p.max()))
                made.likelihood += float(count @ np.log(np.maximum(p, TINY)))
                made.score += (count * (1 - p)) @ part
            else:
                made.likelihood += float(count @ np.log1p(-np.minimum(p, 1 - 1e-16)))
                made.score -= (count * p) @ part
            made.information += (part * (count * p * (1 - p))[:, None]).T @ part
    return made
