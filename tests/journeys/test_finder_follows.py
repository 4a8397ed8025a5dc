"""What an organisation says and does is found by its words from the same moment, and only what was touched is indexed anew."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.results.landscape.actions import follow, index_clusters
from klyngeforum.results.landscape.models import FinderMark, FinderWord
from klyngeforum.results.landscape.queries import find_clusters
from tests.cast import AT

pytestmark = pytest.mark.django_db
DESCRIPTION = {
    "name": "Vindklyngen",
    "purpose_da": "Vi gør spildevand til brint.",
    "purpose_en": "",
    "level": "national",
}


def page(client, need: str) -> str:
    return client.get("/find/", {"behov": need}).content.decode()


def test_what_the_office_writes_is_found_at_once_and_what_it_takes_away_no_more(stage, client):
    client.force_login(stage.people["vind"])
    assert "Vindklyngen" not in page(client, "brint")
    assert client.post("/klyngekontor/organisation/", {"act": "describe", **DESCRIPTION}).status_code == 302
    assert "Vindklyngen" in page(client, "brint")
    client.post("/klyngekontor/organisation/", {"act": "describe", **DESCRIPTION, "purpose_da": "Vi bygger tårne."})
    assert "Vindklyngen" not in page(client, "brint") and "Vindklyngen" in page(client, "tårn")


def test_an_activity_held_at_the_desk_speaks_for_its_organisation(stage, client):
    client.force_login(stage.people["vind"])
    held = {"reference": "B1", "kind": "knowledge", "title": "Brintdag", "starts_on": "2013-02-02", "ends_on": "2013-02-02", "attribution": "initiated", "country": "DK"}  # fmt: skip
    assert client.post("/klyngekontor/aktiviteter/ny/", held).status_code == 302
    assert "Vindklyngen" in page(client, "brintdag")


def test_an_act_that_is_refused_leaves_words_and_mark_as_they_were(stage, client):
    index_clusters()
    words, upto = FinderWord.objects.count(), FinderMark.objects.get().upto
    client.force_login(stage.people["vind"])
    answer = client.post("/klyngekontor/organisation/", {"act": "describe", **DESCRIPTION, "name": " "})
    assert answer.status_code == 200
    assert (FinderWord.objects.count(), FinderMark.objects.get().upto) == (words, upto)


def test_only_what_was_touched_is_indexed_anew(stage):
    index_clusters()
    of = {key: set(FinderWord.objects.filter(cluster=one).values_list("pk", flat=True)) for key, one in stage.clusters.items()}  # fmt: skip
    assert follow() == 0
    clusters.edit(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], changes={"purpose_da": "Brint."})
    assert follow() > 0 and follow() == 0
    after = {key: set(FinderWord.objects.filter(cluster=one).values_list("pk", flat=True)) for key, one in stage.clusters.items()}  # fmt: skip
    assert after["mad"] == of["mad"] and not after["vind"] & of["vind"]
    assert [one.cluster.slug for one in find_clusters("brint", on=date(2013, 3, 1))] == [stage.clusters["vind"].slug]
