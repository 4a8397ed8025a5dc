"""The targets' page: the same numbers as the rule gives, in words that say how sure they are."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.quality.labels import actions as labels
from klyngeforum.results.targets.queries import outlooks
from klyngeforum.results.targets.rules import forecast
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def note_gold(stage, cluster: str, since: int) -> None:
    labels.note(
        by=None, at=AT, cluster=stage.clusters[cluster], label="gold", issuer="ESCA", valid_from=date(since, 1, 1),
        valid_to=date(2014, 1, 1),
    )  # fmt: skip


def test_before_anybody_handed_in_the_page_says_what_comes(stage, client):
    assert "Ingen tal endnu" in client.get("/maal/").content.decode()


def test_the_outlook_rests_on_whole_years_and_says_so(stage, client):
    note_gold(stage, "vind", 2010)
    note_gold(stage, "mad", 2012)
    stage.part(stage.activity("vind", "v1"), "a", "b")
    stage.open()
    stage.approved("vind")
    found = {one.standing.target.code: one for one in outlooks(YEAR)}
    assert found["active"].series == {} and found["active"].forecast is None  # one account is missing: no whole year
    gold = found["gold"]
    assert gold.series == {2008: 0, 2009: 0, 2010: 1, 2011: 1, 2012: 2}
    assert [one.year for one in gold.ahead] == list(range(2013, 2021))
    alone = forecast({year: float(n) for year, n in gold.series.items()}, 2020, goal=10.0)
    assert gold.forecast == alone and gold.proof.of == 1
    page = client.get("/maal/").content.decode()
    assert "For få hele år til at sige noget: 0 af de 4" in page
    assert f"Hvis det fortsætter som hidtil: {round(alone.middle)} i 2020" in page
    stage.approved("mad")
    active = {one.standing.target.code: one for one in outlooks(YEAR)}["active"]
    assert active.series == {} and active.standing.held_back  # two companies are told nobody


def test_the_file_holds_the_counted_years_and_the_years_ahead(stage, client):
    note_gold(stage, "vind", 2010)
    stage.open()
    stage.approved("vind")
    lines = client.get("/maal/?hent=csv").content.decode("utf-8-sig").splitlines()
    gold = [line for line in lines if line.startswith("gold")]
    assert sum("counted" in line for line in gold) == 5 and sum("forecast" in line for line in gold) == 8
