"""A merger: each body once, fields closed by the marks; pure."""

from __future__ import annotations

import numpy as np
import pytest

from klyngeforum.results.landscape.gathering import Bodies, Gathered, Links
from klyngeforum.results.landscape.measuring import Ground
from klyngeforum.results.landscape.merging import _cells, fields_of
from klyngeforum.results.landscape.rules import may_merge

REGISTER = {(1, 24): 100, (1, 10): 100, (2, 24): 40, (2, 10): 9}


def test_everybody_once_and_what_each_did_added_up():
    links = Links(np.array([1, 1, 2, 2]), np.array([0, 3, 3, 5]), np.array([2, 1, 4, 1]))
    one = links.as_one(0)
    assert (one.clusters.tolist(), one.who.tolist(), one.times.tolist()) == ([0, 0, 0], [0, 3, 5], [2, 5, 1])


def test_a_company_of_unknown_place_or_trade_stands_in_no_field():
    places, industries = np.array([1, 0, 1, 1, 9]), np.array([7, 7, 0, 7, 7])
    zeros = np.zeros(5, int)
    bodies = Bodies(np.arange(5), np.array([1, 1, 1, 2, 1]), zeros, zeros, zeros, places, industries)
    links = Links(np.ones(6, int), np.array([0, 0, 1, 2, 3, 4]), np.ones(6, int))
    assert _cells(Gathered(bodies, links, links), links, Ground({}, {}, {1: 84})) == {(84, 7): 1}


def test_a_gap_is_closed_when_only_all_together_reach_enough():
    parts = [{(1, 24): 3, (1, 10): 6}, {(1, 24): 3, (2, 24): 1}]
    found = fields_of(parts, {(1, 24): 6, (1, 10): 6, (2, 24): 1}, REGISTER, fewest=10, least=0.05)
    assert (found.fields, found.parts, found.after) == (3, (1, 0), 2)
    (closed,) = found.closed
    assert (closed.region, closed.industry, closed.companies, closed.reached) == (1, 24, 100, 6)


def test_the_same_company_in_both_closes_nothing():
    found = fields_of([{(1, 24): 3}, {(1, 24): 3}], {(1, 24): 3}, REGISTER, fewest=10, least=0.05)
    assert (found.after, found.closed) == (0, ())


def test_a_field_with_too_few_companies_is_none():
    assert fields_of([{(2, 10): 9}], {(2, 10): 9}, REGISTER, fewest=10, least=0.05).after == 0


@pytest.mark.parametrize(("clusters", "fine"), [((), 0), ((1,), 0), ((1, 2), 1), ((1, 1), 0), ((1, 2, 3, 4, 5), 1), ((1, 2, 3, 4, 5, 6), 0), ((1, 2, 2), 0)])  # fmt: skip
def test_two_to_five_different_organisations(clusters, fine):
    assert bool(may_merge(clusters)) == bool(fine)
