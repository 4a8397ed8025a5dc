"""What was counted, on the map: locally, regionally and nationally, each level with an equal table; and what the studies cannot say of a region."""

from __future__ import annotations

import json

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import by_number
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.places.queries import named
from klyngeforum.results.accounts.on_map import on_map
from klyngeforum.results.effects.by_area import claims_by_region, participants_by_region
from klyngeforum.results.effects.queries import begun, protocol_of
from klyngeforum.results.effects.terms import Claim
from tests.cast import AT, YEAR
from tests.studied import studied

from .test_doors import signed_in
from .test_landscape_story import numbers

pytestmark = pytest.mark.django_db
MAP = "/effekter/kort/?tal=participating_companies&aar=2012"
TOWNS = {"Odense": 7, "Svendborg": 3, "Vejle": 9, "Aarhus": 8}


@pytest.fixture
def spread(stage):
    """Companies of four towns took part; the account is approved."""
    known, at = numbers(sum(TOWNS.values())), 0
    activity = stage.activity("vind", "v1")
    for town, count in TOWNS.items():
        place = named(town, on=AT.date()).pk
        new = [
            NewBody(f"{town} {nth}", BodyKind.COMPANY, Scheme.CVR, known[at + nth], place_id=place)
            for nth in range(count)
        ]
        made = bodies.register_many(by=None, at=AT, bodies=new, trusted=True)
        stage.bodies |= {f"{town}{nth}": pk for nth, pk in enumerate(made)}
        stage.part(activity, *(f"{town}{nth}" for nth in range(count)))
        at += count
    stage.open()
    stage.approved("vind")
    return stage


def told(client, more=""):
    return {row["Område"]: row["Talt én gang"] for row in json.loads(client.get(f"{MAP}{more}&hent=json").content)}


def test_the_public_reads_no_small_number_and_finds_none(spread, client):
    found = told(client)
    assert found["Svendborg"] is None and found["Odense"] is None, (
        "with Odense told, Southern Denmark would give Svendborg away"
    )
    assert (found["Vejle"], found["Aarhus"], found["Lemvig"]) == (9, 8, 0)
    assert told(client, "&niveau=region")["Region Syddanmark"] == 19 and told(client, "&niveau=landet") == {
        "Hele landet": 27
    }
    page = client.get(MAP).content.decode()
    assert "Vejle: 9" in page and "Svendborg: oplyses ikke" in page and page.count('<path class="land') == 98
    assert "Optalt, ikke en effekt" in page


def test_the_secretariat_reads_every_number(spread, client):
    signed_in(client, spread, "office")
    found = told(client)
    assert (found["Svendborg"], found["Odense"]) == (3, 7)


def test_before_the_first_account_the_map_teaches(stage, client):
    assert "Intet regnskab er godkendt endnu" in client.get("/effekter/kort/").content.decode()


def test_what_the_address_says_wrong_is_the_first_choice(spread, client):
    page = client.get("/effekter/kort/?tal=hours&niveau=verden&aar=1066")
    assert page.status_code == 200 and on_map(YEAR, "starting_companies", seen_by=None, on=AT.date()).nation == 0


def test_a_study_says_of_a_region_only_whether_it_has_enough_participants(stage, client, settings, tmp_path):
    one = studied(stage, tmp_path, settings)["published"]
    place = named("Odense", on=AT.date())
    protocol = protocol_of(one)
    for number in [row.number for row in begun(protocol)][:120]:
        body = by_number(Scheme.CVR, number)
        body.place = place
        body.save()
    assert list(participants_by_region(protocol, AT.date()).values()) == [120]
    assert list(claims_by_region(protocol, AT.date()).values()) == [Claim.PRELIMINARY]
    page = client.get("/effekter/kort/").content.decode()
    assert "Hvilket niveau kan de svare på" in page
