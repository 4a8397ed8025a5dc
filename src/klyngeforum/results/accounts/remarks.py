"""What is typed in an account while it is with the cluster office: each field saved by itself, nobody overwritten, nothing demanded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.period import date_of
from klyngeforum.ground.programme.queries import checks
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Verdict, no, require
from klyngeforum.ground.words import mark

from .models import Account, Message, Remark
from .partial import ANSWERED, held_in
from .rules import COUNTINGS
from .terms import About, AccountState, Answered, Section
from .working import lines_in_work, sections_open, work

LONGEST = 4000
SAID = "said"  # what stands in a remark that there is nothing to report
_WITH_THE_OFFICE = (AccountState.OPEN, AccountState.RETURNED)


def _known(account: Account, about: About, key: str) -> Verdict:
    """Whether there is anything of that name in this account to say something about."""
    check, _, measure = key.partition(":")
    there = {
        About.COMMENT: key == "",
        About.WARNING: check in {one.code for one in checks()} and (measure == "" or measure in COUNTINGS),
        About.ANSWER: key.isdecimal() and Message.objects.filter(account=account, pk=key, resolved_at__isnull=True).exists(),
        About.NOTHING: key in {section.value for section in ANSWERED},
    }  # fmt: skip
    return YES if there[about] else no(mark("There is nothing of that name in this account."), on="key")


def _writable(account: Account, about: About, key: str, text: str) -> Verdict:
    if account.state not in _WITH_THE_OFFICE:
        return no(mark("The account is handed in; nothing is written in it now."), on="state")
    if about is not About.NOTHING or key not in Section.values():
        return YES
    if Section(key) not in sections_open(account):
        return no(mark("This section was not sent back; it stands as it was handed in."), on="key")
    if text and held_in(Section(key), lines_in_work(account)):
        return no(mark("Something is recorded here already; there is something to report."), on="key")
    return YES


def _same_turn(row: Remark | None, turn: int, text: str) -> Verdict:
    """Two people wrote in the same field: the second sees what the first wrote and loses nothing of their own."""
    if row is None or row.turn == turn or row.text == text:
        return YES
    why = mark("%(who)s wrote “%(value)s” here meanwhile. Yours is not saved; look at both and save again.")
    return no(why, on="text", who=row.by.name if row.by else "", value=row.text[:200])


@transaction.atomic
def write(*, by: Actor, at: datetime, account: Account, about: About, key: str = "", text: str, turn: int) -> Remark:
    """Save one field of the account; who wrote in it meanwhile is not overwritten, and the same twice is once."""
    account = Account.objects.select_for_update(of=("self",)).select_related("cluster", "round").get(pk=account.pk)
    wanted = (SAID if text.strip() else "") if about is About.NOTHING else text.strip()
    row = Remark.objects.select_related("by").filter(account=account, about=about, key=key).first()
    require(
        may(by, "accounts.prepare", account, on=date_of(at)),
        _known(account, about, key),
        _writable(account, about, key, wanted),
        YES if len(wanted) <= LONGEST else no(mark("The text has more than %(most)s characters. Shorten it."), on="text", most=LONGEST),
        no(mark("The text holds an invisible zero character."), on="text") if "\x00" in wanted + key else YES,
        _same_turn(row, turn, wanted),
    )  # fmt: skip
    if row is not None and row.text == wanted:
        return row
    if row is None:
        row = Remark(account=account, about=about, key=key, turn=0)
    before, row.text, row.by, row.at, row.turn = row.text, wanted, by, at, row.turn + 1
    row.save()
    record(
        by=by, at=at, verb="accounts.write", thing="remark", thing_id=row.pk, body_id=account.cluster.body_id,
        before={"text": before}, after={"about": about.value, "key": key, "text": wanted},
    )  # fmt: skip
    return row


@transaction.atomic
def nothing_more(*, by: Actor, at: datetime, account: Account) -> list[Section]:
    """Say of every section that is not answered that there is nothing to report."""
    found = work(account)
    silent = [one for one, (state, _) in found.states.items() if state is Answered.NOT_YET and one in found.sections]
    for section in silent:
        row = found.remarks.get((About.NOTHING.value, section.value))
        write(by=by, at=at, account=account, about=About.NOTHING, key=section.value, text=SAID, turn=row.turn if row else 0)  # fmt: skip
    return silent
