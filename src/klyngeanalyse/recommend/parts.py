"""The parts of a suggestion, each in a block of askers against all candidates: text, industry, place, kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from klyngeanalyse.recommend.bodies import Bodies, kilometres
from klyngeanalyse.recommend.text import Sparse, Texts, unit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHORTEST = 2  # signs: a division, a country; what is shorter says nothing
NEAR_KM = 50.0


class Part(Protocol):
    """A named closeness; `of` gives (rows, candidates), 0 for nothing in common."""

    name: str

    def of(self, rows: Ints) -> Floats: ...


class TextPart:
    """√closeness of the texts: the root makes a small overlap count beside a large one."""

    name = "text"

    def __init__(self, askers: Bodies, candidates: Bodies) -> None:
        self.texts = Texts.of(candidates.text)
        self.asked = self.texts.rows(askers.text)
        self.offered = self.texts.rows(candidates.text).T.tocsr()

    def of(self, rows: Ints) -> Floats:
        return np.asarray(np.sqrt((self.asked[rows] @ self.offered).toarray()))


class IndustryPart:
    """Cosine of the beginnings of the codes: 28.11 and 28.12 share 2 of 3 (28, 281)."""

    name = "industry"

    def __init__(self, askers: Bodies, candidates: Bodies) -> None:
        self.asked, offered = _beginnings(askers.industry, candidates.industry)
        self.offered = offered.T.tocsr()

    def of(self, rows: Ints) -> Floats:
        return np.asarray((self.asked[rows] @ self.offered).toarray())


class PlacePart:
    """exp(-km/50) where both have coordinates; else the common beginning of the area codes (DK011 and DK012: 3/4)."""

    name = "place"

    def __init__(self, askers: Bodies, candidates: Bodies) -> None:
        self.askers, self.candidates = askers, candidates
        self.asked, offered = _beginnings(
            [(area,) if area else () for area in askers.area], [(area,) if area else () for area in candidates.area]
        )
        self.offered = offered.T.tocsr()
        self.placed = bool(np.isfinite(askers.latitude).any() and np.isfinite(candidates.latitude).any())

    def of(self, rows: Ints) -> Floats:
        areas = np.asarray((self.asked[rows] @ self.offered).toarray())
        if not self.placed:
            return areas
        apart = kilometres(
            self.askers.latitude[rows], self.askers.longitude[rows], self.candidates.latitude, self.candidates.longitude
        )
        return np.asarray(np.where(np.isfinite(apart), np.exp(-apart / NEAR_KM), areas))


class KindPart:
    """1 where a need meets an offer."""

    name = "kind"

    def __init__(self, askers: Bodies, candidates: Bodies) -> None:
        self.askers, self.candidates = np.array(askers.kind), np.array(candidates.kind)

    def of(self, rows: Ints) -> Floats:
        mine, yours = self.askers[rows][:, None], self.candidates[None, :]
        return np.asarray(
            (((mine == "need") & (yours == "offer")) | ((mine == "offer") & (yours == "need"))).astype(float)
        )


def own_parts(askers: Bodies, candidates: Bodies) -> list[Part]:
    """What can be said from the two bodies alone, the parts left out of which nothing is known."""
    parts: list[Part] = [TextPart(askers, candidates)]
    if any(askers.industry) and any(candidates.industry):
        parts.append(IndustryPart(askers, candidates))
    place = PlacePart(askers, candidates)
    if place.placed or (any(askers.area) and any(candidates.area)):
        parts.append(place)
    if any(askers.kind) and any(candidates.kind):
        parts.append(KindPart(askers, candidates))
    return parts


def _beginnings(mine: Sequence[Sequence[str]], yours: Sequence[Sequence[str]]) -> tuple[Sparse, Sparse]:
    """Rows of length one over the beginnings of the codes; beginnings that only one side has keep their weight in the length."""
    number: dict[str, int] = {}
    sides = []
    for codes in (mine, yours):
        rows, columns = [], []
        for nth, held in enumerate(codes):
            for code in held:
                signs = "".join(sign for sign in code if sign.isalnum())
                for length in range(SHORTEST, len(signs) + 1):
                    rows.append(nth)
                    columns.append(number.setdefault(signs[:length], len(number)))
        sides.append((rows, columns))
    return _rows(sides[0], len(mine), len(number)), _rows(sides[1], len(yours), len(number))


def _rows(where: tuple[list[int], list[int]], n: int, width: int) -> Sparse:
    made = sparse.csr_array(sparse.coo_array((np.ones(len(where[0])), where), shape=(n, max(width, 1))))
    made.sum_duplicates()
    return unit(made)
