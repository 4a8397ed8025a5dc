"""What the organisations did, as everybody reads it: the country, each organisation behind a figure, and the same as a file."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from klyngeforum.registers.clusters import actions as clusters
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(stage):
    stage.part(stage.activity("vind", "1"), "a", "uni")
    stage.part(stage.activity("mad", "2"), "d")
    clusters.note_staff(
        by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], year=YEAR, full_time=Decimal("3.5")
    )
    stage.open()
    return stage


def test_before_any_account_the_page_says_what_is_missing(client, stage):
    assert "Ingen tal endnu" in client.get(reverse("efforts")).content.decode()


def test_a_figure_opens_to_the_organisations_and_to_its_definition(client, told):
    told.approved("vind"), told.approved("mad")
    page = client.get(reverse("efforts"), {"aar": YEAR, "tal": "staff"}).content.decode()
    assert "3,5" in page and "1 af 2" in page and "ikke oplyst" in page
    assert reverse("cluster", args=["vindklyngen"]) in page and "staff, version 2012.1" in page
    assert (
        "tal=activities" in page
        and f"{reverse('efforts')}?aar={YEAR}" in client.get(reverse("results")).content.decode()
    )


def test_the_file_holds_what_the_page_shows(client, told):
    told.approved("vind")
    rows = json.loads(client.get(reverse("efforts"), {"aar": YEAR, "hent": "json"}).content)
    found = {row["figure"]: row for row in rows}
    assert float(found["activities"]["value"]) == 1 and found["activities"]["provisional"] in (True, "true", "True")
    assert float(found["staff"]["value"]) == 3.5


@pytest.mark.parametrize("wanted", ["", "x", "hours", "staff"])
def test_a_figure_that_is_none_shows_the_first(client, told, wanted):
    told.approved("vind")
    assert client.get(reverse("efforts"), {"tal": wanted, "aar": "abc"}).status_code == 200
