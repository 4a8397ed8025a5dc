"""A merger as the page shows it: each organisation beside the one that would be; too few are not told to those who see no records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.quality.assessments.measured import definitions
from klyngeforum.quality.assessments.terms import Measured
from klyngeforum.quality.indicators.terms import MeasuredKey
from klyngeforum.results.landscape.terms import Merger, Standing

from .landscape import critical_said, shared, told
from .numbers import grouped, share

Cells = tuple[str, list[str], str]  # (what, of each part, of all as one)


def _share(value: float | None) -> str:
    return "–" if value is None else share(value)


def _km(one: Standing) -> str:
    return grouped(round(one.core.radius_km)) if one.core else "–"


@dataclass(frozen=True, slots=True)
class Once:
    """How many there are counted once; where one to a few are in several, only between which numbers it lies."""

    total: int
    once: int
    open: bool

    @property
    def few(self) -> bool:
        return not self.open and 0 < self.total - self.once < small_cells().least

    @property
    def said(self) -> str:
        least = int(small_cells().least)
        return f"{grouped(self.total - least + 1)}–{grouped(self.total - 1)}" if self.few else grouped(self.once)

    @property
    def twice(self) -> str:
        return f"1–{grouped(int(small_cells().least) - 1)}" if self.few else grouped(self.total - self.once)


def standing_rows(found: Merger, places: Mapping[int, str], opened: bool) -> list[Cells]:
    """How each stands, and how they would stand as one."""
    rows: list[tuple[str, Callable[[Standing], str]]] = [
        (gettext("Participants"), lambda one: grouped(one.members)),
        (gettext("Companies"), lambda one: grouped(one.companies)),
        (gettext("Active companies"), lambda one: grouped(one.active)),
        (gettext("Under 50 employees"), lambda one: _share(told(one.under_50_share, one.size_known))),
        (gettext("SME (EU)"), lambda one: _share(told(one.sme_share, one.sme_known))),
        (gettext("Knowledge institutions"), lambda one: grouped(one.knowledge)),
        (gettext("Core"), lambda one: places.get(one.core.place, "–") if one.core else "–"),
        (gettext("Radius, km"), _km),
        (gettext("Near the core"), lambda one: _share(one.core.near if one.core else None)),
        (gettext("Regions"), lambda one: grouped(len(one.regions))),
        (gettext("Staff"), lambda one: grouped(one.staff)),
        (gettext("Employees at the largest"), lambda one: _share(shared(one.jobs_of_largest, one.companies))),
        (gettext("Critical mass"), critical_said),
    ]
    after = {
        "members": Once(sum(one.members for one in found.parts), found.after.members, opened).said,
        "companies": Once(found.memberships, found.after.companies, opened).said,
        "active": Once(sum(one.active for one in found.parts), found.after.active, opened).said,
    }
    shown = [(words, [say(one) for one in found.parts], say(found.after)) for words, say in rows]
    counted = [(words, parts, number) for (words, parts, _), number in zip(shown, after.values(), strict=False)]
    return [*counted, *shown[len(counted) :]]


def _value(one: Measured) -> str:
    if one.value is None:
        return "–"
    return share(one.value) if one.unit == "share" else grouped(one.value)


def measured_rows(found: Mapping[MeasuredKey, tuple[Sequence[Measured], Measured]]) -> list[Cells]:
    """What is measured of quality, where anything is known of the organisation that would be."""
    language, words = get_language() or "da", definitions()
    return [
        (words[key].name.say(language), [_value(one) for one in parts], _value(after))
        for key, (parts, after) in found.items()
        if after.value is not None
    ]


def account_said(once: Decimal, total: Decimal) -> tuple[str, str]:
    """(each once, the sum where it is another number)."""
    return grouped(once), "" if once == total else grouped(total)
