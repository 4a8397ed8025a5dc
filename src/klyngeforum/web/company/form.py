"""The company's form as a page shows it and as it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from klyngeforum.records.survey.answering import Confirmed, Given
from klyngeforum.records.survey.queries import Asked, Part
from klyngeforum.records.survey.rules import Answer
from klyngeforum.records.survey.terms import CompanyStep, Question, Questionnaire, Said

_LONGEST = 4000
STEPS = [one for one in CompanyStep if one]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One question with what was answered so far and what was wrong with it."""

    code: str
    kind: str
    words: str
    choices: list[Choice]
    value: str
    error: str
    hint: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """What one organisation reported, with the company's word on it."""

    part: Part
    reported: str
    said: str
    away: bool
    steps: list[Choice]


def _language() -> str:
    return get_language() or "da"


def _choices(question: Question, chosen: set[str]) -> list[Choice]:
    options = [(code, words.say(_language())) for code, words in question.options]
    if question.lowest < question.highest:
        ends = {question.lowest: question.low.say(_language()), question.highest: question.high.say(_language())}
        numbers = range(question.lowest, question.highest + 1)
        options = [(str(n), f"{n} – {ends[n]}" if ends.get(n) else str(n)) for n in numbers]
    return [Choice(code, words, code in chosen) for code, words in options]


def _hint(question: Question, questions: Iterable[Question]) -> str:
    """After which answers the question is asked, in words: the page works without a script."""
    other = next((one for one in questions if one.code == question.when), None)
    if other is None:
        return ""
    words = [text.say(_language()) for code, text in other.options if code in question.being]
    return gettext("Only if you answered: %(answers)s") % {"answers": "; ".join(words)}


def _texts(answer: Answer | None) -> list[str]:
    if answer is None:
        return []
    return answer if isinstance(answer, list) else [str(answer)]


def rows(survey: Questionnaire, asked: Asked, errors: Mapping[str, str]) -> list[Row]:
    found = []
    for question in survey.questions:
        texts = _texts(asked.answers.get(question.code))
        found.append(Row(question.code, question.kind.value, question.text.say(_language()), _choices(question, set(texts)), texts[0] if texts else "", errors.get(question.code, ""), _hint(question, survey.questions)))  # fmt: skip
    return found


def part_rows(parts: Iterable[Part]) -> list[PartRow]:
    return [
        PartRow(
            part, gettext(CompanyStep(part.reported).label) if part.reported else "", part.said, not part.said_took_part,
            [Choice(step.value, gettext(step.label), part.said_step == step.value) for step in STEPS],
        )
        for part in parts
    ]  # fmt: skip


def copy_of(survey: Questionnaire, asked: Asked) -> list[tuple[str, str]]:
    """The answers in words, for the company to keep."""
    found = []
    for question in survey.questions:
        texts, words = _texts(asked.answers.get(question.code)), dict(question.options)
        if texts:
            found.append((question.text.say(_language()), ", ".join(words[one].say(_language()) if one in words else one for one in texts)))  # fmt: skip
    return found


def _one(post: QueryDict, name: str) -> str:
    return post.get(name, "")[:_LONGEST]


def given(post: QueryDict, survey: Questionnaire, parts: Iterable[Part]) -> Given:
    """What was posted, with everything that is no known value left out."""
    confirmed = {}
    for part in parts:
        said, step = _one(post, f"part_{part.pk}"), _one(post, f"part_{part.pk}_step")
        confirmed[part.pk] = Confirmed(
            Said(said) if said in Said.values() else Said.NOTHING, f"part_{part.pk}_away" not in post,
            CompanyStep(step) if step in CompanyStep.values() else CompanyStep.NOT_SAID,
        )  # fmt: skip
    answers = {one.code: [text[:_LONGEST] for text in post.getlist(one.code)] for one in survey.questions}  # fmt: skip
    return Given(answers, confirmed, "consent" in post, _language()[:2])
