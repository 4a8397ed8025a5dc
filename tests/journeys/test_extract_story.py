"""An analyst who does not program has a file from the statistics office: looked at first, then taken in; nothing of one company is shown."""

from __future__ import annotations

import csv
import errno
import gzip
import io
import json
import os
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.multipartparser import MultiPartParserError
from django.test import Client

from klyngeforum.cli.studying import study as terminal
from klyngeforum.ground.trail.queries import acts
from klyngeforum.results.effects import actions, arriving
from klyngeforum.results.effects.models import Extract
from klyngeforum.results.effects.queries import path_of, studies, told
from klyngeforum.web import arriving as upload
from tests.cast import AT, YEAR
from tests.studied import EFFECT, populate, protocol, register

pytestmark = pytest.mark.django_db
PAGE = "/analyse/udtraek/"
HEAD = "company;year;fte;industry;size\n"
ROWS = [f"{71_000_000 + nth};{year};{nth},5;{nth % 4:02d};{'sjælden' if nth < 3 else 'lille'}\n" for nth in range(40) for year in (2010, 2011)]  # fmt: skip
TEXT = HEAD + "".join(ROWS)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXTRACTS = tmp_path / "extracts"
    return settings.EXTRACTS


def at_desk(stage, who: str) -> Client:
    client = Client()
    client.force_login(stage.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def send(client, content: str | bytes, *, dry=True, name="udtræk.csv", source="Statistikkontoret, FIRM, 12. marts"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post(PAGE, {"source": source, "file": file, **({"dry_run": "on"} if dry else {})})


def left(folder: Path) -> list[str]:
    """What lies there that is no extract."""
    return [str(one.relative_to(folder)) for one in folder.rglob("*") if (one.name != "arriving" and one.suffix != ".parquet") or "arriving/" in str(one.relative_to(folder))]  # fmt: skip


def words(answer) -> str:
    return answer.content.decode()


def test_the_analyst_looks_at_a_csv_and_takes_it_in_once(stage, folder):
    client = at_desk(stage, "analyst")
    desk = words(client.get("/analyse/"))
    assert "Intet udtræk endnu" in desk and PAGE in desk
    empty = words(client.get(PAGE))
    assert "Intet udtræk endnu" in empty and "Bed statistikkontoret om" in empty
    page = words(send(client, TEXT))
    for said in ("Filen kan indlæses", "Tal med decimalkomma", "foranstillede nuller", "2010–2011", ">80<", ">40<"):
        assert said in page, said
    assert not Extract.objects.exists() and left(folder) == [] and list(folder.glob("*.parquet")) == []
    assert "Indlæst som udtræk 1" in words(send(client, TEXT, dry=False))
    again = words(send(client, gzip.compress(TEXT.encode()), dry=False, name="igen.csv.gz"))
    assert "Filen er allerede udtræk 1" in again and "udtræk 1" in words(send(client, TEXT))
    (one,) = Extract.objects.all()
    assert (one.rows, one.companies, one.taken_by) == (80, 40, stage.people["analyst"])
    assert json.loads(one.columns) == ["company", "year", "fte", "industry", "size"]
    assert pq.read_table(path_of(one)).column("fte").to_pylist()[:2] == [0.5, 0.5]
    (act,) = acts().filter(verb="effects.take_in_extract")
    assert act.by == stage.people["analyst"]
    assert left(folder) == [] and "Er her" in words(client.get("/analyse/")) and PAGE in words(client.get("/analyse/"))


def test_a_column_that_no_protocol_can_ask_for_is_told_with_a_better_name(stage):
    page = words(send(at_desk(stage, "analyst"), TEXT.replace("fte;", "årsværk;")))
    assert "Ingen protokol kan spørge efter en kolonne" in page and "aarsvaerk" in page and "Filen kan indlæses" in page


def test_no_row_and_no_small_number_is_shown(stage):
    page = words(send(at_desk(stage, "analyst"), TEXT.replace("3,5", "3,5 cirka", 1) + "71000999;2011;98765,5;01;\n"))
    for value in ("71000", "98765", "98.765", "lille", "sjælden", "cirka"):
        assert value not in page
    assert "1–4" in page  # rows without a size, values that are no numbers


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.replace("company", "cvr", 1), "Er det “cvr”, så kald den company"),
        ("".join(ROWS), "den er ingen overskrift"),
        (TEXT + ROWS[0], "1 rækker står to gange"),
        (TEXT.replace("0,5", "1.500").replace("1,5;", "50.5;"), "“fte” kan det ikke afgøres"),
        (b"PK\x03\x04 an .xlsx", "gem arket som CSV"),
        (bytes(range(256)), "hverken CSV eller Parquet"),
    ],
)
def test_a_wrong_file_is_told_with_the_mend_and_leaves_nothing(stage, folder, content, said):
    client = at_desk(stage, "analyst")
    for dry in (True, False):
        page = words(send(client, content, dry=dry))
        assert said in page and "71000" not in page
    assert not Extract.objects.exists() and left(folder) == [] and list(folder.glob("*.parquet")) == []


def test_without_a_source_or_a_file_the_form_says_so(stage, folder):
    client = at_desk(stage, "analyst")
    assert "Dette felt er påkrævet" in words(send(client, TEXT, source=" ", dry=False))
    assert "Dette felt er påkrævet" in words(client.post(PAGE, {"source": "x"}))
    assert not Extract.objects.exists() and left(folder) == []


