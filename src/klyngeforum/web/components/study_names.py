"""Columns of a study's extract, by the names that its protocol gives them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.words import mark

_CHANGE = "change_"
# columns that every panel has; a protocol may call them something else
_ALWAYS = {
    "company": mark("company"), "year": mark("year"), "organisation": mark("organisation"), "first_year": mark("year of the first participation"),
    "first_participation": mark("year of the first participation"), "entry": mark("year of the first participation"), "treated": mark("participation"),
}  # fmt: skip


def column_said(column: str, names: Mapping[str, Bilingual], language: str) -> str:
    """A column by its name, and as it stands in the extract."""
    if column in names:
        return f"{names[column].say(language)} ({column})"
    return f"{gettext(_ALWAYS[column])} ({column})" if column in _ALWAYS else column


def outcome_said(column: str, names: Mapping[str, Bilingual], language: str) -> str:
    """What is measured of companies; the matching measures its change."""
    plain = column.removeprefix(_CHANGE)
    if plain not in names:
        return column
    name = names[plain].say(language)
    return name if plain == column else gettext("change: %(name)s") % {"name": name}


def covariate_said(name: str, names: Mapping[str, Bilingual], language: str) -> str:
    """A covariate of the matching in words."""
    kind, _, column = name.partition("_")
    own = names[column].say(language) if column in names else column
    words = {"log": gettext("level before: %(name)s"), "growth": gettext("growth before: %(name)s")}
    return words[kind] % {"name": own} if kind in words else name
