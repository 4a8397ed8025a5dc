"""The joint covariance of everything estimated, from the influence of each row: one pass over the rows, in blocks.

The estimates stand in one vector theta = (ATT of each contrast, mean level of the participants in its year, share of each cohort). With
psi_i a company's influence on theta, the covariance is sum psi_i psi_i'; clustered, the sums of psi over each cluster take the
companies' place, times G / (G - 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from klyngeanalyse.effects.contrasts import Contrast
from klyngeanalyse.effects.rows import Floats, Measured, Rows
from klyngeanalyse.effects.scores import Fitted

Places = slice | np.ndarray
BLOCK = 4_096
BLOCK_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Joint:
    """covariance (P, P) of theta, P = 2 K + H; `own` its part from companies that are their own cluster, `scores` (G, P) the sums
    of influence of the named clusters, `n_own` the companies that stand alone."""

    covariance: Floats
    own: Floats
    scores: Floats
    n_own: float


def joint(rows: Rows, outcome: Measured, fits: list[Fitted], wanted: list[Contrast]) -> Joint:
    """Covariance of theta for the contrasts `wanted` (K) and the rows' cohorts (H)."""
    gathering = _Gathering(rows, outcome, fits, wanted)
    size = BLOCK if outcome.scatter is None else max(1, BLOCK_NUMBERS // (len(wanted) * outcome.mean.shape[1] + 1))
    for start in range(0, len(rows.n), size):
        gathering.add(start, min(start + size, len(rows.n)))
    return gathering.done()


class _Gathering:
    def __init__(self, rows: Rows, outcome: Measured, fits: list[Fitted], wanted: list[Contrast]) -> None:
        self.rows, self.outcome, self.fits, self.wanted = rows, outcome, fits, wanted
        self.k, self.cohorts = len(wanted), rows.cohorts
        self.shares = np.array([rows.n[rows.cohort == one].sum() for one in self.cohorts]) / rows.total
        size = 2 * self.k + len(self.cohorts)
        self.own = np.zeros((size, size))
        self.scores = np.zeros((len(rows.clusters), size))
        self.alone = rows.cluster < 0
        self.single = outcome.scatter is None
        self.counts, self.alone_total = np.zeros(len(self.cohorts)), 0.0

    def add(self, start: int, stop: int) -> None:
        here = slice(start, stop)
        never = bool((self.rows.cohort[here] == 0).all())
        score, slope = self._scores(start, stop, never)
        n, alone = self.rows.n[here], self.alone[here]
        if alone.all():
            self._alone(score, slope, here, n, never)
            return
        if alone.any():
            kept = np.flatnonzero(alone)
            self._alone(score[kept], slope if self.single else slope[kept], kept + start, n[kept], never)
        kept = np.flatnonzero(~alone)
        full = (
            np.hstack([score[kept], np.zeros((len(kept), self.own.shape[0] - score.shape[1]))])
            if never
            else score[kept]
        )
        full[:, 2 * self.k :] += self._share(kept + start)
        names, place = np.unique(self.rows.cluster[kept + start], return_inverse=True)
        order = np.argsort(place, kind="stable")
        begins = np.searchsorted(place[order], np.arange(len(names)))
        self.scores[names] += np.add.reduceat((full * n[kept][:, None])[order], begins, axis=0)

    def _share(self, places: np.ndarray) -> Floats:
        """Influence of a company on the cohorts' shares, (R, H)."""
        made = (self.rows.cohort[places][:, None] == self.cohorts) - self.shares
        return np.asarray(made / self.rows.total, dtype=np.float64)

    def _scores(self, start: int, stop: int, never: bool) -> tuple[Floats, Floats]:
        """Influence (R, P) at the rows' means and slopes (R, 2 K); of rows that never took part the first K columns only."""
        size = self.k if never else self.own.shape[0]
        score = np.zeros((stop - start, size))
        slope = np.zeros((0 if self.single else stop - start, self.k if never else 2 * self.k))
        for one in self.fits:
            columns = np.array(one.family.contrasts)
            if not never:
                at, rows = _inside(one.family.treated, start, stop)
                if _some(at):
                    value, tilt = one.treated(self.outcome.mean[rows], self.rows.x[rows])
                    _put(score, at, columns, value)
                    if not self.single:
                        _put(slope, at, columns, tilt)
                        _put(slope, at, columns + self.k, tilt)
                    _put(score, at, columns + self.k, self._level(rows, one, columns))
            at, rows = _inside(one.family.control, start, stop)
            if _some(at):
                value, tilts = one.control(self.outcome.mean[rows], self.rows.x[rows])
                _put(score, at, columns, value)
                if not self.single:
                    _put(slope, at, columns, tilts[:, None])
        return score, slope

    def _level(self, rows: Places, one: Fitted, columns: np.ndarray) -> Floats:
        mean = self.outcome.mean[rows]
        places = [self.wanted[nth].at for nth in columns]
        result: Floats = (mean[:, places] + mean[:, -1:] - one.level) / one.n_treated
        return result

    def _alone(self, score: Floats, slope: Floats, places: Places, n: Floats, never: bool) -> None:
        """Companies that are their own cluster: between rows by their means, within rows by their scatter."""
        weighted, size, k = score if self.single else score * n[:, None], score.shape[1], self.k
        rooted = score if self.single else score * np.sqrt(n)[:, None]
        self.own[:size, :size] += rooted.T @ rooted
        sums = weighted.sum(axis=0)
        if not never:
            for nth, cohort in enumerate(self.cohorts):
                mine = self.rows.cohort[places] == cohort
                self.own[2 * k + nth, : 2 * k] += weighted[mine, : 2 * k].sum(axis=0) / self.rows.total
        self.own[2 * k :, : min(size, 2 * k)] -= np.outer(self.shares, sums[: 2 * k]) / self.rows.total
        cohort = self.rows.cohort[places]
        counts = (
            np.array([float(n[cohort == one].sum()) for one in self.cohorts])
            if not never
            else np.zeros(len(self.cohorts))
        )
        self.counts += counts
        self.alone_total += float(n.sum())
        if self.outcome.scatter is not None:
            self._within(slope, self.outcome.scatter[places])

    def _within(self, slope: Floats, scatter: Floats) -> None:
        directions = self._directions()[: slope.shape[1]]
        tilted = slope[:, :, None] * directions
        size = slope.shape[1]
        self.own[:size, :size] += np.tensordot(tilted @ scatter, tilted, axes=([0, 2], [0, 2]))

    def _directions(self) -> Floats:
        """What each estimate takes of (z_1 … z_T, y_ref), (2 K, T + 1)."""
        made = np.zeros((2 * self.k, self.outcome.mean.shape[1]))
        for nth, one in enumerate(self.wanted):
            made[nth, one.at], made[nth, one.base] = 1.0, -1.0
            made[nth + self.k, one.at] = made[nth + self.k, -1] = 1.0
        return made

    def done(self) -> Joint:
        k = 2 * self.k
        own = self.own.copy()
        # sum over companies of (1{cohort = h} - p_h)(1{cohort = j} - p_j) / N^2
        crossed = np.outer(self.counts, self.shares)
        both = np.diag(self.counts) - crossed - crossed.T + self.alone_total * np.outer(self.shares, self.shares)
        own[k:, k:] = both / self.rows.total**2
        own[:k, k:] = own[k:, :k].T
        n_own = float(self.rows.n[self.alone].sum())
        covariance = own
        if len(self.scores):
            groups = len(self.scores) + n_own
            covariance = (own + self.scores.T @ self.scores) * groups / (groups - 1)
        return Joint(covariance, own, self.scores, n_own)


def _inside(places: Places, start: int, stop: int) -> tuple[Places, Places]:
    """Positions inside the block [start, stop), as counted from its start and as counted over all rows."""
    if isinstance(places, slice):
        low, high = max(places.start, start), min(places.stop, stop)
        return slice(low - start, max(high, low) - start), slice(low, max(high, low))
    found = places[np.searchsorted(places, start) : np.searchsorted(places, stop)]
    return found - start, found


def _some(places: Places) -> bool:
    return places.stop > places.start if isinstance(places, slice) else len(places) > 0


def _put(target: Floats, at: Places, columns: np.ndarray, value: Floats | float) -> None:
    """target[at, columns] = value, by slices where both stand together."""
    together = columns[-1] - columns[0] + 1 == len(columns)
    if isinstance(at, slice) and together:
        target[at, columns[0] : columns[-1] + 1] = value
    elif isinstance(at, slice):
        target[at, columns] = value
    else:
        target[np.ix_(at, columns)] = value
