"""What the checks look at: in one account as its records stand, or in all accounts of a year that are handed in, at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.bodies.queries import ceased, waiting_pairs
from klyngeforum.ground.industries.queries import beginning_with
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import checks
from klyngeforum.registers.clusters.queries import carried_on

from .models import Account, BookedFigure, Line
from .queries import booked_values
from .rules import COUNTINGS, LineValues, counted
from .terms import AccountState, CountsAs
from .validation import ODD_WORDS, Background, Finding, Looked, findings, odd_lines

_FEW = 800  # below SQLite's limit of variables in a statement
_HANDED_IN = (AccountState.SUBMITTED, AccountState.APPROVED)
_RESTS_ON = frozenset({"account", "round", "body", "candidate", "cluster", "programme"})


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding in one account of the year."""

    account: Account
    finding: Finding


def _public() -> frozenset[int]:
    return beginning_with(code for check in checks() for code in check.industries)


def background(year: int, body_ids: Collection[int]) -> Background:
    """What registers say of these bodies as of the year."""
    there = set(body_ids)
    pairs = [pair for pair in waiting_pairs() if there.issuperset(pair)]
    gone = ceased(there)
    return Background(
        frozenset(body for body, day in gone.items() if day.year < year),
        frozenset(body for body, day in gone.items() if day.year == year),
        frozenset(body for pair in pairs for body in pair),
        _public(),
    )


def _newest(year: int) -> QuerySet[Account]:
    later = Account.objects.filter(cluster=OuterRef("cluster"), year=OuterRef("year"), edition__gt=OuterRef("edition"), state__in=_HANDED_IN)  # fmt: skip
    return Account.objects.filter(~Exists(later), year=year, state__in=_HANDED_IN)


def _figures(accounts: QuerySet[Account]) -> dict[int, dict[str, Decimal]]:
    """Account -> measure -> booked value."""
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = BookedFigure.objects.filter(account__in=accounts, value__isnull=False)
    for account, measure, value in rows.values_list("account_id", "measure", "value"):
        found[account][measure] = value or Decimal(0)
    return found


def peers_of(cluster_id: int, kind: str, year: int) -> dict[str, list[Decimal]]:
    """Measure -> what the other organisations of the kind counted in the year, from accounts that are handed in."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for one, values in kept(("figures", kind, year), lambda: _figures_of_kind(kind, year), of=_RESTS_ON).items():
        for measure, value in values.items() if one != cluster_id else ():
            found[measure].append(value)
    return found


def _figures_of_kind(kind: str, year: int) -> dict[int, dict[str, Decimal]]:
    """Organisation -> measure -> booked value, of every organisation of the kind: the same for each account that is looked at."""
    accounts = _newest(year).filter(cluster__kind=kind)
    of = dict(accounts.values_list("id", "cluster_id"))
    return {of[account]: values for account, values in _figures(accounts).items()}


def checked(
    account: Account, lines: Sequence[LineValues], counts: Mapping[str, Decimal] | None = None
) -> list[Finding]:
    """What the checks say of these lines (and of their counts, where somebody has them already), beside last year's approved account and
    comparable organisations."""
    values = dict(counts) if counts is not None else {code: counted(lines, code).distinct for code in COUNTINGS}
    looked = Looked(
        len(lines), values, booked_values(account.cluster_id, account.year - 1),
        odd_lines(lines, background(account.year, [line.body for line in lines])),
        peers_of(account.cluster_id, account.cluster.kind, account.year),
    )  # fmt: skip
    return findings(checks(), looked)


def flags(year: int, *, seen_by: Actor, on: date) -> list[Flag]:
    """Every finding in the accounts of the year that are handed in and that the reader may see, account by account."""
    seen = set(within(_newest(year), seen_by, "accounts.see", on=on).values_list("id", flat=True))
    return [flag for flag in kept(("flags", year), lambda: _flags(year), of=_RESTS_ON) if flag.account.pk in seen]


def _flags(year: int) -> list[Flag]:
    accounts = list(_newest(year).select_related("cluster", "round").order_by("cluster__sorted_as"))
    figures, last_year, odd = _figures(_newest(year)), _last_year(accounts, year - 1), _odd(accounts, year)
    by_kind: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        by_kind[account.cluster.kind].append(account)
    found = []
    for account in accounts:
        own = figures[account.pk]
        others = [figures[one.pk] for one in by_kind[account.cluster.kind] if one.pk != account.pk]
        peers = {measure: [values[measure] for values in others if measure in values] for measure in own}
        lines, tally = odd[account.pk]
        looked = Looked(lines, own, last_year.get(account.cluster_id, {}), tally, peers)
        found += [Flag(account, finding) for finding in findings(checks(), looked)]
    return found


def _last_year(accounts: list[Account], year: int) -> dict[int, dict[str, Decimal]]:
    """Organisation -> measure -> last year's approved value; what it carries on is summed only where it carries something on."""
    approved = Account.objects.filter(year=year, state=AccountState.APPROVED)
    later = approved.filter(cluster=OuterRef("cluster"), edition__gt=OuterRef("edition"))
    newest = approved.filter(~Exists(later))
    of = dict(newest.values_list("id", "cluster_id"))
    found = {of[account]: values for account, values in _figures(newest).items()}
    heirs = carried_on()
    return found | {one.cluster_id: booked_values(one.cluster_id, year) for one in accounts if one.cluster_id in heirs}


def _odd(accounts: list[Account], year: int) -> dict[int, tuple[int, dict[str, int]]]:
    """Account -> (lines, odd kind -> how many), counted by the database."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = Line.objects.filter(account__in=_newest(year)).order_by().values("account_id")
    counts = rows.annotate(
        n=Count("id"),
        unverified=Count("id", filter=Q(counts_as=CountsAs.UNVERIFIED)),
        outcome_without_part=Count("id", filter=Q(step__gt=0, participated=False)),
        ceased_before=Count("id", filter=Q(body__ceased_on__lt=first)),
        ceased_during=Count("id", filter=Q(body__ceased_on__range=(first, last))),
        public_as_company=Count("id", filter=Q(counts_as=CountsAs.COMPANY, industry__in=_public())),
    )
    keys, alike = [key for key in ODD_WORDS if key != "alike"], _alike(year)
    found = {one.pk: (0, dict.fromkeys(ODD_WORDS, 0)) for one in accounts}
    for account, lines, *tallies in counts.values_list("account_id", "n", *keys):
        found[account] = (lines, {**dict(zip(keys, tallies, strict=True)), "alike": alike[account]})
    return found


def _alike(year: int) -> dict[int, int]:
    """Account -> how many of its bodies look like another of its bodies."""
    partners: dict[int, set[int]] = defaultdict(set)
    for left, right in waiting_pairs():
        partners[left].add(right)
        partners[right].add(left)
    there: dict[int, set[int]] = defaultdict(set)
    wanted = sorted(partners)
    for start in range(0, len(wanted), _FEW):
        rows = Line.objects.filter(account__in=_newest(year), body__in=wanted[start : start + _FEW])
        for account, body in rows.values_list("account_id", "body_id"):
            there[account].add(body)
    return defaultdict(
        int, {account: sum(bool(partners[one] & bodies) for one in bodies) for account, bodies in there.items()}
    )
