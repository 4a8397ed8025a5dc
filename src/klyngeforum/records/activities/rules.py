"""When an activity may be held, changed and called off, and what a start of collaboration is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import ActivityKind, Attribution

COUNTED_ATTRIBUTIONS = (Attribution.INITIATED, Attribution.FACILITATED)
LONGEST_YEARS = 15
MOST_HOURS = Decimal(200_000)


def may_be_held(title: str, starts_on: date, ends_on: date) -> list[Verdict]:
    titled = YES if title.strip() else no(mark("The title is missing."), on="title")
    if ends_on < starts_on:
        return [titled, no(mark("It cannot end before it begins."), on="ends_on")]
    if ends_on.year - starts_on.year > LONGEST_YEARS:
        return [
            titled,
            no(mark("It lasts more than %(years)s years; check the dates."), on="ends_on", years=LONGEST_YEARS),
        ]
    return [titled]


def may_take_part(persons: int, hours: Decimal, joined_on: date | None, ends_on: date) -> list[Verdict]:
    return [
        YES if 0 <= persons <= 10_000 else no(mark("Persons must be between 0 and 10,000."), on="persons"),
        YES if 0 <= hours <= MOST_HOURS else no(mark("Hours must be between 0 and 200,000."), on="hours"),
        YES
        if joined_on is None or joined_on <= ends_on
        else no(mark("Nobody can join after the activity has ended."), on="joined_on"),
    ]


def is_start(kind: str, attribution: str, partner_kinds: set[str]) -> bool:
    """A project starts a collaboration if a company and a knowledge institution take part and the cluster is a cause of it."""
    both = {BodyKind.COMPANY, BodyKind.KNOWLEDGE} <= partner_kinds
    return kind == ActivityKind.PROJECT and attribution in COUNTED_ATTRIBUTIONS and both
