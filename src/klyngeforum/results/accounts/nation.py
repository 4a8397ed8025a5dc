"""The nation, counted over the lines of approved accounts: each body once, and every number open to its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Sum, Value, When

from klyngeforum.ground.access.queries import Actor, reach_of, within
from klyngeforum.ground.counts.fixed import fixed
from klyngeforum.ground.figure import Figure, Scope, digest_of
from klyngeforum.ground.industries.queries import section_of
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places import queries as places
from klyngeforum.ground.places.queries import parent_of
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.words import Term, mark
from klyngeforum.registers.clusters.queries import counted_in

from .gathering import lines_for
from .models import Account, BookedFigure, Line
from .queries import booked_lines, ordered_measures, standing, versions
from .rules import COUNTINGS, counted, digested
from .terms import AccountState

if TYPE_CHECKING:
    from .tallying import Tally

_TALLYING = "klyngeforum.results.accounts.tallying"  # loads NumPy, so only where something is counted
_KEPT_SECONDS = 3600
_SORTED_BY_NAME = 50_000  # more lines than these come in the order of the register, which an index holds


class Slice(Term):
    """How the nation can be split."""

    REGION = "region", mark("Region")
    URBANISATION = "urbanisation", mark("Town and country")
    SIZE = "size", mark("Size of company")
    INDUSTRY = "industry", mark("Industry")
    KIND = "kind", mark("Type of organisation")
    CLUSTER = "cluster", mark("Cluster organisation")


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


def _values(found: Tally) -> dict[str, tuple[Decimal, Decimal]]:
    bodies = {code: (Decimal(found.lines[code]), Decimal(found.bodies[code])) for code in found.lines}
    return bodies | {code: (value, value) for code, value in found.sums.items()}


def approved_lines(year: int) -> QuerySet[Line]:
    """The lines that national figures count: of the newest approved edition of every account."""
    return Line.objects.filter(year=year, current=True)


def together(year: int, cluster_ids: Collection[int]) -> dict[str, tuple[Decimal, Decimal]]:
    """Measure -> (participations, distinct) over the approved accounts of these organisations, as if they were one."""
    return _counted(approved_lines(year).filter(account__cluster__in=list(cluster_ids)))


def state_of(year: int) -> str:
    """Changes with every move of every account: what a counted result may be kept under."""
    rows = Account.objects.filter(year=year).aggregate(n=Count("id"), turns=Sum("turn"), newest=Max("approved_at"))
    return digest_of([year, rows, versions()])


def kinds_of(year: int) -> dict[int, str]:
    """The type of each organisation with an account of the year."""
    return dict(Account.objects.filter(year=year).values_list("cluster_id", "cluster__kind"))


def tally(year: int) -> Tally:
    """Every measure of the year's approved lines, read once for the nation, the types and the organisations."""
    state = state_of(year)

    def stored() -> Tally:
        of = digest_of([state, sorted(kinds_of(year).items())])
        return fixed("tally of accounts", date(year, 12, 31), of, lambda: _tallied(year))

    return kept(("tally", year, state), stored, of=frozenset({"cluster"}), weigh=lambda one: 2000 * len(one.organisations))  # fmt: skip


def _tallied(year: int) -> Tally:
    found: Tally = import_module(_TALLYING).tallied(approved_lines(year), kinds_of(year))
    return found


def national(year: int) -> list[Figure]:
    """Every measure of the nation; kept until an account of the year moves (booked lines never change otherwise)."""
    key = f"national:{state_of(year)}"
    found: list[Figure] | None = cache.get(key)
    if found is None:
        found = counted_nation(year, tally(year))
        cache.set(key, found, _KEPT_SECONDS)
    return list(found)


def counted_nation(year: int, tally: Tally | None = None) -> list[Figure]:
    """Every measure of the nation counted now (or as tallied), each body once, with the digest of the accounts behind it."""
    stand = standing(year)
    behind = Exists(Line.objects.filter(account=OuterRef("pk"), current=True))
    rows = Account.objects.filter(behind, year=year, state=AccountState.APPROVED).order_by("id")
    digests = list(rows.values_list("digest", flat=True))
    values = _values(tally or _tallied(year))
    provisional = stand is None or not stand.complete
    scope = Scope("nation", "DK", "Hele landet", "The whole country")
    return [
        Figure(
            one.code, one.version, scope, year, values[one.code][1], one.unit.da, int(values[one.code][0]), int(values[one.code][1]),
            provisional, one.placeholder, len(digests), digest_of([one.code, one.version, *digests]),
        )
        for one in ordered_measures()
    ]  # fmt: skip


