"""Does density foretell entry? Industries absent at first and present later, explained by how near the region was to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtri

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row
from klyngeanalyse.relatedness.space import density, proximity
from klyngeanalyse.strengths.cells import Array


@dataclass(frozen=True)
class Entry(Result):
    """`slope` is the log odds of entry for one standard deviation of density, `interval` by errors clustered by region; `tenths`
    the share that entered by tenth of density; `auc` the chance that an entry had more density than a cell that stayed absent."""

    slope: float
    stderr: float
    interval: tuple[float, float]
    constant: float
    n_absent: int
    n_entered: int
    auc: float
    tenths: Array

    def rows(self) -> Iterable[Row]:
        for nth, share in enumerate(self.tenths.tolist()):
            yield {"tenth": nth + 1, "entered": share}

    def chart(self) -> Chart | None:
        x, y = {"field": "tenth", "type": "ordinal"}, {"field": "entered", "type": "quantitative"}
        return {"data": {"values": list(self.rows())}, "mark": "bar", "encoding": {"x": x, "y": y}}


def entry(before: Array, after: Array, *, level: float = 0.95) -> Entry:
    """Logit of M_rc(later) = 1 on standardised density over the cells with M_rc(before) = 0 (regions x industries, the same order).

    Density comes from proximity at the earlier time with the diagonal set to 0: with it density would hold the outcome.
    Newton's method; errors clustered by region (sandwich). Raises Unfit when nothing entered, or everything did, or when
    density separates the two entirely. Source: Hidalgo et al. 2007.
    """
    if before.shape != after.shape:
        raise Unfit(f"tables of {before.shape} and {after.shape}", mend="read both years in one table")
    absent = before == 0
    near = density(before, proximity(before, diagonal=False))
    x, y = near[absent], (after[absent] > 0).astype(float)
    region = np.nonzero(absent)[0]
    if not 0 < y.sum() < len(y) or x.std() == 0:
        raise Unfit(
            f"{int(y.sum())} of {len(y)} absent industries entered",
            why="there is nothing to explain",
            mend="give years further apart",
        )
    design = np.column_stack([np.ones(len(x)), (x - x.mean()) / x.std()])
    beta, inverse = _logit(design, y)
    scores = design * (y - expit(design @ beta))[:, None]
    groups = np.column_stack([np.bincount(region, scores[:, kth], before.shape[0]) for kth in range(2)])
    count = len(np.unique(region))
    cover = inverse @ (groups.T @ groups) @ inverse * (count / max(count - 1, 1))
    stderr = float(np.sqrt(cover[1, 1]))
    wide = float(ndtri(0.5 + level / 2)) * stderr
    slope = float(beta[1])
    order = np.argsort(x, kind="stable")
    tenths = np.array([part.mean() for part in np.array_split(y[order], 10) if len(part)])
    return Entry(slope, stderr, (slope - wide, slope + wide), float(beta[0]), len(y), int(y.sum()), _auc(x, y), tenths)


def _logit(design: Array, y: Array) -> tuple[Array, Array]:
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = expit(design @ beta)
        inverse = np.linalg.pinv(design.T @ (design * (p * (1 - p))[:, None]))
        step = inverse @ (design.T @ (y - p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return beta, inverse
    raise Unfit(
        "the logit does not settle", why="density separates entries from the rest entirely", mend="give a larger table"
    )


def _auc(x: Array, y: Array) -> float:
    ordered = np.sort(x)
    rank = (np.searchsorted(ordered, x, "left") + np.searchsorted(ordered, x, "right") + 1) / 2
    ones = y > 0
    n = int(ones.sum())
    return float((rank[ones].sum() - n * (n + 1) / 2) / (n * (len(y) - n)))
