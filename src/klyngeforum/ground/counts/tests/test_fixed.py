"""Counts of a state that bears its own name: found again by every process and every start, whatever else is done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from klyngeforum.ground.counts.fixed import fixed, takes_long
from klyngeforum.ground.counts.models import Count
from klyngeforum.ground.counts.terms import MOST
from klyngeforum.ground.keeping import forget
from klyngeforum.ground.trail.actions import record

pytestmark = pytest.mark.django_db
DAY = date(2012, 12, 31)


class Counting:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> tuple[str, int]:
        self.made += 1
        return "counted", self.made


@pytest.fixture
def count(settings) -> Counting:
    settings.COUNTED_LATER = 0
    return Counting()


def test_it_is_counted_once_for_a_state_whatever_is_done_meanwhile(count):
    first = fixed("nation", DAY, "a", count)
    record(by=None, at=datetime(2013, 3, 1, 9, tzinfo=UTC), verb="membership.note", thing="membership")
    forget()  # as another process
    assert fixed("nation", DAY, "a", count) == first == ("counted", 1)
    assert takes_long("nation") and not takes_long("pairs")


def test_another_state_another_year_and_another_program_are_counted_for_themselves(count, monkeypatch):
    fixed("nation", DAY, "a", count)
    assert fixed("nation", DAY, "b", count) == ("counted", 2)
    assert fixed("nation", DAY.replace(year=2011), "b", count) == ("counted", 3)
    assert Count.objects.count() == 2  # the state before is not kept
    monkeypatch.setattr("klyngeforum.ground.counts.fixed.code", lambda: "0" * 64)
    assert fixed("nation", DAY, "b", count) == ("counted", 4)


def test_what_takes_no_time_is_not_stored(count, settings):
    settings.COUNTED_LATER = 1000
    assert [fixed("nation", DAY, "a", count), fixed("nation", DAY, "a", count)] == [("counted", 1), ("counted", 2)]
    assert not takes_long("nation")


def test_what_does_not_bear_the_seal_is_counted_anew(count):
    fixed("nation", DAY, "a", count)
    Count.objects.update(told=b"x" * 64)
    assert fixed("nation", DAY, "a", count) == ("counted", 2)


def test_days_that_come_and_go_do_not_push_it_out(count):
    fixed("nation", DAY, "a", count)
    rows = [Count(name="pairs", day=date(2013, 1, 1).replace(day=1 + nth % 28, month=1 + nth // 28), act=1, hash="", code="", told=b"", took=1, counted_at=datetime(2013, 1, 1, tzinfo=UTC)) for nth in range(MOST + 3)]  # fmt: skip
    Count.objects.bulk_create(rows)
    fixed("held", DAY, "a", count)
    assert set(Count.objects.filter(act=0).values_list("name", flat=True)) == {"nation", "held"}
    assert Count.objects.filter(act=1).count() == MOST
