"""Strategies beside what is counted: what speaks for a priority, which strength nobody puts first, where regions overlap."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.results.strengths.definitions import definitions_in
from klyngeforum.results.strengths.side_by_side import FieldBeside, Support, beside, judged, unprioritised
from klyngeforum.results.strengths.strategies import read_strategy, strategies, strategies_in, strategy_of
from klyngeforum.results.strengths.terms import FieldStanding, Opening, RegionStanding, Sprout

KNOWN = definitions_in(settings.PROGRAMME)


def raw(region="1083", **changed):
    words = {"da": "x", "en": "x"}
    priorities = [
        {**words, "code": field, "activity_da": "x", "activity_en": "x", "fields": [field], "evidence": [words] if field == "tourism" else []}
        for field in ("machinery", "design", "maritime", "tourism", "finance")
    ]  # fmt: skip
    return {
        **words, "code": f"s-{region}", "version": "1", "source": "x", "provenance": "placeholder", "region": region, "from": date(2014, 1, 1), "definition": "house-db07",
        "priority": priorities, **changed,
    }  # fmt: skip


def standing(region, *strong):
    fields = tuple(FieldStanding(code, quotient=2.0, strong=True) for code in strong)
    return RegionStanding(region, 2012, 2010, 100.0, 10.0, None, fields, (Opening("30", 0.5, 0.2, 3.0),), (Sprout("31", 5, 15, 0.01),), 0.0, None, (), 5, 0)  # fmt: skip


def test_the_best_that_speaks_for_a_priority():
    found = {one.priority.code: one for one in judged(read_strategy(raw(), "x", KNOWN), standing("1083", "machinery", "food"))}  # fmt: skip
    assert {code: one.support for code, one in found.items()} == {
        "machinery": Support.STRENGTH, "design": Support.EMERGING, "maritime": Support.RELATED, "tourism": Support.DECLARED, "finance": Support.NONE,
    }  # fmt: skip
    assert found["machinery"].fields == ("machinery",) and found["finance"].fields == ()


def test_without_a_table_only_the_strategys_own_words_speak():
    found = {one.priority.code: one.support for one in judged(read_strategy(raw(), "x", KNOWN), None)}
    assert found["machinery"] is Support.NONE and found["tourism"] is Support.DECLARED
    assert unprioritised(read_strategy(raw(), "x", KNOWN), None) == ()


def test_strengths_that_no_priority_names():
    assert unprioritised(read_strategy(raw(), "x", KNOWN), standing("1083", "food", "machinery", "energy")) == ("food", "energy")  # fmt: skip


def test_regions_beside_one_another():
    first = {"fields": ["food", "machinery"], "code": "p", "da": "x", "en": "x", "activity_da": "x", "activity_en": "x"}
    one, two = (read_strategy(raw(region, priority=[{**first, "fields": fields}]), "x", KNOWN) for region, fields in (("1083", ["machinery"]), ("1082", ["machinery", "food"])))  # fmt: skip
    found = {row.code: row for row in beside((one, two), {"1083": standing("1083", "machinery", "energy")})}
    assert found["machinery"] == FieldBeside("machinery", ("1083", "1082"), ("1083",))
    assert found["machinery"].overlap and found["machinery"].bare == ("1082",) and not found["machinery"].gap
    assert found["energy"].gap and not found["food"].overlap and found["food"].bare == ()


def test_the_strategies_of_the_five_regions_are_made_up_and_say_so():
    every = strategies(date(2020, 1, 1))
    assert [one.region for one in every] == ["1081", "1082", "1083", "1084", "1085"]
    assert all(one.placeholder and "Opdigtet" in one.name.da for one in every)
    assert strategy_of("1083", date(2014, 1, 1)).code == "syddanmark" and strategy_of("9999", date(2020, 1, 1)) is None


def test_before_its_first_day_a_strategy_is_not_there():
    assert strategies(date(2013, 12, 31)) == () and strategy_of("1083", date(2013, 12, 31)) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"definition": "nothing"}, "no cluster categories 'nothing'"),
        ({"from": "2014"}, "from is not a date"),
        ({"priority": [{"da": "x", "en": "x", "code": "x", "activity_da": "x", "activity_en": "x", "fields": ["beer"]}]}, "the field 'beer' is not in house-db07"),
        ({"priority": [{"da": "x", "code": "x", "fields": ["food"]}]}, "'en' is missing"),
        ({"priority": []}, "priority"),
    ],
)  # fmt: skip
def test_a_strategy_that_cannot_be_used_says_why(changed, why):
    with pytest.raises(ProgrammeError, match=why):
        read_strategy(raw(**changed), "own.toml", KNOWN)


def test_two_strategies_of_a_region_from_the_same_day_are_refused(tmp_path):
    (tmp_path / "specialisation").mkdir()
    (tmp_path / "cluster_categories").symlink_to(settings.PROGRAMME / "cluster_categories")
    text = (settings.PROGRAMME / "specialisation" / "syddanmark.toml").read_text(encoding="utf-8")
    for name, since in (("a", "2014-01-01"), ("b", "2018-01-01")):
        (tmp_path / "specialisation" / f"{name}.toml").write_text(text.replace("2014-01-01", since), encoding="utf-8")
    assert len(strategies_in(tmp_path)) == 2
    strategies_in.cache_clear()
    (tmp_path / "specialisation" / "b.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeError, match="already"):
        strategies_in(tmp_path)
