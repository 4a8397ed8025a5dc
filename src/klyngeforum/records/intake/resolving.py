"""Which body each row names: by number, else by a certain name, else a new one that waits for its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies.actions import NewBody, register_many
from klyngeforum.ground.bodies.queries import by_numbers, match_names
from klyngeforum.ground.bodies.rules import check_number, guessed_kind, name_key, normal_number, scheme_of
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.tables.terms import Problem
from klyngeforum.ground.words import mark

_COUNTRIES = {"EL": "GR"}  # the tax number's letters where they are not the country's
Named = tuple[int, str, str]  # (row, number, name)


_ABROAD = {Scheme.PIC: re.compile("[0-9]{9}"), Scheme.LEI: re.compile("[0-9A-Z]{20}")}  # known again, never guessed


def _abroad(number: str) -> list[Scheme]:
    return [scheme for scheme, form in _ABROAD.items() if form.fullmatch(normal_number(scheme, number))]


def standing(numbers: Iterable[str]) -> dict[str, int]:
    """Number, as written -> the body that bears it, in whatever register it stands; what nobody bears is left out.

    A participant number of the EU or a LEI is known again from our own sheets; one that nobody bears may as well be a mistyped CVR number.
    """
    wanted: dict[Scheme, dict[str, str]] = {}
    for text in {number for number in numbers if number}:
        scheme = scheme_of(text)
        wanted.setdefault(scheme, {})[text] = normal_number(scheme, text)
        for other in _abroad(text):
            wanted.setdefault(other, {})[text] = normal_number(other, text)
    found: dict[str, int] = {}
    for scheme, written in wanted.items():
        known = by_numbers(scheme, written.values())
        found |= {text: known[bare] for text, bare in written.items() if bare in known}
    return found


def number_problems(rows: Sequence[Named], sheet: str) -> list[Problem]:
    """Numbers that cannot exist, each with how to mend it."""
    found = []
    known = standing(number for _, number, _ in rows if _abroad(number))
    for at, number, _ in rows:
        if number in known:
            continue
        scheme = scheme_of(number)
        verdict = check_number(scheme, normal_number(scheme, number)) if number else None
        if verdict is not None and not verdict:
            mend = mark("Look the number up in the company register, or leave the cell empty.")
            found.append(Problem(sheet, at, "CVR-nummer", number, verdict.reason, mend, verdict.values))
    return found


def _new(number: str, name: str, source: str) -> NewBody:
    kind, knowledge = guessed_kind(name)
    scheme = scheme_of(number) if number else Scheme.NONE
    country = normal_number(scheme, number)[:2] if scheme is Scheme.EU_VAT else "DK"
    return NewBody(name, kind, scheme, number, knowledge, _COUNTRIES.get(country, country), source=source)


def bodies_of(
    rows: Sequence[Named],
    *,
    by: Actor,
    at: datetime,
    source: str,
    sheet: str,
    write: bool,
    own: Mapping[str, int] | None = None,
) -> tuple[list[int], list[Problem]]:
    """Body id of every row in order (0 for a new one in a dry run), and notes on what waits or was matched by likeness.

    ``own`` are names (by their key) of whom the organisation itself recorded: without a number, the same name is the same body again.
    """
    known = standing(number for _, number, _ in rows)
    known_here = own or {}
    unclear = [(at_row, name) for at_row, number, name in rows if not number and name_key(name) not in known_here]
    matches = dict(zip((at_row for at_row, _ in unclear), match_names([name for _, name in unclear]), strict=True))
    ids, fresh, notes = [0] * len(rows), [], []
    for index, (at_row, number, name) in enumerate(rows):
        if number:
            ids[index] = known.get(number, 0)
        elif name_key(name) in known_here:
            ids[index] = known_here[name_key(name)]
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
