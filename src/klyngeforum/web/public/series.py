"""One measure over the years, for the nation or for one organisation: as published and, for those who see accounts, as known now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import may, reach_of
from klyngeforum.ground.programme.queries import measure as measure_of
from klyngeforum.ground.programme.queries import versions_of
from klyngeforum.registers.clusters.queries import Cluster, carried_on, names
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.results.accounts.queries import of_cluster, ordered_measures
from klyngeforum.results.accounts.rules import COUNTINGS
from klyngeforum.results.accounts.series import Reading, SeriesYear, series_of
from klyngeforum.results.accounts.telling import back_of, held_back
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.series import break_said, series_chart
from klyngeforum.web.serving import me, serves

HEADER = ("measure", "scope", "year", "published", "known_now", "difference", "participations", "definition_versions", "organisations_counted", "accounts_approved", "accounts_owed", "remarks")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One year with its remarks in words and, where today's records say otherwise, whom it concerns."""

    row: SeriesYear
    remarks: list[str]
    held_back: bool
    href: str
    moved: list[tuple[str, Decimal, Decimal, str]]


def _may_know(request: HttpRequest, one: Cluster | None) -> bool:
    """Today's records are no publication: who sees the accounts sees them."""
    person, today = me(request), timezone.localdate()
    if one is None:
        return bool(reach_of(person, "accounts.see", today)[0])
    accounts = of_cluster(one.pk)
    return bool(accounts) and bool(may(person, "accounts.see", accounts[0], on=today))


def _shown(rows: list[SeriesYear], code: str, one: Cluster | None, language: str, opens: bool, back: set[int]) -> list[Shown]:  # fmt: skip
    named = names(moved.cluster for row in rows for moved in row.moved)
    found = []
    for row in rows:
        moved = [
            (named[it.cluster][1], it.booked, it.now, reverse("account_lines", args=[it.account, code]) if opens else "")
            for it in row.moved
        ]  # fmt: skip
        href = reverse("measure", args=[code, row.year]) if one is None else ""
        found.append(Shown(row, [break_said(it, language) for it in row.breaks], row.year in back, href, moved))
    return found


def _told(rows: list[SeriesYear], code: str, one: Cluster | None) -> tuple[list[SeriesYear], set[int]]:
    """The series as everybody may read it, and the years whose number is held back because it could point at one body."""
    if COUNTINGS[code].sums:
        return rows, set()
    values = {row.year: row.value for row in rows if row.value is not None}
    back = back_of(code, one.pk, values) if one else held_back(code, None)
    return [replace(row, value=None, participations=Decimal(0)) if row.year in back else row for row in rows], back


def _others(code: str, one: Cluster | None, reading: Reading, language: str, all_told: bool) -> list[tuple[str, str, dict[int, Decimal]]]:  # fmt: skip
    """(name, code and version, year -> value) of every definition of the same thing, where there is more than one."""
    versions = versions_of(code)
    if len(versions) < 2:
        return []
    found = []
    for entry in versions:
        rows = series_of(entry.code, one.pk if one else None, reading=reading)
        rows = rows if all_told else _told(rows, entry.code, one)[0]
        values = {row.year: row.value for row in rows if row.value is not None}
        found.append((entry.name.say(language), f"{entry.code} {entry.version}", values))
    return found


def series_rows(rows: list[SeriesYear], code: str, scope: str, language: str) -> list[tuple[object, ...]]:
    """The series as rows of a file, header first."""
    return [
        HEADER,
        *(
            (
                code, scope, row.year, row.value, row.known, row.difference, row.participations, ", ".join(row.versions),
                row.organisations, row.approved, row.owed, " ".join(break_said(it, language) for it in row.breaks),
            )
            for row in rows
        ),
    ]  # fmt: skip


def _screen(request: HttpRequest, code: str, one: Cluster | None) -> HttpResponse:
    found, language = measure_of(code), get_language() or "da"
    if found is None or code not in COUNTINGS:
        raise Http404
    carries = one is not None and one.pk in carried_on()
    reading = Reading.OWN if request.GET.get("laes") == Reading.OWN.value or not carries else Reading.LINE
    may_know = _may_know(request, one)
    known = may_know and request.GET.get("nu") == "1"
    rows = series_of(code, one.pk if one else None, reading=reading, known=known)
    rows, back = (rows, set()) if may_know else _told(rows, code, one)
    name = found.name.say(language)
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        scope = one.slug if one else "DK"
        return download(series_rows(rows, code, scope, language), name=f"serie-{code}-{scope}", fmt=wanted)
    others = _others(code, one, reading, language, may_know)
    person, today = me(request), timezone.localdate()
    context = {
        "measure": found, "name": name, "unit": found.unit.say(language), "definition": found.numerator.say(language), "source": found.sourced(language),
        "one": one, "carries": carries, "reading": reading, "readings": list(Reading), "may_know": may_know, "known": known, "differs": any(row.moved for row in rows),
        "back": back, "rows": _shown(rows, code, one, language, bool(may(person, "figures.open_records", on=today)), back), "chart": series_chart(rows, label=name),
        "others": others, "other_years": [(row.year, [(it, values.get(row.year)) for it, _, values in others]) for row in rows] if others else [],
        "choices": [(entry.code, entry.name.say(language)) for entry in ordered_measures()], "exports": list(FORMATS.items()),
        "title": gettext("%(measure)s, year by year") % {"measure": name},
    }  # fmt: skip
    return render(request, "public/series.html", context)


@serves("results.see")
def series(request: HttpRequest, code: str) -> HttpResponse:
    return _screen(request, code, None)


@serves("results.see")
def cluster_series(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    one = cluster_of(slug)
    if one is None:
        raise Http404
    return _screen(request, code, one)


def _chosen(request: HttpRequest) -> str:
    """The figure that was chosen, or the first there is."""
    known = [entry.code for entry in ordered_measures()]
    wanted = request.GET.get("maal", "")
    return wanted if wanted in known else known[0]


@serves("results.see")
def choose_series(request: HttpRequest) -> HttpResponse:
    return redirect("series", code=_chosen(request))


@serves("results.see")
def choose_cluster_series(request: HttpRequest, slug: str) -> HttpResponse:
    if cluster_of(slug) is None:
        raise Http404
    return redirect("cluster_series", slug=slug, code=_chosen(request))
