"""The organisations' own figures of a year: gathered and booked with the account, and read for the country from approved accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Exists, OuterRef, QuerySet

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies.queries import merged
from klyngeforum.ground.disclosing import hidden, small
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.queries import own_figures, small_cells
from klyngeforum.ground.programme.terms import OwnFigure
from klyngeforum.records.activities.queries import in_year, units_in
from klyngeforum.registers.clusters.queries import groups_in, staff_in

from .efforts import EFFORTS, OrganisationYear, average, of_nation, own
from .models import Account, BookedFigure, BookedUnit, Line
from .rules import COUNTINGS, LineValues, counted
from .telling import held_cells, own_organisations, sees_all
from .terms import AccountState

_COMPANIES, _INSTITUTIONS = "participating_companies", "knowledge_institutions"
_SAME_AS = {
    "companies": _COMPANIES,
    "units": _INSTITUTIONS,
    "institutions_whole": _INSTITUTIONS,
}  # which numbers of bodies an own figure would tell
_BODIES = ("institutions_whole",)  # and the own figures that are such a number of their own


@dataclass(frozen=True, slots=True)
class NationalEffort:
    """One figure for the country: how many of the approved accounts hold it, and what an organisation has on average."""

    figure: OwnFigure
    versions: tuple[str, ...]
    value: Decimal | None
    average: Decimal | None
    stated: int
    approved: int
    held_back: bool = False
    sum: Decimal | None = None  # over the organisations, where the country counts each once

    @property
    def overlap(self) -> Decimal | None:
        """How often what is counted once stands in a further organisation."""
        return None if self.sum is None or self.value is None else self.sum - self.value


def own_versions() -> dict[str, str]:
    """Code -> definition version in force."""
    return {one.code: one.version for one in own_figures()}


def of_organisation(cluster_id: int, year: int, lines: Sequence[LineValues]) -> OrganisationYear:
    """The year as the records stand now; regions are those of the year's last day."""
    regions = parent_map(AreaKind.REGION, on=date(year, 12, 31))
    there = {regions.get(line.place_id) for line in lines if line.participated and line.place_id is not None}
    root = merged()
    stated = staff_in(year).filter(cluster_id=cluster_id).values_list("full_time", flat=True).first()
    return OrganisationYear(
        tuple(in_year(year, [cluster_id]).order_by("id").values_list("kind", "international")),
        groups_in(year, cluster_id).count(),
        stated,
        frozenset(there - {None}),
        int(counted(lines, _COMPANIES).distinct),
        frozenset(line.body for line in lines if COUNTINGS[_INSTITUTIONS].holds(line)),
        frozenset((root.get(body, body), unit) for body, unit in units_in(year, cluster_id)),
    )


def booked_units(account: Account, one: OrganisationYear) -> list[BookedUnit]:
    """The units that the account counts, each once, so that the country can count each of them once."""
    named = {(body, key) for body, key in one.units if body in one.institutions}
    found = named | {(body, "") for body in one.institutions - {body for body, _ in named}}
    return [BookedUnit(account=account, body_id=cast(int, body), key=key) for body, key in sorted(found, key=str)]


def booked_with(account: Account, one: OrganisationYear) -> list[BookedFigure]:
    """The own figures of the account as they are booked, each with a digest of its own: they have no lines."""
    found = []
    for figure in own_figures():
        value = own(figure, one)
        digest = digest_of([figure.code, figure.version, account.cluster_id, account.year, value])
        found.append(
            BookedFigure(account=account, measure=figure.code, version=figure.version, value=value, digest=digest)
        )
    return found


_RESTS_ON = frozenset({"account", "round", "cluster", "programme"})
_Booked = list[tuple[int, str, Decimal | None]]  # (organisation, version, value)


def booked_own(year: int) -> dict[str, _Booked]:
    """Code -> what the newest approved edition of each account of the year booked; read once until somebody acts."""
    return kept(("booked own", year), lambda: _booked(year), of=_RESTS_ON)


