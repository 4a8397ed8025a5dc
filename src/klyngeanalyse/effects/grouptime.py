"""Group-time effects ATT(g, t): one for each cohort of participants and each year (Callaway and Sant'Anna 2021)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.bands import normal
from klyngeanalyse.effects.contrasts import Contrast, contrasts, families
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.influence import joint
from klyngeanalyse.effects.rows import Floats, Measured, Rows
from klyngeanalyse.effects.scores import Fitted, Fitting, Unidentified
from klyngeanalyse.panel.schema import PanelSchema


@dataclass(frozen=True)
class Cell:
    """ATT of the cohort in the year against the base year; `level` is the participants' mean in the year."""

    cohort: int
    year: int
    base_year: int
    estimate: float
    stderr: float
    low: float
    high: float
    n_treated: float
    n_control: float
    level: float

    @property
    def event(self) -> int:
        return self.year - self.cohort


@dataclass(frozen=True)
class Skipped:
    """A pair that cannot be estimated: 'no_rows', 'overlap' (a participant unlike all controls) or 'no_control_alike'."""

    cohort: int
    year: int
    code: str


@dataclass(frozen=True)
class GroupTime(Result):
    """All ATT(g, t) of one outcome.

    covariance (P, P)  of (ATT of each cell, level of each cell, share of each cohort among the companies), P = 2 K + H
    scores (G, P)      sums of influence of the named clusters; `own` (P, P) the part of companies that stand alone
    """

    outcome: str
    design: Design
    cells: tuple[Cell, ...]
    skipped: tuple[Skipped, ...]
    cohorts: tuple[int, ...]
    sizes: tuple[float, ...]
    n_companies: float
    n_clusters: float
    n_dropped: int
    clusters: tuple[str, ...]
    covariance: Floats
    own: Floats
    scores: Floats

    @property
    def estimate(self) -> Floats:
        return np.array([cell.estimate for cell in self.cells])

    @property
    def stderr(self) -> Floats:
        return np.array([cell.stderr for cell in self.cells])

    @property
    def shares(self) -> Floats:
        return np.array(self.sizes) / self.n_companies

    def rows(self) -> Iterable[Row]:
        return [vars(cell) for cell in self.cells]

    def as_dict(self) -> dict[str, Any]:
        left_out = ("covariance", "own", "scores", "clusters")
        return {name: plain(value) for name, value in vars(self).items() if name not in left_out}

    def chart(self) -> Chart:
        values = [
            {
                "cohort": str(c.cohort),
                "year": str(c.year),
                "estimate": c.estimate,
                "low": c.low,
                "high": c.high,
                "after": c.event >= 0,
            }
            for c in self.cells
        ]
        shared = {"x": {"field": "year", "type": "ordinal"}, "color": {"field": "after", "type": "nominal"}}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain(values)},
            "facet": {"field": "cohort", "type": "nominal", "columns": 2},
            "spec": {
                "layer": [
                    {"mark": "rule", "encoding": {**shared, "y": {"field": "low", "type": "quantitative", "title": self.outcome}, "y2": {"field": "high"}}},
                    {"mark": {"type": "point", "filled": True}, "encoding": {**shared, "y": {"field": "estimate", "type": "quantitative"}}},
                ]
            },
        }  # fmt: skip


@dataclass(frozen=True)
class GroupTimes(Result):
    """The group-time effects of several outcomes, estimated from one reading of the panel."""

    outcomes: tuple[GroupTime, ...]

    def __getitem__(self, outcome: str) -> GroupTime:
        for one in self.outcomes:
            if one.outcome == outcome:
                return one
        raise KeyError(outcome)

    def __iter__(self) -> Iterator[GroupTime]:
        return iter(self.outcomes)

    def rows(self) -> Iterable[Row]:
        return [{"outcome": one.outcome, **row} for one in self.outcomes for row in one.rows()]


def group_time(engine: Engine, table: str, schema: PanelSchema, design: Design | None = None) -> GroupTimes:
    """Every ATT(g, t) of every outcome of the schema, with its standard error by influence functions.

    Raises Unfit where the panel has no participants, no controls, companies twice in a year, or participation that varies.
    Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225; with covariates Sant'Anna and Zhao (2020).
    """
    design = design or Design()
    return from_rows(gather(engine, table, schema, design), design)


