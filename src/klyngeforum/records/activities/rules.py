"""When an activity may be held, changed and called off, and what a start of collaboration is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark

from .terms import ActivityKind, Attribution

COUNTED_ATTRIBUTIONS = (Attribution.INITIATED, Attribution.FACILITATED)
LONGEST_YEARS = 15
MOST_HOURS = Decimal(200_000)
MOST_BUDGET = Decimal(100_000_000_000)
LONGEST_REFERENCE = 60
LONGEST_UNIT = 120


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


def may_lie(country: str) -> Verdict:
    if re.fullmatch(r"[A-Z]{2}", country):
        return YES
    return no(mark("Write the country with two letters, such as DK or SE."), on="country")


def may_cost(budget: Decimal | None) -> Verdict:
    if budget is None or 0 <= budget <= MOST_BUDGET:
        return YES
    return no(mark("The budget must lie between 0 and 100 billion kroner."), on="budget")


def may_be_called(reference: str) -> Verdict:
    fits = 0 < len(reference.strip()) <= LONGEST_REFERENCE
    return YES if fits else no(mark("The reference needs between 1 and 60 characters."), on="reference")


def may_take_part(persons: int, hours: Decimal, joined_on: date | None, ends_on: date) -> list[Verdict]:
    return [
        YES if 0 <= persons <= 10_000 else no(mark("Persons must be between 0 and 10,000."), on="persons"),
        YES if 0 <= hours <= MOST_HOURS else no(mark("Hours must be between 0 and 200,000."), on="hours"),
        YES
        if joined_on is None or joined_on <= ends_on
        else no(mark("Nobody can join after the activity has ended."), on="joined_on"),
    ]


def unit_key(name: str) -> str:
    """What a unit is known by: its name without regard to case and spaces, so that it is one in all activities of its institution."""
    return " ".join(name.split()).casefold()[:LONGEST_UNIT]


def may_name_units(names: Iterable[str], kind: str) -> Verdict:
    """Units are a knowledge institution's; each has a name of its own."""
    given = list(names)
    if given and kind != BodyKind.KNOWLEDGE:
        return no(mark("Only knowledge institutions take part with institutes or departments."), on="units")
    if any(len(" ".join(name.split())) > LONGEST_UNIT for name in given):
        return no(mark("The name of a unit has at most 120 characters."), on="units")
    return YES


def is_start(kind: str, attribution: str, partner_kinds: set[str]) -> bool:
    """A project starts a collaboration if a company and a knowledge institution take part and the cluster is a cause of it."""
    both = {BodyKind.COMPANY, BodyKind.KNOWLEDGE} <= partner_kinds
    return kind == ActivityKind.PROJECT and attribution in COUNTED_ATTRIBUTIONS and both
