"""Assessments of a whole register taken over at once: finished ones, each by the version that stood on its day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import Plain, first_free, pour
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import Refused, no, require
from klyngeforum.ground.words import mark
from klyngeforum.quality.indicators.actions import pin
from klyngeforum.quality.indicators.queries import standing
from klyngeforum.quality.indicators.terms import AnswerState, Version

from .models import Answer, Assessment
from .rules import fits
from .terms import Ask, AssessmentKind, AssessmentState, Seat

_ROW = ("id", "cluster_id", "kind", "state", "scheme", "version", "checksum", "as_of", "begun_at", "completed_at")
_ANSWER = ("assessment_id", "indicator", "seat", "state", "level", "ask", "answered_on")


@dataclass(frozen=True, slots=True)
class Finished:
    """An assessment as another register holds it: the level of each indicator, None where it was not known."""

    cluster_id: int
    kind: AssessmentKind
    as_of: date
    levels: Mapping[str, int | None]


def _version(scheme: str, on: date) -> Version:
    found = standing(scheme, on=on)
    if found is None:
        raise Refused(no(mark("No version of that scheme stands on %(day)s."), on="as_of", day=on))
    return found


def _answers(pk: int, one: Finished, version: Version) -> Iterator[tuple[Plain, ...]]:
    """One row for every indicator of the version; who says nothing of it does not know it."""
    strange = sorted(set(one.levels) - {what.code for what in version.indicators})
    if strange:
        raise Refused(no(mark("The scheme has no indicator %(code)s."), on="indicator", code=strange[0]))
    for what in version.indicators:
        level = one.levels.get(what.code)
        state = AnswerState.UNKNOWN if level is None else AnswerState.SCORED
        require(fits(what, state, level))
        yield pk, what.code, Seat.OWN.value, state.value, level, Ask.STANDS.value, one.as_of


@transaction.atomic
def take_over(*, by: Actor, at: datetime, scheme: str, finished: Iterable[Finished], source: str) -> range:
    """All of them as they were finished on their days, or none; experts' audits have their cases and are not taken over. Returns their ids."""
    require(may(by, "assessments.examine", on=date_of(at)))
    first, versions = first_free(Assessment), dict[date, Version]()
    rows: list[tuple[Plain, ...]] = []
    answers: list[tuple[Plain, ...]] = []
    for pk, one in enumerate(finished, first):
        if one.kind is AssessmentKind.AUDIT or one.as_of > date_of(at):
            raise Refused(no(mark("Only what is finished, and no audit, is taken over."), on="kind"))
        version = versions.setdefault(one.as_of, _version(scheme, one.as_of))
        noon = f"{one.as_of} 12:00:00"
        rows.append((pk, one.cluster_id, one.kind.value, AssessmentState.COMPLETED.value, scheme, version.version, version.checksum, one.as_of, noon, noon))  # fmt: skip
        answers += _answers(pk, one, version)
    for version in {one.version: one for one in versions.values()}.values():
        pin(version=version, at=at)
    pour(Assessment, _ROW, rows, register=True)
    pour(Answer, _ANSWER, answers, register=True)
    after = {"new": len(rows), "first": first, "answers": len(answers), "source": source}
    record(by=by, at=at, verb="assessments.take_over", thing="assessment", after=after)
    return range(first, first + len(rows))
