"""Matched companies: participants against the companies matched to them, by years since participation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Columns, Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.core.results import Chart, Result, Row, plain
from klyngeanalyse.effects.bands import Banded, banded, critical, normal
from klyngeanalyse.effects.rows import Floats
from klyngeanalyse.panel.schema import PanelSchema


@dataclass(frozen=True, kw_only=True)
class ByYear(Banded):
    """event 0 is the first year of participation; `level` the participants' weighted mean in that year."""

    event: int
    n_treated: int
    n_control: int
    level: float


@dataclass(frozen=True)
class MatchedEffect(Result):
    """Effects by year, the mean over the years after, and the joint covariance of the years."""

    outcome: str
    overall: ByYear
    years: tuple[ByYear, ...]
    clustered: str
    n_clusters: int
    covariance: Floats

    def rows(self) -> Iterable[Row]:
        return [_shown("overall", self.overall), *(_shown("year", one) for one in self.years)]

    def chart(self) -> Chart:
        across = {"x": {"field": "event", "type": "ordinal"}}
        up = {"type": "quantitative", "title": self.outcome}
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": plain([vars(one) for one in self.years])},
            "layer": [
                {
                    "mark": "rule",
                    "encoding": {**across, "y": {"field": "band_low", **up}, "y2": {"field": "band_high"}},
                },
                {"mark": {"type": "point", "filled": True}, "encoding": {**across, "y": {"field": "estimate", **up}}},
            ],
        }


def matched(
    engine: Engine,
    table: str,
    schema: PanelSchema,
    weights: str,
    *,
    base: int = -1,
    cluster: str | None = None,
    level: float = 0.95,
    seed: int = 1,
) -> tuple[MatchedEffect, ...]:
    """Difference in differences with matched weights, one answer an outcome:

        ATT(e) = sum_D w (y_e - y_base) / sum_D w - sum_C w (y_e - y_base) / sum_C w

    `weights` is a table (company, weight[, start][, cell]): participants and their matches. `start` is the year a company is aligned to (a
    match carries its participant's; without the column, participants' own and, if there is only one, the matches' too). Whoever first took
    part by `start` is a participant. A company may stand in several rows (used again, or for several starts); its influence is summed.

    Errors: influence by company, or by `cluster` (a column of `weights`, such as cell: the matched set, which after matching without
    replacement carries the error of the matching as well, Abadie and Spiess 2022), times G / (G - 1). Weights are taken as given.
    """
    found = _joined(engine, table, schema, weights, cluster)
    return tuple(
        _effect(found, nth, name, base, cluster or "company", level, seed) for nth, name in enumerate(schema.outcomes)
    )


def _joined(engine: Engine, table: str, schema: PanelSchema, weights: str, cluster: str | None) -> Columns:
    head = engine.arrow(f"select * from {weights} limit 0").schema.names
    lacking = [one for one in ("company", "weight", *([cluster] if cluster else [])) if one not in head]
    if lacking or schema.first_participation is None:
        raise Unfit(
            f"no column {', '.join(lacking) or 'for the first participation'}",
            where=f"table {weights}" if lacking else "panel schema",
            mend="give company, weight and, where participation begins in several years, start",
        )
    c, y, f = quoted(engine, schema.company), quoted(engine, schema.year), quoted(engine, schema.first_participation)
    start = (
        "w.start"
        if "start" in head
        else f"coalesce(case when p.{f} > 0 then p.{f} end, {_only_start(engine, table, schema, weights)})"
    )
    values = ", ".join(f"cast(p.{quoted(engine, one)} as double) as v{nth}" for nth, one in enumerate(schema.outcomes))
    group = f"w.{quoted(engine, cluster)}" if cluster else f"p.{c}"
    sql = (
        f"select p.{c} as company, {group} as cluster_of, w.weight as weight, {start} as start, p.{y} - {start} as event, "
        f"case when p.{f} > 0 and p.{f} <= {start} then 1 else 0 end as inside, {values} "
        f"from {table} p join {weights} w on p.{c} = w.company where w.weight > 0"
    )
    made = columns(engine, sql)
    if not len(made["event"]):
        raise Unfit(
            "no matched company is in the panel", where=f"table {weights}", mend="use the panel's company numbers"
        )
    return made


def _only_start(engine: Engine, table: str, schema: PanelSchema, weights: str) -> int:
    c, f = quoted(engine, schema.company), quoted(engine, str(schema.first_participation))
    starts = columns(
        engine,
        f"select distinct p.{f} as s from {table} p join {weights} w on p.{c} = w.company where p.{f} > 0 order by 1",
    )["s"]
    if not len(starts):
        raise Unfit(
            "no matched company that takes part is in the panel",
            where=f"table {weights}",
            mend="use the panel's company numbers",
        )
    if len(starts) != 1:
        raise Unfit(
            f"participation begins in {len(starts)} years",
            where=f"table {weights}",
            why="a match has no year of its own",
            mend="add a column `start` with the year each row is aligned to",
        )
    return int(starts[0])


