"""Taking a file in by its recipe: all of it or nothing; again changes nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bodies.actions import NewBody, look_for_candidates, note_names, register_many
from klyngeforum.ground.bodies.queries import Match, by_numbers, match_names, noted_names, some_bodies
from klyngeforum.ground.bodies.queries import how_many as bodies_standing
from klyngeforum.ground.bodies.rules import check_number, guessed_kind, name_key, normal_number
from klyngeforum.ground.bodies.terms import BodyKind, KnowledgeKind, Scheme
from klyngeforum.ground.holding import take_turn
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import by_postcode, named
from klyngeforum.ground.tables.terms import DryRun
from klyngeforum.ground.verdict import require
from klyngeforum.ground.words import mark
from klyngeforum.records.activities import actions as activities
from klyngeforum.records.activities.actions import NewActivity, NewPart
from klyngeforum.records.activities.queries import how_many as activities_standing
from klyngeforum.records.activities.rules import LONGEST_REFERENCE
from klyngeforum.records.activities.terms import ActivityKind, Attribution, PartRole
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster
from klyngeforum.registers.clusters.queries import counted, ids_of_bodies
from klyngeforum.registers.clusters.terms import ClusterKind, Level

from .actions import noted
from .recipes import Raw, Recipe, WrongFile, day, recipe, rows_of

# an initiative under way takes part in no European project of its own: its host does
ESTABLISHED = (ClusterKind.CLUSTER, ClusterKind.INNOVATION_NETWORK, ClusterKind.NETWORK)


@dataclass(frozen=True, slots=True)
class Compared:
    """A name that was compared with the register: whom it is like, how well (0-100), why, and whether that was taken."""

    name: str
    body: str
    number: str
    score: int
    reason: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file gave: rows read, and how much of each thing is new."""

    rows: int
    used: int
    bodies: int
    organisations: int
    activities: int
    participations: int
    matched: int
    waiting: int
    compared: tuple[Compared, ...] = ()

    @property
    def new(self) -> int:
        return self.bodies + self.organisations + self.activities + self.participations


