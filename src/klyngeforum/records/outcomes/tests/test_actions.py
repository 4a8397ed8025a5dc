"""What companies got out of it: one step a company, organisation and year."""

from __future__ import annotations

import pytest

from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.outcomes import actions
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.queries import in_year
from klyngeforum.records.outcomes.terms import Step
from tests.cast import AT

pytestmark = pytest.mark.django_db


def note(stage, key, step, year=2012, by="vind"):
    one = stage.clusters["vind"]
    return actions.note(
        by=stage.people[by],
        at=AT,
        cluster=one,
        body=one_body(stage.bodies[key]),
        new=NewOutcome(one.pk, stage.bodies[key], year, step),
    )


def test_noted_again_it_is_replaced(stage):
    note(stage, "a", Step("1"))
    row = note(stage, "a", Step("3"))
    assert in_year(2012, [stage.clusters["vind"].pk]).get() == row and row.step == "3"


def test_only_companies_have_outcomes(stage):
    with pytest.raises(Refused):
        note(stage, "uni", Step("1"))


@pytest.mark.parametrize("year", [1999, 2014])
def test_neither_before_there_were_clusters_nor_in_the_future(stage, year):
    with pytest.raises(Refused):
        note(stage, "a", Step("1"), year)


def test_the_neighbour_may_not(stage):
    with pytest.raises(Refused):
        note(stage, "a", Step("1"), by="mad")


def test_taken_back_it_is_gone_from_the_count(stage):
    actions.take_back(by=stage.people["vind"], at=AT, outcome=note(stage, "a", Step("2")))
    assert not in_year(2012, [stage.clusters["vind"].pk])
    assert (
        actions.take_over(
            by=None, at=AT, rows=[(stage.clusters["vind"].pk, stage.bodies["a"], 2012, "1")], source="prøve"
        )
        == 1
    )


def test_an_outcome_is_taken_back_once(stage):
    row = note(stage, "a", Step("1"))
    again = type(row).objects.get(pk=row.pk)
    actions.take_back(by=stage.people["vind"], at=AT, outcome=row)
    with pytest.raises(Refused, match="gone"):
        actions.take_back(by=stage.people["vind"], at=AT, outcome=again)
