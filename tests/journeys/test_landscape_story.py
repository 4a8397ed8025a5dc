"""The landscape as people meet it: a day, a list that downloads, the organisation's own page; what could tell who somebody is stays out."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date

import pytest

from klyngeforum.cli.landscaping import landscape
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.places.queries import named
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.landscape.standing import day_shown
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 12, 31)
TOWNS = ("Odense", "Odense", "Aarhus", "København", "Odense", "Esbjerg")


def numbers(count, start=97_000_000):
    """Valid CVR numbers that nobody has."""
    weights, found = (2, 7, 6, 5, 4, 3, 2, 1), []
    while len(found) < count:
        if sum(w * int(d) for w, d in zip(weights, str(start), strict=True)) % 11 == 0:
            found.append(str(start))
        start += 1
    return found


@pytest.fixture
def peopled(stage):
    """Vindklyngen with six companies, three of them active; Madklyngen with two."""
    made = []
    for nth, (town, number) in enumerate(zip(TOWNS, numbers(6), strict=True)):
        place = named(town, on=DAY)
        new = NewBody(
            f"Firma {nth} A/S", BodyKind.COMPANY, Scheme.CVR, number, employees=10 + 30 * nth, place_id=place.pk
        )
        made.append(bodies.register(by=None, at=AT, body=new).pk)
    for key, ids in (("vind", made), ("mad", made[:2])):
        one = stage.clusters[key]
        for pk in ids:
            memberships.enrol(by=stage.people[key], at=AT, cluster=one, new=NewMember(one.pk, pk, date(2011, 1, 1)))
    stage.bodies |= {f"f{nth}": pk for nth, pk in enumerate(made)}
    stage.part(stage.activity("vind", "v1"), "f0", "f1", "f2")
    return stage


def test_everybody_reads_how_organisations_stand_on_a_day(peopled, client):
    page = client.get(f"/landskab/?dag={DAY}").content.decode()
    assert "Vindklyngen" in page and "Madklyngen" in page and "31. december 2012" in page
    assert "150–250 virksomheder" in page and "mindst 80\N{NO-BREAK SPACE}pct. inden for 150 km" in page
    assert "Strategien 2012, linje 351" in page
    rows = {row["Navn"]: row for row in json.loads(client.get(f"/landskab/?dag={DAY}&hent=json").content)}
    vind = rows["Vindklyngen"]
    assert (vind["Deltagere"], vind["Kritisk masse"], vind["Kerne"]) == (6, "Nej", "Odense")
    assert (
        vind["Aktive virksomheder"] is vind["Under 50 ansatte"] is None
    )  # three took part, and two of the six are small


def test_the_day_is_that_of_the_newest_records(peopled, client):
    assert day_shown(date(2013, 3, 1)) == date(2013, 3, 1)
    assert day_shown(date(2026, 3, 1)) == DAY
    for wrong in ("", "x", "2012-02-30", "0001-01-01", "9999-12-31"):
        assert client.get("/landskab/", {"dag": wrong}).status_code == 200


def test_shares_of_too_few_are_not_told(peopled, client):
    rows = {row["Navn"]: row for row in json.loads(client.get(f"/landskab/?dag={DAY}&hent=json").content)}
    assert rows["Madklyngen"]["Under 50 ansatte"] is None and rows["Madklyngen"]["Ansatte hos de største"] is None
    assert "i landskabet" in client.get("/klynger/madklyngen/").content.decode().lower()


def test_the_organisations_own_page_says_where_it_stands(peopled, client):
    page = client.get("/klynger/vindklyngen/").content.decode()
    for words in ("I landskabet", "under pejlemærket", "Region Syddanmark", "Odense", "fortælles ikke om få"):
        assert words in page
    assert "af 6 virksomheder med kendt størrelse" not in page and page.count("oplyses ikke") == 1
    client.force_login(peopled.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    own = client.get("/klynger/vindklyngen/").content.decode()
    assert "heraf 2 med under 50 ansatte" in own and "fortælles ikke om få" not in own


def test_an_organisation_without_participants_says_so(stage, client):
    assert "intet at placere" in client.get("/klynger/vindklyngen/").content.decode()
    assert client.get("/landskab/").status_code == 200


def test_a_filter_by_critical_mass_narrows(peopled, client):
    assert "Vindklyngen" in client.get(f"/landskab/?dag={DAY}&masse=nej").content.decode()
    assert "Intet passer" in client.get(f"/landskab/?dag={DAY}&masse=ja").content.decode()


def test_the_same_at_the_terminal(peopled, capsys):
    assert landscape({"as_of": DAY, "format": "json", "language": "da"}) == 0
    rows = {row["slug"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["vindklyngen"]["active_companies"] == 3 and rows["vindklyngen"]["regions"]["Region Syddanmark"] == 4
    assert rows["madklyngen"]["under_50"] is None and rows["vindklyngen"]["critical_mass"] is False
    assert landscape({"as_of": DAY, "format": "table", "language": "da"}) == 0


def test_at_first_sight_the_list_says_what_critical_mass_is_judged_by_and_the_rest_is_one_click_away(peopled, client):
    page = client.get("/landskab/").content.decode()
    heads = re.findall(r'class="sort-link"[^>]*>([^<]+)', page)
    assert heads[:5] == ["Navn", "Kritisk masse", "Aktive virksomheder", "Nær kernen", "Bemanding"] and "SMV (EU)" not in heads  # fmt: skip
    assert "mangler " in page
    whole = client.get("/landskab/", {"vis": "alt"}).content.decode()
    every = re.findall(r'class="sort-link"[^>]*>([^<]+)', whole)
    assert set(heads) < set(every) and "SMV (EU)" in every and "wide-list" in whole
    assert "SMV (EU)" in client.get("/landskab/", {"sort": "-sme"}).content.decode(), "what is sorted by is seen"
    (row, *_) = json.loads(client.get("/landskab/", {"hent": "json"}).content)
    assert set(every) == set(row) and row["Kritisk masse"] in ("Ja", "Nej", "Adresser ukendte")


# what the terminal calls a column, and what the page's file calls it in Danish
SAME = {
    "name": "Navn", "members": "Deltagere", "companies": "Virksomheder", "under_50": "Under 50 ansatte", "sme_eu": "SMV (EU)", "core": "Kerne",
    "radius_km": "Radius, km", "near_core": "Nær kernen", "staff": "Bemanding", "at_largest": "Ansatte hos de største",
    "in_cities": "Deltagere i byer", "in_rural_areas": "Deltagere i landdistrikter",
    "activities_in_cities": "Aktiviteter i byer", "activities_in_rural_areas": "Aktiviteter i landdistrikter",
}  # fmt: skip


@pytest.mark.parametrize("day", [DAY, date(2011, 6, 1)])
def test_terminal_page_and_files_of_one_day_hold_the_same_numbers(peopled, client, capsys, day):
    assert landscape({"as_of": day, "format": "json", "language": "da"}) == 0
    told = json.loads(capsys.readouterr().out)
    sheet = json.loads(client.get(f"/landskab/?dag={day}&hent=json").content)
    plain = list(csv.DictReader(io.StringIO(client.get(f"/landskab/?dag={day}&hent=csv").content.decode("utf-8-sig"))))
    page = client.get(f"/landskab/?dag={day}").content.decode()
    assert len(told) == len(sheet) == len(plain) >= 2
    said = {True: "Ja", False: "Nej", None: "Adresser ukendte"}
    for one, row, line in zip(told, sheet, plain, strict=True):
        for key, name in SAME.items():
            assert near(one[key], row[name]) and near(row[name], line[name] or None), (one["slug"], key)
        assert row["Kritisk masse"] == line["Kritisk masse"] == said[one["critical_mass"]]
        assert len(one["regions"]) == row["Regioner"] and one["name"] in page
    assert told[-1]["slug"] == "vindklyngen" and told[-1]["members"] == 6  # and they are numbers of somebody


def near(one, other):
    """Equal, a number to the digit that the terminal writes (a radius in hectometres)."""
    if one in (None, "") or other in (None, ""):
        return (one or None) is (other or None) or (one or None) == (other or None)
    try:
        return float(one) == pytest.approx(float(other), abs=0.051 if float(one) > 1 else 0.00006)
    except ValueError:
        return one == other
