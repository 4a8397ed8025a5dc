"""A declared study counted part by part on a panel and a list of who began when; what comes back is counted over companies.

Parts: the effects with everything beside them, each declared specification, each declared grouping, the matching. The same inputs give the same parts, whoever
counts them and in however many goes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from klyngeanalyse.bundle.by import asked_by, columns_by, counted_by, selected
from klyngeanalyse.bundle.parts import parts_of
from klyngeanalyse.bundle.shape import shaped
from klyngeanalyse.bundle.telling import counts_told, reasons_told
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

NEEDED = ("company", "year")
Began = tuple[str, int, str]  # company, first year, organisation
Keep = Callable[[str, Any], None]
_COLUMNS = ("levels", "exact", "covariates", "codes", "cluster")


@dataclass(frozen=True)
class Declared:
    """What a protocol asks of the library: outcomes as (column, form in which an effect is told relatively), years after, and the methods'
    own settings (`design`, `match`, `specifications`, `by`, `false_years`, `false_draws`, `beyond`)."""

    code: str
    digest: str
    outcomes: tuple[tuple[str, str], ...]
    horizon: int
    methods: Mapping[str, Any]

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Declared:
        try:
            outcomes = tuple((str(column), str(form)) for column, form in said["outcomes"])
            return cls(str(said["code"]), str(said["digest"]), outcomes, int(said["horizon"]), dict(said["methods"]))
        except (KeyError, TypeError, ValueError) as error:
            raise Unfit(
                "the declared study cannot be read", where=str(error), mend="ask for the bundle again"
            ) from None

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the panel, in the order in which they are named."""
        named = [*NEEDED, *(column for column, _ in self.outcomes)]
        for table in (
            self.methods.get("match", {}),
            self.methods.get("design", {}),
            *self.methods.get("specifications", ()),
        ):
            for key in _COLUMNS:
                said = table.get(key, ())
                named += [said] if isinstance(said, str) and said else list(said)
        return tuple(dict.fromkeys(str(one) for one in [*named, *columns_by(self.methods)]))


def _specifications(said: Iterable[Mapping[str, Any]], design: Design) -> tuple[Specification, ...]:
    base = {one.name: getattr(design, one.name) for one in fields(design)}
    made = []
    for one in said:
        own = {name: one[name] for name in ("kind", "outcome") if name in one}
        changed = {name: value for name, value in one.items() if name not in ("name", "kind", "outcome")}
        made.append(Specification(str(one["name"]), Design.of({**base, **changed}), **own))
    return tuple(made)


def _asked(one: Declared) -> tuple[PanelSchema, Design, Study]:
    methods = one.methods
    schema = PanelSchema(
        outcomes=tuple(column for column, _ in one.outcomes), first_participation="first_participation"
    )
    design = Design.of({"seed": 1, **methods.get("design", {})})
    asked = Study(
        form=dict(one.outcomes), false_years=int(methods.get("false_years", 1)), false_draws=int(methods.get("false_draws", 0)),
        beyond=tuple(methods.get("beyond", ())), specifications=_specifications(methods.get("specifications", ()), design),
    )  # fmt: skip
    return schema, design, asked


def checked(one: Declared) -> None:
    """Unfit where the library cannot understand what the protocol asks of it."""
    shaped(one.methods)
    try:
        _asked(one)
        asked_by(one.methods)
        if "match" in one.methods:
            _matching(one)
    except Unfit:
        raise
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Unfit(f"the methods are not understood: {error}") from error


def _matching(one: Declared) -> tuple[History, Matched]:
    said = dict(one.methods["match"])
    columns = tuple(column for column, _ in one.outcomes)
    levels, exact = tuple(said.pop("levels", columns)), tuple(said.pop("exact", ()))
    history = History(
        levels=levels, keep=exact, outcomes=columns, lag=int(said.pop("lag", 1)), span=int(said.pop("span", 2)), horizon=int(said.pop("horizon", one.horizon)),
    )  # fmt: skip
    changes = tuple(f"change_{column}" for column in columns)
    covariates = tuple(f"{kind}_{level}" for level in levels for kind in ("log", "growth"))
    return history, Matched(outcomes=changes, exact=("entry", *exact), covariates=covariates, **said)


def _begun(rows: Iterable[Began]) -> pa.Table:
    listed = sorted(rows)
    return pa.table({
        "number": pa.array([number for number, _, _ in listed], pa.string()), "began": pa.array([year for _, year, _ in listed], pa.int32()),
        "organisation": pa.array([organisation for _, _, organisation in listed], pa.string()),
    })  # fmt: skip


def _panel(engine: DuckEngine, path: Path, begun: Iterable[Began], one: Declared) -> None:
    engine.open("extract", path)
    there = engine.arrow("select * from extract limit 0").column_names
    if missing := [name for name in one.columns if name not in there]:
        raise Unfit(f"the panel has no column {', '.join(missing)}", where=str(path), mend="one row for each company and year, with these columns")  # fmt: skip
    engine.put("begun", _begun(begun))
    engine.keep(
        "panel",
        "select e.*, coalesce(b.began, 0) as first_participation, nullif(b.began, 0) as first_year"
        f"{selected(one.methods)} from extract as e "
        "left join begun as b on cast(e.company as varchar) = b.number order by e.company, e.year",
    )


