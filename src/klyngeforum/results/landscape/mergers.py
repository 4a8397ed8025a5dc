"""What a merger of organisations would be: on a day, in the accounts of the years before, and by what is measured of quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module

from django.db.models import QuerySet

from klyngeforum.ground.access.queries import Actor, reach_of
from klyngeforum.ground.bodies.queries import company_cells
from klyngeforum.ground.keeping import kept
from klyngeforum.ground.places.queries import parent_map
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.terms import Measure
from klyngeforum.quality.assessments.measured import measured_apart_and_together
from klyngeforum.quality.assessments.terms import Measured
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.registers.clusters.queries import owned
from klyngeforum.results.accounts.nation import together
from klyngeforum.results.accounts.queries import ordered_measures, published_years

from .models import Scenario as Scenario
from .standing import RESTS_ON
from .terms import Merger

YEARS = 3
_ACCOUNTS = frozenset({"account", "round", "programme"})
_MERGING = "klyngeforum.results.landscape.merging"  # loads the analysis library, so only where something is counted


def register_cells(on: date) -> dict[tuple[int, int], int]:
    """(region, industry) -> companies of the register on the day."""

    def counted() -> dict[tuple[int, int], int]:
        regions, found = parent_map(AreaKind.REGION, on=on), dict[tuple[int, int], int]()
        for place, industry, n in company_cells(on):
            if place in regions:
                cell = (regions[place], industry)
                found[cell] = found.get(cell, 0) + n
        return found

    return kept(("register cells", on), counted, of=frozenset({"body", "programme"}), weigh=lambda cells: 200 * len(cells))  # fmt: skip


def merger(clusters: Sequence[int], on: date) -> Merger:
    """These organisations as if they were one on the day; the registers are only read."""
    chosen = tuple(clusters)

    def one() -> Merger:
        found: Merger = import_module(_MERGING).merged(on, chosen, register_cells(on))
        return found

    return kept(("merger", on, chosen), one, of=RESTS_ON, own=owned(chosen))


@dataclass(frozen=True, slots=True)
class TogetherYear:
    """A measure in a year: the sum over the organisations' approved accounts, and each body once."""

    year: int
    total: Decimal
    once: Decimal


def accounts_together(clusters: Sequence[int], on: date) -> list[tuple[Measure, list[TogetherYear]]]:
    """Every measure in the last published years, newest first."""
    years = sorted((year for year in published_years() if year <= on.year), reverse=True)[:YEARS]
    chosen = tuple(clusters)
    key = ("accounts together", chosen, tuple(years))
    counted = kept(key, lambda: {year: together(year, chosen) for year in years}, of=_ACCOUNTS)
    return [(one, [TogetherYear(year, *counted[year][one.code]) for year in years]) for one in ordered_measures()]


def measured_merged(clusters: Sequence[int], on: date) -> dict[MeasuredKey, tuple[list[Measured], Measured]]:
    """Measured value -> (of each organisation, of all as one)."""
    alone, after = measured_apart_and_together(clusters, on)
    return {key: ([one[key] for one in alone], after[key]) for key in after}


def scenarios(*, seen_by: Actor, on: date) -> QuerySet[Scenario]:
    """Every scenario that was kept, the newest first; also those withdrawn."""
    rows = Scenario.objects.select_related("kept_by").prefetch_related("parts__cluster")
    return rows if reach_of(seen_by, "landscape.merge", on)[0] else rows.none()


def standing_scenarios(*, seen_by: Actor, on: date) -> QuerySet[Scenario]:
    """Those that are not withdrawn."""
    return scenarios(seen_by=seen_by, on=on).filter(withdrawn_at__isnull=True)


def scenario(pk: int, *, seen_by: Actor, on: date) -> Scenario | None:
    return scenarios(seen_by=seen_by, on=on).filter(pk=pk).first()
