"""Holding an assessment while it is written in, and what stands in it in a few words."""

from __future__ import annotations

from klyngeforum.quality.indicators.terms import AnswerState

from .models import Answer, Assessment
from .terms import Part

WORDS: dict[str, str] = {AnswerState.UNKNOWN: "?", AnswerState.NOT_APPLICABLE: "–"}


def taken(one: Assessment) -> Assessment:
    """The assessment, locked for this transaction (SQLite's IMMEDIATE transaction already holds the whole file)."""
    return Assessment.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=one.pk)


def shown(row: Answer, part: Part) -> str:
    """What stands in a part of an answer, in a few words."""
    if part is Part.LEVEL:
        return str(row.level) if row.level is not None else WORDS[AnswerState(row.state)]
    return str(getattr(row, part.value))
