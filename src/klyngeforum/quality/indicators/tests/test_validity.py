"""Validity: months are counted, the end is a day."""

from __future__ import annotations

from datetime import date

import pytest

from klyngeforum.quality.indicators.terms import Granularity
from klyngeforum.quality.indicators.validity import (
    first_period,
    month_end,
    months_between,
    months_later,
    renewal,
    renewal_closes,
    whole_months,
)
from tests.worked import OLD

DAYS, MONTHS, NO_WINDOW = (OLD.label(code).validity for code in ("tower", "beam", "spark"))


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [(date(2023, 10, 31), 24, date(2025, 10, 31)), (date(2023, 8, 31), 6, date(2024, 2, 29)), (date(2023, 12, 5), 1, date(2024, 1, 5)),
     (date(2023, 1, 5), 11, date(2023, 12, 5)), (date(2023, 1, 5), 12, date(2024, 1, 5)), (date(2024, 2, 29), 12, date(2025, 2, 28))],
)  # fmt: skip
def test_months_later(day, months, then):
    assert months_later(day, months) == then
    assert months_between(day, then) == months


def test_months_are_those_of_the_calendar():
    assert months_between(date(2012, 1, 31), date(2012, 2, 1)) == 1
    assert months_between(date(2013, 3, 1), date(2011, 12, 31)) == -15
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)


def test_to_the_day_and_to_the_end_of_the_month():
    assert (DAYS.granularity, MONTHS.granularity) == (Granularity.DAY, Granularity.MONTH)
    assert first_period(DAYS, date(2021, 3, 10)).until == date(2023, 3, 10)
    assert first_period(MONTHS, date(2021, 3, 10)).until == date(2023, 3, 31)
    assert first_period(MONTHS, date(2021, 3, 10)).since == date(2021, 3, 10)


def test_a_renewal_joins_seamlessly_within_its_window():
    assert renewal_closes(DAYS, date(2023, 3, 10)) == date(2024, 3, 10)
    assert renewal_closes(MONTHS, date(2023, 3, 31)) == date(2023, 9, 30)
    for day in (date(2023, 1, 1), date(2024, 3, 10)):
        again = renewal(DAYS, date(2023, 3, 10), day)
        assert (again.seamless, again.period.since, again.period.until) == (True, date(2023, 3, 11), date(2026, 3, 10))
    late = renewal(DAYS, date(2023, 3, 10), date(2024, 3, 11))
    assert (late.seamless, late.period.since, late.period.until) == (False, date(2024, 3, 11), date(2026, 3, 11))


def test_without_a_window_the_last_day_is_the_last():
    assert renewal(NO_WINDOW, date(2023, 3, 31), date(2023, 3, 31)).seamless
    assert not renewal(NO_WINDOW, date(2023, 3, 31), date(2023, 4, 1)).seamless


@pytest.mark.parametrize(
    ("since", "until", "count"),
    [
        (date(2026, 11, 28), date(2027, 1, 1), 1), (date(2026, 12, 1), date(2027, 4, 1), 4), (date(2026, 12, 2), date(2027, 4, 1), 3),
        (date(2027, 1, 31), date(2027, 2, 28), 1), (date(2027, 1, 31), date(2027, 2, 27), 0), (date(2027, 1, 1), date(2027, 1, 1), 0),
    ],
)  # fmt: skip
def test_whole_months(since, until, count):
    assert whole_months(since, until) == count
