"""Nobody changes the trail: the database refuses, and a row changed behind its back is found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.trail.models import Act
from klyngeforum.ground.trail.queries import breaks, length, of

pytestmark = pytest.mark.django_db
AT = datetime(2013, 1, 1, tzinfo=UTC)


@pytest.fixture
def three():
    return [
        record(by=None, at=AT, verb="bodies.register", thing="body", thing_id=nth, after={"name": f"Ø{nth}"})
        for nth in (1, 2, 3)
    ]


def disarm() -> None:
    """What somebody with the keys to the database would do first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER trail_refuses_change ON trail_act")
        else:
            cursor.execute("DROP TRIGGER trail_refuses_update")
            cursor.execute("DROP TRIGGER trail_refuses_delete")


def test_the_chain_of_untouched_acts_is_whole(three):
    assert list(breaks()) == [] and length() == 3 and of("body", 2).get().verb == "bodies.register"


@pytest.mark.parametrize("statement", ["UPDATE trail_act SET verb = 'x'", "DELETE FROM trail_act"])
def test_the_database_refuses(three, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert length() == 3


def test_a_changed_act_is_found(three):
    disarm()
    Act.objects.filter(pk=three[1].pk).update(after='{"name": "en anden"}')
    assert [(one.act_id, one.why) for one in breaks()] == [(three[1].pk, "changed")]


def test_a_removed_act_is_found(three):
    disarm()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_act WHERE id = %s", [three[1].pk])
    assert [(one.act_id, one.why) for one in breaks()] == [(three[2].pk, "gap")]
