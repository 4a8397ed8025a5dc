"""One organisation's published account for everybody: the figures by chapter with their years, charts and definitions; small numbers are not told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import EVERYBODY, may
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.registers.clusters.queries import cluster as cluster_of
from klyngeforum.results.accounts.opening import OpenFigure, open_organisations
from klyngeforum.results.accounts.own_sheet import own_told
from klyngeforum.results.accounts.queries import Account, editions, latest, ordered_measures
from klyngeforum.results.accounts.surveyed import of_one
from klyngeforum.results.accounts.terms import AccountState
from klyngeforum.web.components.columns import Columns, columns_of
from klyngeforum.web.components.surveyed import survey_tiles
from klyngeforum.web.papers.public_account import Edition, public_account
from klyngeforum.web.serving import me, serves

LEAD = ("participating_companies", "starting_companies", "outcome_1")


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as it stands in the edition: held back ones say so, and each leads to what is behind it."""

    code: str
    name: str
    definition: str
    version: str
    unit: str
    value: Decimal | None
    before: Decimal | None
    held_back: bool
    series: str
    opens: str


@dataclass(frozen=True, slots=True)
class Drawn:
    name: str
    unit: str
    chart: Columns
    rows: list[tuple[int, Decimal]]


def _published(one: Cluster, year: int) -> Account | None:
    """The newest approved edition of the year."""
    newest = latest(one.pk, year)
    return editions(newest).filter(state=AccountState.APPROVED).first() if newest else None


def _own(one: Cluster) -> dict[tuple[str, int], OpenFigure]:
    return {(row.measure, row.year): row for row in open_organisations() if row.cluster == one.pk and row.edition}


def _figures(one: Cluster, account: Account, language: str, opens: bool) -> list[tuple[str, list[Shown]]]:
    own, chapters = _own(one), {"resource": gettext("Resources"), "effort": gettext("Effort"), "result": gettext("Results")}  # fmt: skip
    found: dict[str, list[Shown]] = {chapter: [] for chapter in chapters}
    for entry in ordered_measures():
        row, before = own.get((entry.code, account.year)), own.get((entry.code, account.year - 1))
        if row is None:
            continue
        found[entry.chapter].append(Shown(
            entry.code, entry.name.say(language), entry.numerator.say(language), row.version, entry.unit.say(language), row.value,
            before.value if before else None, row.held_back, reverse("cluster_series", args=[one.slug, entry.code]),
            reverse("account_lines", args=[account.pk, entry.code]) if opens else "",
        ))  # fmt: skip
    return [(chapters[chapter], rows) for chapter, rows in found.items() if rows]


def _years(one: Cluster, year: int) -> dict[str, dict[int, Decimal]]:
    """Lead measure -> its told years until then."""
    own = _own(one)
    found = {
        code: {at: row.value for (measure, at), row in sorted(own.items()) if measure == code and at <= year and row.value is not None}
        for code in LEAD
    }  # fmt: skip
    return {code: rows for code, rows in found.items() if rows}


def _drawn(one: Cluster, year: int, language: str) -> list[Drawn]:
    known, found = {entry.code: entry for entry in ordered_measures()}, []
    for code, rows in _years(one, year).items():
        if code in known:
            name, unit = known[code].name.say(language), known[code].unit.say(language)
            found.append(Drawn(name, unit, columns_of(rows, label=name, chosen=year), sorted(rows.items())))
    return found


def _found(slug: str, year: int) -> tuple[Cluster, Account]:
    one = cluster_of(slug)
    account = _published(one, year) if one else None
    if one is None or account is None:
        raise Http404
    return one, account


@serves("results.see")
def edition_paper(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The same for print, as everybody reads it."""
    one, account = _found(slug, year)
    language = "en" if (get_language() or "da").startswith("en") else "da"
    figures = [row for _, rows in _figures(one, account, language, False) for row in rows]
    own = own_told(one.pk, year, seen_by=EVERYBODY, on=timezone.localdate())
    edition = Edition(one.name, account, figures, _years(one, year), own, list(of_one(one.pk, year)))
    name = f"{'klyngeregnskab' if language == 'da' else 'cluster-account'}-{one.slug}-{year}.pdf"
    return HttpResponse(
        public_account(edition, language), content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )  # fmt: skip


@serves("results.see")
def web_edition(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    one, account = _found(slug, year)
    language = get_language() or "da"
    opens = bool(may(me(request), "figures.open_records", account, on=timezone.localdate()))
    rule = small_cells()
    context = {
        "one": one, "account": account, "chapters": _figures(one, account, language, opens), "drawn": _drawn(one, year, language), "opens": opens,
        "own_year": year, "own": [(row, row.figure.name.say(language), row.figure.unit.say(language)) for row in own_told(one.pk, year, seen_by=me(request), on=timezone.localdate())],
        "said": survey_tiles(of_one(one.pk, year), one.name, language), "years": sorted({at for _, at in _own(one)}, reverse=True), "rule": rule,
    }  # fmt: skip
    return render(request, "public/web_edition.html", context)
