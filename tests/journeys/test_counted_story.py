"""What takes long to count, as people meet it: the page says when it was counted, the file holds everything, and a moment later so does the page."""

from __future__ import annotations

import json

import pytest

from klyngeforum.cli import working
from klyngeforum.ground.keeping import forget
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from tests.cast import AT

from .test_landscape_story import DAY, peopled

__all__ = ["peopled"]
pytestmark = pytest.mark.django_db
PAGES = ("/landskab/", "/landskab/overlap/", "/landskab/overlap/kort/", "/landskab/daekning/")
WORD = "Tælles på ny"


@pytest.fixture
def long(peopled, settings):
    """Every count takes long, and each page was read once."""
    settings.COUNTED_LATER = 0
    return peopled


def read(client, page, **more):
    answer = client.get(page, {"dag": DAY, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def join(stage):
    one = stage.clusters["mad"]
    memberships.enrol(by=stage.people["mad"], at=AT, cluster=one, new=NewMember(one.pk, stage.bodies["f2"], DAY))


def members(client, name="Madklyngen"):
    return next(row["Deltagere"] for row in json.loads(read(client, "/landskab/", hent="json")) if row["Navn"] == name)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_when_it_was_counted_until_it_is_counted_anew(long, client, page):
    assert WORD not in read(client, page)
    join(long)
    said = read(client, page)
    assert WORD in said and "Det, der er registreret siden, er ved at blive talt med" in said
    assert read(client, page) == said  # it waits for nobody
    assert working.work({"once": True}) == 0
    assert WORD not in read(client, page)


def test_the_file_and_the_next_start_hold_what_was_done(long, client):
    read(client, "/landskab/")
    before = members(client)
    join(long)
    assert WORD in read(client, "/landskab/") and members(client) == before + 1
    assert WORD not in read(client, "/landskab/")  # counted for the file, it is there for the page
    forget()
    assert WORD not in read(client, "/landskab/") and members(client) == before + 1


def test_a_small_country_is_counted_at_once(peopled, client, settings):
    settings.COUNTED_LATER = 1000
    for page in PAGES:
        read(client, page)
    join(peopled)
    assert not any(WORD in read(client, page) for page in PAGES)
