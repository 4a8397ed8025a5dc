"""klyngeanalyse schedule: wishes in, a timetable of one-to-one meetings out; or a new one after somebody cancelled."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from klyngeanalyse.cli import reading
from klyngeanalyse.cli.numbers import whole
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.schedule import Seminar, days, plan, replan, seminar, summary, unmet
from klyngeanalyse.schedule.seminar import unordered

HELP = (
    "Plan one-to-one meetings at a seminar. INPUT has the columns who, whom and, if you like, weight (how much: 3 is more than 1). "
    "It says how far the plan can be from the best one, and why a wish did not come true."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--slots", required=True, metavar="N|FILE", help="how many slots, or a file: slot, tables, break (yes/no)"
    )
    parser.add_argument(
        "--tables", metavar="N|FILE", help="how many tables, or a file: table, x, y (metres), to walk little"
    )
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="person, and if you like side, away (slots: 3 4), most (meetings)"
    )
    parser.add_argument("--vetoes", type=Path, metavar="FILE", help="who, whom: these two never meet")
    parser.add_argument(
        "--earlier", type=Path, metavar="FILE", help="plan.csv of an earlier plan: change as little as can be"
    )
    parser.add_argument("--cancelled", nargs="+", default=[], metavar="PERSON", help="people who do not come after all")
    parser.add_argument(
        "--moves", type=whole(0), default=0, metavar="N", help="with --earlier: meetings that may be moved (0)"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    one = asked(said)
    if said.earlier:
        rows = reading.lines(said.earlier, ("slot", "table", "one", "other"))
        earlier = {unordered(row["one"], row["other"]): (row["slot"], row["table"]) for row in rows}
        again = replan(one, earlier, said.moves, progress)
        return {"summary": summary(again), "plan": again, "days": days(one, again), "unmet": unmet(one, again)}
    if said.moves:
        raise Unfit("--moves without --earlier", mend="give the plan.csv of the earlier plan after --earlier")
    made = plan(one, progress)
    return {"summary": summary(made), "plan": made, "days": days(one, made), "unmet": unmet(one, made)}


def asked(said: argparse.Namespace) -> Seminar:
    """The seminar that the files describe."""
    wishes = [
        (
            row["who"],
            row["whom"],
            reading.number(row["weight"], f"{Path(said.input).name}, column weight, row {nth + 2}", 1.0),
        )
        for nth, row in enumerate(reading.lines(said.input, ("who", "whom"), ("weight",)))
    ]
    people = reading.lines(said.people, ("person",), ("side", "away", "most")) if said.people else []
    slots, room, breaks = _slots(said.slots)
    tables, spots = _tables(said.tables)
    gone = {row["person"]: row["away"].replace(";", " ").replace(",", " ").split() for row in people if row["away"]}
    names = [str(nth + 1) for nth in range(slots)] if isinstance(slots, int) else slots
    sides = {row["person"]: row["side"] for row in people if row["side"]}
    return seminar(
        wishes,
        slots=names,
        people=[row["person"] for row in people],
        tables=tables if room is None else room,
        breaks=breaks,
        vetoes=[(row["who"], row["whom"]) for row in reading.lines(said.vetoes, ("who", "whom"))]
        if said.vetoes
        else [],
        away={**gone, **dict.fromkeys(said.cancelled, names)},
        most={
            row["person"]: _whole(row["most"], f"the most meetings of {row['person']}") for row in people if row["most"]
        },
        sides=sides or None,
        spots=spots,
    )


def _whole(text: str, where: str) -> int:
    value = reading.number(text, where, 0)
    if value != int(value):
        raise Unfit(f"{text} is not a whole number", where=where, mend="write it as 12")
    return int(value)


def _slots(text: str) -> tuple[int | list[str], list[int] | None, list[str]]:
    if text.isdigit():
        return int(text), None, []
    rows = reading.lines(text, ("slot",), ("tables", "break"))
    breaks = [row["slot"] for row in rows if reading.truth(row["break"], f"{text}, slot {row['slot']}, column break")]
    told = [row["tables"] for row in rows if row["slot"] not in breaks]
    if not any(told):
        return [row["slot"] for row in rows], None, breaks
    if not all(told):
        raise Unfit(
            "some slots say how many tables and some do not", where=text, mend="fill the column tables or leave it out"
        )
    room = [_whole(row["tables"], f"{text}, slot {row['slot']}, column tables") if row["tables"] else 1 for row in rows]
    return [row["slot"] for row in rows], room, breaks


def _tables(text: str | None) -> tuple[int | None, dict[str, tuple[float, float]] | None]:
    if text is None or text.isdigit():
        return (None if text is None else int(text)), None
    spots: dict[str, Any] = {}
    for row in reading.lines(text, ("table", "x", "y")):
        if row["table"] in spots:
            raise Unfit(f"two tables called {row['table']}", where=text, mend="give each table a name of its own")
        spots[row["table"]] = tuple(
            reading.number(row[axis], f"{text}, table {row['table']}, {axis}", 0.0) for axis in "xy"
        )
    return None, spots
