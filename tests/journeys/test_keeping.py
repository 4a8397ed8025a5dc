"""What was read is kept until somebody acts on what it rests on; several readers make it once; another history starts anew."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from klyngeforum.ground import keeping
from klyngeforum.ground.keeping import kept, one_look
from klyngeforum.ground.trail.actions import record

AT = datetime(2013, 3, 1, 9, tzinfo=UTC)
LABELS = frozenset({"label"})


@pytest.fixture
def counting(db):
    keeping.forget()
    made: list[str] = []

    def ask(key: str, of: frozenset[str] = frozenset()) -> int:
        kept(key, lambda: made.append(key), of=of)
        return made.count(key)

    yield ask
    keeping.forget()


def act(thing: str) -> None:
    record(by=None, at=AT, verb=f"{thing}.note", thing=thing)


def test_a_value_stands_until_an_act(counting):
    act("label")
    assert [counting("a"), counting("a")] == [1, 1]
    act("cluster")
    assert counting("a") == 2


def test_acts_on_other_things_leave_it_standing(counting):
    act("label")
    assert counting("labels", LABELS) == 1
    act("cluster")
    assert counting("labels", LABELS) == 1
    act("label")
    assert counting("labels", LABELS) == 2
    act("cluster")
    assert counting("labels", LABELS) == 2


def test_an_act_that_was_undone_leaves_nothing_of_itself(counting):
    act("label")
    counting("a")
    try:
        with transaction.atomic():
            act("label")
            assert counting("a") == 2
            raise InterruptedError
    except InterruptedError:
        pass
    assert counting("a") == 3


def test_the_first_of_all_acts_is_seen(counting):
    assert [counting("a"), counting("a")] == [1, 1]
    act("label")
    assert counting("a") == 2


def test_room_is_bounded(counting, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_BYTES", 3 * 4096)
    for key in ("a", "b", "c"):
        counting(key)
    counting("a")  # asked for last
    counting("d")
    assert counting("a") == 1
    assert counting("b") == 2


@pytest.mark.django_db
def test_of_several_readers_one_makes_it():
    keeping.forget()
    begun, go, made, found = threading.Barrier(4), threading.Event(), [], []

    def make() -> int:
        go.wait(10)
        made.append(1)
        return len(made)

    def reader() -> None:
        begun.wait(10)
        try:
            found.append(kept("shared", make))
        finally:
            connection.close()  # a thread's own connection would keep the test's database busy

    readers = [threading.Thread(target=reader) for _ in range(3)]
    for one in readers:
        one.start()
    begun.wait(10)
    go.set()
    for one in readers:
        one.join(20)
    assert made == [1] and found == [1, 1, 1]
    keeping.forget()


def test_one_page_asks_the_trail_once_and_the_next_one_again(stage, django_assert_num_queries):
    with one_look():
        kept("first", lambda: 1)
        with django_assert_num_queries(0):
            assert kept("second", lambda: 2) == 2 and kept("first", lambda: 3) == 1
    stage.activity("vind", "somebody acts")
    with one_look():
        assert kept("first", lambda: 3) == 3
