"""Queuing a letter with the deed that calls for it, and sending what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .models import Letter, Matter
from .queries import free_on, waiting

_LONGEST, _SUBJECT = 300, 200


@transaction.atomic
def queue(*, by: Actor, at: datetime, to: Person, key: str, subject: str, text: str) -> bool:
    """Lay a letter out to be sent; False if this person was written to about this already."""
    require(may(by, "letters.send", on=date_of(at)))
    one, new = Letter.objects.get_or_create(
        key=key, defaults={"to": to, "subject": subject, "text": text, "queued_at": at}
    )
    if new:
        record(by=by, at=at, verb="letters.queue", thing="letter", thing_id=one.pk, after={"to": to.pk, "key": key})
    return new


@transaction.atomic
def lay(*, by: Actor, at: datetime, to: Person, key: str, subject: str, text: str, at_once: bool) -> bool:
    """Note something that the person is to be told with the next letter; False if it was noted already."""
    require(may(by, "letters.send", on=date_of(at)))
    values = {"subject": subject[:_SUBJECT], "text": text, "at_once": at_once, "laid_at": at}
    return Matter.objects.get_or_create(to=to, key=key, defaults=values)[1]


@transaction.atomic
def carry(
    *, by: Actor, at: datetime, to: Person, on: date, subject: str, text: str, matters: Sequence[Matter]
) -> Letter | None:
    """Queue the one letter of the day to the person, with everything that waits; None where the day has its letter already."""
    require(may(by, "letters.send", on=date_of(at)))
    if not matters or not free_on([to.pk], on):
        return None
    key = f"day-{on.isoformat()}-{to.pk}"
    one, new = Letter.objects.get_or_create(
        key=key, defaults={"to": to, "subject": subject[:_SUBJECT], "text": text, "queued_at": at}
    )
    if not new:
        return None
    Matter.objects.filter(pk__in=[row.pk for row in matters], letter__isnull=True).update(letter=one)
    keys = sorted(row.key for row in matters)
    record(by=by, at=at, verb="letters.queue", thing="letter", thing_id=one.pk, after={"to": to.pk, "key": key, "matters": keys})  # fmt: skip
    return one


def _sent(one: Letter) -> str:
    """Empty when the mail left the house, else what went wrong."""
    try:
        send_mail(one.subject, one.text, settings.DEFAULT_FROM_EMAIL, [one.to.email], fail_silently=False)
    except (SMTPException, OSError) as error:
        return (str(error) or type(error).__name__)[:_LONGEST]
    return ""


@transaction.atomic
def _post(one_pk: int, by: Actor, at: datetime) -> Letter | None:
    """Send one letter that still waits; it is locked meanwhile, so two posts at once send it once."""
    one = Letter.objects.select_for_update(of=("self",)).select_related("to").filter(pk=one_pk, sent_at__isnull=True).first()  # fmt: skip
    if one is None:
        return None
    one.problem, one.tries = _sent(one), one.tries + 1
    if not one.problem:
        one.sent_at = max(at, one.queued_at)
    one.save(update_fields=["problem", "tries", "sent_at"])
    verb = "letters.fail" if one.problem else "letters.send"
    record(by=by, at=at, verb=verb, thing="letter", thing_id=one.pk, reason=one.problem, after={"tries": one.tries})
    return one


def post(*, by: Actor, at: datetime) -> list[Letter]:
    """Send everything that waits; each letter stands for itself, and one that fails waits for the next time with its problem."""
    require(may(by, "letters.send", on=date_of(at)))
    return [one for pk in list(waiting().values_list("pk", flat=True)) if (one := _post(pk, by, at))]
