"""Economic complexity: the second eigenvector of who shares what with whom, its sign fixed by diversity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh, eigh_tridiagonal

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Row, Tabled
from klyngeanalyse.strengths.cells import Array


@dataclass(frozen=True)
class Complexity(Tabled):
    """`regional` (ECI) has mean 0 and standard deviation 1 (ddof 0); `industrial` (PCI) is on the same scale. nan: nothing present,
    or not connected to the rest. `eigenvalue` is the second one; `gap` its distance to the third: where it is about 0 the
    order of the regions is arbitrary."""

    regions: Array
    industries: Array
    regional: Array
    industrial: Array
    diversity: Array
    ubiquity: Array
    eigenvalue: float
    gap: float
    left_out: int

    def rows(self) -> Iterable[Row]:
        kinds = (
            ("region", self.regions, self.regional, self.diversity),
            ("industry", self.industries, self.industrial, self.ubiquity),
        )
        for kind, names, index, count in kinds:
            for nth in np.argsort(-np.nan_to_num(index, nan=-np.inf), kind="stable").tolist():
                yield {
                    "kind": kind,
                    "name": names[nth].item(),
                    "complexity": float(index[nth]),
                    "count": int(count[nth]),
                }


def largest_part(present: Array) -> tuple[Array, Array]:
    """Truths of regions and industries: the largest connected part of the table (most cells; the first one of equals)."""
    linked = present > 0
    rows, columns = np.zeros(linked.shape[0], dtype=bool), np.zeros(linked.shape[1], dtype=bool)
    open_rows, best = linked.any(1), (-1, rows, columns)
    while open_rows.any():
        rows, columns = np.zeros_like(rows), np.zeros_like(columns)
        fresh = np.zeros_like(rows)
        fresh[np.argmax(open_rows)] = True
        while fresh.any():
            rows |= fresh
            columns |= linked[fresh].any(0)
            fresh = linked[:, columns].any(1) & ~rows
        size = int(linked[rows].sum())
        if size > best[0]:
            best = (size, rows, columns)
        open_rows &= ~rows
    return best[1], best[2]


def complexity(regions: Array, industries: Array, present: Array) -> Complexity:
    """Second eigenvector of D^-1 M U^-1 M^T (regions), M presence, D diversity, U ubiquity; PCI is the same of industries.

    Found from the symmetric D^-1/2 M U^-1 M^T D^-1/2 on the shorter side of the table, whose eigenvectors are those times
    D^1/2. ECI correlates positively with diversity; both are shifted and scaled by the mean and standard deviation of ECI, so that
    ECI is the mean PCI of what a region has. Only the largest connected part is ranked (`left_out` counts the regions and
    industries outside it): across parts there is no order. Raises Unfit when fewer than three regions or industries
    are connected. Source: Hidalgo & Hausmann 2009; Mealy, Farmer & Teytelboym 2019.
    """
    rows, columns = largest_part(present)
    if min(rows.sum(), columns.sum()) < 3:
        raise Unfit(
            "fewer than three connected regions or industries",
            why="there is no order to find",
            mend="give a larger table",
        )
    table = present[np.ix_(rows, columns)].astype(np.float64)
    d, u = table.sum(1), table.sum(0)
    scaled = table / np.sqrt(d)[:, None] / np.sqrt(u)
    tall = scaled.shape[0] > scaled.shape[1]
    second, value, third = _second(scaled.T @ scaled if tall else scaled @ scaled.T, np.sqrt(u if tall else d))
    if tall:
        pci = second / np.sqrt(u)
        eci = table @ pci / d
    else:
        eci = second / np.sqrt(d)
        pci = table.T @ eci / u
        eci = table @ pci / d
    mean, spread = eci.mean(), eci.std()
    along = float(np.dot(d - d.mean(), eci - mean)) or float((eci - mean)[np.argmax(np.abs(eci - mean))])
    sign = -1.0 if along < 0 else 1.0
    regional, industrial = np.full(len(rows), np.nan), np.full(len(columns), np.nan)
    regional[rows], industrial[columns] = sign * (eci - mean) / spread, sign * (pci - mean) / spread
    return Complexity(
        regions, industries, regional, industrial, (present > 0).sum(1), (present > 0).sum(0),
        value, value - third, int((~rows).sum() + (~columns).sum()),
    )  # fmt: skip


DENSE = 200  # sides up to which all eigenvectors are cheap


def _second(square: Array, first: Array) -> tuple[Array, float, float]:
    """(second eigenvector, second eigenvalue, third) of a symmetric table whose first eigenvector is along `first`, with value 1."""
    size = len(square)
    if size <= DENSE:
        values, vectors = eigh(square, subset_by_index=[size - 3, size - 1], driver="evr", check_finite=False)
        return vectors[:, -2], float(values[-2]), float(values[-3])
    known = (first / np.linalg.norm(first))[None, :]
    second, value = _largest(square, known, 1e-14)
    # once more without the second: a single sequence would not see an equal one beside it
    _, third = _largest(square, np.vstack([known, second]), 1e-6)
    return second, value, third


def _largest(square: Array, known: Array, settled: float) -> tuple[Array, float]:
    """The largest eigenvector orthogonal to the rows of `known` and its value, by Lanczos with full reorthogonalisation, to a
    residual of `settled` or as near as rounding lets it."""
    size = len(square)
    basis, on, off = np.zeros((size + 1, size)), np.zeros(size), np.zeros(size)
    fresh = np.random.default_rng(0).normal(size=size)
    fresh -= known.T @ (known @ fresh)
    basis[0] = fresh / np.linalg.norm(fresh)
    for nth in range(size - len(known)):
        fresh = square @ basis[nth]
        on[nth] = fresh @ basis[nth]
        for _ in range(2):
            fresh -= basis[: nth + 1].T @ (basis[: nth + 1] @ fresh)
            fresh -= known.T @ (known @ fresh)
        off[nth] = np.linalg.norm(fresh)
        last = nth == size - len(known) - 1 or off[nth] < 1e-15
        if last or nth % 10 == 9:
            value, small = eigh_tridiagonal(on[: nth + 1], off[:nth], select="i", select_range=(nth, nth))
            if last or off[nth] * abs(small[-1, 0]) < settled:
                break
        basis[nth + 1] = fresh / off[nth]
    return np.asarray(basis[: nth + 1].T @ small[:, 0]), float(value[0])
