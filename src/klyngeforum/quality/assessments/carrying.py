"""What of an earlier assessment means something in a later one, and what must be asked again. Pure but for the version's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from klyngeforum.quality.indicators.crosswalks import Carried, carry_over
from klyngeforum.quality.indicators.queries import version as version_named
from klyngeforum.quality.indicators.terms import AnswerState, Change, Crosswalk, Version

from .rules import as_answer, asked_because, shelf_months
from .terms import Given


def named(scheme: str, version: str) -> Version | None:
    return version_named(scheme, version)


def _carried(answers: Mapping[str, Given], old: Version, steps: Crosswalk | None) -> dict[str, Carried]:
    judged = {code: as_answer(one) for code, one in answers.items()}
    if steps is not None:
        return carry_over(judged, steps)
    return {code: Carried(one, Change.SAME, (code,)) for code, one in judged.items()}


def brought(
    answers: Mapping[str, Given], old: Version, new: Version, steps: Crosswalk | None, on: date
) -> dict[str, Given]:
    """Indicator of the new version -> the answer it begins with, and why it is asked for."""
    carried = _carried(answers, old, steps)
    found = {}
    for indicator in new.indicators:
        one = carried.get(indicator.code)
        sources = [answers[code] for code in one.old if code in answers] if one else []
        days = [given.answered_on for given in sources if given.answered_on is not None]
        answered_on = min(days) if days and len(days) == len(sources) else None
        ask = asked_because(indicator, one, answered_on, on, shelf_months(new, indicator))
        if one is None or not sources:
            continue
        first = sources[0]
        text = "\n\n".join(given.justification for given in sources if given.justification)
        if not one.sure:
            found[indicator.code] = Given(AnswerState.UNKNOWN, None, text, "", ask, answered_on)
            continue
        found[indicator.code] = replace(
            first, state=one.answer.state, level=one.answer.level, justification=text, ask=ask, answered_on=answered_on
        )
    return found


def came_to(steps: Crosswalk | None, version: Version) -> dict[str, tuple[str, ...]]:
    """Old code -> the new codes that its evidence belongs to."""
    if steps is None:
        return {one.code: (one.code,) for one in version.indicators}
    return {code: step.new for step in steps.steps for code in step.old}
