"""Nearest neighbours by hand: who is chosen among the equally near, at the caliper's very edge, and who chooses first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import Design
from klyngeanalyse.matching.mahalanobis import match, near, straighten, whitening
from klyngeanalyse.matching.moments import Moments
from klyngeanalyse.matching.nearest import company_rank, queue, sets, with_replacement, with_ties, without_replacement
from klyngeanalyse.matching.tests.cases import listed, placed, pool


def test_controls_of_one_treated_share_its_weight() -> None:
    """Treated 0 has three controls, 1 none, 2 one and 3 two."""
    found = sets(np.array([0, 0, 0, 2, 3, 3]), np.array([4, 1, 2, 0, 1, 5]), np.arange(6.0))
    assert found.rank.tolist() == [1, 2, 3, 1, 1, 2]
    assert found.weight == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1 / 2, 1 / 2])
    none = sets(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
    assert len(none.rank) == len(none.weight) == 0


# one treated at 0.5; at 0.1 from it a control below and two above, at 0.2 two below
AROUND = pool([(1, 0.5, 1)], [(1, 0.4, 9), (1, 0.6, 3), (1, 0.6, 2), (1, 0.3, 8), (1, 0.3, 7), (2, 0.5, 4)])


def test_at_equal_distance_the_lower_score_then_the_lower_company() -> None:
    order = [(1, 9, 0.1), (1, 2, 0.1), (1, 3, 0.1), (1, 7, 0.2), (1, 8, 0.2)]
    for neighbours in (1, 2, 3, 4, 5, 9):
        assert listed(AROUND, with_replacement(AROUND, neighbours, None)) == order[:neighbours]


def test_all_that_are_as_near_as_the_last() -> None:
    order = [(1, 9, 0.1), (1, 2, 0.1), (1, 3, 0.1), (1, 7, 0.2), (1, 8, 0.2)]
    for neighbours, taken in ((1, 3), (3, 3), (4, 5), (5, 5), (9, 5)):
        found = with_ties(AROUND, neighbours, None)
        assert listed(AROUND, found) == order[:taken] and found.weight == pytest.approx([1 / taken] * taken)


@pytest.mark.parametrize(("caliper", "taken"), [(0.2, 5), (0.1999, 3), (0.1, 3), (0.0999, 0)])
def test_a_control_at_the_calipers_edge_is_within(caliper: float, taken: int) -> None:
    """0.6 - 0.5 is a last digit less than 0.1, and 0.5 - 0.3 a last digit more than a caliper read as 0.2 may be."""
    assert len(with_replacement(AROUND, 9, caliper).treated) == taken
    assert len(with_ties(AROUND, 9, caliper).treated) == taken
    assert len(without_replacement(AROUND, 9, caliper, "largest").treated) == taken


def test_nobody_near_is_nobody() -> None:
    lonely = pool([(1, 0.5, 1), (3, 0.5, 2)], [(2, 0.5, 9)])
    for found in (
        with_replacement(lonely, 2, None),
        with_ties(lonely, 2, None),
        without_replacement(lonely, 2, None, "company"),
    ):
        assert listed(lonely, found) == [] and len(found.weight) == 0


# three treated, all nearest to 11; 12 is the next, then 13
CROWDED = pool([(1, 0.50, 3), (1, 0.52, 1), (1, 0.48, 2)], [(1, 0.51, 11), (1, 0.56, 12), (1, 0.30, 13)])


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("largest", [(1, 11, 0.01), (3, 12, 0.06), (2, 13, 0.18)]),
        ("smallest", [(2, 11, 0.03), (3, 12, 0.06), (1, 13, 0.22)]),
        ("company", [(1, 11, 0.01), (2, 12, 0.08), (3, 13, 0.20)]),
    ],
)
def test_who_chooses_first(order: str, wanted: list[tuple[int, int, float]]) -> None:
    assert sorted(listed(CROWDED, without_replacement(CROWDED, 1, None, order))) == sorted(wanted)


def test_everybodys_first_choice_comes_before_anybodys_second() -> None:
    two = pool([(1, 0.5, 1), (1, 0.6, 2)], [(1, 0.6, 11), (1, 0.59, 12), (1, 0.5, 13), (1, 0.7, 14)])
    found = without_replacement(two, 2, None, "largest")
    # 2 takes 11, then 1 takes 13; of what is left 2 takes 12 and 1 the far 14
    assert listed(two, found) == [(1, 13, 0.0), (1, 14, 0.2), (2, 11, 0.0), (2, 12, 0.01)]
    assert found.rank.tolist() == [1, 2, 1, 2]
    near_ones = without_replacement(two, 2, 0.05, "largest")
    assert listed(two, near_ones) == [(1, 13, 0.0), (2, 11, 0.0), (2, 12, 0.01)]
    assert near_ones.weight == pytest.approx([1, 0.5, 0.5])


def test_equal_scores_choose_by_company_and_a_company_of_two_cells_by_cell() -> None:
    several = pool([(1, 0.5, 7), (2, 0.5, 7), (2, 0.5, 3), (1, 0.4, 5)], [(1, 0.5, 9)])
    # in the order of the pool: cell 1 (5 at 0.4, 7 at 0.5), cell 2 (3, 7)
    assert company_rank(several).tolist() == [1, 2, 0, 3]
    assert queue(several, "company").tolist() == [2, 0, 1, 3]
    assert queue(several, "largest").tolist() == [2, 1, 3, 0]
    assert queue(several, "smallest").tolist() == [0, 2, 1, 3]


def test_free_controls_are_passed_over_until_the_cell_is_used_up() -> None:
    """Forty at one place and thirty controls around it: they are handed out from the nearest outwards, and ten get none."""
    far = [((-1) ** nth) * (nth + 1) / 100 for nth in range(30)]
    here = pool([(1, 0.5, nth) for nth in range(40)], [(1, 0.5 + one, 100 + nth) for nth, one in enumerate(far)])
    found = listed(here, without_replacement(here, 1, None, "company"))
    assert [(who, control) for who, control, _ in found] == [(nth, 100 + nth) for nth in range(30)]


SCORES = st.lists(st.tuples(st.integers(1, 2), st.integers(0, 12)), min_size=1, max_size=14)


@given(ones=SCORES, zeros=SCORES, neighbours=st.integers(1, 4), caliper=st.sampled_from([0.0, 0.1, 0.25, 0.5]))
def test_a_caliper_only_takes_pairs_away(
    ones: list[tuple[int, int]], zeros: list[tuple[int, int]], neighbours: int, caliper: float
) -> None:
    here = pool(*[[(c, s / 20, nth) for nth, (c, s) in enumerate(rows)] for rows in (ones, zeros)])
    for way in (with_replacement, with_ties):
        free, held = listed(here, way(here, neighbours, None)), listed(here, way(here, neighbours, caliper))
        assert held == [pair for pair in free if pair[2] <= caliper]
    once = listed(here, without_replacement(here, neighbours, caliper, "largest"))
    assert len({control for _, control, _ in once}) == len(once) and all(far <= caliper for *_, far in once)


CROWD = st.lists(st.tuples(st.just(1), st.integers(0, 3)), min_size=3, max_size=9)


@given(ones=CROWD, zeros=CROWD, order=st.sampled_from(["largest", "smallest", "company"]))
def test_names_that_keep_their_order_change_nothing(
    ones: list[tuple[int, int]], zeros: list[tuple[int, int]], order: str
) -> None:
    """Companies numbered anew, in the order of before."""
    one, other = (
        pool(*[[(c, s / 20, rename(nth)) for nth, (c, s) in enumerate(rows)] for rows in (ones, zeros)])
        for rename in (lambda nth: nth, lambda nth: 1000 + nth * nth)
    )
    for way, said in ((with_replacement, (2, None)), (with_ties, (2, 0.3)), (without_replacement, (2, None, order))):
        a, b = way(one, *said), way(other, *said)
        assert (a.treated.tolist(), a.control.tolist()) == (b.treated.tolist(), b.control.tolist())


def seen(covariance: list[list[float]], n: tuple[int, int] = (3, 3)) -> Moments:
    """Moments of two arms with one covariance."""
    k = len(covariance)
    both = np.array([covariance, covariance], dtype=float)
    return Moments(
        np.full(k, 5.0), np.ones(k), np.array(n, dtype=float), np.zeros((2, k)), both, np.zeros(k, dtype=bool)
    )


def test_the_mahalanobis_distance_by_hand() -> None:
    """S = [[4, 2], [2, 5]], S⁻¹ = [[5, -2], [-2, 4]] / 16: a step of (2, 0) is √(20/16), of (0, 2) is 1, of (2, 2) is √(20/16)."""
    upper = whitening(seen([[4, 2], [2, 5]]))
    assert upper @ upper.T == pytest.approx(np.array([[5, -2], [-2, 4]]) / 16)
    assert upper[1, 0] == 0
    here = placed([(1, 1, (5.0, 5.0))], [(1, 2, (7.0, 5.0)), (1, 3, (5.0, 7.0)), (1, 4, (7.0, 7.0))])
    for arm in (here.treated, here.control):
        straighten(arm, seen([[4, 2], [2, 5]]))
    assert here.treated.x.tolist() == [[0.0, 0.0]]  # the centre
    assert np.sqrt(np.square(here.control.x).sum(axis=1)) == pytest.approx(np.sqrt([20 / 16, 1, 20 / 16]))


def test_the_arms_are_pooled_by_their_degrees_of_freedom() -> None:
    both = np.array([[[1.0]], [[4.0]]])  # of 3 controls and 7 treated: (2 · 1 + 6 · 4) / 8
    arms = Moments(np.zeros(1), np.ones(1), np.array([3.0, 7.0]), np.zeros((2, 1)), both, np.zeros(1, dtype=bool))
    assert whitening(arms) == pytest.approx(np.array([[1 / np.sqrt(26 / 8)]]))


def test_three_covariates_are_turned_in_place() -> None:
    covariance = [[4.0, 1.0, 0.5], [1.0, 9.0, -2.0], [0.5, -2.0, 16.0]]
    x = np.random.default_rng(2).normal(5, 3, (12, 3))
    here = placed([(1, nth, x[nth]) for nth in range(12)], [(1, 99, x[0])])
    straighten(here.treated, seen(covariance))
    gap = x[:, None] - x[None]
    wanted = np.sqrt(np.einsum("abi,ij,abj->ab", gap, np.linalg.inv(covariance), gap))
    turned = here.treated.x
    assert np.sqrt(np.square(turned[:, None] - turned[None]).sum(axis=2)) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("covariance", "words"),
    [
        (
            [[1.0, 0.0], [0.0, 0.0]],
            "a covariate does not vary within the arms; leave it out, or make it an exact column",
        ),
        ([[1.0, 2.0], [2.0, 4.0]], "the covariates determine one another; .*no inverse.*leave one of them out"),
    ],
)
def test_no_distance_without_an_inverse(covariance: list[list[float]], words: str) -> None:
    with pytest.raises(Unfit) as error:
        whitening(seen(covariance))
    first, *rest = [part.strip() for part in words.replace(".*", ";").split(";")]
    assert str(error.value).startswith(first) and all(part in str(error.value) for part in rest)


def test_near_says_row_column_and_distance_in_order() -> None:
    one, other = np.array([[0.0], [10.0]]), np.array([[3.0], [-1.0], [1.0], [9.0]])
    row, column, distance = near(one, other, 2)
    pairs = list(zip(row.tolist(), column.tolist(), distance.tolist(), strict=True))
    assert pairs[:2] == [(0, 1, 1.0), (0, 2, 1.0)] and (1, 3, 1.0) in pairs and (1, 0, 7.0) in pairs
    assert pairs == sorted(pairs, key=lambda pair: (pair[0], pair[2], pair[1]))
    for nobody in (near(one, other[:0], 2), near(one[:0], other, 2), near(one, other, 0)):
        assert [len(part) for part in nobody] == [0, 0, 0]
    assert len(near(one, other, 9)[0]) == 8  # no more than there are


# on a line: one treated at 0, controls 1 to the left, 1 to the right, 2 and 3 to the right
LINE = placed([(1, 1, 0.0)], [(1, 9, 1.0), (1, 4, -1.0), (1, 5, 2.0), (1, 6, 3.0), (2, 2, 0.0)])


def plan(**said: Any) -> Design:
    return Design(covariates=("x",), distance="mahalanobis", **said)


@pytest.mark.parametrize(
    ("said", "controls"),
    [
        ({"neighbours": 1}, [4]),
        ({"neighbours": 2}, [4, 9]),
        ({"neighbours": 3}, [4, 9, 5]),
        ({"neighbours": 9}, [4, 9, 5, 6]),
        ({"neighbours": 1, "ties": "all"}, [4, 9]),
        ({"neighbours": 3, "ties": "all"}, [4, 9, 5]),
        ({"neighbours": 9, "caliper": 2.0}, [4, 9, 5]),
        ({"neighbours": 9, "caliper": 1.99}, [4, 9]),
        ({"neighbours": 9, "caliper": 1.99, "ties": "all"}, [4, 9]),
        ({"neighbours": 9, "caliper": 0.5}, []),
        ({"neighbours": 3, "replacement": False}, [4, 9, 5]),
        ({"neighbours": 9, "replacement": False, "caliper": 2.0}, [4, 9, 5]),
    ],
)
def test_on_a_line(said: dict[str, Any], controls: list[int]) -> None:
    assert [control for _, control, _ in listed(LINE, match(LINE, plan(**said)))] == controls


@pytest.mark.parametrize("brute", [0, 10**9])
def test_the_lowest_company_chooses_first_and_reaches_as_far_as_it_must(
    brute: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty at one place, thirty controls in a row: far more than the nearest that are looked up at first."""
    monkeypatch.setattr("klyngeanalyse.matching.mahalanobis.BRUTE", brute)
    here = placed([(1, nth, 0.0) for nth in range(20)], [(1, 100 + nth, float(nth)) for nth in range(1, 31)])
    once = listed(here, match(here, plan(neighbours=1, replacement=False)))
    assert once == [(nth, 101 + nth, 1.0 + nth) for nth in range(20)]
    twice = listed(here, match(here, plan(neighbours=2, replacement=False)))
    second = [(nth, 121 + nth, 21.0 + nth) for nth in range(10)]
    assert twice == sorted(once + second, key=lambda pair: (pair[0], pair[2]))
    held = listed(here, match(here, plan(neighbours=2, replacement=False, caliper=15.0)))
    assert held == once[:15]


