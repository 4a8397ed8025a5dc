"""Reading and checking a scheme's files: one clear line per problem with file and key."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import validation
from klyngeforum.quality.indicators.loading import load
from klyngeforum.quality.indicators.terms import FactKind, Granularity, IndicatorRole, MeasuredKey, RuleKind, Threshold
from tests.worked import FOLDER, OLD

from .laid import INDICATORS, LABELS, SCHEME, WHERE, change, said

OFFICIAL = Provenance.OFFICIAL


def test_every_value_is_read():
    a2, a3, b2, b3, b4 = (OLD.indicator(code) for code in ("a2", "a3", "b2", "b3", "b4"))
    assert (OLD.scheme, OLD.version, OLD.name.da, OLD.name.en) == ("lighthouse", "2020", "Fyrtårnet", "The lighthouse")
    assert (OLD.since, OLD.until, OLD.maximum, OLD.complete) == (date(2020, 1, 1), date(2023, 12, 31), 20, True)
    assert (OLD.provenance, OLD.source, len(OLD.checksum)) == (OFFICIAL, "Made up for the tests", 64)
    assert (a2.code, a2.group, a2.role, a2.name.da, a2.text.en) == (
        "a2",
        "a",
        IndicatorRole.SCORED,
        "Mur",
        "Is the wall whole?",
    )
    assert [(one.number, one.points, one.days, one.measured_from, one.name.en) for one in a3.levels] == [
        (0, 0, 0, None, "No"), (1, 2, 3, 1, "Partly"), (2, 5, 3, 3, "Yes"),
    ]  # fmt: skip
    assert (a3.measured, a2.measured) == (MeasuredKey.WORKING_GROUPS, None)
    assert (a2.minimum, a2.excellence) == (Threshold(1, OFFICIAL), Threshold(2, OFFICIAL))
    assert a3.minimum == Threshold(None, OFFICIAL) and a3.minimum.known
    assert (a2.scopes, a2.scopes_unknown, a2.evidence, a2.offers) == (
        {"tower", "beam"},
        frozenset(),
        ("paper",),
        ("course",),
    )
    assert [one.name.da for one in b2.levels] == ["Ingen", "Lille", "Stor", "Størst"] and b2.top == 3
    assert (b3.may_be_left_out, a2.may_be_left_out) == (True, False)
    assert (b4.role, b4.maximum, b4.points(2)) == (IndicatorRole.INFO, 0, 0)
    assert (b2.maximum, b2.points(1), b2.points(9)) == (6, 2, 0)
    staff, statutes, _ = OLD.facts
    assert (staff.kind, staff.measured, statutes.kind, statutes.measured) == (FactKind.NUMBER, MeasuredKey.STAFF, FactKind.YES_NO, None)  # fmt: skip
    assert (OLD.evidence[0].months, OLD.offers[0].giver.da, OLD.groups[1].name.en) == (12, "Skolen", "Light")
    tower, beam, _ = OLD.labels
    assert (tower.code, tower.rank, tower.name.da, tower.provenance, tower.source) == (
        "tower",
        1,
        "Tårn",
        OFFICIAL,
        "Made up",
    )
    assert (beam.validity.first_months, beam.validity.renew_window_months, beam.validity.renewal_months) == (24, 6, 24)
    assert (beam.validity.granularity, tower.validity.granularity) == (Granularity.MONTH, Granularity.DAY)
    assert [one.kind for one in tower.requires.parts] == [RuleKind.ANY, RuleKind.FACT, RuleKind.KNOCK_OUTS, RuleKind.SHARE, RuleKind.ASSESSORS]  # fmt: skip
    assert tower.requires.parts[1].since == date(2022, 1, 1) and tower.requires.parts[3].asks == {
        "at_least": Decimal("0.75")
    }
    assert tower.requires.parts[4].asks == {"at_least": 2, "independent": True, "foreign": 1}
    assert beam.requires.parts[0].asks == {"at_least": 2, "gap_months": (18, 24)}
    assert beam.requires.parts[1].asks == {"at_least": 3, "reaching": "excellence"}
    assert OLD.indicator("z") is None and OLD.label("z") is None


@pytest.mark.parametrize(
    ("name", "old", "new", "line"),
    [
        (SCHEME, 'en = "The lighthouse"\n', "", "en: it is missing; write en = \"…\""),
        (SCHEME, "maximum = 20", "maximum = 21", "maximum: it is 21, but the indicators' highest points add up to 20; mend the points or the maximum"),
        (SCHEME, "maximum = 20", 'maximum = "twenty"', "maximum: it is 'twenty', not a number; write it in digits without quotes"),
        (SCHEME, "indicators_published = 7", "indicators_published = 6", "indicators_published: it is 6, but 7 are written; mend one of them"),
        (SCHEME, "indicators_published = 7", "indicators_published = 0", "indicators_published: it is 0; write a number of at least 1"),
        (SCHEME, "from = 2020-01-01", 'from = "2020"', "from: it is '2020', not a date; write from = 2013-01-01 without quotes"),
        (SCHEME, "to = 2023-12-31", "to = 2019-12-31", "to: it ends before it begins; mend 'from' or 'to'"),
        (SCHEME, 'provenance = "official"', 'provenance = "rumour"', "provenance: it is 'rumour'; write one of official, inferred, placeholder"),
        (SCHEME, 'version = "2020"', 'version = "2021"', "version: it is '2021', but the folder is called '2020'; call both the same"),
        (SCHEME, 'scheme = "lighthouse"', "scheme = 5", "scheme: it is 5, not a text; put it in quotes"),
        (SCHEME, "months = 12", "months = 12.5", "evidence paper, months: it is 12.5; write a whole number"),
        (SCHEME, "months = 12", "month = 12", "evidence paper, month: nothing is called so here; write one of code, da, en, months"),
        (SCHEME, "maximum = 20\n", "maximum = 20\nfacts = 3\n", "facts: nothing is called so here"),
        (INDICATORS, 'code = "a2"', 'code = "a1"', "indicator a1, code: it stands twice; give one of them another code"),
        (INDICATORS, 'code = "b"\nda', 'code = "a"\nda', "group a, code: it stands twice; give one of them another code"),
        (INDICATORS, 'group = "b"', 'group = "c"', "indicator b1, group: there is no 'c'; write one of a, b"),
        (INDICATORS, 'role = "gate"', 'role = "door"', "indicator a1, role: it is 'door'; write one of scored, gate, info"),
        (INDICATORS, "points = [0, 1, 4]", "points = [0, 4, 1]", "indicator a2, points: level 2 gives 1, fewer than the level below (4); points may not fall"),
        (INDICATORS, "points = [0, 1, 4]", "points = [0, 4]", "indicator a2, points: it holds 2 numbers for 3 levels; write one a level"),
        (INDICATORS, "points = [0, 1, 4]", "points = [0, 0, 0]", "indicator a2, points: it gives points, but its highest level gives none; mend the points or the role"),
        (INDICATORS, "points = [0, 1, 4]", 'points = [0, "x", 4]', "indicator a2, points: it holds 'x', not a number; write numbers without quotes"),
        (INDICATORS, "points = [0, 1, 4]", "points = 4", "indicator a2, points: it is 4, not a list; put it in [ ]"),
        (INDICATORS, "days = [1, 6]", "days = [1]", "indicator a2, days: it holds 1 numbers for 2 levels above the lowest; write one a level"),
        (INDICATORS, "measured_from = [1, 3]", "measured_from = [3, 1]", "indicator a3, measured_from: level 2 begins at 1, no higher than the level below; put them in rising order"),
        (INDICATORS, 'measured = "working_groups"\n', "", 'indicator a3, measured_from: no value is measured for it; name one with measured = "…"'),
        (INDICATORS, 'measured = "working_groups"', 'measured = "moods"', "indicator a3, measured: it is 'moods'; write one of committed_participants"),
        (INDICATORS, "number = 2, points = 4", "number = 1, points = 4", "indicator b2, levels: level 1 follows level 1; put them in rising order"),
        (INDICATORS, "number = 3, points = 6", "number = 2.5, points = 6", "indicator b2, levels 2.5, number: it is 2.5; write a whole number"),
        (INDICATORS, 'ladder = "three"\npoints = [0, 1, 4]', 'ladder = "four"\npoints = [0, 1, 4]', "indicator a2, ladder: there is no ladder 'four' with levels; write one of three"),
        (INDICATORS, "minimum = 1\n", "minimum = 9\n", "indicator a1, minimum: it has no level 9; its levels are 0, 1, 2"),
        (INDICATORS, "excellence = 2\n", "excellence = 9\n", "indicator a2, excellence: it has no level 9; its levels are 0, 1, 2"),
        (INDICATORS, "minimum = 1\n", "", 'indicator a1, minimum: it is missing; write minimum = 2, "none" or "unknown"'),
        (INDICATORS, "minimum = 1\n", 'minimum = "some"\n', "indicator a1, minimum: it is 'some'; write the number of a level, \"none\" or \"unknown\""),
        (INDICATORS, "minimum = 1\n", "minimum = true\n", "indicator a1, minimum: it is True; write the number of a level"),
        (INDICATORS, 'evidence = ["paper"]', 'evidence = ["papyrus"]', "indicator a1, evidence: there is no 'papyrus'; write one of paper"),
        (INDICATORS, 'evidence = ["paper"]', "evidence = [7]", "indicator a1, evidence: it holds 7; write codes in quotes"),
        (INDICATORS, 'offers = ["course"]', 'offers = ["cure"]', "indicator a1, offers: there is no 'cure'; write one of course"),
        (INDICATORS, 'scopes = ["tower", "beam"]', 'scopes = ["steeple"]', "indicator a1, scopes: there is no 'steeple'; write one of beam, spark, tower"),
        (INDICATORS, 'scopes = ["tower", "beam"]', 'scopes = ["tower"]\nscopes_unknown = ["tower"]', "indicator a1, scopes_unknown: 'tower' also stands in scopes; leave it in one of them"),
        (INDICATORS, "may_be_left_out = true", "may_be_left_out = 1", "indicator b3, may_be_left_out: it is 1; write true or false"),
        (INDICATORS, 'text_en = "Which colour?"', 'text_en = ""', "indicator b4, text_en: it is missing"),
        (INDICATORS, 'points = "official"\n', "", "provenance, points: it is missing; say where it is known from"),
        (INDICATORS, 'da = "Delvis", ', "", "ladder three, levels 1, da: it is missing"),
        (INDICATORS, "measured_from = [1, 3]", "measured_from = [1, 1]", "indicator a3, measured_from: level 2 begins at 1, no higher than the level below"),
        (SCHEME, 'code = "statutes"', 'code = "staff"', "fact staff, code: it stands twice; give one of them another code"),
        (SCHEME, "[[offer]]", '[[evidence]]\ncode = "paper"\nda = "x"\nen = "x"\n[[offer]]', "evidence paper, code: it stands twice; give one of them another code"),
        (SCHEME, "[[offer]]", '[[offer]]\ncode = "course"\nda = "x"\nen = "x"\ngiver_da = "x"\ngiver_en = "x"\n[[offer]]', "offer course, code: it stands twice; give one of them another code"),
        (LABELS, "rank = 2", "rank = 1", "rank: rank 1 stands twice; one label outranks the other"),
        (LABELS, 'code = "beam"', 'code = "tower"', "label tower, code: it stands twice"),
        (LABELS, 'rule = "share"', 'rule = "portion"', "label tower, requires share, rule: it is 'portion'; write one of all, any, fact"),
        (LABELS, "at_least = 0.75", "at_least = 75", "label tower, requires share, at_least: it is 75; write a number from 0 to 1"),
        (LABELS, "at_least = 0.75\n", "", "label tower, requires share, at_least: it is missing"),
        (LABELS, 'fact = "abroad"', 'fact = "moon"', "label tower, abroad, fact: there is no 'moon'; write one of abroad, staff, statutes"),
        (LABELS, 'fact = "abroad"', 'fact = "staff"', "label tower, abroad, at_least: the fact is a number; write how much is needed"),
        (LABELS, 'fact = "staff", at_least = 2', 'fact = "statutes", at_least = 2', "label tower, papers, staff, at_least: the fact is yes or no; leave at_least out"),
        (LABELS, 'key = "staff", rule', 'key = "statutes", rule', "label tower, papers, statutes, key: it stands twice; give one of them another key"),
        (LABELS, 'key = "abroad"', 'key = "share"', "label tower, share, key: it stands twice; give one of them another key"),
        (LABELS, "from = 2022-01-01", "from = 2022-01-01\nto = 2021-01-01", "label tower, abroad, to: it ends (2021-01-01) before it begins (2022-01-01); mend 'from' or 'to'"),
        (LABELS, "gap_months = [18, 24]", "gap_months = [24, 18]", "gap_months: it is not a shortest and a longest gap; write [18, 24]"),
        (LABELS, "gap_months = [18, 24]", "gap_months = [18]", "gap_months: it is not a shortest and a longest gap; write [18, 24]"),
        (LABELS, 'reaching = "excellence"', 'reaching = "stars"', "reaching: it is 'stars'; write excellence, minimum, or leave it out"),
        (LABELS, 'scope = "beam"', 'scope = "bean"', "label beam, minima, scope: there is no 'bean'; write one of beam, spark, tower"),
        (LABELS, 'indicator = "b2", at_least = 3', 'indicator = "b9", at_least = 3', "label spark, ways, lens, indicator: there is no 'b9'"),
        (LABELS, 'indicator = "b2", at_least = 3', 'indicator = "b2", at_least = 4', "label spark, ways, lens, at_least: indicator b2 has no level 4; write one of its levels"),
        (LABELS, "at_least = 8", "at_least = 21", "label spark, ways, points, at_least: it is 21, more than the maximum of 20; nobody could reach it"),
        (LABELS, 'labels = ["tower", "beam"]', 'labels = ["tower", "bean"]', "label spark, ways, higher, labels: there is no 'bean'"),
        (LABELS, 'labels = ["tower", "beam"]', "labels = []", "labels: it is missing; write the codes of the labels, one of which must be held"),
        (LABELS, "first_months = 24", "first_months = 0", "label tower, validity, first_months: it is 0; write a number of at least 1"),
        (LABELS, 'granularity = "day"', 'granularity = "week"', "label tower, validity, granularity: it is 'week'; write one of day, month"),
        (LABELS, "[label.validity]\nfirst_months = 24\nrenew_window_months = 12\nrenewal_months = 36\ngranularity = \"day\"\nprovenance = \"official\"\n", "validity = 3\n", "label tower, validity: it is 3, not a table; write [validity] or validity = { … }"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file_and_key(folder, name, old, new, line):
    change(folder, name, old, new)
    found = said(folder)
    assert any(one.startswith(f"{WHERE}/{name}, ") and line in one for one in found), found
    assert all("\n" not in one for one in found)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SCHEME, "to = 2023-12-31", "to = 2020-01-01"),
        (INDICATORS, "points = [0, 1, 4]", "points = [0, 4, 4]"),
        (LABELS, "from = 2022-01-01", "from = 2022-01-01\nto = 2022-01-01"),
        (LABELS, "at_least = 8", "at_least = 20"),
        (LABELS, 'indicator = "b2", at_least = 3', 'indicator = "b2", at_least = 0'),
    ],
)
def test_what_is_just_within_is_let_through(folder, name, old, new):
    change(folder, name, old, new)
    assert said(folder) == []


def test_where_none_is_written_the_first_one_is_asked_for():
    bare = replace(OLD, offers=(), evidence=())
    found = {str(one) for one in validation.problems(bare, WHERE)}
    assert f"{WHERE}/{INDICATORS}, indicator a1, offers: there is no 'course'; none is written yet, so write it first" in found  # fmt: skip
    assert f"{WHERE}/{INDICATORS}, indicator a1, evidence: there is no 'paper'; none is written yet, so write it first" in found  # fmt: skip


def test_an_indicator_without_levels_is_named_once(folder):
    """What is asked of its levels elsewhere would only repeat it."""
    bare = replace(OLD.indicator("b2"), levels=())
    version = replace(OLD, indicators=tuple(bare if one.code == "b2" else one for one in OLD.indicators), maximum=None)
    assert validation.problems(version, WHERE) == []


def test_every_problem_is_named_at_once(folder):
    change(folder, INDICATORS, "points = [0, 1, 4]", "points = [0, 4, 1]")
    change(folder, LABELS, 'fact = "abroad"', 'fact = "moon"')
    change(folder, SCHEME, 'en = "The lighthouse"\n', "")
    assert [one.split(",")[0].split("/")[-1] for one in said(folder)] == [SCHEME, SCHEME, INDICATORS, LABELS]


def test_a_file_that_is_no_toml_or_missing_is_named(folder):
    change(folder, LABELS, "[[label]]", "[[label")
    (folder / "schemes" / "lighthouse" / "2020" / INDICATORS).unlink()
    found = said(folder)
    assert len(found) == 2
    assert found[0].startswith(f"{WHERE}/{INDICATORS}: the file is missing; restore it")
    assert found[1].startswith(f"{WHERE}/{LABELS}: not readable as TOML")
    assert load(folder).versions == ()


def test_a_label_without_rules_and_rules_without_parts(folder):
    text = (folder / "schemes" / "lighthouse" / "2020" / LABELS).read_text()
    head = text[: text.index("[[label.requires]]")]
    branch = '\n[[label.requires]]\nkey = "x"\nrule = "all"\nsource = "x"\nprovenance = "official"\nparts = ["y"]\n'
    (folder / "schemes" / "lighthouse" / "2020" / LABELS).write_text(head)
    assert f"{WHERE}/{LABELS}, label tower, requires: it is empty; write what the label asks for with [[label.requires]]" in said(folder)  # fmt: skip
    (folder / "schemes" / "lighthouse" / "2020" / LABELS).write_text(head + branch)
    found = said(folder)
    assert f"{WHERE}/{LABELS}, label tower, requires x, parts: it holds 'y', not a table; write [[parts]]" in found
    assert f"{WHERE}/{LABELS}, label tower, requires x, parts: it is empty; write the rules that it stands for" in found


def test_a_label_must_be_one_of_the_programmes(folder):
    assert said(folder, frozenset({"tower", "beam", "spark"})) == []
    assert said(folder, frozenset({"tower", "beam"})) == [f"{WHERE}/{LABELS}, label spark, code: the programme has no label 'spark'; write it in labels.toml first"]  # fmt: skip


def test_without_a_published_maximum_or_the_whole_set_sums_are_not_checked():
    assert validation.problems(replace(OLD, maximum=None), WHERE) == []
    assert validation.problems(replace(OLD, maximum=Decimal(99), indicators_published=8), WHERE) == []
    assert len(validation.problems(replace(OLD, maximum=Decimal(99)), WHERE)) == 1


def test_the_checksum_is_of_the_content_not_of_its_order(folder):
    before = load(folder).versions[0].checksum
    change(
        folder, SCHEME, "maximum = 20\nindicators_published = 7", "indicators_published = 7\n# a remark\nmaximum = 20"
    )
    assert load(folder).versions[0].checksum == before == OLD.checksum
    change(folder, INDICATORS, "days = [1, 6]", "days = [1, 7]")
    assert load(folder).versions[0].checksum != before


def test_crosswalks_name_versions_that_are_there(folder):
    shutil.copytree(FOLDER / "schemes" / "crosswalks", folder / "schemes" / "crosswalks")
    broken = folder / "schemes" / "crosswalks" / "broken.toml"
    broken.write_text("[[step")
    found = said(folder)
    assert found[0].startswith("schemes/crosswalks/broken.toml: not readable as TOML")
    assert found[1] == "schemes/crosswalks/lighthouse-2020-2024.toml, to_version: there is no such version; mend its name or write its folder"  # fmt: skip
