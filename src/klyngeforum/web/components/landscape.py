"""How an organisation stands in the landscape, as lists, its own page and files show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext

from klyngeforum.ground.disclosing import small
from klyngeforum.ground.places.queries import by_code, names_of, rests_on_placeholders
from klyngeforum.ground.places.terms import AreaKind
from klyngeforum.ground.programme.marks import Mark
from klyngeforum.ground.programme.queries import mark_of, small_cells
from klyngeforum.results.landscape.terms import Split, Standing

from .numbers import grouped, share

MARKS = ("active_companies", "near_core", "staff")


def _language() -> str:
    return get_language() or "da"


@dataclass(frozen=True, slots=True)
class MarkSaid:
    """A mark in the reader's language: what is asked for, and where it stands."""

    code: str
    name: str
    asked: str
    source: str
    placeholder: bool
    provenance: str


def asked_of(mark: Mark) -> str:
    """150–250 companies; 80 per cent within 150 km; at least 30 per cent of the companies."""
    if mark.within_km is not None:
        said = gettext("at least %(share)s within %(km)s km")
        return said % {"share": share(mark.least), "km": grouped(mark.within_km)}
    if mark.most is not None:
        return f"{grouped(mark.least)}–{grouped(mark.most)} {mark.unit.say(_language())}"
    if mark.least < 1:
        return gettext("at least %(share)s") % {"share": f"{share(mark.least)} {mark.unit.say(_language())}"}
    return f"{grouped(mark.least)} {mark.unit.say(_language())}"


def marks_said(codes: Iterable[str], day: date) -> list[MarkSaid]:
    found = (mark_of(code, on=day) for code in codes)
    return [
        MarkSaid(
            one.code, one.name.say(_language()), asked_of(one), one.sourced(_language()), one.placeholder, gettext(one.provenance.label)
        )
        for one in found
    ]  # fmt: skip


def told(part: float | None, of: int) -> float | None:
    """A share that may be shown: of too few, or where it is a few or leaves a few, it would tell who they are."""
    if part is None or of < small_cells().least:
        return None
    return None if few_of(round(part * of), of) else part


def shared(part: float | None, of: int) -> float | None:
    """A share of something else than bodies (employees, hours) that is no few bodies' alone."""
    return None if of < small_cells().least else part


def few_of(n: int, of: int) -> bool:
    """Whether so many of them are a few, or all but a few."""
    least = small_cells().least
    return small(n, least) or small(of - n, least)


@dataclass(frozen=True, slots=True)
class Judged:
    """One question of critical mass: the mark, what stands there, and whether it is enough (None: not known)."""

    mark: MarkSaid
    shown: str
    enough: bool | None
    words: str


def judged(one: Standing, day: date, *, all_told: bool = False) -> list[Judged]:
    """Active companies, nearness and staff against the marks of the day."""
    active, near, staff = marks_said(MARKS, day)
    sizes = {-1: gettext("below the mark"), 0: gettext("within the mark"), 1: gettext("above the mark")}
    unknown = gettext("not known")
    answers = {True: gettext("as asked for"), False: gettext("less than asked for"), None: unknown}
    placed = one.core.near if one.core else None
    took_part = gettext("not told") if few_of(one.active, one.companies) and not all_told else grouped(one.active)
    return [
        Judged(active, took_part, one.mass >= 0, sizes[one.mass]),
        Judged(near, unknown if placed is None else share(placed), one.near_enough, answers[one.near_enough]),
        Judged(staff, unknown if one.staff is None else grouped(one.staff), one.staffed, answers[one.staffed]),
    ]


def critical_said(one: Standing) -> str:
    if one.critical is None:
        return gettext("Places not known")
    return gettext("Yes") if one.critical else gettext("No")


def short_of(one: Standing) -> str:
    """What critical mass lacks, in words; nothing where it is there or nobody can say."""
    if one.critical is not False:
        return ""
    lacks = [
        words for lacking, words in (
            (one.mass < 0, gettext("companies")), (one.near_enough is False, gettext("nearness")), (one.staffed is False, gettext("staff")),
        ) if lacking
    ]  # fmt: skip
    return gettext("lacks %(what)s") % {"what": ", ".join(lacks)} if lacks else ""


def parts_said(split: Split, names: Mapping[int, str]) -> list[tuple[str, int, float]]:
    """(area, how many, share) of a split, most first."""
    total = sum(n for _, n in split)
    return [(names.get(area, str(area)), n, n / total) for area, n in split]


def degrees() -> list[int]:
    """The degrees of urbanisation, from cities to the country."""
    return [pk for _, pk in sorted(by_code(AreaKind.URBANISATION).items())]


def towns_placeholder(day: date) -> bool:
    """Whether town and country rest on values that wait for the official ones."""
    return rests_on_placeholders(AreaKind.URBANISATION, on=day)


@dataclass(frozen=True, slots=True)
class InLandscape:
    """What an organisation's own page says of it."""

    day: date
    one: Standing
    core: str
    judged: list[Judged]
    under_50: float | None
    sme: float | None
    jobs: float | None
    times: float | None
    largest: int
    months: int
    held: Decimal  # share of the participants that the radius holds
    regions: list[tuple[str, int, float]]
    activity_regions: list[tuple[str, int, float]]
    towns: list[tuple[str, int, float]]
    activity_towns: list[tuple[str, int, float]]
    towns_placeholder: bool


def in_landscape(one: Standing, day: date, *, all_told: bool = False) -> InLandscape:
    areas = {area for area, _ in (*one.regions, *one.activity_regions, *one.towns, *one.activity_towns)} | (
        {one.core.place} if one.core else set()
    )
    names = names_of(areas, _language())
    largest, months = int(mark_of("largest_members", on=day).least), int(mark_of("active_months", on=day).least)
    return InLandscape(
        day, one, names.get(one.core.place, "") if one.core else "", judged(one, day, all_told=all_told), told(one.under_50_share, one.size_known),
        told(one.sme_share, one.sme_known), shared(one.jobs_of_largest, one.companies), shared(one.times_of_busiest, one.active), largest, months,
        mark_of("near_core", on=day).least, parts_said(one.regions, names), parts_said(one.activity_regions, names),
        parts_said(one.towns, names), parts_said(one.activity_towns, names), towns_placeholder(day),
    )  # fmt: skip
