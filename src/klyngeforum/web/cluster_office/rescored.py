"""An assessment's answers judged by another version of the scheme, side by side with the version that they were given in."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext

from klyngeforum.quality.assessments import queries
from klyngeforum.quality.assessments.distance import certain_share, situation
from klyngeforum.quality.assessments.queries import Assessment
from klyngeforum.quality.indicators.crosswalks import carried_answers, rescored
from klyngeforum.quality.indicators.queries import crosswalks
from klyngeforum.quality.indicators.queries import version as version_named
from klyngeforum.quality.indicators.scoring import points
from klyngeforum.quality.indicators.terms import Answer, Crosswalk, Indicator, Version
from klyngeforum.quality.labels.queries import of_cluster as labels_of
from klyngeforum.web.components.answers import level_shown
from klyngeforum.web.components.standing import tree
from klyngeforum.web.serving import me, serves

from .assessments import own_assessment


def _ways(one: Assessment) -> list[tuple[Crosswalk, Version]]:
    """Every version that the assessment's answers can be carried over to."""
    found = [walk for walk in crosswalks() if (walk.from_scheme, walk.from_version) == (one.scheme, one.version)]
    return [(walk, new) for walk in found if (new := version_named(walk.to_scheme, walk.to_version))]


def _said(what: Indicator | None, answer: Answer | None, language: str) -> str:
    return level_shown(what, answer.level, answer.state, language) if what and answer else "–"


def _rows(walk: Crosswalk, old: Version, new: Version, before: dict[str, Answer], after: dict[str, Answer]) -> list[dict[str, object]]:  # fmt: skip
    language = get_language() or "da"
    rows: list[dict[str, object]] = []
    for step in walk.steps:
        pairs = [(code, old.indicator(code)) for code in step.old], [(code, new.indicator(code)) for code in step.new]
        rows.append({
            "change": gettext(step.change.label),
            "old": [(code, what.name.say(language) if what else "", _said(what, before.get(code), language)) for code, what in pairs[0]],
            "new": [(code, what.name.say(language) if what else "", _said(what, after.get(code), language)) for code, what in pairs[1]],
        })  # fmt: skip
    return rows


@serves("assessments.see")
def rescored_screen(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, today, language = own_assessment(request, pk), timezone.localdate(), get_language() or "da"
    ways, old = _ways(one), queries.version_of(one)
    wanted = request.GET.get("version", "")
    chosen = next(((walk, new) for walk, new in ways if new.version == wanted), ways[0] if ways else None)
    context: dict[str, object] = {"one": one, "ways": [new for _, new in ways], "old": old, "new": chosen[1] if chosen else None}  # fmt: skip
    if chosen:
        walk, new = chosen
        held = frozenset(row.label for row in labels_of(one.cluster_id) if row.valid_from <= today <= row.valid_to)
        asked = situation(one, seen_by=me(request), on=one.as_of, labels=held)
        after = carried_answers(asked.answers, walk)
        names = {label.code: label.name.say(language) for label in (*new.labels, *old.labels)}
        context |= {
            "walk": walk, "rows": _rows(walk, old, new, dict(asked.answers), after),
            "labels": [(names[side.label], tree(side.old, language) if side.old else None, tree(side.new, language) if side.new else None, side.changed) for side in rescored(asked, walk, old, new)],
            "shares": (certain_share(points(old.indicators, asked)), certain_share(points(new.indicators, replace(asked, answers=after)))),
        }  # fmt: skip
    return render(request, "cluster_office/rescored.html", context)
