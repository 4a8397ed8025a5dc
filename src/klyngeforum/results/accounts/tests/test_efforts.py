"""Figures of an organisation itself: each definition worked by hand, booked with the account, read for the country."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.programme.queries import own_figures
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts.efforts import EFFORTS, OrganisationYear, average, of_nation, own, together
from klyngeforum.results.accounts.nation import disagreements
from klyngeforum.results.accounts.own_figures import efforts_of, organisations_behind
from klyngeforum.results.accounts.queries import differences
from klyngeforum.results.accounts.sheets import sheet
from tests.cast import AT, YEAR

BY_CODE = {one.code: one for one in own_figures()}


def made(raw: dict[str, object]) -> OrganisationYear:
    """An organisation of a worked example."""
    staff = raw.get("staff")
    return OrganisationYear(
        tuple((kind, marked) for kind, marked in raw.get("activities", ())),
        raw.get("groups", 0),
        None if staff is None else Decimal(str(staff)),
        frozenset(raw.get("regions", ())),
        raw.get("companies", 0),
        frozenset(raw.get("institutions", ())),
        frozenset((institution, unit) for institution, unit in raw.get("units", ())),
    )


@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_the_hand_worked_example_comes_out(code):
    figure = BY_CODE[code]
    years = [made(one) for one in figure.example.organisations]
    values = [own(figure, one) for one in years]
    regions = len(frozenset().union(*(one.regions for one in years)))
    assert (tuple(values), of_nation(figure, values, regions, together(years))) == (
        figure.example.own,
        figure.example.nation,
    )


def test_every_kind_of_activity_has_its_figure_and_no_other_kind_is_named():
    assert {one.kind for one in own_figures() if one.counts == "activities"} == {"", *ActivityKind.values()}
    assert {one.counts for one in own_figures()} == set(EFFORTS)


@given(some.lists(some.tuples(some.sampled_from(sorted(ActivityKind.values())), some.booleans())))
def test_the_kinds_add_up_to_all_and_none_is_international_twice(held):
    one = OrganisationYear(tuple(held))
    by_kind = [own(figure, one) for figure in own_figures() if figure.counts == "activities" and figure.kind]
    assert sum(by_kind) == own(BY_CODE["activities"], one)
    assert own(BY_CODE["activities_international"], one) <= own(BY_CODE["international_activities"], one) <= len(held)


def test_nothing_stated_is_not_nought():
    assert average([None, Decimal(4), Decimal(1)]) == Decimal("2.50")
    assert average([None]) is None and of_nation(BY_CODE["staff"], [None], 3, together([])) is None
    assert of_nation(BY_CODE["staff"], [None, Decimal(0)], 0, together([])) == 0


@pytest.fixture
def told(stage):
    """Vindklyngen held three activities, one of them abroad, has a group and staff; Madklyngen held one."""
    for reference, kind in (
        ("1", ActivityKind.PROJECT),
        ("2", ActivityKind.MATCHMAKING),
        ("3", ActivityKind.INTERNATIONAL),
    ):
        stage.part(stage.activity("vind", reference, kind=kind), "a", "uni")
    stage.part(stage.activity("mad", "4"), "a", "d")
    one = stage.clusters["vind"]
    clusters.note_staff(by=stage.people["vind"], at=AT, cluster=one, year=YEAR, full_time=Decimal("3.5"))
    stage.open()
    return stage


def read(year=YEAR):
    return {one.figure.code: one for one in efforts_of(year, seen_by=None, on=AT.date())}


def behind(code):
    rows = organisations_behind(YEAR, code, seen_by=None, on=AT.date())
    return {cluster: value for cluster, value, _ in rows}


def test_they_are_booked_with_the_account_and_open_to_the_organisations(told):
    told.approved("vind"), told.approved("mad")
    found = read()
    assert {code: one.value for code, one in found.items() if one.value} == {
        "activities": 4, "activities_project": 1, "activities_matchmaking": 1, "activities_international": 1, "activities_knowledge": 1,
        "international_activities": 1, "staff": Decimal("3.5"), "participant_regions": 1, "companies_per_organisation": Decimal("1.50"),
        "knowledge_units": 1, "knowledge_units_unnamed": 1,
    }  # fmt: skip
    assert (found["staff"].stated, found["staff"].approved, found["activities"].average) == (1, 2, 2)
    assert behind("activities") == {told.clusters["vind"].pk: Decimal(3), told.clusters["mad"].pk: Decimal(1)}
    assert behind("staff")[told.clusters["mad"].pk] is None


def test_a_later_record_moves_nothing_until_a_new_edition(told):
    told.approved("vind")
    told.activity("vind", "late", day=date(YEAR, 11, 1))
    assert read()["activities"].value == 3
    account = accounts.correct(
        by=told.people["vind"], at=AT, account=told.account("vind"), reason="En aktivitet manglede."
    )
    assert read()["activities"].value == 3
    accounts.submit(by=told.people["vind"], at=AT, account=account, comment="Nu med.")
    accounts.approve(by=told.people["office"], at=AT, account=told.account("vind"))
    assert (read()["activities"].value, read()["activities"].approved) == (4, 1)


def test_what_is_counted_over_bodies_is_not_disturbed(told):
    account = told.approved("vind")
    assert list(disagreements()) == [] and differences(account) == {}
    assert not {row.measure for row in sheet(told.account("vind")).rows} & set(BY_CODE)
