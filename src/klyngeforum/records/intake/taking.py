"""A sheet of the cluster office on its way in: what is new, what differs, what stands already, and what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from klyngeforum.ground.access.queries import Actor
from klyngeforum.ground.bodies.queries import facts
from klyngeforum.ground.bodies.rules import guessed_kind, name_key, normal_number, scheme_of
from klyngeforum.ground.period import Period
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.tables.terms import DryRun, Outcome, Problem, Row, Sheet
from klyngeforum.ground.verdict import Verdict
from klyngeforum.ground.words import mark
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities import queries as activities_of
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.queries import Activity, Participation
from klyngeforum.records.activities.rules import may_name_units, may_take_part, unit_key
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.records.outcomes import actions as outcomes
from klyngeforum.records.outcomes import queries as outcomes_of
from klyngeforum.records.outcomes.actions import NewOutcome
from klyngeforum.records.outcomes.queries import Outcome as Noted
from klyngeforum.records.outcomes.rules import may_note
from klyngeforum.records.outcomes.terms import Evidence, Step
from klyngeforum.registers.clusters.queries import Cluster, theme_codes
from klyngeforum.registers.memberships import actions as memberships
from klyngeforum.registers.memberships import queries as memberships_of
from klyngeforum.registers.memberships.actions import NewMember
from klyngeforum.registers.memberships.queries import Membership
from klyngeforum.registers.memberships.rules import may_enrol
from klyngeforum.registers.memberships.terms import Commitment, MemberRole

from .resolving import Named, bodies_of, number_problems
from .schemas import SCHEMAS, SheetKind

Who = int | str  # the body, or what names one that does not stand yet (dry run)


@dataclass(slots=True)
class Taker:
    """One sheet on its way in: a row in error is left out, all others are judged; ``waiting`` are activities whose own row was in error."""

    by: Actor
    at: datetime
    cluster: Cluster
    kind: SheetKind
    sheet: Sheet
    write: bool
    run: DryRun = field(default_factory=DryRun)
    waiting: set[str] = field(default_factory=set)
    bad: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bad = set(self.run.wrong_rows)

    @property
    def rows(self) -> dict[int, Row]:
        """Those in which nothing is wrong so far."""
        return {at: row for at, row in self.sheet.rows.items() if at not in self.bad}

    def held_up(self) -> set[str]:
        """The activities that rows in error or waiting were about."""
        at_fault = self.bad | set(self.run.waits)
        return {str(row["reference"]) for at, row in self.sheet.rows.items() if at in at_fault and row.get("reference")}

    def waits(self, at: int, reference: object) -> bool:
        """Whether the row must wait until the row of its activity is mended."""
        late = str(reference) in self.waiting
        if late:
            self.run.waits.append(at)
        return late

    def count(self, outcome: Outcome, at: int) -> bool:
        """Count the row, if nothing is wrong with it; whether it was."""
        if at not in self.bad:
            self.run.count(outcome, at)
        return at not in self.bad

    def wrong(self, at: int, key: str, value: object, why: str, mend: str, /, **values: object) -> None:
        column = SCHEMAS[self.kind].column(key).da
        self.bad.add(at)
        self.run.problems.append(
            Problem(self.sheet.name, at, column, "" if value is None else str(value), why, mend, values)
        )

    def judge(self, at: int, row: Row, *verdicts: Verdict, otherwise: str) -> None:
        """What a rule refuses stands beside the cell that it is about."""
        keys = {column.key for column in SCHEMAS[self.kind].columns}
        for verdict in verdicts:
            if not verdict:
                key = verdict.field if verdict.field in keys else otherwise
                self.wrong(at, key, row.get(key), verdict.reason, mark("Check the cell."), **verdict.values)

    def bodies(self) -> dict[int, int]:
        """Row -> body (0: a new one in a dry run); problems and notes go into the run."""
        rows: list[Named] = [
            (at, str(row.get("number") or ""), str(row.get("name") or "")) for at, row in self.rows.items()
        ]
        impossible = number_problems(rows, self.sheet.name)
        self.run.problems += impossible
        self.bad.update(problem.row for problem in impossible)
        for at, number, name in rows:
            if not number and not name_key(name):
                why = mark("“%(said)s” is no name: it needs letters or digits.")
                self.wrong(at, "name", name, why, mark("Write the name or the CVR number."), said=name)
        rows = [row for row in rows if row[0] not in self.bad]
        ids, notes = bodies_of(
            rows, by=self.by, at=self.at, source="sheet", sheet=self.sheet.name, write=self.write, own=self.own_names()
        )
        self.run.notes += notes
        return {at: pk for (at, _, _), pk in zip(rows, ids, strict=True)}

    def own_names(self) -> dict[str, int]:
        """Name -> body of everybody in the organisation's own records; a name that two of them bear says nothing."""
        found: dict[str, set[int]] = {}
        for rows in (
            memberships_of.of_cluster(self.cluster.pk), activities_of.participations_of(self.cluster.pk), outcomes_of.of_cluster(self.cluster.pk),
        ):  # fmt: skip
            for pk, name in rows.order_by().values_list("body_id", "body__name").distinct():
                found.setdefault(name_key(name), set()).add(pk)
        return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}

    def who(self, at: int, ids: dict[int, int]) -> Who:
        row = self.sheet.rows[at]
        number, name = str(row.get("number") or ""), str(row.get("name") or "")
        return ids[at] or (normal_number(scheme_of(number), number) if number else name_key(name))

    def twice(self, at: int, key: object, seen: dict[object, int]) -> bool:
        """Two rows that name the same body in two ways are one thing: a person decides which row is right."""
        first = seen.setdefault(key, at)
        if first != at:
            why = mark("The same thing stands in row %(first)s already.")
            self.wrong(at, "name", self.sheet.rows[at].get("name"), why, mark("Remove one of the two rows."), first=first)  # fmt: skip
        return first != at


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def members(taker: Taker) -> None:
    ids = taker.bodies()
    standing = {(row.body_id, row.since): row for row in memberships_of.of_cluster(taker.cluster.pk)}
    new: dict[int, NewMember] = {}
    changed: list[tuple[Membership, date | None, Commitment, MemberRole]] = []
    periods: dict[Who, dict[date, date | None]] = {}
    for row in standing.values():
        periods.setdefault(row.body_id, {})[row.since] = row.until
    wished: dict[int, tuple[Who, Period]] = {}
    seen: dict[object, int] = {}
    for at, line in taker.rows.items():
        since, until, who = _day(line["since"]), _day(line.get("until")), taker.who(at, ids)
        if since is None or taker.twice(at, (who, since), seen):
            continue
        if until is not None and until < since:
            taker.wrong(at, "until", until, mark("It ends before it begins."), mark("Check both dates."))
            continue
        row_, commitment, role = standing.get((ids[at], since)), line.get("commitment"), line.get("role")
        if row_ is None:
            wished[at] = (who, Period(since, until))
            new[at] = NewMember(taker.cluster.pk, ids[at], since, until, Commitment(str(commitment or "participant")), MemberRole(str(role or "member")), "sheet")  # fmt: skip
            continue
        wanted = (until or row_.until, Commitment(str(commitment or row_.commitment)), MemberRole(str(role or row_.role)))  # fmt: skip
        periods[who][since] = wanted[0]
        if wanted == (row_.until, row_.commitment, row_.role):
            taker.count(Outcome.UNCHANGED, at)
        elif taker.count(Outcome.CHANGED, at):
            changed.append((row_, *wanted))
    for at, (who, wish) in wished.items():
        others = [Period(since, until) for since, until in periods.get(who, {}).items()]
        taker.judge(at, taker.sheet.rows[at], may_enrol(wish, others), otherwise="since")
        periods.setdefault(who, {})[wish.since] = wish.until
    sound = [one for at, one in new.items() if taker.count(Outcome.NEW, at)]
    if taker.write:
        for row_, until, commitment_, role_ in sorted(changed, key=lambda entry: entry[0].since):
            memberships.amend(by=taker.by, at=taker.at, membership=row_, until=until, commitment=commitment_, role=role_)  # fmt: skip
        memberships.enrol_many(by=taker.by, at=taker.at, members=sound, thing_body_id=taker.cluster.body_id)


