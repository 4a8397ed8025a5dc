"""Each placement has a decision, and the earlier one stays."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.steering.leagues import actions
from klyngeforum.steering.leagues.queries import history, league_of
from tests.cast import AT

pytestmark = pytest.mark.django_db


def place(stage, league, on, decision="Møde 1, punkt 4", by="office"):
    return actions.place(
        by=stage.people[by], at=AT, cluster=stage.clusters["vind"], league=league, on=on, decision=decision
    )


def test_moving_up_ends_the_earlier_placement_on_the_same_day(stage):
    place(stage, "3", date(2012, 1, 1))
    place(stage, "2", date(2013, 1, 1))
    pk = stage.clusters["vind"].pk
    assert league_of(on=date(2012, 12, 31))[pk] == "3" and league_of(on=date(2013, 1, 1))[pk] == "2"
    assert [row.league for row in history(pk)] == ["2", "3"]


@pytest.mark.parametrize(("league", "on", "decision"), [("9", date(2013, 1, 1), "ja"), ("2", date(2013, 1, 1), " "), ("3", date(2013, 1, 1), "ja"), ("2", date(2011, 1, 1), "ja")])  # fmt: skip
def test_what_cannot_be_decided(stage, league, on, decision):
    place(stage, "3", date(2012, 1, 1))
    with pytest.raises(Refused):
        place(stage, league, on, decision)


def test_no_cluster_places_itself(stage):
    with pytest.raises(Refused):
        place(stage, "1", date(2012, 1, 1), by="vind")
