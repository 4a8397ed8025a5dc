"""A matrix of organisations drawn on the server: shared companies over the diagonal, shared industries under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from klyngeforum.results.landscape.terms import PairKind

from .pairs import PairSaid

_CELL, _NAMES, _TOP = 15, 250, 22
_STEPS = (0.1, 0.3, 0.5, 0.7)  # shades of the drawing; from which shares a pair is flagged stands in programme/
_LONGEST = 36


@dataclass(frozen=True, slots=True)
class Name:
    """A row and column: its number, where it stands, and its name."""

    number: int
    across: float
    down: float
    words: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A dot (overlap) or a ring (parallel) in a cell, with what it says."""

    x: float
    y: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class MatrixDrawn:
    names: tuple[Name, ...]
    shades: tuple[tuple[str, str], ...]  # (class, path) of all cells of a shade
    flags: tuple[Flag, ...]
    left: int
    top: int
    end: int
    width: int
    height: int


def _shade(share: float) -> int:
    return sum(share >= step for step in _STEPS)


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _square(row: int, column: int) -> str:
    return f"M{_NAMES + column * _CELL} {_TOP + row * _CELL}h{_CELL - 1}v{_CELL - 1}h-{_CELL - 1}z"


def matrix(clusters: Sequence[int], pairs: Sequence[PairSaid], names: Mapping[int, str], words: Mapping[PairKind, str]) -> MatrixDrawn | None:  # fmt: skip
    """The organisations in the given order; None of fewer than two."""
    if len(clusters) < 2:
        return None
    place = {pk: nth for nth, pk in enumerate(clusters)}
    cells, flags = defaultdict(list), []
    for one in pairs:
        low, high = sorted((place[one.pair.first], place[one.pair.second]))
        if one.few:
            cells["few"].append(_square(low, high))
        elif one.overlap:
            cells[str(_shade(one.overlap))].append(_square(low, high))
        if one.profile:
            cells[str(_shade(one.profile))].append(_square(high, low))
        if one.kind is not PairKind.NEITHER:
            said = f"{names.get(one.pair.first, '')} – {names.get(one.pair.second, '')}: {words[one.kind]}"
            flags += [
                Flag(_NAMES + (column + 0.5) * _CELL - 0.5, _TOP + (row + 0.5) * _CELL - 0.5, one.kind.value, said)
                for row, column in ((low, high), (high, low))
            ]
    end = _CELL * len(clusters)
    rows = tuple(
        Name(nth + 1, _NAMES + (nth + 0.5) * _CELL, _TOP + (nth + 0.75) * _CELL, _short(names.get(pk, "")))
        for nth, pk in enumerate(clusters)
    )
    shades = tuple((shade, "".join(paths)) for shade, paths in sorted(cells.items()))
    return MatrixDrawn(rows, shades, tuple(flags), _NAMES, _TOP, end, _NAMES + end + 4, _TOP + end + 4)
