"""What takes long is told as it was counted last, and says so; it is counted anew by a worker, and what decides counts whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from klyngeforum.ground.counts.actions import count_ahead, count_next
from klyngeforum.ground.counts.models import Count
from klyngeforum.ground.counts.queries import latest, whole
from klyngeforum.ground.counts.terms import LEASE, MOST, PATIENCE, Heavy, Told
from klyngeforum.ground.keeping import forget, kept_as_read
from klyngeforum.ground.trail.actions import record

AT = datetime(2013, 3, 1, 9, tzinfo=UTC)
DAY = date(2013, 3, 1)


def act(thing: str = "membership") -> None:
    record(by=None, at=AT, verb=f"{thing}.note", thing=thing)


class Counting:
    """A count that says how many times it has been made."""

    def __init__(self, amend=None) -> None:
        self.made = 0
        self.what = Heavy("pairs", frozenset({"membership"}), self.make, lambda _: 1, amend=amend)

    def make(self, day: date) -> tuple[str, int]:
        self.made += 1
        return "counted", self.made


@pytest.fixture
def long(db, settings):
    """Everything takes long."""
    settings.COUNTED_LATER = 0
    act()
    return Counting()


@pytest.fixture
def brief(db, settings):
    settings.COUNTED_LATER = 1000
    act()
    return Counting()


def work(*counts: Counting, at: datetime | None = None) -> str:
    return count_next(by=None, at=at or timezone.now(), counts=[one.what for one in counts])


def value(one: Counting) -> int:
    return latest(one.what, DAY).value[1]


def test_what_takes_no_time_is_counted_at_once(brief):
    assert latest(brief.what, DAY) == Told(None, ("counted", 1))
    act()
    assert latest(brief.what, DAY) == Told(None, ("counted", 2))
    assert not Count.objects.exists() and work(brief) == ""


def test_the_first_is_counted_for_whom_asks(long):
    assert latest(long.what, DAY) == Told(None, ("counted", 1))


def test_after_an_act_a_page_says_what_was_counted_last_and_when(long):
    value(long)
    act()
    told = latest(long.what, DAY)
    assert told.value == ("counted", 1) and told.counted_at == Count.objects.get().counted_at
    assert long.made == 1


def test_what_decides_counts_whole(long):
    value(long)
    act()
    assert whole(long.what, DAY) == ("counted", 2)
    assert latest(long.what, DAY) == Told(None, ("counted", 2))


def test_a_worker_counts_anew_what_somebody_waits_for(long):
    value(long)
    act()
    assert work(long) == "" and long.made == 1  # nobody has looked
    value(long)
    assert work(long) == "pairs 2013-03-01"
    assert latest(long.what, DAY) == Told(None, ("counted", 2))
    assert work(long) == "" and long.made == 2


def test_acts_on_other_things_leave_it_standing(long):
    value(long)
    act("label")
    assert latest(long.what, DAY) == Told(None, ("counted", 1))
    assert long.made == 1


def test_the_next_start_finds_what_was_counted(long):
    value(long)
    act("label")
    forget()
    assert latest(long.what, DAY) == Told(None, ("counted", 1)) and whole(long.what, DAY) == ("counted", 1)
    act()
    forget()
    assert value(long) == 1 and long.made == 1


def test_what_was_counted_of_an_act_that_was_undone_is_not_told(long):
    value(long)
    try:
        with transaction.atomic():
            act()
            assert whole(long.what, DAY) == ("counted", 2)
            raise RuntimeError
    except RuntimeError:
        pass
    assert latest(long.what, DAY) == Told(None, ("counted", 1))


@pytest.mark.parametrize("strange", [{"hash": "of another history"}, {"act": 10**9}, {"code": "another program"}, {"told": b"?" * 50}])  # fmt: skip
def test_what_is_not_the_houses_own_is_counted_whole(long, strange):
    value(long)
    Count.objects.update(**strange)
    act()
    forget()
    assert latest(long.what, DAY) == Told(None, ("counted", 2))
    act()
    assert latest(long.what, DAY).counted_at is not None and value(long) == 2


def test_a_reader_counts_when_no_worker_does(long):
    value(long)
    act()
    value(long)
    Count.objects.update(wanted_at=timezone.now() - PATIENCE - timedelta(seconds=1))
    assert latest(long.what, DAY) == Told(None, ("counted", 2))


def test_two_workers_do_not_count_the_same(long):
    value(long)
    act()
    value(long)
    now = timezone.now()
    Count.objects.update(taken_at=now)
    assert work(long, at=now + LEASE) == "" and long.made == 1
    assert work(long, at=now + LEASE + timedelta(seconds=1)) and long.made == 2


def test_what_was_counted_meanwhile_is_not_put_back(long):
    value(long)
    old = Count.objects.values("act", "hash").get()
    act()
    whole(long.what, DAY)
    new = Count.objects.get()
    assert new.act > old["act"] and new.wanted_at is None


def test_a_page_stands_until_the_count_comes_anew(long):
    made: list[Told] = []

    def page() -> int:
        def make() -> int:
            made.append(latest(long.what, DAY))
            return made[-1].value[1]

        return kept_as_read(
            "page", make, things_of=lambda _: frozenset(), always=frozenset({"programme"}), weigh=lambda _: 1
        )

    assert page() == 1
    act()
    assert [page(), page(), len(made)] == [1, 1, 2]  # once with the word that it is older
    act("label")
    act()
    assert page() == 1 and len(made) == 2  # the word is the same
    work(long)
    assert [page(), page(), len(made)] == [2, 2, 3]  # nobody has acted, and it is shown
    assert made[-1].counted_at is None


def test_what_can_be_amended_is(long):
    acts: list[int] = []

    def amend(day: date, before: tuple[str, int], since: int) -> tuple[str, int] | None:
        acts.append(since)
        return None if before[0] == "amended" else ("amended", before[1])

    one = Counting(amend)
    assert whole(one.what, DAY) == ("counted", 1) and acts == []
    act()
    assert whole(one.what, DAY) == ("amended", 1) and len(acts) == 1
    act()
    assert whole(one.what, DAY) == ("counted", 2) and acts[1] > acts[0]
    forget()
    act()
    assert whole(one.what, DAY) == ("amended", 2)  # from what was stored


def test_a_new_day_is_counted_before_anybody_asks(long, settings):
    def ahead(days: int) -> str:
        return count_ahead(by=None, at=AT, counts=[long.what], day=DAY + timedelta(days=days))

    assert ahead(1) == ""  # nobody ever asked
    whole(long.what, DAY)
    assert [ahead(1), ahead(1), long.made] == ["pairs 2013-03-02", "", 2]
    settings.COUNTED_LATER = 1000
    assert ahead(2) == ""  # it takes no time


def test_a_new_program_counts_the_day_again_before_anybody_asks(long, monkeypatch):
    whole(long.what, DAY)
    forget()
    monkeypatch.setattr("klyngeforum.ground.counts.stored.code", lambda: "0" * 64)
    monkeypatch.setattr("klyngeforum.ground.counts.queries.code", lambda: "0" * 64)
    ahead = [count_ahead(by=None, at=AT, counts=[long.what], day=DAY) for _ in range(2)]
    assert [*ahead, long.made] == ["pairs 2013-03-01", "", 2]
    forget()
    assert whole(long.what, DAY) == ("counted", 2)  # what the new program stored


def test_days_that_nobody_asks_for_go(long):
    for nth in range(MOST + 3):
        whole(long.what, DAY + timedelta(days=nth))
    days = set(Count.objects.values_list("day", flat=True))
    assert len(days) == MOST and DAY not in days
