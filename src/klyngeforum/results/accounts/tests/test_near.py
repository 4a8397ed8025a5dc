"""Who lies near the middle of those who took part: by hand and by the law that it does not matter in which order they stand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from klyngeforum.ground.places.rules import kilometres
from klyngeforum.results.accounts.rules import LineValues, digested, place_near
from klyngeforum.results.accounts.terms import CountsAs

ODENSE, COPENHAGEN, AALBORG = (10.388, 55.396), (12.568, 55.676), (9.921, 57.048)
POINTS = {1: ODENSE, 2: COPENHAGEN, 3: AALBORG}


def line(body: int, place: int | None, took_part: bool = True) -> LineValues:
    return LineValues(body, CountsAs.COMPANY, place_id=place, participated=took_part)


def near(lines: list[LineValues], limit: int = 150) -> list[bool | None]:
    place_near(lines, POINTS, Decimal(limit))
    return [one.near for one in lines]


def test_from_odense_copenhagen_is_near_and_aalborg_is_not():
    assert near([line(1, 1), line(2, 1), line(3, 2), line(4, 3)]) == [True, True, True, False]


def test_who_has_no_known_place_or_did_not_take_part_is_neither():
    assert near([line(1, 1), line(2, None), line(3, 99), line(4, 1, took_part=False)]) == [True, None, None, None]


def test_exactly_at_the_limit_is_near():
    apart = Decimal(kilometres(ODENSE, COPENHAGEN))
    lines = [line(1, 1), line(2, 1), line(3, 2)]
    place_near(lines, POINTS, apart)
    assert lines[2].near is True
    place_near(lines, POINTS, apart - Decimal("0.001"))
    assert lines[2].near is False


@given(st.lists(st.sampled_from([1, 2, 3, None]), max_size=8), st.randoms())
def test_the_order_does_not_matter(places, random):
    lines = [line(body, place) for body, place in enumerate(places)]
    shuffled = [line(body, place) for body, place in enumerate(places)]
    random.shuffle(shuffled)
    near(lines), near(shuffled)
    assert {one.body: one.near for one in lines} == {one.body: one.near for one in shuffled}


def test_older_books_keep_their_fingerprint():
    """What was booked before kind and nearness were known says nothing of them."""
    assert (
        len(digested(line(1, 1))) == 15 and len(digested(LineValues(1, CountsAs.KNOWLEDGE, knowledge_kind="gts"))) == 17
    )
