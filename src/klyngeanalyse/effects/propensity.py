"""The propensity to take part: a logit by Newton's method on rows that carry counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klyngeanalyse.effects.rows import Floats

ROUNDS = 60


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


def fitted(x_in: Floats, n_in: Floats, x_out: Floats, n_out: Floats) -> Propensity:
    """Maximum likelihood of taking part (rows `in`) against not (rows `out`), each row counted n times.

    Newton's steps, halved while the likelihood falls, until the step changes no propensity by more than 1e-13 of its size.
    Where codes separate the two, the likelihood has no maximum; the steps stop when it no longer rises.
    """
    gamma = np.zeros(x_in.shape[1])
    gamma[0] = np.log(n_in.sum() / n_out.sum())
    best = _likelihood(x_in, n_in, x_out, n_out, gamma)
    for _ in range(ROUNDS):
        p_in, p_out = chance(x_in, gamma), chance(x_out, gamma)
        score = (n_in * (1 - p_in)) @ x_in - (n_out * p_out) @ x_out
        back = inverse(_information(x_in, n_in * p_in * (1 - p_in)) + _information(x_out, n_out * p_out * (1 - p_out)))
        step = back @ score
        now = _likelihood(x_in, n_in, x_out, n_out, gamma + step)
        while now < best - 1e-12 * abs(best) and np.abs(step).max() > 1e-12:
            step = step / 2
            now = _likelihood(x_in, n_in, x_out, n_out, gamma + step)
        gamma, gained, best = gamma + step, now - best, now
        if np.abs(step).max() < 1e-9 or (gained < 1e-13 * abs(best) and np.abs(step).max() > 0.5):
            break
    p_in, p_out = chance(x_in, gamma), chance(x_out, gamma)
    back = inverse(_information(x_in, n_in * p_in * (1 - p_in)) + _information(x_out, n_out * p_out * (1 - p_out)))
    return Propensity(gamma, back, float(p_in.max()))


def _information(x: Floats, weight: Floats) -> Floats:
    result: Floats = (x * weight[:, None]).T @ x
    return result


def _likelihood(x_in: Floats, n_in: Floats, x_out: Floats, n_out: Floats, gamma: Floats) -> float:
    """Sum of n log p over participants and n log(1 - p) over the others."""
    return float(-(n_in @ np.logaddexp(0, -(x_in @ gamma))) - n_out @ np.logaddexp(0, x_out @ gamma))
