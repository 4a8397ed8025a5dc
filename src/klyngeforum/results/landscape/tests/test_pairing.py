"""Every pair of organisations: counted by plain sets, flagged by the marks, and nothing told of a few companies to those who see no records."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from klyngeanalyse.landscape.overlap import Flags
from klyngeforum.results.landscape.gathering import Bodies, Links
from klyngeforum.results.landscape.pairing import MOST_IN_MATRIX, between_of
from klyngeforum.results.landscape.terms import PairKind

LEAST, FLAGS = 5, Flags(0.3, 0.7)
STEEL, CHEESE = 24, 10


def country(organisations, *, kinds=None, jobs=10):
    """organisations: cluster -> {body: industry}; everybody is a company unless ``kinds`` says otherwise."""
    industry = {body: kind for members in organisations.values() for body, kind in members.items()}
    ids = np.array(sorted(industry), dtype=np.int64)
    n = len(ids)
    bodies = Bodies(
        ids, np.array([(kinds or {}).get(pk, 1) for pk in ids.tolist()]), np.zeros(n, int), np.zeros(n, int), np.full(n, jobs), np.zeros(n, int),
        np.array([industry[pk] for pk in ids.tolist()]),
    )  # fmt: skip
    rows = [(cluster, body) for cluster, members in sorted(organisations.items()) for body in sorted(members)]
    clusters, who = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return bodies, Links(clusters, np.searchsorted(ids, who), np.ones(len(rows), dtype=np.int64))


def all_in(first, last, industry=STEEL):
    return dict.fromkeys(range(first, last), industry)


def found(organisations, **more):
    return between_of(*country(organisations, **more), flags=FLAGS, least=LEAST)


def pair(answer, first, second):
    return next(one for one in answer.pairs if (one.first, one.second) == (first, second))


def test_overlap_and_parallel_structures_by_the_marks():
    """1 and 2 share half of 2 and the trade; 3 has the trade but nobody of them; 4 shares companies with another trade."""
    answer = found(
        {1: all_in(0, 40), 2: all_in(30, 50), 3: all_in(100, 130), 4: {**all_in(0, 10), **all_in(200, 240, CHEESE)}}
    )
    assert (answer.organisations, answer.every) == (4, 6)
    one = pair(answer, 1, 2)
    assert (one.kind, one.shared, one.first_companies, one.second_companies) == (PairKind.OVERLAP, 10, 40, 20)
    assert (one.overlap, one.jaccard, one.profile) == (10 / 20, 10 / 50, 1.0)
    assert pair(answer, 1, 3).kind is pair(answer, 2, 3).kind is PairKind.PARALLEL
    assert pair(answer, 1, 4).kind is PairKind.NEITHER and pair(answer, 1, 4).profile == pytest.approx(0.2)
    assert (answer.overlapping, answer.parallel) == (1, 2)


def test_counts_are_those_of_plain_sets():
    chance = np.random.default_rng(3)
    sets = {pk: set(chance.choice(200, 60, replace=False).tolist()) for pk in range(1, 9)}
    answer = found({pk: dict.fromkeys(members, STEEL) for pk, members in sets.items()})
    for a, b in combinations(sets, 2):
        one = pair(answer, a, b)
        assert one.shared == len(sets[a] & sets[b])
        assert one.overlap == one.shared / 60 and one.jaccard == one.shared / len(sets[a] | sets[b])


def test_universities_are_no_companies():
    answer = found({1: all_in(0, 10), 2: all_in(8, 20)}, kinds={8: 2, 9: 2})
    assert (pair(answer, 1, 2).shared, pair(answer, 1, 2).first_companies) == (0, 8)


def test_an_unknown_industry_makes_nobody_alike():
    answer = found({1: all_in(0, 10, 0), 2: all_in(20, 30, 0)})
    assert pair(answer, 1, 2).profile == 0 and answer.parallel == 0


@pytest.mark.parametrize("smaller", [1, 3, 4, 5, 8, 13, 14, 20, 60])
@pytest.mark.parametrize("second", [STEEL, CHEESE])
def test_what_is_told_is_the_same_for_every_small_number_of_shared_companies(smaller, second):
    told = set()
    for shared in range(1, min(LEAST, smaller + 1)):
        organisations = {1: all_in(0, 100), 2: all_in(100 - shared, 100 - shared + smaller, STEEL)}
        if second == CHEESE:
            organisations[2] |= all_in(100, 100 - shared + smaller, CHEESE)
        told.add(pair(found(organisations), 1, 2).told)
    assert len(told) == 1


def test_from_five_shared_companies_everything_is_told():
    one = pair(found({1: all_in(0, 100), 2: all_in(95, 105)}), 1, 2)
    assert one.kind is one.told is PairKind.OVERLAP


def test_of_an_organisation_with_few_companies_nothing_is_told():
    answer = found({1: all_in(0, 100), 2: all_in(200, 204)})
    assert (pair(answer, 1, 2).kind, pair(answer, 1, 2).told) == (PairKind.PARALLEL, PairKind.NEITHER)
    assert (answer.parallel, answer.told_parallel) == (1, 0)


def test_the_matrix_puts_those_alike_beside_each_other():
    answer = found({1: all_in(0, 20), 2: all_in(100, 120, CHEESE), 3: all_in(5, 25), 4: all_in(105, 125, CHEESE)})
    order = answer.matrix.clusters
    assert abs(order.index(1) - order.index(3)) == abs(order.index(2) - order.index(4)) == 1
    assert len(answer.matrix.pairs) == 6


def test_of_very_many_only_the_strongest_stand_in_the_matrix():
    many = {pk: all_in(pk * 10, pk * 10 + 12) for pk in range(1, MOST_IN_MATRIX + 30)}
    answer = found(many)
    assert len(answer.matrix.clusters) == MOST_IN_MATRIX
    assert answer.every == len(many) * (len(many) - 1) // 2


def test_every_pair_of_a_few_stands_in_the_list_once():
    answer = found({1: all_in(0, 20), 2: all_in(18, 40), 3: all_in(100, 120, CHEESE), 4: all_in(5, 25, CHEESE)})
    assert sorted((one.first, one.second) for one in answer.pairs) == list(combinations((1, 2, 3, 4), 2))


def test_nobody_is_no_fault():
    answer = found({1: all_in(0, 3)}, kinds=dict.fromkeys(range(3), 0))
    assert (answer.every, answer.pairs, answer.matrix.clusters) == (0, (), ())
    assert found({1: all_in(0, 3)}).every == 0
