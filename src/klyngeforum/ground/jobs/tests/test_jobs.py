"""Long work: asked for once, done by one worker at a time, stopped at once, and taken over from a worker that fell silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klyngeforum.ground.jobs import actions
from klyngeforum.ground.jobs.models import Job, Part
from klyngeforum.ground.jobs.queries import newest, parts_done, problem_of
from klyngeforum.ground.jobs.terms import LEASE, MOVES, OPEN, JobState, Left
from klyngeforum.ground.trail.queries import acts
from klyngeforum.ground.verdict import no
from tests.cast import AT

KIND, LATER = "trial.count", AT + LEASE + timedelta(seconds=1)
KEY = "a" * 64


def ordered(thing="one", parts=2) -> Job:
    return actions.order(by=None, at=AT, kind=KIND, thing=thing, parts=parts)


def taken(at=AT, job=None) -> Job | None:
    return actions.take(by=None, at=at, kinds=(KIND,), job=job)


def test_every_state_is_left_as_the_table_says():
    assert set(MOVES) == set(JobState) and set(OPEN) == {JobState.WAITING, JobState.RUNNING}
    assert {after for verbs in MOVES.values() for after in verbs.values()} == set(JobState) - {JobState.WAITING}


@pytest.mark.django_db
def test_what_is_open_is_not_asked_for_twice_and_the_database_says_so_too():
    one = ordered()
    assert ordered().pk == one.pk and ordered("two").pk != one.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind=KIND, thing="one", asked_at=AT)
    mine = taken()
    assert ordered().pk == one.pk == mine.pk
    actions.finish(by=None, at=AT, job=mine)
    assert ordered().pk != one.pk


@pytest.mark.django_db
def test_two_workers_get_different_work_the_oldest_first_and_only_their_kind():
    first, second = ordered("one"), ordered("two")
    assert actions.take(by=None, at=AT, kinds=("other",)) is None
    assert [taken().pk, taken().pk, taken()] == [first.pk, second.pk, None]


@pytest.mark.django_db
def test_a_silent_worker_loses_the_work_and_a_living_one_keeps_it():
    ordered()
    dead = taken()
    assert taken(at=AT + LEASE) is None  # not yet
    assert actions.beat(by=None, at=AT + LEASE, job=dead) and taken(at=LATER) is None  # it gave a sign of life
    other = taken(at=LATER + LEASE)
    assert other.pk == dead.pk and other.tries == 2 and other.worker != dead.worker
    assert not actions.beat(by=None, at=LATER, job=dead)
    for act in (
        lambda: actions.keep(by=None, at=LATER, job=dead, inputs=KEY, name="first", told=1),
        lambda: actions.finish(by=None, at=LATER, job=dead), lambda: actions.fail(by=None, at=LATER, job=dead, why=[]),
        lambda: actions.begin(by=None, at=LATER, job=dead, inputs=KEY, done=0),
    ):  # fmt: skip
        with pytest.raises(Left):
            act()
    assert not Part.objects.exists()
    actions.finish(by=None, at=LATER, job=other)
    assert newest(KIND, "one").state == JobState.DONE
    assert "jobs.take_over" in {act.verb for act in acts()}


@pytest.mark.django_db
def test_parts_are_kept_by_what_they_rest_on_for_whoever_goes_on():
    ordered(parts=2)
    mine = taken()
    actions.begin(by=None, at=AT, job=mine, inputs=KEY, done=0)
    actions.keep(by=None, at=AT, job=mine, inputs=KEY, name="first", told={"estimate": 0.1 + 0.2})
    assert newest(KIND, "one").done == 1
    assert parts_done(KEY) == {"first": {"estimate": 0.1 + 0.2}} and parts_done("b" * 64) == {}
    assert actions.cancel(by=None, at=AT, kind=KIND, thing="one") and not actions.cancel(
        by=None, at=AT, kind=KIND, thing="one"
    )
    with pytest.raises(Left):
        actions.keep(by=None, at=AT, job=mine, inputs=KEY, name="second", told=2)
    assert list(parts_done(KEY)) == ["first"] and newest(KIND, "one").state == JobState.CANCELLED


@pytest.mark.django_db
def test_what_waits_can_be_stopped_before_it_is_begun():
    ordered()
    assert actions.cancel(by=None, at=AT, kind=KIND, thing="one") and taken() is None


@pytest.mark.django_db
def test_what_went_wrong_stands_with_its_values():
    ordered()
    actions.fail(by=None, at=AT, job=taken(), why=[no("The file %(number)s is gone.", number=7)])
    (why,) = problem_of(newest(KIND, "one"))
    assert (why.reason, why.values) == ("The file %(number)s is gone.", {"number": "7"})
