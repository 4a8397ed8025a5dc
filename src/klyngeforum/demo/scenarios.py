"""Mergers that people of the made-up country thought through and kept: materials before they merged, and a trade with several organisations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from klyngeforum.ground.access.queries import Actor
from klyngeforum.registers.clusters.queries import Cluster
from klyngeforum.results.landscape import actions as landscape
from klyngeforum.results.landscape.mergers import Scenario
from klyngeforum.results.landscape.terms import FEWEST_PARTS, MOST_PARTS
from klyngeforum.steering.meetings import actions as meetings
from klyngeforum.steering.meetings.queries import Laid, Meeting
from klyngeforum.web.components.laying import in_words
from klyngeforum.web.public.merger import result_of

from .plan import Country, merging

Say = Callable[[str], None]


def _of_one_trade(country: Country, running: Sequence[int]) -> list[int]:
    """The running organisations of the trade that has most of them."""
    by_trade: dict[str, list[int]] = defaultdict(list)
    for nth in running:
        by_trade[country.organisations[nth].subject.da].append(nth)
    return max(by_trade.values(), key=len, default=[])[:MOST_PARTS]


def _lay(by: Actor, at: datetime, meeting: Meeting, one: Scenario, parts: Sequence[Cluster]) -> Laid:
    cells = in_words(lambda: result_of(list(parts), one.day, opened=False))
    return meetings.lay(by=by, at=at, meeting=meeting, scenario=one, cells=cells)


def think_of_mergers(country: Country, rows: Sequence[Cluster], people: dict[str, Actor], running: Sequence[int], say: Say) -> None:  # fmt: skip
    say("scenarios of mergers")
    last = country.size.last_year
    wanted = (
        ("sekretariat", "Ét materialeforum", "Forummødet i marts, punkt 3", date(last - 2, 12, 31), merging(country.organisations)[0]),
        ("analytiker", "Én organisation for faget", "Oplæg til forummet", date(last, 12, 31), _of_one_trade(country, running)),
    )  # fmt: skip
    for who, name, note, day, chosen in wanted:
        if len(chosen) >= FEWEST_PARTS:
            at = datetime(day.year + 1, 2, 3, 10, tzinfo=UTC)
            ids = [rows[nth].pk for nth in chosen]
            one = landscape.keep_scenario(by=people[who], at=at, name=name, note=note, day=day, clusters=ids)
            meeting = meetings.call(
                by=people["sekretariat"], at=at, held_on=date(at.year, 3, 12), title=f"Forummøde i marts {at.year}"
            )
            _lay(people["sekretariat"], at, meeting, one, [rows[nth] for nth in chosen])
    for who, _name, _note, day, chosen in [one for one in wanted if len(one[-1]) >= FEWEST_PARTS][-1:]:
        at, ids = datetime(last + 1, 2, 4, 10, tzinfo=UTC), [rows[nth].pk for nth in chosen[:FEWEST_PARTS]]
        first = landscape.keep_scenario(by=people[who], at=at, name="Kun to af dem", note="", day=day, clusters=ids)
        wrong = _lay(people["sekretariat"], at, meeting, first, [rows[nth] for nth in chosen[:FEWEST_PARTS]])
        meetings.take_back(
            by=people["sekretariat"],
            at=at,
            exhibit=wrong,
            because="Lagt ved en fejl; bilag 1 er det rigtige",
            sure=True,
        )
        landscape.withdraw_scenario(by=people[who], at=at, scenario=first, because="Afløst af et senere scenarie")
