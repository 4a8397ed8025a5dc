"""Who is asked when, what an answer may be, and questionnaires that say what is wrong with them."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.records.survey.questionnaires import in_force, questionnaires, read
from klyngeforum.records.survey.rules import (
    differs,
    ended_for,
    left_out,
    may_answer,
    may_ask,
    may_recall,
    may_renew,
    may_write,
    months_after,
    read_answers,
    reminder_due,
    step_said,
)
from klyngeforum.records.survey.terms import LeftOut

DAY = date(2013, 3, 1)


def test_months_end_where_the_month_ends():
    assert months_after(date(2012, 8, 31), 6) == date(2013, 2, 28) and months_after(date(2013, 1, 1), -12) == date(
        2012, 1, 1
    )


@given(some.integers(2000, 2100), some.sampled_from([6, 12, 24]))
def test_every_project_is_asked_about_in_exactly_one_year(year, months):
    assert ended_for(year, months)[1] + timedelta(days=1) == ended_for(year + 1, months)[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, LeftOut.NO),
        ({"contact": False}, LeftOut.NO_CONTACT),
        ({"protected": True}, LeftOut.PROTECTED),
        ({"protected": True, "basis": True}, LeftOut.NO),
        ({"asked": DAY - timedelta(days=89)}, LeftOut.RESTING),
        ({"asked": DAY - timedelta(days=90)}, LeftOut.NO),
        ({"ceased": DAY, "protected": True}, LeftOut.CEASED),
        ({"ceased": DAY + timedelta(days=1)}, LeftOut.NO),
    ],
)
def test_the_gravest_reason_is_said(changed, why):
    known = {"contact": True, "protected": False, "basis": False, "ceased": None, "asked": None, **changed}
    assert left_out(**known, on=DAY, rest_days=90) is why


def test_protected_companies_are_written_to_on_a_basis_only():
    assert not may_write(protected=True, basis=False) and may_write(protected=True, basis=True)
    assert may_write(protected=False, basis=False)


def test_a_round_is_drawn_for_a_distance_and_a_year_that_are_known():
    assert all(may_ask((6, 12), 6, 2013, 2013, stands=False))
    for months, year, stands in [(7, 2013, False), (6, 2014, False), (6, 1999, False), (6, 2013, True)]:
        assert sum(not one for one in may_ask((6, 12), months, year, 2013, stands=stands)) == 1


def test_a_link_holds_while_the_round_is_open_and_until_handed_in():
    known = {"state": "open", "opens": DAY, "until": DAY, "revoked": False, "handed_in": False, "on": DAY}
    assert may_answer(**known)
    for changed in ({"state": "prepared"}, {"state": "closed"}, {"revoked": True}, {"handed_in": True}, {"on": DAY + timedelta(days=1)}, {"on": DAY - timedelta(days=1)}):  # fmt: skip
        assert not may_answer(**{**known, **changed})


def test_reminders_come_on_their_days_and_no_more():
    assert [reminder_due(DAY, (14, 28), sent, DAY + timedelta(days=n)) for sent, n in [(0, 13), (0, 14), (1, 27), (1, 28), (2, 99)]] == [False, True, False, True, False]  # fmt: skip


def test_what_is_not_asked_is_not_kept():
    survey = in_force("company", on=DAY)
    answers, wrong = read_answers(survey.questions, {"shortage": ["none"], "shortage_count": ["7"], "needs": ["x"], "satisfaction": ["5 "]})  # fmt: skip
    assert answers == {"shortage": "none", "satisfaction": 5} and [one.field for one in wrong] == ["needs"]
    answers, _ = read_answers(
        survey.questions, {"shortage": ["engineers"], "shortage_count": ["7"], "comment": [" Tak "]}
    )
    assert answers == {"shortage": "engineers", "shortage_count": 7, "comment": "Tak"}


def test_what_the_company_says_stands_beside_what_was_reported():
    assert [step_said(*one) for one in [("right", "", "2"), ("right", "", ""), ("wrong", "3", "2"), ("", "", "2")]] == ["2", "0", "3", ""]  # fmt: skip
    assert differs("wrong", "3", "2", True) and differs("wrong", "", "2", False) and not differs("right", "", "2", True)
    assert not differs("wrong", "2", "2", True) and not differs("wrong", "0", "", True)


def test_the_programmes_questionnaires_are_dated_and_in_both_languages():
    assert {one.code for one in questionnaires()} == {"company", "after-project"}
    assert in_force("company", on=date(2012, 9, 30)) is None
    assert all(question.text.da and question.text.en for one in questionnaires() for question in one.questions)


def broken(settings, **changed):
    raw = deepcopy(read_toml(settings.PROGRAMME / "surveys" / "company.toml"))
    raw["question"][3].update(changed.pop("question", {}))
    return {key: value for key, value in {**raw, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"smallest": None}, "'smallest' is missing"),
        ({"kind": "weekly"}, "kind is 'weekly'"),
        ({"from": "2012"}, "from is not a date"),
        ({"question": {"kind": "scale"}}, "options"),
        ({"question": {"option": []}}, "options"),
        ({"question": {"code": "needs"}}, "earlier question|twice"),
        ({"question": {"when": "later", "is": ["a"]}}, "earlier question"),
        ({"question": {"lowest": 1, "highest": 2}}, "scale"),
    ],
)
def test_a_broken_questionnaire_says_where_and_how_to_mend_it(settings, changed, says):
    with pytest.raises(ProgrammeError, match=says):
        read(broken(settings, **changed), "surveys/company.toml")


def test_all_links_are_taken_back_for_a_reason_and_on_purpose():
    known = {"state": "open", "links": 3, "reason": "Listen lå åbent", "sure": True}
    assert may_recall(**known) == [] and may_recall(**{**known, "state": "published"}) == []
    wrong = [
        ({"state": "prepared"}, None),
        ({"links": 0}, None),
        ({"reason": "  "}, "reason"),
        ({"sure": False}, "sure"),
    ]
    for changed, field in wrong:
        assert [one.field for one in may_recall(**{**known, **changed})] == [field]
    assert len(may_recall(state="prepared", links=0, reason="", sure=False)) == 3


def test_new_links_go_out_in_an_open_round_to_whoever_waits():
    assert may_renew(state="open", waiting=1)
    assert not may_renew(state="open", waiting=0) and not may_renew(state="closed", waiting=1)
