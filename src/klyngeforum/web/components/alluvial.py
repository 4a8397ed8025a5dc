"""Movements between leagues drawn on the server: two columns of blocks and the bands between them; an equal table stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .numbers import grouped

_WIDTH, _HEIGHT, _BLOCK, _GAP, _TOP, _LEAST, _NAMES = 520, 300, 16, 18, 8, 3, 130


@dataclass(frozen=True, slots=True)
class Block:
    """One league on one side."""

    code: str
    name: str
    count: str
    x: int
    y: int
    height: int
    text_x: int
    anchor: str

    @property
    def text_y(self) -> int:
        return self.y + self.height // 2 + 5


@dataclass(frozen=True, slots=True)
class Band:
    """Organisations that went from one league to another."""

    code: str
    path: str
    title: str
    stays: bool


@dataclass(frozen=True, slots=True)
class Alluvial:
    blocks: list[Block]
    bands: list[Band]
    label: str
    width: int = _WIDTH
    height: int = _HEIGHT


def _stacked(counts: Mapping[str, int], order: Sequence[str], scale: float) -> dict[str, tuple[int, int]]:
    """Code -> (top, height), from the top in the order given."""
    found, y = {}, _TOP
    for code in order:
        if code in counts:
            height = max(_LEAST, round(counts[code] * scale))
            found[code] = (y, height)
            y += height + _GAP
    return found


def alluvial_of(moves: Sequence[tuple[str, str, int]], names: Mapping[str, str], *, label: str) -> Alluvial:
    """Bands in the order of the names (highest league first); ``names`` holds every code that occurs."""
    order = list(names)
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for one, other, count in moves:
        before[one] = before.get(one, 0) + count
        after[other] = after.get(other, 0) + count
    total, most = sum(before.values()), max(len(before), len(after), 1)
    scale = (_HEIGHT - 2 * _TOP - (most - 1) * _GAP) / total if total else 0.0
    left, right = _stacked(before, order, scale), _stacked(after, order, scale)
    x0, x1 = _NAMES, _WIDTH - _NAMES - _BLOCK
    blocks = [
        Block(code, names[code], grouped(counts[code]), x, y, height, text_x, anchor)
        for counts, places, x, text_x, anchor in (
            (before, left, x0, x0 - 10, "end"),
            (after, right, x1, x1 + _BLOCK + 10, "start"),
        )
        for code, (y, height) in places.items()
    ]
    return Alluvial(blocks, _bands(moves, order, left, right, scale, names, (x0 + _BLOCK, x1)), label)


def _bands(
    moves: Sequence[tuple[str, str, int]],
    order: list[str],
    left: dict[str, tuple[int, int]],
    right: dict[str, tuple[int, int]],
    scale: float,
    names: Mapping[str, str],
    across: tuple[int, int],
) -> list[Band]:
    used_left, used_right = dict.fromkeys(left, 0.0), dict.fromkeys(right, 0.0)
    bands = []
    for one, other, count in sorted(moves, key=lambda move: (order.index(move[0]), order.index(move[1]))):
        thick = max(1.0, count * scale)
        y0, y1 = left[one][0] + used_left[one], right[other][0] + used_right[other]
        used_left[one] += thick
        used_right[other] += thick
        (x0, x1), middle = across, (across[0] + across[1]) // 2
        path = (
            f"M{x0},{y0:.1f} C{middle},{y0:.1f} {middle},{y1:.1f} {x1},{y1:.1f} "
            f"L{x1},{y1 + thick:.1f} C{middle},{y1 + thick:.1f} {middle},{y0 + thick:.1f} {x0},{y0 + thick:.1f} Z"
        )
        bands.append(Band(other or one, path, f"{names[one]} → {names[other]}: {grouped(count)}", one == other))
    return bands
