"""A figure split by town and country: by the degree of urbanisation of each company's municipality, and what waits for the official table says so."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.urls import reverse

from klyngeforum.cli.reading import figures
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.places.queries import named
from tests.cast import AT, YEAR
from tests.studied import numbers


@pytest.fixture
def spread(stage):
    """Vindklyngen with the cast's two companies in Odense (city), six in Vejle (a town) and seven on Samsø (the country)."""
    activity, given = stage.activity("vind", "v1"), iter(numbers(13))
    stage.part(activity, "a", "b")
    for town, many in (("Vejle", 6), ("Samsø", 7)):
        place = named(town, on=date(YEAR, 1, 1)).pk
        for nth in range(many):
            new = NewBody(f"{town} {nth} ApS", BodyKind.COMPANY, Scheme.CVR, next(given), employees=9, place_id=place)
            stage.bodies[f"{town}{nth}"] = bodies.register(by=None, at=AT, body=new).pk
            stage.part(activity, f"{town}{nth}")
    stage.open()
    stage.approved("vind")
    return stage


def test_the_split_on_the_page_by_the_api_and_at_the_terminal(spread, client, capsys):
    rows = client.get(f"/api/figures/{YEAR}/participating_companies", {"by": "urbanisation"}).json()
    assert all(one["placeholder"] for one in rows)
    told = {one["name"]: one["distinct"] for one in rows}
    assert set(told) == {"Byer", "Mindre byer og forstæder", "Landdistrikter"}
    assert told["Byer"] is None and None in (
        told["Landdistrikter"],
        told["Mindre byer og forstæder"],
    )  # two companies are few, and none is found by subtraction
    page = client.get(
        reverse("measure", args=["participating_companies", YEAR]), {"opdel": "urbanisation"}
    ).content.decode()
    assert "By og land" in page and "Landdistrikter" in page and "urbanisation.csv" in page
    options = {"year": YEAR, "by": "urbanisation", "measure": "participating_companies", "language": "da", "format": "json", "small_numbers": True}  # fmt: skip
    assert figures(options) == 0
    known = {one["scope"].removeprefix("urbanisation: "): (one["distinct"], one["placeholder"]) for one in json.loads(capsys.readouterr().out)}  # fmt: skip
    assert known == {"Byer": (2, True), "Mindre byer og forstæder": (6, True), "Landdistrikter": (7, True)}
