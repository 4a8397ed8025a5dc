"""When the register of cluster organisations may change, and what addresses they get."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ö": "oe", "ä": "ae", "ü": "ue"})


def slug_of(name: str) -> str:
    """The name as an address: "Dansk Lydklynge" -> dansk-lydklynge."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_LETTERS)).strip("-")[:80].rstrip("-")


def may_close(founded_on: date | None, closed_on: date | None, on: date) -> Verdict:
    if closed_on is not None:
        return no(mark("The organisation is already closed."), on="closed_on")
    if founded_on is not None and on < founded_on:
        return no(mark("An organisation cannot close before it was founded."), on="closed_on")
    return YES


def may_succeed(predecessors: list[int], successor: int, *, linked: bool = False, circle: bool = False) -> Verdict:
    """``linked``: one of them is carried on in the successor already; ``circle``: one of them carries on the successor."""
    if not predecessors:
        return no(mark("Name at least one organisation that is carried on."), on="predecessors")
    if successor in predecessors:
        return no(mark("An organisation cannot succeed itself."), on="predecessors")
    if linked:
        return no(mark("It is recorded already that the one carries on the other."), on="predecessors")
    if circle:
        return no(mark("It goes in a circle: the one that is carried on carries on the other."), on="predecessors")
    return YES


def may_combine(versions: Sequence[str]) -> Verdict:
    """Codes of two versions of the industries are never mixed."""
    if len(versions) < 2:
        return YES
    why = mark("Industries of two versions are mixed (%(versions)s); choose from one.")
    return no(why, on="industries", versions=", ".join(versions))


def may_seat(name: str, since: date, until: date | None) -> list[Verdict]:
    return [
        YES if name.strip() else no(mark("The name is missing."), on="person_name"),
        YES if until is None or until >= since else no(mark("It cannot end before it begins."), on="until"),
    ]


def may_form(name: str, taken: bool, since: date, until: date | None) -> list[Verdict]:
    """An interest group has a name of its own within the organisation."""
    named = YES if name.strip() else no(mark("The name is missing."), on="name")
    return [
        no(mark("A group of that name stands already."), on="name") if taken else named,
        YES if until is None or until >= since else no(mark("It cannot end before it begins."), on="until"),
    ]


def may_stop(since: date, until: date | None, on: date) -> Verdict:
    """Whether a seat or a group can end with the day."""
    if until is not None:
        return no(mark("It has ended already."), on="until")
    return YES if on >= since else no(mark("It cannot end before it begins."), on="until")


def may_date(founded_on: date | None, closed_on: date | None) -> Verdict:
    if founded_on is not None and closed_on is not None and closed_on < founded_on:
        return no(mark("An organisation cannot close before it was founded."), on="founded_on")
    return YES


def may_state_staff(full_time: float) -> Verdict:
    """Staff years: the largest secretariats have 10–15; beyond 500 it is a typing mistake."""
    if full_time < 0 or full_time > 500:
        return no(mark("Staff years must be between 0 and 500."), on="full_time")
    return YES
