"""The terminal, a page and the page's own files are three ways to the same numbers: of a region's strengths, and of a study's result."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from klyngeforum.cli.strengthening import strengths
from klyngeforum.cli.studying import study
from klyngeforum.web.components.numbers import grouped, share
from klyngeforum.web.components.strengths import signed
from klyngeforum.web.public.saying import number, relative_said
from tests.studied import protocol, studied
from tests.tabled import tabled

from .test_strengths_story import ASKED, signed_in

pytestmark = pytest.mark.django_db
CODES = ("1081", "1082", "1083", "1084", "1085")
SAME = ("field", "name", "employment", "workplaces", "quotient", "low", "high", "strong", "change", "national", "mix", "regional")  # fmt: skip
PARTS = ("estimate", "low", "high")


def near(one, other):
    """Equal to the fourth decimal, which the terminal rounds to."""
    if one is None or other is None or isinstance(one, bool | str):
        return one == other
    return one == pytest.approx(other, abs=0.00006, rel=0)


def as_written(value):
    """A cell of a JSON file as a CSV file writes it."""
    return "" if value is None else str(value)


def _plain(markup: str) -> str:
    """The words of some markup; a space that does not break stays one, as between a number and its unit."""
    return unescape(re.sub(r"[ \t\r\n]+", " ", re.sub(r"<[^>]+>", " ", markup)).strip(" "))


def words_of(page: str) -> str:
    """What a reader of the page sees of it, without tags."""
    return _plain(page.split("<main")[1])


def rows_of(page: str, section: str) -> list[list[str]]:
    """The cells of every row of the table of a section."""
    there = page.split(f'<h2 id="{section}">')[1].split("</section>")[0]
    found = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", there, re.DOTALL)]  # fmt: skip
    return [[_plain(cell) for cell in row] for row in found if row]


def terminal(capsys, **asked) -> dict:
    assert strengths({**ASKED, **asked}) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("definition", ["", "brancher"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_terminal_page_and_files_of_a_region_hold_the_same(stage, client, capsys, language, definition):
    tabled(stage)
    signed_in(client, stage, "analyst")
    client.cookies["sprog"] = language
    for code in CODES:
        whole = terminal(capsys, region=code, language=language, definition=definition)
        where = f"/styrker/{code}/?inddeling={definition}&vis=alle"
        sheet = json.loads(client.get(f"{where}&hent=json").content)
        plain = list(csv.DictReader(io.StringIO(client.get(f"{where}&hent=csv").content.decode("utf-8-sig"))))
        assert len(whole["fields"]) == len(sheet) == len(plain) >= 4
        for one, row, line in zip(whole["fields"], sheet, plain, strict=True):
            assert all(near(one[name], row[name]) for name in SAME), (code, one, row)
            assert (row["region"], row["year"], row["first_year"]) == (code, whole["year"], whole["first_year"])
            assert {name: as_written(value) for name, value in row.items()} == line
        with override(language):
            the_page_says(client.get(where).content.decode(), whole)


def the_page_says(page: str, whole: dict) -> None:
    """Every number that the terminal tells of a region, as the page writes it in the language that is on."""
    said, word = words_of(page), gettext("Strength")
    assert (
        whole["name"] in said and grouped(whole["employment"], 0) in said and signed(whole["growth"]["change"]) in said
    )
    fields = {row[0].removesuffix(word).removesuffix(gettext("local")).strip(): row for row in rows_of(page, "fields")}
    assert len(fields) == len(whole["fields"])
    for one in whole["fields"]:
        row = fields[one["name"]]
        assert row[2:6] == [grouped(one["employment"], 0), grouped(one["workplaces"], 0), signed(one["change"]), signed(one["regional"])]  # fmt: skip
        assert one["quotient"] is None or row[1].startswith(f"{grouped(one['quotient'], 1)} ("), one["field"]
        assert one["strong"] is row[0].endswith(word) and not one["organisations"]
    near_by = [row[:3] for row in rows_of(page, "openings")]
    assert near_by == [[one["name"], share(one["density"]), grouped(one["quotient"], 1)] for one in whole["openings"]]
    stars = rows_of(page, "stars")
    assert [(rule["refused"], f"{rule['rule_set']} {rule['version']}") for rule in whole["stars"]] == [(row[1], row[0]) for row in stars] and stars  # fmt: skip
    assert len(whole["priorities"]) == len(rows_of(page, "strategy")) > 0


def test_the_terminal_tells_the_house_and_the_public_page_the_public(stage, client, capsys):
    """Whoever sits at the machine may see small numbers; the page holds them back, and nothing else differs."""
    tabled(stage)
    whole = terminal(capsys, region="1081", definition="brancher")
    listed = json.loads(client.get("/styrker/1081/?inddeling=brancher&hent=json").content)
    sheet = {row["field"]: row for row in listed}
    marked = {one["field"] for one in whole["fields"] if one["held_from_public"]}
    assert {one["field"] for one in whole["fields"] if one["small"]} == {"13"} < marked, (
        "and one that would give it away"
    )
    for one in whole["fields"]:
        row = sheet.pop(one["field"])
        if one["field"] in marked:
            assert {row[name] for name in SAME[2:]} == {None, False}
        else:
            assert all(near(one[name], row[name]) for name in SAME), one
    assert not sheet


@pytest.mark.parametrize("grouped_by", [(), ("region",)])
def test_terminal_page_and_files_of_a_study_hold_the_same(stage, tmp_path, settings, capsys, grouped_by):
    studied(stage, tmp_path, settings)
    path = tmp_path / "same.toml"
    path.write_text(protocol("same", by=grouped_by), encoding="utf-8")
    assert study({"what": "run", "thing": str(path), "format": "json"}) == 0
    whole = json.loads(capsys.readouterr().out)
    client = Client()
    signed_in(client, stage, "analyst")
    sheet = json.loads(client.get("/effekter/same/?hent=json").content)
    plain = list(csv.DictReader(io.StringIO(client.get("/effekter/same/?hent=csv").content.decode("utf-8-sig"))))
    assert [{name: as_written(value) for name, value in row.items()} for row in sheet] == plain
    there = {(row["part"], row["outcome"], str(row["key"])): [row[name] for name in PARTS] for row in sheet}
    assert there == numbers_of(whole["result"]) and len(there) == len(sheet)
    for language in ("da", "en"):
        client.cookies["sprog"] = language
        with override(language):
            the_study_says(client.get("/effekter/same/").content.decode(), whole)


def numbers_of(result: dict) -> dict:
    """What the terminal tells of a study, by the names of the page's file; years beyond the horizon are not of the study's question."""
    rows = [("overall", row["outcome"], "", row) for row in result["summary"] if row["kind"] == "simple"]
    rows += [
        ("event", column, str(row["key"]), row)
        for column, parts in result["outcomes"].items()
        for row in parts["event_study"]
        if row["key"] is not None and -2 <= row["key"] <= 1
    ]
    rows += [("specification", "", row["name"], row) for row in result["specifications"] if not row.get("refused")]
    rows += [("placebo", row["outcome"], row["kind"], row) for row in result["placebos"]]
    found = {(part, outcome, key): [row[name] for name in PARTS] for part, outcome, key, row in rows}
    for column, parts in result.get("by", {}).items():
        found |= groups_of(column, parts)
    return found


def groups_of(column: str, parts: dict) -> dict:
    """Of the groups that are told of: their own answers, and those drawn towards the common, in the outcome's form."""
    found = {}
    for row in parts["groups"]:
        found[f"own by {column}", row["outcome"], row["group"]] = [
            row["relative"],
            row["relative_low"],
            row["relative_high"],
        ]
        found[f"shrunk by {column}", row["outcome"], row["group"]] = [
            row["shrunk"],
            row["shrunk_low"],
            row["shrunk_high"],
        ]
    return found


def the_study_says(page: str, whole: dict) -> None:
    said, result = words_of(page), whole["result"]
    (line,) = (row for row in result["summary"] if row["kind"] == "simple")
    for name in ("relative", "relative_low", "relative_high"):
        assert relative_said(line[name], "per_cent_of_log") in said, name
    assert (
        grouped(result["companies"]) in said
        and grouped(line["n_treated"]) in said
        and grouped(line["detectable"], 3) in said
    )
    assert whole["digest"][:16] in said and result["library"] in said
    for row in (*result["specifications"], *result["placebos"], *result["outcomes"]["employment"]["event_study"]):
        if row.get("key", 0) is not None and -2 <= row.get("key", 0) <= 1:
            assert number(row["estimate"]) in said and f"{number(row['low'])} – {number(row['high'])}" in said, row
    for row in result["matching"]["balance"]:
        assert number(row["before"]) in said and number(row["after"]) in said, row
