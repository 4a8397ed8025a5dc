"""Rounds, accounts, their lines and figures, and the nation counted over the lines of approved accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When

from klyngeforum.ground.access.queries import Actor, within
from klyngeforum.ground.bodies.queries import ceased_before
from klyngeforum.ground.figure import Figure, Scope, digest_of
from klyngeforum.ground.industries.queries import section_of
from klyngeforum.ground.places.queries import parent_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import measures
from klyngeforum.ground.programme.terms import Measure
from klyngeforum.ground.words import Term, mark
from klyngeforum.registers.clusters.queries import counted as clusters_running

from .gathering import lines_for
from .models import Account, BookedFigure, Line, Message, Round
from .rules import COUNTINGS, LineValues, counted
from .terms import AccountState
from .validation import Finding, findings


class Slice(Term):
    """How the nation can be split."""

    REGION = "region", mark("Region")
    SIZE = "size", mark("Size of company")
    INDUSTRY = "industry", mark("Industry")
    KIND = "kind", mark("Type of organisation")
    CLUSTER = "cluster", mark("Cluster organisation")


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


def _measures() -> list[Measure]:
    """The measures that are counted, in the order in which they are read: a part follows its whole."""
    known = {one.code: one for one in measures()}
    return [known[code] for code in COUNTINGS if code in known]


def rounds() -> QuerySet[Round]:
    return Round.objects.order_by("-year")


def accounts(*, seen_by: Actor, on: date) -> QuerySet[Account]:
    """The newest edition of each account that the reader may see."""
    rows = Account.objects.select_related("cluster__place", "round", "submitted_by", "approved_by")
    return within(rows, seen_by, "accounts.see", on=on).order_by("-year", "cluster__name", "-edition")


def newest(year: int, *, seen_by: Actor, on: date) -> QuerySet[Account]:
    """Of each organisation the newest edition of the year's account, by name."""
    later = Account.objects.filter(cluster=OuterRef("cluster"), year=year, edition__gt=OuterRef("edition"))
    return accounts(seen_by=seen_by, on=on).filter(~Exists(later), year=year).order_by("cluster__name")


def latest(cluster_id: int, year: int) -> Account | None:
    return (
        Account.objects.select_related("round", "cluster")
        .filter(cluster_id=cluster_id, year=year)
        .order_by("-edition")
        .first()
    )


def standing(year: int) -> Standing | None:
    """States of the newest editions of a round."""
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
    rows = Account.objects.select_related("cluster", "round").filter(
        year=year, state__in=open_states, round__due_on__lt=on
    )
    return rows.order_by("cluster__name")


def published_years() -> list[int]:
    """Years with an approved account, newest first."""
    return list(
        Account.objects.filter(state=AccountState.APPROVED).order_by("-year").values_list("year", flat=True).distinct()
    )


def unfinished_years() -> set[int]:
    """Years with an account that is not yet approved: their figures are provisional."""
    return set(Account.objects.exclude(state=AccountState.APPROVED).filter(edition=1).values_list("year", flat=True))


def year_shown(wanted: str = "") -> int | None:
    """The year asked for if it has an approved account; else the newest complete one, else the newest with any; none yet is None."""
    years = published_years()
    if wanted.isdigit() and int(wanted) in years:
        return int(wanted)
    complete = (year for year in years if (stand := standing(year)) is not None and stand.complete)
    return next(complete, years[0] if years else None)


def lines(account: Account) -> QuerySet[Line]:
    return Line.objects.filter(account=account).select_related("body", "place", "industry").order_by("body__name")


def messages(account: Account) -> QuerySet[Message]:
    return (
        Message.objects.filter(account__cluster_id=account.cluster_id, account__year=account.year)
        .select_related("by")
        .order_by("-at")
    )


def current_lines(cluster_id: int, year: int) -> list[LineValues]:
    """The lines of the year as the records stand now: what an open account shows."""
    return lines_for([cluster_id], year)[cluster_id]


def booked_values(cluster_id: int, year: int) -> dict[str, Decimal]:
    """Measure -> booked value of the newest approved edition of the year, empty if there is none."""
    account = (
        Account.objects.filter(cluster_id=cluster_id, year=year, state=AccountState.APPROVED)
        .order_by("-edition")
        .first()
    )
    rows = BookedFigure.objects.filter(account=account, value__isnull=False) if account else BookedFigure.objects.none()
    return {measure: value for measure, value in rows.values_list("measure", "value") if value is not None}


