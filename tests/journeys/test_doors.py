"""Every role at every address: what the table of rights gives answers, everything else is a sign-in or a 404, never more."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from klyngeforum.ground.access.queries import may, within
from klyngeforum.ground.access.roles import RIGHTS
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.trail.queries import length
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.accounts.queries import Account
from klyngeforum.results.landscape import actions as landscape
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.terms import Part, Said
from klyngeforum.web import urls
from tests.cast import AT, YEAR
from tests.forms import unlisted
from tests.furnished import furnish, of_economy, of_quality, paid, reported
from tests.studied import shelved
from tests.tabled import tabled
from tests.told import told

pytestmark = pytest.mark.django_db
WRITES = {"account_remark", "here", "assessment_fact", "assessment_answer", "score"}  # nothing to read at the address
POST_ONLY = {"language", "demo_door", "demo_survey"}  # or not there outside the demo


def screens(patterns=None, prefix=""):
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        where = prefix + str(one.pattern)
        if isinstance(one, URLResolver) and not where.startswith(("konto/", "api/")):
            yield from screens(one.url_patterns, where)
        elif isinstance(one, URLPattern) and one.name and one.name not in POST_ONLY:
            yield one


def things(stage, activity) -> dict[str, dict[str, object]]:
    """Of every address that names a thing: a real thing of Vindklyngen."""
    account, one = stage.account("vind"), stage.clusters["vind"]
    return {
        "cluster": {"slug": "vindklyngen"}, "pair": {"first": "vindklyngen", "second": "madklyngen"}, "scenario": {"pk": stage.scenario}, "exhibit": {"pk": stage.exhibit}, "exhibit_paper": {"pk": stage.exhibit}, "meeting_paper": {"pk": stage.meeting}, "lay": {"side": "landskab/daekning"}, "measure": {"code": "participating_companies", "year": YEAR},
        "lines": {"code": "participating_companies", "year": YEAR}, "line": {"pk": account.lines.first().pk},
        "account_paper": {"year": YEAR}, "review": {"pk": account.pk}, "round": {"year": YEAR}, "flags": {"year": YEAR}, "own_account": {"year": YEAR}, "account_remark": {"year": YEAR}, "account_difference": {"pk": account.pk},
        "verify": {"pk": stage.bodies["x"]}, "post": {"pk": stage.people["vind"].posts.get().pk}, "activity": {"pk": activity.pk},
        "amend": {"pk": activity.pk}, "paste": {"pk": activity.pk}, "member": {"pk": one.memberships.get().pk},
        "outcome": {"pk": one.outcomes.get().pk}, "sheet_template": {"kind": "members"}, "sheet_export": {"kind": "members", "year": YEAR},
        "account_body": {"pk": account.pk, "body": stage.bodies["a"]}, "account_lines": {"pk": account.pk, "code": "participating_companies"}, "account_dossier": {"pk": account.pk, "ending": "json"},
        "registered": {"slug": "vindklyngen"}, "register_file": {"kind": "board", "filled": "alle"}, "body": {"pk": stage.bodies["a"]},
        **of_economy(stage), **of_quality(stage), **{name: {"code": code} for name, code in stage.studies.items()},
        "region_strengths": {"region": "1083"}, "strength_rows": {"region": "1083", "field": "machinery"},
        "series": {"code": "hours"}, "cluster_series": {"slug": "vindklyngen", "code": "participating_companies"}, "choose_cluster_series": {"slug": "vindklyngen"}, "web_edition": {"slug": "vindklyngen", "year": YEAR}, "edition_paper": {"slug": "vindklyngen", "year": YEAR}, "open_file": {"table": "national", "ending": "csv"},
    }  # fmt: skip


def addresses(stage, activity) -> list[tuple[URLPattern, str]]:
    """Every screen and where it is; one that names a thing, of a real one."""
    named = things(stage, activity)
    return [(one, reverse(one.name, kwargs=named[one.name] if "<" in str(one.pattern) else None)) for one in screens()]


@pytest.fixture(autouse=True)
def _plain_refusals(monkeypatch):
    """That a stranger meets 404 is asked thousands of times here; how the page looks stands in the tests of the screens."""
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponse(status=404), raising=False)


@pytest.fixture
def filled(stage):
    return told(_filled, stage)


def _filled(stage):
    activity = stage.activity("vind", "v1")
    stage.part(activity, "a", "b")
    cluster, manager = stage.clusters["vind"], stage.people["vind"]
    memberships.enrol(
        by=manager, at=AT, cluster=cluster, new=NewMember(cluster.pk, stage.bodies["a"], date(2010, 1, 1))
    )
    company = one_body(stage.bodies["a"])
    outcomes.note(
        by=manager, at=AT, cluster=cluster, body=company, new=NewOutcome(cluster.pk, company.pk, YEAR, Step.IDEA)
    )
    paid(stage)
    stage.open()
    stage.approved("vind")
    reported(stage)
    ids = [stage.clusters[key].pk for key in ("vind", "mad")]
    office, day = stage.people["office"], date(YEAR, 12, 31)
    kept = landscape.keep_scenario(by=office, at=AT, name="Sammen", note="", day=day, clusters=ids)
    meeting = meetings.call(by=office, at=AT, held_on=AT.date(), title="Forummøde")
    cells = [Said(Part.STANDS, 0, 0, "Hvad", "What")]
    stage.scenario, stage.meeting = kept.pk, meeting.pk
    stage.exhibit = meetings.lay(by=office, at=AT, meeting=meeting, scenario=kept, cells=cells).pk
    return stage, activity


@pytest.fixture
def furnished(filled):
    """The same with everything of quality and of the leagues in it."""
    stage, activity = filled
    told(_furnished, stage)
    return stage, activity


def _furnished(stage):
    furnish(stage)
    stage.studies = shelved(stage)
    tabled(stage)


WHO = ("", "office", "vind", "mad", "staff", "ministry", "company", "analyst", "adviser", "university", "auditor")


def signed_in(client, stage, who):
    if who:
        client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return stage.people.get(who)


@pytest.mark.parametrize("some", [WHO[:3], WHO[3:7], WHO[7:]], ids=" ".join)
def test_every_address_for(furnished, some):
    stage, activity = furnished
    ways = addresses(stage, activity)
    assert len(ways) >= 85
    for who in some:
        with transaction.atomic():  # each meets the same house
            meets_what_the_table_says(stage, ways, who)
            transaction.set_rollback(True)


def meets_what_the_table_says(stage, ways, who):
    client = Client()
    person = signed_in(client, stage, who)
    for method in ("get", "post"):
        acts = length()
        assert refused(client, ways, method, who, person) == [], who
        if method == "get" or not (person and set(OFFICES) & {who}):
            assert length() == acts, "somebody without a desk has done something"


def refused(client, ways, method, who, person):
    """Addresses that answered otherwise than the table of rights says, and forms that no test fills in."""
    wrong = []
    for pattern, url in ways:
        page = getattr(client, method)(url)
        status = page.status_code
        act = pattern.callback.act
        given = bool(may(person, act, on=AT.date())) if person else "public" in RIGHTS[act]
        allowed = {200, 302} if given else {404} if person else {302}
        if given and method == "get" and pattern.name in WRITES:
            allowed = {404}
        elif given and (who == "mad" or method == "post"):
            allowed |= {404, 405}  # the act is theirs, the thing is not; or nothing was sent
        if status not in allowed:
            wrong.append((url, act, status))
        if method == "get" and unlisted(pattern.name, url, page):
            wrong.append((url, act, "a form that nobody tries: put it into tests/forms.py"))
    return wrong


OFFICES = ("office", "vind", "mad", "staff")
READ = {
    "memberships": "memberships.see",
    "activities": "activities.see",
    "participations": "activities.see",
    "outcomes": "outcomes.see",
}


def test_the_api_gives_each_their_own_records_and_strangers_nothing(filled):
    for who in WHO:
        gets_their_own(filled[0], Client(), who)


def gets_their_own(stage, client, who):
    person = signed_in(client, stage, who)
    for name, act in READ.items():
        answer = client.get(f"/api/records/{name}")
        if not person:
            assert answer.status_code == 401
        elif not may(person, act, on=AT.date()):
            assert answer.status_code == 404
        else:
            assert answer.status_code == 200
            assert {row["cluster"] for row in answer.json()["rows"]} == (set() if who == "mad" else {"vindklyngen"})
    assert client.post("/api/records/activities").status_code in (401, 405)
    for open_to_all in (
        "register",
        "clusters",
        "clusters/vindklyngen/register",
        "measures",
        f"figures/{YEAR}",
        f"figures/{YEAR}/outcome_1?by=region",
    ):
        assert client.get(f"/api/{open_to_all}").status_code == 200
    for wrong in ("register?limit=0", "clusters?offset=-1", "register?offset=99999999999999999999"):
        assert client.get(f"/api/{wrong}").status_code == 422


OPEN = {
    "placement",
    "measured",
    "survey_answer",
    "survey_result",
    "survey_round",
}  # for everybody; of one's own organisation


def test_a_manager_never_sees_the_things_of_another_cluster(furnished, client):
    stage, activity = furnished
    client.force_login(stage.people["mad"], backend="allauth.account.auth_backends.AuthenticationBackend")
    found = things(stage, activity)
    for name in ("activity", "paste", "line", *(one for one in of_quality(stage) if one not in OPEN)):
        assert client.get(reverse(name, kwargs=found[name])).status_code == 404, name
    assert "Vinger" not in client.get(reverse("lines", args=["participating_companies", YEAR])).content.decode()


def test_rows_and_objects_agree_on_every_right(filled):
    stage, _ = filled
    for act in RIGHTS:
        for person in stage.people.values():
            rows = set(within(Account.objects.all(), person, act, on=AT.date()))
            for account in Account.objects.all():
                assert bool(may(person, act, account, on=AT.date())) == (account in rows), (act, person)


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
