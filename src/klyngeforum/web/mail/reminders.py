"""What people are reminded of, one letter a day at most: deadlines of accounts, what was sent back, labels that run out.

What may wait goes with the weekly letter; what may not takes everything that waits along with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from klyngeforum.ground.access.queries import Actor, Person, holders
from klyngeforum.ground.access.terms import Role
from klyngeforum.ground.letters import actions as letters
from klyngeforum.ground.letters.queries import Matter, free_on, told, untold
from klyngeforum.quality.indicators.validity import whole_months
from klyngeforum.quality.labels.following import reminded
from klyngeforum.quality.labels.queries import LabelRecord, every_record, reminders_due
from klyngeforum.results.accounts.schedule import schedule
from klyngeforum.web.components.numbers import day
from klyngeforum.web.public.overview import label_words

from .deadlines import New, of_accounts, of_the_secretariat

_KEY = "label-"
NOBODY = "nobody manages the organisation; the reminder waits"


@dataclass(frozen=True, slots=True)
class Told:
    """One person told of one thing; ``problem`` says why the mail did not leave, and nobody's name that there was nobody."""

    organisation: str
    about: str
    due: date | None
    to: str
    problem: str = ""


def _label_words(row: LabelRecord, person: Person, on: date) -> tuple[str, str]:
    """How long is left is counted on the day of the letter: a reminder may go out later than its day."""
    left = whole_months(on, row.valid_to)
    with override(person.language):
        label = label_words().get(row.label, row.label)
        known = {"label": label, "day": day(row.valid_to), "months": left}
        words = ngettext("%(label)s runs out on %(day)s: one month left", "%(label)s runs out on %(day)s: %(months)s months left", left)  # fmt: skip
        subject = (words if left else gettext("%(label)s runs out on %(day)s: less than a month left")) % known
        where = f"{settings.ADDRESS.rstrip('/')}{reverse('certifications')}"
        return subject, render_to_string("mail/label_ends.txt", {**known, "cluster": row.cluster.name, "where": where})


@transaction.atomic
def _of_label(row: LabelRecord, months: int, managers: list[Person], *, by: Actor, at: datetime, on: date) -> None:
    """The note that the reminder went out and what is laid for each manager stand or fall together."""
    if not reminded(by=by, at=at, label=row, months=months):
        return
    for person in managers:
        subject, text = _label_words(row, person, on)
        letters.lay(by=by, at=at, to=person, key=f"{_KEY}{row.pk}-{months}", subject=subject, text=text, at_once=True)


def _labels(managers: dict[int, list[Person]], *, by: Actor, at: datetime, on: date) -> list[Told]:
    """Lay every label's reminder that is due; those that reach nobody."""
    alone = []
    for row, months in reminders_due(on=on):
        there = managers.get(row.cluster.body_id, [])
        if there:
            _of_label(row, months, there, by=by, at=at, on=on)
        else:
            alone.append(Told(row.cluster.name, row.label, row.valid_to, "", NOBODY))
    return alone


def _of_labels(carried: Iterable[Matter]) -> dict[str, tuple[str, date | None]]:
    """Key -> (organisation, the day that its label runs out), of the letters about labels."""
    keys = {one.key: int(one.key.removeprefix(_KEY).partition("-")[0]) for one in carried if one.key.startswith(_KEY)}
    rows = {row.pk: (row.cluster.name, row.valid_to) for row in every_record().filter(pk__in=keys.values())}
    return {key: rows[pk] for key, pk in keys.items() if pk in rows}


@dataclass(slots=True)
class _Desk:
    """Everything that may be told to one person today."""

    person: Person
    waiting: list[Matter]
    new: list[New]

    @property
    def at_once(self) -> bool:
        return any(one.at_once for one in self.waiting) or any(one.at_once for one in self.new)


def _composed(person: Person, matters: list[Matter]) -> tuple[str, str]:
    """A single matter is its own letter; several are one letter with all of them."""
    with override(person.language):
        known = {"n": len(matters)}
        subject = matters[0].subject if len(matters) == 1 else gettext("%(n)s things from Klyngeforum") % known
        return subject, render_to_string("mail/letter.txt", {"name": person.name, "matters": matters})


@transaction.atomic
def _write(desk: _Desk, *, by: Actor, at: datetime, on: date) -> list[Matter]:
    """What the letter carries, and the letter, stand or fall together."""
    for one in desk.new:
        letters.lay(by=by, at=at, to=desk.person, key=one.key, subject=one.subject, text=one.text, at_once=one.at_once)
    matters = untold().get(desk.person.pk, [])
    subject, text = _composed(desk.person, matters)
    carried = letters.carry(by=by, at=at, to=desk.person, on=on, subject=subject, text=text, matters=matters)
    if carried is None:
        transaction.set_rollback(
            True
        )  # somebody else wrote first: nothing is laid that might be untrue when it is carried
        return []
    return matters


def _desks(new: Iterable[New]) -> dict[int, _Desk]:
    """Person -> what waits and what is new; what was told before is left out."""
    rows = list(new)
    known = told(one.key for one in rows)
    fresh: dict[int, list[New]] = defaultdict(list)
    people: dict[int, Person] = {}
    for one in rows:
        people[one.to.pk] = one.to
        if (one.to.pk, one.key) not in known:
            fresh[one.to.pk].append(one)
    waiting = untold()
    people |= {pk: there[0].to for pk, there in waiting.items()}
    return {
        pk: _Desk(person, waiting.get(pk, []), fresh.get(pk, []))
        for pk, person in people.items()
        if pk in waiting or pk in fresh
    }


def remind(*, by: Actor, at: datetime, on: date) -> tuple[list[Told], list[tuple[str, str, str]]]:
    """Write to everybody who is to be told something today; what was queued, and (to, subject, problem) of what did not leave."""
    failed = letters.post(by=by, at=at)
    managers = holders(Role.MANAGER, on=on)
    said = _labels(managers, by=by, at=at, on=on)
    new, alone = of_accounts(managers, on=on)
    said += [Told(one.cluster.name, str(one.year), one.due_on, "", NOBODY) for one in alone]
    desks = _desks([*new, *of_the_secretariat(on=on)])
    free, weekly = free_on(desks, on), schedule().weekly(on)
    for pk, desk in desks.items():
        if pk in free and (weekly or desk.at_once):
            carried = _write(desk, by=by, at=at, on=on)
            whose = {one.key: (one.organisation, one.due) for one in desk.new} | _of_labels(carried)
            said += [Told(whose.get(one.key, ("", None))[0], one.subject, whose.get(one.key, ("", None))[1], desk.person.email) for one in carried]  # fmt: skip
    failed += letters.post(by=by, at=at)
    return said, [(one.to.email, one.subject, one.problem) for one in failed if one.problem]
