"""Distance and comparison: unknown is no zero, no cell under five, no name without consent."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.quality.assessments import actions, backing, queries
from klyngeforum.quality.assessments import distance as distances
from klyngeforum.quality.assessments.terms import AssessmentKind, Given
from klyngeforum.quality.indicators.queries import versions
from klyngeforum.quality.indicators.terms import AnswerState, Truth
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.terms import ClusterKind, Level

AT = datetime(2013, 6, 3, 9, tzinfo=UTC)
SCHEME = max(versions(), key=lambda one: len(one.labels)).scheme


def assessed(cluster, level, *, unknown=()):
    one = actions.begin(by=None, at=AT, cluster=cluster, kind=AssessmentKind.SELF, scheme=SCHEME, as_of=AT.date())
    said = {
        what.code: Given()
        if what.code in unknown
        else Given(AnswerState.SCORED, min(level, what.top), "", "Ikke tastet ind.")
        for what in queries.version_of(one).indicators
    }
    actions.answer_many(by=None, at=AT, assessment=one, answers=said)
    return actions.complete(by=None, at=AT, assessment=one)


@pytest.fixture
def others(stage):
    made = []
    for nth in range(5):
        body = bodies.register(by=None, at=AT, body=NewBody(f"Klynge {nth}", BodyKind.CLUSTER))
        new = NewCluster(body.pk, f"Klynge {nth}", ClusterKind.CLUSTER, Level.NATIONAL)
        made.append(clusters.register(by=None, at=AT, new=new))
    return made


def compared(one):
    asked = distances.situation(one, seen_by=None, on=AT.date())
    return distances.compared(one, asked.answers, None, at=AT, until=AT.date())


def test_four_others_show_nothing_and_five_show_quartiles(stage, others):
    own = assessed(stage.clusters["vind"], 4)
    for nth, other in enumerate(others[:4]):
        assessed(other, nth)
    found = compared(own)
    assert not found.enough and (found.groups, found.indicators, found.named) == ((), (), ())
    assessed(others[4], 4)
    found = compared(own)
    by_code = {one.code: one for one in found.indicators}
    assert found.organisations == 5 and by_code["2.1"].quartiles == (1, 2, 3)


def test_an_indicator_that_few_know_shows_nothing(stage, others):
    own = assessed(stage.clusters["vind"], 4)
    for nth, other in enumerate(others):
        assessed(other, 3, unknown=("2.1",) if nth else ())
    by_code = {one.code: one for one in compared(own).indicators}
    assert (by_code["2.1"].quartiles, by_code["2.1"].count) == (None, 0)


def test_a_name_is_shown_with_consent_alone(stage, others):
    own = assessed(stage.clusters["vind"], 4)
    for other in others:
        assessed(other, 3)
    assert compared(own).named == ()
    backing.consent(by=None, at=AT, cluster=others[2], to_be_named=True)
    assert [pk for pk, _ in compared(own).named] == [others[2].pk]


def test_what_is_unknown_gives_no_points_and_no_verdict(stage):
    one = assessed(stage.clusters["vind"], 5, unknown=("2.2.2",))
    version = queries.version_of(one)
    label = max(version.labels, key=lambda found: -found.rank)
    found = distances.distance(version, label, distances.situation(one, seen_by=None, on=AT.date()))
    assert found.points.unknown == ("2.2.2",) and found.points.most > found.points.least
    assert found.explained.truth is not Truth.YES


def test_own_earlier_values_stand_beside(stage):
    first = assessed(stage.clusters["vind"], 2)
    series = queries.own_series(stage.clusters["vind"].pk, seen_by=None, on=AT.date())
    assert [row.pk for row in series] == [first.pk]
    assert distances.earlier(first, queries.version_of(first), seen_by=None, series=series) == []
    assert queries.newest(None, SCHEME, until=date(2013, 6, 2)) == {}
