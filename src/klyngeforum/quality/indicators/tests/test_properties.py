"""Properties of the rules over made-up schemes and situations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators.rules import blocking, evaluate
from klyngeforum.quality.indicators.terms import (
    NOT_APPLICABLE,
    UNKNOWN,
    AnswerState,
    Area,
    Assessor,
    Explained,
    IndicatorRole,
    RuleKind,
    Situation,
    Threshold,
    Truth,
    Version,
    scored,
)
from tests.worked import OLD

PHASES = [
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
]  # shrinking a whole scheme takes minutes; the failing one is printed
DAYS = [date(2019, 1, 15), date(2020, 9, 1), date(2021, 2, 1), date(2022, 6, 1)]
KNOWN = st.sampled_from([True, False])
MAYBE = st.sampled_from([True, False, None])
LABELS = st.sampled_from(OLD.labels)


@st.composite
def schemes(draw) -> Version:
    """The made-up scheme with other points, minima, roles, what may be left out and where values come from."""

    def threshold(one):
        level = draw(st.sampled_from([None, *(level.number for level in one.levels)]))
        provenance = draw(st.sampled_from([Provenance.OFFICIAL, Provenance.PLACEHOLDER]))
        return Threshold(level, provenance, known=level is not None or draw(KNOWN))

    def indicator(one):
        points = sorted(draw(st.lists(st.integers(0, 6), min_size=len(one.levels), max_size=len(one.levels))))
        return replace(
            one,
            role=draw(st.sampled_from(list(IndicatorRole))),
            levels=tuple(
                replace(level, points=Decimal(value)) for level, value in zip(one.levels, points, strict=True)
            ),
            minimum=threshold(one),
            excellence=threshold(one),
            may_be_left_out=draw(KNOWN),
            scopes_unknown=draw(st.sampled_from([frozenset(), frozenset({"beam"})])),
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
    codes = st.sampled_from([one.code for one in OLD.indicators])
    areas = st.lists(st.builds(Area, codes, truth), max_size=5).map(tuple)
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


def every(one: Explained):
    yield one
    for part in one.parts:
        yield from every(part)


@given(schemes(), LABELS, situations(), st.data())
@settings(max_examples=300, deadline=None, phases=PHASES)
def test_raising_a_score_never_loses_a_label(version, label, asked, data):
    one = data.draw(
        st.sampled_from([one for one in version.indicators if asked.answer(one.code).level is not None] or [None])
    )
    if one is None:
        return
    higher = data.draw(st.integers(asked.answer(one.code).level, one.top))
    raised = replace(asked, answers={**asked.answers, one.code: scored(higher)})
    order = [Truth.NO, Truth.UNDETERMINED, Truth.YES]
    assert order.index(evaluate(version, label, raised).truth) >= order.index(evaluate(version, label, asked).truth)


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


@given(schemes(), LABELS, situations(), st.data())
@settings(max_examples=400, deadline=None, phases=PHASES)
def test_filling_an_unknown_never_flips_a_settled_verdict(version, label, asked, data):
    before = evaluate(version, label, asked).truth
    after = evaluate(version, label, _filled(data, asked, version)).truth
    assert before is Truth.UNDETERMINED or after is before


@given(schemes(), LABELS, situations(known=True))
@settings(max_examples=200, deadline=None, phases=PHASES)
def test_where_everything_is_known_only_an_unknown_threshold_leaves_it_open(version, label, asked):
    doubtful = any(
        not threshold.known or one.scopes_unknown
        for one in version.indicators
        for threshold in (one.minimum, one.excellence)
    )
    without_points = not sum(one.maximum for one in version.indicators)
    found = evaluate(version, label, asked)
    assert found.truth is not Truth.UNDETERMINED or doubtful or without_points


@given(schemes(), LABELS, situations())
@settings(max_examples=300, deadline=None, phases=PHASES)
def test_the_explanation_agrees_with_the_verdict(version, label, asked):
    found = evaluate(version, label, asked)
    for one in every(found):
        truths = [part.truth for part in one.parts]
        if one.kind is RuleKind.ALL:
            assert one.truth is min(truths, key=[Truth.NO, Truth.UNDETERMINED, Truth.YES].index, default=Truth.YES)
        elif one.kind is RuleKind.ANY:
            assert one.truth is min(truths, key=[Truth.YES, Truth.UNDETERMINED, Truth.NO].index, default=Truth.YES)
        elif one.kind is RuleKind.KNOCK_OUTS and not one.indicator:
            assert one.truth is min(truths, key=[Truth.NO, Truth.UNDETERMINED, Truth.YES].index, default=Truth.YES)
        assert one.reason % one.values
    leaves = blocking(found)
    assert bool(leaves) == (found.truth is not Truth.YES)
    assert all(leaf.truth is not Truth.YES for leaf in leaves)
    assert found.truth is not Truth.NO or any(leaf.truth is Truth.NO for leaf in leaves)


@given(schemes(), LABELS, situations(), st.data())
@settings(max_examples=300, deadline=None, phases=PHASES)
def test_a_verdict_that_does_not_rest_on_placeholders_outlives_their_replacement(version, label, asked, data):
    other = data.draw(schemes())

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
    before = evaluate(version, label, asked)
    assert before.placeholder or evaluate(replaced, label, asked).truth is before.truth
