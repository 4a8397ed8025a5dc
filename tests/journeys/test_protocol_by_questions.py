"""An analyst who knows no TOML writes a protocol by answering questions, mends it, freezes it, and it is counted."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import klyngeforum.demo
from klyngeforum.cli import working
from klyngeforum.results.effects.models import Study
from klyngeforum.results.effects.writing import Beside, answers_of, text_of
from tests.studied import studied

from .test_effect_story import at_desk

pytestmark = pytest.mark.django_db
NEW = "/analyse/studier/ny/"
SAID = {
    "question_da": "Voksede de, der deltog?", "question_en": "Did those grow who took part?", "population_da": "Alle", "population_en": "All", "code": "",
    "treatment": "participation", "organisation": "", "extract": "1", "horizon": "1", "controls": "never", "covariates": "", "codes": "", "method": "dr",
    "match": "on", "exact": "industry", "levels": "fte", "neighbours": "1", "groups": "", "false_years": "1", "stop_rules_da": "Under 100: intet", "stop_rules_en": "Under 100: nothing",
    "out1_column": "fte", "out1_form": "per_cent_of_log", "out1_da": "Årsværk", "out1_en": "Full-time equivalents", "out2_form": "per_cent", "out3_form": "per_cent",
    "beside_cohorts": "on", "beside_other_controls": "on",
}  # fmt: skip
CODE = "voksede-de-der-deltog"


@pytest.fixture
def made(stage, tmp_path, settings):
    return studied(stage, tmp_path, settings)


def errors(page: str) -> dict[str, str]:
    """Field -> what is said beside it."""
    found = re.findall(r'id="id_(\w+)-error"><span class="sr-only">[^<]*</span>([^<]*)<', page)
    return dict(found)


def test_answers_become_a_frozen_protocol_that_is_counted(stage, made):
    analyst = at_desk(stage, "analyst")
    answer = analyst.post(NEW, SAID)
    assert answer.headers["Location"] == f"/analyse/studier/{CODE}/", errors(answer.content.decode())
    one = Study.objects.get(code=CODE)
    told = answers_of(one.protocol)
    assert (
        told and set(told.beside) == {Beside.COHORTS, Beside.OTHER_CONTROLS} and told.question.en == SAID["question_en"]
    )
    page = f"/analyse/studier/{CODE}/"
    for act in ("freeze", "run"):
        analyst.post(page, {"act": act})
    assert working.work({"once": True}) == 0
    shown = analyst.get(f"/effekter/{CODE}/").content.decode()
    assert "Voksede de, der deltog?" in shown and "Andre at sammenligne med" in shown and "Pr. årgang" in shown
    analyst.cookies["sprog"] = "en"
    assert "Others to compare with" in analyst.get(f"/effekter/{CODE}/").content.decode()


def test_a_draft_is_mended_by_the_same_questions(stage, made):
    analyst = at_desk(stage, "analyst")
    analyst.post(NEW, SAID)
    where = f"/analyse/studier/{CODE}/protokol/"
    page = analyst.get(where).content.decode()
    assert "Voksede de, der deltog?" in page and 'value="industry"' in page and "<textarea" in page
    assert analyst.post(where, {**SAID, "code": CODE, "horizon": "2", "match": ""}).status_code == 302
    told = answers_of(Study.objects.get(code=CODE).protocol)
    assert told and told.horizon == 2 and told.matched is None


WRONG = [
    ({"out1_column": "ansatte"}, "out1_column", "Udtrækket har ingen kolonne “ansatte” at spørge efter. Det har: "),
    ({"covariates": "fte, alder"}, "covariates", "“alder”"),
    ({"codes": "in-dustry"}, "codes", "kun bogstaver, cifre og _"),
    ({"out1_column": "year"}, "out1_column", "“year”"),
    ({"levels": ""}, "levels", "mindst én kolonne"),
    ({"out2_column": "fte"}, "out2_da", "det hedder det på siderne"),
    ({"out2_da": "Eksport"}, "out2_column", "hvilken kolonne"),
    ({"counts_to_target": "on"}, "counts_to_target", "begrundet som årsag"),
    ({"beside_unadjusted": "on"}, "beside_unadjusted", "intet at udelade"),
    ({"treatment": "organisation", "organisation": "Findes Ikke"}, "organisation", "Ingen organisation hedder sådan"),
    ({"horizon": "99"}, "horizon", "10"),
    ({"question_en": ""}, "question_en", ""),
]  # fmt: skip


def test_what_does_not_fit_is_said_beside_the_field_and_nothing_is_lost(stage, made):
    analyst = at_desk(stage, "analyst")
    for wrong, field, words in WRONG:
        answer = analyst.post(NEW, {**SAID, **wrong})
        page = answer.content.decode()
        assert answer.status_code == 200 and words in errors(page).get(field, "nothing is said"), (field, errors(page))
        assert "Voksede de, der deltog?" in page and not Study.objects.filter(code=CODE).exists()


def test_a_name_finds_its_organisation(stage, made):
    analyst, one = at_desk(stage, "analyst"), stage.clusters["vind"]
    assert analyst.post(NEW, {**SAID, "treatment": "organisation", "organisation": one.name.upper()}).status_code == 302
    told = answers_of(Study.objects.get(code=CODE).protocol)
    assert told and told.organisation == one.slug


def test_a_protocol_of_a_code_that_stands_is_told_so(stage, made):
    analyst = at_desk(stage, "analyst")
    analyst.post(NEW, SAID)
    page = analyst.post(NEW, {**SAID, "code": CODE}).content.decode()
    assert f"“{CODE}”" in page and Study.objects.filter(code=CODE).count() == 1


def test_text_that_says_more_is_kept_as_text(stage, made):
    analyst = at_desk(stage, "analyst")
    analyst.post(NEW, SAID)
    text = Study.objects.get(code=CODE).protocol.replace("false_years = 1", "false_years = 1\nfalse_draws = 50")
    where = f"/analyse/studier/{CODE}/protokol/"
    assert analyst.post(where, {"text": text}).status_code == 302
    page = analyst.get(where).content.decode()
    assert "false_draws = 50" in page and "siger mere, end spørgsmålene" in page
    assert 'name="text"' in analyst.get(f"{NEW}?som=tekst").content.decode()


def test_a_register_that_stays_elsewhere_can_be_asked_before_there_is_any_extract(stage):
    analyst = at_desk(stage, "analyst")
    page = analyst.get(NEW).content.decode()
    assert "endnu ikke noget udtræk" in page
    assert analyst.post(NEW, {**SAID, "extract": "outside", "out1_column": "aarsvaerk", "exact": "", "levels": "aarsvaerk"}).status_code == 302  # fmt: skip
    told = answers_of(Study.objects.get(code=CODE).protocol)
    assert told and told.extract == 0


@pytest.mark.parametrize("file", sorted((Path(klyngeforum.demo.__file__).parent / "studies_of").glob("*.toml")), ids=lambda file: file.stem)  # fmt: skip
def test_the_made_up_countrys_protocols_are_asked_whole_or_left_as_text(file):
    raw = tomllib.loads(file.read_text("utf-8"))
    found = answers_of(file.read_text("utf-8"))
    assert found is None or tomllib.loads(text_of(found)) == raw
