"""A specification curve: every declared way of estimating the same effect, shown together and none left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.aggregates import aggregate
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import group_time
from klyngeanalyse.panel.schema import PanelSchema


@dataclass(frozen=True)
class Specification:
    """One declared way: a name, a design, and how it is drawn together; `table` and `outcome` where they differ."""

    name: str
    design: Design
    kind: str = "simple"
    outcome: str | None = None
    table: str | None = None


@dataclass(frozen=True)
class Point:
    name: str
    outcome: str
    estimate: float
    stderr: float
    low: float
    high: float
    p: float
    n_treated: float
    refused: str = ""


@dataclass(frozen=True)
class Curve(Result):
    """Sorted by estimate; what could not be estimated is named with its reason. Shares are of what could."""

    points: tuple[Point, ...]
    median: float
    lowest: float
    highest: float
    share_positive: float
    share_significant: float
    n_refused: int

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.points]

    def chart(self) -> Chart:
        across = {"x": {"field": "name", "type": "nominal", "sort": None}}
        up = {"type": "quantitative"}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain([vars(one) for one in self.points if not one.refused])},
            "layer": [
                {"mark": "rule", "encoding": {**across, "y": {"field": "low", **up}, "y2": {"field": "high"}}},
                {"mark": {"type": "point", "filled": True}, "encoding": {**across, "y": {"field": "estimate", **up}}},
            ],
        }


def curve(
    engine: Engine,
    table: str,
    schema: PanelSchema,
    specifications: Iterable[Specification],
    progress: Progress = silent,
) -> Curve:
    """Runs all; raises Unfit where none is declared, two share a name, or none can be estimated."""
    declared = list(specifications)
    names = [one.name for one in declared]
    if not declared or len(set(names)) < len(names):
        raise Unfit(
            "no specifications, or two of one name", where="specification curve", mend="declare each once by a name"
        )
    points = []
    for nth, one in enumerate(declared):
        progress(nth, len(declared), one.name)
        points.append(_point(engine, one.table or table, schema, one))
    held = [one for one in points if not one.refused]
    if not held:
        raise Unfit("no specification can be estimated", where="specification curve", why=points[0].refused)
    values = np.array([one.estimate for one in held])
    return Curve(
        points=(*sorted(held, key=lambda one: (one.estimate, one.name)), *(one for one in points if one.refused)),
        median=float(np.median(values)),
        lowest=float(values.min()),
        highest=float(values.max()),
        share_positive=float((values > 0).mean()),
        share_significant=float(np.mean([one.low > 0 or one.high < 0 for one in held])),
        n_refused=len(points) - len(held),
    )


def _point(engine: Engine, table: str, schema: PanelSchema, one: Specification) -> Point:
    outcome = one.outcome or schema.outcomes[0]
    alone = _of(schema, outcome)
    try:
        drawn = aggregate(group_time(engine, table, alone, one.design)[outcome], one.kind).overall
    except Unfit as error:
        return Point(one.name, outcome, np.nan, np.nan, np.nan, np.nan, np.nan, 0.0, str(error))
    return Point(one.name, outcome, drawn.estimate, drawn.stderr, drawn.low, drawn.high, drawn.p, drawn.n_treated)


def _of(schema: PanelSchema, outcome: str) -> PanelSchema:
    return PanelSchema(**{**vars(schema), "outcomes": (outcome,), "signed": (), "averaged": ()})
