"""A merger is thought through and kept, each participant once, and nothing of it touches the registers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from klyngeforum.ground.trail.queries import breaks, of
from klyngeforum.ground.verdict import Refused
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.terms import LineageKind
from klyngeforum.results.landscape import actions
from klyngeforum.results.landscape.mergers import accounts_together, measured_merged, merger, scenarios
from klyngeforum.results.landscape.standing import standing_of
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.queries import coming, laid_with, tables_of
from klyngeforum.steering.meetings.terms import Part, Said
from klyngeforum.web.components.laying import in_words
from klyngeforum.web.public.merger import result_of
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
    assert "Organisationen er allerede valgt. Vælg en anden" in client.get("/landskab/sammenlaegning/?org1=vindklyngen&org2=vindklyngen").content.decode()  # fmt: skip
    assert "Vælg mindst to" in client.get("/landskab/sammenlaegning/?org1=vindklyngen&org2=").content.decode()
    page = client.get("/landskab/sammenlaegning/?org1=vindklyngen&org2=Ukendt").content.decode()
    assert "Ingen organisation hedder sådan" in page
    assert "Intet scenarie er gemt endnu" in client.get("/landskab/sammenlaegning/").content.decode()


def test_what_another_organisation_does_leaves_what_was_counted_of_one_standing(overlapping, factories, monkeypatch):
    """At a continent's size somebody joins somewhere every second."""
    times = []
    for name, call in (("merging", "merged"), ("measuring", "measured")):
        room = import_module(f"klyngeforum.results.landscape.{name}")
        make = getattr(room, call)
        monkeypatch.setattr(room, call, lambda *given, make=make, **more: times.append(1) or make(*given, **more))
    food = overlapping.clusters["mad"].pk

    def participants():
        return merger([food], DAY).after.members, standing_of(food, DAY).members

    assert participants() == participants() == (11, 11)
    assert len(times) == 2
    joined(overlapping, "vind", factories[12:14])
    assert participants() == (11, 11) and len(times) == 2
    joined(overlapping, "mad", factories[:1])
    assert participants() == (12, 12) and len(times) == 4


def test_who_is_not_there_on_the_day_is_told_of_and_what_it_went_on_in(overlapping, client):
    """A half-remembered name from before a merger is the likeliest mistake here."""
    signed_in(client, overlapping, "office")
    wind, food = overlapping.clusters["vind"], overlapping.clusters["mad"]
    wind.founded_on, wind.closed_on = DAY, DAY + timedelta(30)
    wind.save()

    def told(day):
        where = f"/landskab/sammenlaegning/?org1={wind.name}&org2=Madklyngen&dag={day}"
        return client.get(where).content.decode()

    assert "Begynder den" in told(DAY - timedelta(1))
    assert "Vælg en senere dag" in told(DAY - timedelta(1))
    assert "Lukket den" in told(DAY + timedelta(40))
    wind.closed_on = None
    wind.save()
    clusters.succeed(
        by=None, at=AT, predecessors=[wind], successor=food, kind=LineageKind.MERGER, on=DAY + timedelta(30)
    )
    page = told(DAY + timedelta(40))
    assert "gik videre i Madklyngen" in page
    assert f'value="{wind.name}"' in page  # what was written stands


def kept(stage, who="office"):
    return actions.keep_scenario(by=stage.people[who], at=AT, name="Sammen", note="", day=DAY, clusters=ids(stage))


def test_who_kept_it_and_the_secretariat_rename_it_and_the_trail_knows(overlapping, client):
    one = kept(overlapping, "analyst")
    signed_in(client, overlapping, "ministry")
    where = f"/landskab/sammenlaegning/{one.pk}/"
    assert "Omdøb" not in client.get(where).content.decode()
    with pytest.raises(Refused):
        actions.rename_scenario(by=overlapping.people["ministry"], at=AT, scenario=one, name="Nyt", note="")
    for who, name in (("analyst", "Vind og mad"), ("office", "Mad og vind")):
        signed_in(client, overlapping, who)
        assert client.post(where, {"act": "rename", "name": name, "note": "Til marts"}).status_code == 302
        assert f"<h1>{name}</h1>" in client.get(where).content.decode()
    assert client.post(where, {"act": "rename", "name": " ", "note": ""}).status_code == 200
    first, second = (act for act in of("scenario", one.pk) if act.verb == "landscape.rename_scenario")
    names = [json.loads(said)["name"] for said in (first.before, first.after, second.after)]
    assert names == ["Sammen", "Vind og mad", "Mad og vind"]
    assert first.by == overlapping.people["analyst"] and list(breaks()) == []


