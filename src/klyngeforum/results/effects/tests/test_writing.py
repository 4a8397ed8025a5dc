"""What is answered is written, and what is written is read back to the same answers; what the questions cannot say is left as text."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.results.effects.rules import FORMS, read, strangers
from klyngeforum.results.effects.running import checked
from klyngeforum.results.effects.terms import BY_ORGANISATION, OUTSIDE, Outcome, Treatment
from klyngeforum.results.effects.writing import (
    Answers,
    Beside,
    Controls,
    Estimator,
    Matched,
    absent,
    answers_of,
    columns_of,
    text_of,
)

PLAIN = Answers(
    code="vaekst", question=Bilingual("Voksede de?", "Did they grow?"), population=Bilingual("Alle", "All"), stop_rules=Bilingual("Under 100: intet", "Under 100: nothing"),
    treatment=Treatment.PARTICIPATION, organisation="", horizon=3, causal=False, counts_to_target=False, extract=1, outcomes=(Outcome("fte", Bilingual("Årsværk", "Full-time equivalents"), "per_cent"),),
    controls=Controls.NOT_YET, method=Estimator.DOUBLY_ROBUST, covariates=(), codes=(), matched=None, by=(), beside=(), false_years=1, names={},
)  # fmt: skip

_words = some.text(some.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
_both = some.builds(Bilingual, _words, _words)
_column = some.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).map(lambda name: f"x_{name}")
_columns = some.lists(_column, max_size=3, unique=True).map(tuple)


@some.composite
def _answers(draw: some.DrawFn) -> Answers:
    treatment, causal = draw(some.sampled_from(Treatment)), draw(some.booleans())
    covariates, codes = draw(_columns), draw(_columns)
    several = draw(some.lists(_column, min_size=1, max_size=3, unique=True))
    beside = draw(some.lists(some.sampled_from(Beside), unique=True).map(tuple))
    return replace(
        PLAIN, question=draw(_both), population=draw(_both), stop_rules=draw(_both), treatment=treatment, organisation="vind" if treatment is Treatment.ORGANISATION else "",
        horizon=draw(some.integers(1, 10)), causal=causal, counts_to_target=causal and draw(some.booleans()), extract=draw(some.sampled_from([OUTSIDE, 1, 7])),
        outcomes=tuple(Outcome(column, draw(_both), draw(some.sampled_from(FORMS))) for column in several), controls=draw(some.sampled_from(Controls)),
        method=draw(some.sampled_from(Estimator)) if covariates or codes else Estimator.DOUBLY_ROBUST, covariates=covariates, codes=codes,
        matched=draw(some.none() | some.builds(Matched, _columns, _columns.filter(bool), some.sampled_from([1, 3, 5]))), by=draw(some.sampled_from([(), (BY_ORGANISATION,), ("region",), (BY_ORGANISATION, "region")])),
        beside=beside, false_years=draw(some.integers(1, 5)), names=draw(some.dictionaries(_column, _both, max_size=2)),
    )  # fmt: skip


@given(_answers())
def test_what_is_answered_is_a_protocol_and_comes_back(one: Answers):
    text = text_of(one)
    protocol, wrong = read(text)
    assert protocol is not None, wrong
    assert not strangers(protocol)
    assert answers_of(text) == one
    assert (protocol.code, protocol.question, protocol.horizon, protocol.extract) == (one.code, one.question, one.horizon, one.extract)  # fmt: skip
    assert protocol.outcomes == one.outcomes and protocol.by == one.by


@pytest.mark.parametrize("beside", [(), tuple(Beside)])
@pytest.mark.parametrize("controls", Controls)
def test_the_library_understands_every_way_that_can_be_asked_for(beside, controls):
    one = replace(PLAIN, controls=controls, beside=beside, codes=("industry",), method=Estimator.WEIGHTING, matched=Matched(("industry",), ("fte",), 3), by=(BY_ORGANISATION, "region"))  # fmt: skip
    protocol, _wrong = read(text_of(one))
    assert protocol is not None
    checked(protocol)
    assert [way["name"] for way in protocol.methods.get("specifications", ())] == (["declared", *Beside.values()] if beside else [])  # fmt: skip


def test_other_controls_are_the_others():
    for mine, other in ((Controls.NEVER, "not_yet"), (Controls.NOT_YET, "never")):
        raw = tomllib.loads(text_of(replace(PLAIN, controls=mine, beside=(Beside.OTHER_CONTROLS,))))
        assert raw["effects"]["design"]["controls"] == mine.value and raw["effects"]["specifications"][1]["controls"] == other  # fmt: skip


def test_the_same_answers_are_the_same_words():
    assert text_of(PLAIN) == text_of(replace(PLAIN)) != text_of(replace(PLAIN, horizon=4))


@pytest.mark.parametrize(
    "more",
    [
        "false_draws = 100",
        "beyond = ['fte']",
        "[effects.design]\ntrim = 0.9",
        "[effects.match]\nlevels = ['fte']\nexact = []\nneighbours = 3\ncaliper = 0.01",
        "[study]",
        "nonsense = ",
    ],
)
def test_a_text_that_says_more_is_left_as_text(more):
    text = text_of(PLAIN).replace(
        "[effects]", f"[effects]\n{more}" if not more.startswith("[") else f"{more}\n[effects]"
    )
    assert answers_of(text) is None


def test_the_columns_that_are_asked_for_and_those_that_an_extract_lacks():
    one = replace(PLAIN, covariates=("age",), codes=("industry",), matched=Matched(("industry",), ("fte",), 3), by=(BY_ORGANISATION, "region"))  # fmt: skip
    assert columns_of(one) == ["fte", "age", "industry", BY_ORGANISATION, "region"]
    assert absent(one, ["fte", "industry"], BY_ORGANISATION) == ["age", "region"]
