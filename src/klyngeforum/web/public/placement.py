"""Why an organisation was placed as it was: the decision with what the forum had before it, years later as well."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from klyngeforum.steering.leagues.queries import exhibits, one_placement
from klyngeforum.web.components.explained import told
from klyngeforum.web.serving import serves

from .overview import league_words


@serves("leagues.see")
def placement(request: HttpRequest, pk: int) -> HttpResponse:
    row = one_placement(pk)
    if row is None:
        raise Http404
    words = league_words()
    lines = [
        (code, words.get(code, code), told(part)) for code, part in groupby(exhibits(pk), key=lambda line: line.league)
    ]
    context = {"row": row, "league": words.get(row.league, row.league), "answers": lines}
    return render(request, "public/placement.html", context)
