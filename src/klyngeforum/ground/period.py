"""Periods of days, both ends included; an open end is None. And what day a moment is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone


def date_of(at: datetime) -> date:
    """The day by the programme's clock (the setting TIME_ZONE): moments are kept in UTC, and an hour past midnight is another day there."""
    return timezone.localtime(at).date()


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last day; ``until=None`` means still running."""

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"a period cannot end ({self.until}) before it begins ({self.since})")

    @classmethod
    def of_year(cls, year: int) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31))

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, other: Period) -> bool:
        """Whether the two periods share a day."""
        starts_in_time = other.until is None or self.since <= other.until
        return starts_in_time and (self.until is None or other.since <= self.until)
