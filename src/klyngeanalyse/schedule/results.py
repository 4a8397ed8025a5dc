"""What a timetable says: meetings, each person's day, the wishes that did not come true and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.results import Chart, Result, Row
from klyngeanalyse.schedule.bound import Relaxed, lacking
from klyngeanalyse.schedule.seminar import Ints, Seminar, unordered
from klyngeanalyse.schedule.walking import walks


@dataclass(frozen=True)
class Timetable(Result):
    """`value` is the sum of the weights of the pairs that meet, `bound` what no plan as fair as this one exceeds, `gap` = 1 - value/bound.

    `without_first_wish` names who has a first wish that could come true and none that does; no plan leaves fewer than
    `fewest_without_first_wish`. `walked` metres in all, `longest_walk` the longest between two meetings.
    """

    value: float
    bound: float
    gap: float
    n_meetings: int
    n_pairs_wished: int
    n_people: int
    n_slots: int
    n_without_first_wish: int
    fewest_without_first_wish: int
    without_first_wish: tuple[str, ...]
    walked: float
    longest_walk: float
    meetings: tuple[tuple[str, str, str, str, float], ...]

    def rows(self) -> Iterable[Row]:
        heads = ("slot", "table", "one", "other", "weight")
        return [dict(zip(heads, meeting, strict=True)) for meeting in self.meetings]

    def chart(self) -> Chart:
        used: dict[str, int] = {}
        for slot, *_ in self.meetings:
            used[slot] = used.get(slot, 0) + 1
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "description": f"{self.n_meetings} meetings by slot",
            "data": {"values": [{"slot": slot, "meetings": count} for slot, count in used.items()]},
            "mark": "bar",
            "encoding": {
                "x": {"field": "slot", "type": "ordinal", "sort": None, "title": "slot"},
                "y": {"field": "meetings", "type": "quantitative", "title": "meetings"},
            },
        }

    def pairs(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Who meets whom -> (slot, table)."""
        return {unordered(one, other): (slot, table) for slot, table, one, other, _ in self.meetings}


@dataclass(frozen=True)
class Summary(Result):
    """The one line of a timetable."""

    value: float
    bound: float
    gap: float
    n_meetings: int
    n_pairs_wished: int
    n_people: int
    n_slots: int
    n_without_first_wish: int
    fewest_without_first_wish: int
    walked: float
    longest_walk: float


@dataclass(frozen=True)
class Days(Result):
    """Every person's day: person, slot, table, with whom, the person's own wish (weight) or none."""

    entries: tuple[tuple[str, str, str, str, float | None], ...]

    def rows(self) -> Iterable[Row]:
        return [dict(zip(("person", "slot", "table", "meets", "own_wish"), one, strict=True)) for one in self.entries]


@dataclass(frozen=True)
class Unmet(Result):
    """Wishes that did not come true: who, whom, weight, whether a first wish, and why: veto, no_common_slot or full."""

    entries: tuple[tuple[str, str, float, bool, str], ...]

    def rows(self) -> Iterable[Row]:
        return [dict(zip(("who", "whom", "weight", "first_wish", "why"), one, strict=True)) for one in self.entries]


def timetable(one: Seminar, slot: Ints, table: Ints, bound: Relaxed) -> Timetable:
    met = np.flatnonzero(slot >= 0)
    met = met[np.lexsort((table[met], slot[met]))]
    value = float(one.weight[met].sum())
    missing = tuple(one.people[nth] for nth in lacking(one, slot >= 0))
    walked = walks(one, slot, table)
    rows = [
        (one.slots[slot[k]], one.table_names[table[k]], *(one.people[p] for p in one.pairs[k]), float(one.weight[k]))
        for k in met
    ]
    return Timetable(
        value, bound.bound, max(0.0, 1 - value / bound.bound) if bound.bound > 0 else 0.0, len(met), len(one.weight),
        len(one.people), len(one.slots), len(missing), bound.fewest, missing, float(walked.sum()),
        float(walked.max(initial=0.0)), tuple(rows),
    )  # fmt: skip


def summary(made: Timetable) -> Summary:
    return Summary(*(getattr(made, name) for name in Summary.__dataclass_fields__))


def days(one: Seminar, made: Timetable) -> Days:
    own = {(who, whom): weight for who, whom, weight in one.wishes}
    order = {name: nth for nth, name in enumerate(one.slots)}
    found = [
        (me, slot, table, you, own.get((me, you)))
        for slot, table, left, right, _ in made.meetings
        for me, you in ((left, right), (right, left))
    ]
    return Days(tuple(sorted(found, key=lambda entry: (entry[0], order[entry[1]]))))


def unmet(one: Seminar, made: Timetable) -> Unmet:
    meet = made.pairs()
    possible = {(one.people[u], one.people[v]) for u, v in one.pairs.tolist()}
    top: dict[str, float] = {}
    for who, _, weight in one.wishes:
        top[who] = max(top.get(who, 0.0), weight)
    found = []
    for who, whom, weight in one.wishes:
        pair = unordered(who, whom)
        if pair not in meet:
            why = "veto" if pair in one.vetoes else "full" if pair in possible else "no_common_slot"
            found.append((who, whom, weight, weight >= top[who], why))
    return Unmet(tuple(found))
