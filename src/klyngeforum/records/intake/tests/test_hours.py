"""Time sheets and participant lists from a spreadsheet: new, changed, unchanged, and what is wrong row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.tables.actions import template as workbook
from klyngeforum.records.economy import actions as economy
from klyngeforum.records.economy import queries
from klyngeforum.records.economy.actions import NewGrant
from klyngeforum.records.economy.claiming import claim
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.queries import export
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
DAY = date(YEAR, 5, 5)
LISTED = {"name": "Mølleby ApS", "reference": "v1", "since": DAY, "hours": 4, "evidence": "participant_list", "evidence_reference": "liste 5. maj", "evidence_on": DAY}  # fmt: skip
SHEET = {"name": "Vinger og Tårne A/S", "person": "Ida", "task": "Bestyrelsesmøde", "since": DAY, "begins": "9.30", "ends": "12:00", "hours": Decimal("2.5"), "evidence": "time_sheet", "evidence_reference": "sag 4", "evidence_on": DAY, "pay": 310}  # fmt: skip


def take(stage, *rows, content=None, dry=False, who="vind"):
    return take_in_sheet(
        by=stage.people[who], at=AT, cluster=stage.clusters[who], kind=SheetKind.HOURS, content=content or workbook(SCHEMAS[SheetKind.HOURS], rows),
        file_name="timer.xlsx", dry_run=dry,
    )  # fmt: skip


def entries(stage):
    return list(queries.hours_of(stage.clusters["vind"].pk))


@pytest.fixture
def held(stage):
    stage.part(stage.activity("vind", "v1"), "b", hours="4")
    return stage


def test_a_sheet_of_hours_taken_in_twice_is_there_once(held):
    dry = take(held, LISTED, SHEET, dry=True)
    assert (dry.new, dry.problems, entries(held)) == (2, [], [])
    first, again = take(held, LISTED, SHEET), take(held, LISTED, SHEET)
    assert (first.new, again.new, again.unchanged) == (2, 0, 2)
    assert {(row.body.name, row.hours, row.evidence) for row in entries(held)} == {("Mølleby ApS", 4, "participant_list"), ("Vinger og Tårne A/S", Decimal("2.5"), "time_sheet")}  # fmt: skip


def test_what_goes_out_can_be_taken_in_again(held):
    take(held, LISTED, SHEET)
    content = export(SheetKind.HOURS, held.clusters["vind"].pk, YEAR, language="da")
    assert take(held, content=content).unchanged == 2


def test_a_corrected_row_corrects_the_entry_and_an_empty_cell_leaves_it(held):
    take(held, SHEET)
    run = take(held, {"name": SHEET["name"], "person": "ida", "since": DAY, "begins": "09:30", "hours": 2})
    (row,) = entries(held)
    assert (run.changed, row.hours, row.task, row.evidence_reference, f"{row.ends:%H.%M}") == (1, 2, "Bestyrelsesmøde", "sag 4", "12.00")  # fmt: skip


def test_hours_that_are_claimed_are_not_changed_by_a_sheet(held):
    take(held, SHEET)
    grant = NewGrant("T", "Netværket", "innovation-network", date(YEAR, 1, 1), date(YEAR, 12, 31), Decimal(9000))
    made = economy.receive_grant(by=held.people["vind"], at=AT, cluster=held.clusters["vind"], new=grant)
    claim(by=held.people["vind"], at=AT, grant=made, entries=[entries(held)[0].pk], since=DAY, until=DAY)
    run = take(held, {**SHEET, "hours": 2})
    assert [problem.values for problem in run.problems] == [{"grant": "Netværket"}] and entries(held)[0].hours == Decimal("2.5")  # fmt: skip
    assert take(held, SHEET).unchanged == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**LISTED, "hours": 5}, "Timer"), ({**LISTED, "reference": "findes ikke"}, "Reference"), ({**LISTED, "name": "Vinger og Tårne A/S"}, "Reference"),
        ({**SHEET, "begins": "halv ti"}, "Fra kl."), ({**SHEET, "begins": "13.00"}, "Fra kl."), ({**SHEET, "hours": 25}, "Timer"), ({**SHEET, "evidence_reference": None}, "Hvor beviset ligger"),
        ({**SHEET, "evidence_on": date(YEAR, 5, 4)}, "Bevisets dato"), ({"name": "Mølleby ApS", "since": date(2013, 3, 2), "hours": 1}, "Sidste dag"), ({**SHEET, "hours": 0}, "Timer"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_with_its_cell_and_nothing_is_written(held, row, column):
    run = take(held, SHEET | {"person": "Jens"}, row)
    assert {(problem.row, problem.column) for problem in run.problems} == {(3, column)} and entries(held) == []


def test_two_rows_cannot_prove_more_than_was_recorded(held):
    run = take(held, {**LISTED, "hours": 3, "person": "Ida"}, {**LISTED, "hours": 2, "person": "Jens"})
    assert [(problem.row, problem.values) for problem in run.problems] == [(3, {"left": Decimal("1.00")})]
    assert take(held, LISTED, LISTED).problems[0].row == 3
