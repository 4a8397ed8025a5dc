"""What changed between two submissions of an account, in words: figures, bodies, and what was done about each question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from klyngeforum.ground.bodies.queries import some_bodies
from klyngeforum.ground.bodies.terms import SizeBand
from klyngeforum.ground.danish import danish_key
from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.words import mark
from klyngeforum.results.accounts.partial import BodyMove, read, section_of
from klyngeforum.results.accounts.terms import CountsAs, Move
from klyngeforum.results.accounts.working import answers_of, submissions
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.typed import asked_about

if TYPE_CHECKING:
    from klyngeforum.results.accounts.queries import Account
    from klyngeforum.results.accounts.working import Submission

COLUMNS = {
    "counts_as": mark("counts as"), "size_band": mark("size"), "eu_sme": mark("SME (EU)"), "industry_id": mark("industry"), "place_id": mark("place"),
    "participated": mark("took part"), "new_here": mark("new in the network"), "activities": mark("activities"), "hours": mark("hours"),
    "dedicated": mark("dedicated"), "started": mark("began to collaborate"), "started_first_time": mark("began for the first time"),
    "step": mark("outcome step"), "knowledge_kind": mark("kind of knowledge institution"), "near": mark("near the core"),
}  # fmt: skip
_YES_NO = {"participated", "new_here", "dedicated", "started", "started_first_time", "eu_sme", "near"}
_NAMELESS = {
    "industry_id",
    "place_id",
    "knowledge_kind",
}  # their numbers are the house's own; that they changed is what can be said
Figures = Iterable[tuple[str, Decimal, Decimal]]


@dataclass(frozen=True, slots=True)
class FigureMove:
    code: str
    name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class NamedMove:
    """What happened to one organisation, in words."""

    name: str
    number: str
    move: str
    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, what was answered, and what moved in the figures that it asked about."""

    about: str
    text: str
    answer: str
    figures: list[FigureMove]


def figure_moves(moved: Figures) -> list[FigureMove]:
    language = get_language() or "da"
    names = {one.code: one.name.say(language) for one in measures()}
    return [FigureMove(code, names.get(code, code), before, after) for code, before, after in moved]


def _value(column: str, value: str) -> str:
    if column in _YES_NO:
        return gettext("yes") if value == "1" else gettext("no")
    if column == "counts_as" and value in CountsAs.values():
        return gettext(CountsAs(value).label)
    if column == "size_band" and value in SizeBand.values():
        return gettext(SizeBand(value).label)
    return grouped(Decimal(value)) if column == "hours" and value else value or "–"


def _said(column: str, before: str, after: str, move: Move) -> str:
    words = gettext(COLUMNS[column])
    if column in _NAMELESS:
        return words
    if move is not Move.CHANGED:
        shown = after if move is Move.NEW else before
        return words if column in _YES_NO else f"{words}: {_value(column, shown)}"
    return f"{words}: {_value(column, before)} → {_value(column, after)}"


def body_moves(moved: Iterable[BodyMove]) -> dict[Move, list[NamedMove]]:
    """New, gone, changed: each by name."""
    rows = list(moved)
    names = some_bodies(row.body for row in rows)
    found: dict[Move, list[NamedMove]] = {move: [] for move in Move}
    for row in rows:
        name, number, _ = names.get(row.body, ("–", "", ""))
        what = ", ".join(_said(column, before, after, row.move) for column, before, after in row.what)
        found[row.move].append(NamedMove(name, number, gettext(row.move.label), what))
    return {move: sorted(there, key=lambda row: danish_key(row.name)) for move, there in found.items() if there}


def figures_of(one: Submission) -> list[tuple[str, Decimal, Decimal]]:
    return list(one.figures.order_by("id").values_list("measure", "before", "after"))


def bodies_of(one: Submission) -> list[BodyMove]:
    rows = one.bodies.values_list("body_id", "move", "what")
    return [BodyMove(body, Move(move), read(what)) for body, move, what in rows]


def answer_rows(account: Account) -> list[Answer]:
    """What the newest submission changed on each thing that was asked."""
    newest = next(iter(submissions(account)), None)
    moved = figure_moves(figures_of(newest)) if newest else []
    return [
        Answer(
            asked_about(one.measure, one.section), one.text, one.answer,
            [
                row for row in moved
                if (one.measure in ("", row.code)) and (not one.section or section_of(row.code) == one.section)
            ],
        )
        for one in answers_of(account)
    ]  # fmt: skip
