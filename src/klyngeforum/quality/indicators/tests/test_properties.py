"""Properties of the rules over made-up schemes and situations.

Each holds for every rule of every label and for every line of its explanation: a whole label is mostly not met, and would hide what its rules do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import Phase, given
from hypothesis import strategies as st

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators.rules import blocking, explained
from klyngeforum.quality.indicators.terms import (
    NOT_APPLICABLE,
    UNKNOWN,
    AnswerState,
    Area,
    Assessor,
    Explained,
    IndicatorRole,
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

# shrinking a whole scheme takes minutes; the failing one is printed
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
DAYS = [date(2019, 1, 15), date(2020, 9, 1), date(2021, 2, 1), date(2022, 6, 1)]
KNOWN = st.sampled_from([True, False])
MAYBE = st.sampled_from([True, False, None])
ORDER = [Truth.NO, Truth.UNDETERMINED, Truth.YES]


def rules_of(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in rule.parts:
        yield from rules_of(part)


RULES = [rule for label in OLD.labels for rule in rules_of(label.requires)]


def every(one: Explained) -> Iterator[Explained]:
    yield one
    for part in one.parts:
        yield from every(part)


def lines(version: Version, asked: Situation) -> dict[tuple[int, str, str], Explained]:
    """Every line of every rule's explanation: (rule, key, indicator) -> the line."""
    found = ((nth, one) for nth, rule in enumerate(RULES) for one in every(explained(version, rule, asked)))
    return {(nth, one.key, one.indicator): one for nth, one in found}


@st.composite
def schemes(draw, known=False) -> Version:
    """The made-up scheme with other points, minima, roles, what may be left out and where values come from."""

    def threshold(one):
        level = draw(st.sampled_from([None, *(level.number for level in one.levels)]))
        provenance = draw(st.sampled_from([Provenance.OFFICIAL, Provenance.PLACEHOLDER]))
        return Threshold(level, provenance, known=known or level is not None or draw(KNOWN))

    def indicator(one):
        points = sorted(draw(st.lists(st.integers(0, 12), min_size=len(one.levels), max_size=len(one.levels))))
        return replace(
            one,
            role=draw(st.sampled_from(list(IndicatorRole))),
            levels=tuple(
                replace(level, points=Decimal(value) / 2) for level, value in zip(one.levels, points, strict=True)
            ),
            minimum=threshold(one),
            excellence=threshold(one),
            may_be_left_out=draw(KNOWN),
            scopes_unknown=frozenset() if known else draw(st.sampled_from([frozenset(), frozenset({"beam"})])),
            provenance={"points": draw(st.sampled_from([Provenance.OFFICIAL, Provenance.PLACEHOLDER]))},
        )

    return replace(OLD, indicators=tuple(indicator(one) for one in OLD.indicators))


@st.composite
def situations(draw, known=False) -> Situation:
    def answer(one):
        choices = [scored(level.number) for level in one.levels]
        return draw(st.sampled_from(choices if known else [*choices, UNKNOWN, NOT_APPLICABLE]))

    def maybe(strategy):
        return draw(strategy if known else st.one_of(st.none(), strategy))

    truth = KNOWN if known else MAYBE
    # few, so that some stand twice; one is not in the scheme and stays open
    codes = st.sampled_from(["a1", "a2", "b2"] if known else ["a1", "a2", "b2", "z9"])
    areas = st.lists(st.builds(Area, codes, truth), max_size=6).map(tuple)
    assessors = st.lists(st.builds(Assessor, truth, truth), max_size=3).map(tuple)
    return Situation(
        draw(st.sampled_from(DAYS)),
        {one.code: answer(one) for one in OLD.indicators},
        {"staff": maybe(st.integers(0, 4).map(Decimal)), "statutes": maybe(KNOWN), "abroad": maybe(KNOWN)},
        maybe(st.lists(st.sampled_from(DAYS), max_size=3).map(tuple)),
        maybe(areas),
        maybe(assessors),
        maybe(st.sets(st.sampled_from(["tower", "beam"])).map(frozenset)),
    )


