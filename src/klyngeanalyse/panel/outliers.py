"""Outliers: a winsorised copy of each outcome beside the raw one, so that both lines are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.core.results import Result, Row
from klyngeanalyse.panel.schema import PanelSchema


@dataclass(frozen=True)
class Bound:
    """The two quantiles of one outcome in one year, and how many rows lie beyond them."""

    outcome: str
    year: int
    low: float
    high: float
    n_low: int
    n_high: int


@dataclass(frozen=True)
class Winsorised(Result):
    """`outcomes` are the new columns (`<outcome>_wins`), `bounds` the limits they were held to, by outcome and year."""

    outcomes: tuple[str, ...]
    bounds: tuple[Bound, ...]

    def rows(self) -> Iterable[Row]:
        return [vars(one) for one in self.bounds]


def winsorise(
    engine: Engine, table: str, schema: PanelSchema, name: str, low: float = 0.01, high: float = 0.99
) -> Winsorised:
    """A view `name`: the panel with `<outcome>_wins` beside every outcome, held between two quantiles of its year.

    Quantiles interpolate linearly (SQL's percentile_cont). Raises Unfit unless 0 <= low < high <= 1.
    """
    if not 0 <= low < high <= 1:
        raise Unfit(f"quantiles {low} and {high}", where="winsorise", mend="give 0 <= low < high <= 1")
    y = quoted(engine, schema.year)
    limits = f"{name}_limits"
    engine.put(limits, pa.Table.from_pylist(_limits(engine, table, schema, low, high)))
    copies = ", ".join(
        f"case when p.{q} < l.low_{n} then l.low_{n} when p.{q} > l.high_{n} then l.high_{n} else p.{q} end as {w}"
        for n, (q, w) in enumerate((quoted(engine, one), quoted(engine, f"{one}_wins")) for one in schema.outcomes)
    )
    joined = f"from {table} p join {limits} l on p.{y} = l.limits_year"
    engine.run(f"create or replace temporary view {name} as select p.*, {copies} {joined}")
    counts = ", ".join(
        f"sum(case when p.{q} < l.low_{n} then 1 else 0 end) as n_low_{n}, sum(case when p.{q} > l.high_{n} then 1 else 0 end)"
        f" as n_high_{n}, max(l.low_{n}) as low_{n}, max(l.high_{n}) as high_{n}"
        for n, q in enumerate(quoted(engine, one) for one in schema.outcomes)
    )
    found = columns(engine, f"select p.{y} as year, {counts} {joined} group by p.{y} order by 1")
    bounds = [
        Bound(
            outcome=outcome,
            year=int(year),
            low=float(found[f"low_{n}"][nth]),
            high=float(found[f"high_{n}"][nth]),
            n_low=int(found[f"n_low_{n}"][nth]),
            n_high=int(found[f"n_high_{n}"][nth]),
        )
        for n, outcome in enumerate(schema.outcomes)
        for nth, year in enumerate(found["year"])
    ]
    return Winsorised(tuple(f"{one}_wins" for one in schema.outcomes), tuple(bounds))


def _limits(engine: Engine, table: str, schema: PanelSchema, low: float, high: float) -> list[dict[str, float]]:
    y = quoted(engine, schema.year)
    parts = ", ".join(
        f"percentile_cont({share}) within group (order by cast({quoted(engine, one)} as double)) as {end}_{n}"
        for n, one in enumerate(schema.outcomes)
        for end, share in (("low", low), ("high", high))
    )
    if not parts:
        raise Unfit("no outcomes", where="panel schema", mend="name at least one outcome to winsorise")
    return list(engine.arrow(f"select {y} as limits_year, {parts} from {table} group by {y}").to_pylist())
