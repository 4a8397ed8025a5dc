"""How a form is filled, counted and handed in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme import reporting
from klyngeforum.ground.programme.queries import report_forms
from klyngeforum.ground.programme.reporting import Comes, ReportField
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.results.reports import gathering, rules
from klyngeforum.results.reports.rules import Tally
from klyngeforum.results.reports.terms import Origin, ReportState

FORM = report_forms()[0]
NUMBER = ReportField("n", Bilingual("Antal", "Number"), Comes.TYPED, "n", number=True)
TEXT = ReportField("t", Bilingual("Tekst", "Text"), Comes.TYPED, "t")
FACT = ReportField("f", Bilingual("Navn", "Name"), Comes.FACT, "name")


@pytest.mark.parametrize("form", report_forms(), ids=lambda one: one.code)
def test_every_form_asks_only_what_the_house_holds(form):
    known = {Comes.FACT: set(gathering.FACTS), Comes.GRANT: set(gathering.GRANT)}
    reporting.askable([form], known, {form.scheme})
    assert len(form.fields) >= 20 and form.placeholder  # none of the true forms is public


@given(some.dictionaries(some.sampled_from([one.meaning for one in FORM.fields]), some.sampled_from(["", "x", "12"])))
def test_every_field_is_filled_typed_or_empty_and_nothing_else(answers):
    held = dict.fromkeys(Comes, answers)
    tally = rules.tallied(row.origin for row in rules.filled(FORM, held, answers))
    assert tally.fields == len(FORM.fields) and tally.share == Decimal(tally.records) / len(FORM.fields)
    typed = [one.meaning for one in FORM.fields if one.comes is Comes.TYPED]
    assert tally.typed == sum(bool(answers.get(one)) for one in typed)


def test_nothing_and_zero_are_two_things():
    form = type("F", (), {"fields": (FACT,)})
    assert rules.filled(form, {Comes.FACT: {"name": Decimal(0)}}, {})[0].origin is Origin.RECORDS
    for value in (None, ""):
        assert rules.filled(form, {Comes.FACT: {"name": value}}, {})[0].origin is Origin.EMPTY


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("1200.50"), "1200.5"), (Decimal("900000"), "900000"), (date(2013, 5, 1), "2013-05-01"), ("æ", "æ"), (None, "")],
)  # fmt: skip
def test_a_value_is_written_as_a_program_reads_it(value, text):
    assert rules.Filled(FACT, value, Origin.RECORDS).text == text


@pytest.mark.parametrize(("field", "text", "ok"), [(TEXT, "Alt går vel", True), (TEXT, "", True), (TEXT, "x" * 4001, False), (NUMBER, "12.5", True), (NUMBER, "mange", False), (NUMBER, "NaN", False), (FACT, "Andet navn", False), (None, "x", False)])  # fmt: skip
def test_what_may_be_answered(field, text, ok):
    assert bool(rules.may_answer(field, text)) is ok


def test_nothing_is_handed_in_before_its_time_or_with_a_hole():
    hole, fine = rules.Filled(TEXT, None, Origin.EMPTY), rules.Filled(TEXT, "x", Origin.TYPED)
    assert all(rules.may_hand_in([fine], 2012, 2013))
    assert not all(rules.may_hand_in([fine, hole], 2012, 2013)) and not all(rules.may_hand_in([fine], 2013, 2013))


def test_due_late_and_handed_in():
    day = rules.due_on(FORM, 2012)
    assert day.year == 2013
    assert rules.state_of(FORM, 2012, False, day) is ReportState.DUE
    assert rules.state_of(FORM, 2012, False, date(2013, 12, 31)) is ReportState.LATE
    assert rules.state_of(FORM, 2012, True, date(2013, 12, 31)) is ReportState.HANDED_IN


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9), some.integers(0, 9)), max_size=5))
def test_tallies_add_up(rows):
    whole = sum((Tally(*row) for row in rows), Tally())
    assert whole.fields == sum(map(sum, rows))


def test_one_meaning_cannot_be_a_number_here_and_a_text_there():
    fields = [{"code": c, "from": "typed:x", "da": "a", "en": "b", "number": n} for c, n in (("a", True), ("b", False))]
    raw = {"code": "x", "version": "1", "da": "a", "en": "b", "source": "s", "source_da": "s", "provenance": "placeholder", "scheme": "s", "due_month": 1, "due_day": 1, "field": fields}  # fmt: skip
    with pytest.raises(ProgrammeError, match="number in one form"):
        reporting.askable([reporting.report_form(raw, "reports/x.toml")], {}, {"s"})
    with pytest.raises(ProgrammeError, match="no scheme"):
        reporting.askable([reporting.report_form({**raw, "field": fields[:1]}, "x")], {}, {"t"})
    with pytest.raises(ProgrammeError, match="twice"):
        reporting.report_form({**raw, "field": [fields[0], fields[0]]}, "x")
    with pytest.raises(ProgrammeError, match="from is"):
        reporting.report_form({**raw, "field": [{**fields[0], "from": "guess:x"}]}, "x")
