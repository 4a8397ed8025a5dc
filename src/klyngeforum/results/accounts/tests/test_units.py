"""Departments and institutes of knowledge institutions: recorded once, counted once, and one where nothing is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities import actions
from klyngeforum.records.activities.actions import NewPart
from klyngeforum.records.activities.queries import participants, units_in
from klyngeforum.results.accounts.own_figures import efforts_of, organisations_behind
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def note(stage, activity, body, *units):
    manager = stage.people["vind" if activity.cluster_id == stage.clusters["vind"].pk else "mad"]
    new = NewPart(activity.pk, stage.bodies[body], hours=Decimal(3), units=units)
    return actions.take_part(by=manager, at=AT, activity=activity, new=new)


def figures(stage):
    stage.open()
    stage.approved("vind"), stage.approved("mad")
    found = {one.figure.code: one.value for one in efforts_of(YEAR, seen_by=None, on=AT.date())}
    return found["knowledge_units"], found["knowledge_units_unnamed"]


def test_a_department_counts_once_in_the_organisation_and_in_each_organisation(stage):
    note(stage, stage.activity("vind", "1"), "uni", "Institut for Fysik", "Institut for Kemi")
    note(stage, stage.activity("vind", "2"), "uni", "institut  for FYSIK")
    note(stage, stage.activity("mad", "3"), "uni", "Institut for Fysik")
    assert figures(stage) == (2, 0)  # physics is one department, in two organisations
    (units,) = [one for one in efforts_of(YEAR, seen_by=None, on=AT.date()) if one.figure.code == "knowledge_units"]
    assert (units.sum, units.overlap) == (3, 1)
    behind = organisations_behind(YEAR, "knowledge_units", seen_by=None, on=AT.date())
    assert {cluster: value for cluster, value, _ in behind} == {stage.clusters["vind"].pk: 2, stage.clusters["mad"].pk: 1}  # fmt: skip


def test_an_institution_without_a_recorded_unit_is_one_and_the_page_says_how_many(stage):
    stage.part(stage.activity("vind", "1"), "uni", "a")
    note(stage, stage.activity("mad", "2"), "uni", "Institut for Kemi")
    assert figures(stage) == (1, 0)  # the university is its department, although Vindklyngen named none


def test_the_country_rests_on_what_was_booked_not_on_what_is_recorded_since(stage):
    one = stage.activity("vind", "1")
    note(stage, one, "uni", "Institut for Kemi")
    stage.part(stage.activity("mad", "2"), "d")
    assert figures(stage) == (1, 0)
    note(stage, one, "uni", "Institut for Kemi", "Institut for Fysik")
    assert {one.figure.code: one.value for one in efforts_of(YEAR, seen_by=None, on=AT.date())}["knowledge_units"] == 1


def test_units_of_another_year_count_in_that_year(stage):
    stage.part(stage.activity("vind", "1"), "uni")
    note(stage, stage.activity("vind", "0", day=date(YEAR - 1, 5, 5)), "uni", "Institut for Kemi")
    stage.part(stage.activity("mad", "2"), "d")
    assert figures(stage) == (1, 1) and units_in(YEAR, stage.clusters["vind"].pk) == []


def test_noted_again_the_units_are_replaced_and_nothing_said_leaves_them(stage):
    one = stage.activity("vind", "1")
    note(stage, one, "uni", "Institut for Kemi")
    stage.part(one, "uni", hours="9")
    assert [unit.name for unit in participants(one.pk)[0].units.all()] == ["Institut for Kemi"]
    note(stage, one, "uni", " ", "Institut for Fysik")
    assert [unit.name for unit in participants(one.pk)[0].units.all()] == ["Institut for Fysik"]


@pytest.mark.parametrize(("body", "unit"), [("a", "Afdeling 1"), ("uni", "x" * 121)])
def test_only_institutions_have_them_and_names_end(stage, body, unit):
    with pytest.raises(Refused):
        note(stage, stage.activity("vind", "1"), body, unit)


def test_in_bulk_they_come_once(stage):
    one = stage.activity("vind", "1")
    parts = [NewPart(one.pk, stage.bodies["uni"], units=("Institut for Kemi", "Institut for kemi")), NewPart(one.pk, stage.bodies["a"])]  # fmt: skip
    for _ in range(2):
        actions.take_part_many(by=stage.people["office"], at=AT, parts=parts)
    assert units_in(YEAR, stage.clusters["vind"].pk) == [(stage.bodies["uni"], "institut for kemi")]
    with pytest.raises(Refused):
        actions.take_part_many(by=stage.people["office"], at=AT, parts=[NewPart(one.pk, stage.bodies["a"], units=("X",))])  # fmt: skip


def test_few_institutions_are_not_told_by_their_units(client, stage):
    note(stage, stage.activity("vind", "1"), "uni", "Institut for Kemi", "Institut for Fysik")
    figures(stage)
    for code in ("knowledge_units", "knowledge_units_unnamed"):
        page = client.get("/resultater/indsats/", {"aar": YEAR, "tal": code})
        row = next(one for one, _, _ in page.context["rows"] if one.figure.code == code)
        assert row.held_back and row.value is None and row.average is None
    assert (None, True) in {(value, back) for _, _, value, back in client.get("/resultater/indsats/", {"tal": "knowledge_units"}).context["behind"]}  # fmt: skip
