"""A study that asked beforehand by region and organisation tells each that has enough participants, here and where the register is."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from klyngeforum.cli import studying
from klyngeforum.ground.verdict import Refused
from klyngeforum.results.effects import actions, outside
from klyngeforum.results.effects.models import Study
from klyngeforum.results.effects.queries import told
from klyngeforum.results.effects.terms import Judgement, StudyState
from tests.cast import AT
from tests.studied import EFFECT, protocol, studied

from .test_effect_story import at_desk
from .test_outside_story import changed, counted_there, given

pytestmark = pytest.mark.django_db
BY = ("organisation", "region")


@pytest.fixture
def made(stage, tmp_path, settings):
    return studied(stage, tmp_path, settings)


def counted(stage, code="grouped", by=BY):
    analyst = stage.people["analyst"]
    one = actions.write(by=analyst, at=AT, text=protocol(code, by=by))
    one = actions.freeze(by=analyst, at=AT, study=one)
    actions.run(by=analyst, at=AT, study=one)
    return Study.objects.get(code=code)


def published(stage):
    one = counted(stage)
    actions.review(by=stage.people["office"], at=AT + timedelta(days=1), study=one, verdict=Judgement.SOUND, text="Holder.")  # fmt: skip
    return actions.publish(by=stage.people["analyst"], at=AT + timedelta(days=1), study=Study.objects.get(code=one.code))  # fmt: skip


def test_each_with_enough_participants_finds_the_effect_and_the_others_are_only_named(stage, made):
    by = {one.column: one for one in told(counted(stage)).by}
    assert [(one.key, one.participants) for one in by["organisation"].groups] == [("vindklyngen", 350)]
    region = by["region"]
    assert {one.key: one.participants for one in region.groups} == {"1083": 200, "1082": 100} and region.few == (
        "1084",
    )
    for one in (*region.groups, *by["organisation"].groups):
        assert one.own.low < 100 * (2.71828**EFFECT - 1) < one.own.high and one.p < 0.05
        assert one.shrunk.high - one.shrunk.low <= one.own.high - one.own.low + 1e-9
    assert sorted(region.groups, key=lambda one: -one.shrunk.estimate) == list(region.groups)


def test_everybody_reads_it_on_the_studys_page_the_map_and_in_the_files(stage, made):
    published(stage)
    page = Client().get("/effekter/grouped/").content.decode()
    assert "Pr. region" in page and "Pr. organisation" in page and page.count('class="forest"') == 2
    section = page.split('aria-labelledby="region-employment"')[1].split("</section>")[0]
    assert "Region Syddanmark" in section and "Foreløbigt" in section and "korrigeret for alle 2 grupper" in section
    few = section.split("Færre end 100 deltagere")[1]
    assert "Region Hovedstaden" in few and "Region Hovedstaden" not in section.split("Færre end 100 deltagere")[0]
    told_by = Client().get("/effekter/kort/").content.decode().partition("Voksede grouped?")[2]
    assert "eget svar +" in told_by and "for få deltagere" in told_by
    rows = json.loads(Client().get("/effekter/grouped/?hent=json").content)
    parts = {(row["part"], row["key"]) for row in rows}
    assert {("own by region", "1083"), ("shrunk by region", "1082"), ("own by organisation", "vindklyngen")} <= parts
    assert not any(key == "1084" for _, key in parts)


def test_a_protocol_that_did_not_ask_is_told_nothing_of(stage, made):
    assert told(made["published"]).by == ()
    page = Client().get("/effekter/published/").content.decode()
    assert "Pr. region" not in page and "forest" not in page
    assert "Hvad studiet fandt dér" not in Client().get("/effekter/kort/").content.decode()


def test_at_the_terminal_the_groups_stand_in_the_result(stage, made, capsys):
    one = counted(stage)
    assert studying.study({"what": "run", "thing": one.code, "format": "json"}) == 0
    by = json.loads(capsys.readouterr().out)["result"]["by"]
    assert [row["group"] for row in by["region"]["untold"]] == ["1084"] and by["region"]["untold"][0]["why"] == "few"
    assert all(row["n_treated"] >= 100 for parts in by.values() for row in parts["groups"])
    assert studying.study({"what": "run", "thing": one.code, "format": "table"}) == 0
    regions = capsys.readouterr().out.partition("employment by region")[2].partition("employment by organisation")[0]
    lines = {line.split()[0]: line for line in regions.splitlines() if line.strip()}
    assert {row["group"] for row in by["region"]["groups"]} | {"1084"} <= set(lines)
    assert "too few participants" in lines["1084"] and not any(mark.isdigit() for mark in lines["1084"][5:])
    told_of = {row["group"]: row["n_treated"] for row in by["region"]["groups"] if row["outcome"] == "employment"}
    assert told_of and all(lines[group].split()[-2] == f"{n:.0f}" for group, n in told_of.items()), regions


def test_what_the_extract_does_not_hold_is_not_asked_by_and_a_company_is_no_group(stage, made):
    analyst = stage.people["analyst"]
    one = actions.write(by=analyst, at=AT, text=protocol("towns", by=("town",)))
    with pytest.raises(Refused, match="town"):
        actions.freeze(by=analyst, at=AT, study=one)
    for wrong in (("company",), ("region", "region"), ('a"b',)):
        with pytest.raises(Refused):
            actions.write(by=analyst, at=AT, text=protocol("wrong", by=wrong))
    by = told(counted(stage, by=("fte",))).by[0]
    assert by.groups == () and by.refused, "a column that is no group: too many of them"
    page = at_desk(stage, "analyst").get("/effekter/grouped/").content.decode()
    assert "der er 900 grupper · grupperne · vælg en kolonne med højst 500 grupper" in page


def test_counted_where_the_register_is_it_is_the_same_and_no_few_come_in(stage, made, tmp_path):
    analyst = at_desk(stage, "analyst")
    analyst.post("/analyse/studier/ny/", {"text": protocol("afar", by=BY).replace("extract = 1", 'extract = "outside"')})  # fmt: skip
    analyst.post("/analyse/studier/afar/", {"act": "freeze"})
    bundle = analyst.post("/analyse/studier/afar/", {"act": "bundle"}).content
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        key, readme = archive.read("key.txt").decode(), archive.read("README.md").decode()
    assert "industry, region" in readme
    done = counted_there(bundle, tmp_path / "register.parquet", tmp_path)
    assert done.returncode == 0, done.stderr
    answer = (tmp_path / "answer" / "result.json").read_bytes()

    def few(own):
        own["told"]["by"]["region"]["groups"][0]["n_treated"] = 4

    def listed(own):
        own["told"]["by"]["region"]["untold"].append({"outcome": "employment", "group": "97000009", "why": "few", "company": "x"})  # fmt: skip

    def other(own):
        own["told"]["by"]["town"] = own["told"]["by"]["region"]

    def none(own):
        del own["told"]["by"]

    for change, words in ((few, "by region"), (listed, "by region, untold"), (other, "town"), (none, "by")):
        assert words in given(analyst, changed(answer, key, change)), change
        assert Study.objects.get(code="afar").state == StudyState.FROZEN
    outside.take_in_answer(by=stage.people["analyst"], at=AT, content=answer)
    there, here = told(Study.objects.get(code="afar")), told(counted(stage))
    assert there.by == here.by and there.by
