"""Rounds, accounts, their lines and figures, and the nation counted over the lines of approved accounts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.programme.terms import Measure
from klyngeforum.registers.clusters.queries import line_of, own

from .gathering import lines_for
from .models import Account, BookedFigure, Extension, Line, Message, Round
from .rules import COUNTINGS, LineValues, counted
from .starters import starters
from .terms import AccountState

_ACCOUNTS = frozenset({"account", "round"})
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a round has come."""

    round: Round
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def approved(self) -> int:
        return self.counts.get(AccountState.APPROVED, 0)

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.approved == self.total


def ordered_measures() -> list[Measure]:
    """The measures that are counted, in the order in which they are read: a part follows its whole."""
    known = {one.code: one for one in measures()}
    return [known[code] for code in COUNTINGS if code in known]


def rounds() -> QuerySet[Round]:
    return Round.objects.order_by("-year")


def accounts(*, seen_by: Actor, on: date) -> QuerySet[Account]:
    """The newest edition of each account that the reader may see."""
    rows = Account.objects.select_related("cluster__place", "round", "submitted_by", "approved_by")
    return within(rows, seen_by, "accounts.see", on=on).order_by("-year", "cluster__sorted_as", "-edition")


def newest(year: int, *, seen_by: Actor, on: date) -> QuerySet[Account]:
    """Of each organisation the newest edition of the year's account, by name."""
    later = Account.objects.filter(cluster=OuterRef("cluster"), year=year, edition__gt=OuterRef("edition"))
    return accounts(seen_by=seen_by, on=on).filter(~Exists(later), year=year).order_by("cluster__sorted_as")


def latest(cluster_id: int, year: int) -> Account | None:
    return (
        Account.objects.select_related("round", "cluster")
        .filter(cluster_id=cluster_id, year=year)
        .order_by("-edition")
        .first()
    )


def in_force(cluster_id: int, year: int) -> Account | None:
    """The newest approved edition, which counts until another is approved; before there is one, the newest."""
    approved = Account.objects.select_related("round", "cluster").filter(cluster_id=cluster_id, year=year, state=AccountState.APPROVED)  # fmt: skip
    return approved.order_by("-edition").first() or latest(cluster_id, year)


def standing(year: int) -> Standing | None:
    """States of the newest editions of a round."""
    return kept(("standing", year), lambda: _standing(year), of=_ACCOUNTS)


def _standing(year: int) -> Standing | None:
    found = Round.objects.filter(year=year).first()
    if found is None:
        return None
    newest: dict[int, str] = {}
    for cluster_id, state in Account.objects.filter(round=found).order_by("edition").values_list("cluster_id", "state"):
        newest[cluster_id] = state
    states = list(newest.values())
    return Standing(found, {state.value: states.count(state.value) for state in AccountState})


def late(year: int, *, on: date) -> QuerySet[Account]:
    """Accounts that were due and are still with the cluster office."""
    open_states = (AccountState.OPEN, AccountState.RETURNED)
    rows = Account.objects.select_related("cluster", "round").filter(year=year, state__in=open_states, due_on__lt=on)
    return rows.order_by("cluster__sorted_as")


def with_the_offices() -> QuerySet[Account]:
    """Every account that is not handed in, by organisation and year."""
    open_states = (AccountState.OPEN, AccountState.RETURNED)
    rows = Account.objects.select_related("cluster", "round").filter(state__in=open_states)
    return rows.order_by("cluster__sorted_as", "year")


def extensions(account: Account) -> QuerySet[Extension]:
    """More time that was given, the newest first."""
    return Extension.objects.filter(account=account).select_related("by").order_by("-at", "-id")


def newest_extensions(accounts: Iterable[Account]) -> dict[int, Extension]:
    """Account -> the extension that its deadline rests on."""
    rows = Extension.objects.filter(account__in=[one.pk for one in accounts]).select_related("account").order_by("at", "id")  # fmt: skip
    return {row.account_id: row for row in rows if row.until == row.account.due_on}


