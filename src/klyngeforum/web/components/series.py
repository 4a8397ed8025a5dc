"""A series in the reader's words: what breaks in a year, and the chart with both readings."""

from __future__ import annotations

from django.utils.translation import gettext

from klyngeforum.ground.programme.queries import measure
from klyngeforum.results.accounts.breaking import Break, BreakKind
from klyngeforum.results.accounts.series import SeriesYear

from .columns import Columns, columns_of
from .numbers import grouped


def break_said(one: Break, language: str) -> str:
    """One thing to know about a year, as a sentence."""
    said = {key: grouped(value) if isinstance(value, int) else value for key, value in one.values.items()}
    if "code" in one.values:
        found = measure(str(one.values["code"]))
        said["name"] = found.name.say(language) if found else one.values["code"]
    sentences = {
        BreakKind.VERSION: gettext("Counted by definition version %(now)s; the year before by %(before)s."),
        BreakKind.BEGINS: gettext("From this year on another definition is meant: %(name)s."),
        BreakKind.ENDS: gettext("The last year for which another definition was meant: %(name)s."),
        BreakKind.SCOPE: gettext("Other organisations than the year before: %(joined)s new, %(left)s no longer."),
        BreakKind.LINEAGE: gettext("Organisations carried on in another one in the year: %(n)s."),
        BreakKind.PARTLY: gettext("%(n)s of %(all)s accounts counted this figure."),
        BreakKind.UNFINISHED: gettext("%(n)s of %(all)s accounts are approved; the figure is provisional."),
    }
    return sentences[one.kind] % said


def breaking_years(rows: list[SeriesYear]) -> set[int]:
    """Years that cannot be compared with the year before without reading what is said of them."""
    return {row.year for row in rows if row.breaks}


def series_chart(rows: list[SeriesYear], *, label: str) -> Columns | None:
    """Columns as published, a short line where today's records stand, a dashed line before a year that breaks."""
    values = {row.year: row.value for row in rows if row.value is not None}
    if not values:
        return None
    return columns_of(
        values, label=label, chosen=max(values), unfinished={row.year for row in rows if row.approved < row.owed},
        known={row.year: row.known for row in rows if row.known is not None}, broken=breaking_years(rows),
    )  # fmt: skip
