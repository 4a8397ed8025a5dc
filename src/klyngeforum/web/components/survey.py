"""A survey's results in the reader's words: the same component on the desks and on the public page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from klyngeforum.ground.bodies.terms import SizeBand
from klyngeforum.ground.industries.queries import sections_said
from klyngeforum.ground.places.queries import names_of
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.records.survey.queries import Round
from klyngeforum.records.survey.questionnaires import version_of
from klyngeforum.records.survey.results import Rate, Result, Told, result

from .numbers import grouped

HIDDEN = "·"


@dataclass(frozen=True, slots=True)
class Group:
    """Response by one side: heading and lines of words, companies, answers, rate."""

    title: str
    lines: list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """One question: its text, how many answered, and (words, count, plain, weighted) or a mean."""

    text: str
    answered: str
    lines: list[tuple[str, str, str, str]]
    mean: str = ""
    weighted_mean: str = ""
    scale: str = ""


def _number(value: int | float | None, decimals: int | None = None) -> str:
    return HIDDEN if value is None else grouped(value, decimals)


def _percent(value: float | None) -> str:
    return HIDDEN if value is None else gettext("%(number)s per cent") % {"number": grouped(value, 1)}


def _lines(rates: Iterable[Rate], words: Mapping[str, str], unknown: str) -> list[tuple[str, str, str, str]]:
    return [(words.get(one.group, one.group) or unknown, _number(one.companies), _number(one.answered), _percent(one.rate)) for one in rates]  # fmt: skip


def _question(told: Told, language: str) -> Shown:
    question, words = told.question, dict(told.question.options)
    lines = [(words[one.code].say(language), _number(one.count), _percent(one.plain), _percent(one.weighted)) for one in told.lines]  # fmt: skip
    scale = gettext("on a scale from %(low)s to %(high)s") % {"low": question.lowest, "high": question.highest} if question.highest else ""  # fmt: skip
    return Shown(question.text.say(language), _number(told.answered), lines, _number(told.mean, 2), _number(told.weighted_mean, 2), scale)  # fmt: skip


def _groups(found: Result, language: str) -> list[Group]:
    sections = sections_said([int(one.group) for one in found.industries if one.group], language)
    regions = names_of([int(one.group) for one in found.regions if one.group], language)
    unknown = gettext("not known")
    return [
        Group(gettext("Size"), _lines(sorted(found.sizes, key=lambda one: SizeBand.values().index(one.group)), {one.value: gettext(one.label) for one in SizeBand}, unknown)),
        Group(gettext("Industry"), _lines(found.industries, {"": "", **{str(pk): said for pk, said in sections.items()}}, unknown)),
        Group(gettext("Region"), _lines(found.regions, {"": "", **{str(pk): said for pk, said in regions.items()}}, unknown)),
        Group(gettext("Cluster organisation"), _lines(found.organisations, {}, unknown)),
    ]  # fmt: skip


def survey_shown(one: Round) -> dict[str, object]:
    """Everything that the component needs."""
    language, survey, found = get_language() or "da", version_of(one.code, one.version), result(one)
    sides = ("0", "1", "2", "3", gettext("All"))
    return {
        "round": one, "name": survey.name.say(language), "smallest": survey.smallest, "least": survey.least_answers,
        "source": survey.source if language.startswith("en") else survey.source_da, "placeholder": survey.placeholder,
        "companies": grouped(found.companies), "asked": grouped(found.asked), "answered": _number(found.answered),
        "groups": _groups(found, language), "questions": [_question(told, language) for told in found.questions],
        "at_least": [(f"{step.step}: {gettext(Step(str(step.step)).label)}", _number(step.reported), _number(step.said)) for step in found.at_least],
        "steps": [(words, [(side, _number(cell)) for side, cell in zip(sides, cells, strict=True)]) for words, cells in zip(sides, found.steps, strict=True)],
    }  # fmt: skip


def name_of(one: Round) -> str:
    """The company survey 2013; After the project, 6 months, 2013."""
    name = version_of(one.code, one.version).name.say(get_language() or "da")
    return gettext("%(name)s, %(months)s months, %(year)s") % {"name": name, "months": one.months, "year": one.year} if one.months else f"{name} {one.year}"  # fmt: skip
