"""Alike companies joined into cells: count, mean and scatter, and the covariates' columns made from codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from klyngeanalyse.effects.rows import Floats, Truths, Whole

SLICE = 16_384
CLOSE = 1 << 20
CANCELLED = 1e-3
Part = tuple[float, Floats, Floats]


def numbered(*keys: np.ndarray) -> tuple[Whole, Whole]:
    """A running number for each distinct combination of keys (R,), and the place of one row that has it."""
    made, count = np.zeros(len(keys[0]), dtype=np.int64), 1
    for key in keys:
        if key.strides == (0,):  # one value said of all
            continue
        values, place = distinct(key)
        if len(values) > 1:
            met, made = (values, place) if count == 1 else distinct(made * len(values) + place)
            count = len(met)
    count = count if len(made) else 0
    example = np.zeros(count, dtype=np.int64)
    example[made[::-1]] = np.arange(len(made))[::-1]
    return made, example


def distinct(key: np.ndarray) -> tuple[np.ndarray, Whole]:
    """Sorted values and each row's place among them; whole numbers that lie close are counted, not sorted."""
    if key.dtype.kind in "iu" and len(key):
        low, high = int(key.min()), int(key.max())
        if low == high:
            return key[:1], np.zeros(len(key), dtype=np.int64)
        if high - low < CLOSE:
            offset = key - low
            there = np.flatnonzero(np.bincount(offset, minlength=high - low + 1))
            place = np.zeros(high - low + 1, dtype=np.int64)
            place[there] = np.arange(len(there))
            return there + low, place[offset]
    values, place = np.unique(key, return_inverse=True)
    return values, place.astype(np.int64)


def patterns(present: Truths) -> Whole:
    """Each row's years of presence as the bits of a whole number, the first year the lowest."""
    return np.asarray(present @ (1 << np.arange(present.shape[1], dtype=np.int64)), dtype=np.int64)


def unpacked(bits: Whole, years: int) -> Truths:
    return ((bits[:, None] >> np.arange(years)) & 1).astype(bool)


def moments(values: Floats, number: Whole, count: int) -> tuple[Floats, Floats, Floats]:
    """n (C,), mean (C, D) and scatter (C, D, D) of the rows of each cell; slices are joined as Chan et al. (1983) do.

    >>> moments(np.array([[1.0], [3.0]]), np.array([0, 0]), 1)[2].tolist()
    [[[2.0]]]
    """
    small = number.astype(np.uint16) if count <= 65_536 else number
    order = np.argsort(small, kind="stable")
    ends = np.searchsorted(small[order], np.arange(count + 1))
    made = _nothing(count, values.shape[1])
    for cell in range(count):
        for start in range(int(ends[cell]), int(ends[cell + 1]), SLICE):
            joined(*made, cell, _part(values[order[start : min(start + SLICE, int(ends[cell + 1]))]]))
    return made


def remaining(values: Floats, others: Whole) -> Part:
    """n, mean (D,) and scatter (D, D) of the rows that are not among the few `others` (places in order).

    They are what all rows have less the others' share: only the others are picked out.
    """
    made, scratch = _nothing(1, values.shape[1]), np.empty((min(SLICE, len(values)), values.shape[1]))
    for start in range(0, len(values), SLICE):
        rows = values[start : start + SLICE]
        low, high = np.searchsorted(others, (start, start + SLICE))
        if high - low < len(rows):
            joined(*made, 0, _less(rows, others[low:high] - start, scratch[: len(rows)]))
    return float(made[0][0]), made[1][0], made[2][0]


def against_first(y: Floats) -> Floats:
    """z and y_ref (n, T + 1) of outcomes (n, T) that are all observed: each less the first year's, and the first year's."""
    made = np.empty((len(y), y.shape[1] + 1))
    np.subtract(y, y[:, :1], out=made[:, :-1])
    made[:, -1] = y[:, 0]
    return made


def remaining_straight(y: Floats, others: Whole) -> Part:
    """`remaining` of `against_first(y)` without making that table: its moments are those of the outcomes, turned.

    With A the turning, z = A y, the mean is A m and the scatter A S A'. Where outcomes move so little against their level that
    digits would cancel, the table is made.
    """
    n, middle, scatter = remaining(y, others)
    turned = np.vstack([np.eye(y.shape[1]), np.zeros((1, y.shape[1]))])
    turned[:-1, 0] -= 1.0
    turned[-1, 0] = 1.0
    made = turned @ scatter @ turned.T
    level = np.diag(scatter)
    if (np.diag(made)[1:-1] < CANCELLED * (level[1:] + level[0])).any():
        return remaining(against_first(y), others)
    made[0, :], made[:, 0] = 0.0, 0.0
    return n, turned @ middle, made


def _nothing(count: int, size: int) -> tuple[Floats, Floats, Floats]:
    return np.zeros(count), np.zeros((count, size)), np.zeros((count, size, size))


def _part(rows: Floats) -> Part:
    """Count, mean and scatter of rows."""
    middle = np.full(len(rows), 1 / len(rows)) @ rows
    around = rows - middle
    return float(len(rows)), middle, around.T @ around


def _less(rows: Floats, others: Whole, around: Floats) -> Part:
    """Count, mean and scatter of the rows that are not among `others`; `around` is room to work in.

    They are told from sums of products as they stand; where digits cancel, of the rows less their middle; where digits cancel
    again, of the rows themselves.
    """
    middle = np.full(len(rows), 1 / len(rows)) @ rows
    part, exact = _taken(rows, middle, others)
    if not exact:
        np.subtract(rows, middle, out=around)
        (n, off, scatter), exact = _taken(around, np.zeros(len(middle)), others)
        part = n, middle + off, scatter
    return part if exact else _part(np.delete(rows, others, axis=0))


def _taken(rows: Floats, middle: Floats, others: Whole) -> tuple[Part, bool]:
    """Count, mean and scatter of all rows, whose mean is known, less the others; and whether enough digits are left in every column."""
    n, apart = len(rows) - len(others), rows[others]
    mean = (len(rows) * middle - np.full(len(apart), 1.0) @ apart) / n
    squares = rows.T @ rows
    scatter = squares - apart.T @ apart - n * np.outer(mean, mean)
    return (float(n), mean, scatter), not (np.diag(scatter) < CANCELLED * np.diag(squares)).any()


def joined(n: Floats, mean: Floats, scatter: Floats, cell: int, part: Part) -> None:
    """Adds one part's count, mean and scatter to a cell's, in place."""
    count, middle, around = part
    total = n[cell] + count
    apart = middle - mean[cell]
    scatter[cell] += around + np.outer(apart, apart) * (n[cell] * count / total)
    mean[cell] += apart * (count / total)
    n[cell] = total


def indicators(names: Sequence[str], codes: Sequence[np.ndarray]) -> tuple[Floats, tuple[str, ...]]:
    """Columns of ones for every code but the first of each name, (R, p), and their names; an empty code is a code."""
    made: list[Floats] = []
    terms: list[str] = []
    for name, values in zip(names, codes, strict=True):
        text = np.array([_text(one) for one in values])
        levels, place = np.unique(text, return_inverse=True)
        for nth, level in enumerate(levels[1:], start=1):
            made.append((place == nth).astype(np.float64))
            terms.append(f"{name}={level}")
    size = len(codes[0]) if codes else 0
    return (np.column_stack(made) if made else np.zeros((size, 0))), tuple(terms)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float | np.floating) and value == int(value) else str(value)
