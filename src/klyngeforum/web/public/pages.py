"""About the numbers, open data, and the accessibility statement."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from klyngeforum.ground.programme.queries import measures, targets
from klyngeforum.ground.tables.columnar import offered
from klyngeforum.results.accounts.queries import published_years
from klyngeforum.web.components.downloads import FORMATS
from klyngeforum.web.serving import serves


@serves("results.see")
def about(request: HttpRequest) -> HttpResponse:
    language = get_language() or "da"
    shown = [
        (one, one.name.say(language), one.unit.say(language), one.numerator.say(language), one.sourced(language))
        for one in measures()
    ]
    goals = [(one, one.name.say(language), one.sourced(language)) for one in targets()]
    return render(request, "public/about.html", {"measures": shown, "targets": goals})


@serves("results.see")
def open_data(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "public/open_data.html",
        {"years": published_years(), "formats": list(FORMATS.items()), "parquet": offered()},
    )


@serves("landscape.see")
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public/accessibility.html", {})
