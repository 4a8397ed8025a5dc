"""When an outcome may be noted."""

from __future__ import annotations

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

EARLIEST = 2000


def may_note(body_kind: str, year: int, this_year: int) -> list[Verdict]:
    """Outcomes are what companies got out of it; institutions and authorities have none."""
    company = YES if body_kind == BodyKind.COMPANY else no(mark("Only companies have outcomes."), on="body")
    known = YES if EARLIEST <= year <= this_year else no(mark("The year must lie between 2000 and now."), on="year")
    return [company, known]