def test_a_withdrawn_scenario_leaves_the_list_and_is_still_read_at_its_address(overlapping, client):
    one = kept(overlapping)
    office = signed_in(client, overlapping, "office")
    where = f"/landskab/sammenlaegning/{one.pk}/"
    with pytest.raises(Refused):
        actions.withdraw_scenario(by=office, at=AT, scenario=one, because=" ")
    assert client.post(where, {"act": "withdraw", "because": "Afløst"}).status_code == 302
    page = client.get(where).content.decode()
    assert "Trukket tilbage" in page and "Afløst" in page and "Omdøb" not in page
    assert where not in client.get("/landskab/sammenlaegning/").content.decode()
    one.refresh_from_db()
    with pytest.raises(Refused):
        actions.rename_scenario(by=office, at=AT, scenario=one, name="Igen", note="")
    assert [act.reason for act in of("scenario", one.pk) if act.verb == "landscape.withdraw_scenario"] == ["Afløst"]


def test_what_is_laid_before_a_meeting_stands_as_it_was_then(overlapping, client):
    one, office = kept(overlapping), signed_in(client, overlapping, "office")
    where, ahead = f"/landskab/sammenlaegning/{one.pk}/", timezone.localdate() + timedelta(days=20)
    assert client.post("/forummoeder/", {"title": "Forummøde 2", "held_on": ahead.isoformat()}).status_code == 302
    (meeting,) = coming(seen_by=office, on=timezone.localdate())
    assert client.post(where, {"act": "lay", "meeting": str(meeting.pk)}).status_code == 302
    (row,) = laid_with(one.pk, seen_by=office, on=timezone.localdate())
    paper = f"/forummoeder/bilag/{row.pk}/"
    then = client.get(paper).content.decode()
    assert "Bilag 1" in then and "Før og efter" in then and ">16<" in then and row.digest in then
    joined(overlapping, "vind", [overlapping.bodies["a"]])
    actions.rename_scenario(by=office, at=AT, scenario=one, name="Et andet navn", note="")
    actions.withdraw_scenario(by=office, at=AT, scenario=one, because="Afløst")
    now = client.get(paper).content.decode()
    assert ">16<" in now and ">17<" in now and "<h1>Sammen</h1>" in now and "Et andet navn" in now and "Trukket tilbage" in now  # fmt: skip
    assert merger(ids(overlapping), DAY).after.companies == 17
    assert [len(table.headings) for table in tables_of(row, "en")] == [
        len(table.headings) for table in tables_of(row, "da")
    ]
    client.post(where, {"act": "lay", "meeting": str(meeting.pk)})
    assert len(laid_with(one.pk, seen_by=office, on=timezone.localdate())) == 1 and list(breaks()) == []
    signed_in(client, overlapping, "ministry")
    assert client.get(paper).status_code == 200 and "Indkald" not in client.get("/forummoeder/").content.decode()
    signed_in(client, overlapping, "vind")
    assert client.get(paper).status_code == 404 and client.get("/forummoeder/").status_code == 404


def test_a_meeting_that_was_held_takes_nothing_more(overlapping):
    one, office = kept(overlapping), overlapping.people["office"]
    held = meetings.call(by=office, at=AT, held_on=AT.date() - timedelta(days=1), title="I går")
    with pytest.raises(Refused):
        meetings.lay(by=office, at=AT, meeting=held, scenario=one, cells=[Said(Part.STANDS, 0, 0, "a", "a")])
    with pytest.raises(Refused):
        meetings.call(by=office, at=AT, held_on=held.held_on, title="I går")
    with pytest.raises(Refused):
        meetings.call(by=overlapping.people["analyst"], at=AT, held_on=held.held_on, title="Mit")


def test_a_scenario_that_was_withdrawn_after_the_page_was_read_is_not_laid_nor_called_otherwise(overlapping):
    one, office = kept(overlapping), overlapping.people["office"]
    ahead = meetings.call(by=office, at=AT, held_on=AT.date() + timedelta(days=9), title="Om ni dage")
    actions.withdraw_scenario(by=office, at=AT, scenario=type(one).objects.get(pk=one.pk), because="Forkert")
    assert one.withdrawn_at is None  # as the page read it
    with pytest.raises(Refused):
        meetings.lay(by=office, at=AT, meeting=ahead, scenario=one, cells=[Said(Part.STANDS, 0, 0, "a", "a")])
    assert not ahead.laid.exists()


def test_few_shared_companies_are_a_range_in_what_is_laid_whoever_lays_it(parallel):
    cells = in_words(lambda: result_of([parallel.clusters[key] for key in ("vind", "mad")], DAY, opened=False))
    companies = {one.da for one in cells if one.part is Part.STANDS} - {""}
    assert "12–15" in companies and "14" not in companies


