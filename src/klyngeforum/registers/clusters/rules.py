"""When the register of cluster organisations may change, and what addresses they get."""

from __future__ import annotations

import re
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


def may_succeed(predecessors: list[int], successor: int) -> Verdict:
    if not predecessors:
        return no(mark("Name at least one organisation that is carried on."), on="predecessors")
    if successor in predecessors:
        return no(mark("An organisation cannot succeed itself."), on="predecessors")
    return YES


def may_state_staff(full_time: float) -> Verdict:
    """Staff years: the largest secretariats have 10–15; beyond 500 it is a typing mistake."""
    if full_time < 0 or full_time > 500:
        return no(mark("Staff years must be between 0 and 500."), on="full_time")
    return YES
