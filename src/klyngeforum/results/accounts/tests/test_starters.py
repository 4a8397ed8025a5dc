"""An account in work stands while others record, and still knows who started a collaboration elsewhere before."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.keeping import forget
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity
from klyngeforum.records.activities.models import Participation
from klyngeforum.records.activities.terms import ActivityKind, Attribution
from klyngeforum.results.accounts import starters as room
from klyngeforum.results.accounts.rules import counted
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.starters import starters
from klyngeforum.results.accounts.working import standing_work
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
PROJECT, BEFORE = ActivityKind.PROJECT, date(YEAR - 1, 4, 4)


@pytest.fixture
def own_project(stage):
    """Vindklyngen's project of the year, of companies a and b with a university."""
    stage.part(stage.activity("vind", "v1", kind=PROJECT), "a", "b", "uni")
    stage.open()
    return stage


def first_time(stage) -> int:
    return int(counted(standing_work(stage.account("vind")).lines, "first_time_starters").distinct)


def asked(monkeypatch) -> list[set[int]]:
    """Who was asked for again, in turn."""
    found: list[set[int]] = []
    real = room.started_before
    monkeypatch.setattr(room, "started_before", lambda ids, year: found.append(set(ids)) or real(ids, year))
    return found


def test_the_work_stands_while_another_organisation_holds_a_meeting(own_project, monkeypatch):
    account = own_project.account("vind")
    before, table = standing_work(account), sheet(account)
    calls = asked(monkeypatch)
    own_project.activity("mad", "m1")
    assert standing_work(account) is before and sheet(account) is table
    assert calls and set().union(*calls) == set()


def test_an_earlier_project_elsewhere_makes_no_first_time_of_it(own_project):
    a = own_project.bodies["a"]
    assert a not in starters(own_project.clusters["vind"].pk, YEAR) and first_time(own_project) == 2
    own_project.part(own_project.activity("mad", "m1", kind=PROJECT, day=BEFORE), "a", "uni")
    assert a in starters(own_project.clusters["vind"].pk, YEAR) and first_time(own_project) == 1


def test_an_earlier_project_that_was_no_project_gives_the_first_time_back(own_project):
    other = own_project.activity("mad", "m1", kind=PROJECT, day=BEFORE)
    own_project.part(other, "a", "uni")
    assert first_time(own_project) == 1
    new = NewActivity(other.cluster_id, "m1", ActivityKind.KNOWLEDGE, "Et møde", BEFORE, BEFORE, attribution=Attribution.INITIATED)  # fmt: skip
    activities.amend(by=own_project.people["mad"], at=AT, activity=other, new=new)
    assert first_time(own_project) == 2


def test_withdrawn_from_an_earlier_project_it_is_a_first_time_again(own_project):
    other = own_project.activity("mad", "m1", kind=PROJECT, day=BEFORE)
    own_project.part(other, "a", "uni")
    assert first_time(own_project) == 1
    activities.withdraw(by=own_project.people["mad"], at=AT, participation=Participation.objects.get(activity=other, body=own_project.bodies["a"]))  # fmt: skip
    assert first_time(own_project) == 2


def test_what_is_kept_is_what_a_new_process_would_count(own_project):
    for nth, (kind, day) in enumerate(
        [(PROJECT, BEFORE), (ActivityKind.KNOWLEDGE, BEFORE), (PROJECT, date(YEAR, 3, 3))]
    ):
        own_project.part(own_project.activity("mad", f"m{nth}", kind=kind, day=day), "b", "uni")
        kept = (starters(own_project.clusters["vind"].pk, YEAR), first_time(own_project))
        forget()
        assert kept == (starters(own_project.clusters["vind"].pk, YEAR), first_time(own_project))
