"""Strength positions as people meet them: a region, what it is strong in, what serves it, the rows behind; small numbers stay inside."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klyngeforum.cli.stopping import Stop
from klyngeforum.cli.strengthening import strengths
from klyngeforum.results.strengths.queries import tables
from tests.tabled import statbank, tabled

pytestmark = pytest.mark.django_db
ASKED = {"region": None, "table": "", "definition": "", "language": "da", "format": "json"}


def signed_in(client, stage, who):
    client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")


def send(client, text, *, dry=True, recipe="statbank-regions"):
    file = SimpleUploadedFile("ras.csv", text.encode(), content_type="text/csv")
    sent = {"recipe": recipe, "file": file, "source": "Statistikbanken", **({"dry_run": "on"} if dry else {})}
    return client.post("/analyse/tabeller/", sent).content.decode()


def test_the_analyst_looks_at_a_table_and_takes_it_in_once(stage, client):
    signed_in(client, stage, "analyst")
    assert "Ingen tabel endnu" in client.get("/analyse/tabeller/").content.decode()
    page = send(client, statbank())
    assert "Det vil ske" in page or "vil ske" in page
    assert "110" in page and not tables().exists()
    assert "Indlæst som tabel 1" in send(client, statbank(), dry=False)
    assert "tabel 1" in send(client, statbank(), dry=False) and tables().count() == 1


def test_what_is_wrong_is_told_by_row_and_column(stage, client):
    signed_in(client, stage, "office")
    page = send(client, statbank() + "Region Sjælland;55 Hotel;Ansatte;2012;mange\n", dry=False)
    for words in ("Intet blev indlæst", "INDHOLD", "mange", "er ikke et tal", "Skriv et tal"):
        assert words in page
    assert "Vælg den opskrift, der passer" in send(client, "a;b\n1;2\n") and not tables().exists()


def test_a_column_written_in_two_ways_is_told_with_both_cells(stage, client):
    signed_in(client, stage, "office")
    text = statbank()
    mixed = f"{text}Region Sjælland;55 Hotel;Ansatte;2012;1.500\nRegion Sjælland;56 Kro;Ansatte;2012;50.5\n"
    page, row = send(client, mixed, dry=False), len(text.splitlines())
    for words in ("Intet blev indlæst", "“50.5” har punktum foran decimalerne", f"“1.500” i række {row + 1} i samme kolonne", "som 1500 og 50,5"):  # fmt: skip
        assert words in page, words
    assert str(row + 2) in page and not tables().exists()


def test_a_file_that_is_too_large_is_told_the_way_that_keeps_it_whole(stage, client, monkeypatch):
    monkeypatch.setattr("klyngeforum.web.components.uploads.MOST_BYTES", 100)
    signed_in(client, stage, "office")
    page = send(client, statbank())
    assert "Pak den (.gz)" in page and "Del den i mindre filer" not in page


def test_before_the_first_table_everybody_reads_what_is_missing(stage, client):
    assert "Ingen tabel endnu" in client.get("/styrker/").content.decode()
    assert client.get("/styrker/1083/").status_code == 404
    signed_in(client, stage, "analyst")
    assert "/analyse/tabeller/" in client.get("/styrker/").content.decode()


def test_everybody_reads_what_a_region_is_strong_in(stage, client):
    tabled(stage)
    page = client.get("/styrker/").content.decode()
    assert "Region Syddanmark" in page and "Maskiner og robotter" in page and "Opdigtet" in page
    region = client.get("/styrker/1083/").content.decode()
    for words in (
        "Maskiner og robotter",
        "Styrke",
        "Ingen organisation",
        "Ingen stjerner over 5 regioner",
        "mindst 60",
        "Pladsholder",
        "nærhed",
    ):
        assert words.casefold() in region.casefold(), words
    rows = {row["field"]: row for row in json.loads(client.get("/styrker/1083/?hent=json").content)}
    assert rows["machinery"]["strong"] is True and rows["machinery"]["employment"] == 2000


def test_a_number_opens_to_the_rows_of_the_table(stage, client):
    tabled(stage)
    page = client.get("/styrker/1083/machinery/").content.decode()
    assert "2.000" in page and "Række i filen" in page
    rows = json.loads(client.get("/styrker/1083/machinery/?hent=json").content)
    assert [(row["År"], row["Ansatte"]) for row in rows] == [(2012, 2000), (2010, 1500)]
    line = rows[0]["Række i filen"]
    assert statbank().splitlines()[line - 1] == "Region Syddanmark;28 Branche;Ansatte;2012;2000"


@pytest.mark.parametrize(
    ("who", "sees"),
    [("", False), ("vind", False), ("company", False), ("analyst", True), ("office", True), ("ministry", True)],
)
def test_small_numbers_are_seen_by_those_who_may(stage, client, who, sees):
    tabled(stage)
    if who:
        signed_in(client, stage, who)
    rows = {row["field"]: row for row in json.loads(client.get("/styrker/1081/?hent=json&inddeling=brancher").content)}
    assert rows["13"]["employment"] == (4 if sees else None)
    behind = json.loads(client.get("/styrker/1081/13/?hent=json&inddeling=brancher").content)
    assert [row["Ansatte"] for row in behind] == ([4, 4] if sees else [None, None])
    assert ("holdt tilbage" in client.get("/styrker/1081/13/?inddeling=brancher").content.decode()) is not sees


def test_odd_addresses_are_pages_or_not_there(stage, client):
    tabled(stage)
    for query in ("?tabel=99&inddeling=x&vis=y", "?tabel=²", "?tabel=" + "9" * 40, "?hent=pdf"):
        assert client.get(f"/styrker/{query}").status_code == 200
        assert client.get(f"/styrker/1083/{query}").status_code == 200
    assert client.get("/styrker/9999/").status_code == client.get("/styrker/1083/nothing/").status_code == 404


def test_english_for_those_who_read_it(stage, client):
    tabled(stage)
    client.cookies["sprog"] = "en"
    page = client.get("/styrker/1083/").content.decode()
    for words in (
        "Region of Southern Denmark",
        "Machinery and robots",
        "No stars over 5 regions",
        "times the share in the whole table",
    ):
        assert words in page, words
    assert "Own grouping of the 88 divisions" in page and "Egen gruppering" not in page


def test_the_same_at_the_terminal(stage, capsys):
    with pytest.raises(Stop, match="no regional table"):
        strengths(ASKED)
    tabled(stage)
    assert strengths({**ASKED, "region": "1083"}) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["fields"][0]["field"] == "machinery" and told["table"]["made_up"] is True
    assert all("Ingen" in rule["refused"] for rule in told["stars"])
    assert {one["priority"]: one["support"] for one in told["priorities"]}["velfaerd"] == "strength"
    assert strengths(ASKED) == 0
    assert {row["region"]: row["strengths"] for row in json.loads(capsys.readouterr().out)}["1083"] == ["machinery"]
    assert strengths({**ASKED, "region": "1083", "format": "table"}) == strengths({**ASKED, "format": "csv"}) == 0
    for wrong in ({"region": "9999"}, {"table": "7"}, {"definition": "nothing"}):
        with pytest.raises(Stop):
            strengths({**ASKED, **wrong})


def test_strategies_stand_beside_one_another_and_beside_what_is_counted(stage, client):
    bare = client.get("/styrker/strategier/").content.decode()
    assert "kun det, strategierne selv siger" in bare and "Opdigtet strategi" in bare and "Pladsholder" in bare
    tabled(stage)
    page = client.get("/styrker/strategier/").content.decode()
    for words in ("prioritet og styrke", "ingen dokumentation", "Overlap", "Huller", "Region Syddanmark"):
        assert words in page, words
    rows = {row["field"]: row for row in json.loads(client.get("/styrker/strategier/?hent=json").content)}
    assert rows["machinery"]["Region Syddanmark"] == "prioritet og styrke" and rows["machinery"]["Region Midtjylland"] == "prioritet"  # fmt: skip
    region = client.get("/styrker/1083/").content.decode()
    assert "Prioriteter i regionens strategi" in region and "en styrke i regionen" in region
