"""The way to a label at people's desks: nobody sees a score too early, by any way in; the report, the plan and the reminders reach whom they should."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from klyngeforum.ground.access import actions as access
from klyngeforum.ground.access.terms import Language, Role
from klyngeforum.ground.letters import actions as letters
from klyngeforum.ground.trail.queries import acts
from klyngeforum.quality.assessments import actions as assessments
from klyngeforum.quality.assessments import auditing
from klyngeforum.quality.assessments.queries import lines
from klyngeforum.quality.assessments.terms import Part, Seat
from klyngeforum.quality.indicators.queries import version
from klyngeforum.quality.labels.actions import note
from klyngeforum.quality.labels.assigned import one_assigned
from klyngeforum.quality.labels.queries import areas, case
from klyngeforum.quality.labels.rules import task
from klyngeforum.quality.labels.terms import CaseState, Task
from klyngeforum.web.mail.reminders import remind
from klyngeforum.web.papers.audit_report import audit_report
from tests import certified
from tests.certified import AT
from tests.told import told

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "Hemmeligt-fund-7713"


def at_desk(stage, who):
    client = Client()
    client.force_login(stage.people[who], backend=BACKEND)
    return client


def write(stage, one, who, seat, code, part, value):
    line = next(line for line in lines(one, seen_by=stage.people[who], seat=seat) if line.indicator.code == code)
    assessments.answer(by=stage.people[who], at=AT, assessment=one, indicator=code, part=part, value=value, turn=line.turns.get(part, 0), seat=seat)  # fmt: skip


@pytest.fixture
def one_in(stage):
    return told(_one_in, stage)


def _one_in(stage):
    """The first expert has handed in, with a secret in the justification; the second still scores."""
    found = certified.auditing_case(stage)
    certified.fill(stage, found.audit, Seat.EXPERT_A, "first", "4")
    write(stage, found.audit, "first", Seat.EXPERT_A, "2.1", Part.JUSTIFICATION, SECRET)
    auditing.hand_in(by=stage.people["first"], at=AT, assessment=found.audit)
    return stage, found


def addresses(found):
    """Every way in to the case and what surrounds it, with sorting, filters, exports and the API."""
    pk, audit = found.pk, found.audit_id
    group = "2"
    return [
        "/auditor/", f"/auditor/sag/{pk}/", f"/auditor/sag/{pk}/gruppe/{group}/", f"/auditor/sag/{pk}/faelles/", f"/auditor/sag/{pk}/indsats/",
        f"/auditor/sag/{pk}/rapport.pdf", "/sekretariat/", "/sekretariat/sager/", "/sekretariat/sager/?sort=-state", "/sekretariat/sager/?hent=json",
        f"/sekretariat/sager/{pk}/", f"/sekretariat/sager/{pk}/rapport.pdf", "/sekretariat/spor/", "/sekretariat/spor/?verb=assessments", "/sekretariat/spor/?hent=json&verb=assessments",
        "/klyngekontor/", "/klyngekontor/maerker/", f"/klyngekontor/maerker/{pk}/", f"/klyngekontor/maerker/{pk}/rapport.pdf", "/klyngekontor/vurderinger/",
        f"/klyngekontor/vurderinger/{audit}/", f"/klyngekontor/vurderinger/{audit}/gruppe/{group}/", f"/klyngekontor/vurderinger/{audit}/regneark/", f"/klyngekontor/vurderinger/{audit}/omregnet/",
        f"/klyngekontor/vurderinger/afstand/?vurdering={audit}", "/klynger/vindklyngen/", "/maerker/", "/api/openapi.json", "/api/clusters",
        "/api/labels", "/api/leagues", "/api/records/proposals", "/api/records/distance/vindklyngen/gold", "/api/records/distance/vindklyngen/gold?language=en",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "who", ["second", "vind", "staff", "office", "mad", "ministry", "auditor", "analyst", "company"]
)
def test_a_score_that_is_in_reaches_nobody_before_the_other_is(one_in, who):
    stage, found = one_in
    client = at_desk(stage, who)
    for address in [*addresses(found), *addresses(found)]:  # the second time may come from what was kept
        answer = client.get(address)
        assert SECRET not in answer.content.decode(errors="replace"), address
        assert answer.status_code in (200, 302, 404), address
    assert client.get(f"/auditor/sag/{found.pk}/faelles/").status_code == 404
    assert client.get(f"/auditor/sag/{found.pk}/rapport.pdf").status_code == 404


def checked(page: str) -> list[str]:
    return re.findall(r'value="([^"]+)" checked', page)


def test_the_other_experts_page_is_the_same_whatever_the_first_scored(one_in):
    """The second expert's page holds no level of the first: a page of a case with other scores is the same page."""
    stage, found = one_in
    page = at_desk(stage, "second").get(f"/auditor/sag/{found.pk}/gruppe/2/").content.decode()
    assert checked(page) == [] and "First" not in re.sub(r"<header.*?</header>", "", page, flags=re.S)
    own = at_desk(stage, "first").get(f"/auditor/sag/{found.pk}/gruppe/2/").content.decode()
    assert SECRET in own and "form" in own and not checked(own)  # handed in: read, not changed


