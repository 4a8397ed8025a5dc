"""Coverage as people meet it: strong fields that nobody covers, who takes part of those who could, and nothing told of a few."""

from __future__ import annotations

import json

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.industries.queries import by_code
from klyngeforum.ground.places.queries import named
from tests.cast import AT, YEAR
from tests.tabled import jobs, statbank, tabled

from .test_between_story import DAY, joined
from .test_doors import signed_in
from .test_landscape_story import numbers

pytestmark = pytest.mark.django_db
PAGE = f"/landskab/daekning/?dag={DAY}"
GROUPS = (("28", "Odense", 20), ("10", "Odense", 12), ("10", "Aarhus", 30), ("28", "Aarhus", 12), *((code, "København", 9) for code in ("62", "63", "71", "72")))  # fmt: skip


@pytest.fixture
def populated(stage):
    """Machines around Odense, food around Aarhus; Vindklyngen has eighteen of the former and two of the latter."""
    known, made = iter(numbers(sum(n for *_, n in GROUPS))), {}
    for code, town, n in GROUPS:
        industry, place = by_code("DB07", code).pk, named(town, on=DAY).pk
        new = [
            NewBody(f"{town} {code} {nth}", BodyKind.COMPANY, Scheme.CVR, next(known), industry_id=industry, place_id=place)
            for nth in range(n)
        ]  # fmt: skip
        made[code, town] = bodies.register_many(by=None, at=AT, bodies=new, trusted=True)
    joined(stage, "vind", made["28", "Odense"][:18])
    joined(stage, "mad", made["28", "Odense"][:6])
    return stage, made


def rows(client):
    return {(row["Region"], row["Branche"][:2]): row for row in json.loads(client.get(f"{PAGE}&hent=json").content)}


def test_a_strong_field_that_nobody_covers_stands_first(populated, client):
    page = client.get(PAGE).content.decode()
    assert "<strong>1</strong> af 2 stærke felter" in page and "ikke efter beskæftigelse" in page and "Pladsholder" in page  # fmt: skip
    found = rows(client)
    assert next(iter(found)) == ("Region Midtjylland", "10")
    gap, machines = found["Region Midtjylland", "10"], found["Region Syddanmark", "28"]
    assert (gap["Læses som"], gap["Virksomheder i registret"], gap["Heraf deltagere"]) == ("Stærk, ikke dækket", 30, 0)
    assert (machines["Læses som"], machines["Heraf deltagere"], machines["Andel, der deltager"]) == ("Stærk", 18, 0.9)
    assert machines["Organisationer"] == 2


def test_of_a_few_only_the_secretariat_sees_how_many(populated, client):
    stage, made = populated
    joined(stage, "mad", made["10", "Aarhus"][:1])
    field = rows(client)["Region Midtjylland", "10"]
    assert (field["Heraf deltagere"], field["Andel, der deltager"], field["Organisationer"]) == (None, None, None)
    assert field["Læses som"] == "Stærk"
    signed_in(client, stage, "office")
    field = rows(client)["Region Midtjylland", "10"]
    assert (field["Heraf deltagere"], field["Læses som"]) == (1, "Stærk, ikke dækket")


def test_a_filter_narrows_and_the_day_decides(populated, client):
    page = client.get(f"{PAGE}&slags=hul").content.decode()
    assert "Viser <strong>1</strong> af <strong>1</strong>" in page
    assert {row["Heraf deltagere"] for row in json.loads(client.get("/landskab/daekning/?dag=2010-12-31&hent=json").content)} == {0}  # fmt: skip


def test_an_empty_register_teaches(stage, client):
    assert "Ingen felter endnu" in client.get("/landskab/daekning/").content.decode()


def test_where_a_regional_table_is_taken_in_a_field_is_read_by_employment_and_says_so(populated, client):
    stage, _ = populated
    tabled(stage)
    page = client.get(PAGE).content.decode()
    assert "Læst efter beskæftigelse" in page and "Opdigtet" in page
    found = rows(client)
    machines, food = found["Region Syddanmark", "28"], found["Region Midtjylland", "10"]
    assert (machines["Læst efter"], machines["Ansatte"], machines["Læses som"]) == ("Beskæftigelse", 2000, "Stærk")
    assert machines["Lokaliseringskvotient"] > 1.25
    assert (food["Læst efter"], food["Læses som"]) == ("Virksomheder", "Stærk, ikke dækket"), (
        "held back beside a small cell"
    )
    only = json.loads(client.get(f"{PAGE}&efter=virksomheder&hent=json").content)
    assert {row["Læst efter"] for row in only} == {"Virksomheder"}
    signed_in(client, stage, "office")
    food = rows(client)["Region Midtjylland", "10"]
    assert (food["Læst efter"], food["Læses som"]) == ("Beskæftigelse", ""), (
        "many companies, and no more jobs than elsewhere"
    )
    office = [row for row in found.values() if row["Læst efter"] == "Virksomheder"]
    assert office and all(row["Ansatte"] is None for row in office), "the table knows no such industry"


def test_a_small_cell_of_the_table_is_read_by_companies_for_the_public(populated, client):
    stage, _ = populated
    small = statbank().replace(
        "Region Midtjylland;10 Branche;Ansatte;2012;", "Region Midtjylland;10 Branche;Ansatte;2012;3\n#"
    )
    lines = [line for line in small.splitlines() if not line.startswith("#")]
    tabled(stage, "\n".join(lines) + "\n")
    assert rows(client)["Region Midtjylland", "10"]["Læst efter"] == "Virksomheder"
    signed_in(client, stage, "analyst")
    assert rows(client)["Region Midtjylland", "10"]["Ansatte"] == 3


def test_a_field_strong_by_employment_with_too_few_companies_is_listed_and_tells_no_number(populated, client):
    stage, made = populated
    joined(stage, "mad", made["62", "København"][:6])
    assert ("Region Hovedstaden", "62") not in rows(client), "by companies alone it is not known to be strong"
    usual = f"Region Hovedstaden;62 Branche;Ansatte;{YEAR};{jobs('Region Hovedstaden', '62', YEAR)[0]}\n"
    tabled(stage, statbank().replace(usual, usual.replace(usual.split(";")[-1], "5000\n")))
    found, page = rows(client), client.get(PAGE).content.decode()
    field = found["Region Hovedstaden", "62"]
    assert (field["Læses som"], field["Læst efter"], field["Ansatte"]) == ("Stærk, for få virksomheder", "Beskæftigelse", 5000)  # fmt: skip
    told = ("Virksomheder i registret", "Heraf deltagere", "Andel, der deltager", "Organisationer")
    assert [field[column] for column in told] == [None] * 4
    assert "4 felter mere er stærke efter beskæftigelse" in page and "<strong>1</strong> af 2 stærke felter" in page
    assert "Viser <strong>4</strong> af <strong>4</strong>" in client.get(f"{PAGE}&slags=faa").content.decode()
    signed_in(client, stage, "office")
    field = rows(client)["Region Hovedstaden", "62"]
    assert [field[column] for column in told] == [9, 6, None, 1], "too few for a share, whoever reads it"
