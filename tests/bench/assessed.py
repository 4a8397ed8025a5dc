"""A country of 3,000 organisations with one benchmarking interview each, laid straight into the database, and a new version of the scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

from klyngeforum.ground.bodies.models import Body
from klyngeforum.quality.assessments.models import Answer, Assessment
from klyngeforum.quality.indicators.terms import UNKNOWN, Change, Crosswalk, Indicator, Step, Version, scored
from klyngeforum.quality.indicators.terms import Answer as Judged
from klyngeforum.registers.clusters.models import Cluster

ORGANISATIONS, DAY = 3000, date(2013, 6, 1)
AT = datetime(2013, 3, 1, 12, tzinfo=UTC)


def renewed(old: Version) -> tuple[Version, Crosswalk]:
    """The version after the old one: one group asks for more; every indicator means the same."""
    changed = [replace(one, minimum=one.excellence) if one.group == "3" else one for one in old.indicators]
    new = replace(old, version="2030", indicators=tuple(changed))
    steps = tuple(Step(Change.SAME, (one.code,), (one.code,)) for one in old.indicators)
    return new, Crosswalk(old.scheme, old.version, new.scheme, new.version, steps, old.provenance, "bench")


def answers_of(chance: Random, indicators: Sequence[Indicator]) -> dict[str, Judged]:
    """Mostly high; one in a hundred is missing."""
    return {
        one.code: UNKNOWN
        if chance.random() < 0.01
        else scored(min(one.top, chance.choice((1, 2, 3, 4, 4, 5, 5, 5, 5))))
        for one in indicators
    }


def laid(version: Version, chance: Random) -> int:
    """Organisations, assessments and answers; how many answers there are."""
    numbers = range(ORGANISATIONS)
    bodies = Body.objects.bulk_create(
        Body(kind="cluster", name=f"Klynge {nth}", name_key=f"klynge {nth}", scheme="eu_vat", number=f"B{nth}") for nth in numbers
    )  # fmt: skip
    clusters = Cluster.objects.bulk_create(
        Cluster(body=body, slug=f"klynge-{nth}", name=body.name, kind="cluster", level="national") for nth, body in enumerate(bodies)
    )  # fmt: skip
    assessments = Assessment.objects.bulk_create(
        Assessment(cluster=one, kind="interview", state="completed", scheme=version.scheme, version=version.version, checksum=version.checksum, as_of=AT.date(), begun_at=AT, completed_at=AT)
        for one in clusters
    )  # fmt: skip
    rows = [
        Answer(assessment=one, indicator=code, state=answer.state.value, level=answer.level, answered_on=AT.date())
        for one in assessments
        for code, answer in answers_of(chance, version.indicators).items()
    ]
    return len(Answer.objects.bulk_create(rows, batch_size=5000))