def _theme_list(taker: Taker, at: int, text: object, known: dict[str, str]) -> tuple[str, ...]:
    """Fields by code or name, apart by comma or semicolon."""
    found = []
    for word in filter(None, (part.strip() for part in re.split(r"[,;]", str(text or "")))):
        if word.casefold() in known:
            found.append(known[word.casefold()])
        else:
            why = mark("There is no field called “%(code)s”; there are: %(known)s.")
            taker.wrong(at, "themes", text, why, mark("Write fields of the programme, apart by commas."), code=word, known=", ".join(sorted(set(known.values()))))  # fmt: skip
    return tuple(dict.fromkeys(found))


def _activity(taker: Taker, at: int, line: Row, row: Activity | None, known: dict[str, str]) -> NewActivity | None:
    """The row as an activity: what the sheet leaves empty stays as it stands."""
    starts = _day(line["starts_on"])
    if starts is None:
        return None
    ends = _day(line.get("ends_on")) or (row.ends_on if row and row.starts_on == starts else starts)
    place = str(line.get("place") or "")
    area = named(place, on=starts) if place else None
    if place and area is None:
        taker.wrong(at, "place", place, mark("No municipality is called so."), mark("Write it as in the list of municipalities, or leave it empty."))  # fmt: skip
    country = str(line.get("country") or (row.country if row else "DK")).upper()
    themes_ = _theme_list(taker, at, line.get("themes"), known) if line.get("themes") else tuple(one.code for one in row.themes.all()) if row else ()  # fmt: skip
    kind, cost = ActivityKind(str(line["kind"])), line.get("budget")
    new = NewActivity(
        taker.cluster.pk, str(line["reference"]), kind, str(line["title"]).strip(), starts, ends,
        area.pk if area else row.place_id if row else None, country, country != "DK" or (row is not None and row.international and row.country == country),
        Attribution(str(line.get("attribution") or (row.attribution if row else "initiated"))),
        cost.quantize(Decimal("0.01")) if isinstance(cost, Decimal) else row.budget if row else None, "sheet", themes_,
    )  # fmt: skip
    taker.judge(at, line, *new.sound(), otherwise="ends_on")
    return new


