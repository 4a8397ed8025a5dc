"""Weights from earlier links: which closeness made bodies join, a logistic regression with weights from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.recommend.parts import Floats, Ints, Part
from klyngeanalyse.recommend.top import blocks

OTHERS = (
    300  # candidates drawn alike for every asker: drawing the well-known more often would teach that they seldom join
)
RIDGE = 1e-4


def learned(parts: Sequence[Part], joined: Mapping[int, Ints], candidates: int, seed: int = 1) -> dict[str, float]:
    """Weights w >= 0 that maximise Σ log P(joined), P = 1/(1 + exp(-a - Σ w closeness)), over those who joined and others.

    `joined` gives the candidates that joined each asker (row number). A closeness is measured in its own root mean square while fitting.
    """
    if not joined:
        raise Unfit("no links to learn from", mend="give links of at least two years, or set the weights")
    chance = np.random.default_rng(seed)
    tables, answers = [], []
    rows = np.array(sorted(joined), dtype=np.int64)
    for block in blocks(len(rows), candidates):
        closeness = [part.of(rows[block]) for part in parts]
        for nth, row in enumerate(rows[block].tolist()):
            others = chance.integers(0, candidates, OTHERS)
            others = others[~np.isin(others, joined[row])]
            shown = np.concatenate([joined[row], others])
            tables.append(np.stack([one[nth, shown] for one in closeness], axis=1))
            answers.append(np.concatenate([np.ones(len(joined[row])), np.zeros(len(others))]))
    weights = logistic(np.concatenate(tables), np.concatenate(answers))
    return {part.name: float(weight) for part, weight in zip(parts, weights, strict=True)}


def logistic(table: Floats, answer: Floats) -> Floats:
    """(columns,) non-negative weights of the columns of `table`, a free constant, a small ridge; the scale is the columns' own."""
    scale = np.sqrt((table**2).mean(axis=0))
    scale[scale == 0] = 1.0
    x = table / scale

    def loss(beta: Floats) -> tuple[float, Floats]:
        linear = x @ beta[1:] + beta[0]
        chance = 1 / (1 + np.exp(-linear))
        value = float(np.mean(np.logaddexp(0, linear) - answer * linear)) + RIDGE * float((beta[1:] ** 2).sum())
        slope = np.append(np.mean(chance - answer), x.T @ (chance - answer) / len(x) + 2 * RIDGE * beta[1:])
        return value, slope

    bounds = [(None, None), *([(0.0, None)] * x.shape[1])]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x[1:] / scale)
