"""Grants and how much of them is used, income by source, hours with and without evidence, claims, and the figures of a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.programme.funding import Payer
from klyngeforum.ground.programme.queries import funding_scheme, rate_of
from klyngeforum.records.activities.queries import Participation, participations_in
from klyngeforum.records.activities.queries import of_cluster as activities_of

from .models import BudgetLine, Claim, Grant, HourEntry, Income
from .rules import FIGURES, HourFact, IncomeFact, Spell, Worth, YearFacts, months_secured, payer_of, worth_of
from .terms import Form, Standing

_NONE = Decimal(0)


def grants(*, seen_by: Actor, on: date) -> QuerySet[Grant]:
    rows = Grant.objects.select_related("cluster__body")
    return within(rows, seen_by, "economy.see", on=on).order_by("-ends_on", "title")


def incomes(*, seen_by: Actor, on: date) -> QuerySet[Income]:
    rows = Income.objects.select_related("grant", "cluster")
    return within(rows, seen_by, "economy.see", on=on).order_by("-year", "-on", "pk")


def hour_entries(*, seen_by: Actor, on: date) -> QuerySet[HourEntry]:
    """Hours that the reader may see, each with the grant that claims it."""
    claim = Claim.objects.filter(entry=OuterRef("pk"))
    rows = HourEntry.objects.select_related("body", "cluster", "participation__activity")
    rows = rows.annotate(claimed_by=Subquery(claim.values("grant__title")[:1]), worth=Subquery(claim.values("worth")[:1]))  # fmt: skip
    return within(rows, seen_by, "economy.see", on=on).order_by("-since", "body__sorted_as", "pk")


def hours_of(cluster_id: int) -> QuerySet[HourEntry]:
    """Every entry of the organisation, by day and body."""
    rows = HourEntry.objects.filter(cluster_id=cluster_id).select_related("body", "participation__activity")
    return rows.order_by("since", "body__sorted_as", "pk")


def claimed_by(cluster_id: int) -> dict[int, str]:
    """Entry -> title of the grant that claims it."""
    return dict(Claim.objects.filter(entry__cluster_id=cluster_id).values_list("entry_id", "grant__title"))


def hours_that_are(rows: QuerySet[HourEntry], state: str) -> QuerySet[HourEntry]:
    """Of these hours the claimed ones, the free ones (with evidence), or the bare ones (without)."""
    taken = Exists(Claim.objects.filter(entry=OuterRef("pk")))
    if state == "claimed":
        return rows.filter(taken)
    return rows.filter(~taken, evidence="") if state == "bare" else rows.filter(~taken).exclude(evidence="")


def claims(*, seen_by: Actor, on: date) -> QuerySet[Claim]:
    rows = Claim.objects.select_related("entry__body", "grant", "entry__participation__activity")
    return within(rows, seen_by, "economy.see", on=on).order_by("-since", "-entry__since", "pk")


def budget_of(grant_id: int) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(grant_id=grant_id).order_by("pk")


def of_cluster(cluster_id: int) -> QuerySet[Grant]:
    return Grant.objects.filter(cluster_id=cluster_id).order_by("-ends_on", "title")


def years_of(cluster_id: int) -> list[int]:
    """Years with income, hours or activities, newest first."""
    held = activities_of(cluster_id).order_by().dates("starts_on", "year")
    found = {day.year for day in held}
    found |= set(Income.objects.filter(cluster_id=cluster_id).values_list("year", flat=True))
    found |= {day.year for day in HourEntry.objects.filter(cluster_id=cluster_id).dates("since", "year")}
    return sorted(found, reverse=True)


@dataclass(frozen=True, slots=True)
class Used:
    """How far a grant is used: its own money received, co-financing in cash and in hours, against what is demanded."""

    received: Decimal
    cash: Decimal
    hours: Decimal
    worth: Decimal

    @property
    def cofinancing(self) -> Decimal:
        return self.cash + self.worth


def used(rows: Iterable[Grant]) -> dict[int, Used]:
    """Grant -> how far it is used."""
    wanted = {one.pk: funding_scheme(one.scheme) for one in rows}
    own: dict[int, Decimal] = defaultdict(Decimal)
    cash: dict[int, Decimal] = defaultdict(Decimal)
    received = Income.objects.filter(grant_id__in=wanted, standing=Standing.RECEIVED).order_by()
    for grant, payer, amount in received.values_list("grant_id", "payer").annotate(amount=Sum("amount")):
        scheme = wanted[grant]
        (own if scheme is not None and payer == scheme.pays else cash)[grant] += amount
    rows_ = Claim.objects.filter(grant_id__in=wanted).order_by().values_list("grant_id")
    claimed = {grant: (hours, worth) for grant, hours, worth in rows_.annotate(Sum("entry__hours"), Sum("worth"))}
    return {pk: Used(own[pk], cash[pk], *claimed.get(pk, (_NONE, _NONE))) for pk in wanted}


def _of_year(year: int, cluster_ids: list[int]) -> QuerySet[HourEntry]:
    return HourEntry.objects.filter(cluster_id__in=cluster_ids, since__year=year)


def _parts(cluster_id: int, year: int, order: str, **wanted: int) -> QuerySet[Participation]:
    """Participations of the year with how many of their recorded hours no entry holds yet."""
    laid = HourEntry.objects.filter(participation=OuterRef("pk")).order_by().values("participation")
    rows = participations_in(year, [cluster_id]).select_related("activity", "body")
    rows = rows.annotate(entered=Coalesce(Subquery(laid.annotate(n=Sum("hours")).values("n")), _NONE))
    return rows.annotate(left=F("hours") - F("entered")).filter(**wanted).order_by(order, "pk")


def waiting_parts(cluster_id: int, year: int) -> QuerySet[Participation]:
    """Participations of the year with more recorded hours than entries prove, and how many hours wait; the longest wait first."""
    return _parts(cluster_id, year, "-left", left__gt=0)


def overproved_parts(cluster_id: int, year: int) -> QuerySet[Participation]:
    """Participations whose recorded hours were put down below what entries prove: one of the two is wrong."""
    return _parts(cluster_id, year, "left", left__lt=0)


def left_of(part: Participation, without: int = 0) -> Decimal:
    """Recorded hours of the participation that no entry holds yet."""
    entered = HourEntry.objects.filter(participation=part).exclude(pk=without).aggregate(n=Sum("hours"))["n"]
    return part.hours - (entered or _NONE)


def claimable(grant: Grant, since: date, until: date) -> QuerySet[HourEntry]:
    """Hours of the organisation with evidence, within grant and period, that nobody has claimed."""
    first, last = max(since, grant.starts_on), min(until, grant.ends_on)
    taken = Claim.objects.filter(entry=OuterRef("pk"))
    rows = HourEntry.objects.filter(~Exists(taken), ~Q(evidence=""), cluster_id=grant.cluster_id, since__gte=first, until__lte=last)  # fmt: skip
    return rows.select_related("body", "participation__activity").order_by("since", "body__sorted_as", "pk")


def spell_of(entry: HourEntry) -> Spell:
    return Spell(entry.body_id, entry.person, entry.since, entry.until, entry.begins, entry.ends)


def worth_under(entry: HourEntry, grant: Grant) -> Worth | None:
    """What the hours would be worth under the grant, at the rate of their day."""
    rate = rate_of(grant.scheme, on=entry.since)
    return worth_of(entry.hours, entry.pay, rate) if rate else None


def facts_of(cluster_ids: list[int], year: int) -> dict[int, YearFacts]:
    """Cluster -> the year's facts of economy, as the figures count them."""
    income: dict[int, list[IncomeFact]] = {pk: [] for pk in cluster_ids}
    for row in Income.objects.filter(cluster_id__in=cluster_ids, year=year).select_related("grant"):
        scheme = funding_scheme(row.grant.scheme) if row.grant else None
        own = scheme is not None and row.payer == scheme.pays
        income[row.cluster_id].append(IncomeFact(row.standing, row.form, row.payer, row.amount, own, row.grant_id is not None))  # fmt: skip
    hours: dict[int, list[HourFact]] = {pk: [] for pk in cluster_ids}
    rows = _of_year(year, cluster_ids).annotate(worth=Subquery(Claim.objects.filter(entry=OuterRef("pk")).values("worth")[:1]))  # fmt: skip
    for pk, kind, given, evidence, worth in rows.values_list("cluster_id", "body__kind", "hours", "evidence", "worth"):
        hours[pk].append(HourFact(payer_of(kind), given, bool(evidence), worth or _NONE))
    for pk in cluster_ids:
        waits = waiting_parts(pk, year).order_by().values_list("body__kind").annotate(n=Sum("left"))
        hours[pk] += [HourFact(payer_of(kind), left, False, _NONE) for kind, left in waits]
    return {pk: YearFacts(tuple(income[pk]), tuple(hours[pk])) for pk in cluster_ids}


