"""Figures that rest on a question of a survey, with an example worked by hand; read like every other programme value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from klyngeforum.ground.bilingual import Bilingual

from .rules import CHAPTERS, ProgrammeError, Raw, base, need, pair
from .terms import Entry


@dataclass(frozen=True, slots=True)
class SurveyExample:
    """Groups of companies worked by hand (size, how many there are, what those who answered said), and what comes out."""

    groups: tuple[tuple[str, int, tuple[int, ...]], ...]
    least_answers: int
    plain: Decimal
    weighted: Decimal
    response_rate: Decimal


@dataclass(frozen=True, slots=True)
class SurveyFigure(Entry):
    """The mean of a scale question of a survey; ``counted`` says what is counted in words."""

    version: str
    chapter: str
    unit: Bilingual
    counted: Bilingual
    survey: str
    question: str
    reviewer: str
    example: SurveyExample


def survey_figure(raw: Raw, where: str) -> SurveyFigure:
    inside = f"{where}, example"
    example = need(raw, "example", where)
    if (chapter := need(raw, "chapter", where)) not in CHAPTERS:
        raise ProgrammeError(f"{where}: chapter is '{chapter}'; write one of {', '.join(CHAPTERS)}")
    groups = tuple(
        (str(need(one, "size", inside)), int(need(one, "companies", inside)), tuple(map(int, need(one, "answers", inside))))
        for one in need(example, "groups", inside)
    )  # fmt: skip
    if wrong := [size for size, companies, answers in groups if len(answers) > companies]:
        raise ProgrammeError(f"{inside}: more answered than there are companies of size {wrong[0]}; mend companies")
    plain, weighted, rate = (Decimal(str(need(example, key, inside))) for key in ("plain", "weighted", "response_rate"))
    return SurveyFigure(
        **base(raw, where), version=str(need(raw, "version", where)), chapter=str(chapter), unit=pair(raw, where, "unit_"),
        counted=pair(raw, where, "counted_"), survey=str(need(raw, "survey", where)), question=str(need(raw, "question", where)),
        reviewer=str(need(raw, "reviewer", where)),
        example=SurveyExample(groups, int(need(example, "least_answers", inside)), plain, weighted, rate),
    )  # fmt: skip
