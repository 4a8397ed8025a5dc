"""When a membership may begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from klyngeforum.ground.disclosing import Sum, held
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


def told_makeup(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """The make-up of an organisation as everybody is told it; None is held back.

    How many belong is no secret: organisations publish who their participants are. How large those are and what they have agreed to
    is told of no few (docs/small-numbers.md), nor of the few that are left when one number is taken from another.
    """
    known, companies = counts["companies"] - counts["size_unknown"], counts["companies"]
    cells = {"under_50": counts["under_50"], "larger": known - counts["under_50"]}
    cells |= {"dedicated": counts["dedicated"], "not dedicated": companies - counts["dedicated"]}
    sums = [Sum(None, ("under_50", "larger")), Sum(None, ("dedicated", "not dedicated"))]
    back = held(cells, sums, least, untold=("larger", "not dedicated"))
    return {key: None if key in back else n for key, n in counts.items()}
