"""A merger is thought through and kept, each participant once, and nothing of it touches the registers."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from klyngeforum.ground.trail.queries import breaks
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.results.landscape import actions
from klyngeforum.results.landscape.mergers import accounts_together, measured_merged, merger, scenarios
from tests.cast import AT, YEAR

from .test_between_story import DAY, factories, joined, overlapping, parallel
from .test_doors import signed_in

__all__ = ["factories", "overlapping", "parallel"]
pytestmark = pytest.mark.django_db
CHOSEN = f"/landskab/sammenlaegning/?org1=vindklyngen&org2=Madklyngen&dag={DAY}"


def ids(stage):
    return [stage.clusters[key].pk for key in ("vind", "mad")]


def everything(but: tuple[str, ...]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, save those named."""
    with connection.cursor() as cursor:
        rows = {}
        for name in sorted(connection.introspection.table_names(cursor)):
            if name not in but and not name.startswith("django_"):
                cursor.execute(f'SELECT * FROM "{name}"')
                rows[name] = sorted(cursor.fetchall(), key=repr)
    return rows


def test_everybody_is_counted_once(overlapping):
    found = merger(ids(overlapping), DAY)
    assert [one.companies for one in found.parts] == [12, 10]
    assert (found.memberships, found.twice, found.after.companies) == (22, 6, 16)
    assert (found.after.members, found.after.knowledge) == (17, 1)
    assert [one.members for one in found.parts] == [13, 11]


def test_a_merger_of_the_same_day_is_what_its_parts_are(overlapping):
    """A company that joins later is not in it."""
    later = merger(ids(overlapping), date(2010, 12, 31))
    assert (later.after.members, later.memberships, later.twice) == (0, 0, 0)


def test_accounts_as_if_merged_count_each_body_once(overlapping):
    stage = overlapping
    for key in ("vind", "mad"):
        stage.part(stage.activity(key, f"{key}1"), "a", "b")
    stage.part(stage.activity("vind", "vind2"), "c")
    stage.open()
    for key in ("vind", "mad"):
        stage.approved(key)
    found = {one.code: years for one, years in accounts_together(ids(stage), DAY)}
    (year,) = found["participating_companies"]
    assert (year.year, year.once, year.total) == (YEAR, 3, 5)
    assert accounts_together(ids(stage)[1:], DAY)[0][1][0].once == 2


def test_what_is_measured_of_quality_is_measured_over_all(overlapping):
    alone, after = measured_merged(ids(overlapping), DAY)[MeasuredKey.COMMITTED_PARTICIPANTS]
    assert after.value == 0 and [one.value for one in alone] == [0, 0]


def test_a_scenario_is_kept_and_the_registers_stand(overlapping, client):
    office = signed_in(client, overlapping, "office")
    but = ("landscape_scenario", "landscape_scenariopart", "trail_act", "landscape_findermark", "landscape_finderword")
    before = everything(but)
    page = client.get(CHOSEN).content.decode()
    assert "<strong>16</strong> virksomheder" in page and "Sammenlægning" in page
    assert client.post(CHOSEN, {"name": "", "note": ""}).status_code == 200
    answer = client.post(CHOSEN, {"name": "Vind og mad", "note": "Forummødet i marts"})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Vind og mad" in page and "Forummødet i marts" in page and "Office" in page and "31. december 2012" in page
    assert "Ændret siden" not in page
    after = everything(but)
    assert [name for name in after if after[name] != before[name]] == []
    one = scenarios(seen_by=office, on=AT.date()).get()
    assert (one.participants, one.companies, one.day, one.kept_by) == (17, 16, DAY, office)
    assert [part.cluster_id for part in one.parts.all()] == ids(overlapping) and list(breaks()) == []


def test_a_scenario_says_when_the_registers_have_moved(overlapping, client):
    office = signed_in(client, overlapping, "office")
    one = actions.keep_scenario(by=office, at=AT, name="Sammen", note="", day=DAY, clusters=ids(overlapping))
    joined(overlapping, "vind", [overlapping.bodies["a"]])
    page = client.get(f"/landskab/sammenlaegning/{one.pk}/").content.decode()
    assert "Ændret siden" in page and "17 deltagere, heraf 16 virksomheder" in page


def test_who_sees_no_records_reads_a_range_where_few_are_shared(parallel, client):
    signed_in(client, parallel, "ministry")
    page = client.get(CHOSEN).content.decode()
    assert "<strong>12–15</strong> virksomheder" in page and "<strong>14</strong>" not in page
    signed_in(client, parallel, "office")
    assert "<strong>14</strong> virksomheder" in client.get(CHOSEN).content.decode()


@pytest.mark.parametrize("who", ["vind", "auditor", "adviser"])
def test_others_neither_simulate_nor_keep(overlapping, client, who):
    person = signed_in(client, overlapping, who)
    assert client.get(CHOSEN).status_code == 404
    with pytest.raises(Refused):
        actions.keep_scenario(by=person, at=AT, name="Nej", note="", day=DAY, clusters=ids(overlapping))
    assert not scenarios(seen_by=person, on=AT.date())


def test_one_organisation_is_no_merger_and_a_wrong_name_says_so(overlapping, client):
    office = signed_in(client, overlapping, "office")
    with pytest.raises(Refused):
        actions.keep_scenario(by=office, at=AT, name="Alene", note="", day=DAY, clusters=ids(overlapping)[:1])
    assert "Vælg mindst to" in client.get("/landskab/sammenlaegning/?org1=vindklyngen&org2=vindklyngen").content.decode()  # fmt: skip
    page = client.get("/landskab/sammenlaegning/?org1=vindklyngen&org2=Ukendt").content.decode()
    assert "Ingen organisation hedder sådan" in page
    assert "Intet scenarie er gemt endnu" in client.get("/landskab/sammenlaegning/").content.decode()