class _Bringer:
    """One file on its way in."""

    def __init__(self, by: Actor, at: datetime, recipe: Recipe) -> None:
        self.by, self.at, self.recipe, self.source = by, at, recipe, recipe.code
        self.section = recipe.sections
        self.matched = self.waiting = 0
        self.matches: list[Match] = []
        self.noted = noted_names(self.source)  # how the source's names were understood before this file
        self.before = counts()

    def organisations(self, rows: list[Raw]) -> dict[str, int]:
        """Number -> body of everybody who carries a project; each is an organisation in the landscape."""
        org = self.section["organisation"]
        scheme = Scheme(org["scheme"])
        first = {row[org["number"]]: row for row in rows if row[org["number"]]}
        for number, row in first.items():
            _sound(row[org["name"]], scheme, number)
        new = []
        for number, row in first.items():
            kind, knowledge = guessed_kind(row[org["name"]])
            if kind is BodyKind.COMPANY and not re.search(org["company_if"], row[org["name"]]):
                kind = BodyKind.OTHER  # a foundation, a museum, a business service: no company
            if re.search(org["named_so"], row[org["name"]]):
                kind, knowledge = BodyKind.CLUSTER, KnowledgeKind.NONE
            place = by_postcode(row[org["postcode"]]) or named(row[org["city"]], on=date_of(self.at))
            new.append(
                NewBody(
                    row[org["name"]], kind, scheme, number, knowledge, place_id=place.pk if place else None,
                    postcode=row[org["postcode"]], city=row[org["city"]], source=self.source,
                )
            )  # fmt: skip
        ids = register_many(by=self.by, at=self.at, bodies=new)
        standing = ids_of_bodies(ids)
        for body, row, pk in zip(new, first.values(), ids, strict=True):
            if pk not in standing:
                so = re.search(org["named_so"], row[org["name"]])
                sort = ClusterKind(org["kind_if_named"] if so else org["kind_otherwise"])
                clusters.register(
                    by=self.by, at=self.at,
                    new=NewCluster(pk, body.name, sort, Level(org["level"]), purpose_da=row[org["purpose"]], place_id=body.place_id, source=self.source),
                )  # fmt: skip
        return dict(zip(first, ids, strict=True))

    def partners(self, rows: list[Raw]) -> dict[str, int]:
        """Name as written -> body: as understood before, else a certain match; everything else waits without a number."""
        before = self.noted
        names = sorted({name for row in rows for name in self.names(row)})
        found = {name: before[name_key(name)] for name in names if name_key(name) in before}
        self.matches = match_names([name for name in names if name not in found])
        sure = {match.name: match.body_id for match in self.matches if match.certain and match.body_id}
        note_names(by=self.by, at=self.at, names=sure, source=self.source)
        waiting = [name for name in names if name not in found and name not in sure]
        new = [NewBody(name[:200], *_guess(name), source=self.source) for name in waiting]
        fresh = dict(zip(waiting, register_many(by=self.by, at=self.at, bodies=new), strict=True))
        found |= sure | fresh
        self.matched, self.waiting = len(names) - len(waiting), len(set(fresh.values()))
        return found

    def names(self, row: Raw) -> list[str]:
        section = self.section["partners"]
        parts = (" ".join(part.split())[:200] for part in re.split(section["apart"], row[section["column"]]))
        return list(dict.fromkeys(part for part in parts if len(part) >= section["shortest"]))

    def activity(self, row: Raw, cluster_id: int, where: str) -> NewActivity:
        section = self.section["activity"]
        title = section["title"].format_map(row) if "{" in section["title"] else row[section["title"]]
        if not title.strip() or not row[section["reference"]].strip():
            raise WrongFile(mark("%(where)s: the title or the reference is missing; fill the cell."), where=where)
        starts, ends = day(row[section["starts"]], where), day(row[section["ends"]], where)
        return NewActivity(
            cluster_id, row[section["reference"]][:LONGEST_REFERENCE], ActivityKind(section["kind"]), title, starts, max(starts, ends),
            international=section["kind"] == "international", attribution=Attribution(section["attribution"]), source=self.source,
        )  # fmt: skip

    def projects(self, rows: list[Raw]) -> int:
        wanted = self.section["rows"]
        kept = [
            row for row in rows if re.search(wanted["pattern"], " ".join(row[column] for column in wanted["columns"]))
        ]
        numbered = [row for row in kept if row[self.section["organisation"]["number"]]]
        leads, names = self.organisations(numbered), self.partners(numbered)
        cluster_of = ids_of_bodies(leads.values())
        lead_of = [leads[row[self.section["organisation"]["number"]]] for row in numbered]
        new = [
            self.activity(row, cluster_of[lead], f"row {nth}")
            for nth, (row, lead) in enumerate(zip(numbered, lead_of, strict=True), 2)
        ]
        held = activities.hold_many(by=self.by, at=self.at, activities=new)
        parts = []
        for row, lead, one in zip(numbered, lead_of, new, strict=True):
            activity_id = held[(one.cluster_id, one.reference)]
            bodies = {lead: PartRole.LEAD} | {
                names[name]: PartRole.PARTNER for name in self.names(row) if name in names and names[name] != lead
            }
            parts += [NewPart(activity_id, body, role, source=self.source) for body, role in bodies.items()]
        activities.take_part_many(by=self.by, at=self.at, parts=parts)
        return len(kept)

    def participants(self, rows: list[Raw]) -> int:
        section, kinds = self.section["participant"], self.section["kinds"]
        countries = self.section.get("countries", {})
        scheme = Scheme(section["scheme"])
        first = {row[section["number"]]: row for row in rows if row[section["number"]] and row[section["name"]]}
        for number, row in first.items():
            _sound(row[section["name"]], scheme, number)
        home = {row[section["name"]] for row in first.values() if row[section["country"]] == "DK"}
        before = self.noted
        self.matches = match_names(sorted(name for name in home if name_key(name) not in before), numbered=True)
        known = {match.name: match.body_id for match in self.matches if match.certain and match.body_id}
        note_names(by=self.by, at=self.at, names=known, source=self.source)
        known |= {name: before[name_key(name)] for name in home if name_key(name) in before}
        numbered = by_numbers(Scheme(section["scheme"]), first)
        bodies: dict[str, int] = {}
        new, numbers = [], []
        for number, row in first.items():
            standing = numbered.get(number) or (
                known.get(row[section["name"]]) if row[section["country"]] == "DK" else None
            )
            if standing:
                bodies[number], self.matched = standing, self.matched + 1
                continue
            kind, _, knowledge = kinds.get(row[section["type"]], "other").partition(":")
            country = countries.get(row[section["country"]], row[section["country"]])[:2] or "DK"
            new.append(
                NewBody(row[section["name"]], BodyKind(kind), Scheme(section["scheme"]), number, KnowledgeKind(knowledge), country, city=row[section["city"]], source=self.source)
            )  # fmt: skip
            numbers.append(number)
        bodies |= dict(zip(numbers, register_many(by=self.by, at=self.at, bodies=new), strict=True))
        self._shared(rows, bodies)
        return len(rows)

    def _shared(self, rows: list[Raw], bodies: dict[str, int]) -> None:
        """Projects with one of our organisations in them become its international activities."""
        section, ours = self.section["participant"], ids_of_bodies(set(bodies.values()), ESTABLISHED)
        by_project: dict[str, list[Raw]] = defaultdict(list)
        for row in rows:
            by_project[row[self.section["activity"]["reference"]]].append(row)
        new, members = [], []
        for project in by_project.values():
            for cluster_id in sorted(
                {ours[body] for row in project if (body := bodies.get(row[section["number"]])) in ours}
            ):
                new.append(
                    self.activity(
                        project[0], cluster_id, f"project {project[0][self.section['activity']['reference']]}"
                    )
                )
                members.append(project)
        if not new:
            return
        held = activities.hold_many(by=self.by, at=self.at, activities=new)
        parts = [
            NewPart(
                held[(one.cluster_id, one.reference)], bodies[row[section["number"]]],
                PartRole.LEAD if row[section["role"]] == section["lead"] else PartRole.PARTNER, source=self.source,
            )
            for one, project in zip(new, members, strict=True) for row in project if row[section["number"]] in bodies
        ]  # fmt: skip
        activities.take_part_many(by=self.by, at=self.at, parts=parts)


