"""Strength by employment for coverage: parts of a region added up, and nothing told of a cell whose part is held back."""

from __future__ import annotations

from itertools import product

import pytest

from klyngeforum.results.strengths.by_employment import Employed, employed, strong_beside
from klyngeforum.results.strengths.terms import Limits

LIMITS = Limits(50, 5, 1.0, 8, 0.05, 10, 1.25, 10)
REGION = {"DK031": 1, "DK032": 1, "DK041": 2}
ROWS = [
    ("DK031", "28", 300.0, 20.0), ("DK032", "2811", 100.0, 5.0), ("DK041", "28", 100.0, 30.0), ("DK031", "10", 100.0, 9.0), ("DK041", "10", 400.0, 40.0),
    ("abroad", "28", 9999.0, 9.0),
]  # fmt: skip


def found(rows=ROWS, held=frozenset()):
    return employed(rows, REGION, held, LIMITS)


def test_landsdele_and_deeper_industries_are_added_up():
    cell = found()[1, "28"]
    assert cell.employment == 400 and cell.quotient == pytest.approx((400 / 500) / (500 / 1000))
    assert cell.strong and not cell.held and not found()[1, "10"].strong
    assert set(found()) == {(1, "28"), (1, "10"), (2, "28"), (2, "10")}


@pytest.mark.parametrize(("jobs", "places", "strong"), [(60.0, 12.0, True), (40.0, 12.0, False), (60.0, 9.0, False), (60.0, None, True)])  # fmt: skip
def test_a_field_too_small_to_say_is_not_strong(jobs, places, strong):
    rows = [("DK031", "28", jobs, places), ("DK031", "10", 40.0, 10.0), ("DK041", "10", 4000.0, 40.0)]
    assert found(rows)[1, "28"].strong is strong


def test_one_part_held_back_holds_the_region_back():
    assert found(held=frozenset({("DK032", "2811")}))[1, "28"].held
    assert found([*ROWS, ("DK032", "28", None, None)])[1, "28"].held
    assert not found(held=frozenset({("DK032", "2811")}))[2, "28"].held


@pytest.mark.parametrize(("strong", "held", "listed", "see_small"), list(product((False, True), repeat=4)))
def test_beside_the_list_stands_what_is_strong_not_on_it_and_may_be_told(strong, held, listed, see_small):
    cells = {(1, "28"): Employed(400.0, 1.6, strong, held), (2, "10"): Employed(400.0, 1.6, False, False)}
    beside = strong_beside(cells, {(1, "28")} if listed else set(), see_small=see_small)
    assert beside == ([(1, "28")] if strong and not listed and (see_small or not held) else [])