@given(schemes(), situations(), st.data())
@tries(200, 40, phases=PHASES)
def test_raising_a_score_never_loses_a_label(version, asked, data):
    levels = {one.code: asked.answer(one.code).level for one in version.indicators}
    low = [one for one in version.indicators if levels[one.code] is not None and levels[one.code] < one.top]
    if not low:
        return
    one = data.draw(st.sampled_from(low))
    higher = data.draw(st.integers(levels[one.code] + 1, one.top))
    raised = lines(version, replace(asked, answers={**asked.answers, one.code: scored(higher)}))
    before = lines(version, asked)
    assert before.keys() == raised.keys()
    for which, line in before.items():
        assert ORDER.index(raised[which].truth) >= ORDER.index(line.truth), (which, line, raised[which])


@given(schemes(), situations(), situations(known=True))
@tries(100, 20, phases=PHASES)
def test_more_of_what_counts_never_loses_a_label(version, asked, more):
    def added(field):
        return None if getattr(asked, field) is None else (*getattr(asked, field), *getattr(more, field))

    labels = None if asked.labels is None else asked.labels | more.labels
    fields = ("benchmarkings", "areas", "assessors")
    richer = replace(asked, labels=labels, **{field: added(field) for field in fields})
    for rule in RULES:
        before, after = explained(version, rule, asked), explained(version, rule, richer)
        assert ORDER.index(after.truth) >= ORDER.index(before.truth), (rule.key, before, after)


def _filled(data, asked: Situation, version: Version) -> Situation:
    """Some of what is not known becomes known."""

    def answer(one):
        old = asked.answer(one.code)
        if old.state is not AnswerState.UNKNOWN and not (
            old.state is AnswerState.NOT_APPLICABLE and not one.may_be_left_out
        ):
            return old
        return data.draw(st.sampled_from([old, NOT_APPLICABLE, *(scored(level.number) for level in one.levels)]))

    def known(value):
        return data.draw(st.sampled_from([None, True, False])) if value is None else value

    other = data.draw(situations())
    areas = (
        other.areas if asked.areas is None else tuple(Area(one.indicator, known(one.validated)) for one in asked.areas)
    )
    assessors = other.assessors if asked.assessors is None else tuple(Assessor(known(one.independent), known(one.foreign)) for one in asked.assessors)  # fmt: skip
    return replace(
        asked,
        answers={one.code: answer(one) for one in version.indicators},
        facts={code: other.facts[code] if value is None else value for code, value in asked.facts.items()},
        benchmarkings=other.benchmarkings if asked.benchmarkings is None else asked.benchmarkings,
        areas=areas,
        assessors=assessors,
        labels=other.labels if asked.labels is None else asked.labels,
    )


@given(schemes(), situations(), st.data())
@tries(200, 40, phases=PHASES)
def test_filling_an_unknown_never_flips_a_settled_verdict(version, asked, data):
    before, after = lines(version, asked), lines(version, _filled(data, asked, version))
    for which in before.keys() & after.keys():  # what is left out now is no longer asked
        assert before[which].truth in (Truth.UNDETERMINED, after[which].truth), (before[which], after[which])


@given(schemes(known=True), situations(known=True))
@tries(100, 20, phases=PHASES)
def test_where_everything_is_known_everything_is_settled(version, asked):
    without_points = not sum(one.maximum for one in version.indicators)
    for line in lines(version, asked).values():
        assert line.truth is not Truth.UNDETERMINED or without_points, line


def _points(version: Version, asked: Situation) -> tuple[Decimal, Decimal, Decimal]:
    """Certain, possible and highest points, counted anew by hand."""
    least = most = maximum = Decimal(0)
    for one in version.indicators:
        answer, top = asked.answers[one.code], one.levels[-1].points
        left_out = answer.state is AnswerState.NOT_APPLICABLE and one.may_be_left_out
        if one.role is not IndicatorRole.SCORED or left_out:
            continue
        won = next((level.points for level in one.levels if answer == scored(level.number)), None)
        least, most, maximum = least + (won or 0), most + (top if won is None else won), maximum + top
    return least, most, maximum


