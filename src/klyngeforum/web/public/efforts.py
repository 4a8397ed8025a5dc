"""What the organisations did and had in a year: the country, and behind each figure the organisations' own booked values."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.access.queries import Person
from klyngeforum.ground.programme.queries import small_cells
from klyngeforum.registers.clusters.queries import names
from klyngeforum.results.accounts.own_figures import NationalEffort, efforts_of, organisations_behind
from klyngeforum.results.accounts.queries import published_years, standing, year_shown
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.serving import me, serves

HEADER = ("figure", "name", "definition_version", "scope", "year", "value", "sum", "overlap", "unit", "average_per_organisation", "organisations_stated", "accounts_approved", "provisional", "held_back")  # fmt: skip


def rows_of(found: list[NationalEffort], year: int, language: str, *, provisional: bool) -> list[tuple[object, ...]]:
    """The country's figures as rows of a file, header first."""
    return [
        HEADER,
        *(
            (
                one.figure.code, one.figure.name.say(language), ", ".join(one.versions), "DK", year, one.value, one.sum, one.overlap, one.figure.unit.say(language),
                one.average, one.stated, one.approved, provisional, one.held_back,
            )
            for one in found
        ),
    ]  # fmt: skip


def _behind(year: int, code: str, person: Person) -> list[tuple[str, str, object, bool]]:
    """(organisation, its page, booked value, whether it is held back) by name."""
    rows = organisations_behind(year, code, seen_by=person, on=timezone.localdate())
    named = names(cluster for cluster, _, _ in rows)
    return [
        (named[cluster][1], reverse("cluster", args=[named[cluster][0]]), value, back) for cluster, value, back in rows
    ]


@serves("results.see")
def efforts(request: HttpRequest) -> HttpResponse:
    language = get_language() or "da"
    year = year_shown(request.GET.get("aar", ""))
    found = efforts_of(year, seen_by=me(request), on=timezone.localdate()) if year else []
    stand = standing(year) if year else None
    provisional = stand is None or not stand.complete
    wanted = request.GET.get("hent", "")
    if year and wanted in FORMATS:
        rows = rows_of(found, year, language, provisional=provisional)
        return download(rows, name=f"organisationernes-indsats-{year}", fmt=wanted)
    chosen = next((one for one in found if one.figure.code == request.GET.get("tal")), found[0] if found else None)
    behind = _behind(year, chosen.figure.code, me(request)) if year and chosen else []
    context = {
        "year": year, "years": published_years(), "standing": stand, "chosen": chosen, "exports": list(FORMATS.items()),
        "rows": [(one, one.figure.name.say(language), one.figure.unit.say(language)) for one in found],
        "behind": behind, "not_told": any(back for *_, back in behind), "least": small_cells().least,
        "title": gettext("What the organisations did"),
    }  # fmt: skip
    if chosen:
        figure = chosen.figure
        context |= {
            "name": figure.name.say(language), "definition": figure.counted.say(language), "source": figure.sourced(language), "unit": figure.unit.say(language),
        }  # fmt: skip
    return render(request, "public/efforts.html", context)
