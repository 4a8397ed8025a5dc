"""When people are reminded of an account and how long an answer may take: the programme's data, and the step that a day has reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from klyngeforum.ground.programme.queries import read_toml
from klyngeforum.ground.programme.rules import ProgrammeError
from klyngeforum.ground.programme.terms import Provenance
from klyngeforum.quality.indicators.entries import Entry, Problem

FILE = "rounds.toml"
_GROUPS = ("weekly_on", "days", "late", "reminders")
_WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """A reminder: so many days after the deadline (before it is negative), at once or in the weekly letter."""

    days: int
    at_once: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """The weekday of the weekly letter, days for answers and corrections, the steps, and how lateness is repeated; and where each is from."""

    weekly_on: int
    answer_days: int
    correction_days: int
    late_every: int
    late_most: int
    steps: tuple[Step, ...]
    sources: dict[str, tuple[str, Provenance]]

    def weekly(self, on: date) -> bool:
        return on.isoweekday() == self.weekly_on

    def reached(self, due_on: date, on: date) -> Step | None:
        """The newest step whose day has come, so that who was not reminded for a while gets one mail and not all of them."""
        late = (on - due_on).days
        come = [step for step in self.steps if step.days <= late]
        if not come:
            return None
        last = come[-1]
        again = min((late - last.days) // self.late_every, self.late_most) if last == self.steps[-1] else 0
        return Step(last.days + again * self.late_every, False) if again else last

    def answer_by(self, on: date, due_on: date) -> date:
        """An answer has its days, and never fewer than the deadline gives."""
        return max(due_on, on + timedelta(days=self.answer_days))

    def correct_by(self, on: date) -> date:
        return on + timedelta(days=self.correction_days)


@lru_cache(maxsize=8)
def schedule_in(folder: Path) -> Schedule:
    problems: list[Problem] = []
    entry = Entry(read_toml(folder / FILE), FILE, problems)
    steps = [Step(_days(one), one.flag("at_once")) for one in entry.tables("reminder", "days")]
    found = Schedule(
        weekly_on=entry.whole("weekly_on", least=1), answer_days=entry.whole("answer_days", least=1), correction_days=entry.whole("correction_days", least=1),
        late_every=entry.whole("late_every", least=1), late_most=entry.whole("late_most"), steps=tuple(sorted(steps)),
        sources={one: (entry.text(f"{one}_source"), entry.one_of(f"{one}_provenance", Provenance)) for one in _GROUPS},
    )  # fmt: skip
    if found.weekly_on > _WEEK:
        entry.wrong("weekly_on", f"it is {found.weekly_on}; write a weekday from 1 (Monday) to 7")
    if len({step.days for step in steps}) != len(steps):
        entry.wrong("reminder", "two reminders have the same days; keep one")
    entry.finish()
    if problems:
        raise ProgrammeError("\n".join(str(one) for one in problems))
    return found


def _days(one: Entry) -> int:
    return int(one.number("days", least="-366", most="366"))


def schedule() -> Schedule:
    return schedule_in(settings.PROGRAMME)
