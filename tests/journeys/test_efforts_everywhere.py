"""What an organisation did, told in eight places: its page, its edition, its sheet, the dossier in four forms, the paper of the country, the API and open data."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pypdf import PdfReader

from klyngeforum.records.activities.terms import ActivityKind
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.results.accounts.own_figures import efforts_of
from klyngeforum.web.components.numbers import grouped
from klyngeforum.web.papers.national_account import national_account
from tests.cast import AT, YEAR

pytestmark = pytest.mark.django_db
DID = {"activities": 3, "activities_project": 2, "international_activities": 1, "staff": 3.5, "participant_regions": 1, "working_groups": 0}  # fmt: skip


@pytest.fixture
def told(stage):
    """Vindklyngen held two projects and one activity abroad, and stated 3.5 full-time equivalents; Madklyngen held one and stated nothing."""
    for reference, kind in (("1", ActivityKind.PROJECT), ("2", ActivityKind.PROJECT), ("3", ActivityKind.INTERNATIONAL)):  # fmt: skip
        stage.part(stage.activity("vind", reference, kind=kind), "a")
    stage.part(stage.activity("mad", "4"), "d")
    clusters.note_staff(by=stage.people["vind"], at=AT, cluster=stage.clusters["vind"], year=YEAR, full_time=Decimal("3.5"))  # fmt: skip
    stage.open()
    stage.approved("vind"), stage.approved("mad")
    return stage


def enter(client, stage, who):
    client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")


def text_of(paper: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages))


def shown(rows):
    return {row.figure.code: row.value for row, _, _ in rows if row.figure.code in DID}


def test_the_organisations_numbers_are_the_same_in_every_place(client, told):
    account = told.account("vind")
    for address in (reverse("cluster", args=["vindklyngen"]), reverse("web_edition", args=["vindklyngen", YEAR])):
        answer = client.get(address)
        assert shown(answer.context["own"]) == DID and "3,5" in answer.content.decode()
    opened = json.loads(client.get("/data/organisations.json").content)
    assert {row["measure"]: row["value"] for row in opened if row["scope"] == "vindklyngen" and row["measure"] in DID} == DID  # fmt: skip
    api = json.loads(client.get(f"/api/efforts/{YEAR}").content)
    assert {row["figure"]: float(row["value"]) for row in api if row["scope"] == "vindklyngen" and row["figure"] in DID} == DID  # fmt: skip
    behind = {code: client.get(reverse("efforts"), {"aar": YEAR, "tal": code}).context["behind"] for code in DID}
    assert {code: next(value for name, _, value, _ in rows if name == "Vindklyngen") for code, rows in behind.items()} == DID  # fmt: skip
    enter(client, told, "vind")
    assert shown(client.get(reverse("own_account", args=[YEAR])).context["own"]) == DID
    case = {ending: client.get(f"/regnskab/{account.pk}/sagsmappe.{ending}").content for ending in ("json", "xlsx", "pdf")}  # fmt: skip
    assert {row["figure"]: row["value"] for row in json.loads(case["json"])["organisation"] if row["figure"] in DID} == DID  # fmt: skip
    book = load_workbook(io.BytesIO(case["xlsx"]))["organisation"].iter_rows(values_only=True)
    assert {row[0]: row[3] for row in book if row[0] in DID} == DID
    text = text_of(case["pdf"])
    assert "Aktiviteter 3 – aktiviteter" in text and "Årsværk i sekretariaterne 3,5 – årsværk" in text


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_country_reads_the_same_on_the_page_on_paper_by_api_and_in_open_data(client, told, language):
    nation = {one.figure.code: one for one in efforts_of(YEAR, seen_by=None, on=AT.date())}
    assert (nation["activities"].value, nation["staff"].value, nation["staff"].stated) == (4, 3.5, 1)
    opened = {row["measure"]: row["value"] for row in json.loads(client.get("/data/national.json").content)}
    api = {row["figure"]: row["value"] for row in json.loads(client.get(f"/api/efforts/{YEAR}").content) if row["scope"] == "DK"}  # fmt: skip
    text = text_of(national_account(YEAR, language=language, at=AT))
    with override(language):
        for code in DID:
            one = nation[code]
            assert opened[code] == float(api[code]) == float(one.value), code
            row = f"{one.figure.name.say(language)} {grouped(one.value)} {one.figure.unit.say(language)} {grouped(one.average)}"  # fmt: skip
            assert re.sub(r"[\s-]", "", row) in re.sub(r"[\s-]", "", text), row


def test_a_sheet_says_what_the_records_have_become_and_what_nobody_stated(client, told):
    told.activity("vind", "late")
    clusters.note_staff(by=told.people["mad"], at=AT, cluster=told.clusters["mad"], year=YEAR, full_time=Decimal(2))
    enter(client, told, "vind")
    rows = {row.figure.code: row for row, _, _ in client.get(reverse("own_account", args=[YEAR])).context["own"]}
    assert (rows["activities"].value, rows["activities"].moved, rows["activities"].now) == (3, True, 4)
    assert not rows["staff"].moved
    enter(client, told, "mad")
    page = client.get(reverse("own_account", args=[YEAR]))
    staff = next(row for row, _, _ in page.context["own"] if row.figure.code == "staff")
    assert (staff.value, staff.moved, staff.now) == (None, True, 2) and "ikke oplyst" in page.content.decode()


def test_an_open_account_shows_what_the_records_say(client, stage):
    stage.part(stage.activity("vind", "1"), "a")
    stage.open()
    enter(client, stage, "vind")
    rows = {row.figure.code: row.value for row, _, _ in client.get(reverse("own_account", args=[YEAR])).context["own"]}
    assert rows["activities"] == 1 and rows["staff"] is None


def test_no_tile_stands_without_who_is_counted_how_many_accounts_and_the_definition(client, told):
    scopes = {one.scope for _, tiles in client.get(reverse("results"), {"aar": YEAR}).context["chapters"] for one in tiles}  # fmt: skip
    assert scopes and all(re.fullmatch(rf"Hele landet, {YEAR}, 2 af 2 regnskaber; definition \d{{4}}\.\d", one) for one in scopes)  # fmt: skip
    scopes = {one.scope for one in client.get(reverse("cluster", args=["vindklyngen"])).context["tiles"]}
    assert scopes == {f"Vindklyngen, {YEAR}; definition 2012.1"}
