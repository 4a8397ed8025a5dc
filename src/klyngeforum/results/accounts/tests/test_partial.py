"""A part sent back: what a question opens, and the law that what was not asked about cannot move."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.results.accounts.partial import (
    ANSWERED,
    COLUMNS,
    EVERYTHING,
    RECORDS,
    BodyMove,
    answered,
    held_in,
    locked_measures,
    merged,
    moved_figures,
    moves,
    opened,
    opened_by,
    read,
    rooted,
    section_of,
    untouched,
    written,
)
from klyngeforum.results.accounts.rules import COUNTINGS, LineValues, asks_something, counted
from klyngeforum.results.accounts.terms import Answered, Ask, CountsAs, Move, Section


@pytest.mark.parametrize(
    ("measure", "section", "opens"),
    [
        ("participating_companies", "participation", {"participation"}), ("under_50", "participation", {"participation", "bodies"}),
        ("eu_sme", "participation", {"participation", "bodies"}), ("unverified_bodies", "participation", {"participation", "bodies"}),
        ("knowledge_institutions", "participation", {"participation", "bodies"}), ("dedicated_companies", "membership", {"membership"}),
        ("starting_companies", "collaboration", {"collaboration"}), ("first_time_starters", "collaboration", {"collaboration"}),
        ("outcome_3", "outcomes", {"outcomes"}), ("hours", "participation", {"participation"}),
    ],
)  # fmt: skip
def test_what_a_question_about_a_figure_opens(measure, section, opens):
    assert section_of(measure) == section and opened_by(measure) == opens


def test_every_figure_stands_in_a_section_and_every_column_in_one():
    assert {section_of(code) for code in COUNTINGS} == set(ANSWERED) == set(RECORDS)
    columns = [column for section in COLUMNS.values() for column in section]
    assert len(columns) == len(set(columns)) == len(LineValues.__slots__) - 2  # all but the body and its records


def test_questions_open_together_and_one_about_the_whole_opens_everything():
    assert opened([("hours", ""), ("", "outcomes")]) == {Section.PARTICIPATION, Section.OUTCOMES}
    assert opened([("hours", ""), ("", "")]) == EVERYTHING == opened([])
    assert locked_measures({Section.OUTCOMES}) == {code for code in COUNTINGS if section_of(code) != Section.OUTCOMES}
    assert locked_measures({Section.OUTCOMES, Section.BODIES}) == set()


@pytest.mark.parametrize(
    ("asks", "passes"),
    [
        ([], False), ([Ask(" ")], False), ([Ask("x")], True), ([Ask("x", "hours")], True), ([Ask("x", "nosuch")], False),
        ([Ask("x", section="outcomes")], True), ([Ask("x", section="nosuch")], False), ([Ask("x", "hours", "outcomes")], False),
        ([Ask("x"), Ask("", "hours")], False),
    ],
)  # fmt: skip
def test_an_account_goes_back_with_words_about_something_there_is(asks, passes):
    assert bool(asks_something(asks)) is passes


def lines(draw, bodies: int = 6) -> list[LineValues]:
    """Lines as the records give them: what a body did, with a record behind it."""
    found = []
    for body in range(1, bodies + 1):
        took_part, dedicated, step = draw(some.booleans()), draw(some.booleans()), draw(some.integers(0, 3))
        started = took_part and draw(some.booleans())
        line = LineValues(
            body, draw(some.sampled_from(list(CountsAs))).value, draw(some.sampled_from(["", "0", "1-9", "50-249"])),
            draw(some.sampled_from([None, True, False])), None, None, took_part, dedicated, started, started and draw(some.booleans()),
            took_part and draw(some.booleans()), step, int(took_part), Decimal(draw(some.integers(0, 9))) if took_part else Decimal(0),
        )  # fmt: skip
        kinds = [("membership", dedicated), ("outcome", step), ("participation", took_part)]
        line.records = [f"{kind}:{body}{draw(some.integers(0, 9))}" for kind, there in kinds if there]
        if line.records:
            found.append(line)
    return found


def values(rows: list[LineValues]) -> dict[str, Decimal]:
    return {code: counted(rows, code).distinct for code in COUNTINGS}


@given(some.data())
def test_what_was_not_asked_about_cannot_move(data):
    booked, now = lines(data.draw), lines(data.draw)
    sections = data.draw(some.sets(some.sampled_from(list(Section)), min_size=1))
    given_in = merged(booked, now, sections)
    before, after = values(booked), values(given_in)
    assert all(before[code] == after[code] for code in locked_measures(sections))
    assert all(line.records and line.records == sorted(line.records) for line in given_in)
    for line in given_in:
        was = next((one for one in booked if one.body == line.body), LineValues(line.body, ""))
        for section in set(ANSWERED) - sections:
            assert [getattr(line, column) for column in COLUMNS[section]] == [
                getattr(was, column) for column in COLUMNS[section]
            ]


@given(some.data())
def test_with_everything_open_it_is_what_the_records_say_and_with_nothing_what_was_booked(data):
    booked, now = lines(data.draw), lines(data.draw)
    assert merged(booked, now, EVERYTHING) == now
    assert merged(booked, now, set()) == booked
    assert merged(booked, booked, {Section.OUTCOMES}) == booked


@given(some.data())
def test_what_moved_is_told_whole_and_reads_back(data):
    before, after = lines(data.draw), lines(data.draw)
    told = {one.body: one for one in moves(before, after)}
    old, new = {one.body for one in before}, {one.body for one in after}
    assert {body for body, one in told.items() if one.move is Move.NEW} == new - old
    assert {body for body, one in told.items() if one.move is Move.GONE} == old - new
    assert all(read(written(one.what)) == one.what for one in told.values())
    assert moves(before, before) == [] and moved_figures(before, before) == {}
    changed, unchanged = moved_figures(before, after), values(before).items() & values(after).items()
    assert set(changed) == set(COUNTINGS) - {code for code, _ in unchanged}


def test_bodies_found_to_be_the_same_are_one_line():
    one = LineValues(
        1, "company", participated=True, new_here=True, activities=1, hours=Decimal(2), records=["participation:1"]
    )
    other = LineValues(2, "unverified", participated=True, dedicated=True, activities=2, hours=Decimal(3), step=2, records=["outcome:9"])  # fmt: skip
    (line,) = rooted([other, one], {2: 1})
    assert (line.body, line.counts_as, line.dedicated, line.activities, line.hours, line.step) == (
        1,
        "company",
        True,
        3,
        5,
        2,
    )
    assert line.new_here is False and line.records == ["outcome:9", "participation:1"]
    assert rooted([one, other], {}) == [one, other] and replace(one) == one


def test_one_that_stood_alone_stands_as_the_one_that_is_kept():
    (line,) = rooted([LineValues(2, "company", step=1, records=["outcome:9"])], {2: 1})
    assert line == LineValues(1, "company", step=1, records=["outcome:9"])


def test_each_column_that_differs_is_told_with_what_stood_and_what_stands():
    """A company came nearer, changed its industry and gave more hours; another came, a third went: who they are says nothing of what they did."""
    was = LineValues(1, "company", "1-9", industry_id=5, participated=True, hours=Decimal("7.5"))
    now = replace(was, industry_id=None, near=True, participated=False, step=2, hours=Decimal(8))
    new, gone = LineValues(2, "company", "1-9", step=1), LineValues(3, "authority", participated=True, activities=2)
    assert moves([was, gone], [now, new]) == [
        BodyMove(1, Move.CHANGED, (("industry_id", "5", ""), ("near", "", "1"), ("participated", "1", "0"), ("hours", "7.50", "8.00"), ("step", "0", "2"))),
        BodyMove(2, Move.NEW, (("step", "0", "1"),)),
        BodyMove(3, Move.GONE, (("participated", "1", "0"), ("activities", "2", "0"))),
    ]  # fmt: skip


def test_signs_within_a_value_come_back():
    what = (("place", "a:b", "c>d"), ("step", "", "3"))
    assert written(what) == "place:a:b>c>d step:>3" and read(written(what)) == what


def test_records_answer_a_section_else_somebodys_word():
    assert (answered(3, False), answered(0, True), answered(0, False)) == (
        Answered.RECORDED,
        Answered.NOTHING,
        Answered.NOT_YET,
    )
    assert answered(1, True) is Answered.RECORDED
    assert held_in(Section.OUTCOMES, [LineValues(1, "company", step=1), LineValues(2, "company", dedicated=True)]) == 1


@pytest.mark.parametrize(
    ("ask", "figures", "bodies", "wants"),
    [
        (("hours", ""), {"hours"}, True, False), (("hours", ""), {"outcome_1"}, True, True), (("", "outcomes"), {"outcome_2"}, True, False),
        (("", "outcomes"), {"hours"}, True, True), (("", "bodies"), set(), True, False), (("", ""), set(), False, True), (("", ""), {"hours"}, False, False),
    ],
)  # fmt: skip
def test_a_question_that_changed_nothing_wants_an_answer_in_words(ask, figures, bodies, wants):
    assert untouched([ask], figures, bodies) == ([ask] if wants else [])
