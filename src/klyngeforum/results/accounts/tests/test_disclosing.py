"""Small numbers: by hand, and by trying to subtract them out of the sum."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.results.accounts.disclosing import Sum, held, hidden, small, worked_out
from tests.trying import tries


@pytest.mark.parametrize(("value", "found"), [(None, False), (0, False), (1, True), (4, True), (5, False)])
def test_small_is_more_than_nobody_and_less_than_the_limit(value, found):
    assert small(value, 5) is found


@pytest.mark.parametrize(
    ("cells", "back"),
    [
        ({"a": 9, "b": 0}, set()), ({"a": 3, "b": 9, "c": 7}, {"a", "c"}), ({"a": 3, "b": 0}, {"a"}), ({"a": 1, "b": 1, "c": 8}, {"a", "b", "c"}),
        ({"a": 4, "b": 4, "c": 8}, {"a", "b"}), ({}, set()),
    ],
)  # fmt: skip
def test_what_is_held_back(cells, back):
    assert hidden({key: Decimal(value) for key, value in cells.items()}, 5) == back


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12).map(Decimal), max_size=8))
def test_nobody_can_subtract_a_small_number_out_of_the_sum(cells):
    back = hidden(cells, 5)
    assert all(key in back for key, value in cells.items() if small(value, 5))
    rest = sum(cells.values()) - sum(value for key, value in cells.items() if key not in back)
    alone = [key for key in back if cells[key] == rest]
    others = [value for value in cells.values() if value >= 5]
    # one cell alone can be worked out only where there is nothing else to hold back: then the sum itself is small and held back
    assert not (alone and others) or len(back) > 1
    assert not back or rest >= 5 or not others


PARTS = ("universities", "institutes", "colleges")
MEASURES = ("knowledge", *PARTS)


@st.composite
def countries(draw):
    """Organisations of two or three types; in each, knowledge institutions of three kinds that are told beside their sum."""
    kinds = draw(st.integers(1, 3))
    cells, sums, of_kind = {}, [], {}
    for kind in range(kinds):
        for at in range(draw(st.integers(1, 5))):
            own = {part: Decimal(draw(st.one_of(st.integers(0, 7), st.integers(0, 30)))) for part in PARTS}
            for measure, value in {**own, "knowledge": sum(own.values(), Decimal(0))}.items():
                cells["cluster", f"{kind}.{at}", measure] = value
                of_kind.setdefault((kind, measure), []).append(("cluster", f"{kind}.{at}", measure))
    for (kind, measure), parts in of_kind.items():
        cells["kind", str(kind), measure] = sum((cells[part] for part in parts), Decimal(0))
        sums.append(Sum(("kind", str(kind), measure), tuple(parts)))
    for measure in MEASURES:
        parts = tuple(("kind", str(kind), measure) for kind in range(kinds))
        cells["nation", "", measure] = sum((cells[part] for part in parts), Decimal(0))
        sums.append(Sum(("nation", "", measure), parts))
    places = {(by, key) for by, key, _ in cells}
    sums += [Sum((*place, "knowledge"), tuple((*place, part) for part in PARTS)) for place in sorted(places)]
    return cells, sums


def attacked(sums, back):
    """The attacker: every held back cell whose number the system of everything that is told determines, by Gaussian elimination."""
    unknown = sorted(back)
    if not unknown:
        return []
    matrix = np.array([[sum(part == one for part in sum_.parts) - (sum_.whole == one) for one in unknown] for sum_ in sums], float)  # fmt: skip
    _, sizes, basis = np.linalg.svd(matrix)
    null = basis[int((sizes > 1e-9).sum()) :]
    return [one for at, one in enumerate(unknown) if not null.size or np.abs(null[:, at]).max() < 1e-9]


@tries(300, 60)
@given(countries())
def test_nobody_works_a_small_number_out_of_organisations_types_kinds_and_the_country(country):
    cells, sums = country
    back = held(cells, sums, 5)
    assert {key for key, value in cells.items() if small(value, 5)} <= back
    assert [key for key in attacked(sums, back) if small(cells[key], 5)] == []


@tries(200, 40)
@given(countries(), st.data())
def test_the_house_finds_what_the_attacker_finds(country, data):
    cells, sums = country
    back = set(data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=12)))
    assert sorted(worked_out(sums, back)) == attacked(sums, back)


def test_the_attacker_finds_what_was_held_back_alone():
    cells = {"a": Decimal(3), "b": Decimal(9), "sum": Decimal(12)}
    assert attacked([Sum("sum", ("a", "b"))], {"a"}) == ["a"]
    assert held(cells, [Sum("sum", ("a", "b"))], 5) == {"a", "b"}


def test_two_rings_of_held_back_numbers_give_the_bridge_between_them_away():
    """Each sum holds two unknowns or more, and still 1.2's colleges follow: all sums together know more than each alone."""
    own = {"1.0": (1, 0, 4), "1.1": (0, 4, 0), "1.2": (0, 1, 1)}
    cells = {(at, part): Decimal(n) for at, row in own.items() for part, n in zip(PARTS, row, strict=True)}
    cells |= {(at, "knowledge"): Decimal(sum(row)) for at, row in own.items()}
    cells |= {("nation", part): sum((cells[at, part] for at in own), Decimal(0)) for part in MEASURES}
    sums = [Sum(("nation", part), tuple((at, part) for at in own)) for part in MEASURES]
    sums += [Sum((at, "knowledge"), tuple((at, part) for part in PARTS)) for at in (*own, "nation")]
    back = held(cells, sums, 5)
    assert [key for key in attacked(sums, back) if small(cells[key], 5)] == []


def test_where_a_type_has_one_organisation_the_type_is_held_back_with_it():
    cells = {"a": Decimal(3), "b": Decimal(9), "x": Decimal(3), "y": Decimal(9), "z": Decimal(20), "c": Decimal(20), "land": Decimal(32)}  # fmt: skip
    sums = [Sum("x", ("a",)), Sum("y", ("b",)), Sum("z", ("c",)), Sum("land", ("x", "y", "z"))]
    assert held(cells, sums, 5) == {"a", "x", "b", "y"}


def test_what_is_named_although_it_is_no_small_number_is_not_left_alone_either():
    cells = {key: Decimal(value) for key, value in {"a": 20, "b": 30, "c": 40, "all": 90}.items()}
    back = held(cells, [Sum("all", ("a", "b", "c"))], 5, also=["a"])
    assert back == {"a", "b"} and worked_out([Sum("all", ("a", "b", "c"))], back) == set()
