"""Series of one measure over the years: as published and as known now, for the nation and for one organisation with or without what it carries on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum

from klyngeforum.ground.keeping import kept
from klyngeforum.ground.programme.queries import versions_of
from klyngeforum.ground.words import Term, mark
from klyngeforum.registers.clusters.queries import line_of, lineage_years

from .breaking import Basis, Break, breaks
from .gathering import lines_in_parts
from .models import Account, BookedFigure, Line
from .rules import COUNTINGS, LineValues, counted
from .terms import AccountState

_RESTS_ON = frozenset({"account", "round", "body", "cluster", "programme"})


class Reading(Term):
    """How an organisation's series is read; each body counts once in both."""

    OWN = "own", mark("As it was")
    LINE = "line", mark("With its predecessors")


@dataclass(frozen=True, slots=True)
class Moved:
    """An organisation whose account of the year would count otherwise today."""

    cluster: int
    account: int
    booked: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """One year of a series, never without who is counted and by what."""

    year: int
    value: Decimal | None  # None: the figure was not counted in that year's accounts
    participations: Decimal
    versions: tuple[str, ...]
    organisations: int
    approved: int
    owed: int
    corrected: int  # accounts that stand in a later edition than their first
    breaks: list[Break]
    known: Decimal | None = None
    moved: list[Moved] = field(default_factory=list)

    @property
    def difference(self) -> Decimal | None:
        return None if self.value is None or self.known is None else self.known - self.value


@dataclass(slots=True)
class _Year:
    """The newest approved accounts of a year: organisation -> account; which of them booked the figure, and by which version."""

    accounts: dict[int, int] = field(default_factory=dict)
    booked: dict[int, tuple[str, Decimal]] = field(default_factory=dict)
    corrected: int = 0


def _within(cluster_id: int | None, reading: Reading) -> dict[int, int | None] | None:
    """Organisation -> last year that the series takes from it; None: the nation."""
    if cluster_id is None:
        return None
    return line_of(cluster_id) if reading is Reading.LINE else {cluster_id: None}


def _years(measure: str, within: dict[int, int | None] | None) -> dict[int, _Year]:
    found: dict[int, _Year] = defaultdict(_Year)
    rows = Account.objects.filter(state=AccountState.APPROVED).order_by("edition")
    rows = rows if within is None else rows.filter(cluster_id__in=within)
    where: dict[int, tuple[int, int]] = {}
    for pk, cluster, year, edition in rows.values_list("id", "cluster_id", "year", "edition"):
        last = within[cluster] if within is not None else None
        if last is None or year <= last:
            found[year].corrected += edition == 2
            found[year].accounts[cluster], where[pk] = pk, (year, cluster)
    figures = BookedFigure.objects.filter(measure=measure, account__state=AccountState.APPROVED, value__isnull=False)
    figures = figures if within is None else figures.filter(account__cluster_id__in=within)
    for pk, version, value in figures.values_list("account_id", "version", "value"):
        year, cluster = where.get(pk, (0, 0))
        if year and found[year].accounts[cluster] == pk:
            found[year].booked[cluster] = (version, value or Decimal(0))
    return dict(found)


def _published(measure: str, within: dict[int, int | None] | None) -> dict[int, tuple[Decimal, Decimal]]:
    """Year -> (participations, each body once) over the lines of the newest approved editions."""
    rows = Line.objects.filter(Q(**COUNTINGS[measure].where), current=True)
    if within is not None:
        there = Q()
        for cluster, last in within.items():
            there |= Q(account__cluster_id=cluster) & (Q() if last is None else Q(year__lte=last))
        rows = rows.filter(there)
    by_year = rows.order_by("year").values("year")
    if COUNTINGS[measure].sums:
        summed = by_year.annotate(n=Sum(COUNTINGS[measure].sums))
        return {row["year"]: (Decimal(row["n"]), Decimal(row["n"])) for row in summed}
    found = by_year.annotate(n=Count("id"), d=Count("body", distinct=True))
    return {row["year"]: (Decimal(row["n"]), Decimal(row["d"])) for row in found}


def _known(year: int, clusters: tuple[int, ...]) -> dict[str, tuple[Decimal, dict[int, Decimal]]]:
    """Measure -> (each body once over these organisations, organisation -> its own count), as the records stand now."""
    everything: list[LineValues] = []
    own: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for part in lines_in_parts(clusters, year):
        for cluster, lines in part.items():
            everything += lines
            for code in COUNTINGS:
                own[code][cluster] = counted(lines, code).distinct
    return {code: (counted(everything, code).distinct, own[code]) for code in COUNTINGS}


def _owed(within: dict[int, int | None] | None) -> dict[int, int]:
    """Year -> accounts that were called for."""
    rows = Account.objects.filter(edition=1)
    found: dict[int, int] = defaultdict(int)
    for cluster, year in rows.values_list("cluster_id", "year"):
        if within is None or (cluster in within and ((last := within[cluster]) is None or year <= last)):
            found[year] += 1
    return found


def series_of(
    measure: str, cluster_id: int | None = None, *, reading: Reading = Reading.LINE, known: bool = False
) -> list[SeriesYear]:
    """The years with an approved account, oldest first; ``known`` lays beside each what the records of the same organisations say now."""
    key = ("a series", measure, cluster_id, reading, known)
    return kept(key, lambda: _series(measure, cluster_id, reading, known), of=frozenset() if known else _RESTS_ON)


def _series(measure: str, cluster_id: int | None, reading: Reading, known: bool) -> list[SeriesYear]:
    within = _within(cluster_id, reading)
    years, values, owed = _years(measure, within), _published(measure, within), _owed(within)
    carried = lineage_years(None if within is None else within.keys())
    bases = [
        Basis(
            year, frozenset(one.booked), tuple(sorted({version for version, _ in one.booked.values()})), len(one.accounts), owed[year],
            carried.get(year, 0),
        )
        for year, one in sorted(years.items())
    ]  # fmt: skip
    edges = [(one.code, one.since, one.until) for one in versions_of(measure)]
    broken, found = breaks(bases, edges), []
    for basis in bases:
        one = years[basis.year]
        total, once = values.get(basis.year, (Decimal(0), Decimal(0)))
        now, moved = _now(measure, basis.year, one) if known and one.booked else (None, [])
        found.append(
            SeriesYear(
                basis.year, once if one.booked else None, total, basis.versions, len(one.booked), basis.approved, basis.owed, one.corrected,
                broken[basis.year], now, moved,
            )
        )  # fmt: skip
    return found


def _now(measure: str, year: int, one: _Year) -> tuple[Decimal, list[Moved]]:
    scope = tuple(sorted(one.booked))
    now, own = kept(("known now", year, scope), lambda: _known(year, scope))[measure]
    moved = [
        Moved(cluster, one.accounts[cluster], value, own[cluster])
        for cluster, (_, value) in sorted(one.booked.items())
        if value != own[cluster]
    ]
    return now, moved
