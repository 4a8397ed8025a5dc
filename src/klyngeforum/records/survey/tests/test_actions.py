"""A survey from the drawing to the result: each company once, by its own link, protected ones only on a basis, and no record moved by an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from klyngeforum.ground.bodies.models import Body
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.trail.models import Act
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.queries import in_year
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.records.survey import actions, answering, queries, recalling, writing
from klyngeforum.records.survey.actions import NewContact
from klyngeforum.records.survey.answering import Confirmed, Given
from klyngeforum.records.survey.links import token
from klyngeforum.records.survey.models import Asked, Round, Written
from klyngeforum.records.survey.questionnaires import in_force
from klyngeforum.records.survey.results import result
from klyngeforum.records.survey.terms import BasisKind, CompanyStep, LeftOut, Said
from tests.cast import AT

pytestmark = pytest.mark.django_db
BASIS = "Interesse efter GDPR art. 6, stk. 1, litra f"


@pytest.fixture
def drawn(stage):
    """a and b took part in both organisations; a has an outcome; b is protected; c has no contact."""
    for key in ("vind", "mad"):
        stage.part(stage.activity(key, "K1"), "a", "b", "c")
    one = stage.clusters["vind"]
    new = NewOutcome(one.pk, stage.bodies["a"], 2012, Step("2"))
    outcomes.note(by=stage.people["vind"], at=AT, cluster=one, body=one_body(stage.bodies["a"]), new=new)
    Body.objects.filter(pk=stage.bodies["b"]).update(protected=True)
    contacts = [NewContact(stage.bodies[key], f"{key}@example.com") for key in "ab"]
    actions.hold_contacts(by=stage.people["vind"], at=AT, cluster=one, contacts=contacts, basis=BASIS)
    return actions.prepare(by=stage.people["office"], at=AT, survey=in_force("company", on=AT.date()), year=2012)


@pytest.fixture
def opened(stage, drawn):
    return actions.open_round(by=stage.people["office"], at=AT, one=drawn)


def asked(one, stage, key):
    return Asked.objects.get(round=one, body_id=stage.bodies[key])


def link(one, stage, key):
    row = asked(one, stage, key)
    return token(row.pk, row.turn)


def test_a_company_in_two_organisations_is_asked_once_with_two_parts(stage, drawn):
    row = asked(drawn, stage, "a")
    assert sorted((part.cluster.slug, part.took_part, part.reported) for part in row.parts.all()) == [
        (stage.clusters["mad"].slug, True, ""), (stage.clusters["vind"].slug, True, "2"),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Asked.objects.create(round=drawn, body_id=row.body_id)
    with pytest.raises(Refused, match="stands already"):
        actions.prepare(by=stage.people["office"], at=AT, survey=in_force("company", on=AT.date()), year=2012)


def test_who_is_left_out_stands_there_with_the_reason(stage, opened):
    assert asked(opened, stage, "a").left_out == LeftOut.NO and asked(opened, stage, "a").link
    assert asked(opened, stage, "b").left_out == LeftOut.PROTECTED and asked(opened, stage, "b").link is None
    assert asked(opened, stage, "c").left_out == LeftOut.NO_CONTACT
    assert {why for why, _ in queries.left_out_counts(opened)} == {LeftOut.PROTECTED, LeftOut.NO_CONTACT}


def test_on_a_recorded_basis_the_protected_company_is_asked_and_withdrawn_its_link_ends(stage, opened):
    office, body = stage.people["office"], one_body(stage.bodies["b"])
    actions.note_basis(by=office, at=AT, body=body, kind=BasisKind.CONSENT, since=AT.date(), source="Mail af 1. marts")
    assert actions.ask_more(by=office, at=AT, one=opened) == 1
    secret = link(opened, stage, "b")
    answering.save(by=None, at=AT, token=secret, given=Given({}, {}))
    actions.withdraw_basis(by=office, at=AT, body=body)
    with pytest.raises(Refused, match="does not hold"):
        answering.save(by=None, at=AT, token=secret, given=Given({}, {}))


def test_a_basis_says_where_it_stands(stage):
    with pytest.raises(Refused, match="where the basis stands"):
        actions.note_basis(by=stage.people["office"], at=AT, body=one_body(stage.bodies["b"]), kind=BasisKind.DUTY, since=AT.date(), source=" ")  # fmt: skip


def test_an_address_without_a_basis_is_refused(stage):
    with pytest.raises(Refused, match="lawful basis"):
        actions.hold_contacts(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], contacts=[NewContact(stage.bodies["a"], "a@example.com")], basis="")  # fmt: skip


def test_no_link_and_no_answer_lies_in_the_trail_or_with_the_letter(stage, opened):
    secret = link(opened, stage, "a")
    answering.hand_in(by=None, at=AT, token=secret, given=Given({"comment": ["Hemmeligt"]}, {}))
    written = " ".join(f"{act.before} {act.after} {act.reason}" for act in Act.objects.all())
    assert secret not in written and "Hemmeligt" not in written and "a@example.com" not in written
    assert asked(opened, stage, "a").link != secret and not hasattr(Written.objects.get(asked__body=stage.bodies["a"]), "text")  # fmt: skip


def test_an_answer_changes_no_record_but_stands_as_a_difference_until_looked_at(stage, opened):
    row = asked(opened, stage, "a")
    part = row.parts.get(cluster=stage.clusters["vind"])
    given = Given({"satisfaction": ["4"]}, {part.pk: Confirmed(Said.WRONG, True, CompanyStep.INNOVATION)})
    answering.hand_in(by=None, at=AT, token=link(opened, stage, "a"), given=given)
    assert in_year(2012).get().step == "2"
    found = queries.differences(seen_by=stage.people["vind"], on=AT.date(), one=opened)
    assert [(one.pk, one.said_step) for one in found] == [(part.pk, "3")]
    assert queries.differences(seen_by=stage.people["mad"], on=AT.date(), one=opened) == []
    assert queries.differences(seen_by=stage.people["office"], on=AT.date(), one=opened) == []
    actions.look(by=stage.people["vind"], at=AT, part=part, note="Rettet")
    with pytest.raises(Refused):
        actions.look(by=stage.people["mad"], at=AT, part=part, note="Nej")


def test_handed_in_once_and_another_companys_part_is_not_touched(stage, opened):
    other = asked(opened, stage, "b").parts.first()
    secret = link(opened, stage, "a")
    answering.save(by=None, at=AT, token=secret, given=Given({}, {other.pk: Confirmed(Said.RIGHT)}))
    other.refresh_from_db()
    assert other.said == Said.NOTHING
    answering.hand_in(by=None, at=AT, token=secret, given=Given({}, {}))
    with pytest.raises(Refused, match="handed in"):
        answering.hand_in(by=None, at=AT, token=secret, given=Given({}, {}))
    with pytest.raises(Asked.DoesNotExist):
        answering.save(by=None, at=AT, token="guessed", given=Given({}, {}))


def test_what_cannot_be_understood_is_said_and_the_rest_kept(stage, opened):
    secret = link(opened, stage, "a")
    wrong = answering.save(by=None, at=AT, token=secret, given=Given({"satisfaction": ["9"], "needs": ["partners"]}, {}))  # fmt: skip
    assert [one.field for one in wrong] == ["satisfaction"] and asked(opened, stage, "a").answers == {"needs": ["partners"]}  # fmt: skip


def test_invitations_and_reminders_go_out_once_each_and_stop_when_handed_in(stage, opened):
    office = stage.people["office"]
    words = lambda row, number, secret: (f"{number}", f"/{secret}/")  # noqa: E731
    assert len(writing.post(by=office, at=AT, words=words)) == 1 and writing.post(by=office, at=AT, words=words) == []
    later = AT + timedelta(days=14)
    assert writing.remind(by=office, at=later, one=opened) == 1 and writing.remind(by=office, at=later, one=opened) == 0
    assert len(writing.post(by=office, at=later, words=words)) == 1
    assert [one.subject for one in mail.outbox] == ["0", "1"] and link(opened, stage, "a") in mail.outbox[1].body
    answering.hand_in(by=None, at=later, token=link(opened, stage, "a"), given=Given({}, {}))
    assert writing.remind(by=office, at=AT + timedelta(days=28), one=opened) == 0


def test_protection_that_came_after_the_invitation_was_queued_stops_it(stage, opened):
    Body.objects.filter(pk=stage.bodies["a"]).update(protected=True)
    sent = writing.post(by=stage.people["office"], at=AT, words=lambda *_: ("", ""))
    assert "protected" in sent[0].problem and mail.outbox == []


def test_a_link_that_went_astray_is_worthless(stage, opened):
    old = link(opened, stage, "a")
    actions.revoke(by=stage.people["office"], at=AT, asked=asked(opened, stage, "a"))
    assert answering.by_link(old) is None and answering.by_link(link(opened, stage, "a"))


def test_a_page_that_was_read_before_the_round_closed_sends_no_link_and_reminds_nobody(stage, opened):
    late, row = AT + timedelta(days=15), asked(opened, stage, "a")
    assert row.round.state == "open"  # as the page read it
    actions.close(by=stage.people["office"], at=AT, one=Round.objects.get(pk=opened.pk))
    with pytest.raises(Refused):
        actions.revoke(by=stage.people["office"], at=AT, asked=row)
    before = Written.objects.count()
    assert opened.state == "open" and writing.remind(by=stage.people["office"], at=late, one=opened) == 0
    assert Written.objects.count() == before


def taken_back(stage, one, at=AT, **more):
    return recalling.recall(by=stage.people["office"], at=at, one=one, **({"reason": "Listen lå åbent", "sure": True} | more))  # fmt: skip


def test_all_links_of_a_round_are_worthless_at_once_and_what_was_saved_stands(stage, opened):
    old = link(opened, stage, "a")
    answering.save(by=None, at=AT, token=old, given=Given({"satisfaction": ["4"]}, {}))
    assert taken_back(stage, opened) == Asked.objects.filter(link__isnull=False).count() == 1
    assert answering.by_link(old) is None and recalling.by_old_link(old) == asked(opened, stage, "a")
    assert asked(opened, stage, "a").answers == {"satisfaction": 4}
    act = Act.objects.filter(verb="survey.recall").get()
    assert (act.reason, act.after, act.by) == ("Listen lå åbent", '{"links": 1}', stage.people["office"])


def test_without_a_reason_without_saying_so_or_by_another_nothing_is_taken_back(stage, opened):
    old = link(opened, stage, "a")
    for more in ({"reason": " "}, {"sure": False}):
        with pytest.raises(Refused):
            taken_back(stage, opened, **more)
    with pytest.raises(Refused):
        recalling.recall(by=stage.people["vind"], at=AT, one=opened, reason="Sådan", sure=True)
    assert answering.by_link(old) is not None


def test_a_letter_that_waits_carries_the_new_link_and_nobody_is_written_to_twice(stage, opened):
    office, later = stage.people["office"], AT + timedelta(hours=1)
    taken_back(stage, opened)  # before the invitation was sent
    with pytest.raises(Refused):
        recalling.renew(by=office, at=AT, one=opened)
    sent = []
    writing.post(by=office, at=AT, words=lambda row, number, secret: sent.append(secret) or ("", ""))
    assert sent == [link(opened, stage, "a")]
    taken_back(stage, opened, at=later)
    assert recalling.renew(by=office, at=later, one=opened) == 1
    with pytest.raises(Refused):
        recalling.renew(by=office, at=later, one=opened)
    writing.post(by=office, at=later, words=lambda row, number, secret: sent.append((number, secret)) or ("", ""))
    assert sent[1:] == [(1, link(opened, stage, "a"))]


def test_who_has_handed_in_is_left_in_peace_and_who_is_protected_by_now_is_not_written_to(stage, opened):
    office = stage.people["office"]
    writing.post(by=office, at=AT, words=lambda *_: ("", ""))
    Body.objects.filter(pk=stage.bodies["a"]).update(protected=True)
    taken_back(stage, opened)
    assert recalling.waiting_count(opened, on=AT.date()) == 0
    Body.objects.filter(pk=stage.bodies["a"]).update(protected=False)
    assert recalling.waiting_count(opened, on=AT.date()) == 1
    answering.hand_in(by=None, at=AT, token=link(opened, stage, "a"), given=Given({}, {}))
    assert recalling.waiting_count(opened, on=AT.date()) == 0


def test_asked_lately_elsewhere_the_company_rests(stage, opened):
    later = AT + timedelta(days=30)
    survey = in_force("company", on=later.date())
    again = actions.prepare(by=stage.people["office"], at=later, survey=survey, year=2013)
    assert not Asked.objects.filter(round=again).exists() or asked(again, stage, "a").left_out == LeftOut.RESTING


def test_three_answers_are_too_few_to_say_anything(stage, opened):
    answering.hand_in(by=None, at=AT, token=link(opened, stage, "a"), given=Given({"satisfaction": ["4"]}, {}))
    said = result(opened)
    assert said.answered is None and all(one.answered is None or one.answered == 0 for one in said.sizes)
    assert next(one for one in said.questions if one.question.code == "satisfaction").answered is None


def test_states_go_one_way(stage, opened):
    office = stage.people["office"]
    with pytest.raises(Refused):
        actions.publish(by=office, at=AT, one=opened)
    closed = actions.close(by=office, at=AT, one=opened)
    with pytest.raises(Refused, match="over"):
        answering.save(by=None, at=AT, token=link(opened, stage, "a"), given=Given({}, {}))
    assert actions.publish(by=office, at=AT, one=closed).state == "published" and Round.objects.count() == 1
    with pytest.raises(Refused):
        actions.open_round(by=stage.people["vind"], at=AT, one=closed)
