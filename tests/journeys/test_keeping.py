"""What was read is kept until somebody acts on what it rests on; several readers make it once; another history starts anew."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from klyngeforum.ground import keeping
from klyngeforum.ground.access.models import Person, Post
from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.keeping import Own, kept, kept_as_read, one_look
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


MINE = Own(frozenset({"activity"}), frozenset({1}))


def said(thing: str, body: int | None = None) -> None:
    if body is not None:
        Body.objects.get_or_create(
            pk=body, defaults={"name": f"B{body}", "kind": BodyKind.COMPANY, "scheme": Scheme.NONE}
        )
    record(by=None, at=AT, verb=f"{thing}.note", thing=thing, body_id=body)


def test_what_others_did_leaves_ones_own_standing(counting):
    said("activity", 1)
    made: list[int] = []

    def ask() -> int:
        kept("mine", lambda: made.append(1), own=MINE)
        return len(made)

    assert ask() == 1
    said("activity", 2)
    assert ask() == 1
    said("activity", 1)
    assert ask() == 2
    said("activity")  # many at once: anybody's
    assert ask() == 3
    said("label", 2)  # a thing that is nobody's own
    assert ask() == 4


def page(make, made: list[object]) -> object:
    def make_it() -> object:
        made.append(make())
        return made[-1]

    things = {"bodies_body": frozenset({"body"}), "access_person": None}
    return kept_as_read("page", make_it, things_of=lambda table: things.get(table, frozenset()), always=frozenset({"programme"}), weigh=lambda _: 1)  # fmt: skip


def test_a_page_stands_until_somebody_acts_on_a_table_that_it_read(counting):
    said("cluster")
    made: list[object] = []
    for thing, times in (("cluster", 1), ("person", 1), ("body", 2), ("cluster", 2), ("programme", 3)):
        page(lambda: (Body.objects.count(), Person.objects.count()), made)
        said(thing)
        page(lambda: (Body.objects.count(), Person.objects.count()), made)
        assert len(made) == times


def test_a_table_that_nobody_named_falls_with_any_act(counting):
    said("cluster")
    made: list[object] = []
    page(Post.objects.count, made)
    said("label")
    page(Post.objects.count, made)
    assert len(made) == 2


def test_a_page_rests_on_the_kept_values_that_it_uses_and_not_on_what_they_read(counting):
    said("cluster")
    made: list[object] = []

    def make() -> int:
        return kept("labels", Post.objects.count, of=LABELS)

    page(make, made)
    said("cluster")
    page(make, made)
    assert len(made) == 1
    said("label")
    page(make, made)
    assert len(made) == 2


def test_a_page_stands_while_what_it_uses_comes_out_the_same(counting):
    said("cluster")
    made: list[object] = []

    def make() -> int:
        return kept("bodies", Body.objects.count, of=frozenset({"body"}), same=True)

    page(make, made)
    said("body")  # nobody is new
    page(make, made)
    assert len(made) == 1
    said("body", 7)
    assert (page(make, made), len(made)) == (1, 2)


def test_what_is_done_while_a_page_is_made_is_not_taken_for_read(counting):
    said("cluster")
    made: list[object] = []

    def make() -> int:
        there = Body.objects.count()
        if not made:
            said("body", 9)
        return there

    assert page(make, made) == 0
    assert page(make, made) == 1


def test_an_act_that_another_reader_hears_of_meanwhile_is_not_taken_for_known(counting, monkeypatch):
    said("cluster")
    made: list[object] = []

    def make() -> tuple[int, int]:
        return kept("posts", Post.objects.count, of=LABELS, same=True), Body.objects.count()

    page(make, made)
    said("label")  # on what the page uses: it comes out the same
    real, heard = keeping._as_before, []

    def while_another_looks(*asked: object) -> bool:
        if not heard:
            heard.append(said("body"))  # on a table that the page read
            with keeping._lock:
                keeping._trail.read()
        return real(*asked)

    monkeypatch.setattr(keeping, "_as_before", while_another_looks)
    page(make, made)
    page(make, made)
    assert heard and len(made) == 2
