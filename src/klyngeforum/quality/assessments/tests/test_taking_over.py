"""A register's finished assessments, taken over all at once or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from klyngeforum.ground.trail.queries import acts
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.assessments import actions, queries
from klyngeforum.quality.assessments.independent import found_by_others
from klyngeforum.quality.assessments.models import Assessment
from klyngeforum.quality.assessments.taking_over import Finished, take_over
from klyngeforum.quality.assessments.terms import Ask, AssessmentKind
from klyngeforum.quality.indicators.queries import standing, versions
from klyngeforum.quality.indicators.terms import AnswerState

AT, DAY = datetime(2014, 6, 3, 9, tzinfo=UTC), date(2013, 3, 1)
VERSION = standing("ecei", on=DAY)


def finished(stage, cluster="vind", **changes):
    levels = {what.code: 1 for what in VERSION.indicators} | {"2.3": None}
    return replace(Finished(stage.clusters[cluster].pk, AssessmentKind.INTERVIEW, DAY, levels), **changes)


def taken(stage, *rows, by="office"):
    return take_over(by=stage.people[by], at=AT, scheme="ecei", finished=rows, source="register")


def test_they_count_as_if_they_had_been_filled_here(stage):
    ids = taken(stage, finished(stage), finished(stage, "mad", kind=AssessmentKind.SELF))
    one = Assessment.objects.get(pk=ids[0])
    assert (one.state, one.version, one.as_of, one.completed_at.date()) == ("completed", VERSION.version, DAY, DAY)
    assert queries.version_of(one) == VERSION
    found = found_by_others("ecei", until=DAY)
    assert set(found) == {stage.clusters["vind"].pk} and found[stage.clusters["vind"].pk].benchmarkings == (DAY,)
    answers = found[stage.clusters["vind"].pk].answers
    assert answers["2.1"].level == 1 and answers["2.3"].state is AnswerState.UNKNOWN
    act = acts().get(verb="assessments.take_over")
    assert f'"answers":{2 * len(VERSION.indicators)}' in act.after.replace(" ", "")


def test_the_next_assessment_carries_them_on(stage):
    taken(stage, finished(stage, kind=AssessmentKind.SELF, as_of=AT.date()))
    one = actions.begin(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], kind=AssessmentKind.SELF, scheme="ecei", as_of=AT.date())  # fmt: skip
    given = queries.given(one, seen_by=stage.people["vind"])
    assert given["2.1"].level == 1 and given["2.1"].ask is Ask.STANDS


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"levels": {"2.1": 9}}, "Indicator 2.1 has no level 9"),
        ({"levels": {"9.9": 1}}, "The scheme has no indicator 9.9"),
        ({"kind": AssessmentKind.AUDIT}, "no audit"),
        ({"as_of": date(2014, 6, 4)}, "no audit"),
        ({"as_of": date(2012, 6, 4)}, "No version of that scheme stands"),
    ],
)
def test_one_that_is_wrong_keeps_all_out(stage, changes, why):
    with pytest.raises(Refused, match=why):
        taken(stage, finished(stage, "mad"), finished(stage, **changes))
    assert not Assessment.objects.exists()


def test_only_the_secretariat_takes_over(stage):
    with pytest.raises(Refused):
        taken(stage, finished(stage), by="vind")


def test_nothing_is_begun_by_a_draft(stage):
    draft = next(one for one in versions() if one.draft)
    with pytest.raises(Refused, match="No version of that scheme stands"):
        actions.begin(by=None, at=AT, cluster=stage.clusters["vind"], kind=AssessmentKind.SELF, scheme=draft.scheme, as_of=AT.date(), version=draft.version)  # fmt: skip
