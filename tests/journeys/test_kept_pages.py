"""Pages are made once for everybody and kept until somebody acts: never stale, never somebody else's."""

from __future__ import annotations

import pytest

from klyngeforum.registers.clusters import actions as clusters
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_a_page_is_made_once_and_anew_after_an_act(stage, client, django_assert_max_num_queries):
    one = stage.clusters["vind"]
    address = f"/klynger/{one.slug}/"
    assert "Vinden samler os" not in client.get(address).content.decode()
    with django_assert_max_num_queries(1):
        client.get(address)
    clusters.edit(by=stage.people["vind"], at=AT, cluster=one, changes={"purpose_da": "Vinden samler os."})
    assert "Vinden samler os" in client.get(address).content.decode()


def test_the_two_languages_and_two_readers_do_not_meet(stage, client):
    danish = client.get("/klynger/").content.decode()
    client.post("/sprog/", {"sprog": "en", "next": "/"})
    english = client.get("/klynger/").content.decode()
    assert 'lang="en"' in english and 'lang="da"' in danish
    client.force_login(stage.people["vind"])
    assert '<p class="user">Vind</p>' in client.get("/klynger/").content.decode()
    client.logout()
    assert 'class="user"' not in client.get("/klynger/").content.decode()


def test_what_strangers_see_sets_no_cookie_and_holds_no_token(stage, client):
    for address in ("/", "/klynger/", "/resultater/", "/find/?behov=vind"):
        answer = client.get(address)
        assert not answer.cookies and b"csrfmiddlewaretoken" not in answer.content
