"""The targets one by one: where each stands, and where it would stand in its year if it goes on as it has."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from klyngeforum.results.accounts.queries import published_years, year_shown
from klyngeforum.results.effects.queries import documenting, protocol_of
from klyngeforum.results.targets.queries import Outlook, outlooks
from klyngeforum.results.targets.rules import FEWEST, LEVEL
from klyngeforum.web.components.downloads import FORMATS, download
from klyngeforum.web.components.fans import Fan, fan_of
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.serving import serves

from .front import scope_of, target_href
from .saying import relative_said

HEADER = ("target", "name", "goal", "by", "year", "value", "kind", "low", "high", "level")
_TOLD_FROM = 1.05  # less than that is no wider in words


@dataclass(frozen=True, slots=True)
class Foretold:
    """One target as the page shows it."""

    outlook: Outlook
    code: str
    name: str
    unit: str
    source: str
    href: str
    said: str
    likely: str
    tested: str
    scope: str
    fan: Fan | None


def _said(one: Outlook) -> tuple[str, str]:
    """The forecast and the likelihood of the mark in words, or why there is none."""
    found, target = one.forecast, one.standing.target
    if found is None:
        if max(one.series, default=0) >= target.by:
            return gettext("The target's year has come: the figure stands, nothing is foretold."), ""
        return gettext("Too few whole years to say: %(known)s of the %(needed)s that it takes.") % {
            "known": grouped(len(one.series)), "needed": grouped(FEWEST),
        }, ""  # fmt: skip
    said = gettext("If it goes on as it has: %(middle)s in %(year)s, and with %(level)s likelihood between %(low)s and %(high)s.") % {
        "middle": grouped(round(found.middle)), "year": found.year, "level": share(found.level), "low": grouped(round(found.low)),
        "high": grouped(round(found.high)),
    }  # fmt: skip
    likely = share(min(max(found.reaches or 0.0, 0.01), 0.99))
    words = {True: gettext("under %(share)s"), False: gettext("over %(share)s")}
    reaches = found.reaches or 0.0
    shown = words[reaches < 0.5] % {"share": likely} if not 0.01 <= reaches <= 0.99 else likely
    return said, gettext("Likelihood of reaching the mark: %(share)s") % {"share": shown}


def _tested(one: Outlook) -> str:
    if not one.proof.of:
        return gettext("The method cannot yet be tested on this series: it takes more years.")
    told = {"inside": grouped(one.proof.inside), "of": grouped(one.proof.of), "times": grouped(one.proof.widening, 1)}
    said = gettext("Tested on its own past: %(inside)s of %(of)s later years fell inside the range.") % told
    wider = gettext("Therefore the range is made %(times)s times as wide.") % told
    return said if one.proof.widening < _TOLD_FROM else f"{said} {wider}"


def foretold(one: Outlook, language: str) -> Foretold:
    """One target in the reader's words."""
    target, (said, likely) = one.standing.target, _said(one)
    label = gettext("%(name)s, year by year, with the range until %(by)s") % {
        "name": target.name.say(language),
        "by": target.by,
    }
    fan = fan_of(one.series, one.ahead, goal=float(target.goal or 0), label=label) if one.series else None
    return Foretold(
        one, target.code, target.name.say(language), target.unit.say(language), target.sourced(language),
        target_href(one.standing), said, likely, _tested(one), scope_of(one.standing), fan,
    )  # fmt: skip


def _rows(found: list[Outlook], language: str) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [HEADER]
    for one in found:
        target = one.standing.target
        about = (target.code, target.name.say(language), target.goal, target.by)
        rows += [(*about, year, value, "counted", None, None, None) for year, value in sorted(one.series.items())]
        rows += [(*about, at.year, round(at.middle, 1), "forecast", round(at.low, 1), round(at.high, 1), at.level) for at in one.ahead]  # fmt: skip
    return rows


def _documented(language: str) -> list[tuple[str, str, str]]:
    """Published studies that document a positive effect, as their protocols said beforehand: (address, question, answer)."""
    return [
        (one.code, protocol.question.say(language), relative_said(line.relative, line.outcome.form))
        for one, line in documenting() if (protocol := protocol_of(one))
    ]  # fmt: skip


@serves("results.see")
def targets(request: HttpRequest) -> HttpResponse:
    language, year = get_language() or "da", year_shown(request.GET.get("aar", ""))
    found = outlooks(year) if year else []
    wanted = request.GET.get("hent", "")
    if wanted in FORMATS:
        return download(_rows(found, language), name=f"maal-{year}", fmt=wanted)
    context = {
        "year": year, "years": published_years(), "targets": [foretold(one, language) for one in found], "level": share(LEVEL),
        "exports": list(FORMATS.items()), "documented": _documented(language),
    }  # fmt: skip
    return render(request, "public/targets.html", context)
