"""A study counted where the register is, by klyngeanalyse alone: the same numbers as here, signed, and nothing of too few comes in."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klyngeanalyse.bundle.packet import sealed
from klyngeforum.cli import studying
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects import outside
from klyngeforum.results.effects.models import Bundle, Study
from klyngeforum.web.templatetags.words import said
from tests.cast import AT
from tests.studied import protocol, studied

from .test_effect_story import at_desk

pytestmark = pytest.mark.django_db
HOME = Path(__file__).resolve().parents[2]
# neither the framework nor the house can be loaded there
ALONE = "import sys; sys.modules['django'] = sys.modules['klyngeforum'] = None; from klyngeanalyse.cli import main; sys.exit(main(sys.argv[1:]))"
PAGE = "/analyse/studier/afar/"


def counted_there(
    bundle: bytes, panel: Path, folder: Path, by: str = "Statistikkontoret"
) -> subprocess.CompletedProcess[str]:
    file = folder / "afar.zip"
    file.write_bytes(bundle)
    words = ["study", str(panel), "--bundle", str(file), "--by", by, "--out", str(folder / "answer"), "--quiet"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "KLYNGEFORUM"))}
    environment["PYTHONPATH"] = str(HOME / "src")
    return subprocess.run([sys.executable, "-c", ALONE, *words], capture_output=True, text=True, timeout=300, env=environment)  # fmt: skip


@pytest.fixture
def sent(stage, tmp_path, settings):
    """A study whose register never comes here, frozen, with its bundle fetched; the register lies elsewhere."""
    studied(stage, tmp_path, settings)
    analyst = at_desk(stage, "analyst")
    text = protocol("afar").replace("extract = 1", 'extract = "outside"')
    assert analyst.post("/analyse/studier/ny/", {"text": text}).headers["Location"] == PAGE
    analyst.post(PAGE, {"act": "freeze"})
    return analyst, analyst.post(PAGE, {"act": "bundle"}).content


@pytest.fixture
def answer(sent, tmp_path):
    done = counted_there(sent[1], tmp_path / "register.parquet", tmp_path)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "answer" / "result.json").read_bytes()


def given(analyst, content: bytes):
    return analyst.post(
        PAGE, {"act": "answer", "file": SimpleUploadedFile("result.json", content)}, follow=True
    ).content.decode()


def changed(content: bytes, key: str | None, change) -> bytes:
    """An answer in which somebody has changed something, signed anew with the bundle's key or not."""
    said = json.loads(content)
    own = said["results"]["answer"]
    change(own)
    if key:
        own["signature"] = sealed(own, key)
    return json.dumps(said).encode()


def test_what_is_counted_there_is_what_would_have_been_counted_here(stage, sent, answer):
    analyst, _ = sent
    page = analyst.get(PAGE).content.decode()
    assert "Tæl studiet" not in page and "Hent pakken" in page and "350 virksomheder" in page
    assert "kommer aldrig her" in analyst.post(PAGE, {"act": "run"}, follow=True).content.decode()
    assert "Svaret er taget ind" in given(analyst, answer)
    here, there = (json.loads(Study.objects.get(code=code).result.told) for code in ("published", "afar"))
    own = {"study", "protocol", "library", "outside", "bundle"}
    assert {k: v for k, v in here.items() if k not in own} == {k: v for k, v in there.items() if k not in own}
    shown = analyst.get("/effekter/afar/").content.decode()
    assert "Statistikkontoret" in shown and "+8" in shown and "uden for huset" in shown
    assert "har allerede et resultat" in str_of(lambda: outside.take_in_answer(by=None, at=AT, content=answer))


def str_of(act) -> str:
    """Why it was refused, in Danish."""
    with pytest.raises(Refused) as refused:
        act()
    return " ".join(str(said(one)) for one in refused.value.verdicts)


