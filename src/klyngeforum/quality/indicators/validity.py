"""How long a label runs and when a renewal is seamless: months are counted, the end is a day. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from klyngeforum.ground.period import Period

from .terms import Granularity, Validity


def months_between(one: date, other: date) -> int:
    """Whole calendar months from the month of one day to that of the other."""
    return (other.year - one.year) * 12 + other.month - one.month


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(since: date, until: date) -> int:
    """How many whole months go from one day until a later one."""
    count = months_between(since, until)
    return count if months_later(since, count) <= until else count - 1


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _end(day: date, months: int, validity: Validity) -> date:
    later = months_later(day, months)
    return month_end(later) if validity.granularity is Granularity.MONTH else later


def first_period(validity: Validity, assessed_on: date) -> Period:
    """The first validity, from the assessment."""
    return Period(assessed_on, _end(assessed_on, validity.first_months, validity))


def renewal_closes(validity: Validity, ends_on: date) -> date:
    """The last day on which a renewal still joins seamlessly."""
    return _end(ends_on, validity.renew_window_months, validity)


@dataclass(frozen=True, slots=True)
class Renewal:
    """The new validity, and whether it joins the old one without a gap."""

    period: Period
    seamless: bool


def renewal(validity: Validity, ends_on: date, assessed_on: date) -> Renewal:
    """A renewal in time runs on from the old end; a later one begins anew like a first validity."""
    if assessed_on > renewal_closes(validity, ends_on):
        return Renewal(first_period(validity, assessed_on), seamless=False)
    return Renewal(Period(ends_on + timedelta(days=1), _end(ends_on, validity.renewal_months, validity)), seamless=True)
