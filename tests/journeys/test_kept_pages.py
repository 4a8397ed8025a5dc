"""Pages are made once for everybody and kept until somebody acts: never stale, never somebody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from klyngeforum.ground.bodies.queries import one_body
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


def test_a_persons_page_is_kept_for_that_person_alone(stage, client, django_assert_max_num_queries):
    client.force_login(stage.people["vind"])
    address = "/klyngekontor/deltagere/"
    client.get(address)  # gives the browser its token
    first = client.get(address).content.decode()
    with django_assert_max_num_queries(4):  # session, person, posts, the newest act
        assert client.get(address).content.decode() == first
    client.force_login(stage.people["office"])
    assert client.get(address).status_code == 404


def test_a_kept_form_carries_the_token_of_its_own_browser(stage):
    one, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = []
    for browser in (one, other):
        browser.force_login(stage.people["vind"])
        for _ in range(3):
            page = browser.get("/klyngekontor/deltagere/ny/").content.decode()
        tokens.append(re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1))
        answer = browser.post("/klyngekontor/deltagere/ny/", {"csrfmiddlewaretoken": tokens[-1]})
        assert answer.status_code == 200
    assert tokens[0] != tokens[1]
    assert one.post("/klyngekontor/deltagere/ny/", {"csrfmiddlewaretoken": tokens[1]}).status_code == 403


def test_a_message_is_shown_once(stage, client):
    client.force_login(stage.people["vind"])
    client.get("/klyngekontor/deltagere/")
    number = one_body(stage.bodies["b"]).number
    assert client.post("/klyngekontor/deltagere/ny/", {"body": number, "since": "2013-05-01"}).status_code == 302
    told = client.get("/klyngekontor/deltagere/").content.decode()
    assert 'role="status"' in told
    assert 'role="status"' not in client.get("/klyngekontor/deltagere/").content.decode()
