"""Labels, leagues, proposals and distances by the API: the same truths as on the screens, placeholders said, rights kept."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from klyngeforum.cli import assessing, excellence
from klyngeforum.ground.access.queries import may
from klyngeforum.ground.programme.queries import labels
from klyngeforum.quality.labels.actions import note
from klyngeforum.steering.leagues.actions import place
from klyngeforum.steering.leagues.terms import Shown
from tests.certified import AT, DAY, LABEL
from tests.furnished import furnish

from .test_doors import WHO, filled, signed_in

__all__ = ["filled"]
DISTANCE = "/api/records/distance/vindklyngen/gold"


@pytest.fixture
def excellent(filled):
    stage, _ = filled
    furnish(stage)
    return stage


def read(client, address, **params):
    answer = client.get(address, params)
    assert answer.status_code == 200, (address, answer.content)
    return answer.json()


def truths(node):
    yield node
    for part in node["parts"]:
        yield from truths(part)


def test_a_stranger_reads_labels_and_leagues_of_any_day_and_nothing_else(excellent):
    client = Client()
    row = note(by=None, at=AT, cluster=excellent.clusters["vind"], label=LABEL, issuer="ESCA", valid_from=DAY, valid_to=date(2015, 6, 1))  # fmt: skip
    own = {
        "cluster": "vindklyngen",
        "name": row.cluster.name,
        "label": LABEL,
        "issuer": "ESCA",
        "certificate": "",
        "counts": True,
    }
    dates = {"valid_from": DAY.isoformat(), "valid_to": "2015-06-01"}
    assert read(client, "/api/labels", as_of="2015-06-01") == [own | dates]
    assert read(client, "/api/labels", as_of="2015-06-02") == []  # it ran out
    lower = labels()[-1].code
    note(by=None, at=AT, cluster=excellent.clusters["vind"], label=lower, issuer="ESCA", valid_from=DAY, valid_to=date(2016, 6, 1))  # fmt: skip
    counts = {one["label"]: one["counts"] for one in read(client, "/api/labels", as_of="2015-06-01")}
    assert counts == {LABEL: True, lower: False}  # only the highest counts to the targets
    placed = read(client, "/api/leagues", as_of=DAY.isoformat())
    assert [(one["cluster"], one["league"], one["decision"]) for one in placed] == [
        ("vindklyngen", excellent.placement.league, "Styregruppen 3. juni, punkt 4")
    ]
    assert read(client, "/api/leagues", as_of=(DAY - timedelta(days=1)).isoformat()) == []
    assert client.get("/api/records/proposals").status_code == client.get(DISTANCE).status_code == 401
    assert client.get("/api/labels", {"as_of": "i går"}).status_code == 422


def test_the_distance_and_the_proposals_are_for_those_who_may_see_them(excellent):
    for who in filter(None, WHO):
        client = Client()
        sees_what_they_may(excellent, client, who, signed_in(client, excellent, who))


def sees_what_they_may(excellent, client, who, person):
    proposals, distance = client.get("/api/records/proposals"), client.get(DISTANCE)
    assert proposals.status_code == (200 if may(person, "leagues.see_proposals", on=AT.date()) else 404)
    cluster = excellent.clusters["vind"]
    sees = bool(may(person, "assessments.see", cluster, on=AT.date()))
    assert distance.status_code == (200 if sees or who in ("auditor", "second") else 404)


def test_what_rests_on_a_placeholder_says_so_wherever_it_stands(excellent, client):
    signed_in(client, excellent, "vind")
    found = read(client, DISTANCE, on=DAY.isoformat(), language="en")
    assert (found["label"], found["maximum"]) == ("gold", 150)
    nodes = list(truths(found["explanation"]))
    resting = [one for one in nodes if one["placeholder"]]
    assert found["placeholder"] == found["explanation"]["placeholder"] and resting
    assert {one["truth"] for one in nodes} <= {"yes", "no", "undetermined"}
    steps = found["path"]["improvements"]
    assert sum(one["days"] for one in steps if one["placeholders"]) == found["path"]["days_on_placeholders"]
    wrong = client.get("/api/records/distance/vindklyngen/platin")
    assert wrong.status_code == 404 and "gold" in wrong.json()["detail"]


def test_lists_of_leagues_say_which_rest_on_placeholders(excellent, client):
    """On the page, on the organisation's own page and in the file that is taken out."""
    row, told = excellent.clusters["mad"], Shown("3", 0, "yes", True, "Møder tallet", "Reaches the number")
    place(by=None, at=AT, cluster=row, league="3", on=DAY, decision="Møde 1", exhibits=[told])
    listed = {one["Navn"]: one["Ligaen hviler på pladsholdere"] for one in read(client, "/klynger/", hent="json")}
    assert listed[row.name] == "ja" and set(listed.values()) <= {"ja", "nej", ""}
    for address in ("/ligaer/", "/klynger/", f"/klynger/{row.slug}/"):
        assert 'badge-warning">Pladsholder' in client.get(address).content.decode(), address


def test_the_terminal_says_the_same(excellent, client, capsys):
    """Distance, labels and leagues: one answer, whether a program asks the web or a person the terminal."""
    note(by=None, at=AT, cluster=excellent.clusters["vind"], label=LABEL, issuer="ESCA", valid_from=DAY, valid_to=date(2015, 6, 1))  # fmt: skip
    signed_in(client, excellent, "office")
    asked = {"cluster": "vindklyngen", "label": "gold", "on": DAY, "language": "da", "format": "json"}
    assessing.distance(asked)
    said, web = json.loads(capsys.readouterr().out), read(client, DISTANCE, on=DAY.isoformat())
    steps = web["path"].pop("improvements"), said["path"].pop("improvements")
    assert said == web
    assert [(one["indicator"], one["to_level"], one["days"]) for one in steps[0]] == [
        (one["indicator"], one["to"], one["days"]) for one in steps[1]
    ]
    excellence.labels({"as_of": DAY, "format": "json"})
    said, web = json.loads(capsys.readouterr().out), read(client, "/api/labels", as_of=DAY.isoformat())
    assert [(one["slug"], one["label"], one["to"], one["counts"]) for one in said] == [
        (one["cluster"], one["label"], one["valid_to"], one["counts"]) for one in web
    ]
    excellence.leagues({"as_of": DAY, "format": "json"})
    said, web = json.loads(capsys.readouterr().out), read(client, "/api/records/proposals", as_of=DAY.isoformat())
    same = ("league", "since", "rules_say", "move", "cannot_be_told", "expired_label", "placeholder")
    assert said and [[one[key] for key in same] for one in said] == [[one[key] for key in same] for one in web]


def test_the_proposals_say_what_rests_on_placeholders(excellent, client):
    signed_in(client, excellent, "office")
    rows = read(client, "/api/records/proposals", as_of=DAY.isoformat())
    assert {row["cluster"] for row in rows} >= {"vindklyngen"}
    assert all(isinstance(row["placeholder"], bool) for row in rows) and any(row["placeholder"] for row in rows)
