"""What an hour is worth, what may be claimed, and every figure against its example worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.programme import queries as programme
from klyngeforum.ground.programme.funding import Payer
from klyngeforum.records.economy import rules
from klyngeforum.records.economy.rules import Claimed, HourFact, IncomeFact, Spell, Under, YearFacts
from klyngeforum.records.economy.terms import Form, HourEvidence, Standing

DAY, TODAY = date(2012, 5, 5), date(2013, 3, 1)
FIXED = next(one for one in programme.rates() if one.kind == "fixed")
PAY = next(one for one in programme.rates() if one.kind == "pay")
YEAR = Under(date(2012, 1, 1), date(2012, 12, 31), False, (date(2012, 1, 1), date(2012, 6, 30)))
SHEET = Claimed(Spell(1, "Ida", DAY, DAY), Decimal(12), Decimal(300), HourEvidence.TIME_SHEET)


def test_an_hour_of_the_networks_is_worth_the_fixed_rate():
    worth = rules.worth_of(Decimal(12), None, FIXED)
    assert (worth.per_hour, worth.amount) == (600, 7200)  # 12 t × 600 kr.


def test_an_hour_of_the_regional_fund_is_worth_the_pay_and_18_per_cent():
    worth = rules.worth_of(Decimal("7.5"), Decimal("310.25"), PAY)
    assert (worth.per_hour, worth.amount) == (Decimal("366.0950"), Decimal("2745.71"))
    assert rules.worth_of(Decimal(1), None, PAY) is None


@given(some.decimals(0, 10_000, places=2), some.decimals(0, 10_000, places=2))
def test_at_a_fixed_rate_hours_are_worth_the_same_together_and_apart(one, other):
    apart = rules.worth_of(one, None, FIXED).amount + rules.worth_of(other, None, FIXED).amount
    assert rules.worth_of(one + other, None, FIXED).amount == apart


@pytest.mark.parametrize("figure", programme.money_figures(), ids=lambda one: one.code)
def test_the_example_worked_by_hand_comes_out(figure):
    def number(row, *keys):
        return {key: Decimal(str(value)) if key in keys else value for key, value in row.items()}

    income = tuple(IncomeFact(**number(row, "amount")) for row in figure.example["income"])
    hours = tuple(HourFact(**number(row, "hours", "worth")) for row in figure.example["hours"])
    assert rules.FIGURES[figure.code](YearFacts(income, hours)) == Decimal(str(figure.example["value"]))


def test_every_figure_has_a_definition_and_the_other_way_round():
    assert {one.code for one in programme.money_figures()} == set(rules.FIGURES)


AMOUNTS = some.lists(some.tuples(some.sampled_from(list(Payer)), some.decimals(1, 10**9, places=2)), max_size=8)


@given(AMOUNTS)
def test_the_sources_add_up_to_the_whole_to_the_last_oere(rows):
    facts = YearFacts(tuple(IncomeFact(Standing.RECEIVED, Form.CASH, payer, amount, False, False) for payer, amount in rows))  # fmt: skip
    assert sum(rules.FIGURES[f"income_{payer}"](facts) for payer in Payer) == rules.FIGURES["income_total"](facts)
    share = rules.FIGURES["private_share"](facts)
    assert (share is None) == (not rows) and (share is None or 0 <= share <= 100)


def test_what_can_be_claimed():
    assert all(rules.may_claim(SHEET, YEAR, FIXED)) and all(rules.may_claim(SHEET, YEAR, PAY))


@pytest.mark.parametrize(
    ("one", "under", "rate"),
    [
        (replace(SHEET, evidence=HourEvidence.NONE), YEAR, FIXED),
        (replace(SHEET, evidence=HourEvidence.PARTICIPANT_LIST), YEAR, PAY),
        (replace(SHEET, pay=None), YEAR, PAY),
        (SHEET, replace(YEAR, since=date(2012, 5, 6)), FIXED),
        (SHEET, replace(YEAR, until=date(2012, 5, 4)), FIXED),
        (SHEET, replace(YEAR, period=(date(2012, 7, 1), date(2012, 12, 31))), FIXED),
        (SHEET, replace(YEAR, closed=True), FIXED),
        (SHEET, YEAR, None),
    ],
)  # fmt: skip
def test_what_cannot_be_claimed_is_refused_for_one_reason(one, under, rate):
    assert len([verdict for verdict in rules.may_claim(one, under, rate) if not verdict]) == 1


NINE, TEN, NOON = time(9), time(10), time(12)
MORNING = Spell(1, "Ida Berg", DAY, DAY, NINE, NOON)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(MORNING, begins=TEN, ends=time(15)), True),
        (replace(MORNING, person="ida  BERG"), True),
        (replace(MORNING, person=""), True),
        (replace(MORNING, person="Jens"), False),
        (replace(MORNING, begins=NOON, ends=time(13)), False),
        (replace(MORNING, body=2), False),
        (replace(MORNING, since=date(2012, 5, 6), until=date(2012, 5, 6)), False),
        (replace(MORNING, begins=None, ends=None), False),
    ],
)  # fmt: skip
def test_the_same_hour(other, same):
    assert rules.same_hours(MORNING, other) is same and rules.same_hours(other, MORNING) is same


TIMES = some.times()


@given(TIMES, TIMES, TIMES, TIMES, some.times())
def test_two_entries_hold_the_same_hour_just_when_a_moment_lies_in_both(a, b, c, d, moment):
    one, other = replace(MORNING, begins=min(a, b), ends=max(a, b)), replace(MORNING, begins=min(c, d), ends=max(c, d))
    if one.begins <= moment < one.ends and other.begins <= moment < other.ends:
        assert rules.same_hours(one, other)
    if not rules.same_hours(one, other):
        assert not (one.begins < other.ends and other.begins < one.ends)


@pytest.mark.parametrize(
    ("spell", "hours", "pay", "left", "field"),
    [
        (MORNING, Decimal(3), None, None, None), (MORNING, Decimal(3), Decimal(250), Decimal(3), None), (MORNING, Decimal(0), None, None, "hours"),
        (MORNING, Decimal(25), None, None, "hours"), (replace(MORNING, person=""), Decimal(25), None, None, None), (MORNING, Decimal(3), Decimal(0), None, "pay"),
        (MORNING, Decimal(3), None, Decimal("2.99"), "hours"), (replace(MORNING, ends=None), Decimal(3), None, None, "begins"),
        (replace(MORNING, ends=NINE), Decimal(3), None, None, "begins"), (replace(MORNING, until=date(2012, 5, 6)), Decimal(3), None, None, "begins"),
        (Spell(1, "", date(2013, 3, 2), date(2013, 3, 2)), Decimal(3), None, None, "until"), (Spell(1, "", DAY, date(2012, 5, 4)), Decimal(3), None, None, "until"),
    ],
)  # fmt: skip
def test_hours_that_can_have_been_given(spell, hours, pay, left, field):
    refused = [verdict.field for verdict in rules.may_record(spell, hours, pay, left, TODAY) if not verdict]
    assert refused == ([field] if field else [])


@pytest.mark.parametrize(
    ("evidence", "reference", "on", "field"),
    [
        ("", "", None, None), ("", "sag 4", None, "evidence"), ("time_sheet", "sag 4", DAY, None), ("time_sheet", "", DAY, "evidence_reference"),
        ("time_sheet", "sag 4", None, "evidence_on"), ("time_sheet", "sag 4", date(2012, 5, 4), "evidence_on"), ("time_sheet", "sag 4", date(2013, 3, 2), "evidence_on"),
    ],
)  # fmt: skip
def test_evidence_says_where_it_lies_and_from_when(evidence, reference, on, field):
    refused = [verdict.field for verdict in rules.may_lay(evidence, reference, on, DAY, TODAY) if not verdict]
    assert refused == ([field] if field else [])


@pytest.mark.parametrize(
    ("year", "on", "standing", "form", "amount", "field"),
    [
        (2012, DAY, "received", "cash", Decimal("0.01"), None), (2012, None, "received", "cash", Decimal(-5), None), (2012, DAY, "received", "cash", Decimal(0), "amount"),
        (2012, DAY, "received", "hours", Decimal(5), "form"), (2012, None, "budget", "hours", Decimal(5), None), (2013, DAY, "received", "cash", Decimal(5), "on"),
        (2014, None, "received", "cash", Decimal(5), "year"), (2014, None, "budget", "cash", Decimal(5), None), (1999, None, "budget", "cash", Decimal(5), "year"),
    ],
)  # fmt: skip
def test_what_can_be_booked(year, on, standing, form, amount, field):
    refused = [verdict.field for verdict in rules.may_book(year, on, standing, form, amount, 2013) if not verdict]
    assert refused == ([field] if field else [])


@pytest.mark.parametrize(
    ("grants", "months"),
    [
        ([], 0), ([(date(2012, 1, 1), date(2013, 2, 27))], 0), ([(date(2012, 1, 1), date(2013, 12, 31))], 10), ([(date(2012, 1, 1), date(2013, 12, 30))], 9),
        ([(date(2014, 1, 1), date(2014, 12, 31)), (date(2012, 1, 1), date(2013, 12, 31))], 22), ([(date(2014, 2, 1), date(2014, 12, 31)), (date(2012, 1, 1), date(2013, 12, 31))], 10),
        ([(date(2013, 3, 1), date(2013, 3, 31))], 1), ([(date(2013, 3, 5), date(2013, 12, 31))], 0),
    ],
)  # fmt: skip
def test_months_of_finance_run_until_the_first_gap(grants, months):
    assert rules.months_secured(grants, TODAY) == months
