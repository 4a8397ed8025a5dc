"""The targets of the programme against what was counted."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.quality.labels import actions as labels
from klyngeforum.results.targets.queries import standings
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def test_every_target_stands_with_its_goal_value_and_series(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b")
    stage.open()
    stage.approved("vind")
    labels.note(
        by=None,
        at=AT,
        cluster=stage.clusters["vind"],
        label="gold",
        issuer="ESCA",
        valid_from=date(2012, 1, 1),
        valid_to=date(2014, 1, 1),
    )
    found = {one.target.code: one for one in standings(YEAR)}
    assert (found["gold"].value, found["gold"].target.goal, found["gold"].reached, found["gold"].provisional) == (
        1,
        10,
        False,
        False,
    )
    assert (found["active"].value, found["active"].target.goal, found["active"].provisional) == (None, 10_000, True)
    assert found["active"].held_back and YEAR not in found["active"].series  # two companies are nobody's business
    stage.approved("mad")
    assert not next(one for one in standings(YEAR) if one.target.code == "active").provisional
    assert found["gold"].series[2011] == 0 and found["gold"].series[2012] == 1
    unmeasured = [one for one in found.values() if not one.measured]
    assert unmeasured and all(one.value is None and not one.reached for one in unmeasured)