def held(taker: Taker) -> None:
    standing = {row.reference: row for row in activities_of.of_cluster(taker.cluster.pk)}
    known, new, changed = theme_codes(), [], []
    for at, line in taker.rows.items():
        row = standing.get(str(line["reference"]))
        wish = _activity(taker, at, line, row, known)
        if wish is None:
            continue
        if row is None:
            if taker.count(Outcome.NEW, at):
                new.append(wish)
        elif not wish.differs_from(row):
            taker.count(Outcome.UNCHANGED, at)
        elif taker.count(Outcome.CHANGED, at):
            changed.append((row, wish))
    if taker.write:
        activities.hold_many(by=taker.by, at=taker.at, activities=new, thing_body_id=taker.cluster.body_id)
        for row, wish in changed:
            activities.amend(by=taker.by, at=taker.at, activity=row, new=wish)


def _units(line: Row) -> tuple[str, ...] | None:
    """The units named in the sheet; nothing named leaves what stands."""
    names = tuple(name.strip() for name in str(line.get("units") or "").split(";") if name.strip())
    return names or None


def _same_units(row: Participation, wish: NewPart) -> bool:
    return wish.units is None or {unit.key for unit in row.units.all()} == {unit_key(name) for name in wish.units}


def _part(line: Row, activity_id: int, body_id: int, row: Participation | None) -> NewPart:
    persons, hours = line.get("persons"), line.get("hours")
    return NewPart(
        activity_id, body_id, PartRole(str(line.get("role") or (row.role if row else "participant"))),
        int(str(persons)) if persons is not None else row.persons if row else 1,
        Decimal(str(hours)) if hours is not None else row.hours if row else Decimal(0),
        _day(line.get("joined_on")) or (row.joined_on if row else None), "sheet", _units(line),
    )  # fmt: skip


