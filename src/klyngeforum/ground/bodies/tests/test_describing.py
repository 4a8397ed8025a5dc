"""A body over time: names, workplaces, successions, protection; a merge undone brings everything back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from klyngeforum.ground.bodies import actions, describing
from klyngeforum.ground.bodies.actions import NewBody
from klyngeforum.ground.bodies.queries import (
    candidates,
    find,
    match_names,
    name_on,
    names_of,
    one_body,
    successions_of,
    units_of,
)
from klyngeforum.ground.bodies.rules import check_number, scheme_of
from klyngeforum.ground.bodies.terms import Scheme, SuccessionKind
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.trail.queries import of
from klyngeforum.ground.verdict import Refused
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_a_body_keeps_every_name_it_had_and_may_return_to_one(stage):
    body, by = one_body(stage.bodies["a"]), stage.people["office"]
    describing.rename(by=by, at=AT, body=body, name="Nordlys Energi A/S", since=date(2010, 1, 1))
    describing.rename(by=by, at=AT, body=body, name="Vinger og Tårne A/S", since=date(2012, 1, 1))
    describing.rename(by=by, at=AT, body=body, name="Sydlys ApS", since=date(2014, 1, 1))
    said = [name_on(body, date(year, 6, 1)) for year in (2009, 2011, 2013, 2015)]
    assert said == ["Vinger og Tårne A/S", "Nordlys Energi A/S", "Vinger og Tårne A/S", "Sydlys ApS"]
    assert names_of(body.pk).count() == 3 and find("nordlys energi")[0].body == body
    assert match_names(["Nordlys Energi"])[0].body_id == body.pk
    for wrong in ("", "Sydlys ApS"):
        with pytest.raises(Refused):
            describing.rename(by=by, at=AT, body=body, name=wrong, since=date(2016, 1, 1))
    with pytest.raises(Refused, match="2014-01-01"):
        describing.rename(by=by, at=AT, body=body, name="For tidligt", since=date(2013, 1, 1))


def test_other_names_are_matched_and_can_be_dropped_but_registered_ones_stay(stage):
    body, by = one_body(stage.bodies["c"]), stage.people["office"]
    row = describing.call_also(by=by, at=AT, body=body, name="HVS")
    assert match_names(["hvs"])[0].body_id == body.pk
    with pytest.raises(Refused):
        describing.call_also(by=by, at=AT, body=body, name="HVS")
    describing.drop_name(by=by, at=AT, name=row)
    assert not names_of(body.pk).exists()
    describing.rename(by=by, at=AT, body=body, name="Nyt navn", since=date(2012, 1, 1))
    with pytest.raises(Refused):
        describing.drop_name(by=by, at=AT, name=names_of(body.pk).get())


def test_a_workplace_has_its_own_municipality_and_belongs_to_one_body(stage):
    body, by = one_body(stage.bodies["a"]), stage.people["office"]
    place = named("Esbjerg", on=AT.date())
    unit = describing.note_unit(by=by, at=AT, body=body, number="1003388394", place_id=place.pk, main=True)
    describing.note_unit(by=by, at=AT, body=body, number="1003388395", place_id=body.place_id, main=True)
    assert [one.main for one in units_of(body.pk)] == [True, False] and unit.place != body.place
    for number in ("12345", "100338839x", "1003388394 "):
        wrong = one_body(stage.bodies["b"])
        with pytest.raises(Refused):
            describing.note_unit(by=by, at=AT, body=wrong, number=number, place_id=None)


def test_one_company_is_carried_on_as_another(stage):
    a, b, by = one_body(stage.bodies["a"]), one_body(stage.bodies["b"]), stage.people["office"]
    kind, on = SuccessionKind.TAKEOVER, date(2012, 6, 1)
    describing.succeed(by=by, at=AT, predecessor=a, successor=b, kind=kind, on=on)
    assert [(row.predecessor, row.successor) for row in successions_of(a.pk)] == [(a, b)]
    for pair in ((a, b), (b, a), (a, a)):
        with pytest.raises(Refused):
            describing.succeed(by=by, at=AT, predecessor=pair[0], successor=pair[1], kind=kind, on=on)


def test_the_register_is_described_by_the_secretariat_alone_and_trailed(stage):
    body = one_body(stage.bodies["a"])
    changes = {"protected": True, "employees": 300}
    with pytest.raises(Refused):
        describing.describe(by=stage.people["vind"], at=AT, body=body, changes=changes)
    describing.describe(by=stage.people["office"], at=AT, body=body, changes=changes)
    act = of("body", body.pk).last()
    assert json.loads(act.before) == {"employees": 12, "protected": False} and json.loads(act.after) == changes
    assert one_body(body.pk).size_band == "250+"
    with pytest.raises(Refused):
        turned = {"founded_on": date(2012, 1, 1), "ceased_on": date(2011, 1, 1)}
        describing.describe(by=stage.people["office"], at=AT, body=one_body(body.pk), changes=turned)


def test_a_merge_undone_brings_the_pair_back_to_the_list(stage):
    by = stage.people["office"]
    stranger = actions.register(by=by, at=AT, body=NewBody("Vinger og Taarne"))
    actions.look_for_candidates(by=by, at=AT)
    pair = candidates(seen_by=by, on=AT.date()).get()
    made = actions.merge(by=by, at=AT, kept=one_body(stage.bodies["a"]), absorbed=stranger)
    assert not candidates(seen_by=by, on=AT.date()).exists()
    actions.undo_merge(by=by, at=AT, merge=made)
    assert candidates(seen_by=by, on=AT.date()).get() == pair


def test_a_foreign_number_is_known_by_its_form():
    assert scheme_of("SE556043420001") is Scheme.EU_VAT and scheme_of("DK 26507138") is Scheme.CVR
    assert check_number(Scheme.EU_VAT, "SE556043420001") and not check_number(Scheme.EU_VAT, "SE1")
    assert not check_number(Scheme.PIC, "²²²²²²²²²")


def test_a_body_does_not_end_before_it_began_whoever_else_described_it_meanwhile(stage):
    one, again = (one_body(stage.bodies["a"]) for _ in range(2))
    describing.describe(by=None, at=AT, body=one, changes={"founded_on": date(2010, 1, 1)})
    with pytest.raises(Refused, match="end before it begins"):
        describing.describe(by=None, at=AT, body=again, changes={"ceased_on": date(2009, 1, 1)})


def test_a_name_is_dropped_once(stage):
    name = describing.call_also(by=None, at=AT, body=one_body(stage.bodies["a"]), name="Vingerne")
    again = type(name).objects.get(pk=name.pk)
    describing.drop_name(by=None, at=AT, name=name)
    with pytest.raises(Refused, match="gone"):
        describing.drop_name(by=None, at=AT, name=again)
