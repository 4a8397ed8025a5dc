"""The cheapest path: as cheap as the cheapest of all combinations, and it reaches the label."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

from hypothesis import Phase, given
from hypothesis import strategies as st

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators import queries, rules
from klyngeforum.quality.indicators.needs import ways
from klyngeforum.quality.indicators.path import improved, path
from klyngeforum.quality.indicators.rules import evaluate
from klyngeforum.quality.indicators.scoring import left_out, level_of
from klyngeforum.quality.indicators.terms import (
    NOT_APPLICABLE,
    UNKNOWN,
    Area,
    IndicatorRole,
    Label,
    Rule,
    RuleKind,
    Situation,
    Threshold,
    Truth,
    Version,
    scored,
)
from tests.trying import tries
from tests.worked import OLD

from .asking import TWO, all_at, answers, rule_of, situation, with_indicator
from .test_properties import schemes, situations

ECEI = queries.version("ecei", "2013")


def only(*rules_of: Rule) -> Label:
    """A label that asks for these rules alone."""
    return replace(OLD.labels[0], requires=Rule(RuleKind.ALL, "only", Provenance.OFFICIAL, "", parts=rules_of))


def rule(kind: RuleKind, *parts: Rule, **asks) -> Rule:
    return Rule(kind, str(kind), Provenance.OFFICIAL, "", asks, parts)


def points(least: str) -> Rule:
    return rule(RuleKind.POINTS, at_least=Decimal(least))


MINIMA, AREAS, SHARE = rule_of(OLD, "tower", "minima"), rule_of(OLD, "beam", "areas"), rule_of(OLD, "tower", "share")


def steps(found) -> dict[str, tuple]:
    return {one.indicator: (one.from_level, one.to_level, one.days, one.points) for one in found.improvements}


class TestByHand:
    def test_nothing_to_do(self):
        found = path(OLD, only(SHARE, MINIMA), situation(answers=all_at(OLD, 3)))
        assert (found.reachable, found.improvements, found.days, found.points_before, found.points_after) == (True, (), 0, 20, 20)  # fmt: skip
        assert found.after.truth == "yes" and found.waits == () and found.unsettled == () and found.label == "tower"

    def test_the_cheapest_points_first(self):
        start = situation(answers=all_at(OLD, 0))
        assert steps(path(OLD, only(points("1")), start)) == {"b3": (0, 1, 1, Decimal(1))}
        assert steps(path(OLD, only(points("2.5")), start)) == {"b1": (0, 1, 2, Decimal("2.5"))}
        assert path(OLD, only(points("9")), start).days == 10
        everything = path(OLD, only(points("20")), start)
        assert everything.days == 1 + 6 + 3 + 3 + 2 + 9 + 2 + 3 + 10 + 1 + 1 and everything.points_after == 20

    def test_of_ways_that_cost_the_same_fewer_indicators_are_touched(self):
        found = path(OLD, only(points("2")), situation(answers=all_at(OLD, 0)))
        assert found.days == 2 and len(found.improvements) == 1

    def test_minima_come_first_and_count(self):
        found = path(OLD, only(points("4"), MINIMA), situation(answers=all_at(OLD, 0)))
        assert steps(found) == {"a1": (0, 1, 2, 0), "a2": (0, 1, 1, 1), "b1": (0, 2, 11, 3), "b3": (0, 1, 1, 1)}
        assert (found.days, found.points_before, found.points_after) == (15, 0, 5)

    def test_what_stands_is_kept(self):
        found = path(OLD, only(MINIMA), situation(answers=answers(a1=2, a2=2, a3=0, b1=1, b2=3, b3=2, b4=0)))
        assert steps(found) == {"b1": (1, 2, 9, Decimal("0.5"))}

    def test_an_unknown_answer_counts_as_the_lowest_level(self):
        found = path(OLD, only(MINIMA), situation(answers={**all_at(OLD, 3), "a2": UNKNOWN}))
        assert steps(found) == {"a2": (None, 1, 1, Decimal(1))} and found.after.truth == "yes"

    def test_what_is_left_out_is_left_alone(self):
        asked = situation(answers={**all_at(OLD, 0), "b3": NOT_APPLICABLE})
        found = path(OLD, only(MINIMA, SHARE), asked)
        assert "b3" not in steps(found) and found.points_after >= Decimal("13.5") and found.after.truth == "yes"

    def test_areas_are_the_cheapest_raised_to_excellence(self):
        found = path(OLD, only(AREAS), situation(answers=all_at(OLD, 0)))
        assert steps(found) == {"a1": (0, 1, 2, 0), "b2": (0, 2, 5, 4), "b3": (0, 1, 1, 1)} and found.days == 8
        assert all(one.area for one in found.improvements) and found.after.truth == "yes"

    def test_areas_that_stand_count_and_those_turned_down_do_not(self):
        standing = (Area("a3", True), Area("b2"), Area("b3", False))
        found = path(OLD, only(AREAS), situation(answers=all_at(OLD, 2), areas=standing))
        assert not found.reachable
        high = situation(answers={**all_at(OLD, 2), "b2": scored(2), "b3": scored(1)}, areas=standing)
        assert steps(path(OLD, only(AREAS), high)) == {"b3": (1, 2, 1, 1)}

    def test_areas_on_what_is_left_out_or_for_information_count_as_they_are(self):
        one = replace(AREAS, asks={"at_least": 1, "reaching": "excellence"})
        colour = situation(answers=all_at(OLD, 0), areas=(Area("b4", None),))
        found = path(OLD, only(one), colour)
        assert (found.reachable, found.days, found.after.truth) == (True, 0, "yes")
        high = with_indicator("b4", excellence=Threshold(2, Provenance.OFFICIAL))
        assert path(high, only(one), colour).days == 1
        bright = situation(answers={**all_at(OLD, 0), "b4": scored(2)}, areas=(Area("b4", None),))
        assert path(high, only(one), bright).days == 0
        turned_down = situation(answers=all_at(OLD, 0), areas=(Area("b4", False),))
        assert path(OLD, only(one), turned_down).days == 1

    def test_without_anything_to_raise_there_is_no_path(self):
        assert not path(OLD, only(AREAS), situation(answers=all_at(OLD, 3))).reachable
        too_much = path(OLD, only(points("20.5")), situation(answers=all_at(OLD, 3)))
        assert (too_much.label, too_much.reachable) == ("tower", False)
        assert (too_much.points_before, too_much.points_after) == (20, 20)
        unknown = with_indicator("b3", replace(OLD, indicators=OLD.indicators[4:6], indicators_published=2), excellence=Threshold(None, Provenance.OFFICIAL, known=False))  # fmt: skip
        two = replace(AREAS, asks={"at_least": 2, "reaching": "excellence"})
        found = path(unknown, only(two), situation(answers=answers(b2=0, b3=0)))
        assert not found.reachable and (found.points_before, found.points_after) == (0, 0)
        assert found.improvements == () and found.after is None

    def test_where_nothing_can_be_raised_what_is_met_costs_nothing(self):
        colour = replace(OLD, indicators=(OLD.indicator("b4"),), indicators_published=1)
        assert path(colour, only(points("0")), situation(answers=answers(b4=0))).days == 0
        assert not path(colour, only(points("1")), situation(answers=answers(b4=0))).reachable
        at_the_top = replace(OLD, indicators=(OLD.indicator("a2"),), indicators_published=1)
        found = path(at_the_top, only(points("4")), situation(answers=answers(a2=2)))
        assert (found.reachable, found.days, found.after.truth) == (True, 0, "yes")

    def test_an_unknown_threshold_is_named(self):
        version = with_indicator("b1", minimum=Threshold(None, Provenance.PLACEHOLDER, known=False))
        found = path(version, only(MINIMA), situation(answers=all_at(OLD, 0)))
        assert found.unsettled == ("b1",) and found.after.truth == "undetermined"
        doubtful = with_indicator("b1", excellence=Threshold(None, Provenance.PLACEHOLDER, known=False))
        assert path(doubtful, only(AREAS), situation(answers=all_at(OLD, 0))).unsettled == ("b1",)
        assert path(doubtful, only(MINIMA), situation(answers=all_at(OLD, 0))).unsettled == ()

    def test_what_no_improvement_brings_is_waited_for(self):
        found = path(OLD, OLD.label("tower"), situation(answers=all_at(OLD, 3)))
        assert [one.key for one in found.waits] == ["staff", "assessors"]
        assert found.after.truth == "undetermined"
        met = situation(answers=all_at(OLD, 3), assessors=TWO, facts={"statutes": True})
        assert path(OLD, OLD.label("tower"), met).waits == ()

    def test_of_several_ways_the_one_that_waits_for_least_then_the_cheapest(self):
        start = situation(answers=all_at(OLD, 0), labels=frozenset())
        found = path(OLD, OLD.label("spark"), start)
        assert (found.days, found.waits) == (9, ()) and found.after.truth == "yes"
        near = situation(answers={**all_at(OLD, 0), "b2": scored(2)}, labels=frozenset())
        assert path(OLD, OLD.label("spark"), near).days == 4
        dear = replace(OLD.label("spark"), requires=rule(RuleKind.ANY, points("20"), rule(RuleKind.INDICATOR, indicator="b2", at_least=3)))  # fmt: skip
        assert steps(path(OLD, dear, near)) == {"b2": (2, 3, 10, 2)}

    def test_a_rule_out_of_its_time_asks_for_nothing(self):
        later = replace(points("20"), since=date(2030, 1, 1))
        assert path(OLD, only(later), situation(answers=all_at(OLD, 0))).days == 0
        assert path(OLD, only(rule(RuleKind.ANY, later)), situation(answers=all_at(OLD, 0))).days == 0

    def test_it_says_how_much_rests_on_placeholders(self):
        version = with_indicator("b1", provenance={"minimum": Provenance.PLACEHOLDER, "points": Provenance.PLACEHOLDER, "name": Provenance.PLACEHOLDER})  # fmt: skip
        found = path(version, only(MINIMA), situation(answers=all_at(OLD, 0)))
        assert {one.indicator: one.placeholders for one in found.improvements} == {"a1": (), "a2": (), "b1": ("minimum", "points"), "b3": ()}  # fmt: skip
        assert (found.days, found.days_on_placeholders, found.on_placeholders) == (15, 11, 1)
        no_floor = path(version, only(points("2.5")), situation(answers=all_at(OLD, 0)))
        assert no_floor.improvements[0].placeholders == ("points",)
        guessed = with_indicator("b3", provenance={"excellence": Provenance.PLACEHOLDER, "effort": Provenance.PLACEHOLDER, "evidence": Provenance.PLACEHOLDER, "offers": Provenance.PLACEHOLDER, "levels": Provenance.PLACEHOLDER})  # fmt: skip
        areas = path(guessed, only(AREAS), situation(answers=all_at(OLD, 0)))
        assert next(one for one in areas.improvements if one.indicator == "b3").placeholders == ("effort", "evidence", "excellence", "levels", "offers")  # fmt: skip
        to_its_minimum = path(with_indicator("a2", provenance={"excellence": Provenance.PLACEHOLDER}), only(MINIMA, AREAS), situation(answers=all_at(OLD, 0)))  # fmt: skip
        a2 = next(one for one in to_its_minimum.improvements if one.indicator == "a2")
        assert (a2.to_level, a2.area, a2.placeholders) == (1, False, ())
        gate = with_indicator("a1", provenance={"points": Provenance.PLACEHOLDER})
        assert path(gate, only(MINIMA), situation(answers=all_at(OLD, 0))).on_placeholders == 0

    def test_each_step_names_evidence_and_help(self):
        found = path(OLD, only(MINIMA), situation(answers=all_at(OLD, 0)))
        assert [(one.indicator, one.evidence, one.offers) for one in found.improvements][:2] == [("a1", ("paper",), ("course",)), ("a2", ("paper",), ("course",))]  # fmt: skip


def test_the_slider_asks_about_other_levels():
    start = situation(answers=answers(a2=1), areas=(Area("b1", True),))
    moved = improved(start, {"a2": 2, "b3": 1}, ("a2",))
    assert moved.answers == answers(a2=2, b3=1) and moved.areas == (Area("b1", True), Area("a2", True))
    assert improved(start, {"a2": 0}).areas == start.areas and improved(situation(), {}).areas is None
    assert improved(situation(), {}, ("a2",)).areas == (Area("a2", True),)


# Against brute force -------------------------------------------------------------------------------------------------------


def _cheapest_by_force(version: Version, label: Label, asked: Situation) -> tuple[int, int] | None:
    """Every combination of levels no lower than now; those raised, or put forward before, may be validated areas."""
    open_to = [one for one in version.indicators if one.role is not IndicatorRole.INFO and not left_out(one, asked.answer(one.code))]  # fmt: skip
    now = {one.code: level_of(one, asked.answer(one.code)) for one in open_to}
    low = {one.code: one.levels[0].number if now[one.code] is None else now[one.code] for one in open_to}
    standing = {one.indicator for one in asked.areas or () if one.validated is not False}
    best = None
    for levels in product(
        *([level.number for level in one.levels if level.number >= low[one.code]] for one in open_to)
    ):
        chosen = {one.code: level for one, level in zip(open_to, levels, strict=True)}
        raised = [code for code, level in chosen.items() if level > low[code]]
        after = improved(asked, chosen, tuple(sorted({*raised, *standing})))
        if evaluate(version, label, after).truth is not Truth.YES:
            continue
        days = sum(
            level.days for one in open_to for level in one.levels if low[one.code] < level.number <= chosen[one.code]
        )
        best = min(best or (days, len(raised)), (days, len(raised)))
    return best


def _sound(one):
    """Thresholds all known, scopes all known: then a path is exact."""
    return replace(
        one,
        minimum=replace(one.minimum, known=True),
        excellence=replace(one.excellence, known=True),
        scopes_unknown=frozenset(),
    )


def _small(version: Version) -> Version:
    kept = tuple(_sound(one) for one in version.indicators if one.code in {"a1", "a2", "b1", "b2", "b3"})
    return replace(version, indicators=kept, indicators_published=len(kept))


@given(schemes(), situations(), st.integers(0, 32), st.integers(1, 3), st.integers(0, 3), st.data())
@tries(150, 40, phases=[Phase.explicit, Phase.generate])
def test_no_combination_is_cheaper(scheme, asked, halves, many, level, data):
    version = _small(scheme)
    effort = {one.code: [data.draw(st.integers(0, 9)) for _ in one.levels] for one in version.indicators}
    version = replace(version, indicators=tuple(
        replace(one, levels=tuple(replace(step, days=days) for step, days in zip(one.levels, effort[one.code], strict=True)))
        for one in version.indicators
    ))  # fmt: skip
    asks = {
        "points": points(str(Decimal(halves) / 2)),
        "areas": rule(
            RuleKind.AREAS, at_least=many, reaching=data.draw(st.sampled_from(["excellence", "minimum", ""]))
        ),
        "minima": MINIMA,
        "lens": rule(RuleKind.INDICATOR, indicator="b2", at_least=level),
    }
    chosen = data.draw(st.lists(st.sampled_from(sorted(asks)), unique=True, min_size=1))
    tree = rule(data.draw(st.sampled_from([RuleKind.ALL, RuleKind.ANY])), *(asks[key] for key in chosen))
    if version.indicator("b2").role is IndicatorRole.INFO or left_out(version.indicator("b2"), asked.answer("b2")):
        chosen = [key for key in chosen if key != "lens"] or ["minima"]
        tree = rule(RuleKind.ALL, *(asks[key] for key in chosen))
    label = only(tree)
    found, forced = path(version, label, asked), _cheapest_by_force(version, label, asked)
    assert (found.reachable and not found.waits) == (forced is not None)
    if forced is not None:
        assert (found.days, len(found.improvements)) == forced
        assert found.after.truth is Truth.YES


def test_at_real_size_a_path_reaches_the_label():
    """How long it takes is measured by the bench (tests/bench/test_excellence.py): a busy machine is no error."""
    for level in (0, 1, 2, 3):
        asked = Situation(date(2013, 6, 1), all_at(ECEI, level), assessors=TWO)
        for code in ("gold", "silver"):
            found = path(ECEI, ECEI.label(code), asked)
            assert found.reachable and {one.kind for one in rules.blocking(found.after)} <= {RuleKind.BENCHMARKINGS}
            assert found.days_on_placeholders == found.days > 0


def test_the_ways_of_a_label():
    found = list(ways(OLD, OLD.label("spark").requires, situation(labels=frozenset())))
    assert [(one.points, dict(one.floors), len(one.waits)) for one in found] == [
        (8, {}, 0),
        (0, {"b2": 3}, 0),
        (0, {}, 1),
    ]
    (tower,) = (one for one in ways(OLD, OLD.label("tower").requires, situation(facts={"statutes": True}, assessors=TWO)) if not one.waits)  # fmt: skip
    assert (tower.points, dict(tower.floors), tower.areas) == (15, {"a1": 1, "a2": 1, "b1": 2, "b3": 1}, 0)
    both = rule(RuleKind.ALL, MINIMA, rule(RuleKind.INDICATOR, indicator="b1", at_least=1), rule(RuleKind.INDICATOR, indicator="b2", at_least=1), points("3"), points("2"), AREAS)  # fmt: skip
    (one,) = ways(OLD, both, situation())
    assert dict(one.floors) == {"a1": 1, "a2": 1, "b1": 2, "b3": 1, "b2": 1}
    assert (one.points, one.areas, one.reaching) == (3, 3, {"excellence"})
