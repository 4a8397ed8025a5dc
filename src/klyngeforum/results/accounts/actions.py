"""Opening rounds, handing in, returning, approving and correcting accounts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.pouring import checked_in_one_sweep, pour
from klyngeforum.ground.programme.actions import mark_used
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import YES, Refused, no, require
from klyngeforum.ground.words import mark
from klyngeforum.registers.clusters.queries import counted_in

from .gathering import lines_in_parts
from .models import Account, BookedFigure, BookedUnit, Line, Message, MovedBody, MovedFigure, Remark, Round, Submission
from .own_figures import booked_units, booked_with, of_organisation, own_versions
from .partial import EVERYTHING, written
from .queries import versions
from .remarks import write
from .rules import COUNTINGS, LineValues, asks_something, counted, digested, independent, may_move, same_turn
from .schedule import schedule
from .terms import About, AccountState, Ask
from .validation import stops
from .working import Work, work

_BATCH = 2000
_MANY = 1000  # accounts: from here on checking the whole table once is less than checking each line
_COLUMNS = (
    "account_id", "year", "body_id", "counts_as", "size_band", "eu_sme", "industry_id", "place_id", "participated", "dedicated",
    "started", "started_first_time", "new_here", "step", "activities", "hours", "records", "current",
    "knowledge_kind", "near",
)  # fmt: skip


@transaction.atomic
def open_round(*, by: Actor, at: datetime, year: int, due_on: date) -> Round:
    """Open the year: one account for every cluster organisation that ran in it."""
    require(may(by, "accounts.open_round", on=date_of(at)))
    if year >= at.year:
        raise Refused(no(mark("The year %(year)s is not over yet."), on="year", year=year))
    twice = no(mark("The round of %(year)s is already open."), on="year", year=year)
    require(twice if Round.objects.filter(year=year).exists() else YES)
    with once(lambda: twice):
        opened = Round.objects.create(year=year, opens_on=date_of(at), due_on=max(due_on, date_of(at)))
    ran = counted_in(year).values_list("id", flat=True)
    rows = [Account(cluster_id=pk, round=opened, year=year, due_on=opened.due_on, opened_at=at) for pk in ran]
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
    BookedUnit.objects.filter(account=account).delete()
    pour(
        Line, _COLUMNS,
        (
            (
                account.pk, account.year, line.body, str(line.counts_as), str(line.size_band), line.eu_sme, line.industry_id, line.place_id,
                line.participated, line.dedicated, line.started, line.started_first_time, line.new_here, line.step, line.activities,
                line.hours, " ".join(line.records), current, str(line.knowledge_kind), line.near,
            )
            for line in values
        ),
    )  # fmt: skip
    digest = digest_of([digested(line) for line in values])
    figures = [
        BookedFigure(account=account, measure=code, version=version, value=counted(values, code).distinct, digest=digest)
        for code, version in versions().items() if code in COUNTINGS
    ]  # fmt: skip
    own = of_organisation(account.cluster_id, account.year, values)
    BookedFigure.objects.bulk_create([*figures, *booked_with(account, own)])
    BookedUnit.objects.bulk_create(booked_units(account, own))
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
def submit(
    *,
    by: Actor,
    at: datetime,
    account: Account,
    comment: str = "",
    turn: int | None = None,
    comment_turn: int | None = None,
) -> Account:
    """Hand in the books: the year's facts are copied into lines; a later correction of a record cannot move them.

    After a part was sent back only what was asked about is copied anew; everything else stays as it was handed in.
    """
    account = _taken(account)
    require(
        may(by, "accounts.submit", account, on=date_of(at)),
        may_move(account.state, "submit"),
        same_turn(turn, account.turn),
    )
    if comment.strip() or comment_turn is not None:
        _comment(account, comment, comment_turn, by=by, at=at)
    found = work(account)
    _complete(found)
    account.digest = _book(account, found.lines)
    typed = {key: row.text.strip() for key, row in found.remarks.items()}
    account.state, account.comment = AccountState.SUBMITTED, typed.get((About.COMMENT, ""), "")
    account.submitted_at, account.submitted_by = at, by
    for one in found.asked:
        one.answer, one.resolved_at = typed.get((About.ANSWER, str(one.pk)), ""), at
    Message.objects.bulk_update(found.asked, ["answer", "resolved_at"])
    _handed_in(account, found, by=by, at=at)
    _moved(account, by=by, at=at, verb="accounts.submit")
    return account


def _comment(account: Account, text: str, turn: int | None, *, by: Actor, at: datetime) -> None:
    """The comment that is handed in together with the account; who wrote in it meanwhile is not overwritten."""
    row = Remark.objects.filter(account=account, about=About.COMMENT, key="").first()
    stands = row.turn if row else 0
    write(by=by, at=at, account=account, about=About.COMMENT, text=text, turn=stands if turn is None else turn)


def _complete(found: Work) -> None:
    """Only now something is demanded: nothing that must be mended, and everything answered that wants an answer."""
    wrong = stops(found.findings)
    if wrong:
        why = mark("%(count)s things must be mended first; they stand above the figures.")
        raise Refused(no(why, on="comment", count=len(wrong)))
    missing = found.missing()
    if any(one.about == About.WARNING for one in missing):
        raise Refused(
            no(mark("There are warnings. Write a comment that explains them, and hand in again."), on="comment")
        )
    if missing:
        why = mark("%(count)s things are not answered yet; the list above says which.")
        raise Refused(no(why, on="comment", count=len(missing)))


def _handed_in(account: Account, found: Work, *, by: Actor, at: datetime) -> None:
    """The submission, and what it moved since the one before."""
    sections = "" if found.sections == EVERYTHING else " ".join(sorted(found.sections))
    nth = Submission.objects.filter(account=account).count() + 1
    one = Submission.objects.create(
        account=account, nth=nth, at=at, by=by, comment=account.comment, sections=sections, digest=account.digest
    )
    MovedFigure.objects.bulk_create(
        MovedFigure(submission=one, measure=code, before=before, after=after)
        for code, (before, after) in found.figures.items()
    )
    MovedBody.objects.bulk_create(
        (MovedBody(submission=one, body_id=row.body, move=row.move, what=written(row.what)) for row in found.bodies),
        batch_size=_BATCH,
    )


@transaction.atomic
def return_account(
    *, by: Actor, at: datetime, account: Account, asks: Sequence[Ask], turn: int | None = None
) -> Account:
    """Send the account back with questions: what they ask about opens, everything else stays as it was handed in."""
    account = _taken(account)
    require(
        may(by, "accounts.return", account, on=date_of(at)),
        may_move(account.state, "return_account"),
        same_turn(turn, account.turn),
        asks_something(asks),
    )
    Message.objects.bulk_create(
        Message(account=account, measure=one.measure, section=one.section, text=one.text.strip(), by=by, at=at)
        for one in asks
    )
    account.state, account.due_on = AccountState.RETURNED, schedule().answer_by(date_of(at), account.due_on)
    _moved(account, by=by, at=at, verb="accounts.return_account", reason="; ".join(one.text.strip() for one in asks))
    return account


@transaction.atomic
def approve(*, by: Actor, at: datetime, account: Account, turn: int | None = None) -> Account:
    """Approve: from now on the nation counts these lines, and those of an earlier edition no longer."""
    account = _taken(account)
    person_id = by.pk if by else None
    require(
        may(by, "accounts.approve", account, on=date_of(at)),
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
    require(may(by, "accounts.submit", account, on=date_of(at)), approved, told)
    newest = Account.objects.filter(cluster=account.cluster, year=account.year).order_by("-edition").first()
    if newest is None or newest.pk != account.pk:
        raise Refused(no(mark("A newer edition exists already."), on="edition"))
    fresh = Account.objects.create(
        cluster=account.cluster,
        round=account.round,
        year=account.year,
        edition=account.edition + 1,
        opened_at=at,
        due_on=schedule().correct_by(date_of(at)),
    )
    said = Remark.objects.filter(account=account, about=About.NOTHING)
    Remark.objects.bulk_create(
        Remark(account=fresh, about=one.about, key=one.key, text=one.text, by_id=one.by_id, at=one.at) for one in said
    )
    _moved(fresh, by=by, at=at, verb="accounts.correct", reason=reason)
    return fresh


@transaction.atomic
def settle_many(*, by: Actor, at: datetime, year: int, submitted: dict[int, Actor], approved: dict[int, Actor]) -> int:
    """Book (and approve) many accounts of a year at once, as take-over of finished accounts does: account -> who handed in, who approved."""
    require(may(by, "accounts.open_round", on=date_of(at)))
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
    Submission.objects.bulk_create(
        (Submission(account=row, nth=1, at=at, by=submitted[row.pk], digest=row.digest) for row in rows),
        batch_size=_BATCH,
    )
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
