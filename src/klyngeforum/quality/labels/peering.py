"""A table of European peers: taken in whole or not at all, and where one of ours would stand in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from klyngeforum.ground.access.queries import Actor, may
from klyngeforum.ground.bodies.rules import name_key
from klyngeforum.ground.figure import digest_of
from klyngeforum.ground.holding import once
from klyngeforum.ground.period import date_of
from klyngeforum.ground.tables.queries import read
from klyngeforum.ground.tables.terms import Column, DryRun, Kind, Problem, Row, Schema
from klyngeforum.ground.trail.actions import record
from klyngeforum.ground.verdict import require
from klyngeforum.ground.words import mark
from klyngeforum.quality.assessments.rules import SMALLEST_CELL, spread

from .models import Peer

PEERS = Schema(
    "peers", "Europæiske klynger", "European peers",
    (
        Column("country", "Land", "Country", required=True, longest=2, hint_da="To bogstaver: DK, NO, DE.", hint_en="Two letters: DK, NO, DE."),
        Column("name", "Navn", "Name", required=True, longest=200),
        Column("portfolio", "Område", "Field", longest=120, also=("comparative_portfolio", "portfolio")),
        Column("valid_until", "Gyldigt til", "Valid until", Kind.DATE, also=("bronze_valid_until",)),
        Column("share", "Andel af point", "Share of the points", Kind.DECIMAL, hint_da="Mellem 0 og 100 pct.", hint_en="Between 0 and 100 per cent."),
        Column("source", "Kilde", "Source", longest=250),
    ),
    key=("country", "name"),
)  # fmt: skip


def _told(row: Row) -> dict[str, object]:
    share = row.get("share")
    return {
        "portfolio": str(row.get("portfolio") or ""), "valid_until": row.get("valid_until"), "source": str(row.get("source") or ""),
        "share": None if share is None else (Decimal(str(share)) / 100).quantize(Decimal("0.0001")),
    }  # fmt: skip


def _wrong(sheet: str, rows: dict[int, Row]) -> list[Problem]:
    """Countries of two letters, shares between 0 and 100."""
    found = []
    for at, row in rows.items():
        country, share = str(row.get("country") or ""), row.get("share")
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            found.append(Problem(sheet, at, "Land", country, mark("It is no country."), mark("Write two letters, such as DK.")))  # fmt: skip
        if share is not None and not 0 <= Decimal(str(share)) <= 100:
            found.append(Problem(sheet, at, "Andel af point", str(share), mark("A share lies between 0 and 100."), mark("Write per cent, such as 72.5.")))  # fmt: skip
    return found


def take_in_peers(*, by: Actor, at: datetime, content: bytes, dry_run: bool) -> DryRun:
    """What the table would do, or do it: a peer is its country and name; with a single problem nothing is written; again changes nothing."""
    require(may(by, "labels.record", on=date_of(at)))
    sheet = read(content, PEERS)
    run = DryRun(problems=[*sheet.problems, *_wrong(sheet.name, sheet.rows)])
    with once():
        for row in () if run.problems else sheet.rows.values():
            country, name, told = str(row["country"]).upper(), str(row["name"]).strip(), _told(row)
            standing = Peer.objects.filter(country=country, name=name).first()
            if standing is None:
                Peer.objects.create(country=country, name=name, **told)
                run.new += 1
            elif {key: getattr(standing, key) for key in told} != told:
                Peer.objects.filter(pk=standing.pk).update(**told)
                run.changed += 1
            else:
                run.unchanged += 1
        if run.problems or dry_run:
            transaction.set_rollback(True)
        elif run.new or run.changed:
            after = {
                "new": run.new,
                "changed": run.changed,
                "digest": digest_of([str(row) for row in sheet.rows.values()]),
            }
            record(by=by, at=at, verb="labels.take_in_peers", thing="peer", after=after)
    return run


def peers() -> QuerySet[Peer]:
    return Peer.objects.order_by("country", "name")


@dataclass(frozen=True, slots=True)
class InEurope:
    """The table at a glance: by country (listed, valid on the day), our own row in it, and where our share of the points stands."""

    countries: list[tuple[str, int, int]]
    own: Peer | None
    scored: int
    below: int | None
    quartiles: tuple[Decimal, Decimal, Decimal] | None

    @property
    def listed(self) -> int:
        return sum(listed for _, listed, _ in self.countries)

    @property
    def valid(self) -> int:
        return sum(valid for _, _, valid in self.countries)


def in_europe(names: Sequence[str], share: Decimal | None, *, on: date) -> InEurope | None:
    """None while no table has been taken in; a position only where at least five others have a score."""
    rows = list(peers())
    if not rows:
        return None
    keys = {name_key(name) for name in names}
    own = next((row for row in rows if row.country == "DK" and name_key(row.name) in keys), None)
    listed = Counter(row.country for row in rows)
    valid = Counter(row.country for row in rows if row.valid_until is not None and row.valid_until >= on)
    shares = [row.share for row in rows if row.share is not None and row is not own]
    enough = len(shares) >= SMALLEST_CELL
    below = sum(one < share for one in shares) if enough and share is not None else None
    countries = [
        (country, n, valid[country]) for country, n in sorted(listed.items(), key=lambda one: (-one[1], one[0]))
    ]
    return InEurope(countries, own, len(shares), below, spread(shares) if enough else None)