def test_cells_of_a_line_do_not_mix() -> None:
    here = placed([(1, 1, 0.0), (2, 2, 0.0), (3, 3, 0.0)], [(2, 5, 4.0), (3, 6, 1.0), (3, 7, 2.0), (4, 8, 0.0)])
    for said in ({}, {"replacement": False}, {"ties": "all"}):
        assert listed(here, match(here, plan(neighbours=2, **said))) == [(2, 5, 4.0), (3, 6, 1.0), (3, 7, 2.0)]


@pytest.mark.parametrize("said", [{}, {"replacement": False}, {"ties": "all"}])
def test_where_nobody_is_treated_nobody_is_matched(said: dict[str, Any]) -> None:
    here = placed([], [(1, 5, 0.0), (2, 6, 1.0)])
    found = match(here, plan(**said))
    assert [len(part) for part in (found.treated, found.control, found.distance, found.rank, found.weight)] == [0] * 5
    assert found.treated.dtype == found.control.dtype == np.int64  # places all the same: they are counted


def test_two_towns_four_hundred_thousand_apart_lose_no_tie() -> None:
    """|x|² + |y|² - 2 x'y is right to a ten-thousandth here, and the four around each are equally near all the same."""
    around = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]) / 64
    there = (
        np.round(np.array([1e6, 3e5]) / np.sqrt(7) * 2**24) / 2**24
    )  # a distance of 1/64 is exact there, and no square is
    other = np.concatenate([around, around + there])
    for k in (1, 2, 4):
        row, column, distance = near(np.array([[0.0, 0.0], there]), other, k)
        assert row.tolist() == [0] * 4 + [1] * 4 and column.tolist() == list(range(8))
        assert distance.tolist() == [1 / 64] * 8
