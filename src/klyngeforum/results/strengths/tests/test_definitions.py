"""Cluster categories and versions of the star method are data, and a file that cannot be used says why."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from klyngeanalyse.strengths import rulesets
from klyngeforum.ground.programme.queries import raw_entries
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.results.strengths.definitions import definitions, read_definition, read_star_rule, star_rules
from klyngeforum.results.strengths.programme import validate

SHARED = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", settings.HOME.parent / "shared" / "data"))
HEAD = 'code = "x"\nversion = "1"\nda = "x"\nen = "x"\nsource = "x"\nprovenance = "inferred"\nclassification = "DB07"\n'


def written(folder, text):
    path = folder / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_our_own_grouping_covers_every_division_once_and_says_that_it_is_a_placeholder():
    (one,) = definitions("DB07")
    codes = [code for category in one.categories for code in category.industries]
    assert len(codes) == len(set(codes)) == 85 and one.placeholder
    assert {category.code for category in one.categories if category.local} == {"local_trade", "local_public"}


def test_the_american_definitions_are_named_and_not_here():
    (one,) = definitions("NAICS2017")
    assert one.missing == "naics_to_porter_cluster.csv" and one.categories == ()


def test_the_american_definitions_once_their_table_lies_beside_them(tmp_path):
    table = SHARED / "us_cluster_definitions" / "naics_to_porter_cluster.csv"
    if not table.is_file():
        pytest.skip(f"no shared data at {table}: set KLYNGEFORUM_SHARED_DATA")
    for path in (table, settings.PROGRAMME / "cluster_categories" / "us-benchmark.toml"):
        shutil.copy(path, tmp_path)
    one = read_definition(tmp_path / "us-benchmark.toml")
    assert (len(one.categories), sum(not category.local for category in one.categories)) == (70, 51)
    assert one.of()["336411"] == "Aerospace Vehicles and Defense"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[category]]\ncode = "a"\nda = "a"\nen = "a"\nindustries = ["01"]\n[[category]]\ncode = "b"\nda = "b"\nen = "b"\nindustries = ["01"]', "industry 01 stands in 'a' already"),
        ('[[category]]\ncode = "a"\nda = "a"\nen = "a"\nkind = "world"\nindustries = ["01"]', "kind is 'world'"),
        ('[[category]]\ncode = "a"\nda = "a"\nindustries = ["01"]', "'en' is missing"),
        ("", "'category' is missing"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_used_says_why(tmp_path, text, why):
    with pytest.raises(ProgrammeError, match=why):
        read_definition(written(tmp_path, text))


def test_a_table_without_its_column_says_which(tmp_path):
    (tmp_path / "own.csv").write_text("code,name\n01,x\n", encoding="utf-8")
    path = written(tmp_path, 'file = "own.csv"\n[columns]\nindustry = "code"\ncategory = "cluster"\n')
    with pytest.raises(ProgrammeError, match="no column 'cluster'"):
        read_definition(path)


def test_the_rule_sets_are_those_of_the_library():
    built_in = {one.name: one for one in vars(rulesets).values() if isinstance(one, rulesets.RuleSet)}
    for rule in star_rules():
        known = built_in[rule.code]
        assert (rule.version, rule.floor, rule.least_regions, rule.mark) == (known.version, known.floor, known.least_regions, known.mark)  # fmt: skip
        assert [(one.metric, one.share, one.threshold) for one in rule.criteria] == [(one.metric, one.share, one.threshold) for one in known.criteria]  # fmt: skip


def test_a_criterion_of_both_kinds_is_refused():
    where, raw = raw_entries(settings.PROGRAMME, "star_rules", "rule_set")[0]
    both = {**raw, "criterion": [{"metric": "size", "share": 0.1, "threshold": 2.0}]}
    with pytest.raises(ProgrammeError, match="not both"):
        read_star_rule(both, where)


@pytest.mark.parametrize(
    ("file", "before", "after", "why"),
    [
        ("cluster_categories/house-db07.toml", 'kind = "', 'kind = "odd-', "kind is 'odd-"),
        ("specialisation/syddanmark.toml", 'fields = ["', 'fields = ["nothing", "', "the field 'nothing'"),
        ("star_rules.toml", "[[rule_set]]", "[[rule_set", "not readable as TOML"),
        ("regional_tables/statbank-regions.toml", "format = ", "form = ", "format"),
    ],
)  # fmt: skip
def test_check_reads_every_file_that_strengths_rest_on(tmp_path, file, before, after, why):
    folder = tmp_path / "programme"
    shutil.copytree(settings.PROGRAMME, folder)
    assert validate(folder=folder) > 15
    text = (folder / file).read_text()
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1))
    with pytest.raises(ProgrammeError, match=re.escape(why)) as wrong:
        validate(folder=folder)
    assert file.split("/")[-1] in str(wrong.value)
