"""A matrix of organisations drawn on the server: shared companies over the diagonal, shared industries under it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.results.landscape.terms import PairKind
from klyngeforum.steering.meetings.terms import Sign, Spot

from .numbers import grouped, share
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


def spots_of(clusters: Sequence[int], pairs: Iterable[PairSaid]) -> tuple[Spot, ...]:
    """What the matrix of the organisations in the given order is drawn from, as the reader of the pairs may see it."""
    place, spots = {pk: nth for nth, pk in enumerate(clusters)}, []
    for one in pairs:
        low, high = sorted((place[one.pair.first], place[one.pair.second]))
        flagged = one.kind is not PairKind.NEITHER
        sign = Sign(one.kind.value) if flagged else Sign.PLAIN
        if one.overlap or one.few or flagged:
            spots.append(Spot(low, high, _kept(one.overlap), sign=sign))
        if one.profile or flagged:
            spots.append(Spot(high, low, _kept(one.profile), sign=sign))
    return tuple(spots)


def _kept(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def matrix(names: Sequence[str], spots: Iterable[Spot], words: Mapping[str, str]) -> MatrixDrawn | None:
    """The organisations in the given order; ``words`` of the signs. None of fewer than two."""
    if len(names) < 2:
        return None
    cells, flags = defaultdict(list), []
    for one in spots:
        over = one.row < one.column
        if one.value is None and over:
            cells["few"].append(_square(one.row, one.column))
        elif one.value:
            cells[str(_shade(one.value))].append(_square(one.row, one.column))
        if one.sign is not Sign.PLAIN:
            first, second = sorted((one.row, one.column))
            said = f"{names[first]} – {names[second]}: {words[one.sign]}"
            flags.append(Flag(_NAMES + (one.column + 0.5) * _CELL - 0.5, _TOP + (one.row + 0.5) * _CELL - 0.5, one.sign.value, said))  # fmt: skip
    end = _CELL * len(names)
    rows = tuple(
        Name(nth + 1, _NAMES + (nth + 0.5) * _CELL, _TOP + (nth + 0.75) * _CELL, _short(name))
        for nth, name in enumerate(names)
    )
    shades = tuple((shade, "".join(paths)) for shade, paths in sorted(cells.items()))
    return MatrixDrawn(rows, shades, tuple(flags), _NAMES, _TOP, end, _NAMES + end + 4, _TOP + end + 4)


def shades() -> list[tuple[str, str]]:
    """The shades of the matrix in words."""
    steps = ("0", *(str(round(step * 100)) for step in _STEPS), "100")
    return [(str(nth), f"{low}–{share(int(high) / 100)}") for nth, (low, high) in enumerate(pairwise(steps))]


def few_said() -> str:
    """What a cell of too few says."""
    return gettext("%(few)s shared companies") % {"few": f"1–{grouped(small_cells().least - 1)}"}
