"""The house before anything is in it: every page of the laboratory opens in both languages and says what comes first, to each who can do it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, 9, tzinfo=UTC)
PUBLIC = (
    "/", "/klynger/", "/kort/", "/ligaer/", "/landskab/", "/landskab/overlap/", "/landskab/overlap/kort/", "/landskab/daekning/", "/styrker/",
    "/styrker/strategier/", "/effekter/", "/effekter/kort/", "/maal/",
)  # fmt: skip


@pytest.fixture
def first(db):
    """The first of the secretariat, who has nothing but the post."""
    office = bodies.register(by=None, at=AT, body=NewBody("Forumsekretariatet", BodyKind.AUTHORITY))
    person = access.welcome(by=None, at=AT, email="first@demo.invalid", name="Den Første")
    access.appoint(by=None, at=AT, person=person, role=Role.SECRETARIAT, body_id=office.pk, since=timezone.localdate())
    return person


def read(client, address, language="en"):
    client.cookies["sprog"] = language
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_page_opens_before_anything_is_taken_in(db, client, first, language):
    for address in PUBLIC:
        read(client, address, language)
    client.force_login(first)
    for address in (*PUBLIC, "/landskab/sammenlaegning/", "/forummoeder/", "/analyse/tabeller/"):
        read(client, address, language)


@pytest.mark.parametrize("address", ["/klynger/", "/kort/", "/landskab/"])
def test_lists_of_organisations_say_who_registers_the_first_and_where(client, first, address):
    everybody = read(client, address)
    assert "When the forum secretariat has registered the first" in everybody and "/register/" not in everybody
    assert "Nothing here yet" not in everybody and "0 of 0" not in everybody
    client.force_login(first)
    page = read(client, address)
    assert "Register the first, or take the register in as a sheet." in page and '/register/"' in page


def test_the_map_of_overlap_does_not_count_nobody(client, db):
    page = read(client, "/landskab/overlap/kort/")
    assert "Nobody to compare yet" in page and "0 pairs among 0" not in page