def _newest(year: int) -> QuerySet[Account]:
    later = Account.objects.filter(
        cluster=OuterRef("cluster"), year=year, state=AccountState.APPROVED, edition__gt=OuterRef("edition")
    )
    return Account.objects.filter(~Exists(later), year=year, state=AccountState.APPROVED)


def units_booked(year: int) -> OrganisationYear:
    """Institutions and units of the newest approved edition of each account of the year, each once."""
    root = merged()
    rows = list(BookedUnit.objects.filter(account__in=_newest(year)).values_list("body_id", "key").distinct())
    found = [(root.get(body, body), key) for body, key in rows]
    return OrganisationYear(
        institutions=frozenset(body for body, _ in found), units=frozenset(one for one in found if one[1])
    )


def _booked(year: int) -> dict[str, _Booked]:
    rows = BookedFigure.objects.filter(account__in=_newest(year), measure__in=[one.code for one in own_figures()])
    found: dict[str, _Booked] = defaultdict(list)
    names = rows.order_by("account__cluster__sorted_as", "id")
    for code, cluster, version, value in names.values_list("measure", "account__cluster_id", "version", "value"):
        found[code].append((cluster, version, value))
    return found


def _regions(year: int) -> int:
    """Regions with a participant, each once, over the lines that national figures count."""
    regions = parent_map(AreaKind.REGION, on=date(year, 12, 31))
    places = Line.objects.filter(year=year, current=True, participated=True, place__isnull=False).order_by()
    return len({regions.get(place) for place in places.values_list("place_id", flat=True).distinct()} - {None})


def efforts_of(year: int, *, seen_by: Actor, on: date) -> list[NationalEffort]:
    """Every own figure of the country as the reader may see it, in the programme's order; counted once until somebody acts."""
    found = kept(("efforts", year), lambda: _efforts(year), of=_RESTS_ON)
    if sees_all(seen_by, on):
        return found
    return [
        replace(one, value=None, average=None, sum=None, held_back=True)
        if None in held_of(year, one.figure.code)
        else one
        for one in found
    ]


def _efforts(year: int) -> list[NationalEffort]:
    booked, regions, whole = booked_own(year), _regions(year), units_booked(year)
    approved = Account.objects.filter(year=year, state=AccountState.APPROVED).values("cluster").distinct().count()
    found = []
    for figure in own_figures():
        rows = booked.get(figure.code, [])
        values = [value for _, _, value in rows if value is not None]
        versions = tuple(sorted({version for _, version, _ in rows}))
        found.append(
            NationalEffort(
                figure,
                versions,
                of_nation(figure, values, regions, whole),
                average(values),
                len(values),
                approved,
                sum=sum(values, Decimal(0)) if figure.nation == "once" and values else None,
            )
        )
    return found


def organisations_behind(year: int, code: str, *, seen_by: Actor, on: date) -> list[tuple[int, Decimal | None, bool]]:
    """(organisation, its booked value, whether it is held back) behind a figure of the country, by name; none where it stated nothing."""
    back = held_of(year, code) - own_organisations(seen_by, on) if not sees_all(seen_by, on) else set()
    return [
        (cluster, None if cluster in back else value, cluster in back)
        for cluster, _, value in booked_own(year).get(code, [])
    ]


def held_of(year: int, code: str) -> set[object]:
    """The organisations (and the country, as None) whose figure is a number of bodies that is not told to everybody."""
    counts = next(one.counts for one in own_figures() if one.code == code)
    measure = _SAME_AS.get(counts)
    back = {key for _, key, one in held_cells(year) if one == measure and not isinstance(key, str)}
    if counts not in _BODIES:
        return back
    values = {cluster: value or Decimal(0) for cluster, _, value in booked_own(year).get(code, [])}
    least = small_cells().least
    once = EFFORTS[counts](units_booked(year), "")
    return back | hidden(values, least) | ({None} if small(once, least) else set())