def _sound(name: str, scheme: Scheme, number: str) -> None:
    """The organisation of the row can be registered; otherwise the number says which row it is."""
    verdict = check_number(scheme, normal_number(scheme, number))
    if not name_key(name):
        raise WrongFile(mark("The organisation with the number “%(number)s” has no name; fill the cell."), number=number)  # fmt: skip
    if not verdict:
        raise WrongFile(verdict.reason, **verdict.values)


def _guess(name: str) -> tuple[BodyKind, Scheme, str, KnowledgeKind]:
    kind, knowledge = guessed_kind(name)
    return kind, Scheme.NONE, "", knowledge


def _compared(matches: list[Match]) -> tuple[Compared, ...]:
    """The matches with the names of the bodies, the surest first."""
    known = some_bodies(match.body_id for match in matches if match.body_id)
    found = []
    for match in sorted(matches, key=lambda match: (-match.score, match.name)):
        body, number, _ = known.get(match.body_id or 0, ("", "", ""))
        found.append(Compared(match.name, body, number, match.score, match.reason, match.certain))
    return tuple(found)


def counts() -> tuple[int, int, int, int]:
    """Bodies, organisations, activities and participations that stand."""
    return bodies_standing(), counted().count(), *activities_standing()


def take_in_file(
    *, by: Actor, at: datetime, recipe_code: str, content: bytes, name: str, dry_run: bool = False
) -> Brought:
    """Read the file by its recipe and write it, or say what it would give."""
    require(may(by, "intake.recipes", on=date_of(at)))
    found = recipe(recipe_code)
    if found is None:
        raise WrongFile(mark("There is no recipe “%(code)s”."), code=recipe_code)
    rows = rows_of(found, content)
    with transaction.atomic():
        if not dry_run:
            take_turn()  # the same file twice at the same moment: the second finds what the first brought
        bringer = _Bringer(by, at, found)
        used = bringer.projects(rows) if found.shape == "projects" else bringer.participants(rows)
        look_for_candidates(by=by, at=at)
        new = [after - before for before, after in zip(bringer.before, counts(), strict=True)]
        brought = Brought(len(rows), used, new[0], new[1], new[2], new[3], bringer.matched, bringer.waiting, _compared(bringer.matches))  # fmt: skip
        if dry_run:
            transaction.set_rollback(True)
        elif brought.new:
            run = DryRun(new=brought.new, unchanged=max(0, used - brought.new))
            noted(by=by, at=at, recipe=found.code, name=name, digest=sha256(content).hexdigest(), run=run)
    return brought
