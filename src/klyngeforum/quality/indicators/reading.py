"""From a version's files to a frozen ``Version``: shapes are checked here, what must agree with what in ``validation``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from klyngeforum.ground.programme.terms import Provenance

from .entries import NOTHING, Entry, Problem, Raw
from .reading_rules import label
from .terms import (
    EvidenceKind,
    Fact,
    FactKind,
    Indicator,
    IndicatorRole,
    Level,
    MeasuredKey,
    Named,
    Offer,
    Threshold,
    Version,
)

FILES = ("scheme", "indicators", "labels")
VALUES = ("code", "name", "text", "scopes", "levels", "points", "minimum", "excellence", "effort", "measured", "evidence", "offers")  # fmt: skip
Files = Mapping[str, Raw]


def _provenances(entry: Entry | None, defaults: Mapping[str, Provenance]) -> dict[str, Provenance]:
    """Provenance of each value by name: what the entry says, else the file's own."""
    found = dict(defaults)
    if entry is None:
        return found
    for value in VALUES:
        if entry.has(value):
            found[value] = entry.one_of(value, Provenance)
    entry.finish()
    return found


def _level(entry: Entry) -> Level:
    found = Level(entry.whole("number"), entry.number("points"), entry.pair())
    entry.finish()
    return found


def _ladders(file: Entry) -> dict[str, tuple[Level, ...]]:
    found = {}
    for ladder in file.tables("ladder"):
        found[ladder.text("code")] = tuple(_level(one) for one in ladder.tables("levels", "number"))
        ladder.finish()
    return found


def _per_step(entry: Entry, key: str, steps: int) -> tuple[Decimal | None, ...]:
    """One number a level above the lowest; nothing written is None for each."""
    found = entry.numbers(key)
    if not found:
        return (None,) * steps
    if len(found) != steps:
        entry.wrong(key, f"it holds {len(found)} numbers for {steps} levels above the lowest; write one a level")
        return (None,) * steps
    return found


def _levels(entry: Entry, ladders: Mapping[str, tuple[Level, ...]]) -> tuple[Level, ...]:
    base = tuple(_level(one) for one in entry.tables("levels", "number"))
    ladder = entry.text("ladder", or_else="")
    if not base:
        base = ladders.get(ladder, ())
        if not base:
            entry.wrong("ladder", f"there is no ladder '{ladder}' with levels; write one of {', '.join(sorted(ladders)) or 'them'}")  # fmt: skip
            return ()
    points = entry.numbers("points")
    if points and len(points) != len(base):
        entry.wrong("points", f"it holds {len(points)} numbers for {len(base)} levels; write one a level")
    elif points:
        base = tuple(replace(one, points=value) for one, value in zip(base, points, strict=True))
    days = (Decimal(0), *_per_step(entry, "days", len(base) - 1))
    measured = (None, *_per_step(entry, "measured_from", len(base) - 1))
    return tuple(
        replace(one, days=int(effort or 0), measured_from=least)
        for one, effort, least in zip(base, days, measured, strict=True)
    )


def _threshold(entry: Entry, key: str, provenance: Provenance) -> Threshold:
    value = entry.need(key, '2, "none" or "unknown"')
    if value == "unknown":
        return Threshold(None, provenance, known=False)
    if isinstance(value, int) and not isinstance(value, bool):
        return Threshold(value, provenance)
    if value not in (None, "none"):
        entry.wrong(key, f'it is {value!r}; write the number of a level, "none" or "unknown"')
    return Threshold(None, provenance)


def _indicator(entry: Entry, ladders: Mapping[str, tuple[Level, ...]], defaults: Mapping[str, Provenance]) -> Indicator:
    where = _provenances(entry.table("provenance") if entry.has("provenance") else None, defaults)
    found = Indicator(
        code=entry.text("code"),
        group=entry.text("group"),
        role=entry.one_of("role", IndicatorRole),
        name=entry.pair(),
        text=entry.pair("text_"),
        levels=_levels(entry, ladders),
        minimum=_threshold(entry, "minimum", where.get("minimum", Provenance.PLACEHOLDER)),
        excellence=_threshold(entry, "excellence", where.get("excellence", Provenance.PLACEHOLDER)),
        scopes=frozenset(entry.codes("scopes")),
        scopes_unknown=frozenset(entry.codes("scopes_unknown")),
        measured=entry.one_of("measured", MeasuredKey) if entry.has("measured") else None,
        evidence=entry.codes("evidence"),
        offers=entry.codes("offers"),
        may_be_left_out=entry.flag("may_be_left_out"),
        provenance=where,
    )
    entry.finish()
    return found


def _named(entry: Entry) -> Named:
    found = Named(entry.text("code"), entry.pair())
    entry.finish()
    return found


def _fact(entry: Entry) -> Fact:
    measured = entry.one_of("measured", MeasuredKey) if entry.has("measured") else None
    found = Fact(entry.text("code"), entry.pair(), entry.one_of("kind", FactKind), measured)
    entry.finish()
    return found


def _evidence(entry: Entry) -> EvidenceKind:
    found = EvidenceKind(entry.text("code"), entry.pair(), entry.whole("months", least=1))
    entry.finish()
    return found


def _offer(entry: Entry) -> Offer:
    found = Offer(entry.text("code"), entry.pair(), entry.pair("giver_") if entry.has("giver_da") else NOTHING)
    entry.finish()
    return found


def read(files: Files, where: str, checksum: str) -> tuple[Version, list[Problem]]:
    """The version with every problem of shape; with problems it is only good for looking for more of them."""
    problems: list[Problem] = []
    scheme, indicators, labels = (Entry(files.get(name, {}), f"{where}/{name}.toml", problems) for name in FILES)
    ladders = _ladders(indicators)
    defaults = _provenances(indicators.table("provenance"), {})
    for value in VALUES:
        if value not in defaults:
            problems.append(Problem(f"{indicators.where}, provenance", value, "it is missing; say where it is known from"))  # fmt: skip
    found = Version(
        scheme=scheme.text("scheme"),
        version=scheme.text("version"),
        name=scheme.pair(),
        since=scheme.day("from", required=True) or date.min,
        until=scheme.day("to"),
        provenance=scheme.provenance(),
        source=scheme.text("source"),
        maximum=scheme.number("maximum") if scheme.has("maximum") else None,
        indicators_published=scheme.whole("indicators_published", least=1),
        groups=tuple(_named(one) for one in indicators.tables("group")),
        facts=tuple(_fact(one) for one in scheme.tables("fact")),
        evidence=tuple(_evidence(one) for one in scheme.tables("evidence")),
        offers=tuple(_offer(one) for one in scheme.tables("offer")),
        indicators=tuple(_indicator(one, ladders, defaults) for one in indicators.tables("indicator")),
        labels=tuple(label(one) for one in labels.tables("label")),
        checksum=checksum,
        draft=scheme.flag("draft"),
    )
    for file in (scheme, indicators, labels):
        file.finish()
    return found, problems
