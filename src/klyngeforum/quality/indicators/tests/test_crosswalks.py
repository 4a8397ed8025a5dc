"""Crosswalks: what carries over, what is judged anew, and old answers side by side under a new version."""

from __future__ import annotations

from dataclasses import replace

import pytest

from klyngeforum.quality.indicators import crosswalks
from klyngeforum.quality.indicators.crosswalks import Carried, SideBySide, carried_answers, carry_over, rescored
from klyngeforum.quality.indicators.terms import (
    NOT_APPLICABLE,
    UNKNOWN,
    Answer,
    AnswerState,
    Change,
    Crosswalk,
    Step,
    scored,
)
from tests.worked import NEW, OLD, WALK

from .asking import all_at, answers, situation


def test_what_is_the_same_keeps_its_level_or_the_one_it_is_mapped_to():
    found = carry_over(answers(a1=2, a2=2), WALK)
    assert found["a2"] == Carried(scored(2), Change.SAME, ("a2",)) and found["a2"].sure
    assert found["a1"].answer == scored(1)
    assert carry_over(answers(a1=0), WALK)["a1"].answer == scored(0)
    left_out = carry_over({"b3": NOT_APPLICABLE, "a2": UNKNOWN}, WALK)["b3"]
    assert left_out == Carried(NOT_APPLICABLE, Change.SAME, ("b3",)) and left_out.sure
    assert carry_over({"a2": UNKNOWN}, WALK)["a2"] == Carried(UNKNOWN, Change.SAME, ("a2",))


def test_what_is_split_is_unknown_unless_the_crosswalk_maps_the_level():
    mapped = carry_over(answers(a3=2), WALK)
    assert [mapped[code].answer for code in ("c1", "c2")] == [scored(2), scored(2)]
    between = carry_over(answers(a3=1), WALK)["c1"]
    assert (between.answer, between.suggested, between.sure) == (UNKNOWN, 1, False)
    assert carry_over({"a3": NOT_APPLICABLE}, WALK)["c1"] == Carried(UNKNOWN, Change.SPLIT, ("a3",))


def test_what_is_split_without_a_map_keeps_no_level():
    walk = replace(WALK, steps=(Step(Change.SPLIT, ("a3",), ("c1", "c2")),))
    assert carry_over(answers(a3=2), walk)["c2"] == Carried(UNKNOWN, Change.SPLIT, ("a3",), suggested=2)


def test_a_level_counts_only_where_it_was_given():
    for odd in (Answer(AnswerState.UNKNOWN, 2), Answer(AnswerState.SCORED)):
        assert carry_over({"a2": odd}, WALK)["a2"] == Carried(UNKNOWN, Change.SAME, ("a2",))


def test_what_is_merged_is_judged_anew_with_the_lowest_suggested():
    found = carry_over(answers(b1=2, b2=3), WALK)["d1"]
    assert found == Carried(UNKNOWN, Change.MERGED, ("b1", "b2"), suggested=2)
    assert carry_over(answers(b1=2), WALK)["d1"].suggested is None
    mapped = replace(WALK, steps=(Step(Change.MERGED, ("b1", "b2"), ("d1",), {2: 2, 3: 2, 1: 1}),))
    assert carry_over(answers(b1=2, b2=3), mapped)["d1"] == Carried(scored(2), Change.MERGED, ("b1", "b2"))
    assert carry_over(answers(b1=1, b2=3), mapped)["d1"].answer == UNKNOWN
    assert carry_over({"b1": NOT_APPLICABLE, "b2": NOT_APPLICABLE}, mapped)["d1"].answer == UNKNOWN


def test_what_is_new_is_unknown_and_what_is_dropped_is_gone():
    found = carry_over(all_at(OLD, 2), WALK)
    assert set(found) == {one.code for one in NEW.indicators}
    assert found["e1"] == Carried(UNKNOWN, Change.NEW)
    assert carried_answers(answers(a2=1), WALK)["a2"] == scored(1)


def test_old_answers_side_by_side():
    asked = situation(answers={**all_at(OLD, 2), "b2": scored(3)}, labels=frozenset())
    found = {one.label: one for one in rescored(asked, WALK, OLD, NEW)}
    assert list(found) == ["tower", "beam", "spark"]
    spark = found["spark"]
    assert (spark.old.truth, spark.new.truth, spark.changed) == ("yes", "yes", False)
    low = situation(answers=all_at(OLD, 0) | answers(b2=3), labels=frozenset())
    changed = {one.label: one for one in rescored(low, WALK, OLD, NEW)}["spark"]
    assert (changed.old.truth, changed.new.truth, changed.changed) == ("yes", "undetermined", True)
    alone = {one.label: one for one in rescored(asked, WALK, replace(OLD, labels=OLD.labels[:1]), replace(NEW, labels=NEW.labels[2:]))}  # fmt: skip
    assert list(alone) == ["tower", "spark"]
    assert alone["tower"].new is None and alone["spark"].old is None and alone["tower"].changed
    assert not SideBySide("x", None, None).changed


