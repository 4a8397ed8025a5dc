"""An assessment's answers judged by another version of the scheme, side by side with the version that they were given in."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
from klyngeforum.quality.indicators.scoring import Points, level_of, points
from klyngeforum.quality.indicators.terms import Answer, Change, Crosswalk, Indicator, IndicatorRole, Version
from klyngeforum.quality.labels.queries import assessors_of
from klyngeforum.quality.labels.queries import of_cluster as labels_of
from klyngeforum.web.components.answers import level_shown
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.standing import tree
from klyngeforum.web.serving import me, serves

from .assessments import own_assessment


def _ways(one: Assessment) -> list[tuple[Crosswalk, Version]]:
    """Every version that the assessment's answers can be carried over to."""
    found = [walk for walk in crosswalks() if (walk.from_scheme, walk.from_version) == (one.scheme, one.version)]
    return [(walk, new) for walk in found if (new := version_named(walk.to_scheme, walk.to_version))]


@dataclass(frozen=True, slots=True)
class Judged:
    """One indicator as one version judges its answer."""

    code: str
    name: str
    level: str
    points: str
    minimum: str

    @property
    def told(self) -> tuple[str, str, str]:
        """What can differ between two versions."""
        return self.level, self.points, self.minimum


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one or several indicators, and how each version judges them."""

    change: str
    old: list[Judged]
    new: list[Judged]
    differs: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One version and the points that its indicators give: what is certain, and what it could become."""

    version: Version
    found: Points

    @property
    def certain(self) -> str:
        found = certain_share(self.found)
        return "–" if found is None else share(found)

    @property
    def points(self) -> str:
        least, most, maximum = (grouped(one) for one in (self.found.least, self.found.most, self.found.maximum))
        said = {"points": least, "most": most, "maximum": maximum}
        if least == most:
            return gettext("%(points)s of %(maximum)s points") % said
        return gettext("%(points)s of %(maximum)s points are certain; %(most)s are possible") % said


def _judged(what: Indicator | None, code: str, answer: Answer | None, language: str) -> Judged:
    if what is None or answer is None:
        return Judged(code, what.name.say(language) if what else "", "–", "", "")
    level, needed = level_of(what, answer), what.minimum.level
    said = ""
    if what.role is IndicatorRole.SCORED and what.maximum:
        won = "–" if level is None else grouped(what.points(level))
        said = gettext("%(points)s of %(maximum)s points") % {"points": won, "maximum": grouped(what.maximum)}
    least = "" if what.minimum.known else gettext("minimum not known")
    if needed is not None:
        short = level is not None and level < needed
        words = gettext("minimum %(level)s: not met") if short else gettext("minimum %(level)s")
        least = words % {"level": grouped(needed)}
    return Judged(code, what.name.say(language), level_shown(what, answer.level, answer.state, language), said, least)


def _steps(walk: Crosswalk, old: Version, new: Version, before: dict[str, Answer], after: dict[str, Answer]) -> list[Step]:  # fmt: skip
    language = get_language() or "da"
    found = []
    for step in walk.steps:
        was = [_judged(old.indicator(code), code, before.get(code), language) for code in step.old]
        now = [_judged(new.indicator(code), code, after.get(code), language) for code in step.new]
        differs = step.change is not Change.SAME or [one.told for one in was] != [one.told for one in now]
        found.append(Step(gettext(step.change.label), was, now, differs))
    return found


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
        asked = situation(one, seen_by=me(request), on=one.as_of, labels=held, assessors=assessors_of(one))
        after = carried_answers(asked.answers, walk)
        judged = rescored(asked, walk, old, new)
        steps = _steps(walk, old, new, dict(asked.answers), after)
        names = {label.code: label.name.say(language) for label in (*new.labels, *old.labels)}
        context |= {
            "walk": walk, "differing": [one for one in steps if one.differs], "alike": [one for one in steps if not one.differs],
            "labels": [(names[side.label], tree(side.old, language) if side.old else None, tree(side.new, language) if side.new else None, side.changed) for side in judged],
            "sides": (Side(old, points(old.indicators, asked)), Side(new, points(new.indicators, replace(asked, answers=after)))),
            "moved": sum(side.changed for side in judged), "placeholders": any(what.placeholder("levels") for one in (old, new) for what in one.indicators),
        }  # fmt: skip
    return render(request, "cluster_office/rescored.html", context)
