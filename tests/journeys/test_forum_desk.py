"""A member of the forum signs in: what awaits the coming meetings, and, for a region, its strengths with who serves them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind
from klyngeforum.ground.places.queries import by_code
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.steering.meetings import actions as meetings
from tests.cast import AT
from tests.tabled import tabled

from .test_coverage_story import PAGE, populated
from .test_doors import signed_in
from .test_laid_story import called, lay_by_hand

__all__ = ["populated"]
pytestmark = pytest.mark.django_db
HOME = "/hjem/"


@pytest.fixture
def region(stage):
    """Rikke sits in the forum for Region Syddanmark."""
    place = by_code(AreaKind.REGION)["1083"]
    (body,) = bodies.register_many(by=None, at=AT, bodies=[NewBody("Region Syddanmark", BodyKind.AUTHORITY, place_id=place)])  # fmt: skip
    person = access.welcome(by=None, at=AT, email="rikke@example.org", name="Rikke")
    access.appoint(by=None, at=AT, person=person, role=Role.FORUM, body_id=body, since=AT.date())
    stage.people["region"] = person
    return stage


def test_a_region_meets_its_own_strengths_and_who_serves_them(region, client):
    tabled(region)
    signed_in(client, region, "region")
    page = client.get(HOME).content.decode()
    assert "Region Syddanmark" in page and "/styrker/1083/" in page and "/styrker/1083/machinery/" in page
    assert "i regionen." in page
    signed_in(client, region, "ministry")
    assert "/styrker/1083/" not in client.get(HOME).content.decode(), "a ministry is of no region"


def test_a_region_is_met_before_any_table_is_taken_in(region, client):
    signed_in(client, region, "region")
    page = client.get(HOME).content.decode()
    assert "Region Syddanmark" in page and "i regionen." not in page


def test_what_awaits_the_coming_meeting_is_one_click_away_and_what_was_taken_back_is_not(populated, client):
    stage, _ = populated
    ahead, held = called(stage), called(stage, 0, "I dag")
    office = signed_in(client, stage, "office")
    there = [lay_by_hand(client, PAGE, one).url for one in (ahead, held)]
    meetings.take_back(by=office, at=timezone.now(), exhibit=held.laid.get(), because="Forkert dag", sure=True)
    signed_in(client, stage, "ministry")
    page = client.get(HOME).content.decode()
    assert there[0] in page and there[1] not in page and f"/forummoeder/{ahead.pk}/moede.pdf" in page
    assert page.index("I dag") < page.index("Forummøde 3"), "the next meeting first"
    signed_in(client, stage, "vind")
    assert there[0] not in client.get(HOME, follow=True).content.decode()
