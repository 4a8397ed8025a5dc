"""A part of an account sent back: which sections a question opens, what is then handed in, and what moved. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .rules import COUNTINGS, LineValues, counted
from .terms import Answered, Move, Section

EVERYTHING = frozenset(Section)
ANSWERED = (
    Section.PARTICIPATION,
    Section.MEMBERSHIP,
    Section.COLLABORATION,
    Section.OUTCOMES,
)  # what is answered on its own
# the columns of a line that each section fills, and the records that stand behind them
COLUMNS: dict[Section, tuple[str, ...]] = {
    Section.BODIES: ("counts_as", "size_band", "eu_sme", "industry_id", "place_id", "knowledge_kind", "near"),
    Section.PARTICIPATION: ("participated", "new_here", "activities", "hours"),
    Section.MEMBERSHIP: ("dedicated",),
    Section.COLLABORATION: ("started", "started_first_time"),
    Section.OUTCOMES: ("step",),
}
RECORDS = {
    Section.PARTICIPATION: "participation", Section.COLLABORATION: "participation", Section.MEMBERSHIP: "membership", Section.OUTCOMES: "outcome",
}  # fmt: skip
_OF_COLUMN = {column: section for section, columns in COLUMNS.items() for column in columns}
_WHO = frozenset(COLUMNS[Section.BODIES])


def section_of(measure: str) -> Section:
    """The section that a figure stands in: that of the first column it asks about, apart from who the bodies are."""
    columns = [key.partition("__")[0] for key in COUNTINGS[measure].where]
    return next(_OF_COLUMN[column] for column in columns if column not in _WHO)


def opened_by(measure: str) -> frozenset[Section]:
    """What a question about a figure opens: its section, and who the bodies are where the figure itself asks for size or number."""
    where = {key.partition("__")[0]: value for key, value in COUNTINGS[measure].where.items()}
    about_size = bool(where.keys() & (_WHO - {"counts_as"}))
    about_kind = where.get("counts_as") not in (None, "company")
    return frozenset({section_of(measure)} | ({Section.BODIES} if about_size or about_kind else set()))


def opened(asks: Iterable[tuple[str, str]]) -> frozenset[Section]:
    """What the questions (measure, section) open together; a question about the whole, or none at all, opens everything."""
    found: set[Section] = set()
    for measure, section in asks:
        if not measure and not section:
            return EVERYTHING
        found |= opened_by(measure) if measure else {Section(section)}
    return frozenset(found) or EVERYTHING


def locked_measures(sections: Collection[Section]) -> set[str]:
    """The figures that cannot move while only these sections are open."""
    return set() if Section.BODIES in sections else {code for code in COUNTINGS if section_of(code) not in sections}


def _holds(line: LineValues) -> bool:
    return line.participated or line.dedicated or line.started or line.step > 0


def rooted(lines: Iterable[LineValues], root: Mapping[int, int]) -> list[LineValues]:
    """Lines of bodies that were found to be the same as one; who they are is what the one that is kept says."""
    found: dict[int, LineValues] = {}
    for line in sorted(lines, key=lambda line: (line.body in root, line.body)):
        body = root.get(line.body, line.body)
        there = found.get(body)
        if there is None:
            found[body] = replace(line, body=body, records=list(line.records))
            continue
        for column in ("participated", "dedicated", "started", "started_first_time"):
            setattr(there, column, getattr(there, column) or getattr(line, column))
        there.new_here = there.new_here and line.new_here
        there.step = max(there.step, line.step)
        there.activities, there.hours = there.activities + line.activities, there.hours + line.hours
        there.records = sorted({*there.records, *line.records})
    return [found[body] for body in sorted(found)]


def merged(booked: Iterable[LineValues], now: Iterable[LineValues], sections: Collection[Section]) -> list[LineValues]:
    """What is handed in after a part was sent back: open sections as the records stand now, all others as they were booked."""
    before, after = {line.body: line for line in booked}, {line.body: line for line in now}
    lines = []
    for body in sorted(before.keys() | after.keys()):
        was, new = before.get(body), after.get(body)
        who = (new or was) if Section.BODIES in sections else (was or new)
        if who is None:
            continue
        line = LineValues(body, **{column: getattr(who, column) for column in COLUMNS[Section.BODIES]})
        records: set[str] = set()
        for section, kind in RECORDS.items():
            source = new if section in sections else was
            if source is None:
                continue
            for column in COLUMNS[section]:
                setattr(line, column, getattr(source, column))
            if any(getattr(source, column) for column in COLUMNS[section]):
                records |= {record for record in source.records if record.startswith(f"{kind}:")}
        if _holds(line):
            line.records = sorted(records)
            lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class BodyMove:
    """What happened to one body: (column, before, after) of every column that differs."""

    body: int
    move: Move
    what: tuple[tuple[str, str, str], ...]


def _said(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


_SHOWN = tuple(column for columns in COLUMNS.values() for column in columns)
_NOTHING = LineValues(0, "")


def moves(before: Iterable[LineValues], after: Iterable[LineValues]) -> list[BodyMove]:
    """Which bodies came, went or changed, by body."""
    old, new = {line.body: line for line in before}, {line.body: line for line in after}
    found = []
    for body in sorted(old.keys() | new.keys()):
        was, now = old.get(body, _NOTHING), new.get(body, _NOTHING)
        pairs = ((column, _said(getattr(was, column)), _said(getattr(now, column))) for column in _SHOWN)
        what = tuple(pair for pair in pairs if pair[1] != pair[2])
        if body not in old or body not in new:
            there = _SHOWN[len(_WHO) :]  # who a body is says nothing of what it did
            what = tuple(pair for pair in what if pair[0] in there)
            found.append(BodyMove(body, Move.NEW if body in new else Move.GONE, what))
        elif what:
            found.append(BodyMove(body, Move.CHANGED, what))
    return found


def moved_figures(before: Iterable[LineValues], after: Iterable[LineValues]) -> dict[str, tuple[Decimal, Decimal]]:
    """Measure -> (before, after) of every figure that differs."""
    old, new = list(before), list(after)
    pairs = {code: (counted(old, code).distinct, counted(new, code).distinct) for code in COUNTINGS}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def written(what: Iterable[tuple[str, str, str]]) -> str:
    return " ".join(f"{column}:{before}>{after}" for column, before, after in what)


def read(what: str) -> tuple[tuple[str, str, str], ...]:
    """``written`` the other way."""
    found = []
    for part in what.split():
        column, _, values = part.partition(":")
        before, _, after = values.partition(">")
        found.append((column, before, after))
    return tuple(found)


def held_in(section: Section, lines: Iterable[LineValues]) -> int:
    """How many bodies a section says something of."""
    columns = COLUMNS[section]
    return sum(any(getattr(line, column) for column in columns) for line in lines)


def answered(bodies: int, said_nothing: bool) -> Answered:
    """Records answer a section; where there are none, only somebody's word that there is nothing to report does."""
    return Answered.RECORDED if bodies else Answered.NOTHING if said_nothing else Answered.NOT_YET


def untouched(asks: Collection[tuple[str, str]], figures: Collection[str], bodies: bool) -> list[tuple[str, str]]:
    """The questions (measure, section) in whose figures nothing has changed: they want an answer in words."""
    found = []
    for measure, section in asks:
        if measure:
            changed = measure in figures
        elif section and section != Section.BODIES:
            changed = any(section_of(code) == section for code in figures)
        else:
            changed = bool(figures) or bodies
        if not changed:
            found.append((measure, section))
    return found
