"""Two organisations side by side as people meet them: the flagged first, numbers that open, and names only for those who may see them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from klyngeforum.cli.landscaping import overlap
from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.industries.queries import by_code
from klyngeforum.ground.places.queries import named
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.landscape.between import between, pair_of
from klyngeforum.results.landscape.terms import PairKind
from tests.cast import AT, YEAR

from .test_doors import signed_in
from .test_landscape_story import numbers

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 12, 31)
LIST, PAIR = f"/landskab/overlap/?dag={DAY}", f"/landskab/overlap/madklyngen/vindklyngen/?dag={DAY}"
MAP = f"/landskab/overlap/kort/?dag={DAY}"


def joined(stage, key, ids, since=date(2011, 1, 1)):
    one = stage.clusters[key]
    for pk in ids:
        memberships.enrol(by=stage.people[key], at=AT, cluster=one, new=NewMember(one.pk, pk, since))


@pytest.fixture
def factories(stage):
    """Sixteen machine factories that nobody has joined yet."""
    industry = by_code("DB07", "28").pk
    new = [
        NewBody(f"Fabrik {nth:02} A/S", BodyKind.COMPANY, Scheme.CVR, number, employees=20, industry_id=industry)
        for nth, number in enumerate(numbers(16))
    ]
    return bodies.register_many(by=None, at=AT, bodies=new, trusted=True)


@pytest.fixture
def overlapping(stage, factories):
    joined(stage, "vind", factories[:12])
    joined(stage, "mad", factories[6:])
    joined(stage, "vind", [stage.bodies["uni"]])
    joined(stage, "mad", [stage.bodies["uni"]])
    stage.members_of = (factories[:12], factories[12:])
    return stage


@pytest.fixture
def parallel(stage, factories):
    """Two shared companies of eight."""
    joined(stage, "vind", factories[:8])
    joined(stage, "mad", factories[6:14])
    stage.members_of = (factories[:8], factories[8:14])
    return stage


def rows(client):
    return json.loads(client.get(f"{LIST}&hent=json").content)


def test_everybody_sees_which_organisations_overlap(overlapping, client):
    page = client.get(LIST).content.decode()
    assert "<strong>1</strong> af" in page and "Pladsholder" in page and "mindst 30\xa0pct. af den mindste" in page
    (row,) = rows(client)
    assert (row["Læses som"], row["Fælles virksomheder"], row["Andel af den mindstes"]) == ("Overlap", 6, 0.6)
    assert row["Andel af begges tilsammen"] == 0.375 and row["Fælles brancheprofil"] == 1


def test_the_number_opens_to_the_companies_for_those_who_may_see_them(overlapping, client):
    assert "Fabrik" not in client.get(PAIR).content.decode()
    signed_in(client, overlapping, "vind")
    assert "Fabrik" not in client.get(PAIR).content.decode(), "the other organisation's participants are not theirs"
    signed_in(client, overlapping, "office")
    page = client.get(PAIR).content.decode()
    assert all(f"Fabrik {nth:02} A/S" in page for nth in range(6, 12)) and "Fabrik 05" not in page
    assert "Fyns Universitet" not in page and len(json.loads(client.get(f"{PAIR}&hent=json").content)) == 6


def test_of_a_few_shared_companies_only_the_secretariat_sees_how_many(parallel, client):
    (row,) = rows(client)
    assert (row["Fælles virksomheder"], row["Andel af den mindstes"], row["Andel af begges tilsammen"]) == ("1–4", None, None)  # fmt: skip
    assert row["Læses som"] == "Siges ikke"
    assert "for få virksomheder" in client.get(PAIR).content.decode()
    signed_in(client, parallel, "office")
    (row,) = rows(client)
    assert (row["Fælles virksomheder"], row["Læses som"]) == (2, "Parallelle strukturer")


def test_the_day_decides_and_what_was_merged_is_one(overlapping, factories):
    vind, mad = (overlapping.clusters[key].pk for key in ("vind", "mad"))
    assert pair_of(vind, mad, date(2010, 12, 31)) == (None, ())
    nameless = bodies.register(by=None, at=AT, body=NewBody("Fabriken", BodyKind.COMPANY)).pk
    joined(overlapping, "mad", [nameless])
    before = between(DAY).pairs[0]
    office = overlapping.people["office"]
    bodies.merge(by=office, at=AT, kept=one_body(factories[0]), absorbed=one_body(nameless))
    after = between(DAY).pairs[0]
    assert (before.shared, after.shared) == (6, 7) and after.kind is PairKind.OVERLAP
    assert pair_of(mad, vind, DAY)[0] == after


def test_the_industries_that_both_have(overlapping):
    vind, mad = (overlapping.clusters[key].pk for key in ("vind", "mad"))
    (one,) = pair_of(vind, mad, DAY)[1]
    assert (one.first, one.second, one.shared, one.first_companies, one.second_companies) == (1, 1, 1, 12, 10)


def test_nobody_to_compare_teaches(stage, client):
    assert "Ingen at sammenligne endnu" in client.get("/landskab/overlap/").content.decode()
    assert "intet at sammenligne" in client.get(PAIR).content.decode()


@pytest.mark.parametrize("names", ["vindklyngen/vindklyngen", "vindklyngen/findes-ikke", "findes-ikke/madklyngen"])
def test_one_organisation_is_no_pair(stage, client, names):
    assert client.get(f"/landskab/overlap/{names}/").status_code == 404


def test_the_same_at_the_terminal(overlapping, capsys):
    assert overlap({"as_of": DAY, "format": "json", "language": "da"}) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["kind"] == "overlap" and row["shared"] == 6 and {row["first"], row["second"]} == {"vindklyngen", "madklyngen"}  # fmt: skip
    assert overlap({"as_of": date(2001, 1, 1), "format": "table", "language": "da"}) == 1


def test_overlap_stands_on_the_map_with_an_equal_table(overlapping, client):
    for nth, town in enumerate(("Odense", "Aarhus")):
        for key in overlapping.members_of[nth]:
            body = one_body(key)
            body.place = named(town, on=DAY)
            body.save()
    page = client.get(MAP).content.decode()
    assert page.count('class="tie ') == 1 and page.count('class="reach') == 2 and page.count('<circle class="dot') == 2
    assert "Vindklyngen og Madklyngen: Overlap 60\N{NO-BREAK SPACE}pct." in page and "kerne Odense" in page
    (row,) = json.loads(client.get(f"{MAP}&hent=json").content)
    assert row["Læses som"] == "Overlap"
    chosen = client.get(f"{MAP}&organisation=vindklyngen").content.decode()
    assert chosen.count("reach--strong") == 1 and chosen.count('class="tie ') == 1
    parallel = client.get(f"{MAP}&slags=parallel").content.decode()
    assert 'class="tie ' not in parallel and "0</strong>" not in parallel


def test_what_tells_of_a_few_is_no_line_on_the_map(parallel, client):
    for pk in (*parallel.members_of[0], *parallel.members_of[1]):
        body = one_body(pk)
        body.place = named("Odense", on=DAY)
        body.save()
    page = f"{MAP}&slags=alle"
    assert 'class="tie ' not in client.get(page).content.decode()
    signed_in(client, parallel, "office")
    assert 'class="tie tie--parallel"' in client.get(page).content.decode()


def test_english_says_one_pair_as_one_and_regions_by_their_english_names(overlapping, client):
    client.cookies["sprog"] = "en"
    assert re.search(r"<strong>1</strong> of \d+ pairs of organisations overlap", client.get(LIST).content.decode())
    assert "1 pairs" not in client.get(MAP).content.decode()
    for page in ("/landskab/", "/klynger/"):
        told = client.get(page).content.decode()
        assert "Region of Southern Denmark" in told and "Region Syddanmark" not in told, page
