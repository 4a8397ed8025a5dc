"""A scenario as tables of words in both languages, ready to be fixed before a meeting; nothing in them tells of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext, override

from klyngeforum.steering.meetings.terms import Part, Said

from .numbers import grouped

Rows = list[list[str]]
_LANGUAGES = ("da", "en")


def _of_all(words: str, names: Sequence[str]) -> list[str]:
    return [words or gettext("What"), *names, gettext("As one")]


def _cells(rows: Iterable[tuple[str, Sequence[str], str]]) -> Rows:
    return [[words, *parts, after] for words, parts, after in rows]


def _tables(result: dict[str, Any]) -> dict[Part, Rows]:
    """Part -> its rows in the language of the moment, the headings first."""
    names = [one.name for one in result["chosen"]]
    found = result["merger"]
    fields = [[organisation.name, grouped(n)] for organisation, n in result["fields"]]
    closed = [[f"{region}: {industry}", gettext("reached together only")] for region, industry, _ in result["closed"]]
    accounts = [
        [name, *(f"{once} ({total})" if total else once for _, once, total in years)] for name, years in result["accounts"]
    ]  # fmt: skip
    return {
        Part.STANDS: [_of_all("", names), *_cells(result["rows"])],
        Part.MARKS: [
            [gettext("Mark"), gettext("As one"), gettext("Read"), gettext("Asks for")],
            *([row.mark.name, row.shown, row.words, row.mark.asked] for row in result["judged"]),
        ],
        Part.FIELDS: [
            [gettext("Organisation"), gettext("Fields reached")], *fields, [gettext("As one"), grouped(found.fields.after)], *closed,
        ],
        Part.ACCOUNTS: [[gettext("Measure"), *map(str, result["account_years"])], *accounts] if accounts else [],
        Part.QUALITY: [_of_all("", names), *_cells(result["measured"])] if result["measured"] else [],
    }  # fmt: skip


def in_words(counted: Callable[[], dict[str, Any]]) -> list[Said]:
    """What is counted, said once in each language."""
    said = []
    for language in _LANGUAGES:
        with override(language):
            said.append(_tables(counted()))
    danish, english = said
    return [
        Said(part, row, column, word, english[part][row][column])
        for part, rows in danish.items()
        for row, words in enumerate(rows)
        for column, word in enumerate(words)
    ]
