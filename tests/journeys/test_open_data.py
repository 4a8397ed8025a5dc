"""Open data: the same rows in every form, every column in the dictionary, no small number and no name of a company."""

from __future__ import annotations

import csv
import io
import json

import pytest

from klyngeforum.ground.programme.queries import survey_figures
from klyngeforum.ground.tables import columnar
from klyngeforum.results.accounts.nation import national
from klyngeforum.results.accounts.own_figures import efforts_of
from tests.cast import AT, YEAR
from tests.told import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(stage):
    return told(_published, stage)


def _published(stage):
    stage.part(stage.activity("vind", "v1"), "a", "b", "c", "uni", hours="2.1")
    stage.part(stage.activity("mad", "m1"), "a", "d")
    stage.open()
    stage.approved("vind")
    stage.approved("mad")
    return stage


def rows_of(client, table: str) -> list[dict[str, object]]:
    return json.loads(client.get(f"/data/{table}.json").content)


def test_the_nations_rows_are_its_figures_and_small_ones_are_held_back(published, client):
    figures = {one.measure: one.value for one in national(YEAR)}
    rows = {row["measure"]: row for row in rows_of(client, "national")}
    assert set(rows) == set(figures) | {
        one.figure.code for one in efforts_of(YEAR, seen_by=None, on=AT.date()) if one.stated
    }
    rows = {code: row for code, row in rows.items() if code in figures}
    assert figures["participating_companies"] == 4 and rows["participating_companies"]["value"] is None
    assert (
        rows["participating_companies"]["held_back"] is True
        and rows["participating_companies"]["participations"] is None
    )
    assert rows["hours"]["value"] == 16.4 == float(figures["hours"]) and rows["outcome_3"]["value"] == 0
    assert {(row["accounts_counted"], row["accounts_approved"], row["accounts_owed"]) for row in rows.values()} == {
        (2, 2, 2)
    }


def test_the_organisations_rows_hold_no_small_number(published, client):
    rows = rows_of(client, "organisations")
    assert {row["scope"] for row in rows} == {"vindklyngen", "madklyngen"}
    bodies = {one.measure for one in national(YEAR)} - {"hours"} | {
        "companies_per_organisation",
        "knowledge_units",
        "knowledge_units_unnamed",
    }
    assert all(row["value"] in (None, 0) for row in rows if row["measure"] in bodies)
    assert any(row["held_back"] for row in rows)


def test_every_form_says_the_same(published, client):
    rows = rows_of(client, "national")
    machine = list(csv.DictReader(io.StringIO(client.get("/data/national.csv").content.decode())))
    danish = list(
        csv.DictReader(io.StringIO(client.get("/data/national.da.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert [row["measure"] for row in machine] == [row["measure"] for row in danish] == [row["measure"] for row in rows]
    hours = [next(row for row in form if row["measure"] == "hours")["value"] for form in (machine, danish)]
    assert hours[0] == hours[1].replace(",", ".") and float(hours[0]) == 16.4 and "," in hours[1]


def test_every_column_stands_in_the_dictionary_with_both_meanings(published, client):
    words = rows_of(client, "dictionary")
    told = {row["key"] for row in words if row["kind"] == "column"}
    assert told == set(rows_of(client, "national")[0])
    assert all(row["meaning_da"] and row["meaning_en"] for row in words)
    figures, named = ({row["measure"] for row in rows_of(client, "national")}, {row["key"] for row in words if row["kind"] == "measure"})  # fmt: skip
    assert figures <= named and named - figures == {one.code for one in survey_figures()} | {
        "staff"
    }  # no survey is published here, and nobody stated staff
    page = client.get("/data/ordbog/").content.decode()
    assert all(f"<code>{key}</code>" in page for key in told)


def test_no_company_is_named_anywhere(published, client):
    for table in ("national", "organisations", "dictionary"):
        for ending in ("json", "csv", "da.csv"):
            text = client.get(f"/data/{table}.{ending}").content.decode()
            assert "Mølleby" not in text and "98000" not in text


def test_parquet_carries_types_and_meanings(published, client):
    parquet, arrow = pytest.importorskip("pyarrow.parquet"), pytest.importorskip("pyarrow")
    table = parquet.read_table(io.BytesIO(client.get("/data/national.parquet").content))
    assert table.num_rows == len(rows_of(client, "national"))
    assert table.schema.field("value").type == arrow.float64() and table.schema.field("year").type == arrow.int64()
    assert b"Data year" in table.schema.field("year").metadata[b"en"]


def test_where_parquet_is_missing_the_answer_says_the_way_out(published, client, monkeypatch):
    monkeypatch.setattr(columnar, "find_spec", lambda name: None)
    answer = client.get("/data/national.parquet")
    assert answer.status_code == 501 and "CSV" in answer.content.decode()
    assert "national.parquet" not in client.get("/data/").content.decode()


@pytest.mark.parametrize("path", ["/data/nothing.csv", "/data/national.txt", "/data/national.exe"])
def test_what_there_is_not_is_not_found(published, client, path):
    assert client.get(path).status_code == 404


def test_the_web_edition_tells_everybody_no_small_number_and_opens_for_the_own_office(published, client):
    address = f"/klynger/vindklyngen/regnskab/{YEAR}/"
    page = client.get(address).content.decode()
    assert "oplyses ikke" in page and "/sagsmappe." not in page and "8,4" in page
    series = client.get("/klynger/vindklyngen/serie/participating_companies/").content.decode()
    assert "oplyses ikke" in series and "<title" in series
    client.force_login(published.people["vind"], backend="allauth.account.auth_backends.AuthenticationBackend")
    account = published.account("vind")
    own = client.get(address).content.decode()
    assert f"/regnskab/{account.pk}/hours/" in own and f"/regnskab/{account.pk}/sagsmappe.zip" in own
    assert "oplyses ikke" not in client.get("/klynger/vindklyngen/serie/participating_companies/").content.decode()
    client.force_login(published.people["mad"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert f"/regnskab/{account.pk}/" not in client.get(address).content.decode()


def test_there_is_no_web_edition_before_approval(published, client):
    assert client.get(f"/klynger/vindklyngen/regnskab/{YEAR - 1}/").status_code == 404
    assert client.get(f"/klynger/nowhere/regnskab/{YEAR}/").status_code == 404