def participations(taker: Taker) -> None:
    known = {row.reference: row for row in activities_of.of_cluster(taker.cluster.pk)}
    for at, line in taker.rows.items():
        if line["reference"] not in known and not taker.waits(at, line["reference"]):
            taker.wrong(at, "reference", line["reference"], mark("No activity has this reference."), mark("Record the activity first, or check the reference."))  # fmt: skip
    ids = taker.bodies()
    standing = {(row.activity_id, row.body_id): row for row in activities_of.participations_of(taker.cluster.pk).prefetch_related("units")}  # fmt: skip
    kinds = _kinds(taker, ids)
    new, changed = [], []
    seen: dict[object, int] = {}
    for at, line in taker.rows.items():
        held_ = known.get(str(line["reference"]))
        if held_ is None or taker.twice(at, (held_.pk, taker.who(at, ids)), seen):
            continue
        row = standing.get((held_.pk, ids[at]))
        wish = _part(line, held_.pk, ids[at], row)
        taker.judge(at, line, *may_take_part(wish.persons, wish.hours, wish.joined_on, held_.ends_on), may_name_units(wish.units or (), kinds[at]), otherwise="hours")  # fmt: skip
        if row is None:
            if taker.count(Outcome.NEW, at):
                new.append(wish)
        elif (row.role, row.persons, row.hours, row.joined_on) == (wish.role, wish.persons, wish.hours, wish.joined_on) and _same_units(row, wish):  # fmt: skip
            taker.count(Outcome.UNCHANGED, at)
        elif taker.count(Outcome.CHANGED, at):
            changed.append((held_, wish))
    if taker.write:
        activities.take_part_many(by=taker.by, at=taker.at, parts=new)
        for held_, wish in changed:
            activities.take_part(by=taker.by, at=taker.at, activity=held_, new=wish)


def _kinds(taker: Taker, ids: dict[int, int]) -> dict[int, str]:
    """Row -> kind of its body; of one that does not stand yet, what its name suggests."""
    known = facts(filter(None, ids.values()), lambda *values: str(values[1]))
    guessed = {
        at: guessed_kind(str(line.get("name") or ""))[0].value for at, line in taker.sheet.rows.items() if at in ids
    }
    return {at: known.get(pk, guessed[at]) for at, pk in ids.items()}


def got(taker: Taker) -> None:
    ids = taker.bodies()
    standing = {(row.body_id, row.year): row for row in outcomes_of.of_cluster(taker.cluster.pk)}
    references, kinds = activities_of.references_of(taker.cluster.pk), _kinds(taker, ids)
    new: list[NewOutcome] = []
    changed: list[tuple[Noted, NewOutcome]] = []
    seen: dict[object, int] = {}
    for at, line in taker.rows.items():
        year, reference = int(str(line["year"])), str(line.get("reference") or "")
        if taker.twice(at, (taker.who(at, ids), year), seen):
            continue
        if reference and reference not in references:
            if taker.waits(at, reference):
                continue
            taker.wrong(at, "reference", reference, mark("No activity has this reference."), mark("Record the activity first, or check the reference."))  # fmt: skip
        taker.judge(at, line, *may_note(kinds[at], year, taker.at.year), otherwise="name")
        row = standing.get((ids[at], year))
        wish = NewOutcome(
            taker.cluster.pk, ids[at], year, Step(str(line["step"])), references[reference][0] if reference in references else row.activity_id if row else None,
            Evidence(str(line.get("evidence") or (row.evidence if row else "organisation"))), str(line.get("note") or (row.note if row else "")), "sheet",
        )  # fmt: skip
        if row is None:
            if taker.count(Outcome.NEW, at):
                new.append(wish)
        elif (row.step, row.evidence, row.note, row.activity_id) == (wish.step, wish.evidence, wish.note, wish.activity_id):  # fmt: skip
            taker.count(Outcome.UNCHANGED, at)
        elif taker.count(Outcome.CHANGED, at):
            changed.append((row, wish))
    if taker.write:
        outcomes.note_many(by=taker.by, at=taker.at, outcomes=new)
        for row, wish in changed:
            outcomes.note(by=taker.by, at=taker.at, cluster=taker.cluster, body=row.body, new=wish)


TAKES = {
    SheetKind.MEMBERS: members, SheetKind.ACTIVITIES: held, SheetKind.PARTICIPATIONS: participations, SheetKind.OUTCOMES: got,
}  # fmt: skip
