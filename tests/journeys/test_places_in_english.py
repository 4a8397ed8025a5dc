"""A place is called what its reader calls it: København in Danish, Copenhagen in English, on every list and page that names it."""

from __future__ import annotations

import json

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.programme.queries import leagues
from klyngeforum.registers.clusters.models import Cluster
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.steering.leagues import actions as placing
from tests.cast import AT

from .test_doors import signed_in
from .test_landscape_story import DAY, numbers

pytestmark = pytest.mark.django_db
PUBLIC = ("/klynger/", "/klynger/vindklyngen/", "/kort/", "/ligaer/")


@pytest.fixture
def in_the_capital(stage):
    """Vindklyngen and one of its participants are in the capital."""
    place, one = named("Copenhagen", on=DAY), stage.clusters["vind"]
    Cluster.objects.filter(pk=one.pk).update(place=place)
    new = NewBody("Firma A/S", BodyKind.COMPANY, Scheme.CVR, numbers(1)[0], employees=10, place_id=place.pk)
    company = bodies.register(by=None, at=AT, body=new)
    placing.place(by=stage.people["office"], at=AT, cluster=one, league=leagues()[-1].code, on=DAY, decision="Punkt 4")
    memberships.enrol(by=stage.people["vind"], at=AT, cluster=one, new=NewMember(one.pk, company.pk, DAY))
    return stage


def main(client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode().split("<main")[1]


@pytest.mark.parametrize("address", PUBLIC)
def test_everybodys_pages(in_the_capital, client, address):
    assert "København" in main(client, address) and "Copenhagen" not in main(client, address)
    client.cookies["sprog"] = "en"
    assert "Copenhagen" in main(client, address) and "København" not in main(client, address)


def test_the_finder_offers_and_understands_the_english_name(in_the_capital, client):
    assert '<option value="København">' in main(client, "/find/")
    client.cookies["sprog"] = "en"
    page = main(client, "/find/?sted=Copenhagen")
    assert '<option value="Copenhagen">' in page and '<option value="København">' not in page and "Copenhagen ·" in page


@pytest.mark.parametrize("word", ["copenhagen", "københavn"])
def test_either_name_finds_and_a_file_has_the_readers(in_the_capital, client, word):
    for language, name in (("da", "København"), ("en", "Copenhagen")):
        client.cookies["sprog"] = language
        (row,) = json.loads(client.get("/klynger/", {"q": word, "hent": "json"}).content)
        assert name in row.values()


@pytest.mark.parametrize("address", ["/klyngekontor/deltagere/"])
def test_the_organisations_own_lists(in_the_capital, client, address):
    signed_in(client, in_the_capital, "vind")
    assert "København" in main(client, address)
    client.cookies["sprog"] = "en"
    page = main(client, address)
    assert "Copenhagen" in page and "København" not in page


@pytest.mark.parametrize("address", ["/sekretariat/register/", "/sekretariat/runder/{year}/"])
def test_the_secretariats_lists(in_the_capital, client, address):
    year = DAY.year - 1
    in_the_capital.open(year)
    signed_in(client, in_the_capital, "office")
    at = address.format(year=year)
    assert "København" in main(client, at)
    client.cookies["sprog"] = "en"
    assert "Copenhagen" in main(client, at) and "København" not in main(client, at)


def test_a_list_is_in_the_order_of_the_names_that_are_seen(in_the_capital, client):
    stage, one = in_the_capital, in_the_capital.clusters["vind"]
    place = named("Esbjerg", on=DAY)
    new = NewBody("Værft A/S", BodyKind.COMPANY, Scheme.CVR, numbers(2)[1], employees=10, place_id=place.pk)
    company = bodies.register(by=None, at=AT, body=new)
    memberships.enrol(by=stage.people["vind"], at=AT, cluster=one, new=NewMember(one.pk, company.pk, DAY))
    signed_in(client, stage, "vind")

    def places(language: str, sort: str) -> list[str]:
        client.cookies["sprog"] = language
        rows = json.loads(client.get("/klyngekontor/deltagere/", {"sort": sort, "hent": "json"}).content)
        return [name for row in rows for name in row.values() if name in ("København", "Copenhagen", "Esbjerg")]

    assert places("da", "place") == ["Esbjerg", "København"] and places("da", "-place") == ["København", "Esbjerg"]
    assert places("en", "place") == ["Copenhagen", "Esbjerg"] and places("en", "-place") == ["Esbjerg", "Copenhagen"]