def laid_twice(stage):
    """Two scenarios before a meeting that is ahead: the first wrongly."""
    office, ahead = stage.people["office"], timezone.localdate() + timedelta(days=20)
    meeting = meetings.call(by=office, at=timezone.now(), held_on=ahead, title="Forummøde 3")
    lay = partial(meetings.lay, by=office, at=timezone.now(), meeting=meeting)
    rows = [lay(scenario=kept(stage), cells=[Said(Part.STANDS, 0, 0, f"Nr. {nth}", f"No. {nth}")]) for nth in (1, 2)]
    return meeting, lay, *rows


def test_what_was_laid_wrongly_is_taken_back_and_says_so_wherever_it_stands(overlapping, client):
    meeting, _lay, first, second = laid_twice(overlapping)
    signed_in(client, overlapping, "office")
    paper, scenario = f"/forummoeder/bilag/{first.pk}/", f"/landskab/sammenlaegning/{first.scenario_id}/"
    assert "Tag bilaget tilbage" in client.get(paper).content.decode()
    for wrong in ({"because": " ", "sure": "on"}, {"because": "Forkert dag"}, {}):
        assert client.post(paper, wrong).status_code == 200
    first.refresh_from_db()
    assert first.taken_back_at is None
    assert client.post(paper, {"because": "Forkert dag", "sure": "on"}).status_code == 302
    first.refresh_from_db()
    assert (first.taken_back_by, first.taken_back_because, first.position) == (overlapping.people["office"], "Forkert dag", 1)  # fmt: skip
    page = client.get(paper).content.decode()
    assert (
        page.count("Taget tilbage") == 1
        and "Forkert dag" in page
        and "Nr. 1" in page
        and "Tag bilaget tilbage" not in page
    )
    for where in ("/forummoeder/", scenario):
        page = client.get(where).content.decode()
        assert page.count("Taget tilbage") == 1 and page.count("Forkert dag") == 1, where
    assert "Taget tilbage" not in client.get(f"/forummoeder/bilag/{second.pk}/").content.decode()
    (act,) = (one for one in of("meeting", meeting.pk) if one.verb == "meetings.take_back")
    assert act.reason == "Forkert dag" and json.loads(act.before)["number"] == 1
    assert json.loads(act.before)["exhibit"] == first.digest and list(breaks()) == []


def test_it_can_be_laid_again_and_takes_a_number_of_its_own(overlapping):
    _meeting, lay, first, second = laid_twice(overlapping)
    office, cells = overlapping.people["office"], [Said(Part.STANDS, 0, 0, "Igen", "Again")]
    with pytest.raises(Refused):
        lay(scenario=first.scenario, cells=cells)
    meetings.take_back(by=office, at=timezone.now(), exhibit=first, because="Forkert dag", sure=True)
    again = lay(scenario=first.scenario, cells=cells)
    assert [first.position, second.position, again.position] == [1, 2, 3]
    with pytest.raises(Refused):
        lay(scenario=first.scenario, cells=cells)
    meetings.take_back(by=office, at=timezone.now(), exhibit=again, because="Også forkert", sure=True)
    assert lay(scenario=first.scenario, cells=cells).position == 4


def test_taken_back_once_by_the_secretariat_and_not_after_the_meeting(overlapping, client):
    meeting, _lay, first, second = laid_twice(overlapping)
    office, now = overlapping.people["office"], timezone.now()
    take_back = partial(meetings.take_back, exhibit=first, because="Forkert dag", sure=True)
    for who in ("analyst", "ministry", "vind"):
        with pytest.raises(Refused):
            take_back(by=overlapping.people[who], at=now)
    signed_in(client, overlapping, "ministry")
    assert "Tag bilaget tilbage" not in client.get(f"/forummoeder/bilag/{first.pk}/").content.decode()
    client.post(f"/forummoeder/bilag/{first.pk}/", {"because": "Nej", "sure": "on"})
    with pytest.raises(Refused, match="has been held"):
        take_back(by=office, at=now + timedelta(days=21))
    first.refresh_from_db()
    assert first.taken_back_at is None
    take_back(by=office, at=now + timedelta(days=20))
    with pytest.raises(Refused, match="already"):
        take_back(by=office, at=now)
    acts = [one.verb for one in of("meeting", meeting.pk)]
    assert acts.count("meetings.take_back") == 1 and laid_with(second.scenario_id, seen_by=office, on=AT.date()).get().taken_back_at is None  # fmt: skip
