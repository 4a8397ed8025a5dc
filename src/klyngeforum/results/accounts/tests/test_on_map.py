"""Municipalities on the map: no small number is told, nor found by subtraction in its region, in the country or in the figure around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.results.accounts.on_map import held_places
from tests.trying import tries

REGION = {1: 91, 2: 91, 3: 91, 4: 92, 5: 92}
LEAST = 5
TOWNS = st.dictionaries(st.sampled_from([1, 2, 3, 4, 5, None]), st.integers(1, 40), min_size=1)


def asked(towns, *, around=None, back=(), nation_back=False):
    regions: dict[int | None, int] = {}
    for town, n in towns.items():
        key = REGION.get(town) if town else None
        regions[key] = regions.get(key, 0) + n
    return held_places(
        towns, around or {}, REGION, regions, back=frozenset(back), nation=sum(towns.values()), nation_back=nation_back, least=LEAST,
    )  # fmt: skip


def test_a_region_that_is_told_does_not_give_away_its_one_small_neighbour():
    assert asked({1: 3, 2: 20, 3: 30, 4: 9, 5: 9}) == {1, 2}, "the small one, and the smallest beside it"
    assert asked({1: 3, 2: 1, 3: 30}) == {1, 2, 3}, "two small ones that are few together need a third"
    assert asked({1: 3, 2: 2, 3: 30}) == {1, 2, 3}, "of five together each is known to be less than five"
    assert asked({1: 3, 2: 4, 3: 30}) == {1, 2}
    assert asked({1: 1, 2: 1, 3: 3, 4: 5}) == {1, 2, 3}, "nothing more is held back of another region, which is told"
    assert asked({1: 8, 2: 20, 3: 30, 4: 9, 5: 9}) == frozenset()


def test_of_a_region_that_is_held_back_enough_is_held_back_that_it_cannot_be_added_up():
    assert asked({1: 8, 2: 20, 3: 30, 4: 9, 5: 9}, back={91, 92}) == {1, 2, 4, 5}


def test_what_a_figure_leaves_of_the_one_around_it_is_no_small_number():
    towns = {1: 17, 2: 20, 3: 30, 4: 9, 5: 9}
    assert asked(towns, around={1: 20, 2: 40, 3: 30, 4: 20, 5: 14}) == {1, 2}, "three took part without it"
    assert asked(towns, around={1: 30, 2: 40, 3: 30, 4: 20, 5: 14}) == frozenset()


@tries(2_000, 100)
@given(TOWNS)
def test_nobody_finds_a_small_number_by_subtraction(towns):
    found = asked(towns)
    assert {town for town, n in towns.items() if n < LEAST} <= found
    inside: dict[int | None, list[int | None]] = {}
    for town in towns:
        inside.setdefault(REGION.get(town) if town else None, []).append(town)
    if all(sum(towns[town] for town in some) >= LEAST for some in inside.values()):  # then every region is told
        for some in inside.values():
            hidden = [town for town in some if town in found]
            assert len(hidden) != 1 and (not hidden or sum(towns[town] for town in hidden) >= LEAST)


@pytest.mark.parametrize("nation_back", [False, True])
def test_a_place_that_is_not_known_is_a_place_of_its_own(nation_back):
    assert None in asked({None: 2, 1: 20, 2: 30, 4: 10, 5: 12}, back={None, 91}, nation_back=nation_back)
