"""Which body each row names: by number, else by a certain name, else a new one that waits for its number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies.actions import NewBody, register_many
from klyngeforum.ground.bodies.queries import by_numbers, match_names
from klyngeforum.ground.bodies.rules import check_number, guessed_kind, normal_number
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.tables.terms import Problem
from klyngeforum.ground.words import mark

Named = tuple[int, str, str]  # (row, number, name)


def number_problems(rows: Sequence[Named], sheet: str) -> list[Problem]:
    """Numbers that cannot exist, each with how to mend it."""
    found = []
    for at, number, _ in rows:
        verdict = check_number(Scheme.CVR, normal_number(Scheme.CVR, number)) if number else None
        if verdict is not None and not verdict:
            mend = mark("Look the number up in the company register, or leave the cell empty.")
            found.append(Problem(sheet, at, "CVR-nummer", number, verdict.reason, mend, verdict.values))
    return found


def _new(number: str, name: str, source: str) -> NewBody:
    kind, knowledge = guessed_kind(name)
    scheme = Scheme.CVR if number else Scheme.NONE
    return NewBody(name, kind, scheme, number, knowledge, source=source)


def bodies_of(
    rows: Sequence[Named], *, by: Actor, at: datetime, source: str, sheet: str, write: bool
) -> tuple[list[int], list[Problem]]:
    """Body id of every row in order (0 for a new one in a dry run), and notes on what waits or was matched by likeness."""
    numbers = {normal_number(Scheme.CVR, number) for _, number, _ in rows if number}
    known = by_numbers(Scheme.CVR, numbers)
    matches = dict(zip((at_row for at_row, number, _ in rows if not number), match_names([name for _, number, name in rows if not number]), strict=True))  # fmt: skip
    ids, fresh, notes = [0] * len(rows), [], []
    for index, (at_row, number, name) in enumerate(rows):
        if number:
            ids[index] = known.get(normal_number(Scheme.CVR, number), 0)
        elif matches[at_row].certain:
            ids[index] = matches[at_row].body_id or 0
        if not ids[index]:
            fresh.append(index)
            if not number:
                like = matches[at_row]
                why = mark("No certain match; it is registered without a number and waits in the work list.")
                if like.body_id:
                    why = mark("It is like an organisation that stands already (%(score)s of 100); a person decides.")
                mend = mark("Write the CVR number, and it counts.")
                notes.append(Problem(sheet, at_row, "Navn", name, why, mend, {"score": like.score}))
    if write and fresh:
        new = [_new(*rows[index][1:], source) for index in fresh]
        for index, pk in zip(fresh, register_many(by=by, at=at, bodies=new), strict=True):
            ids[index] = pk
    return ids, notes
