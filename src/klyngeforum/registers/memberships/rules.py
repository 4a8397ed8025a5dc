"""When a membership may begin and end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from klyngeforum.ground.period import Period
from klyngeforum.ground.verdict import YES, Verdict, no
from klyngeforum.ground.words import mark


def may_enrol(wish: Period, standing: Iterable[Period]) -> Verdict:
    """A body is a member once at a time."""
    clash = next((period for period in standing if period.meets(wish)), None)
    if clash:
        return no(
            mark("Already a participant from %(since)s. End that first, or change it."),
            on="since",
            since=clash.since.isoformat(),
        )
    return YES


def may_end(since: date, until: date | None, on: date) -> Verdict:
    if until is not None:
        return no(mark("The membership has already ended."), on="until")
    if on < since:
        return no(mark("A membership cannot end before it began (%(since)s)."), on="until", since=since.isoformat())
    return YES