def _effect(found: Columns, nth: int, name: str, base: int, clustered: str, level: float, seed: int) -> MatchedEffect:
    events, grid, weight, inside, cluster = _grid(found, found[f"v{nth}"])
    if base not in events:
        raise Unfit(
            f"no observation {base} years from participation",
            where=f"outcome {name}",
            mend=f"base one of {events.tolist()}",
        )
    at = int(np.flatnonzero(events == base)[0])
    kept = [one for one in range(len(events)) if one != at and _both(grid, at, one, inside)]
    if not any(events[one] >= 0 for one in kept):
        raise Unfit("no year after participation", where=f"outcome {name}", mend="give years after participation")
    psi, numbers = np.zeros((int(cluster.max()) + 1, len(kept))), []
    for column, one in enumerate(kept):
        score, estimate, treated_level = _scored(grid, at, one, weight, inside)
        np.add.at(psi[:, column], cluster, score)
        seen = ~np.isnan(grid[:, one] - grid[:, at])
        numbers.append((estimate, int((seen & inside).sum()), int((seen & ~inside).sum()), treated_level))
    groups = len(psi)
    covariance = psi.T @ psi * groups / (groups - 1)
    after = np.array([events[one] >= 0 for one in kept], dtype=float)
    after = after / after.sum()
    sup = critical(covariance, level, seed=seed)
    years = tuple(
        _year(int(events[one]), numbers[n], float(covariance[n, n]), level, sup) for n, one in enumerate(kept)
    )
    drawn = (float(after @ [one[0] for one in numbers]), max(one[1] for one in numbers), max(one[2] for one in numbers), float(after @ [one[3] for one in numbers]))  # fmt: skip
    overall = _year(0, drawn, float(after @ covariance @ after), level, normal(level))
    return MatchedEffect(name, overall, years, clustered, groups, covariance)


def _grid(found: Columns, values: np.ndarray) -> tuple[np.ndarray, Floats, Floats, np.ndarray, np.ndarray]:
    """Events (E,), outcomes (U, E) of each use of a company, its weight, whether it took part, and its cluster."""
    keys = pa.table({name: pa.array(found[name]) for name in ("company", "cluster_of", "start", "inside", "weight")})
    coded = [
        np.unique(np.array([str(one) for one in keys[name].to_pylist()]), return_inverse=True)[1]
        for name in keys.column_names
    ]
    use, place = np.unique(np.column_stack(coded), axis=0, return_inverse=True)
    events, at = np.unique(found["event"].astype(np.int64), return_inverse=True)
    grid, weight = np.full((len(use), len(events)), np.nan), np.zeros(len(use))
    times = np.zeros(grid.shape)
    np.add.at(times, (place, at), 1.0)
    grid[place, at] = values
    weight[place] = found["weight"] * times[place, at]
    inside = np.zeros(len(use), dtype=bool)
    inside[place] = found["inside"] == 1
    return events, grid, weight, inside, use[:, 1]


def _both(grid: Floats, at: int, one: int, inside: np.ndarray) -> bool:
    seen = ~np.isnan(grid[:, one] - grid[:, at])
    return bool((seen & inside).any() and (seen & ~inside).any())


def _scored(grid: Floats, at: int, one: int, weight: Floats, inside: np.ndarray) -> tuple[Floats, float, float]:
    change = grid[:, one] - grid[:, at]
    seen = ~np.isnan(change)
    score, means = np.zeros(len(change)), []
    for side, sign in ((seen & inside, 1.0), (seen & ~inside, -1.0)):
        total = weight[side].sum()
        mean = float(weight[side] @ change[side] / total)
        score[side] = sign * weight[side] * (change[side] - mean) / total
        means.append(mean)
    mine = seen & inside
    return score, means[0] - means[1], float(weight[mine] @ grid[mine, one] / weight[mine].sum())


def _year(event: int, numbers: tuple[float, int, int, float], variance: float, level: float, sup: float) -> ByYear:
    estimate, treated, control, treated_level = numbers
    return ByYear(
        event=event,
        n_treated=treated,
        n_control=control,
        level=treated_level,
        **banded(estimate, variance, level, sup),
    )


def _shown(part: str, one: ByYear) -> Row:
    return {"part": part, "event": one.event, **vars(one)}
