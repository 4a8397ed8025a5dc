"""A company answers by its link, the manager looks at the difference, the secretariat holds the round, everybody reads what may be read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as some

from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.survey import actions
from klyngeforum.records.survey.links import token
from klyngeforum.records.survey.models import Asked, Part, Written
from klyngeforum.records.survey.questionnaires import in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(stage):
    now = timezone.now()
    stage.part(stage.activity("vind", "K1"), "a", "b")
    one = stage.clusters["vind"]
    contacts = [actions.NewContact(stage.bodies[key], f"{key}@example.com", language=spoken) for key, spoken in (("a", "en"), ("b", "da"))]  # fmt: skip
    actions.hold_contacts(by=stage.people["vind"], at=now, cluster=one, contacts=contacts, basis="Aftale")
    office = stage.people["office"]
    held = actions.prepare(by=office, at=now, survey=in_force("company", on=now.date()), year=2012)
    return stage, actions.open_round(by=office, at=now, one=held)


def link(held, body):
    row = Asked.objects.get(round=held, body_id=body)
    return f"/undersoegelse/svar/{token(row.pk, row.turn)}/"


def sign_in(client, stage, who):
    client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")


def test_save_come_back_hand_in_and_keep_a_copy(asked, client):
    stage, held = asked
    where, part = link(held, stage.bodies["b"]), Part.objects.get(asked__body=stage.bodies["b"])
    page = client.get(where)
    assert page.status_code == 200 and "Vindklyngen" in page.text and "Virksomhedsundersøgelsen" in page.text
    assert page["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"  # fmt: skip
    other = Body.objects.get(pk=stage.bodies["a"]).name
    assert other not in page.text
    client.post(where, {"satisfaction": "4", "save": "1"})
    assert 'name="satisfaction" value="4" checked' in client.get(where).text
    answers = {
        "satisfaction": "4",
        "needs": ["partners", "funding"],
        f"part_{part.pk}": "wrong",
        f"part_{part.pk}_step": "3",
        "hand_in": "1",
    }
    copy = client.post(where, answers, follow=True)
    assert (
        "Tak" in copy.text
        and "Samarbejdspartnere" in copy.text
        and '<form method="post" action="/undersoegelse' not in copy.text
    )
    assert "Tak" in client.post(where, {"satisfaction": "1", "save": "1"}, follow=True).text
    assert Asked.objects.get(body_id=stage.bodies["b"], round=held).answers["satisfaction"] == 4
    sign_in(client, stage, "vind")
    desk = client.get(f"/klyngekontor/undersoegelse/{held.pk}/")
    assert "Nye produkter" in desk.text
    client.post(f"/klyngekontor/undersoegelse/{held.pk}/", {"part": part.pk, "note": "Set efter"})
    assert "Set efter" in client.get(f"/klyngekontor/undersoegelse/{held.pk}/").text


def test_the_form_speaks_the_language_of_the_contact_and_saves_itself(asked, client):
    stage, held = asked
    where = link(held, stage.bodies["a"])
    assert "The company survey" in client.get(where).text
    saved = client.post(where, {"satisfaction": "nine"}, headers={"HX-Request": "true"})
    assert "not understood" in saved.text and len(saved.content) < 300
    wrong = client.post(where, {"satisfaction": "nine", "needs": "partners", "hand_in": "1"})
    assert "form-error" in wrong.text and Asked.objects.get(body_id=stage.bodies["a"], round=held).answers == {"needs": ["partners"]}  # fmt: skip


@pytest.mark.parametrize("secret", ["x", "0" * 43, "%00", "Ærø"])
def test_of_a_wrong_link_nothing_is_learnt(asked, client, secret):
    answer = client.get(f"/undersoegelse/svar/{secret}/")
    assert answer.status_code == 404 and "Vindklyngen" not in answer.text.replace("Klyngeforum", "")


@tried(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.dictionaries(some.sampled_from(["satisfaction", "needs", "shortage", "shortage_count", "comment", "consent", "save", "hand_in"]), some.text(max_size=30)))  # fmt: skip
def test_whatever_is_posted_the_page_answers(asked, client, sent):
    stage, held = asked
    assert client.post(link(held, stage.bodies["a"]), sent).status_code in (200, 302)


def test_the_secretariat_sends_each_in_its_language_and_publishes(asked, client):
    stage, held = asked
    sign_in(client, stage, "office")
    where = f"/sekretariat/undersoegelser/{held.pk}/"
    assert client.get(where).status_code == 200
    client.post(where, {"act": "send"})
    assert sorted(one.subject for one in mail.outbox) == ["The company survey 2012", "Virksomhedsundersøgelsen 2012"]
    assert all("/undersoegelse/svar/" in one.body for one in mail.outbox)
    Asked.objects.filter(round=held).update(asked_at=timezone.now() - timedelta(days=14))
    client.post(where, {"act": "send"})
    assert len(mail.outbox) == 4 and any("påmindelse" in one.subject for one in mail.outbox)
    public = "/resultater/undersoegelser/company/2012/0/"
    assert client.get(public).status_code == 404
    for act in ("close", "publish"):
        client.post(where, {"act": act})
    page = client.get(where).text
    assert (
        page.count("<dt>Besvaret</dt>") == 1 and "virksomheder har svaret af" not in page
    )  # said at the top, not again
    client.logout()
    assert (
        "virksomheder har svaret af" in client.get(public).text
        and public in client.get("/resultater/undersoegelser/").text
    )


def test_a_pasted_list_is_taken_in_whole_or_says_line_by_line_what_is_wrong(asked, client):
    stage, _held = asked
    sign_in(client, stage, "vind")
    where, name = "/klyngekontor/undersoegelse/kontakter/", Body.objects.get(pk=stage.bodies["c"]).name
    wrong = client.post(where, {"lines": f"{name};ikke en adresse\nUkendt Firma;x@example.com", "basis": "Aftale"})
    assert "Linje 1" in wrong.text and "Linje 2" in wrong.text and "x@example.com" not in wrong.text.split("<table")[-1]
    right = client.post(where, {"lines": f"{name}\tny@example.com\tHanne\ten", "basis": "Aftale"}, follow=True)
    assert "ny@example.com" in right.text


def test_a_protected_company_needs_a_basis_recorded_at_the_desk(asked, client):
    stage, _held = asked
    sign_in(client, stage, "office")
    where, name = "/sekretariat/undersoegelser/grundlag/", Body.objects.get(pk=stage.bodies["c"]).name
    client.post(where, {"body": name, "kind": "consent", "since": "2013-02-01", "source": "Mail 1. februar"})
    assert name in client.get(where).text
    client.post(where, {"withdraw": stage.bodies["c"]})
    assert "Mail 1. februar" not in client.get(where).text


def test_what_a_company_says_otherwise_stands_behind_the_figure_of_the_account(asked, client):
    stage, held = asked
    stage.open()
    where, part = link(held, stage.bodies["a"]), Part.objects.get(asked__body=stage.bodies["a"])
    client.post(where, {f"part_{part.pk}": "wrong", f"part_{part.pk}_away": "1", "hand_in": "1"})
    behind = f"/regnskab/{stage.account('vind').pk}/participating_companies/"
    sign_in(client, stage, "vind")
    assert "Vi deltog ikke" in client.get(behind).text
    assert "oplyser noget andet" in client.get("/klyngekontor/regnskab/2012/").text
    sign_in(client, stage, "office")
    assert client.get(behind).status_code == 200 and "Vi deltog ikke" not in client.get(behind).text


def test_a_link_is_written_through_so_often_and_no_more_and_nothing_is_lost(asked, client, settings):
    stage, held = asked
    settings.SURVEY_LIMITS = {"link": (3, 60), "wrong": (2, 600)}
    where, other = link(held, stage.bodies["b"]), link(held, stage.bodies["a"])
    for value in ("1", "2", "3"):
        assert client.post(where, {"satisfaction": value, "save": "1"}).status_code == 200
    stopped = client.post(where, {"satisfaction": "5", "save": "1"})
    assert stopped.status_code == 429 and stopped["Retry-After"] == "60" and "Vent 1 minut" in stopped.text
    assert Asked.objects.get(body_id=stage.bodies["b"], round=held).answers["satisfaction"] == 3
    assert client.get(where).status_code == 200 and client.post(other, {"satisfaction": "4", "save": "1"}).status_code == 200  # fmt: skip
    cache.clear()
    assert client.post(where, {"satisfaction": "5", "save": "1"}).status_code == 200


def test_who_tries_links_is_stopped_and_who_has_one_is_not(asked, client, settings):
    stage, held = asked
    settings.SURVEY_LIMITS = {"link": (60, 60), "wrong": (2, 600)}
    assert [client.get(f"/undersoegelse/svar/guess{at}/").status_code for at in range(4)] == [404, 404, 429, 429]
    assert client.get("/undersoegelse/svar/guess9/", REMOTE_ADDR="10.0.0.9").status_code == 404
    assert client.get(link(held, stage.bodies["a"])).status_code == 200


@pytest.mark.parametrize("who", ["vind", "staff", "office"])
def test_a_link_that_went_astray_is_replaced_from_the_desk(asked, client, who):
    stage, held = asked
    old, part = link(held, stage.bodies["b"]), Part.objects.get(asked__body=stage.bodies["b"])
    sign_in(client, stage, who)
    desk = f"/sekretariat/undersoegelser/{held.pk}/" if who == "office" else f"/klyngekontor/undersoegelse/{held.pk}/"
    number = Body.objects.get(pk=stage.bodies["b"]).number
    page = client.post(desk, {"act": "new_link", "body": number, "part": part.pk}, follow=True)
    assert "gælder ikke længere" in page.text
    assert client.get(old).status_code == 404 and client.get(link(held, stage.bodies["b"])).status_code == 200
    assert Written.objects.filter(asked=part.asked, sent_at=None).count() == 2


def test_another_organisation_and_a_company_that_handed_in_keep_the_link(asked, client):
    stage, held = asked
    row = Asked.objects.get(round=held, body_id=stage.bodies["b"])
    with pytest.raises(Refused):
        actions.revoke(by=stage.people["mad"], at=timezone.now(), asked=row)
    client.post(link(held, stage.bodies["b"]), {"satisfaction": "4", "hand_in": "1"})
    with pytest.raises(Refused, match="handed in"):
        actions.revoke(by=stage.people["vind"], at=timezone.now(), asked=Asked.objects.get(pk=row.pk))
    sign_in(client, stage, "office")
    page = client.post(f"/sekretariat/undersoegelser/{held.pk}/", {"act": "new_link", "body": "Ingen"}, follow=True)
    assert "CVR-nummer" in page.text


def test_the_button_of_a_round_sends_the_letters_of_that_round_alone(asked, client):
    stage, held = asked
    office, now = stage.people["office"], timezone.now()
    other = actions.prepare(by=office, at=now, survey=in_force("company", on=now.date()), year=2013)
    actions.open_round(by=office, at=now, one=other)
    assert Written.objects.filter(asked__round=held, sent_at__isnull=True).count() == 2
    sign_in(client, stage, "office")
    assert "0 breve i denne runde er sendt." in client.post(f"/sekretariat/undersoegelser/{other.pk}/", {"act": "send"}, follow=True).text  # fmt: skip
    assert mail.outbox == []
    assert "2 breve i denne runde er sendt." in client.post(f"/sekretariat/undersoegelser/{held.pk}/", {"act": "send"}, follow=True).text  # fmt: skip


def test_a_letter_to_who_has_answered_meanwhile_does_not_wait(asked, client):
    stage, held = asked
    sign_in(client, stage, "office")
    desk = f"/sekretariat/undersoegelser/{held.pk}/"
    assert "0 sendt, 2 venter" in client.get(desk).text
    client.post(link(held, stage.bodies["a"]), {"hand_in": "1"})
    assert "0 sendt, 1 venter" in client.get(desk).text
    assert "1 brev i denne runde er sendt." in client.post(desk, {"act": "send"}, follow=True).text
    assert "1 sendt, 0 venter" in client.get(desk).text


def test_all_links_are_taken_back_at_the_desk_and_whoever_opens_one_is_told_so(asked, client):
    stage, held = asked
    where, desk = link(held, stage.bodies["b"]), f"/sekretariat/undersoegelser/{held.pk}/"
    copy = link(held, stage.bodies["a"])
    client.post(copy, {"satisfaction": "4", "hand_in": "1"})
    sign_in(client, stage, "office")
    client.post(desk, {"act": "send"})
    for form, words in (
        ({"reason": "Listen lå åbent"}, "Sig, at alle links er ment"),
        ({"sure": "on"}, "Skriv, hvorfor"),
    ):
        page = client.post(desk, {"act": "recall", **form})
        assert words in page.text and client.get(where).status_code == 200
    page = client.post(desk, {"act": "recall", "reason": "Listen lå åbent", "sure": "on"}, follow=True)
    assert "2 links er taget tilbage" in page.text and "Send nyt link til 1 virksomhed" in page.text
    client.logout()
    told = client.get(where)
    assert (
        told.status_code == 410 and "Dette link bruges ikke længere" in told.text and "Du får et nyt link" in told.text
    )
    ended = client.get(copy)
    assert ended.status_code == 410 and "You do not have to do anything" in ended.text and "Thank you" not in ended.text
    sign_in(client, stage, "office")
    assert "1 virksomhed" in client.post(desk, {"act": "renew"}, follow=True).text
    mail.outbox.clear()
    client.post(desk, {"act": "send"})
    assert [one.to for one in mail.outbox] == [["b@example.com"]] and link(held, stage.bodies["b"]) in mail.outbox[0].body  # fmt: skip
    assert client.get(link(held, stage.bodies["b"])).status_code == 200
