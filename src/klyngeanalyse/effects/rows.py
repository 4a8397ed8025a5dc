"""Companies as rows: each row one company, or one cell of alike companies with its count, mean and scatter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """One outcome of R rows over T years, written so that no digits are lost: z_t = y_t - y_ref and y_ref itself.

    mean (R, T + 1)     mean of z_1 … z_T and, last, of y_ref, a company's first observed value; estimates are of differences,
                        so y_ref falls out of them; 0 where nothing is observed
    scatter (R, T + 1, T + 1) or None   sums of squares and products around the mean; None where every row is one company
    present (R, T)      whether the row's companies are observed in the year
    """

    name: str
    mean: Floats
    scatter: Floats | None
    present: Truths

    def taking(self, keep: NDArray[np.integer] | Truths) -> Measured:
        scatter = None if self.scatter is None else self.scatter[keep]
        return replace(self, mean=self.mean[keep], scatter=scatter, present=self.present[keep])


@dataclass(frozen=True)
class Rows:
    """R rows in order of their cohort.

    years (T,), cohort (R,) first year of participation with 0 for never, n (R,) companies in the row,
    x (R, p) covariates with a first column of ones, cluster (R,) number of the cluster, -1 where each company is its own.
    """

    years: Whole
    cohort: Whole
    n: Floats
    x: Floats
    cluster: Whole
    clusters: tuple[str, ...]
    outcomes: tuple[Measured, ...]
    terms: tuple[str, ...]
    n_dropped: int = 0

    def taking(self, keep: NDArray[np.integer] | Truths) -> Rows:
        return replace(
            self,
            cohort=self.cohort[keep],
            n=self.n[keep],
            x=self.x[keep],
            cluster=self.cluster[keep],
            outcomes=tuple(one.taking(keep) for one in self.outcomes),
        )

    @property
    def cohorts(self) -> Whole:
        found = np.sort(self.cohort[self.cohort > 0])
        return found[np.flatnonzero(np.diff(found, prepend=found[:1] - 1))]  # np.unique loads masked arrays first

    @property
    def total(self) -> float:
        return float(self.n.sum())