def published_years() -> list[int]:
    """Years with an approved account, newest first."""
    approved = Account.objects.filter(state=AccountState.APPROVED).order_by("-year")
    years = kept("published years", lambda: list(approved.values_list("year", flat=True).distinct()), of=_ACCOUNTS)
    return list(years)


def own_years(cluster_id: int) -> list[int]:
    """Years of which the organisation itself has an approved account, newest first."""
    rows = Account.objects.filter(cluster_id=cluster_id, state=AccountState.APPROVED).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def unfinished_years() -> set[int]:
    """Years with an account that is not yet approved: their figures are provisional."""
    return set(Account.objects.exclude(state=AccountState.APPROVED).filter(edition=1).values_list("year", flat=True))


def year_shown(wanted: str = "") -> int | None:
    """The year asked for if it has an approved account; else the newest complete one, else the newest with any; none yet is None."""
    years = published_years()
    if wanted in map(str, years):
        return int(wanted)
    complete = (year for year in years if (stand := standing(year)) is not None and stand.complete)
    return next(complete, years[0] if years else None)


def lines(account: Account) -> QuerySet[Line]:
    return Line.objects.filter(account=account).select_related("body", "place", "industry").order_by("body__sorted_as")


def messages(account: Account) -> QuerySet[Message]:
    return (
        Message.objects.filter(account__cluster_id=account.cluster_id, account__year=account.year)
        .select_related("by")
        .order_by("-at")
    )


def current_lines(cluster_id: int, year: int) -> list[LineValues]:
    """The lines of the year as the records stand now: what an open account shows."""
    return lines_for([cluster_id], year)[cluster_id]


def resting(
    name: Hashable,
    cluster_id: int,
    year: int,
    make: Callable[[], Made],
    *,
    weigh: Callable[[Made], int] = lambda _: 4096,
) -> Made:
    """What is made of one organisation's lines of the year, kept while others record: it falls with an act on what is its own or everybody's,
    and when who started before, anywhere, has become others."""
    return kept((name, cluster_id, year, starters(cluster_id, year)), make, own=own(cluster_id), weigh=weigh)


def booked_values(cluster_id: int, year: int) -> dict[str, Decimal]:
    """Measure -> booked value of the year, of the organisation and what it carries on; empty if nothing was approved."""
    return {measure: years[year] for measure, years in series(cluster_id).items() if year in years}


def values_of(account: Account) -> dict[str, Decimal]:
    """Measure -> value of this account alone: as booked once it is handed in, else as the records stand now."""
    if account.booked:
        stored = BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value")
        return {code: value for code, value in stored if value is not None}
    now = current_lines(account.cluster_id, account.year)
    return {one.code: counted(now, one.code).distinct for one in ordered_measures()}


def booked_version(cluster_id: int, measure: str, year: int) -> str:
    """By which version of its definition the newest approved account of the organisation, or of what it carries on, counted the figure."""
    rows = BookedFigure.objects.filter(account__cluster_id__in=line_of(cluster_id), account__year=year, account__state=AccountState.APPROVED, measure=measure)  # fmt: skip
    return rows.order_by("-account__edition").values_list("version", flat=True).first() or ""


def series(cluster_id: int) -> dict[str, dict[int, Decimal]]:
    """Measure -> year -> booked value of the organisation and, before its time, of what it carries on (summed)."""
    newest: dict[tuple[int, int], int] = {}
    line = line_of(cluster_id)
    rows = Account.objects.filter(cluster_id__in=line, state=AccountState.APPROVED).order_by("edition")
    for pk, one, year in rows.values_list("id", "cluster_id", "year"):
        last = line[one]
        if last is None or year <= last:
            newest[(one, year)] = pk
    found: dict[str, dict[int, Decimal]] = {}
    for measure, year, value in BookedFigure.objects.filter(account_id__in=newest.values()).values_list(
        "measure", "account__year", "value"
    ):
        by_year = found.setdefault(measure, {})
        by_year[year] = by_year.get(year, Decimal(0)) + (value or Decimal(0))
    return found


