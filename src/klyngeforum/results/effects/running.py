"""Running a frozen protocol on an extract with the analysis library; only what is counted over companies comes back.

Kept apart from the room's other files: it alone loads the library (DuckDB, NumPy, Arrow), and only when a study runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import plain
from klyngeanalyse.effects.curve import Specification, curve
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.study import Study, study
from klyngeanalyse.matching import Design as Matched
from klyngeanalyse.matching import match
from klyngeanalyse.matching.history import History, candidates
from klyngeanalyse.panel.schema import PanelSchema
from klyngeforum.ground.verdict import Refused, no
from klyngeforum.ground.words import mark

from .rules import parts_of, shown_rows
from .terms import Begun, Held, Protocol

MEMORY = "512MB"
NEEDED = ("company", "year")
Keep = Callable[[str, Any], None]


def _unkept(name: str, told: Any) -> None:
    """Nobody keeps the parts."""


def library() -> str:
    """The name and version of what counts."""
    try:
        return f"klyngeanalyse {version('klyngeforum')}"
    except PackageNotFoundError:
        return "klyngeanalyse (source)"


def held(path: Path) -> Held:
    """What a Parquet file of companies by year holds; refused where it is no panel."""
    engine = DuckEngine(memory=MEMORY)
    try:
        engine.open("extract", path)
        names = tuple(engine.arrow("select * from extract limit 0").column_names)
        missing = [one for one in NEEDED if one not in names]
        if missing:
            raise Refused(no(mark("The file has no column %(missing)s. An extract has one row for each company and year, with the columns company and year."), missing=", ".join(missing)))  # fmt: skip
        found = engine.arrow(
            "select count(*) as n, count(distinct company) as companies, min(year) as low, max(year) as high, "
            "count(*) - count(distinct (company, year)) as twice from extract"
        ).to_pylist()[0]
        if found["twice"] or not found["n"]:
            raise Refused(no(mark("%(n)s rows stand twice for the same company and year, or the file is empty. Keep one row for each company and year."), n=found["twice"]))  # fmt: skip
        with path.open("rb") as file:
            checksum = file_digest(file, "sha256").hexdigest()
        return Held(int(found["n"]), int(found["companies"]), int(found["low"]), int(found["high"]), names, checksum)
    except Unfit as error:
        raise Refused(no(mark("The file cannot be read: %(why)s"), why=str(error))) from error
    except Exception as error:
        if isinstance(error, Refused) or type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        raise Refused(no(mark("The file cannot be read: %(why)s"), why=str(error)[:300])) from error
    finally:
        engine.close()


def _begun(rows: Iterable[Begun]) -> pa.Table:
    listed = sorted(rows, key=lambda one: one.number)
    return pa.table({
        "number": pa.array([one.number for one in listed], pa.string()), "began": pa.array([one.year for one in listed], pa.int32()),
        "organisation": pa.array([one.organisation for one in listed], pa.string()),
    })  # fmt: skip


def _panel(engine: DuckEngine, path: Path, begun: Iterable[Begun]) -> None:
    engine.open("extract", path)
    engine.put("begun", _begun(begun))
    engine.keep(
        "panel",
        "select e.*, coalesce(b.began, 0) as first_participation, nullif(b.began, 0) as first_year from extract as e "
        "left join begun as b on cast(e.company as varchar) = b.number order by e.company, e.year",
    )


def _specifications(said: Iterable[Mapping[str, Any]], design: Design) -> tuple[Specification, ...]:
    base = {one.name: getattr(design, one.name) for one in fields(design)}
    made = []
    for one in said:
        own = {name: one[name] for name in ("kind", "outcome") if name in one}
        changed = {name: value for name, value in one.items() if name not in ("name", "kind", "outcome")}
        made.append(Specification(str(one["name"]), Design.of({**base, **changed}), **own))
    return tuple(made)


def _asked(protocol: Protocol) -> tuple[PanelSchema, Design, Study]:
    methods = protocol.methods
    schema = PanelSchema(
        outcomes=tuple(one.column for one in protocol.outcomes), first_participation="first_participation"
    )
    design = Design.of({"seed": 1, **methods.get("design", {})})
    asked = Study(
        form={one.column: one.form for one in protocol.outcomes}, false_years=int(methods.get("false_years", 1)),
        false_draws=int(methods.get("false_draws", 0)), beyond=tuple(methods.get("beyond", ())),
        specifications=_specifications(methods.get("specifications", ()), design),
    )  # fmt: skip
    return schema, design, asked


def checked(protocol: Protocol) -> None:
    """Refused where the library cannot understand what the protocol asks of it."""
    try:
        _asked(protocol)
        if "match" in protocol.methods:
            _matching(protocol)
    except (Unfit, TypeError, ValueError, KeyError, AttributeError) as error:
        raise Refused(no(mark("The part [effects] is not understood: %(why)s"), on="text", why=str(error))) from error


def _matching(protocol: Protocol) -> tuple[History, Matched]:
    said = dict(protocol.methods["match"])
    columns = tuple(one.column for one in protocol.outcomes)
    levels, exact = tuple(said.pop("levels", columns)), tuple(said.pop("exact", ()))
    history = History(
        levels=levels, keep=exact, outcomes=columns, lag=int(said.pop("lag", 1)), span=int(said.pop("span", 2)), horizon=int(said.pop("horizon", protocol.horizon)),
    )  # fmt: skip
    changes = tuple(f"change_{one}" for one in columns)
    covariates = tuple(f"{kind}_{one}" for one in levels for kind in ("log", "growth"))
    return history, Matched(outcomes=changes, exact=("entry", *exact), covariates=covariates, **said)


def _matched(engine: DuckEngine, protocol: Protocol, least: float) -> dict[str, Any]:
    history, design = _matching(protocol)
    candidates(engine, "panel", "candidates", history)
    found = match(engine, "candidates", design)
    balance = found.balance
    reasons = {why: n for why, n in found.unmatched.reasons.items() if n >= least}
    return {
        "balance": [
            {"covariate": name, "before": before, "after": after}
            for name, before, after in zip(balance.names, balance.difference_before, balance.difference, strict=True)
        ],
        "summary": {key: value for key, value in vars(found.summary).items() if key not in ("reasons", "footing")},
        "unmatched": reasons, "effects": [plain(one) for one in found.effects.rows()],
    }  # fmt: skip


def _table(results: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = results.get(name)
    return [dict(plain(row)) for row in found.rows()] if found is not None else []


def _effects(engine: DuckEngine, protocol: Protocol, least: float) -> dict[str, Any]:
    schema, design, asked = _asked(protocol)
    return _told(protocol, study(engine, "panel", schema, design, replace(asked, specifications=())), least)


def _specification(engine: DuckEngine, protocol: Protocol, nth: int) -> dict[str, Any]:
    """One declared way of estimating; named with its reason where it cannot be."""
    schema, _, asked = _asked(protocol)
    one = asked.specifications[nth]
    try:
        return dict(plain(next(iter(curve(engine, "panel", schema, (one,)).rows()))))
    except Unfit as error:
        return {"name": one.name, "outcome": one.outcome or schema.outcomes[0], "n_treated": 0.0, "refused": str(error)}


def _alike(engine: DuckEngine, protocol: Protocol, least: float) -> dict[str, Any]:
    try:
        return _matched(engine, protocol, least)
    except Unfit as error:
        return {"refused": str(error)}


def run(
    protocol: Protocol, path: Path, begun: Iterable[Begun], least: float,
    done: Mapping[str, Any] | None = None, keep: Keep = _unkept,
) -> dict[str, Any]:  # fmt: skip
    """The study as data: nothing in it rests on fewer than ``least`` participants, and no row is of one company.

    ``done``: parts that were counted before on the same inputs; every other part is handed to ``keep`` when it is counted.
    """
    engine, kept = DuckEngine(memory=MEMORY), dict(done or {})
    try:
        if set(parts_of(protocol)) - set(kept):
            _panel(engine, path, begun)
        for name in parts_of(protocol):
            if name in kept:
                continue
            kind, _, nth = name.partition(":")
            if kind == "effects":
                told = _effects(engine, protocol, least)
            elif kind == "matching":
                told = _alike(engine, protocol, least)
            else:
                told = _specification(engine, protocol, int(nth))
            kept[name] = json.loads(json.dumps(told))
            keep(name, kept[name])
    except Unfit as error:
        raise Refused(no(mark("The study cannot be answered: %(why)s"), why=str(error))) from error
    finally:
        engine.close()
    return _joined(protocol, kept)


def _joined(protocol: Protocol, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The parts as one result: specifications in order of what they found, those that could not be estimated last."""
    ways = [kept[name] for name in parts_of(protocol) if name.startswith("specification:")]
    held = sorted((one for one in ways if not one["refused"]), key=lambda one: (one["estimate"], one["name"]))
    matching = dict(kept.get("matching", {}))
    why = matching.pop("refused", None)
    refused = [*kept["effects"]["refused"], *([{"part": "matching", "reason": why}] if why else [])]
    return {**kept["effects"], "specifications": [*held, *(one for one in ways if one["refused"])], "matching": matching, "refused": refused}  # fmt: skip


def _told(protocol: Protocol, results: Mapping[str, Any], least: float) -> dict[str, Any]:
    hidden, outcomes = 0, {}
    for one in protocol.outcomes:
        name = one.column.lower()
        parts: dict[str, Any] = {}
        for part in ("event_study", "by_cohort", "by_year"):
            parts[part], left = shown_rows(_table(results, f"{name}_{part}"), least)
            hidden += left
        for part in ("pretrend", "sensitivity_relative", "sensitivity_smooth", "two_way"):
            parts[part] = plain(results[f"{name}_{part}"].as_dict()) if f"{name}_{part}" in results else None
        outcomes[one.column] = parts
    summary = results["summary"]
    return {
        "study": protocol.code, "protocol": protocol.digest, "library": library(), "companies": plain(summary.n_companies), "dropped": summary.n_dropped,
        "summary": _table(results, "summary"), "outcomes": outcomes, "placebos": _table(results, "placebos"),
        "refused": _table(results, "refused"), "hidden": hidden,
    }  # fmt: skip
