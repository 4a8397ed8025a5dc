"""Taking a sheet of the register in, and giving the register out: all of it or nothing; twice is the same as once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import transaction

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bodies.actions import NewBody, register_many
from klyngeforum.ground.bodies.queries import match_names
from klyngeforum.ground.bodies.rules import scheme_of
from klyngeforum.ground.bodies.terms import BodyKind, Scheme
from klyngeforum.ground.holding import take_turn
from klyngeforum.ground.industries.queries import code_in
from klyngeforum.ground.period import date_of
from klyngeforum.ground.places.queries import named
from klyngeforum.ground.tables.actions import template as workbook
from klyngeforum.ground.tables.queries import read
from klyngeforum.ground.tables.terms import DryRun, Problem, Row, Sheet
from klyngeforum.ground.trail.queries import length
from klyngeforum.ground.verdict import Refused, no, require
from klyngeforum.ground.words import mark
from klyngeforum.registers.clusters import actions as clusters
from klyngeforum.registers.clusters.actions import NewCluster, NewSeat
from klyngeforum.registers.clusters.queries import Cluster, groups_of, lineage, of_body, register_rows, theme_codes
from klyngeforum.registers.clusters.terms import ClusterKind, Level, LineageKind

from .actions import noted
from .register_schemas import REGISTER_SCHEMAS, RegisterKind
from .resolving import number_problems, standing

_TEXTS = ("contact_name", "contact_email", "contact_phone", "website", "purpose_da", "purpose_en")
_SOURCE = "sheet"


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _apart(value: object) -> list[str]:
    return [part for part in (one.strip() for one in re.split(r"[,;]", str(value or ""))) if part]


@dataclass(slots=True)
class _Registrar:
    """One sheet on its way in; every row is an act, and what an act refuses is that row's problem."""

    by: Actor
    at: datetime
    known_themes: dict[str, str] = field(default_factory=theme_codes)

    def body(self, text: str, number: str = "", *, on: str) -> int:
        """The body of the number, or else the one that the name names for certain."""
        digits = number or (text if re.search(r"[0-9]{8}", text) else "")
        if digits:
            found = standing([digits]).get(digits)
        else:
            match = match_names([text])[0]
            found = match.body_id if match.certain else None
        if found is None:
            why = mark("No organisation is called “%(name)s”. Register it first, or write its CVR number.")
            raise Refused(no(why, on=on, name=number or text))
        return found

    def cluster(self, row: Row, number: str = "number", name: str = "name") -> Cluster:
        body_id = self.body(str(row[name]), str(row.get(number) or ""), on=name)
        one = of_body(body_id)
        if one is None:
            why = mark("“%(name)s” is no cluster organisation in the register.")
            raise Refused(no(why, on=name, name=str(row[name])))
        return one

    def _industries(self, text: object) -> list[int]:
        found = []
        for word in _apart(text):
            version, _, code = word.partition(" ")
            pk = code_in(version.upper(), code.strip())
            if pk is None:
                why = mark("“%(code)s” is no industry: write version and code, such as DB07 26.")
                raise Refused(no(why, on="industries", code=word))
            found.append(pk)
        return sorted(found)

    def _told(self, row: Row) -> dict[str, Any]:
        """What the row says of the organisation; an empty cell says nothing."""
        told: dict[str, Any] = {key: str(row[key]) for key in _TEXTS if row.get(key)}
        told |= {"kind": ClusterKind(str(row["kind"])), "level": Level(str(row["level"])), "name": str(row["name"])}
        told |= {key: row[key] for key in ("founded_on", "closed_on") if row.get(key)}
        if row.get("themes"):
            words = _apart(row["themes"])
            told["themes"] = sorted(self.known_themes.get(word.casefold(), word) for word in words)
        if row.get("industries"):
            told["industries"] = self._industries(row["industries"])
        if row.get("place"):
            area = named(str(row["place"]), on=date_of(self.at))
            if area is None:
                raise Refused(no(mark("No municipality is called so."), on="place"))
            told["place_id"] = area.pk
        if row.get("host"):
            told["host_id"] = self.body(str(row["host"]), on="host")
        _well_formed(told)
        return told

    def clusters(self, row: Row) -> None:
        told, number = self._told(row), str(row.get("number") or "")
        scheme = scheme_of(number) if number else Scheme.NONE
        match = match_names([told["name"]])[0]
        if number or not (match.certain and match.body_id):
            new = NewBody(told["name"], BodyKind.CLUSTER, scheme, number, place_id=told.get("place_id"), source=_SOURCE)
            body_id = register_many(by=self.by, at=self.at, bodies=[new])[0]
        else:
            body_id = match.body_id
        standing = of_body(body_id)
        if standing is None:
            plain = {key: value for key, value in told.items() if key not in ("industries", "closed_on")}
            new_cluster = NewCluster(body_id=body_id, source=_SOURCE, industry_ids=told.get("industries", []), **plain)
            standing = clusters.register(by=self.by, at=self.at, new=new_cluster)
        clusters.edit(by=self.by, at=self.at, cluster=standing, changes=told)

    def staff(self, row: Row) -> None:
        year, amount = int(str(row["year"])), Decimal(str(row["full_time"])).quantize(Decimal("0.01"))
        one = self.cluster(row)
        standing = one.staff_years.filter(year=year).first()
        if standing is None or standing.full_time != amount:
            clusters.note_staff(by=self.by, at=self.at, cluster=one, year=year, full_time=amount)

    def board(self, row: Row) -> None:
        since = _day(row["since"]) or date_of(self.at)
        body_id = self.body(str(row["body"]), on="body") if row.get("body") else None
        new = NewSeat(str(row["person_name"]), since, _day(row.get("until")), body_id, bool(row.get("chair")))
        clusters.seat(by=self.by, at=self.at, cluster=self.cluster(row), new=new)

    def groups(self, row: Row) -> None:
        one, name, until = self.cluster(row), str(row["group"]), _day(row.get("until"))
        standing = groups_of(one.pk).filter(name=name.strip()).first()
        since = _day(row["since"]) or date_of(self.at)
        if standing is None:
            clusters.form_group(by=self.by, at=self.at, cluster=one, name=name, since=since, until=until)
        elif until is not None and standing.until != until:
            clusters.end_group(by=self.by, at=self.at, group=standing, on=until)

    def lineage(self, row: Row) -> None:
        before, after = self.cluster(row), self.cluster(row, "successor_number", "successor")
        kind, on = LineageKind(str(row["kind"])), _day(row["on"]) or date_of(self.at)
        if not lineage(after.pk).filter(predecessor=before, successor=after, kind=kind, on=on).exists():
            clusters.succeed(by=self.by, at=self.at, predecessors=[before], successor=after, kind=kind, on=on)


