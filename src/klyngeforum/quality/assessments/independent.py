"""What others than the organisation itself have found: the newest benchmarking interview or agreed audit, for all organisations at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from klyngeforum.quality.indicators.terms import Answer as Judged
from klyngeforum.quality.indicators.terms import AnswerState

from .models import Answer, Assessment
from .terms import AssessmentKind, AssessmentState, Seat

_INTERVIEW = Q(kind=AssessmentKind.INTERVIEW, state=AssessmentState.COMPLETED)
_AUDIT = Q(kind=AssessmentKind.AUDIT, state=AssessmentState.AGREED)


@dataclass(frozen=True, slots=True)
class Found:
    """Answers of the newest independent assessment, and the days of all benchmarking interviews."""

    answers: Mapping[str, Judged] = field(default_factory=dict)
    benchmarkings: tuple[date, ...] = ()


def found_by_others(scheme: str, *, until: date) -> dict[int, Found]:
    """Cluster id -> what independent assessments of the scheme have found by the day; who has none is absent."""
    rows = Assessment.objects.filter(_INTERVIEW | _AUDIT, scheme=scheme, as_of__lte=until).order_by("as_of", "id")
    newest: dict[int, tuple[int, str]] = {}
    days: dict[int, list[date]] = {}
    for pk, cluster_id, kind, as_of in rows.values_list("id", "cluster_id", "kind", "as_of"):
        newest[cluster_id] = (pk, kind)
        days.setdefault(cluster_id, [])
        if kind == AssessmentKind.INTERVIEW:
            days[cluster_id].append(as_of)
    answers = _answers(dict(newest.values()))
    return {cluster_id: Found(answers.get(pk, {}), tuple(days[cluster_id])) for cluster_id, (pk, _) in newest.items()}


def _answers(kinds: Mapping[int, str]) -> dict[int, dict[str, Judged]]:
    """Assessment -> indicator -> the answer that counts: the experts' agreed one in an audit."""
    found: dict[int, dict[str, Judged]] = {}
    columns = ("assessment_id", "seat", "indicator", "state", "level")
    for pk, seat, indicator, state, level in Answer.objects.filter(assessment__in=list(kinds)).values_list(*columns):
        if seat == (Seat.AGREED if kinds[pk] == AssessmentKind.AUDIT else Seat.OWN):
            found.setdefault(pk, {})[indicator] = Judged(AnswerState(state), level)
    return found