RAW = {"from_scheme": "lighthouse", "from_version": "2020", "to_scheme": "lighthouse", "to_version": "2024", "source": "x", "provenance": "official"}  # fmt: skip
SAME = {"change": "same", "old": ["a1"], "new": ["a1"]}


@pytest.mark.parametrize(
    ("step", "said"),
    [({**SAME, "change": "moved"}, "w.toml, step 1, change: it is 'moved'; write one of same, split, merged, new, dropped"),
     ({**SAME, "new": []}, "w.toml, step 1, change: it is same; that takes one old code and one new code"),
     ({**SAME, "old": ["a1", "a2"]}, "w.toml, step 1, change: it is same; that takes one old code and one new code"),
     ({**SAME, "change": "split"}, "it is split; that takes one old code and several new codes"),
     ({**SAME, "change": "merged"}, "it is merged; that takes several old codes and one new code"),
     ({**SAME, "change": "new"}, "it is new; that takes no old code and new codes"),
     ({**SAME, "change": "dropped"}, "it is dropped; that takes old codes and no new code"),
     ({"change": "dropped", "old": [], "new": []}, "it is dropped; that takes old codes and no new code"),
     ({"change": "new", "old": [], "new": []}, "it is new; that takes no old code and new codes"),
     ({"change": "merged", "old": ["a1", "a2"], "new": []}, "that takes several old codes and one new code"),
     ({"change": "split", "old": ["a1", "a2"], "new": ["c1", "c2"]}, "that takes one old code and several new codes"),
     ({**SAME, "levels": [[0, 0], [1]]}, "levels: it holds [1]; write pairs of an old and a new level, such as [[0, 0], [1, 2]]"),
     ({**SAME, "levels": [[0, "x"]]}, "levels: it holds [0, 'x']"), ({**SAME, "levels": [3]}, "levels: it holds 3"),
     ({**SAME, "lewels": []}, "lewels: nothing is called so here; write one of change, levels, new, old")],
)  # fmt: skip
def test_a_step_that_makes_no_sense_is_named(step, said):
    _, problems = crosswalks.read({**RAW, "step": [step]}, "w.toml")
    assert any(said in str(one) for one in problems), problems


def test_a_sound_crosswalk_is_read_whole():
    steps = [{**SAME, "levels": [[0, 0], [2, 1]]}, {"change": "new", "old": [], "new": ["e1"]}, {"change": "split", "old": ["a3"], "new": ["c1", "c2"]},
             {"change": "merged", "old": ["b1", "b2"], "new": ["d1"]}, {"change": "dropped", "old": ["b4"], "new": []}]  # fmt: skip
    found, problems = crosswalks.read({**RAW, "step": steps}, "w.toml")
    assert problems == []
    assert (found.from_scheme, found.from_version, found.to_scheme, found.to_version) == ("lighthouse", "2020", "lighthouse", "2024")  # fmt: skip
    assert found.steps[0] == Step(Change.SAME, ("a1",), ("a1",), {0: 0, 2: 1}) and len(found.steps) == 5
    assert (found.provenance, found.source) == ("official", "x")
    _, missing = crosswalks.read({"step": []}, "w.toml")
    assert [one.key for one in missing] == ["from_scheme", "from_version", "to_scheme", "to_version", "provenance", "source"]  # fmt: skip
    _, slip = crosswalks.read({**RAW, "stepp": []}, "w.toml")
    assert [one.key for one in slip] == ["stepp"]


def said(walk: Crosswalk, old=OLD, new=NEW) -> list[str]:
    return [str(one) for one in crosswalks.problems(walk, "w.toml", old, new)]


def test_every_indicator_stands_in_exactly_one_step():
    assert said(WALK) == []
    assert said(replace(WALK, steps=WALK.steps[1:])) == [
        "w.toml, old: indicator a1 of version 2020 is in no step; say what became of it",
        "w.toml, new: indicator a1 of version 2024 is in no step; say what became of it",
    ]
    twice = (*WALK.steps, Step(Change.DROPPED, ("a1",), ()), Step(Change.NEW, (), ("e1",)))
    assert said(replace(WALK, steps=twice)) == [
        "w.toml, old: indicator a1 stands in two steps; leave it in one",
        "w.toml, new: indicator e1 stands in two steps; leave it in one",
    ]
    nowhere = (*WALK.steps, Step(Change.SAME, ("z1",), ("z2",)))
    assert said(replace(WALK, steps=nowhere)) == [
        "w.toml, old: version 2020 has no indicator z1; mend the code",
        "w.toml, new: version 2024 has no indicator z2; mend the code",
    ]


def test_levels_and_versions_must_be_there():
    steps = (Step(Change.SAME, ("a1",), ("a1",), {0: 0, 7: 8}), *WALK.steps[1:])
    assert said(replace(WALK, steps=steps)) == [
        "w.toml, levels: the old indicator a1 has no level 7; mend the pair",
        "w.toml, levels: the new indicator a1 has no level 8; mend the pair",
    ]
    assert said(WALK, old=None) == ["w.toml, from_version: there is no such version; mend its name or write its folder"]
    assert said(WALK, new=None) == ["w.toml, to_version: there is no such version; mend its name or write its folder"]
