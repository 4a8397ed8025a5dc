"""Companies that closed: left out of the years after, they flatter the survivors; counted as nothing, they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.core.results import Result
from klyngeanalyse.panel.schema import DESCRIBING, PanelSchema

ALIVE = "alive"


@dataclass(frozen=True)
class Survivals(Result):
    """How many companies closed before the last year, and how many rows of nothing were put in for them."""

    n_companies: int
    n_closed: int
    n_rows_added: int


def with_closed(engine: Engine, table: str, schema: PanelSchema, name: str, others: Sequence[str] = ()) -> Survivals:
    """A view `name` where a company keeps a row in every year after its last: outcomes 0 (rates in `averaged` null), codes and the
    columns `others` (covariates) its own, and a column `alive` of 1 and 0 in all rows, itself an outcome (survival).

    Successions are to be followed before (`panel.successions`), or a merger counts as a closure. Raises Unfit where the panel has
    a column `alive` already.
    """
    head = engine.arrow(f"select * from {table} limit 0").schema.names
    if ALIVE in head:
        raise Unfit(f"a column {ALIVE} is there already", where=f"table {table}", mend="rename it")
    c, y = quoted(engine, schema.company), quoted(engine, schema.year)
    kept = [one for one in (schema.first_participation, *(getattr(schema, field) for field in DESCRIBING)) if one]
    kept = list(dict.fromkeys([*kept, *others]))
    listed = [c, y, *(quoted(engine, one) for one in (*schema.outcomes, *kept))]
    added = [f"l.{c}", f"t.{y}"]
    added += [f"cast({'null' if one in schema.averaged else '0'} as double)" for one in schema.outcomes]
    added += [f"l.{quoted(engine, one)}" for one in kept]
    ends = f"select {c}, max({y}) as closing from {table} group by {c}"
    last = f"select p.* , e.closing from {table} p join ({ends}) e on p.{c} = e.{c} and p.{y} = e.closing"
    years = f"select distinct {y} from {table}"
    engine.run(
        f"create or replace temporary view {name} as select {', '.join(listed)}, 1 as {ALIVE} from {table} "
        f"union all select {', '.join(added)}, 0 as {ALIVE} from ({last}) l join ({years}) t on t.{y} > l.closing"
    )
    found = engine.arrow(
        f"select count(*) as n, sum(case when closing < (select max({y}) from {table}) then 1 else 0 end) as k from ({ends}) q"
    ).to_pylist()[0]
    rows = engine.arrow(f"select count(*) as n from {name} where {ALIVE} = 0").column("n")[0].as_py()
    return Survivals(int(found["n"]), int(found["k"] or 0), int(rows))
