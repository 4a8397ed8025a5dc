"""Marks of the landscape: read with what is wrong said, dated, and compared with values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from klyngeforum.ground.programme.marks import holding, one_a_day, read_mark
from klyngeforum.ground.programme.queries import mark_of
from klyngeforum.ground.programme.rules import ProgrammeError

RAW = {
    "code": "staff", "version": "1", "from": date(2012, 10, 1), "least": 4, "most": 6, "da": "Bemanding", "en": "Staff", "unit_da": "årsværk",
    "unit_en": "full-time", "source": "x", "provenance": "placeholder",
}  # fmt: skip


def read(**changed):
    return read_mark({key: value for key, value in (RAW | changed).items() if value is not None}, "landscape.toml, mark 1")  # fmt: skip


@pytest.mark.parametrize(("value", "place"), [(3.9, -1), (4, 0), (6, 0), (Decimal("6.1"), 1), (None, None)])
def test_a_value_is_below_within_or_above(value, place):
    assert read().place(value) == place


def test_without_an_upper_end_nothing_is_above():
    assert read(most=None).place(10**9) == 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"least": None}, "'least' is missing"), ({"least": "4"}, "not a number"), ({"least": True}, "not a number"), ({"most": 3}, "under least"),
        ({"from": "2012"}, "not a date"), ({"unit_da": None}, "'unit_da' is missing"), ({"within_km": -1}, "not a number from 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(changed, said):
    with pytest.raises(ProgrammeError, match=said):
        read(**changed)


def test_a_mark_holds_from_its_day_and_the_first_for_what_was_before():
    early, late = read(), read(**{"from": date(2020, 1, 1), "least": 5})
    days = {date(2000, 1, 1): 4, date(2019, 12, 31): 4, date(2020, 1, 1): 5, date(2030, 1, 1): 5}
    assert {day: holding((late, early), "staff", day).least for day in days} == days
    with pytest.raises(ProgrammeError, match="is missing"):
        holding((early,), "other", date(2020, 1, 1))
    with pytest.raises(ProgrammeError, match="begin on"):
        one_a_day((early, early))


def test_the_strategys_marks_stand_in_the_programme():
    active, near, staff = (mark_of(code, on=date(2013, 1, 1)) for code in ("active_companies", "near_core", "staff"))
    assert (active.least, active.most) == (150, 250)
    assert (near.least, near.within_km) == (Decimal("0.8"), 150)
    assert (staff.least, staff.most) == (4, 6)