def figures_of(cluster_id: int, year: int) -> dict[str, Decimal | None]:
    """Figure -> its value for the organisation and year."""
    facts = facts_of([cluster_id], year)[cluster_id]
    return {code: count(facts) for code, count in FIGURES.items()}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source of a year: cash received and its share of all cash (as the private share is told), hours claimed, and what was budgeted."""

    payer: Payer
    cash: Decimal
    hours: Decimal
    budget: Decimal
    share: Decimal | None

    @property
    def total(self) -> Decimal:
        return self.cash + self.hours


def by_source(cluster_id: int, year: int) -> list[SourceRow]:
    """Private, public, region, EU: cash, hours (by worth) and budget, each source's share of the cash."""
    facts = facts_of([cluster_id], year)[cluster_id]
    cash: dict[str, Decimal] = defaultdict(Decimal)
    hours: dict[str, Decimal] = defaultdict(Decimal)
    budget: dict[str, Decimal] = defaultdict(Decimal)
    for one in facts.income:
        (cash if one.standing == Standing.RECEIVED and one.form == Form.CASH else budget)[one.payer] += one.amount
    for entry in facts.hours:
        hours[entry.payer] += entry.worth
    whole = sum(cash.values(), _NONE)
    return [
        SourceRow(payer, cash[payer], hours[payer], budget[payer], cash[payer] / whole if whole > 0 else None)
        for payer in Payer
    ]  # fmt: skip


