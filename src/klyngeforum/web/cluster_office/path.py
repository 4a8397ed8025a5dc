"""The path to a label: the cheapest improvements with effort, evidence and help; and what if a level were another one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from klyngeforum.quality.assessments import distance as distances
from klyngeforum.quality.assessments.distance import Distance
from klyngeforum.quality.indicators.path import Improvement, improved
from klyngeforum.quality.indicators.path import path as cheapest
from klyngeforum.quality.indicators.rules import blocking, line
from klyngeforum.quality.indicators.scoring import level_of
from klyngeforum.quality.indicators.terms import IndicatorRole, Version
from klyngeforum.web.components.standing import tree
from klyngeforum.web.serving import serves

from .desk import own_cluster
from .distance import Standing, bullet_of, standing_of

_PREFIX = "n-"


def _step(one: Improvement, version: Version, language: str) -> dict[str, object]:
    what = version.indicator(one.indicator)
    if what is None:
        raise LookupError(one.indicator)
    kinds = {kind.code: kind.name.say(language) for kind in version.evidence}
    offers = {offer.code: (offer.name.say(language), offer.giver.say(language)) for offer in version.offers}
    level, start = what.level(one.to_level), what.level(one.from_level) if one.from_level is not None else None
    return {
        "code": one.indicator, "name": what.name.say(language), "start": one.from_level, "to": one.to_level, "points": one.points, "days": one.days,
        "start_words": start.name.say(language) if start else gettext("Not known yet"), "to_words": level.name.say(language) if level else "",
        "area": one.area, "evidence": [kinds[code] for code in one.evidence if code in kinds],
        "offers": [offers[code] for code in one.offers if code in offers], "placeholder": bool(one.placeholders),
    }  # fmt: skip


def _wishes(request: HttpRequest, found: Standing) -> dict[str, int]:
    """Indicator -> the level tried, for those that the scheme has and that differ from what is answered."""
    wishes = {}
    for what in found.version.indicators:
        text = request.GET.get(_PREFIX + what.code, "")
        level = int(text) if text.isdecimal() and len(text) < 4 else None
        stands = level_of(what, found.asked.answer(what.code))
        if level is None or what.level(level) is None or level == (what.levels[0].number if stands is None else stands):
            continue  # a slider that was not moved: what is unknown stays unknown
        wishes[what.code] = level
    return wishes


def _sliders(found: Standing, wishes: dict[str, int], language: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for what in found.version.indicators:
        if what.role is IndicatorRole.INFO:
            continue
        now = level_of(what, found.asked.answer(what.code))
        rows.append({
            "code": what.code, "id": what.code.replace(".", "-"), "key": _PREFIX + what.code, "name": what.name.say(language), "now": now, "top": what.top,
            "low": what.levels[0].number, "value": wishes.get(what.code, now if now is not None else what.levels[0].number),
            "ticks": [level.number for level in what.levels],
        })  # fmt: skip
    return rows


def _result(found: Standing, wishes: dict[str, int], language: str) -> dict[str, Any]:
    """What the levels tried would give: points, verdict, what still stands in the way, the days left."""
    asked = improved(found.asked, wishes)
    after: Distance = distances.distance(found.version, found.label, asked)
    left = cheapest(found.version, found.label, asked)
    return {
        "bullet": bullet_of(after), "after": after, "truth": tree(after.explained, language), "days_left": left.days, "reachable": left.reachable,
        "blocks": [line(one, gettext, language) for one in blocking(after.explained)], "wishes": len(wishes),
    }  # fmt: skip


@serves("assessments.fill")
def path(request: HttpRequest) -> HttpResponseBase:
    found = standing_of(request)
    if found is None:
        return render(request, "cluster_office/no_assessment.html", {"cluster": own_cluster(request)})
    language = get_language() or "da"
    wishes = _wishes(request, found)
    context: dict[str, Any] = {"standing": found, "result": _result(found, wishes, language)}
    if request.headers.get("HX-Target") == "result":
        return render(request, "cluster_office/path_result.html", context)
    way = cheapest(found.version, found.label, found.asked)
    context |= {
        "way": way, "steps": [_step(one, found.version, language) for one in way.improvements], "sliders": _sliders(found, wishes, language),
        "waits": [line(one, gettext, language) for one in way.waits], "unsettled": ", ".join(way.unsettled),
        "after": tree(way.after, language) if way.after else None,
    }  # fmt: skip
    return render(request, "cluster_office/path.html", context)
