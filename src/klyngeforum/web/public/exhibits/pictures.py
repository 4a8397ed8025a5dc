"""What a page has drawn, frozen as the numbers that it was drawn from, and drawn again from them as the page drew it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, override

from klyngeforum.results.effects.terms import Grouped, Point
from klyngeforum.results.landscape.terms import PairKind
from klyngeforum.steering.meetings.terms import Part, Picture, Shape, Sign, Spot
from klyngeforum.web.components.intervals import Forest, Intervals, LovePlot, forest, intervals, love_plot
from klyngeforum.web.components.matrix import MatrixDrawn, matrix, shades
from klyngeforum.web.public.saying import number, signed

_OWN, _SHRUNK, _COMMON = range(3)
_BEFORE, _AFTER = range(2)
_SIDE_BY_SIDE = (Shape.INTERVALS, Shape.CURVE)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture in one language."""

    part: Part
    shape: Shape
    label: str
    key: str
    names: Sequence[str]
    spots: tuple[Spot, ...]


def pictures_in_both(sketched: Callable[[], Sequence[Sketch]]) -> tuple[Picture, ...]:
    """The same sketches said once in each language."""
    with override("da"):
        danish = sketched()
    with override("en"):
        english = sketched()
    return tuple(
        Picture(da.part, da.shape, (da.label, en.label), (da.key, en.key), tuple(zip(da.names, en.names, strict=True)), da.spots)
        for da, en in zip(danish, english, strict=True)
    )  # fmt: skip


def of_estimates(part: Part, label: str, points: Iterable[Point], name: Callable[[Point], str], hollow: Callable[[Point], bool], shape: Shape = Shape.INTERVALS) -> Sketch:  # fmt: skip
    """Estimates side by side: by years, or (a curve) by specifications."""
    rows = list(points)
    spots = (
        Spot(nth, 0, round(one.estimate, 6), round(one.low, 6), round(one.high, 6), Sign.HOLLOW if hollow(one) else Sign.PLAIN)
        for nth, one in enumerate(rows)
    )  # fmt: skip
    return Sketch(part, shape, label, "", [name(one) for one in rows], tuple(spots))


def of_groups(part: Part, label: str, unit: str, found: Grouped, name: Callable[[str], str]) -> Sketch:
    """Groups under one another."""
    spots = [Spot(0, _COMMON, round(found.mean, 6))]
    for nth, group in enumerate(found.groups):
        spots += [
            Spot(nth, column, round(one.estimate, 6), round(one.low, 6), round(one.high, 6))
            for column, one in ((_OWN, group.own), (_SHRUNK, group.shrunk))
        ]
    return Sketch(part, Shape.FOREST, label, unit, [name(group.key) for group in found.groups], tuple(spots))


def of_balance(part: Part, label: str, found: Mapping[str, tuple[float, float | None]]) -> Sketch:
    """Covariates by how far apart participants and the others are before and after matching."""
    spots = [
        Spot(nth, column, round(value, 6))
        for nth, pair in enumerate(found.values())
        for column, value in enumerate(pair)
        if value is not None
    ]
    return Sketch(part, Shape.BALANCE, label, "", list(found), tuple(spots))


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One number of a picture in the table that equals it, and in the files."""

    name: str
    other: str
    said: str
    reach: str
    sign: str


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A picture in the reader's language: one of the four drawings, how it is read, and the same as rows."""

    shape: Shape
    label: str
    how: str
    matrix: MatrixDrawn | None
    intervals: Intervals | None
    forest: Forest | None
    balance: LovePlot | None
    legend: list[tuple[str, str]]
    rows: list[PictureRow]


def _point(at: Spot, name: str) -> Point:
    value = at.value or 0.0
    return Point(name, value, value if at.low is None else at.low, value if at.high is None else at.high)


def short(value: float) -> str:
    """A mark at the side of a forest."""
    return signed(value, 0 if value == round(value) else 1)


def _forest(one: Picture, names: Sequence[str], label: str, key: str) -> Forest | None:
    at = {(spot.row, spot.column): spot for spot in one.spots}
    rows = [(name, _point(at[nth, _OWN], name), _point(at[nth, _SHRUNK], name)) for nth, name in enumerate(names)]
    return forest(rows, at[0, _COMMON].value or 0.0, short, label=label, unit=key)


def _balance(one: Picture, names: Sequence[str], label: str) -> LovePlot | None:
    at = {(spot.row, spot.column): spot.value for spot in one.spots}
    return love_plot({name: (at[nth, _BEFORE] or 0.0, at.get((nth, _AFTER))) for nth, name in enumerate(names)}, number, label=label)  # fmt: skip


def _how(shape: Shape) -> str:
    return {
        Shape.MATRIX: gettext("Organisations that are alike stand together. Over the diagonal: the share of the smaller one's companies that takes part in both. Under it: the shared part of the employment by industry."),
        Shape.INTERVALS: gettext("Years since the first participation. Hollow: before it, where nothing should be seen."),
        Shape.FOREST: gettext("Hollow: the group's own answer. Filled, with its interval of 95 per cent: drawn towards what the groups have in common (dashed), the more the less its own numbers carry."),
        Shape.CURVE: gettext("Each dot is one way of counting that the protocol declared beforehand, with its interval."),
        Shape.BALANCE: gettext("How many standard deviations participants and those matched to them lie apart. Hollow: before matching; filled: after. Below 0.10 is alike, above 0.25 is not."),
    }[shape]  # fmt: skip


def picture_shown(one: Picture, language: str) -> PictureShown:
    """The picture as it was, drawn by what draws the page."""
    nth = 1 if language.startswith("en") else 0
    label, key, names = one.label[nth], one.key[nth], [pair[nth] for pair in one.names]
    words = {kind.value: gettext(kind.label) for kind in PairKind}
    bars = [_point(at, names[at.row]) for at in one.spots] if one.shape in _SIDE_BY_SIDE else []
    hollow = {names[at.row] for at in one.spots if at.sign is Sign.HOLLOW}
    return PictureShown(
        one.shape, label, _how(one.shape),
        matrix(names, one.spots, words) if one.shape is Shape.MATRIX else None,
        intervals(bars, lambda at: at.key, number, label=label, later=lambda at: at.key not in hollow),
        _forest(one, names, label, key) if one.shape is Shape.FOREST else None,
        _balance(one, names, label) if one.shape is Shape.BALANCE else None,
        [*shades(), ("few", key)] if one.shape is Shape.MATRIX else [], rows_of(one, language),
    )  # fmt: skip


def rows_of(one: Picture, language: str) -> list[PictureRow]:
    """Every number that the picture is drawn from, in words."""
    nth = 1 if language.startswith("en") else 0
    key, names = one.key[nth], [pair[nth] for pair in one.names]
    say = number if one.shape is not Shape.FOREST else signed
    columns = {
        Shape.FOREST: {_OWN: gettext("Own answer"), _SHRUNK: gettext("Drawn towards the common"), _COMMON: gettext("In common")},
        Shape.BALANCE: {_BEFORE: gettext("Before"), _AFTER: gettext("After")}, Shape.MATRIX: dict(enumerate(names)),
    }.get(one.shape, {})  # fmt: skip
    rows = []
    for at in one.spots:
        said = key if at.value is None else say(at.value)
        reach = "" if at.low is None or at.high is None else f"{say(at.low)} – {say(at.high)}"
        common = one.shape is Shape.FOREST and at.column == _COMMON
        sign = "" if at.sign is Sign.PLAIN else gettext(at.sign.label)
        rows.append(PictureRow("" if common else names[at.row], columns.get(at.column, ""), said, reach, sign))
    return rows
