"""The made-up country's accounts: approved for the years behind, every state in the newest one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from klyngeforum.ground.period import date_of
from klyngeforum.records.activities.actions import withdraw
from klyngeforum.records.activities.queries import participation
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.results.accounts import actions as accounts
from klyngeforum.results.accounts import deadlines, queries, remarks
from klyngeforum.results.accounts.terms import About, AccountState, Ask, CountsAs, Section

from .plan import Country

_QUESTIONS = [
    Ask("Antallet er steget meget siden sidste år. Er alle deltagere talt én gang?", "participating_companies"),
    Ask("Har I spurgt alle virksomheder, hvad de fik ud af det?", section=Section.OUTCOMES.value),
]

_ANSWERS = ("Ja; en enkelt manglede og er kommet med.", "Ja, hver er talt én gang; vi holdt flere arrangementer.")


def _manager(people: dict[str, Any], clusters: list[int], cluster_id: int) -> Any:
    nth = clusters.index(cluster_id)
    return people["klyngeleder" if nth == 0 else f"klyngeleder{nth + 1}"]


def hand_in(country: Country, clusters: list[int], people: dict[str, Any], say: Callable[[str], None]) -> None:
    """Open, hand in and approve year by year; in the newest year some are late, returned or waiting, and one older account is corrected."""
    chance, office = Random(7), people["sekretariat"]
    for year in range(country.size.first_year, country.size.last_year + 1):
        say(f"accounts of {year}")
        at = datetime(year + 1, 5, 20, 10, tzinfo=UTC)
        accounts.open_round(
            by=office, at=datetime(year + 1, 2, 1, 9, tzinfo=UTC), year=year, due_on=date(year + 1, 5, 15)
        )
        rows = list(queries.accounts(seen_by=None, on=date_of(at)).filter(year=year).order_by("cluster_id"))
        newest = year == country.size.last_year
        waiting = {row.pk for row in rows if newest and (row.cluster_id == clusters[0] or chance.random() < 0.2)}
        submitted = {row.pk: _manager(people, clusters, row.cluster_id) for row in rows if row.pk not in waiting}
        unread = {pk for pk in submitted if newest and chance.random() < 0.25}
        accounts.settle_many(
            by=office,
            at=at,
            year=year,
            submitted=submitted,
            approved={pk: office for pk in submitted if pk not in unread},
        )
        back = [row for row in rows if row.pk in unread and chance.random() < 0.4]
        for row in back:
            accounts.return_account(by=office, at=at, account=row, asks=_QUESTIONS)
        for row in [row for row in rows if row.pk in waiting and row.cluster_id != clusters[0]][:1]:
            deadlines.extend(
                by=office,
                at=at,
                account=row,
                until=date(year + 1, 6, 16),
                reason="Klyngelederen er ny og overtog midt i året.",
            )
        for row in back[:1]:
            _hand_in_again(row.pk, submitted[row.pk], datetime(year + 1, 6, 3, 10, tzinfo=UTC))
    _correct(people, country.size.last_year - 1, office)
    _found_wrong(country.size.last_year - 1)


def _found_wrong(year: int) -> None:
    """After approval one participation turns out to be wrong: the account stands, and its series says what is known now."""
    at = datetime(year + 2, 4, 4, 10, tzinfo=UTC)
    rows = queries.accounts(seen_by=None, on=date_of(at)).filter(year=year, state=AccountState.APPROVED)
    account = rows.order_by("-cluster_id").first()
    if account is None:
        return
    once = queries.lines(account).filter(activities=1, counts_as="company", step=0, dedicated=False, started=False)
    line = once.order_by("body_id").first()
    if line is None:
        return
    found = participation(int(line.records.partition(":")[2].split()[0]), seen_by=None, on=date_of(at))
    if found is not None:
        withdraw(by=None, at=at, participation=found)


def _hand_in_again(pk: int, manager: Any, at: datetime) -> None:
    """What was asked about is mended and answered; the secretariat sees both beside what was handed in first."""
    account = queries.one_account(pk, seen_by=None, on=date_of(at))
    line = queries.lines(account).filter(step=0, counts_as=CountsAs.COMPANY).first() if account else None
    if account is None or line is None:
        return
    new = NewOutcome(account.cluster_id, line.body_id, account.year, Step.IDEA)
    outcomes.note(by=manager, at=at, cluster=account.cluster, body=line.body, new=new)
    for message in queries.open_messages(account):
        answer = _ANSWERS[bool(message.measure)]
        remarks.write(by=manager, at=at, account=account, about=About.ANSWER, key=str(message.pk), text=answer, turn=0)
    remarks.nothing_more(by=manager, at=at, account=account)
    accounts.submit(by=manager, at=at, account=account, comment="Ét udbytte manglede og er kommet med.")


def _correct(people: dict[str, Any], year: int, office: Any) -> None:
    """One approved account in a second edition, so that both can be seen."""
    at = datetime(year + 2, 3, 3, 10, tzinfo=UTC)
    first = queries.accounts(seen_by=None, on=date_of(at)).filter(year=year, state=AccountState.APPROVED).first()
    if first is None:
        return
    fresh = accounts.correct(by=None, at=at, account=first, reason="En deltagerliste var ikke kommet med.")
    remarks.nothing_more(by=None, at=at, account=fresh)
    accounts.submit(by=None, at=at, account=fresh, comment="Rettet deltagerliste.")
    accounts.approve(by=office, at=at, account=fresh)
