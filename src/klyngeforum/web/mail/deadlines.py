"""What there is to say of accounts on a day: to the manager before, at and after the deadline and when it came back, to the secretariat once a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

from klyngeforum.ground.access.queries import Person, holding
from klyngeforum.ground.access.terms import Role
from klyngeforum.results.accounts.queries import Account, late, newest, newest_extensions, rounds, with_the_offices
from klyngeforum.results.accounts.schedule import Step, schedule
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.web.components.numbers import day


@dataclass(frozen=True, slots=True)
class New:
    """One thing to be told to one person."""

    to: Person
    key: str
    subject: str
    text: str
    at_once: bool
    organisation: str
    due: date | None = None


def _where(name: str, *args: object) -> str:
    return f"{settings.ADDRESS.rstrip('/')}{reverse(name, args=args)}"


def _subject(account: Account, on: date) -> str:
    days = abs((account.due_on - on).days)
    known = {"year": account.year, "cluster": account.cluster.name, "day": day(account.due_on), "n": days}
    if on < account.due_on:
        words = ngettext(
            "The account of %(year)s is due in %(n)s day (%(cluster)s)",
            "The account of %(year)s is due in %(n)s days (%(cluster)s)",
            days,
        )
    elif on == account.due_on:
        words = gettext("The account of %(year)s is due today (%(cluster)s)")
    else:
        words = gettext("The account of %(year)s was due on %(day)s (%(cluster)s)")
    return words % known


def _of_deadline(account: Account, step: Step, person: Person, on: date) -> New:
    with override(person.language):
        subject = _subject(account, on)
        known = {"year": str(account.year), "day": day(account.due_on), "late": on > account.due_on, "where": _where("own_account", account.year)}  # fmt: skip
        text = render_to_string("mail/account_due.txt", known)
    key = f"account-{account.pk}-{account.due_on.isoformat()}-{step.days}"
    return New(person, key, subject, text, step.at_once, account.cluster.name, account.due_on)


def _of_return(account: Account, person: Person) -> New:
    """The organisation hears at once that something is asked, and until when."""
    with override(person.language):
        subject = gettext("The account of %(year)s came back with questions (%(cluster)s)") % {"year": account.year, "cluster": account.cluster.name}  # fmt: skip
        known = {"year": str(account.year), "day": day(account.due_on), "where": _where("own_account", account.year)}
        text = render_to_string("mail/account_returned.txt", known)
    return New(
        person, f"returned-{account.pk}-{account.turn}", subject, text, True, account.cluster.name, account.due_on
    )


def of_accounts(managers: dict[int, list[Person]], *, on: date) -> tuple[list[New], list[Account]]:
    """What each manager may be told of accounts that are with them, and the accounts that nobody manages."""
    accounts, plan = list(with_the_offices()), schedule()
    given, found, alone = newest_extensions(accounts), [], []
    for account in accounts:
        people, step = managers.get(account.cluster.body_id, []), plan.reached(account.due_on, on)
        if not people and (step or account.state == AccountState.RETURNED):
            alone.append(account)
        for person in people:
            if account.state == AccountState.RETURNED:
                found.append(_of_return(account, person))
            if account.pk in given:
                found.append(_of_extension(account, given[account.pk].reason, person))
            if step is not None:
                found.append(_of_deadline(account, step, person, on))
    return found, alone


def _of_extension(account: Account, reason: str, person: Person) -> New:
    with override(person.language):
        known = {
            "year": str(account.year),
            "cluster": account.cluster.name,
            "day": day(account.due_on),
            "reason": reason,
        }
        subject = gettext("More time for the account of %(year)s: until %(day)s (%(cluster)s)") % known
        text = render_to_string("mail/account_extended.txt", known)
    key = f"extended-{account.pk}-{account.due_on.isoformat()}"
    return New(person, key, subject, text, False, account.cluster.name, account.due_on)


def of_the_secretariat(*, on: date) -> list[New]:
    """Once a week, if there is anything: who is late and which accounts wait to be read, in the newest round."""
    first = rounds().first()
    if first is None or not schedule().weekly(on):
        return []
    behind = [one.cluster.name for one in late(first.year, on=on)]
    waiting = [one.cluster.name for one in newest(first.year, seen_by=None, on=on).filter(state=AccountState.SUBMITTED)]
    if not behind and not waiting:
        return []
    found = []
    for person in holding(Role.SECRETARIAT, on=on):
        with override(person.language):
            known = {"year": str(first.year), "late": behind, "waiting": waiting, "where": _where("round", first.year)}
            subject = gettext("The round of %(year)s: %(late)s late, %(waiting)s to read") % {"year": first.year, "late": len(behind), "waiting": len(waiting)}  # fmt: skip
            text = render_to_string("mail/round.txt", known)
        found.append(New(person, f"round-{first.year}-{on.isoformat()}", subject, text, False, ""))
    return found
