"""From a form to one action: what the database stops because two wait for each other is done once more, and nothing of it twice."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.models import Body
from klyngeforum.web.acting import attempt
from tests.cast import AT

pytestmark = pytest.mark.django_db


class Stopped(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def stopped(times: int, sqlstate: str = "40P01"):
    """An action that writes and is stopped by the database so many times."""
    left = [times]

    def act() -> Body:
        made = bodies.register(by=None, at=AT, body=NewBody("Ventende ApS"))
        if left[0]:
            left[0] -= 1
            raise OperationalError("deadlock detected") from Stopped(sqlstate)
        return made

    return act


def count() -> int:
    return Body.objects.filter(name="Ventende ApS").count()


def test_it_is_done_once_more_and_stands_once(rf):
    assert attempt(rf.post("/"), stopped(1)) is not None and count() == 1


@pytest.mark.parametrize(("times", "sqlstate"), [(2, "40P01"), (1, "57014")])
def test_a_second_time_or_another_reason_is_an_error_with_nothing_done(rf, times, sqlstate):
    with pytest.raises(OperationalError):
        attempt(rf.post("/"), stopped(times, sqlstate))
    assert count() == 0