def _within(truth: Truth, least, most, needed) -> bool:
    """Whether what is certain and what is possible speak for the truth."""
    if truth is Truth.UNDETERMINED:
        return least < needed <= most
    return least >= needed if truth is Truth.YES else most < needed


def _speaks_for(version: Version, asked: Situation, one: Explained) -> bool:
    """Whether what a line counts is so, and speaks for its truth."""
    said = one.values
    by = {truth: sum(part.truth is truth for part in one.parts) for truth in Truth}
    if "met" in said:
        return (said["met"], said["asked"]) == (by[Truth.YES], len(one.parts))
    if one.kind in (RuleKind.SHARE, RuleKind.POINTS):
        counted = (said["points"], said["most"], said["maximum"])
        nothing = one.kind is RuleKind.SHARE and not said["maximum"]
        return counted == _points(version, asked) and (nothing or _within(one.truth, *counted[:2], said["needed"]))
    if one.kind in (RuleKind.KNOCK_OUTS, RuleKind.INDICATOR):
        answer = asked.answers[one.indicator]
        needed = said["minimum" if "minimum" in said else "needed"]
        if said["level"] is None or needed is None or one.truth is Truth.UNDETERMINED:
            lowest = version.indicator(one.indicator).levels[0].number
            return one.truth is Truth.UNDETERMINED or (needed is not None and needed <= lowest)
        return said["level"] == answer.level and _within(one.truth, answer.level, answer.level, needed)
    if one.kind is RuleKind.AREAS and "count" in said:
        return said["count"] == by[Truth.YES] and _within(one.truth, by[Truth.YES], len(one.parts) - by[Truth.NO], said["needed"])  # fmt: skip
    if one.kind is RuleKind.BENCHMARKINGS and "count" in said:
        there = sum(day <= asked.on for day in asked.benchmarkings)
        return said["count"] == there and (one.truth is Truth.NO or there >= said["needed"])
    if one.kind is RuleKind.ASSESSORS and "count" in said:
        sure = sum(person.independent is True for person in asked.assessors)
        return said["count"] == sure and (one.truth is not Truth.YES or sure >= said["needed"])
    return True


@given(schemes(), situations())
@tries(200, 40, phases=PHASES)
def test_what_a_line_counts_speaks_for_its_truth(version, asked):
    for one in lines(version, asked).values():
        assert _speaks_for(version, asked, one), one


@given(schemes(), situations())
@tries(200, 40, phases=PHASES)
def test_the_explanation_agrees_with_the_verdict(version, asked):
    """The whole is what its parts make of it, and what blocks is found among them."""
    for rule in RULES:
        found = explained(version, rule, asked)
        for one in every(found):
            truths = [part.truth for part in one.parts]
            if one.kind is RuleKind.ALL or (one.kind is RuleKind.KNOCK_OUTS and not one.indicator):
                assert one.truth is min(truths, key=ORDER.index, default=Truth.YES)
            elif one.kind is RuleKind.ANY:
                assert one.truth is max(truths, key=ORDER.index, default=Truth.YES)
            assert one.reason % one.values
        leaves = blocking(found)
        assert bool(leaves) == (found.truth is not Truth.YES)
        assert all(leaf.truth is not Truth.YES for leaf in leaves)
        assert found.truth is not Truth.NO or any(leaf.truth is Truth.NO for leaf in leaves)


@given(schemes(), schemes(), situations())
@tries(200, 40, phases=PHASES)
def test_a_verdict_that_does_not_rest_on_placeholders_outlives_their_replacement(version, other, asked):

    def official(old, new):
        points = new.levels if old.placeholder("points") else old.levels
        return replace(
            old,
            levels=points,
            minimum=new.minimum if old.minimum.placeholder else old.minimum,
            excellence=new.excellence if old.excellence.placeholder else old.excellence,
        )

    replaced = replace(
        version, indicators=tuple(official(*pair) for pair in zip(version.indicators, other.indicators, strict=True))
    )
    before, after = lines(version, asked), lines(replaced, asked)
    for which in before.keys() & after.keys():  # a minimum that asks for nothing has no line
        assert before[which].placeholder or after[which].truth is before[which].truth, (before[which], after[which])
