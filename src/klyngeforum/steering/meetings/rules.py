"""When something may be laid before a meeting and taken back again, and how what was laid is read again. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import Part, Picture, Said, Table

_LONGEST_ADDRESS = 300


def may_lay(*, held_on: date, today: date, withdrawn: bool, laid: bool, cells: int) -> Verdict:
    """Until the day of the meeting, once, and only what still stands."""
    if withdrawn:
        return no(mark("The scenario is withdrawn."), on="meeting")
    if today > held_on:
        return no(mark("The meeting has been held. Nothing more can be laid before it."), on="meeting")
    if laid:
        return no(mark("The scenario is laid before that meeting already."), on="meeting")
    return YES if cells else no(mark("There is nothing to lay before the meeting."), on="meeting")


def may_lay_page(*, held_on: date, today: date, laid: bool, cells: int, address: str) -> Verdict:
    """Until the day of the meeting, once, and only what says something."""
    if today > held_on:
        return no(mark("The meeting has been held. Nothing more can be laid before it."), on="meeting")
    if laid:
        return no(mark("The page of that day is laid before that meeting already."), on="meeting")
    if not 0 < len(address) <= _LONGEST_ADDRESS:
        return no(mark("The address of the page is too long. Lay it with fewer choices."))
    return YES if cells else no(mark("There is nothing to lay before the meeting."), on="meeting")


def may_take_back(*, held_on: date, today: date, taken_back: bool) -> Verdict:
    """Once, and until the day of the meeting: what the forum has had before it stays."""
    if taken_back:
        return no(mark("The exhibit is taken back already."))
    if today > held_on:
        return no(mark("The meeting has been held. What the forum had before it stays."))
    return YES


def tables(cells: Iterable[Said], language: str) -> list[Table]:
    """The tables in the order of the parts; what is missing in a row is empty."""
    words: dict[Part, dict[tuple[int, int], str]] = {}
    for one in cells:
        words.setdefault(one.part, {})[one.row, one.column] = one.en if language.startswith("en") else one.da
    found = []
    for part in Part:
        said = words.get(part)
        if not said:
            continue
        high, wide = (max(place[nth] for place in said) + 1 for nth in (0, 1))
        rows = [tuple(said.get((row, column), "") for column in range(wide)) for row in range(high)]
        found.append(Table(part, rows[0], tuple(rows[1:])))
    return found


def fingerprint(cells: Iterable[Said], pictures: Iterable[Picture] = ()) -> str:
    """Of what is laid: its words, and the numbers that its pictures are drawn from."""
    return digest_of([*cells, *pictures])
