"""Memberships from–to: once at a time, ended but never lost."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.registers.memberships import actions
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.queries import in_year, makeup, members_on, sizes
from klyngeforum.registers.memberships.terms import Commitment
from tests.cast import AT

pytestmark = pytest.mark.django_db


def enrol(stage, key, since, until=None, by="vind"):
    one = stage.clusters["vind"]
    return actions.enrol(
        by=stage.people[by], at=AT, cluster=one, new=NewMember(one.pk, stage.bodies[key], since, until)
    )


def test_a_body_is_a_member_once_at_a_time(stage):
    row = enrol(stage, "a", date(2010, 1, 1))
    with pytest.raises(Refused, match="2010-01-01"):
        enrol(stage, "a", date(2012, 1, 1))
    actions.end(by=stage.people["vind"], at=AT, membership=row, on=date(2011, 12, 31))
    again = enrol(stage, "a", date(2012, 1, 1))
    assert again.pk != row.pk
    for year, count in ((2009, 0), (2010, 1), (2011, 1), (2012, 1)):
        assert in_year(year, [stage.clusters["vind"].pk]).count() == count


def test_both_days_belong_to_the_membership(stage):
    enrol(stage, "a", date(2012, 3, 1), date(2012, 3, 31))
    for day, count in ((date(2012, 2, 29), 0), (date(2012, 3, 1), 1), (date(2012, 3, 31), 1), (date(2012, 4, 1), 0)):
        assert members_on(day).count() == count


def test_a_membership_cannot_end_before_it_began_or_twice(stage):
    row = enrol(stage, "a", date(2012, 1, 1))
    with pytest.raises(Refused):
        actions.end(by=stage.people["vind"], at=AT, membership=row, on=date(2011, 1, 1))
    actions.end(by=stage.people["vind"], at=AT, membership=row, on=date(2012, 6, 1))
    with pytest.raises(Refused):
        actions.end(by=stage.people["vind"], at=AT, membership=row, on=date(2012, 7, 1))


def test_the_neighbour_may_not(stage):
    with pytest.raises(Refused):
        enrol(stage, "a", date(2012, 1, 1), by="mad")


def test_a_formal_agreement_makes_dedicated(stage):
    row = enrol(stage, "a", date(2012, 1, 1))
    actions.commit(by=stage.people["vind"], at=AT, membership=row, commitment=Commitment.DEDICATED)
    enrol(stage, "uni", date(2012, 1, 1))
    found = makeup(stage.clusters["vind"].pk, date(2012, 12, 31))
    assert found["members"] == 2 and found["companies"] == 1
    assert sizes(date(2012, 12, 31)) == {stage.clusters["vind"].pk: 2}


def test_many_again_are_nobody_new(stage):
    one = stage.clusters["vind"]
    new = [NewMember(one.pk, stage.bodies[key], date(2012, 1, 1)) for key in "abc"]
    assert actions.enrol_many(by=None, at=AT, members=new) == 3
    assert actions.enrol_many(by=None, at=AT, members=new) == 0
    assert (
        actions.take_over(
            by=None, at=AT, rows=[(one.pk, stage.bodies["d"], "2012-01-01", None, "participant")], source="prøve"
        )
        == 1
    )
    assert members_on(date(2012, 1, 1)).count() == 4


def test_a_membership_ends_once_whoever_else_ended_it_meanwhile(stage):
    one = enrol(stage, "a", date(2010, 1, 1))
    again = type(one).objects.get(pk=one.pk)
    actions.end(by=stage.people["vind"], at=AT, membership=one, on=date(2011, 12, 31))
    with pytest.raises(Refused, match="already ended"):
        actions.end(by=stage.people["vind"], at=AT, membership=again, on=date(2012, 12, 31))
