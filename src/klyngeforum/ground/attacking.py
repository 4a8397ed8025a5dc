"""The reader who knows everything that is told and solves it together: between which numbers does he place one that is held back?

Loads NumPy and SciPy, so it is imported only where something is held back. He knows every number told, that sums add up, and that what is
held back of the house is at least one (zeros are told); whole numbers are demanded of up to ``_WHOLE`` held-back cells, because tables that
hang together in three ways can have no whole solution where a broken one exists. Larger ones are solved in broken numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from .disclosing import Sum

Key = TypeVar("Key", bound=Hashable)
Array = np.ndarray[Any, Any]
_WHOLE = 400
_FAR = 1e6  # moves beyond this are without end
_NEAR = 1e-6
_ALONE = 3  # so few are asked one by one
_PROVEN = 3  # and where more are left than these, all of them count as narrow: to hold back too much is safe, and four times as quick
# a solver that does not come to an end must not stop a page; what it has found by then is a move all the same. Nodes, so that every machine
# finds the same; seconds only where a single node takes for ever
_LIMITS = {"node_limit": 20_000, "time_limit": 30.0}
_STOPPED = 1  # the solver's word for it


def _bound(
    sums: Sequence[Sum[Any]], found: Collection[Any], untold: Collection[Any], safe: Collection[Any]
) -> Iterator[Any]:
    """What nobody is told, need not be guarded and follows from what is told: it is no unknown."""
    for one in sums:
        open_ones = [key for key in one.parts if key in found]
        if len(open_ones) == 1 and one.whole not in found and open_ones[0] in untold and open_ones[0] in safe:
            yield open_ones[0]


class _Reader:
    """What is unknown, as moves away from the true numbers: every move that keeps all sums is a table that the reader must hold possible."""

    def __init__(
        self, values: Mapping[Key, float], sums: Sequence[Sum[Key]], found: Collection[Key], untold: Collection[Key],
        safe: Collection[Key] = (),
    ) -> None:  # fmt: skip
        self.keys: list[Any] = sorted(set(found) - set(_bound(sums, found, untold, safe)), key=str)
        place: dict[Any, int] = {key: at for at, key in enumerate(self.keys)}
        rows, columns, signs, many = [], [], [], 0
        for one in sums:
            row = [(place[part], 1.0) for part in one.parts if part in place]
            row += [(place[one.whole], -1.0)] if one.whole in place else []
            if row:
                rows += [many] * len(row)
                columns += [at for at, _ in row]
                signs += [sign for _, sign in row]
                many += 1
        self.adding = sparse.csr_array((signs, (rows, columns)), shape=(many, len(self.keys)))
        true = np.array([values.get(key, 0.0) for key in self.keys])
        lowest = np.array([0.0 if key in untold else min(1.0, true[at]) for at, key in enumerate(self.keys)])
        self.down = lowest - true
        self.whole = len(self.keys) <= _WHOLE and bool((true == np.floor(true)).all())

    def farthest(self, signs: Array, reach: float) -> Array:
        """The move in which the cells go as far as they can together, each the way of its sign; none counts for more than ``reach``."""
        n, up = len(self.keys), signs >= 0
        if not self.adding.shape[0]:
            return np.where(up, _FAR, self.down)
        # a move is near + beyond: only the near part is wanted, so that one cell's endless way does not drown the others
        near = np.where(up, self.down, np.maximum(self.down, -reach))
        farther = np.where(up, _FAR, near - self.down)
        found = milp(
            np.concatenate([-signs, np.zeros(n)]),
            integrality=np.full(2 * n, int(self.whole)),
            bounds=Bounds(np.concatenate([near, np.zeros(n)]), np.concatenate([np.where(up, reach, _FAR), farther])),
            constraints=[LinearConstraint(sparse.hstack([self.adding, self.adding * np.where(up, 1.0, -1.0)]).tocsc(), 0, 0)],
            options=_LIMITS,
        )  # fmt: skip
        if found.x is None and found.status == _STOPPED:
            return np.zeros(n)  # nothing found moves: the cells count as narrow, and more is held back
        if found.x is None:
            raise RuntimeError(f"the audit of what is held back failed: {found.message}")
        return np.asarray(found.x[:n] + np.where(up, 1.0, -1.0) * found.x[n:])

    def narrow(self, guarded: Array, reach: float) -> Array:
        """Which guarded cells stay within less than ``reach``: half of them up and half down as long as that shows some, then one by one."""
        high, low = np.zeros(len(self.keys)), np.zeros(len(self.keys))

        def left_of(signs: Array, left: Array) -> Array:
            for way in (signs, -signs):
                move = self.farthest(way, reach)
                np.maximum(high, move, out=high)
                np.minimum(low, move, out=low)
            return np.asarray(left & (high - low < reach - _NEAR))

        left, chance = guarded.copy(), np.random.default_rng(1)
        before = left.sum() + 1
        while _ALONE < left.sum() < before:
            before = left.sum()
            left = left_of(np.where(left, chance.choice([-1.0, 1.0], len(left)), 0.0), left)
        for at in np.flatnonzero(left).tolist() if left.sum() <= _PROVEN else ():
            if left[at]:
                left = left_of((np.arange(len(left)) == at).astype(float), left)
        return left


def too_narrow(
    values: Mapping[Key, float], sums: Sequence[Sum[Key]], found: Collection[Key], least: float,
    safe: Collection[Key] = (), untold: Collection[Key] = (),
) -> list[Key]:  # fmt: skip
    """Held-back cells (those known to be safe left out) that the reader places within less than ``least``."""
    reader = _Reader(values, sums, found, untold, safe)
    guarded = np.array([key not in safe for key in reader.keys], dtype=bool)
    narrow = reader.narrow(guarded, least)
    return [key for key, is_so in zip(reader.keys, narrow.tolist(), strict=True) if is_so]


def spans(
    values: Mapping[Key, float], sums: Sequence[Sum[Key]], found: Collection[Key], untold: Collection[Key] = ()
) -> dict[Key, tuple[float, float]]:
    """Between which numbers the reader places each held-back cell; without end is infinite."""
    reader = _Reader(values, sums, found, untold)
    answer: dict[Key, tuple[float, float]] = {}
    for at, key in enumerate(reader.keys):
        alone = (np.arange(len(reader.keys)) == at).astype(float)
        low, high = (float(values.get(key, 0) + reader.farthest(sign * alone, _FAR)[at]) for sign in (-1, 1))
        answer[key] = (low, high if high < _FAR / 2 else float("inf"))
    return answer
