"""A page as it is fixed: its name and its tables, said in both languages, and the address at which it is seen as it is now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, override

from klyngeforum.steering.meetings.terms import Kind, Part, Seen
from klyngeforum.web.components.choices import day_named
from klyngeforum.web.components.landscape import marks_said
from klyngeforum.web.components.laying import Rows, in_both

from .pictures import Sketch, pictures_in_both

Asked = Mapping[str, str]
Tables = dict[Part, Rows]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page for the reader who may see least. ``name``, ``tables`` and ``drawn`` are asked for once in each language."""

    kind: Kind
    address: str
    as_of: date
    name: Callable[[], str]
    tables: Callable[[], Tables]
    drawn: Callable[[], list[Sketch]] = list


def seen(one: Shown) -> Seen:
    """The page as it is seen now, in both languages."""
    with override("da"):
        danish = one.name()
    with override("en"):
        english = one.name()
    return Seen(
        one.kind, one.address, danish, english, one.as_of, tuple(in_both(one.tables)), pictures_in_both(one.drawn)
    )


def sentences(*said: str) -> Rows:
    """What the page says in sentences, one a row."""
    return [[gettext("What the page said")], *([one] for one in said if one)]


def with_head(head: list[str], rows: Iterable[list[str]]) -> Rows:
    """A table with its headings; none without rows."""
    listed = list(rows)
    return [head, *listed] if listed else []


def rests(facts: Iterable[tuple[str, str]], marks: tuple[str, ...] = (), on: date | None = None) -> Rows:
    """Sources, versions and fingerprints, and the programme's marks of the day with whether they are placeholders."""
    judged = marks_said(marks, on) if on else []
    said = [
        [one.name, one.asked, f"{one.source} ({gettext('Placeholder') if one.placeholder else one.provenance})"]
        for one in judged
    ]
    known = [[what, words, ""] for what, words in facts if words]
    head, rows = [gettext("What"), gettext("As it was then"), gettext("Source")], [*known, *said]
    return with_head(head, rows) if said else with_head(head[:2], (row[:2] for row in rows))


def day_in(asked: Asked, otherwise: date) -> date:
    """The day that the address names, or another."""
    return day_named(asked.get("dag", "")) or otherwise
