"""The office's own workbook: out with the year's rows, back unchanged or changed, or with its errors written in; and nothing is counted twice."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook

from klyngeforum.ground.bodies import actions as bodies
from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.ground.bodies.terms import Scheme
from klyngeforum.ground.tables.actions import template, with_problems
from klyngeforum.ground.tables.queries import NotATable
from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused
from klyngeforum.records.activities.queries import how_many, participations_of
from klyngeforum.records.intake.actions import Decided, take_in_book, take_in_sheet, take_pasted
from klyngeforum.records.intake.queries import export_book, templates_of_all
from klyngeforum.records.intake.schemas import SCHEMAS, SheetKind
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.web.components.uploads import spans
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(stage):
    """A year with something in every sheet."""
    cluster, manager = stage.clusters["vind"], stage.people["vind"]
    stage.part(stage.activity("vind", "v1"), "a", "b", "x", hours="1234.5")
    memberships.enrol(by=manager, at=AT, cluster=cluster, new=NewMember(cluster.pk, stage.bodies["a"], date(2010, 1, 1)))  # fmt: skip
    new = NewOutcome(cluster.pk, stage.bodies["a"], YEAR, Step.IDEA, note="=ikke en formel")
    outcomes.note(by=manager, at=AT, cluster=cluster, body=one_body(stage.bodies["a"]), new=new)
    return stage


def take(stage, content: bytes, *, dry: bool = False, who: str = "vind"):
    return take_in_book(by=stage.people[who], at=AT, cluster=stage.clusters["vind"], content=content, file_name="alt.xlsx", dry_run=dry)  # fmt: skip


def changed(content: bytes, **cells: dict[str, object]) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for sheet, values in cells.items():
        for cell, value in values.items():
            book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", ["da", "en"])
def test_what_goes_out_and_comes_back_is_unchanged(recorded, language):
    content = export_book(recorded.clusters["vind"].pk, YEAR, language=language)
    acts = length()
    run = take(recorded, content, dry=True)
    assert (run.new, run.changed, run.unchanged, run.problems) == (0, 0, 6, []) and length() == acts
    assert {name: part.at for name, part in run.parts.items()} == {
        "members": {"unchanged": [2]}, "activities": {"unchanged": [2]}, "participations": {"unchanged": [2, 3, 4]}, "outcomes": {"unchanged": [2]}, "hours": {},
    }  # fmt: skip
    assert take(recorded, content).unchanged == 6 and how_many() == (1, 3)


def test_somebody_without_a_number_whom_others_resemble_is_still_the_same(recorded):
    """Two in the register bear the name; the one that the organisation recorded itself is meant."""
    twin = bodies.register(by=None, at=AT, body=bodies.NewBody("Firmaet uden Nummer"))
    assert twin.pk != recorded.bodies["x"]
    run = take(recorded, export_book(recorded.clusters["vind"].pk, YEAR, language="da"), dry=True)
    assert (run.new, run.unchanged, run.notes) == (0, 6, [])


def test_somebody_with_a_number_of_another_register_is_known_again_and_a_mistyped_one_is_not_guessed(recorded):
    """A foreign university bears the EU's participant number, a foreign company a LEI: the organisation's own sheet holds both."""
    manager, cluster = recorded.people["vind"], recorded.clusters["vind"]
    for name, scheme, number in (
        ("Skånska Högskolan", Scheme.PIC, "999990013"),
        ("Alster GmbH", Scheme.LEI, "5493001KJTIIGC8Y1R12"),
    ):
        pk = bodies.register(by=None, at=AT, body=bodies.NewBody(name, scheme=scheme, number=number, country="SE")).pk
        memberships.enrol(by=manager, at=AT, cluster=cluster, new=NewMember(cluster.pk, pk, date(2011, 1, 1)))
    run = take(recorded, export_book(cluster.pk, YEAR, language="da"), dry=True)
    assert (run.new, run.unchanged, run.problems) == (0, 8, [])
    mistyped = {"A5": "999990021", "B5": "Hvem som helst", "C5": date(2012, 1, 1)}
    run = take(recorded, changed(export_book(cluster.pk, YEAR, language="da"), Deltagere=mistyped), dry=True)
    assert [(one.row, one.value) for one in run.problems] == [(5, "999990021")]


def test_a_later_sheet_may_name_what_stands_in_an_earlier_one(recorded):
    content = export_book(recorded.clusters["vind"].pk, YEAR, language="da")
    more = changed(
        content, Aktiviteter={"A3": "v2", "B3": "Ny dag", "C3": "kursus", "D3": "31. december 2012"},
        Deltagelse={"A5": "v2", "C5": "Havvind Service A/S", "F5": "1.234,5", "A6": "v2", "C6": "Mølleby ApS"},
    )  # fmt: skip
    before, acts = how_many(), length()
    run = take(recorded, more, dry=True)
    assert (run.new, run.unchanged, run.problems) == (3, 6, []) and (how_many(), length()) == (before, acts)
    assert run.parts["participations"].at["new"] == [5, 6]
    take(recorded, more)
    assert how_many() == (2, 5) and take(recorded, more).unchanged == 9
    assert participations_of(recorded.clusters["vind"].pk).filter(body=recorded.bodies["c"]).get().hours == Decimal("1234.5")  # fmt: skip


def test_one_wrong_cell_in_any_sheet_and_nothing_of_the_workbook_is_written(recorded):
    content = export_book(recorded.clusters["vind"].pk, YEAR, language="da")
    wrong = changed(
        content, Aktiviteter={"A3": "v2", "B3": "Ny", "C3": "kursus", "D3": "2012-05-05"}, Udbytte={"D2": "trin 9"}
    )
    acts = length()
    run = take(recorded, wrong)
    (problem,) = run.problems
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("Udbytte", 2, "Trin", "trin 9")
    assert run.parts["outcomes"].wrong_rows == [2] and length() == acts and how_many() == (1, 3)


def test_everything_that_is_wrong_stands_in_the_first_dry_run_beside_what_would_happen_to_the_rest(recorded, client):
    """A cell that cannot be read, a number that cannot exist, a reference to nothing, a day of 25 hours: one upload tells of all."""
    content = export_book(recorded.clusters["vind"].pk, YEAR, language="da")
    wrong = changed(
        content, Deltagere={"A3": "12345678", "B3": "Fejl ApS", "C3": "2012-01-01", "A4": "", "B4": "Ny ApS", "C4": "i fjor"},
        Aktiviteter={"A3": "v2", "B3": "Ny", "C3": "kursus", "D3": "2012-05-05", "F3": "Atlantis", "A4": "v3", "B4": "God", "C4": "kursus", "D4": "2012-06-06"},
        Deltagelse={"A5": "v2", "C5": "Mølleby ApS", "A6": "findes ikke", "C6": "Mølleby ApS", "A7": "v3", "C7": "Mølleby ApS", "A8": "v1", "C8": "Havvind Service A/S", "F8": "-3"},
        Udbytte={"B3": "Mølleby ApS", "C3": 2031, "D3": "2 idéer"},
        Timer={"B2": "Mølleby ApS", "A2": None, "C2": "v2", "F2": "2012-05-05", "J2": 4, "B3": "Mølleby ApS", "F3": "2012-05-05", "H3": "25.00", "J3": 4},
    )  # fmt: skip
    acts = length()
    for dry in (True, False):
        run = take(recorded, wrong, dry=dry)
        assert sorted((one.sheet, one.row, one.column) for one in run.problems) == [
            ("Aktiviteter", 3, "Kommune"), ("Deltagelse", 6, "Reference"), ("Deltagelse", 8, "Timer"), ("Deltagere", 3, "CVR-nummer"),
            ("Deltagere", 4, "Fra"), ("Timer", 3, "Fra kl."), ("Udbytte", 3, "År"),
        ]  # fmt: skip
        assert {name: (part.at, part.waits) for name, part in run.parts.items()} == {
            "members": ({"unchanged": [2]}, []), "activities": ({"unchanged": [2], "new": [4]}, []),
            "participations": ({"unchanged": [2, 3, 4], "new": [7]}, [5]), "outcomes": ({"unchanged": [2]}, []), "hours": ({}, [2]),
        }  # fmt: skip
        assert length() == acts and how_many() == (1, 3)
    client.force_login(recorded.people["vind"])
    page = client.post("/klyngekontor/regneark/", {"kind": "alt", "file": SimpleUploadedFile("alt.xlsx", wrong), "dry_run": "on"}).content.decode()  # fmt: skip
    assert "Intet blev skrevet: 7 felter skal rettes" in page and "Venter på en række med fejl" in page


def test_the_template_is_locked_at_the_top_only_and_says_what_each_column_wants(recorded):
    book = load_workbook(io.BytesIO(export_book(recorded.clusters["vind"].pk, YEAR, language="da")))
    assert book.sheetnames == ["Deltagere", "Aktiviteter", "Deltagelse", "Udbytte", "Timer", "Hjælp"]
    for sheet in book.worksheets[:5]:
        assert sheet.protection.sheet and not sheet.protection.insertRows and not sheet.protection.deleteRows
        assert all(cell.protection.locked and cell.comment for cell in sheet[1])
        assert not any(cell.protection.locked for row in sheet.iter_rows(min_row=2) for cell in row)
        assert all(not dimension.protection.locked for dimension in sheet.column_dimensions.values())
    parts = book["Deltagelse"]
    assert parts["F2"].value == 1234.5 and parts["F2"].number_format == "#,##0.00"
    assert book["Aktiviteter"]["D2"].number_format == "dd-mm-yyyy" and book["Aktiviteter"].data_validations.count >= 2
    assert (
        "én række for hver deltager" in parts["A1"].comment.text
        and "kun bruges én gang" in book["Aktiviteter"]["A1"].comment.text
    )
    assert [book["Timer"]["E1"].value, book["Timer"]["G1"].value] == ["Formål", "Sidste dag"]
    assert "Skal udfyldes." in parts["A1"].comment.text and "fx 1.234,5" in parts["F1"].comment.text
    assert load_workbook(io.BytesIO(templates_of_all(language="en"))).sheetnames[0] == "Participants"


def test_a_workbook_without_our_sheets_and_somebody_elses_are_refused(recorded):
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    for content in (out.getvalue(), b"Navn;Fra\nA;2012-01-01\n"):
        with pytest.raises(NotATable, match="no sheet called Deltagere"):
            take(recorded, content)
    for who in ("mad", "ministry", "company"):
        with pytest.raises(Refused):
            take(recorded, out.getvalue(), who=who)


@pytest.mark.parametrize("form", ["xlsx", "utf-8", "cp1252"])
def test_it_comes_back_with_its_errors_written_in(recorded, client, form):
    client.force_login(recorded.people["vind"])
    rows = "CVR-nummer;Navn;År;Trin\n;Mølleby ApS;sidste år;2 idéer\n12345678;Åkjær;2012;3\n"
    content = changed(template(SCHEMAS[SheetKind.OUTCOMES]), Udbytte={"B2": "Mølleby ApS", "C2": "sidste år", "D2": "2 idéer"}) if form == "xlsx" else rows.encode(form)  # fmt: skip
    file = SimpleUploadedFile(f"udbytte.{'xlsx' if form == 'xlsx' else 'csv'}", content)
    answer = client.post("/klyngekontor/regneark/", {"kind": "outcomes", "file": file, "act": "mark"})
    assert "udbytte-fejl.xlsx" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.content))
    told, listed = book.worksheets[0], book["Fejl"]
    assert "er ikke et tal" in told["C2"].comment.text and told["C2"].fill.fgColor.rgb.endswith("F6C6C2")
    assert [cell.value for cell in listed[2]][1:4] == [2, "År", "sidste år"] and listed["F2"].value
    assert told["B2"].value == "Mølleby ApS" and how_many() == (1, 3)


def test_an_opendocument_file_is_read_and_given_back(recorded):
    content = ODS.format(
        rows=_ods_row("CVR-nummer", "Navn", "År", "Trin") + _ods_row("", "Mølleby ApS", "2012", "2 idéer")
    )
    run = take_in_sheet(by=recorded.people["vind"], at=AT, cluster=recorded.clusters["vind"], kind=SheetKind.OUTCOMES, content=_ods(content), file_name="x.ods", dry_run=True)  # fmt: skip
    assert (run.new, run.problems, run.at) == (1, [], {"new": [2]})
    wrong = _ods(content.replace(">2012<", ">engang<"))
    run = take_in_sheet(by=recorded.people["vind"], at=AT, cluster=recorded.clusters["vind"], kind=SheetKind.OUTCOMES, content=wrong, file_name="x.ods", dry_run=True)  # fmt: skip
    back = load_workbook(
        io.BytesIO(with_problems(wrong, run.problems, [("galt", "ret")], [SCHEMAS[SheetKind.OUTCOMES]]))
    )
    assert back["Ark1"]["C2"].comment.text == "galt ret" and back["Fejl"]["D2"].value == "engang"


def test_rows_are_named_in_spans():
    assert spans([2, 3, 4, 7, 9, 10]) == "2–4, 7, 9–10" and spans([]) == ""
    assert spans(range(1, 200, 2)).endswith(" …")


def test_the_screen_shows_what_would_become_of_every_row(recorded, client):
    client.force_login(recorded.people["vind"])
    content = changed(export_book(recorded.clusters["vind"].pk, YEAR, language="da"), Deltagelse={"F3": 7})
    page = client.post("/klyngekontor/regneark/", {"kind": "alt", "file": SimpleUploadedFile("alt.xlsx", content), "dry_run": "on"}).content.decode()  # fmt: skip
    assert "Nye rækker: 0; ændrede: 1; står der allerede og forbliver, som de er: 5." in page and "Med fejl" in page
    for address in ("/klyngekontor/regneark/alt/", f"/klyngekontor/regneark/alt/{YEAR}/"):
        assert load_workbook(io.BytesIO(client.get(address).content)).sheetnames[0] == "Deltagere"
    right = client.post("/klyngekontor/regneark/", {"kind": "alt", "file": SimpleUploadedFile("alt.xlsx", content), "act": "mark"})  # fmt: skip
    assert "Det her ville ske" in right.content.decode() or right.status_code == 200
    assert how_many() == (1, 3)


def by_form(stage, held) -> None:
    stage.part(held, "a")


def by_sheet(stage, held) -> None:
    row = {
        "reference": held.reference,
        "number": one_body(stage.bodies["a"]).number,
        "name": "Vinger og Tårne",
        "persons": 1,
        "hours": 4,
    }
    content = template(SCHEMAS[SheetKind.PARTICIPATIONS], [row])
    take_in_sheet(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], kind=SheetKind.PARTICIPATIONS, content=content, file_name="x", dry_run=False)  # fmt: skip


def by_book(stage, held) -> None:
    content = export_book(stage.clusters["vind"].pk, YEAR, language="da")
    values = {"A2": held.reference, "C2": "Vinger og Tårne A/S", "E2": 1, "F2": "4,0"}
    take(stage, changed(content, Deltagelse=values))


def by_list(stage, held) -> None:
    line = Decided("Vinger og Tårne A/S", stage.bodies["a"], "", 1, Decimal(4))
    take_pasted(by=stage.people["vind"], at=AT, activity=held, lines=[line])


@hypothesis_settings(suppress_health_check=list(HealthCheck), max_examples=15, deadline=None)
@given(order=some.lists(some.sampled_from([by_form, by_sheet, by_book, by_list]), min_size=1, max_size=5))
def test_the_same_participation_arrives_once_in_whatever_order(stage, order):
    with transaction.atomic():
        held = stage.activity("vind", "v1")
        for way in order:
            way(stage, held)
        (one,) = participations_of(stage.clusters["vind"].pk)
        assert (one.body_id, one.persons, one.hours) == (stage.bodies["a"], 1, Decimal(4))
        transaction.set_rollback(True)


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Ark1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""


def _ods_row(*values: str) -> str:
    cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in values)  # fmt: skip
    return f"<table:table-row>{cells}</table:table-row>"


def _ods(content: str) -> bytes:
    """A small file as LibreOffice writes it."""
    out = io.BytesIO()
    with ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()
