"""Small numbers: by hand, and by trying to subtract them out of the sum."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import OptimizeResult, linprog

from klyngeforum.ground import attacking
from klyngeforum.ground.attacking import spans
from klyngeforum.ground.disclosing import Sum, held, hidden, small
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


def placed(cells, sums, back):
    """The same attacker with a solver: between which numbers each held-back cell lies, as nothing is negative and what is held back is somebody."""
    unknown = sorted(back, key=str)
    matrix = np.array([[sum(part == one for part in sum_.parts) - (sum_.whole == one) for one in unknown] for sum_ in sums], float)  # fmt: skip
    told = np.array([sum(float(cells[part]) for part in one.parts if part not in back) - (float(cells[one.whole]) if one.whole not in back else 0) for one in sums])  # fmt: skip
    least = np.array([sum(float(cells[part]) for part in one.parts) - float(cells[one.whole]) for one in sums])
    answer = {}
    for at, one in enumerate(unknown):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(unknown))
            aim[at] = sign
            found = linprog(aim, A_eq=matrix, b_eq=least - told, bounds=(1, None))
            ends.append(sign * found.fun if found.status == 0 else np.inf)
        answer[one] = tuple(ends)
    return answer


@tries(60, 15)
@given(countries())
def test_nobody_works_a_number_out_of_organisations_types_kinds_and_the_country_nor_comes_near_it(country):
    cells, sums = country
    back = held(cells, sums, 5)
    assert {key for key, value in cells.items() if small(value, 5)} <= back
    assert attacked(sums, back) == []
    assert [one for one, (low, high) in placed(cells, sums, back).items() if high - low < 5 - 1e-6] == []


@tries(40, 10)
@given(countries(), st.data())
def test_the_house_places_a_number_where_the_attacker_does(country, data):
    cells, sums = country
    some = [key for key in sorted(cells) if cells[key] > 0]
    back = set(data.draw(st.lists(st.sampled_from(some), max_size=8))) if some else set()
    house, other = spans({key: float(value) for key, value in cells.items()}, sums, back), placed(cells, sums, back)
    assert {key: np.allclose(house[key], other[key]) for key in back} == dict.fromkeys(back, True)


def test_two_that_are_small_together_place_each_other_and_take_a_third():
    """3 + 2 of a told 14: whoever subtracts the 9 knows that both are less than five."""
    cells = {"a": 3, "b": 2, "c": 9, "d": 20, "all": 34}
    assert held(cells, [Sum("all", ("a", "b", "c", "d"))], 5) == {"a", "b", "c"}


@st.composite
def nested(draw):
    """Organisations with a measure, a part of it and a part of that one, told beside the country's sums."""
    cells, sums, rests = {}, [], []
    for at in range(draw(st.integers(1, 5))):
        whole = draw(st.integers(0, 30))
        part = draw(st.integers(0, whole))
        for name, value in (("whole", whole), ("part", part), ("inner", draw(st.integers(0, part)))):
            cells[f"{at}", name] = value
    places = sorted({place for place, _ in cells})
    for name in ("whole", "part", "inner"):
        cells["land", name] = sum(cells[place, name] for place in places)
        sums.append(Sum(("land", name), tuple((place, name) for place in places)))
    for place in [*places, "land"]:
        for big, little in (("whole", "part"), ("part", "inner")):
            rest = (place, f"{big}-{little}")
            cells[rest] = cells[place, big] - cells[place, little]
            sums.append(Sum((place, big), ((place, little), rest)))
            rests.append(rest)
    return cells, sums, rests


@tries(60, 15)
@given(nested())
def test_nobody_subtracts_a_part_from_its_whole_and_finds_a_few(made):
    cells, sums, rests = made
    back = held(cells, sums, 5, untold=rests)
    assert not back & set(rests)
    for place, name in cells:
        if "-" in name:
            big, little = name.split("-")
            if small(cells[place, name], 5):
                assert (place, big) in back or (place, little) in back
    ends = spans({key: float(value) for key, value in cells.items()}, sums, back | set(rests), rests)
    secret = back | {rest for rest in rests if small(cells[rest], 5)}
    assert [key for key in secret if ends[key][1] - ends[key][0] < 5] == []


def test_a_part_that_leaves_a_few_is_held_back_although_both_are_many():
    cells = {"all": 20, "new": 18, "rest": 2}
    assert held(cells, [Sum("all", ("new", "rest"))], 5, untold=["rest"]) == {"new"}
    assert held({**cells, "new": 10, "rest": 10}, [Sum("all", ("new", "rest"))], 5, untold=["rest"]) == set()


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
    assert back == {"a", "b"}


def test_a_solver_that_is_stopped_holds_more_back_and_never_less(monkeypatch):
    cells = {"a": 3, "b": 9, "c": 7, "d": 30, "all": 49}
    sums = [Sum("all", ("a", "b", "c", "d"))]
    whole = held(cells, sums, 5)
    monkeypatch.setattr(attacking, "milp", lambda *_, **__: OptimizeResult(x=None, status=1, message="time limit"))
    assert whole < held(cells, sums, 5) == {"a", "b", "c", "d", "all"}
    monkeypatch.setattr(attacking, "milp", lambda *_, **__: OptimizeResult(x=None, status=4, message="no memory"))
    with pytest.raises(RuntimeError, match="no memory"):
        held(cells, sums, 5)
