"""The secretariat lays what it looks at before the forum: what was seen then stands, whatever is counted later, and tells of no few."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from klyngeforum.ground.trail.queries import breaks, of
from klyngeforum.ground.verdict import Refused
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.models import Meeting
from klyngeforum.steering.meetings.queries import laid_at, tables_of
from klyngeforum.steering.meetings.rules import fingerprint
from klyngeforum.steering.meetings.terms import Kind, Part
from klyngeforum.web.public.exhibits.offered import OFFERED, shown_at
from klyngeforum.web.public.exhibits.shown import seen
from tests.cast import YEAR
from tests.studied import shelved
from tests.tabled import tabled

from .test_between_story import DAY, PAIR, factories, joined, overlapping, parallel
from .test_coverage_story import PAGE, populated
from .test_doors import filled, furnished, signed_in

__all__ = ["factories", "filled", "furnished", "overlapping", "parallel", "populated"]
pytestmark = pytest.mark.django_db
LAY = "/forummoeder/laeg-frem"


def called(stage, days=20, title="Forummøde 3"):
    held_on = timezone.localdate() + timedelta(days=days)
    return meetings.call(by=stage.people["office"], at=timezone.now(), held_on=held_on, title=title)


def fingerprint_of(page: str) -> str:
    return re.search(r'name="fingerprint" value="(\w+)"', page).group(1)


def lay_by_hand(client, address, meeting, note=""):
    """As the secretariat does it: look first, then lay what was seen."""
    where = f"{LAY}{address}"
    page = client.get(where).content.decode()
    return client.post(where, {"meeting": str(meeting.pk), "note": note, "fingerprint": fingerprint_of(page)})


def said(row, part, language="da"):
    return next((table.rows for table in tables_of(row, language) if table.part is part), ())


def test_what_was_seen_stands_when_the_registers_move(populated, client):
    stage, made = populated
    meeting, office = called(stage), signed_in(client, stage, "office")
    assert f"{LAY}/landskab/daekning/?dag={DAY}" in client.get(PAGE).content.decode()
    answer = lay_by_hand(client, PAGE, meeting, note="Punkt 3")
    assert answer.status_code == 302
    (row,) = laid_at(PAGE, seen_by=office, on=timezone.localdate())
    then = client.get(answer.url).content.decode()
    assert "Punkt 3" in then and row.digest in then and PAGE in then and "Dækning den 31. december 2012" in then
    gap = ("Region Midtjylland: 10 Fremstilling af fødevarer (DB07)", "Stærk, ikke dækket", "Virksomheder")
    assert said(row, Part.UNCOVERED)[0][:3] == gap and said(row, Part.UNCOVERED)[0][4:6] == ("30", "0\xa0pct.")
    joined(stage, "mad", made["10", "Aarhus"][:25])
    assert "<strong>0</strong> af 2 stærke felter" in client.get(PAGE).content.decode()
    assert said(row, Part.UNCOVERED)[0][:3] == gap
    assert "1 af 2 stærke felter" in client.get(answer.url).content.decode()
    assert said(row, Part.SAID, "en")[0][0].startswith("On 31 December 2012, 1 of 2 strong fields")
    cells = json.loads(client.get(f"{answer.url}?hent=json").content)
    assert {"Stærk, ikke dækket", "30"} <= {str(one["said"]) for one in cells} and {one["fingerprint"] for one in cells} == {row.digest}  # fmt: skip
    (act,) = (one for one in of("meeting", meeting.pk) if one.verb == "meetings.lay")
    assert json.loads(act.after)["exhibit"] == row.digest and json.loads(act.after)["address"] == PAGE and list(breaks()) == []  # fmt: skip


def test_marks_of_the_day_stand_with_their_source_and_say_what_is_a_placeholder(populated):
    stage, _ = populated
    found = shown_at("/landskab/daekning/", {"dag": str(DAY)}, by=stage.people["office"], on=DAY)
    words = [one.da for one in seen(found).cells if one.part is Part.RESTS]
    assert any("Pladsholder" in one for one in words) and any("talt pr. 31. december 2012" in one for one in words)


def test_of_a_few_a_range_is_laid_also_by_who_sees_the_number(parallel, client):
    meeting, office = called(parallel), signed_in(client, parallel, "office")
    assert '<strong class="bullet__value">2</strong>' in client.get(PAIR).content.decode()
    assert lay_by_hand(client, PAIR, meeting).status_code == 302
    address = f"/landskab/overlap/madklyngen/vindklyngen/?dag={DAY}"
    (row,) = laid_at(address, seen_by=office, on=timezone.localdate())
    facts = dict(said(row, Part.STATE))
    assert facts["Fælles virksomheder"] == "1–4" and facts["Andel af den mindstes"] == "oplyses ikke"
    assert not any("Fabrik" in words for rows in tables_of(row, "da") for line in rows.rows for words in line)


def test_numbers_that_moved_since_the_look_are_not_laid_unseen(populated, client):
    stage, made = populated
    meeting, office = called(stage), signed_in(client, stage, "office")
    where = f"{LAY}{PAGE}"
    before = fingerprint_of(client.get(where).content.decode())
    joined(stage, "mad", made["10", "Aarhus"][:25])
    answer = client.post(where, {"meeting": str(meeting.pk), "fingerprint": before})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Tallene har ændret sig" in page and "0 af 2 stærke felter" in page
    assert not laid_at(PAGE, seen_by=office, on=timezone.localdate())
    now = fingerprint_of(page)
    assert now != before
    assert client.post(where, {"meeting": str(meeting.pk), "fingerprint": now}).status_code == 302


def test_a_meeting_that_is_held_or_unknown_is_refused_in_words(overlapping, client):
    meeting, _office = called(overlapping), signed_in(client, overlapping, "office")
    where = f"{LAY}{PAIR}"
    Meeting.objects.filter(pk=meeting.pk).update(held_on=timezone.localdate() - timedelta(days=1))
    called(overlapping, 40, "Forummøde 4")
    for one in (meeting.pk, 0, "x"):
        page = client.post(
            where, {"meeting": str(one), "fingerprint": fingerprint_of(client.get(where).content.decode())}
        )
        assert page.status_code == 200 and "Det møde er holdt, eller det er ikke indkaldt." in page.content.decode()


def test_a_page_lies_once_before_a_meeting_and_again_after_it_was_taken_back(overlapping, client):
    first, second, office = called(overlapping), called(overlapping, 40, "Forummøde 4"), signed_in(client, overlapping, "office")  # fmt: skip
    assert lay_by_hand(client, PAIR, first).status_code == 302
    again = lay_by_hand(client, PAIR, first)
    assert again.status_code == 200 and "allerede lagt frem på det møde" in again.content.decode()
    assert lay_by_hand(client, PAIR, second).status_code == 302
    row = first.laid.get()
    meetings.take_back(by=office, at=timezone.now(), exhibit=row, because="Forkert dag", sure=True)
    assert lay_by_hand(client, PAIR, first).status_code == 302
    assert [one.position for one in first.laid.order_by("position")] == [1, 2]
    assert "Forkert dag" in client.get(f"{LAY}{PAIR}").content.decode()
    (act,) = (one for one in of("meeting", first.pk) if one.verb == "meetings.take_back")
    assert json.loads(act.before)["kind"] == "pair"


def test_only_the_secretariat_lays_and_only_before_a_coming_meeting(overlapping, client):
    page = seen(shown_at("/landskab/overlap/", {"dag": str(DAY)}, by=None, on=DAY))
    held, ahead = called(overlapping, -1), called(overlapping, 3, "Snart")
    for who in ("ministry", "analyst", "vind", ""):
        signed_in(client, overlapping, who) if who else client.logout()
        assert LAY not in client.get(PAIR).content.decode(), who
        assert client.get(f"{LAY}{PAIR}").status_code in (302, 404)
    for who in ("ministry", "analyst", "vind"):
        with pytest.raises(Refused):
            meetings.lay_page(by=overlapping.people[who], at=timezone.now(), meeting=ahead, seen=page)
    with pytest.raises(Refused, match="has been held"):
        meetings.lay_page(by=overlapping.people["office"], at=timezone.now(), meeting=held, seen=page)
    assert not ahead.laid.exists() and not held.laid.exists()
    signed_in(client, overlapping, "office")
    for nothing in ("/landskab/", "/sekretariat/", "/findes/ikke/", "/effekter/findes-ikke/", "/styrker/9999/", "/landskab/overlap/vindklyngen/vindklyngen/"):  # fmt: skip
        assert client.get(f"{LAY}{nothing}").status_code == 404, nothing


def test_only_a_published_study_is_laid_with_what_speaks_against_it(stage, client):
    codes = shelved(stage)
    meeting, office = called(stage), signed_in(client, stage, "office")
    published = f"/effekter/{codes['effect_study']}/"
    assert client.get(f"{LAY}/effekter/{codes['study_work']}/").status_code == 404
    assert lay_by_hand(client, published, meeting).status_code == 302
    (row,) = laid_at(published, seen_by=office, on=timezone.localdate())
    assert row.kind == Kind.STUDY and said(row, Part.ANSWERS) and said(row, Part.AGAINST) and said(row, Part.REVIEWS)
    assert "Protokollens fingeraftryk" in {line[0] for line in said(row, Part.RESTS)}


def test_a_region_is_laid_without_its_small_numbers(stage, client):
    tabled(stage)
    meeting, office = called(stage), signed_in(client, stage, "office")
    assert lay_by_hand(client, "/styrker/1083/", meeting).status_code == 302
    row = meeting.laid.get()
    assert row.address.startswith("/styrker/1083/?tabel=1&inddeling=") and row.as_of.year == YEAR
    assert any("2.000" in line for line in said(row, Part.STRENGTHS)) and "Opdigtet" in str(said(row, Part.RESTS))
    assert laid_at(row.address, seen_by=office, on=timezone.localdate()).exists()


WHERE = {
    "effect_study": "/effekter/{effect_study}/", "coverage": "/landskab/daekning/", "pair": "/landskab/overlap/vindklyngen/madklyngen/", "overlap": "/landskab/overlap/",
    "cluster": "/klynger/vindklyngen/", "region_strengths": "/styrker/1083/", "specialisation": "/styrker/strategier/", "targets": "/maal/",
}  # fmt: skip


def test_every_page_that_is_offered_is_fixed_in_both_languages_and_leads_back(furnished, client):
    stage, _ = furnished
    joined(stage, "mad", [stage.bodies["b"]])
    assert set(WHERE) == set(OFFERED)
    meeting, office = called(stage), stage.people["office"]
    for nth, (name, where) in enumerate(WHERE.items(), 1):
        path = where.format(**stage.studies)
        signed_in(client, stage, "office")
        assert f"{LAY}{path}" in client.get(path).content.decode(), name
        answer = lay_by_hand(client, path, meeting)
        assert answer.status_code == 302, name
        row = meeting.laid.get(position=nth)
        assert (row.name and row.name_en and row.name != row.name_en) or name in ("effect_study", "pair"), name
        told = seen(shown_at(path, {}, by=office, on=timezone.localdate()))
        assert row.digest == fingerprint(told.cells, told.pictures), name
        da, en = tables_of(row, "da"), tables_of(row, "en")
        assert [len(one.rows) for one in da] == [len(one.rows) for one in en] and da != en, name
        client.logout()
        assert client.get(row.address).status_code == 200, name
        signed_in(client, stage, "ministry")
        page = client.get(answer.url).content.decode()
        assert row.address.replace("&", "&amp;") in page and "Låst" in page, name
