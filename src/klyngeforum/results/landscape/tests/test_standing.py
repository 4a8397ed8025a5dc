"""How an organisation stands: each body once, the middle and the reach, what is not known said as such, and only what was touched measured again."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.places.queries import areas, named
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.results.landscape import measuring
from klyngeforum.results.landscape.standing import standing_of, standings
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 12, 31)
TOWNS = {"a": "Odense", "b": "Aarhus", "c": "København", "d": "Odense"}


def joins(stage, key, *names, since=date(2011, 1, 1), until=None):
    one = stage.clusters[key]
    for name in names:
        new = NewMember(one.pk, stage.bodies[name], since)
        row = memberships.enrol(by=stage.people[key], at=AT, cluster=one, new=new)
        if until:
            memberships.end(by=stage.people[key], at=AT, membership=row, on=until)


@pytest.fixture
def joined(stage):
    """Vindklyngen: three companies and a university; Madklyngen: two companies."""
    for name, town in TOWNS.items():
        body = one_body(stage.bodies[name])
        body.place = named(town, on=DAY)
        body.save()
    joins(stage, "vind", "a", "b", "c", "uni")
    joins(stage, "mad", "c", "d")
    activity = stage.activity("vind", "v1")
    stage.part(activity, "a", "b", "uni")
    return stage


def of(stage, key, day=DAY):
    return standings(day)[stage.clusters[key].pk]


def test_everybody_is_counted_once(joined):
    one = of(joined, "vind")
    assert (one.members, one.companies, one.knowledge, one.active) == (4, 3, 1, 2)
    assert (one.under_50, one.size_known) == (1, 3) and one.under_50_share == pytest.approx(1 / 3)
    assert one.sme_known == 0 and one.sme_share is None
    assert one.mass == -1 and one.critical is False


def test_who_left_or_comes_later_is_not_there(joined):
    joins(joined, "mad", "a", since=date(2011, 1, 1), until=date(2012, 6, 30))
    joins(joined, "mad", "b", since=date(2013, 1, 1))
    assert of(joined, "mad").members == 2
    assert of(joined, "mad", date(2012, 6, 30)).members == 3
    assert of(joined, "mad", date(2013, 1, 1)).members == 3


def test_the_core_is_the_place_from_which_all_are_nearest(joined):
    core = of(joined, "vind").core
    assert core.place == named("Odense", on=DAY).pk and core.placed == 4
    assert 0 < core.mean_km < core.radius_km <= core.farthest_km
    assert core.near == 1.0 and of(joined, "vind").near_enough is True


def test_an_organisation_without_places_has_no_core_and_no_verdict(joined):
    body = one_body(joined.bodies["c"])
    for name in ("c", "d"):
        body = one_body(joined.bodies[name])
        body.place = None
        body.save()
    one = of(joined, "mad")
    assert one.core is None and one.near_enough is None and one.critical is None and one.regions == ()


def test_regions_are_those_of_the_day(joined):
    one = of(joined, "vind")
    assert sum(n for _, n in one.regions) == 4 and len(one.regions) == 3
    assert one.activity_regions == ()


def test_town_and_country_of_participants_and_of_what_was_done(joined):
    names = {one.pk: one.name_da for one in areas(AreaKind.URBANISATION, on=DAY)}
    one = of(joined, "vind")
    assert sum(n for _, n in one.towns) == 4 and {names[pk] for pk, _ in one.towns} == {"Byer"}
    assert one.activity_towns == ()
    body = one_body(joined.bodies["a"])
    body.place = named("Lemvig", on=DAY)
    body.save()
    assert {names[pk]: n for pk, n in of(joined, "vind", date(YEAR, 12, 30)).towns} == {"Byer": 3, "Landdistrikter": 1}
    assert of(joined, "vind", date(2011, 12, 31)).towns == ()  # before the degrees were measured


def test_what_was_done_is_split_by_place(joined):
    places = {name: named(name, on=DAY).pk for name in ("Odense", "Lemvig")}
    ground = measuring.ground_on(DAY)
    split = measuring.splits_in(ground.degree, [(1, places["Odense"], 2), (1, places["Lemvig"], 5), (2, 0, 9)])
    assert split == {1: ((ground.degree[places["Lemvig"]], 5), (ground.degree[places["Odense"]], 2))}


def test_dependence_on_the_largest_and_the_busiest(joined):
    one = of(joined, "vind")
    assert one.jobs_of_largest == 1.0  # three companies are among the five largest
    assert one.times_of_busiest == 1.0


def test_staff_is_what_was_stated_last(joined):
    cluster = joined.clusters["vind"]
    clusters.note_staff(by=None, at=AT, cluster=cluster, year=2011, full_time=3)
    clusters.note_staff(by=None, at=AT, cluster=cluster, year=2013, full_time=9)
    one = of(joined, "vind")
    assert (one.staff, one.staff_year, one.staffed) == (3, 2011, False)
    assert of(joined, "mad").staffed is None


def test_two_bodies_that_are_one_count_once(joined):
    joins(joined, "vind", "x")
    assert of(joined, "vind").members == 5
    office = joined.people["office"]
    merge = bodies.merge(by=office, at=AT, kept=one_body(joined.bodies["a"]), absorbed=one_body(joined.bodies["x"]))
    assert of(joined, "vind").members == 4
    bodies.undo_merge(by=office, at=AT, merge=merge)
    assert of(joined, "vind").members == 5


def test_only_what_was_touched_is_measured_again(joined, monkeypatch):
    asked = []
    measured = measuring.measured
    monkeypatch.setattr(
        measuring,
        "measured",
        lambda day, pks, *, whole: asked.append((sorted(pks), whole)) or measured(day, pks, whole=whole),
    )
    before = standings(DAY)
    joins(joined, "mad", "a")
    after = standings(DAY)
    activity = joined.activity("mad", "m1")
    joined.part(activity, "d")
    again = standings(DAY)
    vind, mad = (joined.clusters[key].pk for key in ("vind", "mad"))
    assert asked == [(sorted([vind, mad]), True), ([mad], False), ([mad], False)]
    assert before[vind] is after[vind] is again[vind]
    assert (before[mad].members, after[mad].members, again[mad].active) == (2, 3, 1)
    assert again == measured(DAY, {vind, mad}, whole=True)


def test_a_company_that_changes_touches_every_organisation_that_it_was_in(joined):
    standings(DAY)
    company = one_body(joined.bodies["c"])
    bodies.verify(
        by=joined.people["office"],
        at=AT,
        body=one_body(joined.bodies["x"]),
        scheme=company.scheme,
        number=company.number,
    )
    assert standings(DAY) == measuring.measured(DAY, set(standings(DAY)), whole=True)


def test_one_by_itself_is_what_it_is_among_all(joined):
    for key in ("vind", "mad"):
        pk = joined.clusters[key].pk
        assert standing_of(pk, DAY) == standings(DAY)[pk]


def test_nobody_anywhere_is_no_fault(stage):
    one = of(stage, "vind")
    assert (one.members, one.core, one.jobs_of_largest, one.times_of_busiest) == (0, None, None, None)
