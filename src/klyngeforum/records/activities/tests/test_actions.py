"""What happened: held once by its reference, taken part in once by a body, and taken back with a trace."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.trail.queries import acts, of
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities import actions
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.queries import activities, in_year, participants, started_before, starts
from klyngeforum.records.activities.rules import is_start
from klyngeforum.records.activities.terms import ActivityKind, Attribution
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_a_start_needs_a_project_a_cause_a_company_and_a_knowledge_institution():
    for kind, cause, company, knowledge in product(ActivityKind, Attribution, (True, False), (True, False)):
        partners = {BodyKind.COMPANY.value} if company else set()
        partners |= {BodyKind.KNOWLEDGE.value} if knowledge else set()
        wanted = kind is ActivityKind.PROJECT and cause is not Attribution.OTHER and company and knowledge
        assert is_start(kind, cause, partners) is wanted


def test_a_reference_names_one_activity_of_the_organisation(stage):
    stage.activity("vind", "2012-1")
    with pytest.raises(Refused, match="2012-1"):
        stage.activity("vind", "2012-1")
    stage.activity("mad", "2012-1")


def test_it_cannot_end_before_it_begins_and_needs_a_title(stage):
    one = stage.clusters["vind"]
    for title, ends in (("", date(2012, 5, 5)), ("Møde", date(2012, 5, 4)), ("Møde", date(2040, 5, 4))):
        with pytest.raises(Refused):
            actions.hold(
                by=stage.people["vind"],
                at=AT,
                cluster=one,
                new=NewActivity(one.pk, "x", ActivityKind.KNOWLEDGE, title, date(2012, 5, 5), ends),
            )


def test_a_body_takes_part_once_and_the_trail_keeps_both_numbers(stage):
    one = stage.activity("vind", "v1")
    stage.part(one, "a", hours="4")
    stage.part(one, "a", hours="6")
    row = participants(one.pk).get()
    assert row.hours == Decimal(6)
    act = of("participation", row.pk).last()
    before, after = json.loads(act.before), json.loads(act.after)
    assert Decimal(before["hours"]) == 4 and Decimal(after["hours"]) == 6


def test_what_is_taken_back_stays_in_the_trail(stage):
    one = stage.activity("vind", "v1")
    stage.part(one, "a")
    with pytest.raises(Refused):
        actions.call_off(by=stage.people["vind"], at=AT, activity=one)
    row = participants(one.pk).get()
    actions.withdraw(by=stage.people["vind"], at=AT, participation=row)
    actions.call_off(by=stage.people["vind"], at=AT, activity=one)
    assert not activities(seen_by=None, on=AT.date())
    verbs = [act.verb for act in acts()]
    assert verbs[:2] == ["activities.call_off", "activities.withdraw"]


def test_a_project_belongs_to_every_year_it_touches_and_starts_once(stage):
    one = stage.clusters["vind"]
    new = NewActivity(one.pk, "p", ActivityKind.PROJECT, "Projekt", date(2011, 11, 1), date(2013, 2, 1))
    pk = actions.hold(by=stage.people["vind"], at=AT, cluster=one, new=new).pk
    actions.take_part_many(by=None, at=AT, parts=[NewPart(pk, stage.bodies["a"]), NewPart(pk, stage.bodies["uni"])])
    assert [in_year(year).count() for year in (2010, 2011, 2012, 2013, 2014)] == [0, 1, 1, 1, 0]
    assert [starts(year, since=year).count() for year in (2010, 2011, 2012)] == [0, 1, 0]
    asked = [stage.bodies[key] for key in ("a", "b", "uni")]
    assert (
        started_before(asked, 2012) == {stage.bodies["a"], stage.bodies["uni"]} and started_before(asked, 2011) == set()
    )


def test_the_number_of_participants_is_each_activitys_own(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b")
    stage.activity("vind", "v2")
    found = {one.reference: one.taking_part for one in activities(seen_by=stage.people["vind"], on=AT.date())}
    assert found == {"v1": 2, "v2": 0}
    assert not activities(seen_by=stage.people["mad"], on=AT.date())


def test_taking_over_activities_and_participations(stage):
    one = stage.clusters["vind"].pk
    ids = actions.take_over(
        by=None,
        at=AT,
        rows=[(one, "r1", "knowledge", "Dag", "2012-02-02", "2012-02-02", None, "initiated", False)],
        source="prøve",
    )
    assert (
        actions.take_over_parts(
            by=None, at=AT, rows=[(ids[0], stage.bodies[key], "participant", 2) for key in "ab"], source="prøve"
        )
        == 2
    )
    assert participants(ids[0]).count() == 2


class TestSomebodyActedMeanwhile:
    """A page holds the activity as it was read; the act goes by what stands."""

    def test_nobody_takes_part_in_what_was_called_off(self, stage):
        one = stage.activity("vind", "v1")
        again = activities(seen_by=None, on=AT.date()).get(pk=one.pk)
        actions.call_off(by=stage.people["vind"], at=AT, activity=one)
        with pytest.raises(Refused, match="gone"):
            stage.part(again, "a")

    def test_a_participation_is_taken_back_once(self, stage):
        one = stage.activity("vind", "v1")
        stage.part(one, "a")
        row, again = participants(one.pk).get(), participants(one.pk).get()
        actions.withdraw(by=stage.people["vind"], at=AT, participation=row)
        with pytest.raises(Refused, match="gone"):
            actions.withdraw(by=stage.people["vind"], at=AT, participation=again)
