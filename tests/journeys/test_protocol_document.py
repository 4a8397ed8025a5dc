"""A frozen protocol reads like a document in both languages: everything that was decided stands in it, and its own words are a file."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from klyngeforum.results.effects.models import Result, Study
from klyngeforum.results.effects.rules import digest_of_text, read
from klyngeforum.web.components.protocols import protocol_parts
from tests.studied import TOLD, protocol, shelved

from .test_doors import signed_in

pytestmark = pytest.mark.django_db
FULL = protocol("alt", by=("organisation", "region")).replace(
    '[effects.design]\ncontrols = "never"',
    'false_draws = 50\nbeyond = ["patents"]\nnovelty = "odd"\n[effects.design]\ncontrols = "not_yet"\nbase = "universal"\nanticipation = 1\nmethod = "ipw"\ncovariates = ["fte"]\nlevel = 0.9',
)  # fmt: skip


def lines(text: str, language: str = "da") -> dict[str, list[str]]:
    """What is said of each thing, of every part."""
    one, wrong = read(text)
    assert one and not wrong
    return {what: words for part in protocol_parts(one, language) for what, words, _ in part.rows}


def test_everything_that_a_protocol_decides_is_said_in_words():
    said = lines(FULL)
    assert said["Spørgsmål"] == ["Voksede alt?"] and said["Det, der måles hos virksomhederne"] == ["Årsværk (employment): en logaritme, der siges i procent"]  # fmt: skip
    assert said["Sammenlignes med"] == ["virksomheder, der aldrig deltager, og dem, der endnu ikke er begyndt"]
    assert said["Metode"] == ["vægte efter tilbøjeligheden til at deltage"] and said["Intervallernes niveau"] == ["0,90"]  # fmt: skip
    assert said["Der spørges også gruppe for gruppe"] == [
        "den organisation, hvor virksomheden først deltog",
        "region (region)",
    ]
    assert said["Specifikationer"] == ["never: som erklæret ovenfor", "by cohort: Lagt sammen: efter begyndelsesår og så under ét"]  # fmt: skip
    assert said["Helt ens i"] == ["branche (industry)"] and said["Virksomheder pr. deltager"] == ["2"]
    assert said["Udfald uden for rækkevidde, hvor intet bør findes"] == ["patents"]
    assert said["Hvad et svar kaldes"] == ["“effekt”: designet er begrundet som årsag"]
    assert said["Stopregler"] == ["Under 100: intet"]


def test_what_nobody_has_words_for_stands_as_it_was_written():
    assert lines(FULL)["novelty"] == ["odd"]
    raw = tomllib.loads(FULL)["effects"]
    keys = {*raw["design"], *raw["match"]}
    assert len(lines(FULL)) >= len(keys) + 12, "a line for each key of the methods"


def test_the_page_of_a_study_is_read_without_knowing_toml(stage, client):
    codes = shelved(stage)
    where = f"/effekter/{codes['effect_study']}/"
    for language, words in (("da", ("Helt ens i", "Sådan tælles det", "Frosset")), ("en", ("Alike exactly in", "How it is counted", "Frozen"))):  # fmt: skip
        client.cookies["sprog"] = language
        page = client.get(where).content.decode()
        assert all(one in page for one in words) and "[effects.design]" not in page and "<pre" not in page
        assert digest_of_text(protocol("published"))[:16] in page and stage.people["analyst"].name in page  # fmt: skip


@pytest.mark.parametrize("where", ["/effekter/{effect_study}/", "/analyse/studier/{study_work}/"])
def test_its_own_words_are_a_file_with_the_same_fingerprint(stage, client, where):
    codes = shelved(stage)
    signed_in(client, stage, "analyst")
    path = where.format(**codes)
    (link,) = set(re.findall(r'href="(\?hent=toml)"', client.get(path).content.decode()))
    file = client.get(path + link)
    one = Study.objects.get(code=path.rstrip("/").rpartition("/")[2])
    assert f"{one.code}.toml" in file.headers["Content-Disposition"] and file.content.decode() == one.protocol
    assert digest_of_text(file.content.decode()) == one.digest


@pytest.mark.parametrize(
    ("form", "danish", "english"),
    [
        ("per_cent_of_log", "er i logaritmer: 0,010 er omtrent 1\xa0pct.", "0.010 is about 1 per cent."),
        ("log_points", "er 0,010 det samme som 1 logpoint.", "0.010 is 1 log point."),
        ("percentage_points", "er 0,010 det samme som 1 procentpoint.", "0.010 is 1 percentage point."),
        (
            "per_cent",
            "den mindste effekt er i udfaldets egen enhed.",
            "the smallest effect are in the outcome&#x27;s own unit.",
        ),
    ],
)
def test_the_picture_says_what_it_is_counted_in_where_the_headline_is_told_in_something_else(
    stage, client, form, danish, english
):
    code = shelved(stage)["effect_study"]
    text = protocol("published").replace('form = "per_cent_of_log"', f'form = "{form}"')
    Study.objects.filter(code=code).update(protocol=text, digest=digest_of_text(text))
    for language, words in (("da", danish), ("en", english)):
        client.cookies["sprog"] = language
        assert words in client.get(f"/effekter/{code}/").content.decode()


def test_a_headline_in_the_outcomes_own_unit_needs_no_word_of_another(stage, client):
    code = shelved(stage)["effect_study"]
    raw = {**TOLD, "summary": [{**TOLD["summary"][0], "relative": None}]}
    Result.objects.filter(study__code=code).update(told=json.dumps(raw))
    page = client.get(f"/effekter/{code}/").content.decode()
    assert "Hule prikker" in page and "0,010" not in page