def counted(
    one: Declared, path: Path, begun: Iterable[Began], least: float, *,
    done: Mapping[str, Any] | None = None, keep: Keep = lambda name, told: None, memory: str = "512MB",
) -> dict[str, Any]:  # fmt: skip
    """The study as data: nothing in it rests on fewer than `least` participants, and no row is of one company.

    `done`: parts that were counted before on the same inputs; every other part is handed to `keep` when it is counted.
    """
    engine, kept = DuckEngine(memory=memory), dict(done or {})
    try:
        if set(parts_of(one.methods)) - set(kept):
            _panel(engine, path, begun, one)
        for name in parts_of(one.methods):
            if name in kept:
                continue
            kept[name] = json.loads(json.dumps(_part(engine, one, name, least)))
            keep(name, kept[name])
    finally:
        engine.close()
    return _joined(one, kept)


def _part(engine: DuckEngine, one: Declared, name: str, least: float) -> dict[str, Any]:
    kind, _, nth = name.partition(":")
    if kind == "effects":
        schema, design, asked = _asked(one)
        return _told(one, study(engine, "panel", schema, design, replace(asked, specifications=())), least)
    if kind == "specification":
        return _specification(engine, one, int(nth))
    if kind == "by":
        schema, design, asked = _asked(one)
        return counted_by(engine, one.methods, nth, schema, design, asked.form, least)
    try:
        return _matched(engine, one, least)
    except Unfit as error:
        return {"refused": str(error)}


def _specification(engine: DuckEngine, one: Declared, nth: int) -> dict[str, Any]:
    """One declared way of estimating; named with its reason where it cannot be."""
    schema, _, asked = _asked(one)
    way = asked.specifications[nth]
    try:
        return dict(plain(next(iter(curve(engine, "panel", schema, (way,)).rows()))))
    except Unfit as error:
        return {"name": way.name, "outcome": way.outcome or schema.outcomes[0], "n_treated": 0.0, "refused": str(error)}


def _matched(engine: DuckEngine, one: Declared, least: float) -> dict[str, Any]:
    history, design = _matching(one)
    candidates(engine, "panel", "candidates", history)
    found = match(engine, "candidates", design)
    balance = found.balance
    counts = {key: value for key, value in vars(found.summary).items() if key not in ("reasons", "footing")}
    return {
        "balance": [
            {"covariate": name, "before": before, "after": after}
            for name, before, after in zip(balance.names, balance.difference_before, balance.difference, strict=True)
        ],
        "summary": counts_told(counts, least), "unmatched": reasons_told(found.unmatched.reasons, least), "effects": [plain(row) for row in found.effects.rows()],
    }  # fmt: skip


def _table(results: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = results.get(name)
    return [dict(plain(row)) for row in found.rows()] if found is not None else []


def shown_rows(rows: list[dict[str, Any]], least: float, by: str = "n_treated") -> tuple[list[dict[str, Any]], int]:
    """Rows that rest on at least so many participants, and how many were left out."""
    kept = [row for row in rows if row.get(by) is None or row[by] >= least]
    return kept, len(rows) - len(kept)


def _told(one: Declared, results: Mapping[str, Any], least: float) -> dict[str, Any]:
    hidden, outcomes = 0, {}
    for column, _ in one.outcomes:
        name = column.lower()
        parts: dict[str, Any] = {}
        for part in ("event_study", "by_cohort", "by_year"):
            parts[part], left = shown_rows(_table(results, f"{name}_{part}"), least)
            hidden += left
        for part in ("pretrend", "sensitivity_relative", "sensitivity_smooth", "two_way"):
            parts[part] = plain(results[f"{name}_{part}"].as_dict()) if f"{name}_{part}" in results else None
        outcomes[column] = parts
    summary = results["summary"]
    return {
        "study": one.code, "protocol": one.digest, "companies": plain(summary.n_companies), "dropped": None if 0 < summary.n_dropped < least else summary.n_dropped,
        "summary": _table(results, "summary"), "outcomes": outcomes, "placebos": _table(results, "placebos"),
        "refused": _table(results, "refused"), "hidden": hidden,
    }  # fmt: skip


def _joined(one: Declared, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The parts as one result: specifications in order of what they found, those that could not be estimated last."""
    ways = [kept[name] for name in parts_of(one.methods) if name.startswith("specification:")]
    held = sorted((way for way in ways if not way["refused"]), key=lambda way: (way["estimate"], way["name"]))
    matching = dict(kept.get("matching", {}))
    why = matching.pop("refused", None)
    refused = [*kept["effects"]["refused"], *([{"part": "matching", "reason": why}] if why else [])]
    found = {**kept["effects"], "specifications": [*held, *(way for way in ways if way["refused"])], "matching": matching, "refused": refused}  # fmt: skip
    groups = {name: kept[f"by:{name}"] for name in asked_by(one.methods)}
    return {**found, "by": groups} if groups else found