def test_the_trail_never_says_what_was_scored(one_in):
    stage, found = one_in
    certified.fill(stage, found.audit, Seat.EXPERT_B, "second", "3")
    auditing.hand_in(by=stage.people["second"], at=AT, assessment=found.audit)
    certified.fill(stage, found.audit, Seat.AGREED, "first")
    rows = acts().filter(thing="assessment", thing_id=found.audit_id, verb="assessments.answer")
    scored = [row for row in rows if json.loads(row.after)["seat"] != "own"]
    assert len(scored) > 60
    assert [row.pk for row in scored if row.before or "value" in json.loads(row.after)] == []


def test_the_joint_round_shows_both_and_the_agreed_score_is_written_there(one_in):
    stage, found = one_in
    certified.fill(stage, found.audit, Seat.EXPERT_B, "second", "3")
    auditing.hand_in(by=stage.people["second"], at=AT, assessment=found.audit)
    client = at_desk(stage, "second")
    page = client.get(f"/auditor/sag/{found.pk}/faelles/").content.decode()
    assert SECRET in page and "I er uenige" in page
    client.post(f"/auditor/sag/{found.pk}/faelles/", {"act": "same"})
    saved = client.post(f"/auditor/sag/{found.pk}/svar/2.1/", {"part": "level", "value": "3", "turn": "0"}, headers={"HX-Request": "true"})  # fmt: skip
    assert saved.status_code == 200 and 'role="status"' in saved.content.decode()
    assert SECRET not in at_desk(stage, "office").get(f"/sekretariat/sager/{found.pk}/").content.decode()
    assert at_desk(stage, "vind").get(f"/klyngekontor/maerker/{found.pk}/rapport.pdf").status_code == 404


def test_an_assessor_declares_scores_and_hands_in_at_the_desk(stage):
    found = certified.assigning(stage)
    certified.expert(stage, "first")
    certified.ask(stage, found, "first")
    client = at_desk(stage, "first")
    page = client.get(f"/auditor/sag/{found.pk}/").content.decode()
    assert "Vi er klar." not in page  # the application is not read before the declaration
    assert client.get("/hjem/").headers["Location"] == "/auditor/"
    client.post(f"/auditor/sag/{found.pk}/", {"act": "declare", "independent": "yes", "text": "Ingen forbindelse."})
    assert one_assigned(found.pk, stage.people["first"], on=AT.date()).task is Task.AWAIT_START
    assert "Vi er klar." in client.get(f"/auditor/sag/{found.pk}/").content.decode()


def test_a_tie_is_said_before_the_declaration_and_who_is_not_independent_sees_nothing_more(stage):
    found = certified.assigning(stage)
    person = certified.expert(stage, "first")
    certified.ask(stage, found, "first")
    today = date.today()  # noqa: DTZ011 - the screen asks about today
    access.appoint(by=None, at=AT, person=person, role=Role.STAFF, body_id=stage.bodies["vind"], since=today - timedelta(days=400))  # fmt: skip
    client = at_desk(stage, "first")
    assert "Huset har fundet forbindelser" in client.get(f"/auditor/sag/{found.pk}/").content.decode()
    client.post(f"/auditor/sag/{found.pk}/", {"act": "declare", "independent": "yes", "text": "Ingen."})
    assert one_assigned(found.pk, person, on=today).declaration.independent is None
    client.post(f"/auditor/sag/{found.pk}/", {"act": "declare", "independent": "no", "text": "Jeg arbejder der."})
    assert client.get(f"/auditor/sag/{found.pk}/").status_code == 404


