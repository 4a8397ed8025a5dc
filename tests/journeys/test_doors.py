"""Every role at every address: what the table of rights gives answers, everything else is a sign-in or a 404, never more."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from klyngeforum.ground.access.queries import may, within
from klyngeforum.ground.access.roles import RIGHTS
from klyngeforum.results.accounts.queries import Account
from tests.cast import AT, YEAR
from tests.certified import applied

pytestmark = pytest.mark.django_db
POST_ONLY = {"language", "demo_door"}


def screens(patterns=None, prefix=""):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLResolver) and not where.startswith(("konto/", "api/")):
            yield from screens(one.url_patterns, where)
        elif isinstance(one, URLPattern) and one.name and one.name not in POST_ONLY:
            yield one


def address(pattern, stage, activity) -> str | None:
    """The pattern with real things of Vindklyngen in it."""
    account = stage.account("vind")
    known = {
        "cluster": {"slug": "vindklyngen"}, "measure": {"code": "participating_companies", "year": YEAR},
        "lines": {"code": "participating_companies", "year": YEAR}, "line": {"pk": account.lines.first().pk},
        "review": {"pk": account.pk}, "round": {"year": YEAR}, "own_account": {"year": YEAR}, "verify": {"pk": stage.bodies["x"]},
        "post": {"pk": stage.people["vind"].posts.get().pk}, "activity": {"pk": activity.pk}, "paste": {"pk": activity.pk},
        "sheet_template": {"kind": "members"}, "sheet_export": {"kind": "members", "year": YEAR}, "case": {"pk": stage.case.pk},
        "certification": {"pk": stage.case.pk},
    }  # fmt: skip
    if "<" not in str(pattern.pattern):
        return reverse(pattern.name)
    return reverse(pattern.name, kwargs=known[pattern.name]) if pattern.name in known else None


@pytest.fixture
def filled(stage):
    activity = stage.activity("vind", "v1")
    stage.part(activity, "a", "b")
    stage.open()
    stage.approved("vind")
    stage.case = applied(stage)
    return stage, activity


WHO = ("", "office", "vind", "mad", "staff", "ministry", "company", "analyst", "adviser", "university", "auditor")


@pytest.mark.parametrize("who", WHO)
def test_every_address_for(filled, client, who):
    stage, activity = filled
    if who:
        client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    person = stage.people.get(who)
    wrong, answered = [], 0
    for pattern in screens():
        url = address(pattern, stage, activity)
        if url is None:
            continue
        status = client.get(url).status_code
        act = pattern.callback.act
        given = bool(may(person, act, on=AT.date())) if person else "public" in RIGHTS[act]
        allowed = {200, 302} if given else {404} if person else {302}
        if given and who == "mad":
            allowed.add(404)  # the act is theirs, the thing is not
        if status not in allowed:
            wrong.append((url, act, status))
        answered += 1
    assert wrong == [] and answered >= 40


def test_a_manager_never_sees_the_things_of_another_cluster(filled, client):
    stage, activity = filled
    client.force_login(stage.people["mad"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for name, pk in (
        ("activity", activity.pk),
        ("paste", activity.pk),
        ("line", stage.account("vind").lines.first().pk),
    ):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    assert "Vinger" not in client.get(reverse("lines", args=["participating_companies", YEAR])).content.decode()


@pytest.mark.parametrize("act", sorted(RIGHTS))
def test_rows_and_objects_agree_on_every_right(filled, act):
    stage, _ = filled
    for person in stage.people.values():
        rows = set(within(Account.objects.all(), person, act, on=AT.date()))
        for account in Account.objects.all():
            assert bool(may(person, act, account, on=AT.date())) == (account in rows)


def test_the_demo_doors_do_not_exist_outside_the_demo(stage, client, settings):
    settings.DEMO = False
    assert client.post("/demo/", {"skrivebord": "office"}).status_code == 404
    assert "demo_door" not in client.get("/konto/login/").content.decode()
    settings.DEMO = True
    assert client.post("/demo/", {"skrivebord": "office"}).status_code == 302
    assert client.post("/demo/", {"skrivebord": "nobody"}).status_code == 404


def test_nobody_signs_up_alone(client):
    page = client.get("/konto/signup/")
    assert page.status_code in (200, 404) and not re.search(r'name="password1"', page.content.decode())
