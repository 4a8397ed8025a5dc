"""Where something lies as of a date: regions change, municipalities stay."""

from __future__ import annotations

from datetime import date
from shutil import copytree

import pytest
from django.conf import settings

from klyngeforum.ground.places.actions import take_in, take_in_postcodes
from klyngeforum.ground.places.queries import areas, by_postcode, named, parent_map, rests_on_placeholders
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.rules import ProgrammeError

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _taken_in(db):
    assert take_in(folder=settings.PROGRAMME) == 98


def test_every_municipality_lies_in_one_region_one_landsdel_and_one_growth_forum():
    for kind, day, count in ((AreaKind.REGION, BEFORE, 5), (AreaKind.REGION, AFTER, 4), (AreaKind.LANDSDEL, BEFORE, 11), (AreaKind.GROWTH_FORUM, date(2012, 12, 31), 6)):  # fmt: skip
        found = parent_map(kind, on=day)
        assert len(found) == 98 and len(set(found.values())) == count


def test_every_municipality_is_city_town_or_country_and_says_that_it_waits_for_the_official_table():
    degrees = parent_map(AreaKind.URBANISATION, on=BEFORE)
    names = {one.pk: one.name_da for one in areas(AreaKind.URBANISATION, on=BEFORE)}
    found = {town: names[degrees[named(town, on=BEFORE).pk]] for town in ("København", "Vejle", "Samsø")}
    assert found == {"København": "Byer", "Vejle": "Mindre byer og forstæder", "Samsø": "Landdistrikter"}
    assert len(degrees) == 98 and parent_map(AreaKind.URBANISATION, on=date(2011, 12, 31)) == {}
    assert rests_on_placeholders(AreaKind.URBANISATION, on=BEFORE) and not rests_on_placeholders(AreaKind.REGION, on=BEFORE)  # fmt: skip
    assert named("Landdistrikter", on=BEFORE) is None  # a degree is no place to look for


def test_the_official_table_takes_the_place_of_the_placeholder(tmp_path):
    folder = tmp_path / "programme"
    copytree(settings.PROGRAMME, folder)
    file = folder / "places" / "urbanisation.csv"
    placed = file.read_text().replace(",placeholder", ",official").replace("0630,DEGURBA-2", "0630,DEGURBA-3")
    file.write_text(placed)
    take_in(folder=folder)
    vejle = named("Vejle", on=BEFORE)
    assert [one.parent.name_da for one in vejle.parents.filter(parent__kind=AreaKind.URBANISATION)] == [
        "Landdistrikter"
    ]
    assert not rests_on_placeholders(AreaKind.URBANISATION, on=BEFORE)
    file.write_text(file.read_text().replace("DEGURBA-3", "DEGURBA-9", 1))
    with pytest.raises(ProgrammeError, match="DEGURBA-9"):
        take_in(folder=folder)


def test_two_regions_become_one():
    before, after = parent_map(AreaKind.REGION, on=BEFORE), parent_map(AreaKind.REGION, on=AFTER)
    east = named("Region Østdanmark", on=AFTER)
    assert named("Region Østdanmark", on=BEFORE) is None
    gone = {one.pk for one in areas(AreaKind.REGION, on=BEFORE)} - {one.pk for one in areas(AreaKind.REGION, on=AFTER)}
    assert len(gone) == 2
    assert {child for child, region in after.items() if region == east.pk} == {
        child for child, region in before.items() if region in gone
    }


def test_taking_in_again_changes_nothing():
    count = areas(AreaKind.MUNICIPALITY, on=BEFORE).count()
    take_in(folder=settings.PROGRAMME)
    assert areas(AreaKind.MUNICIPALITY, on=BEFORE).count() == count == 98


@pytest.mark.parametrize("text", ["Odense", "odense", " Odense ", "0461"])
def test_a_municipality_by_name_or_code(text):
    assert named(text, on=BEFORE).code == "0461"


def test_postcodes_from_the_operators_file(tmp_path):
    file = tmp_path / "postnumre.csv"
    file.write_text("postnr,by,kommune_kode,lon,lat\n5000,Odense C,461,10.38,55.40\n800,Høje Taastrup,169,12.2,55.6\n")
    assert take_in_postcodes(file=file) == 2 and take_in_postcodes(file=file) == 0
    assert by_postcode("5000").code == "0461" and by_postcode("0800").code == "0169" and by_postcode("9999") is None


def test_a_municipality_in_an_unknown_region_is_refused_with_its_line(tmp_path):
    folder = tmp_path / "places"
    folder.mkdir()
    for name in ("areas.csv", "municipalities.csv", "successions.csv"):
        text = (settings.PROGRAMME / "places" / name).read_text()
        if name == "municipalities.csv":
            first = text.splitlines()[1].split(",")
            text = text.replace(",".join(first), ",".join([*first[:5], "nowhere", *first[6:]]))
        (folder / name).write_text(text)
    with pytest.raises(ProgrammeError, match="nowhere"):
        take_in(folder=tmp_path)


def test_a_district_is_its_town():
    assert named("Aarhus C", on=BEFORE) == named("Aarhus", on=BEFORE)
    assert named("Aalborg Øst", on=BEFORE).name_da == "Aalborg" and named("Gotham K", on=BEFORE) is None
