"""A post gives rights from a day to a day, and reach says how far."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from klyngeforum.ground.access import actions
from klyngeforum.ground.access.queries import may, people, person_of, posts_of
from klyngeforum.ground.access.roles import RIGHTS
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.verdict import Refused
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = AT.date()


def test_a_post_that_has_ended_gives_nothing(stage):
    manager = stage.people["vind"]
    post = posts_of(manager, DAY).get()
    assert may(manager, "activities.edit", stage.clusters["vind"], on=DAY)
    actions.end_post(by=stage.people["office"], at=AT, post=post, on=DAY)
    assert may(manager, "activities.edit", stage.clusters["vind"], on=DAY)
    assert not may(manager, "activities.edit", stage.clusters["vind"], on=DAY + timedelta(days=1))


def test_own_reaches_the_own_organisation_only(stage):
    manager = stage.people["vind"]
    assert not may(manager, "activities.edit", stage.clusters["mad"], on=DAY)
    assert may(stage.people["office"], "accounts.approve", on=DAY)
    assert not may(manager, "accounts.approve", on=DAY)


def test_only_the_secretariat_gives_posts(stage):
    person = stage.people["company"]
    with pytest.raises(Refused):
        actions.appoint(
            by=stage.people["vind"], at=AT, person=person, role=Role.MANAGER, body_id=stage.bodies["vind"], since=DAY
        )
    assert not people(seen_by=stage.people["vind"], on=DAY) and people(seen_by=stage.people["office"], on=DAY)


def test_two_posts_are_two_reaches(stage):
    manager = stage.people["vind"]
    actions.appoint(
        by=stage.people["office"],
        at=AT,
        person=manager,
        role=Role.STAFF,
        body_id=stage.bodies["mad"],
        since=date(2013, 1, 1),
    )
    assert may(manager, "activities.edit", stage.clusters["mad"], on=DAY) == may(
        stage.people["staff"], "activities.edit", stage.clusters["vind"], on=DAY
    )


def test_every_right_names_known_roles_and_a_stranger_has_none_but_the_public_ones(stage):
    stranger = actions.welcome(by=None, at=AT, email="fremmed@demo.invalid", name="Fremmed")
    for act, rights in RIGHTS.items():
        assert set(rights) <= set(Role)
        assert bool(may(stranger, act, on=DAY)) == (Role.PUBLIC in rights), act


def test_an_address_is_one_person_whatever_its_letters(stage):
    assert person_of("OFFICE@demo.invalid") == stage.people["office"]
    again = actions.welcome(by=None, at=AT, email="Office@demo.invalid", name="Igen")
    assert again == stage.people["office"]
