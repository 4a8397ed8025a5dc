"""Questionnaires of the programme: ``programme/surveys/*.toml``, read and checked; a file of its own because the form has a grammar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError, need, pair

from .terms import Kind, Question, QuestionKind, Questionnaire

NEEDS = ("months", "open_days", "reminder_days", "rest_days", "least_answers", "smallest")


def _known(value: str, kinds: type[Kind] | type[QuestionKind], where: str) -> str:
    if value not in kinds.values():
        raise ProgrammeError(f"{where}: kind is '{value}'; write one of {', '.join(kinds.values())}")
    return value


def _question(raw: Mapping[str, Any], where: str, before: Mapping[str, Question]) -> Question:
    code = str(need(raw, "code", where))
    here = f"{where}, question {code}"
    kind = QuestionKind(_known(str(need(raw, "kind", here)), QuestionKind, here))
    options = tuple((str(need(one, "code", here)), pair(one, here)) for one in raw.get("option", ()))
    if (kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL)) != bool(options):
        raise ProgrammeError(
            f"{here}: a {kind} needs [[question.option]] exactly when it is a choice; mend the options"
        )
    lowest, highest = int(raw.get("lowest", 0)), int(raw.get("highest", 0))
    if (kind is QuestionKind.SCALE) != (lowest < highest):
        raise ProgrammeError(f"{here}: a scale runs from lowest to highest; write lowest = 1 and highest = 5")
    when, being = str(raw.get("when", "")), tuple(map(str, raw.get("is", ())))
    if when and (when not in before or not being or not set(being) <= set(before[when].codes)):
        raise ProgrammeError(f"{here}: 'when' names an earlier question and 'is' options of it; mend both")
    ends = [pair(raw, here, stem) if f"{stem}da" in raw else Bilingual("") for stem in ("low_", "high_")]
    return Question(code, kind, pair(raw, here), options, lowest, highest, ends[0], ends[1], when, being)


def read(raw: Mapping[str, Any], where: str) -> Questionnaire:
    """One questionnaire, or what is wrong in it with file, entry, reason and mend."""
    for key in NEEDS:
        if key not in raw:
            raise ProgrammeError(f"{where}: '{key}' is missing; write {key} = …")
    if not isinstance(since := need(raw, "from", where), date):
        raise ProgrammeError(f"{where}: from is not a date; write from = 2012-10-01")
    questions: dict[str, Question] = {}
    for one in raw.get("question", ()):
        question = _question(one, where, questions)
        if question.code in questions:
            raise ProgrammeError(f"{where}: the question '{question.code}' stands twice; rename one")
        questions[question.code] = question
    return Questionnaire(
        code=str(need(raw, "code", where)), version=str(need(raw, "version", where)), kind=Kind(_known(str(need(raw, "kind", where)), Kind, where)),
        name=pair(raw, where), source=str(need(raw, "source", where)), source_da=str(need(raw, "source_da", where)),
        placeholder=raw.get("provenance") == "placeholder", since=since, months=tuple(raw["months"]), open_days=int(raw["open_days"]),
        reminder_days=tuple(raw["reminder_days"]), rest_days=int(raw["rest_days"]), least_answers=int(raw["least_answers"]),
        smallest=int(raw["smallest"]), questions=tuple(questions.values()),
    )  # fmt: skip


@lru_cache(maxsize=8)
def questionnaires_in(folder: Path) -> tuple[Questionnaire, ...]:
    return tuple(read(read_toml(path), f"surveys/{path.name}") for path in sorted((folder / "surveys").glob("*.toml")))


def questionnaires() -> tuple[Questionnaire, ...]:
    return questionnaires_in(settings.PROGRAMME)


def in_force(code: str, *, on: date) -> Questionnaire | None:
    """The newest version that holds on the day."""
    found = [one for one in questionnaires() if one.code == code and one.since <= on]
    return max(found, key=lambda one: one.since, default=None)


def version_of(code: str, version: str) -> Questionnaire:
    return next(one for one in questionnaires() if (one.code, one.version) == (code, version))
