"""Invitations and reminders on their way: queued with the deed, sent once, the link made while sending. Beside ``ground/letters``, which writes to people
with an account and keeps its texts; here nobody has one, and a text with a link must not be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.holding import held
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .drawing import with_basis
from .links import token
from .models import Asked, Round, Written
from .questionnaires import version_of
from .rules import may_answer, may_write, reminder_due
from .terms import AnswerState, RoundState

_LONGEST = 300
Words = Callable[[Asked, int, str], tuple[str, str]]  # company, number of the letter, token -> subject and text


@transaction.atomic
def remind(*, by: Actor, at: datetime, one: Round) -> int:
    """Lay out the reminders that are due; who has handed in is left in peace."""
    require(may(by, "survey.hold", on=date_of(at)))
    held(one)
    if one.state != RoundState.OPEN or one.opened_on is None or (one.closes_on and date_of(at) > one.closes_on):
        return 0
    days, new = version_of(one.code, one.version).reminder_days, []
    waiting = Asked.objects.filter(round=one, link__isnull=False, revoked=False).exclude(state=AnswerState.HANDED_IN)
    for asked in waiting.prefetch_related("written"):
        sent = max((each.number for each in asked.written.all()), default=0)
        asked_on = date_of(asked.asked_at) if asked.asked_at else one.opened_on
        if reminder_due(asked_on, days, sent, date_of(at)):
            new.append(Written(asked=asked, number=sent + 1, queued_at=at))
    Written.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        record(by=by, at=at, verb="survey.remind", thing="survey", thing_id=one.pk, after={"reminders": len(new)})
    return len(new)


def _sent(letter: Written, words: Words) -> str:
    """Empty when the mail left the house, else what went wrong."""
    asked = letter.asked
    subject, text = words(asked, letter.number, token(asked.pk, asked.turn))
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [asked.email], fail_silently=False)
    except (SMTPException, OSError) as error:
        return (str(error) or type(error).__name__)[:_LONGEST]
    return ""


@transaction.atomic
def _post(pk: int, by: Actor, at: datetime, words: Words, bases: set[int]) -> Written | None:
    """Send one letter that still waits, locked meanwhile; protection and the link are looked at again at this very moment."""
    rows = Written.objects.select_for_update(of=("self",)).select_related("asked__body", "asked__round")
    letter = rows.filter(pk=pk, sent_at__isnull=True).first()
    if letter is None:
        return None
    asked, one = letter.asked, letter.asked.round
    done = asked.state == AnswerState.HANDED_IN
    still = may_answer(state=one.state, opens=one.opened_on or date_of(at), until=one.closes_on, revoked=asked.revoked, handed_in=done, on=date_of(at))  # fmt: skip
    lawful = may_write(protected=asked.body.protected, basis=asked.body_id in bases)
    refusal = next((each.reason for each in (still, lawful) if not each), "")
    letter.problem = refusal or _sent(letter, words)
    letter.tries += 1
    if not letter.problem:
        letter.sent_at = max(at, letter.queued_at)
    letter.save(update_fields=["problem", "tries", "sent_at"])
    verb = "survey.fail" if letter.problem else "survey.write"
    record(by=by, at=at, verb=verb, thing="survey", thing_id=one.pk, body_id=asked.body_id, reason=letter.problem, after={"number": letter.number})  # fmt: skip
    return letter


def post(*, by: Actor, at: datetime, words: Words, only: Round | None = None) -> list[Written]:
    """Send what waits in open rounds, or in one of them; one that fails waits for the next time with its problem."""
    require(may(by, "survey.hold", on=date_of(at)))
    waiting = Written.objects.filter(sent_at__isnull=True, asked__round__state=RoundState.OPEN, asked__revoked=False)
    if only is not None:
        waiting = waiting.filter(asked__round=only)
    ids = list(
        waiting.exclude(asked__state=AnswerState.HANDED_IN).order_by("queued_at", "id").values_list("pk", flat=True)
    )
    bases = with_basis(date_of(at))
    return [one for pk in ids if (one := _post(pk, by, at, words, bases))]
