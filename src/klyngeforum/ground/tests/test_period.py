"""What day a moment is of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from klyngeforum.ground.period import date_of


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2013-12-31T22:59", date(2013, 12, 31)),
        ("2013-12-31T23:30", date(2014, 1, 1)),  # half past midnight in Copenhagen: the new year has begun
        ("2013-06-30T21:59", date(2013, 6, 30)),
        ("2013-06-30T22:00", date(2013, 7, 1)),  # in summer two hours ahead
        ("2013-07-01T12:00", date(2013, 7, 1)),
    ],
)
def test_the_day_is_the_one_that_people_in_the_country_had(moment, day):
    assert date_of(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == day


@pytest.mark.parametrize(
    ("zone", "day"), [("Atlantic/Azores", date(2013, 12, 31)), ("Europe/Helsinki", date(2014, 1, 1))]
)
def test_another_country_has_its_own(settings, zone, day):
    settings.TIME_ZONE = zone
    assert date_of(datetime(2013, 12, 31, 23, 30, tzinfo=UTC)) == day
