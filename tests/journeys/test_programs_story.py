"""A cluster office's own program sends its rows: with a key, through the workbook's door, and never twice."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from klyngeforum.ground.access.keys import MOST_DAYS, make_key, withdraw_key
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities.models import Activity, Participation
from klyngeforum.records.intake.actions import take_in_book
from klyngeforum.records.intake.queries import export_book
from tests.cast import YEAR

ROWS = "/api/records/rows/vindklyngen"
HELD = {"reference": "crm-7", "title": "Vinger i nord", "kind": "project", "starts_on": f"{YEAR}-05-05"}


def key_for(person, days=30):
    return make_key(by=person, at=timezone.now(), name="CRM", until=timezone.localdate() + timedelta(days=days))


@pytest.fixture
def program(stage):
    """The manager's program: sends JSON with the key, without cookies."""
    _, token = key_for(stage.people["vind"])
    return lambda address=ROWS, key=token, **sent: Client(enforce_csrf_checks=True).post(
        address, sent, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def part(stage, name="a", **more):
    body = one_body(stage.bodies[name])
    return {"reference": "crm-7", "number": body.number, "name": body.name, "hours": 7.125, **more}


def test_a_program_asks_first_then_sends_and_the_same_again_changes_nothing(stage, program):
    before = length()
    told = program(dry_run=True, activities=[HELD], participations=[part(stage)])
    assert told.status_code == 200, told.content
    assert told.json() == {
        "written": False, "problems": [], "notes": [],
        "sheets": {name: {"new": 1, "changed": 0, "unchanged": 0, "in_error": 0} for name in ("activities", "participations")},
    }  # fmt: skip
    assert Activity.objects.count() == 0 and length() == before
    assert program(activities=[HELD], participations=[part(stage)]).json()["written"]
    assert abs(Participation.objects.get().hours - 7) < 1  # a number is a number: never 7,125 hours
    again = program(activities=[HELD], participations=[part(stage)]).json()
    assert {name: row["unchanged"] for name, row in again["sheets"].items()} == {"activities": 1, "participations": 1}
    changed = program(participations=[part(stage, hours=8)]).json()["sheets"]["participations"]
    assert (changed["new"], changed["changed"]) == (0, 1)


def test_by_form_by_workbook_and_by_program_it_arrives_once(stage, program):
    manager, one = stage.people["vind"], stage.clusters["vind"]
    stage.part(stage.activity("vind", "crm-7"), "a", hours="4")  # by the form
    book = export_book(one.pk, YEAR, language="da")
    assert load_workbook(io.BytesIO(book))  # the office changes nothing and sends it back
    run = take_in_book(by=manager, at=timezone.now(), cluster=one, content=book, file_name="alt.xlsx", dry_run=False)
    assert (run.new, run.problems) == (0, [])
    sent = program(participations=[part(stage, hours=4)]).json()
    assert sent["written"] and sent["sheets"]["participations"]["new"] == 0
    assert Participation.objects.count() == 1


def test_one_wrong_row_and_nothing_is_written(stage, program):
    answer = program(activities=[HELD, {**HELD, "reference": "crm-8", "starts_on": "31. februar", "colour": "blue"}])
    assert answer.status_code == 422 and Activity.objects.count() == 0
    told = answer.json()
    assert not told["written"] and told["sheets"]["activities"]["in_error"] == 1
    assert {(one["row"], one["sheet"]) for one in told["problems"]} == {(2, "activities")}
    assert any(one["value"] == "31. februar" for one in told["problems"]) and any(one["column"] == "colour" for one in told["problems"])  # fmt: skip
    assert all(one["why"] and one["mend"] for one in told["problems"])


def test_the_key_opens_its_holders_own_and_nothing_else(stage, program, client):
    assert Client().post(ROWS, {"activities": [HELD]}, content_type="application/json").status_code == 401
    assert program(key="kf_nonsense", activities=[HELD]).status_code == 401
    assert program("/api/records/rows/madklyngen", activities=[HELD]).status_code == 404
    assert program("/api/records/rows/nobody", activities=[HELD]).status_code == 404
    for key in ("company", "ministry", "office"):
        assert program(key=key_for(stage.people[key])[1], activities=[HELD]).status_code == 404
    assert program().status_code == 422
    assert Activity.objects.count() == 0
    read = Client().get("/api/records/activities", headers={"Authorization": f"Bearer {key_for(stage.people['vind'])[1]}"})  # fmt: skip
    assert read.status_code == 200 and read.json()["total"] == 0


def test_a_browser_that_is_signed_in_cannot_be_made_to_send(stage):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(stage.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(ROWS, {"activities": [HELD]}, content_type="application/json").status_code == 401
    assert Activity.objects.count() == 0


def test_a_withdrawn_or_old_key_and_a_person_who_has_left_open_nothing(stage, program):
    person = stage.people["vind"]
    row, token = key_for(person)
    withdraw_key(by=person, at=timezone.now(), key=row)
    assert program(key=token, activities=[HELD]).status_code == 401
    old, token = key_for(person, days=0)
    type(old).objects.filter(pk=old.pk).update(until=timezone.localdate() - timedelta(days=1))
    assert program(key=token, activities=[HELD]).status_code == 401
    _, token = key_for(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert program(key=token, activities=[HELD]).status_code == 401


def test_what_a_key_may_not_be(stage):
    person = stage.people["vind"]
    row, token = key_for(person)
    assert token not in str(vars(row)) and row.digest != token
    for days in (-1, MOST_DAYS + 1):
        with pytest.raises(Refused):
            key_for(person, days)
    with pytest.raises(Refused):
        make_key(by=person, at=timezone.now(), name=" ", until=timezone.localdate())
    with pytest.raises(Refused):
        withdraw_key(by=stage.people["mad"], at=timezone.now(), key=row)


def test_the_page_shows_the_key_once_and_takes_it_back(stage, client):
    client.force_login(stage.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    made = client.post("/noegler/", {"act": "make", "name": "CRM", "until": (timezone.localdate() + timedelta(days=9)).isoformat()})  # fmt: skip
    assert (
        made.status_code == 200
        and "kf_" in made.content.decode()
        and f"POST http://testserver{ROWS}" in made.content.decode()
    )
    token = made.context["token"]
    page = client.get("/noegler/").content.decode()
    assert token not in page and "CRM" in page
    pk = made.context["rows"][0][0].pk
    assert client.post("/noegler/", {"act": "withdraw", "pk": pk}).status_code == 302
    assert not client.get("/noegler/").context["rows"][0][1]


def test_every_column_is_told(client):
    told = client.get("/api/records/columns").json()
    assert set(told) == {"members", "activities", "participations", "outcomes", "hours"}
    assert {one["key"] for one in told["activities"] if one["required"]} == {"reference", "title", "kind", "starts_on"}


CELL = some.one_of(
    some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=30), some.sampled_from(("\x00", "\ud800", "1e400", "2012-02-30", "x" * 3000, "=A1"))
)  # fmt: skip
KEYS = (
    "reference",
    "title",
    "kind",
    "starts_on",
    "number",
    "name",
    "hours",
    "persons",
    "year",
    "step",
    "since",
    "units",
    "a\x00",
)


@hypothesis_settings(suppress_health_check=list(HealthCheck), max_examples=25, deadline=None)
@given(sheet=some.sampled_from(("members", "activities", "participations", "outcomes", "hours")), rows=some.lists(some.dictionaries(some.sampled_from(KEYS), CELL), max_size=3))  # fmt: skip
def test_anything_sent_gets_an_answer_and_nothing_half_written(stage, sheet, rows):
    with transaction.atomic():
        _, token = key_for(stage.people["vind"])
        before = length()
        answer = Client(raise_request_exception=False).post(ROWS, json.dumps({sheet: rows}), content_type="application/json", headers={"Authorization": f"Bearer {token}"})  # fmt: skip
        assert answer.status_code in (200, 400, 422), (answer.status_code, rows)
        assert answer.status_code == 200 or length() == before
        transaction.set_rollback(True)
