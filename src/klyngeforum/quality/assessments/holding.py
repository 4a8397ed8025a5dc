"""An assessment held for one transaction, who fills which kind, and the act that it leaves."""

from __future__ import annotations

from datetime import datetime

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.trail.actions import record
from klyngeforum.quality.indicators.terms import AnswerState

from .models import Answer, Assessment
from .terms import AssessmentKind, Part

FILLS = {
    AssessmentKind.SELF: "assessments.fill",
    AssessmentKind.AUDIT: "assessments.fill",
    AssessmentKind.INTERVIEW: "assessments.examine",
    AssessmentKind.EX_ANTE: "assessments.examine",
}
WORDS: dict[str, str] = {AnswerState.UNKNOWN: "?", AnswerState.NOT_APPLICABLE: "–"}


def completes(kind: str) -> str:
    """The act of completing an assessment of the kind, or of opening it again."""
    return "assessments.complete" if kind == AssessmentKind.SELF else "assessments.examine"


def taken(one: Assessment) -> Assessment:
    """The assessment, locked for this transaction (SQLite's IMMEDIATE transaction already holds the whole file)."""
    return Assessment.objects.select_for_update(of=("self",)).select_related("cluster").get(pk=one.pk)


def trailed(one: Assessment, *, by: Actor, at: datetime, verb: str, **after: object) -> None:
    record(
        by=by, at=at, verb=f"assessments.{verb}", thing="assessment", thing_id=one.pk, body_id=one.cluster.body_id, after=after,
    )  # fmt: skip


def shown(row: Answer, part: Part) -> str:
    """What stands in a part of an answer, in a few words."""
    if part is Part.LEVEL:
        return str(row.level) if row.level is not None else WORDS[AnswerState(row.state)]
    return str(getattr(row, part.value))
