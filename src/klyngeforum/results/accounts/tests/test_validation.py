"""Each kind of check by hand: what it finds, at which edge it begins, how grave it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.ground.programme.rules import ODD
from klyngeforum.ground.programme.terms import Check, Provenance
from klyngeforum.results.accounts.rules import LineValues
from klyngeforum.results.accounts.terms import CountsAs
from klyngeforum.results.accounts.validation import (
    ODD_WORDS,
    Background,
    Looked,
    Severity,
    findings,
    needs_comment,
    odd_lines,
    score,
    stops,
)


def check(kind: str, *measures: str, severity: str = "warning", **more) -> Check:
    return Check(
        f"a_{kind}", Bilingual("Tjek", "Check"), "made up", "opdigtet", Provenance.PLACEHOLDER, kind, severity, measures, **more
    )  # fmt: skip


def looked(lines: int = 5, **more) -> Looked:
    more["values"] = {key: Decimal(value) for key, value in more.get("values", {}).items()}
    more["last_year"] = {key: Decimal(value) for key, value in more.get("last_year", {}).items()}
    return Looked(lines, **more)


def test_nothing_recorded_is_found_only_where_there_is_no_line():
    assert [one.measure for one in findings([check("nothing")], looked(0))] == [""]
    assert findings([check("nothing")], looked(1)) == []


@pytest.mark.parametrize(("part", "found"), [(4, 0), (5, 0), (6, 1)])
def test_a_part_may_equal_the_whole_and_not_exceed_it(part, found):
    one = check("part", "dedicated_companies", severity="error", whole="participating_companies")
    answer = findings([one], looked(values={"dedicated_companies": part, "participating_companies": 5}))
    assert len(answer) == found and len(stops(answer)) == found and not needs_comment(answer)


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (10, 13, None), (10, 14, "+40"), (10, 7, None), (10, 6, "−40"), (9, 90, None), (100, 131, "+31"), (100, 130, None), (20, 0, "−100"),
    ],
)  # fmt: skip
def test_a_jump_is_more_than_the_share_from_enough(before, now, change):
    one = check("jump", "outcome_3", share=Decimal("0.30"), least=10)
    answer = findings([one], looked(values={"outcome_3": now}, last_year={"outcome_3": before}))
    assert [found.values["change"] for found in answer] == ([change] if change else [])
    assert needs_comment(answer) == bool(change)


def test_without_last_year_nothing_jumps():
    assert (
        findings([check("jump", "outcome_3", share=Decimal("0.30"), least=10)], looked(values={"outcome_3": 900})) == []
    )


def test_every_kind_of_odd_line_is_counted_and_has_its_words():
    assert set(ODD) == set(ODD_WORDS)
    company = {"counts_as": str(CountsAs.COMPANY), "participated": True}
    lines = [
        LineValues(1, str(CountsAs.UNVERIFIED), participated=True), LineValues(2, **{**company, "participated": False}, step=2),
        LineValues(3, **company), LineValues(4, **company), LineValues(5, **company, industry_id=84), LineValues(6, **company),
        LineValues(7, **company), LineValues(8, str(CountsAs.AUTHORITY), participated=True, industry_id=84), LineValues(9, **company, step=3),
    ]  # fmt: skip
    known = Background(frozenset({3, 99}), frozenset({4}), frozenset({6, 7}), frozenset({84}))
    assert odd_lines(lines, known) == {
        "unverified": 1, "outcome_without_part": 1, "ceased_before": 1, "ceased_during": 1, "public_as_company": 1, "alike": 2,
    }  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_lines_are_said_with_their_number(odd):
    one = check("lines", "participating_companies", odd=odd)
    (found,) = findings([one], looked(odd={odd: 3}))
    assert found.values == {"count": 3} and found.reason == ODD_WORDS[odd]
    assert findings([one], looked(odd={odd: 0})) == []


def test_far_from_the_others_by_hand():
    """Peers 9, 19, 39, 79, 159: logarithms of one more are ln 10 + k ln 2; median ln 40, deviations 2, 1, 0, 1, 2 times ln 2, so their
    median is ln 2: 1279 lies five doublings away, and 0.6745 * 5 = 3.37."""
    peers = [Decimal(one) for one in (9, 19, 39, 79, 159)]
    assert score(Decimal(1279), peers) == pytest.approx(0.6745 * 5)
    assert score(Decimal(39), peers) == 0
    equal = [Decimal(9)] * 6 + [Decimal(19)]
    assert score(Decimal(9), equal) == 0 and score(Decimal(99), equal) > 3.5  # half are equal: the mean deviation tells
    assert score(Decimal(99), [Decimal(9)] * 8) is None


def test_an_outlier_needs_enough_comparable_organisations():
    one = check("outlier", "hours", score=Decimal("3.5"), peers=8, severity="note")
    few, many = ([Decimal(100 + n) for n in range(count)] for count in (7, 8))
    assert findings([one], looked(values={"hours": 90_000}, peers={"hours": few})) == []
    (found,) = findings([one], looked(values={"hours": 90_000}, peers={"hours": many}))
    assert found.values == {"value": 90_000, "peers": 8, "middle": Decimal("103.5")} and not needs_comment([found])
    assert findings([one], looked(values={"hours": 104}, peers={"hours": many})) == []


def test_the_gravest_stands_first_and_otherwise_the_order_of_the_checks():
    note, error = check("lines", "hours", odd="alike", severity="note"), check("part", "a", severity="error", whole="b")
    found = findings([note, error], looked(values={"a": 2, "b": 1}, odd={"alike": 1}))
    assert [one.severity for one in found] == [Severity.ERROR, Severity.NOTE]


def test_an_empty_account_is_not_said_to_be_far_from_others():
    one = check("outlier", "hours", score=Decimal("3.5"), peers=1, severity="note")
    found = findings(
        [check("nothing"), one], looked(0, values={"hours": 0}, peers={"hours": [Decimal(n) for n in (50, 51, 53)]})
    )
    assert [found.check for found in found] == ["a_nothing"]


@given(st.lists(st.integers(0, 10_000), min_size=8, max_size=30), st.integers(0, 10_000), st.integers(1, 50))
def test_a_stricter_limit_never_finds_more(peers, value, step):
    loose = check("outlier", "hours", score=Decimal(step) / 10, peers=8)
    strict = replace(loose, score=loose.score + 1)
    seen = looked(values={"hours": value}, peers={"hours": [Decimal(one) for one in peers]})
    assert len(findings([strict], seen)) <= len(findings([loose], seen))