def from_rows(rows: Rows, design: Design) -> GroupTimes:
    """The same from rows already gathered: leaving a cluster out or another design costs no new reading."""
    years, cohorts = [int(one) for one in rows.years], [int(one) for one in rows.cohorts]
    if not cohorts:
        raise Unfit(
            "no participants", where="first participation", mend="give companies that start in the years observed"
        )
    wanted = contrasts(years, cohorts, design)
    return GroupTimes(tuple(_one(rows, outcome, wanted, design) for outcome in rows.outcomes))


def _one(rows: Rows, outcome: Measured, wanted: list[Contrast], design: Design) -> GroupTime:
    fits, skipped = _fits(rows, outcome, wanted, design)
    if not fits:
        raise Unfit(
            "no effect can be estimated",
            where=f"outcome {outcome.name}",
            why=_why(rows, skipped, design),
            mend="use controls = 'not_yet', fewer covariates or a longer panel",
        )
    kept = sorted(nth for one in fits for nth in one.family.contrasts)
    place = {nth: at for at, nth in enumerate(kept)}
    chosen = [wanted[nth] for nth in kept]
    fits = [_renumbered(one, place) for one in fits]
    found = joint(rows, outcome, fits, chosen)
    return GroupTime(
        outcome=outcome.name,
        design=design,
        cells=_cells(chosen, fits, found.covariance, design.level),
        skipped=tuple(skipped),
        cohorts=tuple(int(one) for one in rows.cohorts),
        sizes=tuple(float(rows.n[rows.cohort == one].sum()) for one in rows.cohorts),
        n_companies=rows.total,
        n_clusters=len(rows.clusters) + found.n_own,
        n_dropped=rows.n_dropped,
        clusters=rows.clusters,
        covariance=found.covariance,
        own=found.own,
        scores=found.scores,
    )


def _fits(rows: Rows, outcome: Measured, wanted: list[Contrast], design: Design) -> tuple[list[Fitted], list[Skipped]]:
    fitting = Fitting(rows, outcome, wanted, design)
    fits, reasons = [], dict.fromkeys(range(len(wanted)), "no_rows")
    for family in families(rows, outcome, wanted, design):
        try:
            fits.append(fitting.fit(family))
        except Unidentified as error:
            reasons.update(dict.fromkeys(family.contrasts, str(error)))
        else:
            for nth in family.contrasts:
                del reasons[nth]
    return fits, [Skipped(wanted[nth].cohort, wanted[nth].year, code) for nth, code in reasons.items()]


def _why(rows: Rows, skipped: list[Skipped], design: Design) -> str:
    if design.controls == "never" and not (rows.cohort == 0).any():
        return "no company never took part"
    return ", ".join(sorted({one.code for one in skipped})) or "no cohort has a year before participation"


def _renumbered(one: Fitted, place: dict[int, int]) -> Fitted:
    family = one.family.__class__(
        tuple(place[nth] for nth in one.family.contrasts), one.family.treated, one.family.control
    )
    return Fitted(**{**vars(one), "family": family})


def _cells(chosen: list[Contrast], fits: list[Fitted], covariance: Floats, level: float) -> tuple[Cell, ...]:
    z = normal(level)
    found: dict[int, Cell] = {}
    for one in fits:
        for at, nth in enumerate(one.family.contrasts):
            contrast, estimate = chosen[nth], float(one.estimate[at])
            stderr = math.sqrt(max(float(covariance[nth, nth]), 0.0))
            found[nth] = Cell(
                cohort=contrast.cohort,
                year=contrast.year,
                base_year=contrast.base_year,
                estimate=estimate,
                stderr=stderr,
                low=estimate - z * stderr,
                high=estimate + z * stderr,
                n_treated=one.n_treated,
                n_control=one.n_control,
                level=float(one.level[at]),
            )
    return tuple(found[nth] for nth in sorted(found))