def from_records(year: int) -> list[Figure]:
    """The nation as the records say before any account of the year is called for: always provisional."""
    ran = list(counted_in(year).values_list("id", flat=True))
    lines_of_all = [line for own in lines_for(ran, year).values() for line in own]
    fingerprint = digest_of(sorted((line.body, line.counts_as, line.step, line.records) for line in lines_of_all))
    scope, found = Scope("nation", "DK", "Hele landet", "The whole country"), []
    for one in ordered_measures():
        count = counted(lines_of_all, one.code)
        found.append(
            Figure(
                one.code, one.version, scope, year, count.distinct, one.unit.da, int(count.participations), int(count.distinct),
                    True, one.placeholder, 0, digest_of([one.code, one.version, fingerprint]),
                )
            )  # fmt: skip
    return found


def national_series(measure: str) -> dict[int, tuple[int, int]]:
    """Year -> (participations, distinct) of one measure over all approved accounts; kept until any account moves."""
    moved = Account.objects.aggregate(n=Count("id"), turns=Sum("turn"), newest=Max("approved_at"))
    key = f"series:{digest_of([measure, moved, versions()])}"
    found: dict[int, tuple[int, int]] | None = cache.get(key)
    if found is None:
        found = _series_counted(measure)
        cache.set(key, found, _KEPT_SECONDS)
    return found


def _series_counted(measure: str) -> dict[int, tuple[int, int]]:
    rows = Line.objects.filter(_where(measure), current=True).order_by("year").values("year")
    return {row["year"]: (row["n"], row["d"]) for row in rows.annotate(n=Count("id"), d=Count("body", distinct=True))}


_KEYS = {
    Slice.SIZE: F("size_band"),
    Slice.KIND: F("account__cluster__kind"),
    Slice.CLUSTER: F("account__cluster_id"),
}


def sliced(year: int, measure: str, by: Slice) -> list[tuple[object, int, int]]:
    """(slice, participations, distinct) of one measure: region and degree of urbanisation as of the year's last day, size, industry section, type, organisation."""
    last_day = date(year, 12, 31)
    keys = {
        **_KEYS,
        Slice.REGION: parent_of("place_id", AreaKind.REGION, on=last_day),
        Slice.URBANISATION: parent_of("place_id", AreaKind.URBANISATION, on=last_day),
        Slice.INDUSTRY: section_of("industry_id"),
    }
    rows = approved_lines(year).filter(_where(measure)).annotate(key=keys[by]).order_by().values("key")
    rows = rows.annotate(n=Count("id"), d=Count("body", distinct=True)).order_by("-d")
    return list(rows.values_list("key", "n", "d"))


def rests_on_placeholders(year: int, by: Slice) -> bool:
    """Whether the split rests on values that wait for the official ones."""
    return by is Slice.URBANISATION and places.rests_on_placeholders(AreaKind.URBANISATION, on=date(year, 12, 31))


def of_organisations(year: int) -> list[tuple[int, str, dict[str, int]]]:
    """(organisation, its type, measure -> bodies) of every approved account of the year."""
    return tally(year).organisations


def of_kinds(year: int) -> dict[str, dict[str, int]]:
    """Type of organisation -> measure -> bodies of its approved accounts, each once."""
    return tally(year).kinds


def lines_behind(year: int, measure: str) -> QuerySet[Line]:
    """The booked lines behind a national figure, with account and body."""
    rows = approved_lines(year).filter(_where(measure)).select_related("body__place", "account__cluster", "industry")
    many = _approved_count(year) > _SORTED_BY_NAME
    return (
        rows.order_by("body_id", "account_id")
        if many
        else rows.order_by("body__sorted_as", "account__cluster__sorted_as")
    )


def _approved_count(year: int) -> int:
    return kept(("lines", year), lambda: approved_lines(year).count(), of=frozenset({"account", "body"}))


def own_lines_behind(year: int, measure: str, *, seen_by: Actor, on: date) -> QuerySet[Line]:
    """Of the lines behind a national figure those whose bodies the reader may see by name."""
    if reach_of(seen_by, "figures.open_records", on)[0]:
        return lines_behind(year, measure)
    accounts_seen = within(Account.objects.filter(year=year), seen_by, "figures.open_records", on=on)
    return lines_behind(year, measure).filter(account__in=accounts_seen)


def how_many_lines(year: int, measure: str, *, seen_by: Actor, on: date) -> int:
    """The number of those lines; for who may see all it is the figure's own number of participations."""
    if reach_of(seen_by, "figures.open_records", on)[0] and not COUNTINGS[measure].sums:
        return next(one.participations or 0 for one in national(year) if one.measure == measure)
    return own_lines_behind(year, measure, seen_by=seen_by, on=on).count()


def _digest_now(account: Account) -> str:
    """The digest of the lines as they stand in the database."""
    return digest_of([digested(line) for line in booked_lines(account)])


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
        if account.digest != _digest_now(account):
            yield which, "its lines are not those that were booked"
