"""An analyst writes a protocol, freezes it, counts, is reviewed by others and publishes; nobody sees a result a moment too early."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from klyngeforum.cli import studying, working
from klyngeforum.cli.stopping import Stop
from klyngeforum.ground.jobs import actions as jobs
from klyngeforum.results.effects.models import Study
from klyngeforum.results.effects.queries import path_of
from tests.studied import protocol, studied

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def at_desk(stage, who):
    client = Client()
    client.force_login(stage.people[who], backend=BACKEND)
    return client


@pytest.fixture
def made(stage, tmp_path, settings):
    return studied(stage, tmp_path, settings)


def test_from_protocol_to_publication_at_the_desks(stage, made):
    analyst, office, stranger = at_desk(stage, "analyst"), at_desk(stage, "office"), Client()
    assert analyst.get("/hjem/").headers["Location"] == "/analyse/"
    assert "mit-studie" in analyst.get("/analyse/studier/ny/?som=tekst").content.decode()  # an example to begin with
    wrong = analyst.post("/analyse/studier/ny/", {"text": protocol("new").replace("horizon = 1", "horizon = 99")})
    assert wrong.status_code == 200 and "“horizon” skal være et helt tal fra 1 til 10" in wrong.content.decode()
    assert not Study.objects.filter(code="new").exists()
    assert (
        analyst.post("/analyse/studier/ny/", {"text": protocol("new")}).headers["Location"] == "/analyse/studier/new/"
    )
    page = "/analyse/studier/new/"
    assert "Tæl studiet" not in analyst.get(page).content.decode()
    assert analyst.get("/effekter/new/").status_code == 404
    early = analyst.post(page, {"act": "run"})  # sent by hand before it is frozen
    assert (
        "det kan man ikke gøre ved det nu" in early.content.decode()
        and analyst.get("/effekter/new/").status_code == 404
    )
    analyst.post(page, {"act": "freeze"})
    assert analyst.get("/analyse/studier/new/protokol/").status_code == 404  # its words stand
    analyst.post(page, {"act": "run"})
    waits = analyst.get(page).content.decode()
    assert "0 af 4 dele" in waits and 'value="run"' not in waits and "every 2s" in waits
    assert working.work({"once": True}) == 0
    assert "every 2s" not in analyst.get(page).content.decode()
    assert (
        "+8" in analyst.get("/effekter/new/").content.decode()
        and "Ikke offentliggjort" in analyst.get("/effekter/new/").content.decode()
    )
    assert (
        stranger.get("/effekter/new/").status_code == 404
        and "new" not in stranger.get("/effekter/").content.decode().split("<main")[1]
    )
    assert (
        "vurderer det ikke"
        in analyst.post(page, {"act": "review", "verdict": "sound", "text": "Godt."}, follow=True).content.decode()
    )
    assert office.post(page, {"act": "review", "verdict": "reservations", "text": "Kort efter."}).status_code == 302
    analyst.post(page, {"act": "publish"})
    told = stranger.get("/effekter/new/").content.decode()
    assert "Holdbart med forbehold" in told and "Kort efter." in told and "Besluttet på forhånd" in told
    assert "Voksede new?" in stranger.get("/maal/").content.decode()


def test_where_a_study_stands_is_said_in_the_readers_language(stage, made):
    analyst = at_desk(stage, "analyst")
    analyst.post("/analyse/studier/ny/", {"text": protocol("twice")})
    page = "/analyse/studier/twice/"
    analyst.post(page, {"act": "freeze"})
    for language, state in (("da", "Protokollen er frosset, intet er set"), ("en", "Protocol frozen, nothing seen")):
        analyst.cookies["sprog"] = language
        assert f"“{state}”" in analyst.post(page, {"act": "freeze"}, follow=True).content.decode(), language


def test_a_null_is_published_like_an_effect_and_an_association_is_not_called_effect(stage, made):
    analyst, office = at_desk(stage, "analyst"), at_desk(stage, "office")
    office.post("/analyse/studier/counted/", {"act": "review", "verdict": "sound", "text": "Holder."})
    analyst.post("/analyse/studier/counted/", {"act": "publish"})
    page = Client().get("/effekter/counted/").content.decode()
    assert "Ingen effekt fundet" in page and "rummer nul" in page
    years = re.findall(r'<tr><td class="num">([^<]+)</td>', page)
    assert {"−2", "0", "+1"} <= set(years) and not [year for year in years if "-" in year], "as the picture writes them"
    assert (
        "Voksede counted?" in Client().get("/effekter/").content.decode()
        and "Voksede counted?" not in Client().get("/maal/").content.decode()
    )
    analyst.post("/analyse/studier/ny/", {"text": protocol("loose", causal=False)})
    for act in ("freeze", "run"):
        analyst.post("/analyse/studier/loose/", {"act": act})
    assert working.work({"once": True}) == 0
    main = analyst.get("/effekter/loose/").content.decode().split("<main")[1]
    assert "sammenhæng" in main and "en effekt med 95" not in main


@pytest.mark.parametrize("who", ["vind", "company", "adviser", "university", "auditor", "mad"])
def test_a_draft_and_a_result_on_the_way_are_nobodys_else(stage, made, who):
    client = at_desk(stage, who)
    for address in (
        "/analyse/",
        "/analyse/studier/counted/",
        "/effekter/counted/",
        "/effekter/frozen/",
        "/analyse/studier/ny/",
    ):
        assert client.get(address).status_code == 404, address
    assert client.get("/effekter/published/").status_code == 200


def test_everything_drawn_can_be_taken_home(stage, made):
    rows = json.loads(Client().get("/effekter/published/?hent=json").content)
    parts = {row["part"] for row in rows}
    assert parts == {"overall", "event", "specification", "placebo"}


def test_at_the_terminal(stage, made, tmp_path, capsys):
    path = tmp_path / "p.toml"
    path.write_text(protocol("terminal"), encoding="utf-8")
    assert studying.study({"what": "run", "thing": str(path), "format": "json"}) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["study"] == "terminal" and first["result"]["summary"][0]["claim"] == "full"
    assert studying.study({"what": "run", "thing": "terminal", "format": "json"}) == 0
    assert json.loads(capsys.readouterr().out) == first  # the same input, the same answer
    path.write_text(protocol("terminal", column="exports"), encoding="utf-8")
    with pytest.raises(Stop, match="stands with other words"):
        studying.study({"what": "run", "thing": str(path), "format": "table"})
    with pytest.raises(Stop, match="there is no study"):
        studying.study({"what": "run", "thing": "nowhere", "format": "table"})
    assert (
        studying.study({"what": "list", "thing": None, "format": "table"}) == 0
        and "published" in capsys.readouterr().out
    )


def test_a_counting_is_stopped_goes_on_where_it_was_and_says_what_went_wrong(stage, made, monkeypatch):
    analyst, page = at_desk(stage, "analyst"), "/analyse/studier/frozen/"
    analyst.post(page, {"act": "run"})
    whole, kept = jobs.keep, []

    def stopped(**said):
        whole(**said)
        kept.append(said["name"])
        if len(kept) == 2:
            analyst.post(page, {"act": "stop"})

    monkeypatch.setattr(jobs, "keep", stopped)
    assert working.work({"once": True}) == 0
    assert kept == ["effects", "specification:0"] and not hasattr(Study.objects.get(code="frozen"), "result")
    assert "2 af 4 dele" in analyst.get(page).content.decode()
    again = analyst.post(page, {"act": "stop"}, follow=True).content.decode()
    assert "Der bliver ikke talt noget nu." in again
    path = path_of(made["frozen"].extract)
    moved = path.rename(path.with_suffix(".away"))
    analyst.post(page, {"act": "run"})
    assert working.work({"once": True}) == 0
    assert (
        "Filen til udtræk 1 er her ikke" in analyst.get(page).content.decode()
    )  # what went wrong, in the reader's language
    moved.rename(path)
    analyst.post(page, {"act": "run"})
    assert working.work({"once": True}) == 0
    assert kept == ["effects", "specification:0", "specification:1", "matching"]  # nothing was counted twice
    found, whole_run = (json.loads(made_of(code)) for code in ("frozen", "published"))
    assert {**found, "study": "", "protocol": ""} == {**whole_run, "study": "", "protocol": ""}


def made_of(code):
    return Study.objects.get(code=code).result.told
