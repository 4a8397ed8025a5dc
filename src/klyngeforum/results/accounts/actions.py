"""Opening rounds, handing in, returning, approving and correcting accounts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.pouring import checked_in_one_sweep, pour
from klyngeforum.ground.programme.actions import mark_used
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark
from klyngeforum.registers.clusters.queries import counted_in

from .gathering import lines_for, lines_in_parts
from .looking import checked
from .models import Account, BookedFigure, Line, Message, Round
from .own_figures import booked_with, own_versions
from .queries import versions
from .rules import COUNTINGS, LineValues, counted, digested, independent, may_move, same_turn
from .terms import AccountState
from .validation import needs_comment, stops

_BATCH = 2000
_MANY = 1000  # accounts: from here on checking the whole table once is less than checking each line
_COLUMNS = (
    "account_id", "year", "body_id", "counts_as", "size_band", "eu_sme", "industry_id", "place_id", "participated", "dedicated",
    "started", "started_first_time", "new_here", "step", "activities", "hours", "records", "current",
)  # fmt: skip


@transaction.atomic
def open_round(*, by: Actor, at: datetime, year: int, due_on: date) -> Round:
    """Open the year: one account for every cluster organisation that ran in it."""
    require(may(by, "accounts.open_round", on=at.date()))
    if year >= at.year:
        raise Refused(no(mark("The year %(year)s is not over yet."), on="year", year=year))
    if Round.objects.filter(year=year).exists():
        raise Refused(no(mark("The round of %(year)s is already open."), on="year", year=year))
    opened = Round.objects.create(year=year, opens_on=at.date(), due_on=max(due_on, at.date()))
    ran = counted_in(year).values_list("id", flat=True)
    rows = [Account(cluster_id=pk, round=opened, year=year, opened_at=at) for pk in ran]
    Account.objects.bulk_create(rows, batch_size=_BATCH)
    record(
        by=by,
        at=at,
        verb="accounts.open_round",
        thing="round",
        thing_id=opened.pk,
        after={"year": year, "due_on": due_on, "accounts": len(rows)},
    )
    return opened


def _taken(account: Account) -> Account:
    """The account, locked for this transaction (SQLite's IMMEDIATE transaction already holds the whole file)."""
    return Account.objects.select_for_update(of=("self",)).select_related("cluster", "round").get(pk=account.pk)


def _book(account: Account, values: Sequence[LineValues], *, current: bool = False) -> str:
    """Copy the lines and figures into the account, replacing what an earlier submission booked; returns the digest."""
    Line.objects.filter(account=account).delete()
    BookedFigure.objects.filter(account=account).delete()
    pour(
        Line, _COLUMNS,
        (
            (
                account.pk, account.year, line.body, str(line.counts_as), str(line.size_band), line.eu_sme, line.industry_id, line.place_id,
                line.participated, line.dedicated, line.started, line.started_first_time, line.new_here, line.step, line.activities,
                line.hours, " ".join(line.records), current,
            )
            for line in values
        ),
    )  # fmt: skip
    digest = digest_of([digested(line) for line in values])
    figures = [
        BookedFigure(account=account, measure=code, version=version, value=counted(values, code).distinct, digest=digest)
        for code, version in versions().items() if code in COUNTINGS
    ]  # fmt: skip
    BookedFigure.objects.bulk_create([*figures, *booked_with(account, values)])
    return digest


def _moved(account: Account, *, by: Actor, at: datetime, verb: str, reason: str = "") -> None:
    """Save the move that the verb made, one turn further, and trail it."""
    account.turn += 1
    account.save()
    after = {"state": account.state, "year": account.year, "edition": account.edition, "digest": account.digest}
    record(
        by=by,
        at=at,
        verb=verb,
        thing="account",
        thing_id=account.pk,
        body_id=account.cluster.body_id,
        reason=reason[:500],
        after=after,
    )


@transaction.atomic
def submit(*, by: Actor, at: datetime, account: Account, comment: str = "", turn: int | None = None) -> Account:
    """Hand in the books: the year's facts are copied into lines; a later correction of a record cannot move them."""
    account = _taken(account)
    require(
        may(by, "accounts.submit", account, on=at.date()),
        may_move(account.state, "submit"),
        same_turn(turn, account.turn),
    )
    values = lines_for([account.cluster_id], account.year)[account.cluster_id]
    found = checked(account, values)
    if stops(found):
        why = mark("%(count)s things must be mended first; they stand above the figures.")
        raise Refused(no(why, on="comment", count=len(stops(found))))
    if needs_comment(found) and not comment.strip():
        raise Refused(
            no(mark("There are warnings. Write a comment that explains them, and hand in again."), on="comment")
        )
    account.digest = _book(account, values)
    account.state, account.comment = AccountState.SUBMITTED, comment.strip()
    account.submitted_at, account.submitted_by = at, by
    Message.objects.filter(account=account, resolved_at__isnull=True).update(resolved_at=at)
    _moved(account, by=by, at=at, verb="accounts.submit")
    return account


@transaction.atomic
def return_account(
    *, by: Actor, at: datetime, account: Account, measure: str, text: str, turn: int | None = None
) -> Account:
    """Send the account back: which figure, and what is wrong with it."""
    account = _taken(account)
    told = YES if text.strip() else no(mark("Write what is wrong, so that it can be mended."), on="text")
    known = YES if measure == "" or measure in COUNTINGS else no(mark("There is no figure of that name."), on="measure")
    require(
        may(by, "accounts.return", account, on=at.date()),
        may_move(account.state, "return_account"),
        same_turn(turn, account.turn),
        told,
        known,
    )
    if by is not None:
        Message.objects.create(account=account, measure=measure, text=text.strip(), by=by, at=at)
    account.state = AccountState.RETURNED
    _moved(account, by=by, at=at, verb="accounts.return_account", reason=text)
    return account


@transaction.atomic
def approve(*, by: Actor, at: datetime, account: Account, turn: int | None = None) -> Account:
    """Approve: from now on the nation counts these lines, and those of an earlier edition no longer."""
    account = _taken(account)
    person_id = by.pk if by else None
    require(
        may(by, "accounts.approve", account, on=at.date()),
        may_move(account.state, "approve"),
        same_turn(turn, account.turn),
        independent(person_id, account.submitted_by_id),
    )
    Line.objects.filter(account__cluster_id=account.cluster_id, year=account.year, current=True).update(current=False)
    Line.objects.filter(account=account).update(current=True)
    account.state, account.approved_at, account.approved_by = AccountState.APPROVED, at, by
    mark_used(kind="measure", versions=versions(), at=at)
    mark_used(kind="figure", versions=own_versions(), at=at)
    _moved(account, by=by, at=at, verb="accounts.approve")
    return account


@transaction.atomic
def correct(*, by: Actor, at: datetime, account: Account, reason: str) -> Account:
    """Open a new edition of an approved account; the old one stays as it was published."""
    account = _taken(account)
    told = YES if reason.strip() else no(mark("Write why a correction is needed."), on="reason")
    approved = (
        YES
        if account.state == AccountState.APPROVED
        else no(mark("Only an approved account is corrected by a new edition."), on="state")
    )
    require(may(by, "accounts.submit", account, on=at.date()), approved, told)
    newest = Account.objects.filter(cluster=account.cluster, year=account.year).order_by("-edition").first()
    if newest is None or newest.pk != account.pk:
        raise Refused(no(mark("A newer edition exists already."), on="edition"))
    fresh = Account.objects.create(
        cluster=account.cluster, round=account.round, year=account.year, edition=account.edition + 1, opened_at=at
    )
    _moved(fresh, by=by, at=at, verb="accounts.correct", reason=reason)
    return fresh


@transaction.atomic
def settle_many(*, by: Actor, at: datetime, year: int, submitted: dict[int, Actor], approved: dict[int, Actor]) -> int:
    """Book (and approve) many accounts of a year at once, as take-over of finished accounts does: account -> who handed in, who approved."""
    require(may(by, "accounts.open_round", on=at.date()))
    rows = list(Account.objects.select_related("cluster").filter(pk__in=submitted, state=AccountState.OPEN))
    of_cluster = {row.cluster_id: row for row in rows}
    with checked_in_one_sweep(Line) if len(rows) > _MANY else nullcontext():
        for part in lines_in_parts(list(of_cluster), year):
            for cluster_id, values in part.items():
                row = of_cluster[cluster_id]
                row.digest = _book(row, values, current=row.pk in approved)
    for row in rows:
        row.state, row.submitted_at, row.submitted_by = AccountState.SUBMITTED, at, submitted[row.pk]
        row.turn += 1
        if row.pk in approved:
            row.state, row.approved_at, row.approved_by = AccountState.APPROVED, at, approved[row.pk]
            row.turn += 1
    fields = ["digest", "state", "submitted_at", "submitted_by", "approved_at", "approved_by", "turn"]
    Account.objects.bulk_update(rows, fields, batch_size=500)
    mark_used(kind="measure", versions=versions(), at=at)
    mark_used(kind="figure", versions=own_versions(), at=at)
    after = {
        "year": year,
        "submitted": len(rows),
        "approved": len(approved),
        "digest": digest_of(sorted(row.digest for row in rows)),
    }
    record(by=by, at=at, verb="accounts.settle_many", thing="account", after=after)
    return len(rows)
