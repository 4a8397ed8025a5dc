"""A letter is sent once, and one that fails says so and waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from klyngeforum.ground.letters import actions
from klyngeforum.ground.letters.queries import waiting, written
from klyngeforum.ground.trail.queries import of
from klyngeforum.ground.verdict import Refused
from tests.cast import AT

pytestmark = pytest.mark.django_db


def queue(stage, who="vind", key="a"):
    return actions.queue(by=None, at=AT, to=stage.people[who], key=key, subject="Emne", text="Tekst")


def test_queued_once_and_sent_once(stage):
    assert (queue(stage), queue(stage)) == (True, False)
    assert mail.outbox == []
    assert [one.key for one in actions.post(by=None, at=AT)] == ["a"]
    assert actions.post(by=None, at=AT) == []
    assert [one.to for one in mail.outbox] == [["vind@demo.invalid"]]


def test_a_failed_letter_is_said_and_tried_again_and_stops_no_other(stage, monkeypatch):
    queue(stage)
    queue(stage, "mad", "b")
    sending = actions.send_mail

    def refuse(subject, text, sender, to, **more):
        if to == ["vind@demo.invalid"]:
            raise OSError("no route to the mail server")
        return sending(subject, text, sender, to, **more)

    monkeypatch.setattr(actions, "send_mail", refuse)
    first, second = actions.post(by=None, at=AT)
    assert (first.problem, first.sent_at, second.problem) == ("no route to the mail server", None, "")
    assert [one.key for one in waiting()] == ["a"]
    assert [act.verb for act in of("letter", first.pk)] == ["letters.queue", "letters.fail"]
    monkeypatch.setattr(actions, "send_mail", sending)
    actions.post(by=None, at=AT + timedelta(days=1))
    assert written("a").tries == 2 and written("a").problem == ""
    assert len(mail.outbox) == 2


def test_only_the_secretariat_writes_letters(stage):
    with pytest.raises(Refused):
        actions.queue(by=stage.people["vind"], at=AT, to=stage.people["mad"], key="x", subject="s", text="t")
    with pytest.raises(Refused):
        actions.post(by=stage.people["auditor"], at=AT)
