"""What is laid before a meeting as tables of words in both languages; of a scenario, nothing in them tells of a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.steering.meetings.terms import Part, Said, Table

from .numbers import grouped

Rows = list[list[str]]
_LANGUAGES = ("da", "en")
_LONGEST_NUMBER = 30


def way_to_lay(request: HttpRequest) -> str:
    """Where the secretariat lays the page that it looks at before a meeting; nowhere for others."""
    if not may(cast(Actor, request.user), "meetings.call", on=timezone.localdate()):
        return ""
    query = request.META.get("QUERY_STRING", "")
    return reverse("lay", args=[request.path.strip("/")]) + (f"?{query}" if query else "")


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


def in_both(said: Callable[[], Mapping[Part, Rows]]) -> list[Said]:
    """Tables said once in each language, cell by cell; a table without rows is left out."""
    both = []
    for language in _LANGUAGES:
        with override(language):
            both.append(said())
    danish, english = both
    return [
        Said(part, row, column, word, english[part][row][column])
        for part, rows in danish.items()
        for row, words in enumerate(rows)
        for column, word in enumerate(words)
    ]


def in_words(counted: Callable[[], dict[str, Any]]) -> list[Said]:
    """A merger that is counted, said once in each language."""
    return in_both(lambda: _tables(counted()))


def number_columns(table: Table) -> list[bool]:
    """Of each column, whether it holds numbers and so stands to the right; the first says what the row is of."""
    columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.headings)
    return [nth > 0 and _numbers(column) for nth, column in enumerate(columns)]


def _numbers(column: Sequence[str]) -> bool:
    return any(one.lstrip("+−<> ")[:1].isdigit() for one in column) and all(
        len(one) <= _LONGEST_NUMBER for one in column
    )
