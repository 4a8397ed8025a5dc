"""The register of cluster organisations: entering, editing, closing, merging; the series follow."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.trail.queries import of
from klyngeforum.ground.verdict import Refused
from klyngeforum.registers.clusters import actions
from klyngeforum.registers.clusters.actions import NewCluster, NewSeat
from klyngeforum.registers.clusters.queries import (
    board_of,
    clusters,
    counted,
    counted_in,
    groups_of,
    line_of,
    lineage,
    staff_total,
)
from klyngeforum.registers.clusters.rules import slug_of
from klyngeforum.registers.clusters.terms import ClusterKind, Level, LineageKind
from tests.cast import AT

pytestmark = pytest.mark.django_db


def test_a_body_is_one_cluster_organisation_at_most(stage):
    with pytest.raises(Refused):
        actions.register(by=None, at=AT, new=NewCluster(stage.bodies["vind"], "Igen", ClusterKind.CLUSTER, Level.LOCAL))


def test_two_of_one_name_have_two_addresses(stage):
    one = actions.register(
        by=None, at=AT, new=NewCluster(stage.bodies["a"], "Vindklyngen", ClusterKind.CLUSTER, Level.LOCAL)
    )
    assert one.slug == "vindklyngen-2"
    assert slug_of("Ærø & Ålborg Øl") == "aeroe-aalborg-oel"


def test_only_what_differs_is_changed_and_the_trail_keeps_both(stage):
    one, manager = stage.clusters["vind"], stage.people["vind"]
    actions.edit(by=manager, at=AT, cluster=one, changes={"purpose_en": "Wind together.", "name": one.name})
    act = of("cluster", one.pk).last()
    assert (json.loads(act.before), json.loads(act.after)) == ({"purpose_en": ""}, {"purpose_en": "Wind together."})
    with pytest.raises(Refused):
        actions.edit(by=manager, at=AT, cluster=one, changes={"kind": "network"})
    with pytest.raises(ValueError, match="slug"):
        actions.edit(by=manager, at=AT, cluster=one, changes={"slug": "andet"})
    with pytest.raises(Refused):
        actions.edit(by=stage.people["mad"], at=AT, cluster=one, changes={"name": "Vores"})


def test_platforms_and_spir_are_in_the_register_but_do_not_count(stage):
    actions.register(
        by=None, at=AT, new=NewCluster(stage.bodies["a"], "Platform", ClusterKind.PLATFORM, Level.NATIONAL)
    )
    assert clusters().count() == 3 and counted().count() == 2


def test_a_merger_closes_what_it_carries_on_and_the_line_follows(stage):
    new = actions.register(
        by=None,
        at=AT,
        new=NewCluster(stage.bodies["c"], "Den Nye", ClusterKind.CLUSTER, Level.NATIONAL, founded_on=date(2013, 1, 1)),
    )
    both = [stage.clusters["vind"], stage.clusters["mad"]]
    actions.succeed(by=None, at=AT, predecessors=both, successor=new, kind=LineageKind.MERGER, on=date(2013, 1, 1))
    assert line_of(new.pk) == {new.pk: None, **{one.pk: 2013 for one in both}}
    assert list(counted(on=date(2013, 2, 1))) == [new]
    assert set(counted(on=date(2012, 12, 31))) == set(both)
    assert set(counted_in(2012)) == set(both) and list(counted_in(2013)) == [new]
    with pytest.raises(Refused):
        actions.succeed(by=None, at=AT, predecessors=[new], successor=new, kind=LineageKind.MERGER, on=date(2013, 1, 1))


def test_closing_twice_or_before_the_founding_is_refused(stage):
    one = stage.clusters["vind"]
    actions.close(by=None, at=AT, cluster=one, on=date(2013, 1, 1))
    with pytest.raises(Refused):
        actions.close(by=None, at=AT, cluster=one, on=date(2013, 2, 1))


def test_staff_years_stated_again_replace(stage):
    one = stage.clusters["vind"]
    for amount in ("4.5", "5.25"):
        actions.note_staff(by=stage.people["vind"], at=AT, cluster=one, year=2012, full_time=Decimal(amount))
    assert staff_total(2012, [one.pk]) == (Decimal("5.25"), 1)
    with pytest.raises(Refused):
        actions.note_staff(by=stage.people["vind"], at=AT, cluster=one, year=2012, full_time=Decimal(-1))


def test_one_that_closes_within_the_year_still_owes_the_account_of_it(stage):
    actions.close(by=None, at=AT, cluster=stage.clusters["mad"], on=date(2012, 7, 1))
    stage.open()
    assert stage.account("mad").year == 2012 and len(counted(on=date(2012, 12, 31))) == 1


def test_a_split_leaves_the_old_one_standing_and_the_line_takes_only_the_years_before(stage):
    old, new = stage.clusters["vind"], stage.clusters["mad"]
    actions.succeed(by=None, at=AT, predecessors=[old], successor=new, kind=LineageKind.SPLIT, on=date(2013, 1, 1))
    assert line_of(new.pk) == {new.pk: None, old.pk: 2012} and counted(on=date(2013, 2, 1)).count() == 2
    for wrong in ({"predecessors": [new], "successor": old}, {"predecessors": [old], "successor": new}):
        with pytest.raises(Refused):
            actions.succeed(by=None, at=AT, kind=LineageKind.SPLIT, on=date(2013, 1, 2), **wrong)
    actions.part(by=stage.people["office"], at=AT, lineage=lineage(new.pk).get())
    assert line_of(new.pk) == {new.pk: None}


def test_board_and_groups_are_entered_by_the_own_manager_alone(stage):
    one, manager = stage.clusters["vind"], stage.people["vind"]
    new = NewSeat("Inge Lund", date(2012, 1, 1), body_id=stage.bodies["a"], chair=True)
    seat = actions.seat(by=manager, at=AT, cluster=one, new=new)
    assert actions.seat(by=manager, at=AT, cluster=one, new=new).pk == seat.pk and board_of(one.pk).count() == 1
    group = actions.form_group(by=manager, at=AT, cluster=one, name="Vinger", since=date(2012, 1, 1))
    for wrong in (
        lambda: actions.form_group(by=manager, at=AT, cluster=one, name=" Vinger ", since=date(2012, 1, 1)),
        lambda: actions.unseat(by=manager, at=AT, seat=seat, on=date(2011, 1, 1)),
        lambda: actions.seat(by=stage.people["mad"], at=AT, cluster=one, new=new),
        lambda: actions.end_group(by=stage.people["mad"], at=AT, group=group, on=date(2013, 1, 1)),
    ):
        with pytest.raises(Refused):
            wrong()
    actions.unseat(by=manager, at=AT, seat=seat, on=date(2012, 12, 31))
    actions.end_group(by=manager, at=AT, group=group, on=date(2012, 12, 31))
    assert board_of(one.pk).get().until == groups_of(one.pk).get().until == date(2012, 12, 31)


def test_themes_industries_and_place_are_edited_and_trailed(stage):
    one, manager = stage.clusters["vind"], stage.people["vind"]
    actions.edit(by=manager, at=AT, cluster=one, changes={"themes": ["energi"], "industries": []})
    act = of("cluster", one.pk).last()
    assert (json.loads(act.before), json.loads(act.after)) == ({"themes": []}, {"themes": ["energi"]})
    with pytest.raises(Refused):
        actions.edit(
            by=stage.people["office"], at=AT, cluster=one, changes={"founded_on": date(2012, 1, 1), "name": ""}
        )
    with pytest.raises(Refused, match="energi"):
        actions.edit(by=manager, at=AT, cluster=one, changes={"themes": ["energy"]})


class TestSomebodyActedMeanwhile:
    """A page holds the organisation as it was read; the act goes by what stands."""

    def test_it_closes_once(self, stage):
        one, again = stage.clusters["vind"], type(stage.clusters["vind"]).objects.get(pk=stage.clusters["vind"].pk)
        actions.close(by=None, at=AT, cluster=one, on=date(2012, 12, 31))
        with pytest.raises(Refused):
            actions.close(by=None, at=AT, cluster=again, on=date(2013, 1, 31))

    def test_a_seat_and_a_group_are_left_once(self, stage):
        cluster = stage.clusters["vind"]
        seat = actions.seat(by=None, at=AT, cluster=cluster, new=NewSeat("Ida", date(2012, 1, 1)))
        group = actions.form_group(by=None, at=AT, cluster=cluster, name="Drift", since=date(2012, 1, 1))
        for act, name, one in ((actions.unseat, "seat", seat), (actions.end_group, "group", group)):
            again = type(one).objects.get(pk=one.pk)
            act(by=None, at=AT, on=date(2012, 6, 1), **{name: one})
            with pytest.raises(Refused):
                act(by=None, at=AT, on=date(2012, 7, 1), **{name: again})

    def test_a_link_is_cut_once(self, stage):
        before, after = stage.clusters["mad"], stage.clusters["vind"]
        actions.succeed(by=None, at=AT, predecessors=[before], successor=after, kind=LineageKind.MERGER, on=AT.date())
        one, again = lineage(after.pk).get(), lineage(after.pk).get()
        actions.part(by=None, at=AT, lineage=one)
        with pytest.raises(Refused, match="gone"):
            actions.part(by=None, at=AT, lineage=again)
