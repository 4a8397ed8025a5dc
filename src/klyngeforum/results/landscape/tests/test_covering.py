"""Coverage of the register's companies: strong fields that nobody reaches, each participant once, and nothing told of a few. Pure."""

from __future__ import annotations

import numpy as np

from klyngeforum.results.landscape.covering import covered_of
from klyngeforum.results.landscape.gathering import Bodies, Links
from klyngeforum.results.landscape.measuring import Ground

STEEL, CHEESE = 24, 10
NORTH, SOUTH = 1, 2
GROUND = Ground({}, {}, {11: NORTH, 22: SOUTH})
RULES = {"quotient": 1.3, "fewest": 10, "least_share": 0.05, "least": 5}
REGISTER = [(11, STEEL)] * 100 + [(22, STEEL)] * 20 + [(11, CHEESE)] * 20 + [(22, CHEESE)] * 100


def register(rows=REGISTER, kinds=None):
    n = len(rows)
    places, industries = (np.array(column) for column in zip(*rows, strict=True))
    ones = np.ones(n, dtype=int)
    return Bodies(np.arange(n), ones if kinds is None else np.array(kinds), ones, ones, ones, places, industries)


def links(*pairs):
    clusters, who = (np.array(column, dtype=np.int64) for column in zip(*sorted(pairs), strict=True))
    return Links(clusters, who, np.ones(len(pairs), dtype=np.int64))


def covered(bodies, members, ceased=()):
    found = covered_of(bodies, members, GROUND, ceased, **RULES)
    return found, {(one.region, one.industry): one for one in found.fields}


def test_a_strong_field_that_nobody_reaches_is_a_gap():
    members = links(*((7, nth) for nth in range(30)), *((8, nth) for nth in range(10, 40)))
    found, fields = covered(register(), members)
    steel, cheese = fields[NORTH, STEEL], fields[SOUTH, CHEESE]
    assert (steel.strong, steel.gap, steel.companies, steel.reached, steel.organisations) == (True, False, 100, 40, 2)
    assert (cheese.strong, cheese.gap, cheese.reached, cheese.told) == (True, True, 0, 0)
    assert not fields[SOUTH, STEEL].strong and not fields[SOUTH, STEEL].gap
    assert (found.whole.companies, found.whole.reached) == (240, 40)
    assert {one.region: (one.companies, one.reached) for one in found.regions} == {NORTH: (120, 40), SOUTH: (120, 0)}


def test_the_quotient_compares_with_the_country():
    _, fields = covered(register(), links((7, 0)))
    assert fields[NORTH, STEEL].quotient == (100 / 120) / (120 / 240)


def test_of_a_few_nothing_is_told_and_it_cannot_be_subtracted():
    members = links(*((7, nth) for nth in range(3)), *((7, nth) for nth in range(100, 110)), *((7, nth) for nth in range(120, 130)))  # fmt: skip
    found, fields = covered(register(), members)
    assert fields[NORTH, STEEL].told is None and fields[NORTH, STEEL].reached == 3
    hidden = [one for one in (*found.fields, *found.regions, found.whole) if one.told is None]
    assert len(hidden) >= 2


def test_who_ceased_and_who_is_no_company_is_not_counted():
    kinds = [2] + [1] * (len(REGISTER) - 1)
    found, fields = covered(register(kinds=kinds), links((7, 0), (7, 1), (7, 2)), ceased=[1])
    assert (fields[NORTH, STEEL].companies, fields[NORTH, STEEL].reached, found.whole.reached) == (98, 1, 1)


def test_a_field_with_too_few_companies_is_not_read_and_stands_beside():
    rows = [*REGISTER, *[(11, 99)] * 9]
    found, fields = covered(register(rows), links((7, 0), (7, 240)))
    assert (NORTH, 99) not in fields
    (few,) = found.few
    assert (few.region, few.industry, few.companies, few.reached, few.told, few.strong) == (
        NORTH,
        99,
        9,
        1,
        None,
        False,
    )


def test_where_nobody_takes_part_every_strong_field_is_a_gap():
    nobody = Links(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    found, fields = covered(register(), nobody)
    assert found.whole.reached == 0 and [one.gap for one in fields.values()] == [one.strong for one in fields.values()]
    assert fields[NORTH, STEEL].gap


def test_an_empty_register_is_no_fault():
    found = covered_of(register([(0, 0)]), links((7, 0)), GROUND, (), **RULES)
    assert (found.fields, found.whole.companies) == ((), 0)
