"""The three leagues: who plays in each, what each asks for and is offered, who moved, and which labels are held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.ground.programme.queries import labels, leagues
from klyngeforum.steering.leagues.queries import first_day, moved, rules_and_version
from klyngeforum.web.components.alluvial import Alluvial, alluvial_of
from klyngeforum.web.serving import serves

from .overview import league_words, overview

_MOST = 60  # of each league; the list of organisations shows the rest


@dataclass(frozen=True, slots=True)
class Movement:
    """Who moved between two days, drawn and as a table."""

    since: date
    until: date
    chart: Alluvial
    rows: list[tuple[str, str, int]]
    years: list[int]


def _short_names() -> dict[str, str]:
    language = get_language() or "da"
    return {one.code: one.short.say(language) or one.name.say(language) for one in leagues()} | {
        "": gettext("Not placed")
    }


def _stirred(years: list[int], today: date) -> int:
    """The newest year since whose end somebody has moved; the last when nobody ever did."""
    moving = (
        year for year in reversed(years) if any(one != other for one, other, _ in moved(date(year, 12, 31), today))
    )
    return next(moving, years[-1])


def _movement(request: HttpRequest, today: date) -> Movement | None:
    """From the end of the year chosen to today (else the newest since which somebody moved); nothing before the first placement is a year old."""
    first = first_day()
    years = list(range(first.year, today.year)) if first else []
    if not years:
        return None
    wanted = request.GET.get("fra", "")
    since = date(int(wanted) if wanted.isdigit() and int(wanted) in years else _stirred(years, today), 12, 31)
    moves, names = moved(since, today), _short_names()
    chart = alluvial_of(moves, names, label=gettext("Movements between the leagues"))
    rows = [(names[one], names[other], count) for one, other, count in moves]
    return Movement(since, today, chart, rows, years)


@serves("leagues.see")
def league_table(request: HttpRequest) -> HttpResponse:
    language, rows, today = get_language() or "da", overview(), timezone.localdate()
    rules, _ = rules_and_version(today)
    offers = {one.code: [(offer.text.say(language), offer.source) for offer in one.offers] for one in rules.leagues} if rules else {}  # fmt: skip
    shown = [
        (one, league_words()[one.code], sorted((row for row in rows if row.league == one.code), key=lambda row: -row.members), offers.get(one.code, []))
        for one in leagues()
    ]  # fmt: skip
    held = [(one, one.name.say(language), [row for row in rows if row.label == one.code]) for one in labels()]
    unplaced = [row for row in rows if not row.league]
    context = {
        "leagues": shown, "labels": held, "unplaced": unplaced, "most": _MOST, "movement": _movement(request, today),
        "guessed": any(row.guessed for row in rows), "support": rules.support.say(language) if rules else "", "rules": rules,
    }  # fmt: skip
    return render(request, "public/leagues.html", context)
