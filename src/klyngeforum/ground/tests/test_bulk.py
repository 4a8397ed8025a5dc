"""Very many whole numbers at once: the same on both databases as row by row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count, F, Value
from django.db.models.functions import Coalesce

from klyngeforum.ground.bulk import coded, numbers
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.trail.models import Act

pytestmark = pytest.mark.django_db
AT = datetime(2013, 3, 1, 9, tzinfo=UTC)
LARGE = 2**62 + 1


@pytest.fixture
def acts():
    for nth, (thing, pk) in enumerate([("label", LARGE), ("case", -7), ("label", None), ("label", 0)]):
        record(by=None, at=AT + timedelta(days=nth), verb=f"{thing}.note", thing=thing, thing_id=pk)
    return Act.objects.order_by("id")


def test_numbers_come_as_they_stand_whatever_their_size(acts):
    rows = acts.filter(at__gte=AT).values_list("id", Coalesce("thing_id", -1), coded("thing", {"label": 5}, 9))
    found = numbers(rows, 3)
    assert found.tolist() == [list(row) for row in rows]
    assert found[:, 1].tolist() == [LARGE, -7, -1, 0] and found[:, 2].tolist() == [5, 9, 5, 5]


def test_counted_rows_and_none_at_all(acts):
    rows = acts.order_by("thing").values("thing").annotate(n=Count("pk")).values_list("n", Value(100) - F("n"))
    assert sorted(numbers(rows, 2).tolist()) == [[1, 99], [3, 97]]
    assert numbers(acts.filter(thing="nothing").values_list("id", "thing_id"), 2).shape == (0, 2)


@pytest.mark.parametrize("columns", [("id", "thing_id"), ("thing_id", "thing_id")])
def test_a_missing_number_is_refused_never_a_row_moved(acts, columns):
    """Where two columns miss the same rows nothing but the count of rows tells of it."""
    rows = acts.annotate(**{f"c{nth}": F(name) for nth, name in enumerate(columns)}).values_list("c0", "c1")
    with pytest.raises((ValueError, TypeError)):
        numbers(rows, 2)


def test_nothing_asked_for_is_nothing(acts):
    """Of none of the organisations, say: Django answers that without asking, and there is no statement to hand over."""
    assert numbers(acts.filter(id__in=[]).values_list("id", "thing_id"), 2).shape == (0, 2)