def differences(account: Account) -> dict[str, tuple[Decimal, Decimal]]:
    """Measure -> (booked, as the records stand now) where they differ: corrections made since booking."""
    now = current_lines(account.cluster_id, account.year)
    booked = dict(BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value"))
    fresh = {code: counted(now, code).distinct for code in booked if code in COUNTINGS}
    return {code: (booked[code] or Decimal(0), fresh[code]) for code in fresh if booked[code] != fresh[code]}


def booked_lines(account: Account) -> Iterator[LineValues]:
    """The lines as they were booked, by body."""
    for row in Line.objects.filter(account=account).order_by("body_id").iterator(chunk_size=5000):
        yield LineValues(
            row.body_id, row.counts_as, row.size_band, row.eu_sme, row.industry_id, row.place_id, row.participated, row.dedicated,
            row.started, row.started_first_time, row.new_here, row.step, row.activities, row.hours, row.records.split(),
            row.knowledge_kind, row.near,
        )  # fmt: skip


def moved(account: Account, measure: str) -> list[tuple[int, Decimal, Decimal]]:
    """(body, booked, as the records stand now) of every body for which a figure of a booked account would count otherwise today."""
    counting = COUNTINGS[measure]

    def worth(values: Iterable[LineValues | Line]) -> dict[int, Decimal]:
        return {one.body if isinstance(one, LineValues) else one.body_id: Decimal(getattr(one, counting.sums) if counting.sums else 1) for one in values}  # fmt: skip

    booked = worth(Line.objects.filter(account=account, **counting.where))
    now = worth(one for one in current_lines(account.cluster_id, account.year) if counting.holds(one))
    none = Decimal(0)
    pairs = ((body, booked.get(body, none), now.get(body, none)) for body in sorted(booked.keys() | now.keys()))
    return [pair for pair in pairs if pair[1] != pair[2]]


def line(pk: int, *, seen_by: Actor, on: date) -> Line | None:
    """One booked line, if the reader may open the records behind it."""
    accounts_seen = within(Account.objects.all(), seen_by, "figures.open_records", on=on)
    found = Line.objects.filter(pk=pk, account__in=accounts_seen)
    return found.select_related("body__place", "account__cluster", "account__round", "place", "industry").first()


def account_opened(pk: int, *, seen_by: Actor, on: date) -> Account | None:
    """The account, if the reader may open the records behind its figures."""
    rows = within(Account.objects.select_related("cluster", "round"), seen_by, "figures.open_records", on=on)
    return rows.filter(pk=pk).first()


def held_lines(account: Account, measure: str) -> QuerySet[Line]:
    """The booked lines that a figure of the account counts."""
    return Line.objects.filter(account=account, **COUNTINGS[measure].where).select_related("body", "place")


def versions() -> dict[str, str]:
    """Measure -> definition version in force."""
    return {one.code: one.version for one in measures()}


def one_account(pk: int, *, seen_by: Actor, on: date) -> Account | None:
    return accounts(seen_by=seen_by, on=on).filter(pk=pk).first()


def editions(account: Account) -> QuerySet[Account]:
    return Account.objects.filter(cluster_id=account.cluster_id, year=account.year).order_by("-edition")


def open_messages(account: Account) -> QuerySet[Message]:
    """What the secretariat has asked that no new submission has answered yet."""
    return Message.objects.filter(account=account, resolved_at__isnull=True).select_related("by").order_by("-at")


def of_cluster(cluster_id: int) -> list[Account]:
    """The newest edition of every year's account of one organisation, newest year first."""
    later = Account.objects.filter(cluster=OuterRef("cluster"), year=OuterRef("year"), edition__gt=OuterRef("edition"))
    return list(Account.objects.filter(~Exists(later), cluster_id=cluster_id).select_related("round").order_by("-year"))