def series(cluster_ids: Sequence[int]) -> dict[str, dict[int, Decimal]]:
    """Measure -> year -> booked value summed over the organisations (an organisation and what it carries on)."""
    newest: dict[tuple[int, int], int] = {}
    rows = Account.objects.filter(cluster_id__in=cluster_ids, state=AccountState.APPROVED).order_by("edition")
    for pk, cluster_id, year in rows.values_list("id", "cluster_id", "year"):
        newest[(cluster_id, year)] = pk
    found: dict[str, dict[int, Decimal]] = {}
    for measure, year, value in BookedFigure.objects.filter(account_id__in=newest.values()).values_list(
        "measure", "account__year", "value"
    ):
        by_year = found.setdefault(measure, {})
        by_year[year] = by_year.get(year, Decimal(0)) + (value or Decimal(0))
    return found


def checked(account: Account, values: Sequence[LineValues]) -> list[Finding]:
    """What the checks say of these lines, against last year's approved account."""
    ceased = ceased_before(date(account.year, 1, 1), (line.body for line in values))
    return findings(values, last_year=booked_values(account.cluster_id, account.year - 1), ceased=ceased)


def differences(account: Account) -> dict[str, tuple[Decimal, Decimal]]:
    """Measure -> (booked, as the records stand now) where they differ: corrections made since booking."""
    now = current_lines(account.cluster_id, account.year)
    booked = dict(BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value"))
    fresh = {code: counted(now, code).distinct for code in booked if code in COUNTINGS}
    return {code: (booked[code] or Decimal(0), fresh[code]) for code in fresh if booked[code] != fresh[code]}


def _where(measure: str) -> Q:
    return Q(**COUNTINGS[measure].where)


def _flag(measure: str) -> Max:
    return Max(Case(When(_where(measure), then=Value(1)), default=Value(0), output_field=IntegerField()))


def _counted(rows: QuerySet[Line]) -> dict[str, tuple[Decimal, Decimal]]:
    """Every measure over the lines in two passes: sums over accounts, and flags of each body added up."""
    bodies = [code for code, counting in COUNTINGS.items() if not counting.sums]
    sums = [code for code, counting in COUNTINGS.items() if counting.sums]
    totals = {code: Count("id", filter=_where(code)) for code in bodies} | {
        code: Sum(COUNTINGS[code].sums, filter=_where(code)) for code in sums
    }
    participations = rows.aggregate(**totals)
    flags = rows.order_by().values("body").annotate(**{f"has_{code}": _flag(code) for code in bodies})
    distinct = flags.aggregate(**{code: Sum(f"has_{code}") for code in bodies})
    return {
        code: (
            Decimal(participations[code] or 0),
            Decimal((distinct[code] if code in distinct else participations[code]) or 0),
        )
        for code in COUNTINGS
    }


def approved_lines(year: int) -> QuerySet[Line]:
    """The lines that national figures count: of the newest approved edition of every account."""
    return Line.objects.filter(year=year, current=True)


def national(year: int) -> list[Figure]:
    """Every measure of the nation, each body once, with the digest of the accounts behind it."""
    stand = standing(year)
    digests = list(
        Account.objects.filter(year=year, state=AccountState.APPROVED, lines__current=True)
        .order_by("id")
        .values_list("digest", flat=True)
        .distinct()
    )
    values = _counted(approved_lines(year))
    provisional = stand is None or not stand.complete
    scope = Scope("nation", "DK", "Hele landet", "The whole country")
    return [
        Figure(
            one.code, one.version, scope, year, values[one.code][1], one.unit.da, int(values[one.code][0]), int(values[one.code][1]),
            provisional, one.placeholder, len(digests), digest_of([one.code, one.version, *digests]),
        )
        for one in _measures()
    ]  # fmt: skip


def from_records(year: int) -> list[Figure]:
    """The nation as the records say before any account of the year is called for: always provisional."""
    ran = list(clusters_running(on=date(year, 12, 31)).values_list("id", flat=True))
    lines_of_all = [line for own in lines_for(ran, year).values() for line in own]
    fingerprint = digest_of(sorted((line.body, line.counts_as, line.step, line.records) for line in lines_of_all))
    scope, found = Scope("nation", "DK", "Hele landet", "The whole country"), []
    for one in _measures():
        count = counted(lines_of_all, one.code)
        found.append(
            Figure(
                one.code, one.version, scope, year, count.distinct, one.unit.da, int(count.participations), int(count.distinct),
                    True, one.placeholder, 0, digest_of([one.code, one.version, fingerprint]),
                )
            )  # fmt: skip
    return found


def national_series(measure: str) -> dict[int, tuple[int, int]]:
    """Year -> (participations, distinct) of one measure over all approved accounts."""
    rows = Line.objects.filter(_where(measure), current=True).order_by("year").values("year")
    return {row["year"]: (row["n"], row["d"]) for row in rows.annotate(n=Count("id"), d=Count("body", distinct=True))}


_KEYS = {
    Slice.SIZE: F("size_band"),
    Slice.KIND: F("account__cluster__kind"),
    Slice.CLUSTER: F("account__cluster_id"),
}


def sliced(year: int, measure: str, by: Slice) -> list[tuple[object, int, int]]:
    """(slice, participations, distinct) of one measure: region as of the year's last day, size, industry section, type, organisation."""
    last_day = date(year, 12, 31)
    keys = {
        **_KEYS,
        Slice.REGION: parent_of("place_id", AreaKind.REGION, on=last_day),
        Slice.INDUSTRY: section_of("industry_id"),
    }
    rows = approved_lines(year).filter(_where(measure)).annotate(key=keys[by]).order_by().values("key")
    rows = rows.annotate(n=Count("id"), d=Count("body", distinct=True)).order_by("-d")
    return list(rows.values_list("key", "n", "d"))


def lines_behind(year: int, measure: str) -> QuerySet[Line]:
    """The booked lines behind a national figure, with account and body."""
    rows = approved_lines(year).filter(_where(measure)).select_related("body__place", "account__cluster", "industry")
    return rows.order_by("body__name", "account__cluster__name")


def own_lines_behind(year: int, measure: str, *, seen_by: Actor, on: date) -> QuerySet[Line]:
    """Of the lines behind a national figure those whose bodies the reader may see by name."""
    accounts_seen = within(Account.objects.filter(year=year), seen_by, "figures.open_records", on=on)
    return lines_behind(year, measure).filter(account__in=accounts_seen)


def line(pk: int, *, seen_by: Actor, on: date) -> Line | None:
    """One booked line, if the reader may open the records behind it."""
    accounts_seen = within(Account.objects.all(), seen_by, "figures.open_records", on=on)
    found = Line.objects.filter(pk=pk, account__in=accounts_seen)
    return found.select_related("body__place", "account__cluster", "account__round", "place", "industry").first()


def versions() -> dict[str, str]:
    """Measure -> definition version in force."""
    return {one.code: one.version for one in measures()}


def disagreements() -> Iterator[tuple[str, str]]:
    """Approved accounts whose booked figures or digest no longer fit their lines: (which account, what)."""
    rows = (
        Account.objects.filter(state=AccountState.APPROVED).select_related("cluster").order_by("year", "cluster__name")
    )
    for account in rows.iterator(chunk_size=500):
        booked = dict(BookedFigure.objects.filter(account=account).values_list("measure", "value"))
        actual = _counted(Line.objects.filter(account=account))
        which = f"{account.cluster.name} {account.year}, edition {account.edition}"
        for code, value in booked.items():
            if code in actual and value != actual[code][1]:
                yield which, f"{code}: booked {value}, its lines give {actual[code][1]}"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One figure of an account as a person reads it: now, last year, and what the records have become since booking."""

    measure: str
    value: Decimal
    last_year: Decimal | None
    since_booking: Decimal | None = None

    @property
    def change(self) -> int | None:
        """Per cent against last year, where there is something to compare with."""
        return round((self.value - self.last_year) / self.last_year * 100) if self.last_year else None


@dataclass(frozen=True, slots=True)
class AccountSheet:
    """An account with its figures and findings: from the records while it is open, as booked afterwards."""

    account: Account
    rows: list[SheetRow]
    findings: list[Finding]
    booked: bool


def sheet(account: Account) -> AccountSheet:
    """What the cluster office and the secretariat look at together."""
    booked = account.state in (AccountState.SUBMITTED, AccountState.APPROVED)
    now, last = current_lines(account.cluster_id, account.year), booked_values(account.cluster_id, account.year - 1)
    fresh = {one.code: counted(now, one.code).distinct for one in _measures()}
    values = dict(fresh)
    if booked:
        stored = BookedFigure.objects.filter(account=account, value__isnull=False).values_list("measure", "value")
        values |= {code: value for code, value in stored if value is not None}
    rows = [
        SheetRow(
            code, value, last.get(code), fresh[code] if booked and code in fresh and fresh[code] != value else None
        )
        for code, value in values.items()
    ]
    return AccountSheet(account, rows, checked(account, now), booked)


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