def _well_formed(told: dict[str, Any]) -> None:
    for key, check in (("contact_email", EmailValidator()), ("website", URLValidator(("http", "https")))):
        try:
            check(told.get(key, "")) if told.get(key) else None
        except ValidationError as error:
            raise Refused(no(mark("“%(value)s” is not written as it must be."), on=key, value=told[key])) from error


def _one_row(run: DryRun, sheet: Sheet, kind: RegisterKind, at: int, act: Callable[[Row], None]) -> None:
    """Do the row's act; what it changed is seen from the trail, what it refused becomes a problem."""
    row, before = sheet.rows[at], length()
    columns = {column.key: column.da for column in REGISTER_SCHEMAS[kind].columns}
    try:
        with transaction.atomic():
            act(row)
    except Refused as refused:
        for verdict in refused.verdicts:
            key = verdict.field if verdict.field in columns else "name"
            run.problems.append(
                Problem(sheet.name, at, columns[key], str(row.get(key) or ""), verdict.reason, mark("Check the cell."), verdict.values)
            )  # fmt: skip
        return
    if length() == before:
        run.unchanged += 1
    else:
        run.new += 1


def take_in_register(
    *, by: Actor, at: datetime, kind: RegisterKind, content: bytes, file_name: str, dry_run: bool
) -> DryRun:
    """What the sheet would do to the register, or do it: with a single problem nothing is written."""
    require(may(by, "clusters.register", on=date_of(at)))
    sheet = read(content, REGISTER_SCHEMAS[kind])
    run = DryRun(problems=list(sheet.problems))
    rows = [(row, str(line.get("number") or ""), str(line["name"])) for row, line in sheet.rows.items() if line.get("name")]  # fmt: skip
    run.problems += number_problems(rows, sheet.name)
    with transaction.atomic():
        if not dry_run:
            take_turn()  # and what every row changes is read from the trail
        if not run.problems:
            act = getattr(_Registrar(by, at), kind.value)
            for row in sheet.rows:
                _one_row(run, sheet, kind, row, act)
        if run.problems or dry_run:
            transaction.set_rollback(True)
        else:
            noted(by=by, at=at, recipe=f"register:{kind}", name=file_name, digest=sha256(content).hexdigest(), run=run)
    return run


def _cluster_row(one: Cluster) -> Row:
    return {
        "number": one.body.number, "name": one.name, "kind": one.kind, "level": one.level, "place": one.place.name_da if one.place else None,
        "host": (one.host.number or one.host.name) if one.host else None, "founded_on": one.founded_on, "closed_on": one.closed_on,
        "themes": ", ".join(theme.code for theme in one.themes.all()),
        "industries": ", ".join(f"{row.version} {row.code}" for row in one.industries.all()), **{key: getattr(one, key) for key in _TEXTS},
    }  # fmt: skip


def _rows(kind: RegisterKind) -> Iterator[Row]:
    for one in register_rows():
        who: Row = {"number": one.body.number, "name": one.name}
        if kind is RegisterKind.CLUSTERS:
            yield _cluster_row(one)
        elif kind is RegisterKind.STAFF:
            yield from ({**who, "year": row.year, "full_time": row.full_time} for row in one.staff_years.all())
        elif kind is RegisterKind.BOARD:
            for seat in one.board.all():
                origin = (seat.body.number or seat.body.name) if seat.body else None
                yield {**who, "person_name": seat.person_name, "body": origin, "chair": seat.chair, "since": seat.since, "until": seat.until}  # fmt: skip
        elif kind is RegisterKind.GROUPS:
            yield from ({**who, "group": row.name, "since": row.since, "until": row.until} for row in one.interest_groups.all())  # fmt: skip
        else:
            for link in one.successors.all():
                after = link.successor
                yield {**who, "successor_number": after.body.number, "successor": after.name, "kind": link.kind, "on": link.on}  # fmt: skip


def register_sheet(kind: RegisterKind, *, language: str, filled: bool) -> bytes:
    """The template of the table, empty or with everything that stands: what goes out can be taken in again."""
    return workbook(REGISTER_SCHEMAS[kind], _rows(kind) if filled else (), language=language)
