"""A workbook comes in: Danish or international, whole or with errors that say what, where, why and how to mend."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from klyngeforum.ground.tables import actions, queries, rules
from klyngeforum.ground.tables.terms import Column, Format, Kind, Schema

SCHEMA = Schema(
    "demo", "Deltagere", "Participants",
    (
        Column("name", "Navn", "Name", required=True),
        Column("hours", "Timer", "Hours", Kind.DECIMAL),
        Column("persons", "Personer", "Persons", Kind.INTEGER),
        Column("since", "Fra", "From", Kind.DATE),
        Column("kind", "Tilknytning", "Commitment", Kind.CHOICE, choices=(("participant", "Deltager", "Participant"), ("dedicated", "Dedikeret", "Dedicated"))),
        Column("sme", "SMV", "SME", Kind.YES_NO),
    ),
    key=("name",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1.234", "1234"),
        ("1234.5", "1234.5"),
        ("-7", "-7"),
        ("290 kr.", "290"),
        ("1 000", "1000"),
    ],
)
def test_numbers_in_both_worlds(text: str, value: str) -> None:
    assert rules.number(text) == Decimal(value)


@pytest.mark.parametrize("kind", [Kind.DECIMAL, Kind.INTEGER])
def test_a_cell_that_holds_a_number_is_never_read_as_text(kind):
    """12.125 as a Danish text is twelve thousand; as the number of a workbook it is twelve and an eighth."""
    column = Column("hours", "Timer", "Hours", kind)
    assert rules.number("12.125") == 12125 and rules.number(12.125) == Decimal("12.125")
    assert rules.cell(column, 1234.0) == 1234 and rules.cell(column, 7) == 7
    if kind is Kind.DECIMAL:
        assert rules.cell(column, 1.234) == Decimal("1.23") and rules.cell(column, "7,125") == Decimal("7.13")
    else:
        with pytest.raises(rules.CellProblem):
            rules.cell(column, 1.234)


@pytest.mark.parametrize(
    "text",
    [
        "5. marts 2012",
        "5 mar. 2012",
        "den 5. Marts 2012",
        "5 March 2012",
        "5.3.2012",
        "05-03-2012",
        "5/3-2012",
        "2012-03-05",
        "20120305",
        "40973",
    ],
)
def test_days_in_every_form(text: str) -> None:
    assert rules.day(text) == date(2012, 3, 5)


def test_a_danish_csv_is_read() -> None:
    sheet = queries.read(
        "Navn;Timer;Fra;Tilknytning;SMV\nÅkjær A/S;1.234,5;5.3.2012;dedikeret;ja\n".encode("cp1252"), SCHEMA
    )
    assert not sheet.problems
    assert sheet.rows == {
        2: {
            "name": "Åkjær A/S",
            "hours": Decimal("1234.5"),
            "since": date(2012, 3, 5),
            "kind": "dedicated",
            "sme": True,
        }
    }


def test_every_problem_says_where_what_why_and_how() -> None:
    sheet = queries.read(b"Name,Hours,Persons,From,Commitment\n,many,1.5,yesterday,friend\n", SCHEMA)
    assert [(problem.row, problem.column, problem.value) for problem in sheet.problems] == [
        (2, "Navn", ""), (2, "Timer", "many"), (2, "Personer", "1.5"), (2, "Fra", "yesterday"), (2, "Tilknytning", "friend"),
    ]  # fmt: skip
    assert all(problem.why and problem.mend for problem in sheet.problems)
    (wrong,) = queries.read(b"Name,Hours,Persons,From,Commitment\nAlfa,4,two,2012-01-01,\n", SCHEMA).problems
    assert (wrong.column, wrong.mend) == ("Personer", "Write a whole number.")


def test_the_same_thing_twice_is_named() -> None:
    sheet = queries.read(b"Navn\nAlfa\nBeta\nALFA\n", SCHEMA)
    assert [(problem.row, problem.values) for problem in sheet.problems] == [(4, {"first": 2})]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"\x00\x01\x02",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk",
        b"Timer\n3\n",
        b"hello",
    ],
)
def test_what_is_no_table_is_refused_with_a_mend(content: bytes) -> None:
    with pytest.raises(queries.NotATable) as refusal:
        queries.read(content, SCHEMA)
    assert refusal.value.why
    assert refusal.value.mend


@given(st.binary(max_size=300))
def test_no_bytes_ever_crash_the_reader(content: bytes) -> None:
    try:
        sheet = queries.read(content, SCHEMA)
    except queries.NotATable:
        return
    assert len(sheet.rows) >= 0


def test_the_template_reads_back_as_it_was_written() -> None:
    rows = [
        {
            "name": "=Alfa",
            "hours": Decimal("2.5"),
            "persons": 3,
            "since": date(2012, 1, 2),
            "kind": "dedicated",
            "sme": False,
        }
    ]
    content = actions.template(SCHEMA, rows)
    written = load_workbook(io.BytesIO(content)).worksheets[0]
    assert written["A1"].value == "Navn*" and written["A2"].value == "'=Alfa"
    sheet = queries.read(content, SCHEMA)
    assert not sheet.problems
    assert sheet.rows[2] == rows[0]  # the guard against formulas is the file's, not the name's


@pytest.mark.parametrize("fmt", list(Format))
def test_formulas_leave_the_house_as_text(fmt: Format) -> None:
    content = actions.export([["Navn", "Timer"], ["=1+1", Decimal("-2.5")], ["+45 1234", None]], fmt)
    if fmt is Format.XLSX:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        assert [sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value] == ["'=1+1", "s", -2.5]
    elif fmt is Format.JSON:
        assert b"=1+1" in content
    else:
        table = list(
            csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";" if fmt is Format.CSV_DA else ",")
        )
        assert table[1] == ["'=1+1", "-2,5" if fmt is Format.CSV_DA else "-2.5"]
        assert table[2][0] == "'+45 1234"


def test_problems_come_back_in_the_same_workbook() -> None:
    content = actions.template(SCHEMA, [{"name": "Alfa", "hours": "many"}])
    problems = queries.read(content, SCHEMA).problems
    back = load_workbook(
        io.BytesIO(actions.with_problems(content, problems, [("not a number", "write one")], [SCHEMA]))
    ).worksheets[0]
    assert back["B2"].comment.text == "not a number write one"
