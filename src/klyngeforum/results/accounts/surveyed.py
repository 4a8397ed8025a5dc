"""Figures of a year that rest on the companies' own answers: from the published round, each with its response rate."""

from __future__ import annotations

from dataclasses import dataclass

from klyngeforum.ground.programme.queries import survey_figures
from klyngeforum.ground.programme.surveyed import SurveyFigure
from klyngeforum.records.survey.queries import published
from klyngeforum.records.survey.scales import Scale, scales


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One figure of the country or of one organisation; ``code`` and ``year`` name the round that it comes from."""

    figure: SurveyFigure
    year: int
    scale: Scale


def surveyed(year: int) -> list[Surveyed]:
    """Every such figure of the year: the country, then the organisations; nothing before a round is published."""
    rounds = {one.code: one for one in published().filter(year=year, months=0)}
    return [
        Surveyed(figure, year, scale)
        for figure in survey_figures()
        if figure.survey in rounds
        for scale in scales(rounds[figure.survey], figure.question)
    ]


def of_nation(year: int) -> list[Surveyed]:
    return [one for one in surveyed(year) if one.scale.cluster is None]


def of_one(cluster_id: int, year: int) -> list[Surveyed]:
    """The organisation's own, weighted to its own companies."""
    return [one for one in surveyed(year) if one.scale.cluster == cluster_id]
