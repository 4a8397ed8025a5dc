"""klyngeanalyse effects: what participation led to, from a panel of companies."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from klyngeanalyse.bundle.shape import filled, ways
from klyngeanalyse.cli.numbers import whole
from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress
from klyngeanalyse.core.results import Result
from klyngeanalyse.effects.curve import Specification
from klyngeanalyse.effects.design import CHOICES, Design
from klyngeanalyse.effects.relative import FORMS
from klyngeanalyse.effects.study import Study, slug, study
from klyngeanalyse.effects.survival import ALIVE, with_closed
from klyngeanalyse.panel.check import check
from klyngeanalyse.panel.outliers import winsorise
from klyngeanalyse.panel.reading import read
from klyngeanalyse.panel.schema import PanelSchema
from klyngeanalyse.panel.successions import follow

HELP = "what taking part led to: effects by cohort and year, with everything that could speak against them"
PROTOCOL = ("panel", "design", "relative", "specifications")


def arguments(parser: argparse.ArgumentParser) -> None:
    panel = parser.add_argument_group("the panel (or [panel] in the protocol)")
    panel.add_argument("--outcomes", metavar="Y1,Y2", help="columns measured each year")
    panel.add_argument("--company", metavar="COLUMN", help="who (company)")
    panel.add_argument("--year", metavar="COLUMN", help="when (year)")
    panel.add_argument("--first", metavar="COLUMN", help="first year of participation (first_participation)")
    panel.add_argument("--table", metavar="NAME", help="table inside a DuckDB file or a PostgreSQL database")
    panel.add_argument("--successions", metavar="FILE", type=Path, help="predecessor, successor: mergers to follow")
    panel.add_argument(
        "--closed",
        choices=("left_out", "nothing"),
        default="left_out",
        help="years after a company closed (left_out); with `nothing` the outcomes are 0, and `alive` may be one of them: survival",
    )
    panel.add_argument("--winsorised", action="store_true", help="each outcome also held between its 1 and 99 per cent")
    design = parser.add_argument_group("the design (or [design] in the protocol)")
    for name, known in CHOICES.items():
        design.add_argument(f"--{name}", choices=known)
    design.add_argument(
        "--anticipation", metavar="YEARS", type=int, help="years before in which an effect may show (0)"
    )
    design.add_argument("--covariates", metavar="X1,X2", help="numeric columns to adjust for")
    design.add_argument("--codes", metavar="C1,C2", help="columns of codes to adjust for")
    design.add_argument("--cluster", metavar="COLUMN", help="column errors are clustered by beyond the company")
    design.add_argument("--level", metavar="SHARE", type=float, help="of the intervals (0.95)")
    beside = parser.add_argument_group("beside the effect")
    beside.add_argument("--weights", metavar="FILE", type=Path, help="company, weight[, start]: matched companies")
    beside.add_argument("--weights-cluster", metavar="COLUMN", help="column of the matched set in that file")
    beside.add_argument(
        "--false-years", metavar="N", type=whole(0), default=1, help="false date this many years early (1; 0: none)"
    )
    beside.add_argument(
        "--false-draws", metavar="N", type=whole(0), default=0, help="draws of false groups (0: none; 200 take a while)"
    )
    beside.add_argument("--beyond", metavar="Z1,Z2", help="outcomes participation cannot have touched")
    beside.add_argument(
        "--memory", metavar="SIZE", default="512MB", help="DuckDB's limit; beyond it spills to disk (512MB)"
    )


def work(said: argparse.Namespace, progress: Progress) -> dict[str, Result]:
    settings: Mapping[str, Any] = getattr(said, "settings", {})
    schema, design = _schema(said, settings), _design(said, settings)
    asked = _asked(said, settings, design)
    engine = DuckEngine(memory=said.memory)
    try:
        codes = tuple(one for one in (schema.industry, schema.industry_version) if one)
        table = read(engine, said.input, "panel", table=said.table, text=codes)
        results, table, schema = _mended(engine, table, schema, said, design, asked)
        if said.weights:
            read(engine, said.weights, "weights")
        return {**results, **study(engine, table, schema, design, asked, progress)}
    finally:
        engine.close()


def _mended(
    engine: DuckEngine, table: str, schema: PanelSchema, said: argparse.Namespace, design: Design, asked: Study
) -> tuple[dict[str, Result], str, PanelSchema]:
    """The panel checked, its successions followed, closed companies and outliers as asked: what was found, its name, its schema."""
    survival = said.closed == "nothing" and ALIVE in schema.outcomes
    if survival:  # counted from the rows, so no column of the panel
        schema = _with_outcomes(schema, tuple(one for one in schema.outcomes if one != ALIVE))
    results: dict[str, Result] = {"panel": check(engine, table, schema).demand()}
    whole, kept = _carried(engine.arrow(f"select * from {table} limit 0").column_names, schema, design, asked)
    if said.successions:
        pairs = read(engine, said.successions, "successions")
        results["successions"] = follow(engine, table, whole, pairs, "followed", kept)
        table = "followed"
    if said.closed == "nothing":
        results["closed"] = with_closed(engine, table, whole, "with_closed", kept)
        table = "with_closed"
    if said.winsorised:
        held = winsorise(engine, table, schema, "winsorised")
        results["winsorised"], table = held, "winsorised"
        names = (*schema.outcomes, *held.outcomes)
        schema = replace(schema, outcomes=names, signed=names, averaged=())
    return results, table, _with_outcomes(schema, (*schema.outcomes, ALIVE)) if survival else schema


def _with_outcomes(schema: PanelSchema, outcomes: tuple[str, ...]) -> PanelSchema:
    signed, averaged = (tuple(one for one in listed if one in outcomes) for listed in (schema.signed, schema.averaged))
    return replace(schema, outcomes=outcomes, signed=signed, averaged=averaged)


def _carried(
    heads: Sequence[str], schema: PanelSchema, design: Design, asked: Study
) -> tuple[PanelSchema, tuple[str, ...]]:
    """What a mended panel must still hold: outcomes out of reach, who errors are clustered by, and further columns (covariates)."""
    free = [one for one in heads if one not in schema.columns().values()]
    designs = [design, *(one.design for one in asked.specifications)]
    outcomes = {*asked.beyond, *(one.outcome for one in asked.specifications)}
    clusters = [one.cluster for one in designs if one.cluster in free and not schema.organisation]
    whole = replace(
        schema,
        outcomes=(*schema.outcomes, *(one for one in free if one in outcomes)),
        organisation=clusters[0] if clusters else schema.organisation,
    )
    wanted = {name for one in designs for name in (*one.covariates, *one.codes, one.cluster)}
    return whole, tuple(one for one in free if one in wanted and one not in whole.columns().values())


def _listed(text: str | None) -> tuple[str, ...] | None:
    return tuple(one.strip() for one in text.split(",") if one.strip()) if text else None


def _table(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = settings.get(name, {})
    if not isinstance(value, Mapping):
        raise Unfit(f"{name} is a value", where="protocol", mend=f"write its fields under a line [{name}]")
    return dict(value)


def _schema(said: argparse.Namespace, settings: Mapping[str, Any]) -> PanelSchema:
    typed = {
        "outcomes": _listed(said.outcomes),
        "company": said.company,
        "year": said.year,
        "first_participation": said.first,
    }
    given = {name: value for name, value in typed.items() if value is not None}
    made = {"first_participation": "first_participation", **_table(settings, "panel"), **given}
    schema = PanelSchema.of(made)
    if not schema.outcomes:
        raise Unfit("no outcomes", where="--outcomes or [panel] outcomes", mend="name the columns to estimate")
    slugs = [slug(one) for one in schema.outcomes]
    if len(set(slugs)) < len(slugs):
        raise Unfit("outcomes whose names differ only by signs", where=", ".join(schema.outcomes), mend="rename one")
    return schema


def _design(said: argparse.Namespace, settings: Mapping[str, Any]) -> Design:
    typed = {name: getattr(said, name) for name in (*CHOICES, "anticipation", "cluster", "level")}
    typed |= {"covariates": _listed(said.covariates), "codes": _listed(said.codes)}
    given = {name: value for name, value in typed.items() if value is not None}
    table = _table(settings, "design")
    filled("design", table)
    return Design.of({"seed": getattr(said, "seed", 1), **table, **given})


def _asked(said: argparse.Namespace, settings: Mapping[str, Any], design: Design) -> Study:
    forms = {str(name): str(form) for name, form in _table(settings, "relative").items()}
    odd = sorted(set(forms.values()) - set(FORMS))
    if odd:
        raise Unfit(f"form {', '.join(odd)}", where="protocol, [relative]", mend=f"one of {', '.join(FORMS)}")
    declared = settings.get("specifications", [])
    if not isinstance(declared, list) or not all(isinstance(one, Mapping) and "name" in one for one in declared):
        raise Unfit(
            "specifications without names",
            where="protocol",
            mend="write each under [[effects.specifications]] with a name",
        )
    ways(declared)
    return Study(
        form=forms,
        false_years=said.false_years,
        false_draws=said.false_draws,
        beyond=_listed(said.beyond) or (),
        specifications=tuple(_specification(one, design) for one in declared),
        weights="weights" if said.weights else None,
        weights_cluster=said.weights_cluster,
    )


def _specification(said: Mapping[str, Any], design: Design) -> Specification:
    """The study's own design with what this specification changes."""
    own = {name: said[name] for name in ("kind", "outcome") if name in said}
    changed = {name: value for name, value in said.items() if name not in ("name", "kind", "outcome")}
    base = {one.name: getattr(design, one.name) for one in fields(design)}
    return Specification(str(said["name"]), Design.of({**base, **changed}), **own)
