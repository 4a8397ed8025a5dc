"""Satisfaction by a survey: worked by hand, weighted and not, and never of few or without how many answered."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import count

import pytest

from klyngeforum.ground.bodies.actions import NewBody, register
from klyngeforum.ground.programme.queries import survey_figures
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.programme.surveyed import survey_figure
from klyngeforum.records.survey.models import Asked, Part, Round
from klyngeforum.records.survey.questionnaires import questionnaires
from klyngeforum.records.survey.scales import scales
from klyngeforum.records.survey.terms import QuestionKind
from klyngeforum.records.survey.weights import means, weights
from tests.cast import AT


@pytest.mark.parametrize("figure", survey_figures(), ids=lambda one: one.code)
def test_the_hand_worked_example_comes_out(figure):
    example = figure.example
    population = Counter({(size, "", ""): companies for size, companies, _ in example.groups})
    said = [((size, "", ""), value) for size, _, answers in example.groups for value in answers]
    plain, weighted = means(said, weights(population, Counter(cell for cell, _ in said), example.least_answers))
    assert (Decimal(str(float(plain))), Decimal(str(float(weighted)))) == (example.plain, example.weighted)
    assert 100 * Decimal(len(said)) / population.total() == example.response_rate


@pytest.mark.parametrize("figure", survey_figures(), ids=lambda one: one.code)
def test_the_question_is_a_scale_of_the_survey(figure):
    asked = {(survey.code, question.code): question for survey in questionnaires() for question in survey.questions}
    question = asked[figure.survey, figure.question]
    assert question.kind is QuestionKind.SCALE and figure.name.da and figure.name.en
    assert all(f"{question.lowest}" in said and f"{question.highest}" in said for said in (figure.unit.da, figure.unit.en))  # fmt: skip


def test_an_example_with_more_answers_than_companies_is_refused():
    example = {"groups": [{"size": "1-9", "companies": 1, "answers": [1, 2]}]}
    with pytest.raises(ProgrammeError, match="more answered"):
        survey_figure({"chapter": "result", "example": example}, "here")


@pytest.fixture
def round_of(stage):
    """A published round: (organisation, answers that were given, companies that kept silent)."""

    def made(*organisations):
        one = Round.objects.create(code="company", version="2012-1", kind="yearly", year=2012, state="published", opened_on=AT.date())  # fmt: skip
        bodies = (register(by=None, at=AT, body=NewBody(f"Firma {at}")).pk for at in count())
        for cluster, answers, silent in organisations:
            for value in (*answers, *([None] * silent)):
                said = value is not None
                row = Asked.objects.create(
                    round=one, body_id=next(bodies), size="1-9", state="handed_in" if said else "waiting",
                    handed_in_at=AT if said else None, answers={"satisfaction": value} if said and value else {},
                )  # fmt: skip
                Part.objects.create(asked=row, cluster=stage.clusters[cluster])
        return one

    return made


def test_the_country_is_told_with_its_response_rate(round_of):
    nation, own = scales(round_of(("vind", [5, 4, 3, 3, 2], 15)), "satisfaction")
    assert (nation.companies, nation.answered, nation.rate, nation.plain, nation.weighted) == (20, 5, 25.0, 3.4, 3.4)
    assert (own.plain, own.weighted, own.answered, own.rate) == (3.4, 3.4, 5, 25.0)


def test_few_answers_tell_nothing_at_all(round_of):
    assert [(one.held_back, one.answered, one.rate) for one in scales(round_of(("vind", [5, 4], 6)), "satisfaction")] == [(True, None, None)] * 2  # fmt: skip


def test_an_organisation_with_few_answers_is_not_found_by_subtracting_the_others(round_of):
    """Five and two answered: with seven and five told, the two would follow."""
    nation, *own = scales(round_of(("vind", [5, 4, 3, 3, 2], 0), ("mad", [1, 1], 0)), "satisfaction")
    assert nation.answered == 7 and [one.held_back for one in own] == [True, True]


def test_many_answered_but_few_this_question(round_of):
    """Five handed in, one of them said how satisfied it is: nobody is told what it said."""
    nation, own = scales(round_of(("vind", [4, 0, 0, 0, 0], 1)), "satisfaction")
    assert nation.held_back and own.held_back and own.plain is None


def test_a_round_that_does_not_ask_says_nothing(round_of):
    assert scales(round_of(("vind", [5], 0)), "comment") == []