def test_an_answer_that_somebody_touched_or_that_tells_of_few_stays_outside(stage, sent, answer):
    analyst, bundle = sent
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        key = archive.read("key.txt").decode()

    def better(own):
        own["told"]["summary"][0]["estimate"] = 0.5

    def few(own):
        own["told"]["outcomes"]["employment"]["event_study"][1]["n_treated"] = 3

    def left(own):
        counts = own["told"]["matching"]["summary"]
        counts["n_treated"] = counts["n_matched"] + 3

    def dropped(own):
        own["told"]["dropped"] = 1

    def rows(own):
        own["told"]["companies_by_name"] = ["97000009"]

    def listed(own):
        own["told"]["summary"][0]["companies"] = ["97000009", "97000017"]

    def more(own):
        own["told"]["specifications"].append({**own["told"]["specifications"][0], "name": "found later"})

    for change, with_key, words in (
        (better, None, "ændret, efter at det blev underskrevet"), (few, key, "færre end 5 virksomheder"),
        (left, key, "matching, n_treated"), (dropped, key, "dropped"),
        (rows, key, "companies_by_name"), (listed, key, "summary"), (more, key, "found later"),
    ):  # fmt: skip
        assert words in given(analyst, changed(answer, with_key, change)), change
    assert "ikke svaret på en pakke" in given(analyst, b'{"results": {}}')
    assert "JSON" in given(analyst, b"\xff\xfe")
    assert not hasattr(Study.objects.get(code="afar"), "result")
    assert "Svaret er taget ind" in given(analyst, answer)


def test_the_bundle_is_whole_says_how_to_count_and_holds_no_outcome(stage, sent):
    _, bundle = sent
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        names = set(archive.namelist())
        assert names == {
            "manifest.json",
            "declared.json",
            "participants.csv",
            "key.txt",
            "protocol.toml",
            "README.md",
            "LAESMIG.md",
        }
        begun = archive.read("participants.csv").decode().splitlines()
        assert begun[0] == "company,first_year,organisation" and len(begun) == 351
        assert "company, year, employment, fte, industry" in archive.read("README.md").decode()
        assert archive.read("protocol.toml").decode() == Study.objects.get(code="afar").protocol
    again = outside.bundle(by=None, at=AT, study=Study.objects.get(code="afar"))
    assert again[1] == bundle and Bundle.objects.count() == 1  # the same records, the same bytes


def test_what_is_wrong_there_is_said_in_one_line(sent, tmp_path):
    _, bundle = sent
    panel = tmp_path / "register.parquet"
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b"97000009,2012,x\n" if name == "participants.csv" else b""))
    for content, file, words in (
        (broken.getvalue(), panel, "participants.csv"), (b"no archive", panel, "no bundle"), (bundle, tmp_path / "nowhere.parquet", "no file"),
    ):  # fmt: skip
        done = counted_there(content, file, tmp_path)
        assert done.returncode in (1, 2) and words in done.stderr and len(done.stderr.strip().splitlines()) == 1, (
            done.stderr
        )
    short = tmp_path / "short.csv"
    short.write_text("company,year\n1,2012\n", encoding="utf-8")
    done = counted_there(bundle, short, tmp_path)
    assert done.returncode == 1 and "employment, fte, industry" in done.stderr


def test_at_the_terminal(stage, sent, answer, tmp_path, capsys):
    path, back = tmp_path / "there.zip", tmp_path / "back.json"
    assert studying.study({"what": "bundle", "thing": "afar", "out": str(path), "format": "json"}) == 0
    assert json.loads(capsys.readouterr().out)[0]["companies"] == 350 and path.read_bytes() == sent[1]
    back.write_bytes(answer)
    assert studying.study({"what": "take-in", "thing": str(back), "format": "json"}) == 0
    assert json.loads(capsys.readouterr().out)[0]["state"] == "run"


@pytest.mark.parametrize("who", ["vind", "company", "office"])
def test_who_does_not_write_studies_fetches_nothing(stage, sent, who):
    client = at_desk(stage, who)
    answer = client.post(PAGE, {"act": "bundle"})
    assert answer.status_code == 404 or "application/zip" not in answer.headers["Content-Type"]
    assert Bundle.objects.count() == 1
