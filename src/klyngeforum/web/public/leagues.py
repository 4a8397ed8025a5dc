"""The three leagues, who plays in each, and which labels are held."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from klyngeforum.ground.programme.queries import labels, leagues
from klyngeforum.web.serving import serves

from .overview import overview

_MOST = 60  # of each league; the list of organisations shows the rest


@serves("leagues.see")
def league_table(request: HttpRequest) -> HttpResponse:
    language, rows = get_language() or "da", overview()
    shown = [
        (
            one,
            one.name.say(language),
            sorted((row for row in rows if row.league == one.code), key=lambda row: -row.members),
        )
        for one in leagues()
    ]
    held = [(one, one.name.say(language), [row for row in rows if row.label == one.code]) for one in labels()]
    unplaced = [row for row in rows if not row.league]
    context = {"leagues": shown, "labels": held, "unplaced": unplaced, "most": _MOST}
    return render(request, "public/leagues.html", context)