def test_who_does_not_write_studies_meets_404_and_leaves_nothing(stage, folder):
    for who in ("vind", "auditor"):
        client = at_desk(stage, who)
        assert client.get(PAGE).status_code == send(client, TEXT).status_code == 404
    assert Client().get(PAGE).status_code == send(Client(), TEXT).status_code == 302
    assert not folder.exists()  # not a byte of it was written


def test_a_file_that_is_too_large_is_let_go_on_its_way(stage, folder, monkeypatch):
    monkeypatch.setattr(upload, "MOST_BYTES", 1000)
    page = words(send(at_desk(stage, "analyst"), TEXT, dry=False))
    assert "større end 2 GB" in page and "påkrævet" not in page
    assert "Statistikkontoret, FIRM" in page  # what was filled in stays
    assert not Extract.objects.exists() and left(folder) == []


@pytest.mark.parametrize("where", ["on its way", "when it is laid"])
def test_a_full_disk_is_said_and_leaves_nothing(stage, folder, monkeypatch, where):
    def fails(*args, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "on its way":
        monkeypatch.setattr(upload.Arrived, "write", fails, raising=False)
    else:
        monkeypatch.setattr(arriving, "_laid", fails)
    assert "Disken er fuld" in words(send(at_desk(stage, "analyst"), TEXT, dry=False))
    assert not Extract.objects.exists() and left(folder) == [] and not acts().filter(verb="effects.take_in_extract")


def test_a_full_disk_while_it_is_converted_is_said(stage, folder, monkeypatch):
    real = "klyngeforum.results.effects.panels.DuckEngine.run"

    def fails(self, sql):
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr(real, fails)
    assert "Disken er fuld" in words(send(at_desk(stage, "analyst"), TEXT))
    assert left(folder) == []


def test_an_error_in_the_middle_leaves_nothing(stage, folder, monkeypatch):
    client = at_desk(stage, "analyst")
    client.raise_request_exception = False
    monkeypatch.setattr("klyngeforum.web.analyst.extracts.known", lambda seen: 1 / 0)
    assert send(client, TEXT).status_code == 500
    assert left(folder) == []


def test_a_sender_who_goes_away_leaves_nothing(stage, folder, monkeypatch):
    """The parser closes what it has when the rest does not come."""
    client, seen = at_desk(stage, "analyst"), []
    client.raise_request_exception = False

    def gone(self, file_size):
        seen.extend(left(folder))
        raise MultiPartParserError("gone")

    monkeypatch.setattr(upload.ExtractHandler, "file_complete", gone)
    assert send(client, TEXT).status_code == 400
    assert seen and left(folder) == []


def test_what_a_killed_process_left_is_swept_after_a_day(folder):
    old = folder / "arriving" / "old"
    old.mkdir(parents=True)
    (old / "sent").write_text("x")
    os.utime(old, (1, 1))
    (folder / "arriving" / "just-gone").symlink_to(folder / "nowhere")  # listed, and away before it is looked at
    with arriving.arrival() as own:
        assert not old.exists() and Path(own).exists() and Path(own).stat().st_mode & 0o077 == 0
    assert not Path(own).exists()


def test_a_lost_file_comes_back_by_the_same_file(stage):
    client = at_desk(stage, "analyst")
    send(client, TEXT, dry=False)
    path_of(Extract.objects.get()).unlink()
    assert "Er her ikke" in words(client.get(PAGE))
    assert "Filen er allerede udtræk 1" in words(send(client, TEXT, dry=False))
    assert path_of(Extract.objects.get()).is_file()


def test_the_terminal_takes_a_csv_by_the_same_action(stage, folder, tmp_path, capsys):
    file = tmp_path / "udtræk.csv"
    file.write_text(TEXT)
    asked = {"what": "extract", "thing": str(file), "source": "Kontoret", "format": "json"}
    assert terminal(asked) == 0 and json.loads(capsys.readouterr().out)[0]["companies"] == 40
    assert "Filen er allerede udtræk 1" in words(send(at_desk(stage, "analyst"), TEXT, dry=False))
    assert file.is_file() and left(folder) == []


def danish(path: Path) -> str:
    """The register as a statistics office's old system would write it: semicolons and decimal commas."""
    table, out = pq.read_table(path), io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(f"{one:.10f}".replace(".", ",") if isinstance(one, float) else one for one in row.values())
    return out.getvalue()


def test_a_study_counts_on_an_extract_that_came_as_csv(stage, tmp_path):
    known = populate(stage, companies=900, participants=350)
    text, analyst = danish(register(tmp_path / "register.parquet", known, 350)), stage.people["analyst"]
    assert "Indlæst som udtræk 1" in words(send(at_desk(stage, "analyst"), text, dry=False))
    one = actions.write(by=analyst, at=AT, text=protocol("csv"))
    actions.run(by=analyst, at=AT, study=actions.freeze(by=analyst, at=AT, study=one))
    (line,) = told(studies(seen_by=analyst, on=AT.date()).get(code="csv")).lines
    assert line.low < EFFECT < line.high and line.participants == 350 and Extract.objects.get().first_year == YEAR - 3
