"""The nation's figures of a year: targets first, then every measure; each opens to what is behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.figure import Figure
from klyngeforum.ground.programme.queries import measures
from klyngeforum.results.accounts.queries import published_years, standing, year_shown
from klyngeforum.results.accounts.surveyed import of_nation
from klyngeforum.results.accounts.telling import told_nation
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.figures import FigureTile
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.components.surveyed import survey_tiles
from klyngeforum.web.serving import me, serves

from .front import bullets

HEADER = ("measure", "name", "definition_version", "scope", "year", "value", "unit", "participations", "distinct", "overlap", "provisional", "placeholder", "held_back", "digest")  # fmt: skip


def _tile(one: Figure, owed: int, language: str) -> tuple[str, FigureTile]:
    """Never without who is counted, in how many of the accounts, and by which version of the definition."""
    measure = next(measure for measure in measures() if measure.code == one.measure)
    note = ""
    if one.overlap:
        note = gettext("%(participations)s participations; %(overlap)s counted more than once") % {
            "participations": grouped(one.participations), "overlap": grouped(one.overlap),
        }  # fmt: skip
    scope = gettext("The whole country, %(year)s, %(n)s of %(all)s accounts; definition %(version)s") % {
        "year": one.year, "n": grouped(one.sources), "all": grouped(owed), "version": one.version,
    }  # fmt: skip
    tile = FigureTile(
        measure.name.say(language), gettext("not told") if one.held_back else grouped(one.value), "" if one.held_back else measure.unit.say(language), scope, note,
        reverse("measure", args=[one.measure, one.year]), provisional=one.provisional, placeholder=one.placeholder,
    )  # fmt: skip
    return measure.chapter, tile


def rows_of(figures: list[Figure], language: str) -> list[tuple[object, ...]]:
    """The figures as rows of a file, header first."""
    names = {measure.code: measure.name.say(language) for measure in measures()}
    rows = [
        (
            one.measure, names[one.measure], one.version, one.scope.code, one.year, one.value, one.unit, one.participations,
            one.distinct, one.overlap, one.provisional, one.placeholder, one.held_back, one.digest,
        )
        for one in figures
    ]  # fmt: skip
    return [HEADER, *rows]


@serves("results.see")
def results(request: HttpRequest) -> HttpResponse:
    language = get_language() or "da"
    year = year_shown(request.GET.get("aar", ""))
    figures = told_nation(year, seen_by=me(request), on=timezone.localdate()) if year else []
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        return download(rows_of(figures, language), name=f"nationale-tal-{year}", fmt=wanted)
    stand = standing(year) if year else None
    tiles = [_tile(one, stand.total if stand else 0, language) for one in figures]
    chapters = [
        (gettext("Resources"), [tile for chapter, tile in tiles if chapter == "resource"]),
        (gettext("Effort"), [tile for chapter, tile in tiles if chapter == "effort"]),
        (gettext("Results"), [tile for chapter, tile in tiles if chapter == "result"]),
    ]
    said = survey_tiles(of_nation(year), gettext("The whole country"), language) if year else []
    context = {
        "year": year, "said": said, "years": published_years(), "bullets": bullets(year), "chapters": [one for one in chapters if one[1]],
        "standing": stand, "exports": list(FORMATS.items()),
    }  # fmt: skip
    return render(request, "public/results.html", context)
