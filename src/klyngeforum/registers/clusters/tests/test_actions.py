"""The register of cluster organisations: entering, editing, closing, merging; the series follow."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.trail.queries import of
from klyngeforum.ground.verdict import Refused
from klyngeforum.registers.clusters import actions
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.queries import clusters, counted, line_of, staff_total
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
    with pytest.raises(ValueError, match="kind"):
        actions.edit(by=manager, at=AT, cluster=one, changes={"kind": "network"})
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
    assert line_of(new.pk) == {new.pk, *(one.pk for one in both)}
    assert list(counted(on=date(2013, 2, 1))) == [new]
    assert set(counted(on=date(2012, 12, 31))) == set(both)
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