def secured(cluster_id: int, *, on: date) -> int:
    """Months of finance secured by grants that stand."""
    rows = Grant.objects.filter(cluster_id=cluster_id, closed_on__isnull=True)
    return months_secured(rows.values_list("starts_on", "ends_on"), on)


def standing_grants(cluster_id: int, *, on: date) -> QuerySet[Grant]:
    """The grants of the organisation that are not closed by the day, the first to begin first."""
    rows = Grant.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), cluster_id=cluster_id)
    return rows.order_by("starts_on", "pk")


def cash_received(cluster_id: int, since: int, until: int) -> QuerySet[Income]:
    """Cash that the organisation received in the years since–until, oldest first."""
    rows = Income.objects.filter(cluster_id=cluster_id, standing=Standing.RECEIVED, form=Form.CASH)
    return rows.filter(year__gte=since, year__lte=until).order_by("year", "on", "pk")


def has_grant(scheme: str, years: Iterable[int]) -> dict[int, set[int]]:
    """Year -> organisations with a grant of the scheme that runs in it."""
    rows = list(Grant.objects.filter(scheme=scheme).values_list("cluster_id", "starts_on", "ends_on"))
    return {year: {pk for pk, since, until in rows if since.year <= year <= until.year} for year in years}


def under_scheme(cluster_id: int, scheme: str, year: int) -> QuerySet[Grant]:
    rows = Grant.objects.filter(cluster_id=cluster_id, scheme=scheme, starts_on__year__lte=year, ends_on__year__gte=year)  # fmt: skip
    return rows.order_by("starts_on", "pk")


def claims_of(grant: Grant) -> QuerySet[Claim]:
    return Claim.objects.filter(grant=grant).select_related("entry__body", "entry__participation__activity").order_by("-since", "-entry__since", "pk")  # fmt: skip


@dataclass(frozen=True, slots=True)
class GrantYear:
    """A grant in one year: its own money received then and so far, co-financing in cash and in hours, and the entries behind them."""

    received: Decimal
    received_in_all: Decimal
    cash: Decimal
    worth: Decimal
    hours: Decimal
    entries: int


def grant_year(grant: Grant, year: int) -> GrantYear:
    scheme = funding_scheme(grant.scheme)
    own, whole, cash = _NONE, _NONE, _NONE
    rows = Income.objects.filter(grant=grant, standing=Standing.RECEIVED, year__lte=year).order_by()
    for paid_in, payer, amount in rows.values_list("year", "payer").annotate(amount=Sum("amount")):
        if scheme is not None and payer == scheme.pays:
            whole += amount
            own += amount if paid_in == year else _NONE
        elif paid_in == year:
            cash += amount
    claimed = Claim.objects.filter(grant=grant, entry__since__year=year)
    found = claimed.aggregate(worth=Sum("worth"), hours=Sum("entry__hours"), n=Count("id"))
    return GrantYear(own, whole, cash, found["worth"] or _NONE, found["hours"] or _NONE, found["n"])