def test_the_secretariat_cannot_ask_somebody_with_a_tie(stage):
    found = certified.assigning(stage)
    certified.expert(stage, "tied", body="vind", role=Role.STAFF)
    certified.expert(stage, "free")
    client = at_desk(stage, "office")
    page = client.get(f"/sekretariat/sager/{found.pk}/").content.decode()
    assert "Kan ikke spørges" in page and f'<option value="{stage.people["tied"].pk}"' not in page
    client.post(
        f"/sekretariat/sager/{found.pk}/", {"act": "ask", "expert": stage.people["free"].pk, "seat": "expert_a"}
    )
    assert found.declarations.get().person == stage.people["free"]


def test_report_plan_award_and_calendar(stage):
    found = certified.reported(stage)
    manager, office = at_desk(stage, "vind"), at_desk(stage, "office")
    address, area = f"/klyngekontor/maerker/{found.pk}/", areas(found.pk).first()
    far = "2199-01-01"
    manager.post(
        address, {"act": "plan", "area": area.pk, "what": "Skriv strategien ned", "owner": "Vind", "due_on": far}
    )
    desk, name = (
        manager.get("/klyngekontor/").content.decode(),
        version(found.scheme, found.version).indicator(area.indicator).name.say("da"),
    )
    assert re.search(rf'href="{address}">Skriv strategien ned</a><br>{name}<', desk)  # the step leads to its area
    assert at_desk(stage, "mad").get(address).status_code == 404
    manager.post(address, {"act": "finish", "step": area.steps.get().pk})
    assert area.steps.get().done_on is not None
    refused = manager.post(address, {"act": "plan", "area": area.pk, "what": "Nyt trin", "owner": "", "due_on": far}).content.decode()  # fmt: skip
    assert 'value="Nyt trin"' in refused  # nothing that was written is lost
    today = date.today()  # noqa: DTZ011
    until = today + timedelta(days=200)
    form = {"act": "award", "issuer": "ESCA", "certificate": "G-1", "valid_from": today.isoformat(), "valid_to": until.isoformat(), "decision": "Møde 3, punkt 2"}  # fmt: skip
    office.post(f"/sekretariat/sager/{found.pk}/", form)
    assert case(found.pk, seen_by=None, on=today).state == CaseState.AWARDED
    assert "Vindklyngen" in Client().get("/maerker/").content.decode()
    assert "Vindklyngen" not in Client().get(f"/maerker/?dato={today - timedelta(days=1)}").content.decode()
    assert Client().get("/maerker/?dato=vrøvl").status_code == 200
    feed = Client().get("/maerker/kalender.ics").content.decode()
    assert f"DTSTART;VALUE=DATE:{until:%Y%m%d}" in feed and feed.startswith("BEGIN:VCALENDAR")
    assert "BEGIN:VEVENT" not in Client().get("/maerker/kalender.ics?klynge=madklyngen").content.decode()
    assert "Vindklyngen" in office.get("/sekretariat/udloeb/").content.decode()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_report_is_a_tagged_pdf_for_the_organisation_its_assessors_and_the_secretariat(stage, language):
    found = certified.reported(stage)
    paper = audit_report(found, seen_by=stage.people["vind"], language=language, at=AT)
    assert paper.startswith(b"%PDF") and b"pdfuaid" in paper
    allowed = {
        "vind": "certification_report",
        "staff": "certification_report",
        "office": "case_report",
        "first": "auditor_report",
    }
    for who in ("vind", "staff", "office", "first", "mad", "auditor", "ministry", "company"):
        client = at_desk(stage, who)
        got = {name for name in set(allowed.values()) if client.get(reverse(name, args=[found.pk])).status_code == 200}
        assert got == ({allowed[who]} if who in allowed else set()), who


def test_two_years_of_reminders_reach_each_manager_once_in_their_own_language(stage):
    second = access.welcome(by=None, at=AT, email="english@demo.invalid", name="Ellen")
    access.appoint(
        by=None, at=AT, person=second, role=Role.MANAGER, body_id=stage.bodies["vind"], since=date(2010, 1, 1)
    )
    second.language = Language.ENGLISH.value
    second.save()
    row = note(by=None, at=AT, cluster=stage.clusters["vind"], label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 1), valid_to=date(2015, 6, 1))  # fmt: skip
    first, sent = date(2013, 6, 3), {}
    for day in range(0, 760, 3):
        on = first + timedelta(days=day)
        remind(by=None, at=datetime(on.year, on.month, on.day, 8, tzinfo=UTC), on=on)
        for one in mail.outbox:
            sent.setdefault((one.to[0], one.subject), []).append(on)
        mail.outbox.clear()
    assert all(len(days) == 1 for days in sent.values())
    for who, words in (("vind@demo.invalid", "udløber"), ("english@demo.invalid", "runs out")):
        mine = [subject for to, subject in sent if to == who]
        assert len(mine) == 4 and all(words in subject for subject in mine)
    assert {to for to, _ in sent} == {"vind@demo.invalid", "english@demo.invalid"}
    assert [days[0] for (to, _), days in sent.items() if to == "vind@demo.invalid"] == sorted(days[0] for (to, _), days in sent.items() if to == "vind@demo.invalid")  # fmt: skip
    assert row.reminders.count() == 4


