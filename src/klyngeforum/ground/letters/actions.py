"""Queuing a letter with the deed that calls for it, and sending what waits."""

from __future__ import annotations

from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, Person, may
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require

from .models import Letter
from .queries import waiting

_LONGEST = 300


@transaction.atomic
def queue(*, by: Actor, at: datetime, to: Person, key: str, subject: str, text: str) -> bool:
    """Lay a letter out to be sent; False if this person was written to about this already."""
    require(may(by, "letters.send", on=at.date()))
    one, new = Letter.objects.get_or_create(
        key=key, defaults={"to": to, "subject": subject, "text": text, "queued_at": at}
    )
    if new:
        record(by=by, at=at, verb="letters.queue", thing="letter", thing_id=one.pk, after={"to": to.pk, "key": key})
    return new


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
    require(may(by, "letters.send", on=at.date()))
    return [one for pk in list(waiting().values_list("pk", flat=True)) if (one := _post(pk, by, at))]
