"""Reminders that a label runs out: noted and queued in one deed, in each manager's own language, then sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override

from klyngeforum.ground.access.queries import Actor, Person, holding_in
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.letters import actions as letters
from klyngeforum.quality.labels.following import reminded
from klyngeforum.quality.labels.queries import LabelRecord, reminders_due
from klyngeforum.web.components.numbers import day
from klyngeforum.web.public.overview import label_words


@dataclass(frozen=True, slots=True)
class Told:
    """One person told of one label; ``problem`` says why the mail did not leave, and nobody's name that there was nobody."""

    organisation: str
    label: str
    valid_to: date
    months: int
    to: str
    problem: str = ""


def _words(row: LabelRecord, months: int, person: Person) -> tuple[str, str]:
    with override(person.language):
        label = label_words().get(row.label, row.label)
        known = {"label": label, "day": day(row.valid_to), "months": months}
        subject = gettext("%(label)s runs out on %(day)s: %(months)s months left") % known if months > 1 else gettext("%(label)s runs out on %(day)s: one month left") % known  # fmt: skip
        where = f"{settings.ADDRESS.rstrip('/')}{reverse('certifications')}"
        text = render_to_string("mail/label_ends.txt", {**known, "name": person.name, "cluster": row.cluster.name, "where": where})  # fmt: skip
        return subject, text


@transaction.atomic
def _remind(row: LabelRecord, months: int, *, by: Actor, at: datetime, on: date) -> list[Told]:
    """The note that the reminder went out and the letters that carry it stand or fall together."""
    managers = list(holding_in(Role.MANAGER, row.cluster.body_id, on=on))
    known = (row.cluster.name, row.label, row.valid_to, months)
    if not managers:
        return [Told(*known, "", "nobody manages the organisation; the reminder waits")]
    if not reminded(by=by, at=at, label=row, months=months):
        return []
    for person in managers:
        subject, text = _words(row, months, person)
        letters.queue(by=by, at=at, to=person, key=f"label-{row.pk}-{months}-{person.pk}", subject=subject, text=text)
    return [Told(*known, person.email) for person in managers]


def remind(*, by: Actor, at: datetime, on: date) -> tuple[list[Told], list[tuple[str, str, str]]]:
    """Queue every reminder that is due on the day and send what waits; what was queued, and (to, subject, problem) of what did not leave."""
    told = [one for row, months in reminders_due(on=on) for one in _remind(row, months, by=by, at=at, on=on)]
    failed = [(one.to.email, one.subject, one.problem) for one in letters.post(by=by, at=at) if one.problem]  # fmt: skip
    return told, failed
