"""The register and the records by sheet: what differs is written and said, what a rule refuses is named, what goes out comes in again."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from klyngeforum.ground.bodies import describing
from klyngeforum.ground.bodies.queries import by_number, one_body
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.tables.actions import template as workbook
from klyngeforum.ground.trail.queries import breaks, length, of
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities.queries import of_cluster as held_by
from klyngeforum.records.activities.queries import participations_of
from klyngeforum.records.intake.actions import take_in_sheet
from klyngeforum.records.intake.queries import export
from klyngeforum.records.intake.register_schemas import REGISTER_SCHEMAS, RegisterKind
from klyngeforum.records.intake.registering import register_sheet, take_in_register
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.records.outcomes.queries import of_cluster as outcomes_of
from klyngeforum.registers.clusters.queries import board_of, cluster, groups_of, line_of, staff_of
from klyngeforum.registers.memberships.queries import of_cluster as members_of
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def take(stage, kind: SheetKind, *rows: dict[str, object], content: bytes | None = None):
    return take_in_sheet(
        by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], kind=kind, content=content or workbook(SCHEMAS[kind], rows),
        file_name="ark.xlsx", dry_run=False,
    )  # fmt: skip


def register(stage, kind: RegisterKind, *rows: dict[str, object], content: bytes | None = None, dry: bool = False):
    return take_in_register(
        by=stage.people["office"], at=AT, kind=kind, content=content or workbook(REGISTER_SCHEMAS[kind], rows), file_name="register.xlsx",
        dry_run=dry,
    )  # fmt: skip


def test_a_corrected_sheet_corrects_the_records_and_the_trail_keeps_both(stage):
    one = stage.clusters["vind"]
    held = {
        "reference": "1",
        "title": "Møde",
        "kind": "knowledge",
        "starts_on": date(YEAR, 2, 2),
        "themes": "Energi, it",
    }
    part = {"reference": "1", "name": "Mølleby ApS", "hours": 3, "role": "participant"}
    member = {"name": "Mølleby ApS", "since": date(2010, 1, 1)}
    got = {"name": "Mølleby ApS", "year": YEAR, "step": "1"}
    kinds = (SheetKind.ACTIVITIES, SheetKind.PARTICIPATIONS, SheetKind.MEMBERS, SheetKind.OUTCOMES)
    for kind, row in zip(kinds, (held, part, member, got), strict=True):
        assert (take(stage, kind, row).new, take(stage, kind, row).unchanged) == (1, 1)
    better = (
        {**held, "title": "Stort møde", "country": "DE"}, {**part, "hours": 7.5, "role": "speaker"},
        {**member, "until": date(2012, 12, 31), "commitment": "dedicated"}, {**got, "step": "3", "reference": "1"},
    )  # fmt: skip
    for kind, row in zip(kinds, better, strict=True):
        run = take(stage, kind, row)
        assert (run.new, run.changed, run.unchanged, run.problems) == (0, 1, 0, []), kind
    activity = held_by(one.pk).get()
    assert (activity.title, activity.country, activity.international) == ("Stort møde", "DE", True)
    assert {theme.code for theme in activity.themes.all()} == {"energi", "it"}
    assert (participations_of(one.pk).get().hours, participations_of(one.pk).get().role) == (7.5, "speaker")
    assert (members_of(one.pk).get().until, members_of(one.pk).get().commitment) == (date(2012, 12, 31), "dedicated")
    assert (outcomes_of(one.pk).get().step, outcomes_of(one.pk).get().activity) == ("3", activity)
    assert "Stort" in of("activity", activity.pk).last().after and list(breaks()) == []


def test_what_a_rule_refuses_stands_with_its_row_and_nothing_is_written(stage):
    first = {"name": "Mølleby ApS", "since": date(2010, 1, 1)}
    take(stage, SheetKind.MEMBERS, first)
    twice = take(stage, SheetKind.MEMBERS, {"name": "Mølleby ApS", "since": date(2011, 1, 1)}, {"name": "Havvind Service A/S", "since": date(2011, 1, 1)})  # fmt: skip
    assert [problem.row for problem in twice.problems] == [2] and members_of(stage.clusters["vind"].pk).count() == 1
    school = take(stage, SheetKind.OUTCOMES, {"name": "Fyns Universitet", "year": YEAR, "step": "3"})
    assert "Only companies" in school.problems[0].why
    number = one_body(stage.bodies["a"]).number
    same = take(stage, SheetKind.OUTCOMES, {"name": "Vinger", "number": number, "year": YEAR, "step": "3"}, {"name": "Vinger og Tårne", "year": YEAR, "step": "1"})  # fmt: skip
    assert [problem.row for problem in same.problems] == [3]
    theme = take(stage, SheetKind.ACTIVITIES, {"reference": "1", "title": "Møde", "kind": "knowledge", "starts_on": date(YEAR, 2, 2), "themes": "månen"})  # fmt: skip
    assert (theme.problems[0].column, theme.problems[0].values["code"]) == ("Felter", "månen")


def test_a_foreign_company_comes_in_with_its_tax_number(stage):
    row = {"number": "SE556043420001", "name": "Svensk Vind AB", "since": date(2011, 1, 1)}
    assert take(stage, SheetKind.MEMBERS, row).problems == []
    found = by_number(Scheme.EU_VAT, "SE556043420001")
    assert found is not None and (found.country, found.verified) == ("SE", True)


def test_an_export_shows_who_must_not_be_written_to_and_a_name_like_a_formula_comes_back(stage):
    describing.describe(by=None, at=AT, body=one_body(stage.bodies["a"]), changes={"protected": True})
    describing.rename(by=None, at=AT, body=one_body(stage.bodies["b"]), name="=Lig & Co", since=date(2011, 1, 1))
    stage.part(stage.activity("vind", "v1"), "a", "b")
    content = export(SheetKind.PARTICIPATIONS, stage.clusters["vind"].pk, YEAR, language="da")
    rows = list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][-1] == "Reklamebeskyttet"
    assert {row[2]: row[-1] for row in rows[1:]} == {"Vinger og Tårne A/S": "ja", "'=Lig & Co": "nej"}
    again = take(stage, SheetKind.PARTICIPATIONS, content=content)
    assert (again.new, again.changed, again.unchanged, again.problems) == (0, 0, 2, [])


def test_the_whole_register_comes_in_by_sheets_once_and_goes_out_again(stage):
    rows = {
        RegisterKind.CLUSTERS: {
            "name": "Lysklyngen", "kind": "cluster", "level": "national", "place": "Aarhus", "host": "Fyns Universitet", "founded_on": date(2010, 1, 1),
            "themes": "energi", "industries": "DB07 26, DB07 27", "contact_email": "lys@example.org", "purpose_da": "Lys.",
        },
        RegisterKind.STAFF: {"name": "Lysklyngen", "year": YEAR, "full_time": 2.5},
        RegisterKind.BOARD: {"name": "Lysklyngen", "person_name": "Inge Lund", "body": "Vinger og Tårne A/S", "chair": True, "since": date(2010, 1, 1)},
        RegisterKind.GROUPS: {"name": "Lysklyngen", "group": "Lamper", "since": date(2011, 1, 1)},
        RegisterKind.LINEAGE: {"name": "Madklyngen", "successor": "Lysklyngen", "kind": "merger", "on": date(2013, 1, 1)},
    }  # fmt: skip
    for kind, row in rows.items():
        acts = length()
        assert register(stage, kind, row, dry=True).new == 1 and length() == acts, kind
        first, second = register(stage, kind, row), register(stage, kind, row)
        assert (first.new, first.problems, second.new, second.unchanged) == (1, [], 0, 1), kind
        again = register(stage, kind, content=register_sheet(kind, language="da", filled=True))
        assert (again.new, again.problems) == (0, []), kind
    one = cluster("lysklyngen")
    assert one is not None and one.host_id == stage.bodies["uni"] and one.industries.count() == 2
    assert (staff_of(one.pk).get().full_time, board_of(one.pk).get().chair, groups_of(one.pk).get().name) == (2.5, True, "Lamper")  # fmt: skip
    assert line_of(one.pk) == {one.pk: None, stage.clusters["mad"].pk: 2013}


def test_a_wrong_row_of_the_register_is_named(stage):
    good = {"name": "Lysklyngen", "kind": "cluster", "level": "national"}
    for wrong, column in (
        ({"industries": "DB07 26, DB25 26"}, "Brancher"), ({"industries": "26"}, "Brancher"), ({"themes": "månen"}, "Felter"),
        ({"place": "Atlantis"}, "Kommune"), ({"contact_email": "ikke en"}, "E-mail"), ({"number": "12345678"}, "CVR-nummer"),
        ({"founded_on": date(2012, 1, 1), "closed_on": date(2011, 1, 1)}, "Lukket"),
    ):  # fmt: skip
        acts = length()
        run = register(stage, RegisterKind.CLUSTERS, good | {"name": "God"}, good | wrong)
        assert length() == acts and run.problems and run.problems[0].row == 3, wrong
        assert run.problems[0].column == column or column == "Lukket", run.problems
    with pytest.raises(Refused):
        take_in_register(by=stage.people["vind"], at=AT, kind=RegisterKind.STAFF, content=b"x", file_name="x", dry_run=True)  # fmt: skip
