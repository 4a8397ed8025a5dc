"""The front page: one search field, the targets, the landscape at a glance."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import measure
from klyngeforum.results.accounts.queries import standing as accounts_of
from klyngeforum.results.accounts.queries import year_shown
from klyngeforum.results.targets.queries import TargetStanding, standings
from klyngeforum.web.components.figures import Bullet
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.serving import serves

from .find import EXAMPLES
from .map import map_of
from .overview import league_words, overview


def target_href(standing: TargetStanding) -> str:
    kind, _, code = standing.target.measure.rpartition(":")
    if kind == "label":
        return f"{reverse('leagues')}#{code}"
    return reverse("measure", args=[code, standing.year]) if not kind else reverse("results")


def scope_of(one: TargetStanding) -> str:
    """Who is counted in it, in how many of the accounts, and by which version of the definition."""
    kind, _, code = one.target.measure.rpartition(":")
    if kind:
        return gettext("labels in force on the last day of %(year)s") % {"year": one.year}
    round_, found = accounts_of(one.year), measure(code)
    return gettext("the whole country, %(n)s of %(all)s accounts; definition %(version)s") % {
        "n": grouped(round_.approved if round_ else 0), "all": grouped(round_.total if round_ else 0), "version": found.version if found else "–",
    }  # fmt: skip


def bullets(year: int | None) -> list[Bullet]:
    """Every target with a number, as it stands at the end of the year."""
    language = get_language() or "da"
    return [
        Bullet(
            one.target.name.say(language),
            one.value,
            one.target.goal,
            gettext("Stand of %(year)s (%(scope)s); mark for %(by)s")
            % {"year": one.year, "scope": scope_of(one), "by": one.target.by},
            target_href(one),
            one.provisional,
            held_back=one.held_back,
        )
        for one in (standings(year) if year else [])
        if one.target.goal is not None
    ]


@serves("landscape.see")
def front(request: HttpRequest) -> HttpResponse:
    year, rows = year_shown(), overview()
    counts = Counter(row.league for row in rows)
    context = {
        "year": year, "bullets": bullets(year), "examples": EXAMPLES, "map": map_of(rows), "count": len(rows),
        "leagues": [(code, words, counts[code]) for code, words in league_words().items()],
    }  # fmt: skip
    return render(request, "public/front.html", context)
