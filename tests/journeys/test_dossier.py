"""One account as paper, workbook, JSON and archive: the same numbers in each, names only where they may stand."""

from __future__ import annotations

import io
import json
import re
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from klyngeforum.ground.bodies.queries import one_body
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.terms import Step
from klyngeforum.results.accounts.remarks import write
from klyngeforum.results.accounts.sheets import sheet
from klyngeforum.results.accounts.terms import About
from klyngeforum.results.accounts.working import work
from klyngeforum.web.components.numbers import grouped
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db


def approved(stage) -> object:
    one = stage.activity("vind", "v1")
    stage.part(one, "a", "b", "x", "uni", hours="1234.5")
    stage.open()
    stage.approved("vind")
    return stage.account("vind")


def fetched(client, account, ending: str) -> bytes:
    answer = client.get(f"/regnskab/{account.pk}/sagsmappe.{ending}")
    assert answer.status_code == 200 and f"vindklyngen-{YEAR}-1.{ending}" in answer["Content-Disposition"]
    return answer.content


def test_paper_workbook_and_json_hold_the_numbers_of_the_screen(stage, client):
    account = approved(stage)
    client.force_login(stage.people["vind"])
    on_screen = {row.measure: row.value for row in sheet(account).rows}
    assert on_screen["participating_companies"] == 2 and on_screen["hours"] == 4938
    book = load_workbook(io.BytesIO(fetched(client, account, "xlsx")))
    figures = list(book["figures"].iter_rows(values_only=True))
    assert {row[0]: row[3] for row in figures[1:]} == {code: float(value) for code, value in on_screen.items()}
    told = json.loads(fetched(client, account, "json"))
    assert {row["measure"]: row["value"] for row in told["figures"]} == {
        code: float(value) for code, value in on_screen.items()
    }
    assert (told["state"], told["edition"], told["comment"], told["digest"]) == (
        "approved",
        1,
        "Alt er talt.",
        account.digest,
    )
    paper = PdfReader(io.BytesIO(fetched(client, account, "pdf")))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in paper.pages))
    for row in told["figures"]:
        assert re.search(rf"{re.escape(row['name'])} {re.escape(grouped(row['value']))} ", text), row["name"]
    assert "4.938" in text and account.digest in text


def test_names_stand_in_files_and_never_on_the_paper(stage, client):
    account = approved(stage)
    client.force_login(stage.people["office"])
    names = ("Vinger og Tårne A/S", "Mølleby ApS", "Firmaet uden nummer")
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(fetched(client, account, "pdf"))).pages)
    assert not any(name in paper for name in names) and "Vindklyngen" in paper
    assert all(name in fetched(client, account, "json").decode() for name in names)


def test_the_archive_is_whole_and_the_same_again(stage, client):
    account = approved(stage)
    client.force_login(stage.people["vind"])
    content = fetched(client, account, "zip")
    archive = ZipFile(io.BytesIO(content))
    assert archive.testzip() is None and set(archive.namelist()) == {
        "regnskab.pdf", "regnskab.xlsx", "regnskab.json", *(f"csv/{name}.csv" for name in ("figures", "organisation", "bodies", "checks", "messages", "acts", "definitions")),
    }  # fmt: skip
    acts = archive.read("csv/acts.csv").decode().splitlines()
    assert len(acts) == 3 and acts[1].split(",")[3] and archive.read("csv/bodies.csv").decode().count("\n") == 5
    again = ZipFile(io.BytesIO(fetched(client, account, "zip")))
    assert [again.read(name) for name in again.namelist() if "xlsx" not in name] == [
        archive.read(name) for name in archive.namelist() if "xlsx" not in name
    ]


def test_nobody_else_gets_it(stage, client):
    account = approved(stage)
    for who in ("mad", "company", "adviser", None):
        client.logout()
        if who:
            client.force_login(stage.people[who])
        assert client.get(f"/regnskab/{account.pk}/sagsmappe.zip").status_code in (302, 404)
    client.force_login(stage.people["vind"])
    assert client.get(f"/regnskab/{account.pk}/sagsmappe.exe").status_code == 404


def test_each_warning_stands_with_its_comment_who_and_when(stage, client):
    stage.part(stage.activity("vind", "v1"), "a")
    one = stage.clusters["vind"]
    new = NewOutcome(one.pk, stage.bodies["c"], YEAR, Step.COMPETENCE)  # without having taken part
    outcomes.note(by=stage.people["vind"], at=AT, cluster=one, body=one_body(stage.bodies["c"]), new=new)
    stage.open()
    keys = [one.key for one in work(stage.account("vind")).missing() if one.about == About.WARNING]
    assert keys
    for key in (*keys, "nothing:"):  # the last is said of something that is not found
        write(by=stage.people["vind"], at=AT, account=stage.account("vind"), about=About.WARNING, key=key, text=f"Nummeret er på vej ({key}).", turn=0)  # fmt: skip
    stage.approved("vind")
    client.force_login(stage.people["office"])
    account = stage.account("vind")
    rows = json.loads(fetched(client, account, "json"))["checks"]
    said = {row["comment"]: (row["comment_by"], row["comment_at"]) for row in rows if row["comment"]}
    who = (stage.people["vind"].name, str(AT))
    assert said == {f"Nummeret er på vej ({key}).": who for key in (*keys, "nothing:")}
    assert [row["what"] for row in rows if "nothing:" in row["comment"]] == ["Findes ikke længere"]
    assert all(row["comment_by"] == "" for row in rows if not row["comment"])
    paper = PdfReader(io.BytesIO(fetched(client, account, "pdf")))
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in paper.pages))
    assert f"Nummeret er på vej ({keys[0]}).” – {stage.people['vind'].name}, 1. marts 2013" in text
    archive = ZipFile(io.BytesIO(fetched(client, account, "zip")))
    assert all(f"Nummeret er på vej ({key})." in archive.read("csv/checks.csv").decode() for key in keys)