def test_a_mail_that_fails_is_said_and_sent_the_next_day_and_only_then(stage, monkeypatch):
    note(by=None, at=AT, cluster=stage.clusters["vind"], label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 1), valid_to=date(2014, 6, 1))  # fmt: skip
    sending = letters.send_mail

    def refuse(*args, **more):
        raise OSError("connection refused")

    monkeypatch.setattr(letters, "send_mail", refuse)
    told, failed = remind(by=None, at=AT, on=AT.date())
    assert [one.to for one in told] == ["vind@demo.invalid"] and failed[0][2] == "connection refused"
    monkeypatch.setattr(letters, "send_mail", sending)
    later = AT + timedelta(days=1)
    assert remind(by=None, at=later, on=later.date()) == ([], [])
    assert [one.to for one in mail.outbox] == [["vind@demo.invalid"]]


def test_nobody_to_remind_is_said_and_the_reminder_waits(stage):
    access.end_post(by=None, at=AT, post=stage.people["vind"].posts.get(), on=date(2013, 5, 1))
    note(by=None, at=AT, cluster=stage.clusters["vind"], label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 1), valid_to=date(2014, 6, 1))  # fmt: skip
    for _ in range(2):
        told, _failed = remind(by=None, at=AT, on=AT.date())
        assert [one.problem for one in told] == ["nobody manages the organisation; the reminder waits"]


@pytest.mark.parametrize(
    ("state", "declared", "audit", "handed_in", "waits"),
    [
        ("assigning", None, "open", False, Task.DECLARE), ("assigning", True, "open", False, Task.AWAIT_START),
        ("auditing", True, "scoring", False, Task.SCORE), ("auditing", True, "scoring", True, Task.AWAIT_OTHER),
        ("auditing", True, "joint", True, Task.MEET), ("auditing", True, "agreed", True, Task.REPORT),
        ("reported", True, "agreed", True, Task.DONE), ("withdrawn", None, "open", False, Task.DONE),
    ],
)  # fmt: skip
def test_what_waits_for_an_assessor(state, declared, audit, handed_in, waits):
    assert task(state, declared, audit, handed_in) is waits


def test_the_organisations_own_answers_stand_beside_the_question(one_in):
    """They are those of the self-evaluation that the application rests on."""
    stage, found = one_in
    write_own = "Vores egen begrundelse 4411"
    found.own.answers.filter(indicator="2.1", seat="own").update(justification=write_own)
    assert write_own in at_desk(stage, "second").get(f"/auditor/sag/{found.pk}/gruppe/2/").content.decode()


def test_a_label_that_is_renewed_does_not_run_out_on_any_desk(stage):
    today, cluster = date.today(), stage.clusters["vind"]  # noqa: DTZ011 - the screens ask about today
    soon = today + timedelta(days=60)
    stage.open()
    desks = (("vind", "/klyngekontor/"), ("office", "/sekretariat/"), ("office", "/sekretariat/udloeb/"))
    note(by=None, at=AT, cluster=cluster, label=certified.LABEL, issuer="ESCA", valid_from=date(2013, 6, 1), valid_to=soon)  # fmt: skip
    ending = f"{soon.day}. {date_format(soon, 'F Y')}"
    assert [where for who, where in desks if ending not in main_of(at_desk(stage, who).get(where))] == []
    note(by=None, at=AT, cluster=cluster, label=certified.LABEL, issuer="ESCA", valid_from=soon, valid_to=soon + timedelta(days=1100))  # fmt: skip
    told = [where for who, where in desks if f"udløber {ending}" in (page := main_of(at_desk(stage, who).get(where))) or (who == "office" and ending in page)]  # fmt: skip
    assert told == []


def main_of(page) -> str:
    return re.sub(r".*<main", "", page.content.decode(), flags=re.S).replace("\xa0", " ")
