"""TF-IDF of stems and of letter runs as sparse rows of length one: the closeness of two texts is their product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from klyngeanalyse.recommend.words import DANISH, ENGLISH, runs, stems, words

Floats = NDArray[np.float64]
Sparse: TypeAlias = sparse.csr_array
COMMON = 0.2  # a feature that more than this share of many texts has tells nobody apart
MANY = 200


@dataclass(frozen=True)
class _Family:
    """One kind of feature: its numbers and its weights log(n / df)."""

    of: Callable[[str], list[str]]
    number: dict[str, int]
    weight: Floats

    def rows(self, texts: Sequence[str]) -> Sparse:
        """(texts, features), (1 + log tf) idf, each row of length one (or empty)."""
        counts = _counts((self.of(text) for text in texts), self.number, grow=False)
        counts.data = (1.0 + np.log(counts.data)) * self.weight[counts.indices]
        return unit(counts)


@dataclass(frozen=True)
class Texts:
    """The words of a body of texts. closeness = half the cosine of the stems + half the cosine of the letter runs, in [0, 1]."""

    stems: _Family
    runs: _Family

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        return cls(_family(stems, texts), _family(_letter_runs, texts))

    def rows(self, texts: Sequence[str]) -> Sparse:
        """Rows whose product is the closeness."""
        halves = [self.stems.rows(texts), self.runs.rows(texts)]
        return sparse.csr_array(sparse.hstack(halves, format="csr") * np.sqrt(0.5))

    def shared(self, ones: Sequence[str], others: Sequence[str], most: int = 3) -> list[tuple[str, ...]]:
        """Of each pair of texts (one of `ones` with the same place of `others`) the stems that bring it closest, the strongest first."""
        at = {text: nth for nth, text in enumerate(dict.fromkeys((*ones, *others)))}
        rows, names = self.stems.rows(list(at)), list(self.stems.number)
        both = sparse.csr_array(rows[[at[one] for one in ones]] * rows[[at[one] for one in others]])
        found = []
        for begin, end in pairwise(both.indptr.tolist()):
            each = zip((-both.data[begin:end]).tolist(), both.indices[begin:end].tolist(), strict=True)
            order = sorted((value, names[nth]) for value, nth in each)
            found.append(tuple(name for _, name in order[:most]))
        return found


def unit(rows: Sparse) -> Sparse:
    """Rows divided by their length; empty rows stay empty."""
    length = np.sqrt(np.asarray((rows * rows).sum(axis=1)).ravel())
    out = sparse.csr_array(rows, copy=True)
    out.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(out.indptr))
    return out


def _letter_runs(text: str) -> list[str]:
    return [run for word in words(text) if word not in DANISH and word not in ENGLISH for run in runs(word)]


def _family(of: Callable[[str], list[str]], texts: Sequence[str]) -> _Family:
    number: dict[str, int] = {}
    counts = _counts((of(text) for text in texts), number, grow=True)
    held = np.bincount(counts.indices, minlength=len(number))
    limit = COMMON * len(texts) if len(texts) >= MANY else len(texts)
    kept = {name: nth for name, nth in number.items() if held[nth] <= limit}
    order = sorted(kept)
    weight = np.log((1.0 + len(texts)) / np.array([held[kept[name]] for name in order], dtype=float))
    return _Family(of, {name: nth for nth, name in enumerate(order)}, weight)


def _counts(texts: Iterable[list[str]], number: dict[str, int], grow: bool) -> Sparse:
    columns: list[int] = []
    ends = [0]
    for features in texts:
        if grow:
            columns += [number.setdefault(name, len(number)) for name in features]
        else:
            columns += [number[name] for name in features if name in number]
        ends.append(len(columns))
    made = sparse.csr_array((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(number)))
    made.sum_duplicates()
    return made
