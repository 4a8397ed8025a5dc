"""A page stands while nobody acts on what it read: so every change is told of as what it is, and what is one organisation's names it.

The same watch stands over every room's own tests of its actions (conftest)."""

from __future__ import annotations

import pytest
from django.apps import apps

from klyngeforum.ground.keeping import forget
from klyngeforum.ground.trail.models import Act
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity
from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.models import Cluster
from klyngeforum.registers.clusters.queries import OF_ONE
from klyngeforum.web.resting import KNOWN, things_of
from tests.cast import AT
from tests.told import anew
from tests.watching import watched

from .test_doors import filled, furnished

__all__ = ["filled", "furnished"]
DAY = AT.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(db):
    with anew(), watched() as one:
        yield one


@pytest.fixture
def recorded(watch, furnished):  # the watch begins first
    return watch


def test_whatever_an_action_changes_it_tells_of(recorded):
    assert len(recorded.actions) > 60
    assert recorded.silent(lambda table: things_of(table) or frozenset()) == {}


def test_every_table_named_is_one_of_the_house():
    there = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    assert set(KNOWN) <= there


def test_what_is_one_organisations_names_it(recorded):
    own = dict(Cluster.objects.values_list("pk", "body_id"))
    told = [act for act in Act.objects.filter(thing__in=OF_ONE) if act.body_id]
    assert {act.thing for act in told} >= OF_ONE - {"report"} and {act.body_id for act in told} <= set(own.values())


def test_an_action_that_keeps_quiet_is_found(stage, monkeypatch):
    monkeypatch.setattr("klyngeforum.registers.clusters.actions.record", lambda **_: None)
    with watched() as watch:
        clusters.edit(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], changes={"purpose_da": "Stille."})
    assert watch.silent(lambda table: things_of(table) or frozenset()) == {"clusters_cluster": {("edit", frozenset())}}


def test_pages_of_others_stand_and_ones_own_does_not(stage, client, django_assert_max_num_queries):
    vind, other = stage.clusters["vind"], next(one for key, one in stage.clusters.items() if key != "vind")
    address = f"/klynger/{vind.slug}/"

    def held(cluster: Cluster, title: str) -> None:
        new = NewActivity(cluster.pk, title, ActivityKind.KNOWLEDGE, title, DAY, DAY)
        activities.hold(by=None, at=AT, cluster=cluster, new=new)

    for page in (address, "/", "/resultater/"):
        client.get(page)
    held(other, "Hos de andre")
    for page in ("/", "/resultater/"):
        with django_assert_max_num_queries(1):
            client.get(page)
    before = client.get(address).content
    held(vind, "Hos os selv")
    assert b"Hos os selv" not in before and b"Hos os selv" in client.get(address).content
    after = client.get(address).content
    forget()
    assert client.get(address).content == after
