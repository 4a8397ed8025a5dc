"""Companies that were merged or taken over: their history goes on under the successor's number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.core.results import Result
from klyngeanalyse.panel.schema import DESCRIBING, PanelSchema


@dataclass(frozen=True)
class Followed(Result):
    """How many successions were applied, to how many companies, and how many rows were joined into another's."""

    n_successions: int
    n_successors: int
    n_rows_before: int
    n_rows_after: int


def last_successor(pairs: Mapping[Any, Any]) -> dict[Any, Any]:
    """Predecessor -> the company that carries it on in the end, through any chain.

    >>> last_successor({"a": "b", "b": "c"})
    {'a': 'c', 'b': 'c'}

    Raises Unfit where companies succeed each other in a ring.
    """
    ends: dict[Any, Any] = {}
    for start in pairs:
        seen, here = [start], pairs[start]
        while here in pairs and here not in ends:
            if here in seen:
                raise Unfit(
                    f"successions run in a ring: {' -> '.join(map(str, [*seen, here]))}",
                    where="table of successions",
                    mend="remove one of them",
                )
            seen.append(here)
            here = pairs[here]
        end = ends.get(here, here)
        ends.update(dict.fromkeys(seen, end))
    return ends


def follow(
    engine: Engine, table: str, schema: PanelSchema, successions: str, name: str, kept: Sequence[str] = ()
) -> Followed:
    """A view `name` of the panel where every predecessor's rows are its last successor's.

    `successions` is a table (predecessor, successor). In a year where both report, outcomes are summed (those named in
    `averaged` are averaged), the first participation is the earliest of all, and codes are the successor's own, as are the
    further columns `kept` (covariates). The organisation is, in all years, the one that the earliest participation came by.
    """
    found = columns(engine, f"select predecessor, successor from {successions}")
    given = list(zip(found["predecessor"].tolist(), found["successor"].tolist(), strict=True))
    if len({before for before, _ in given}) < len(given):
        raise Unfit("a predecessor has two successors", where=f"table {successions}", mend="keep one successor each")
    ends = last_successor(dict(given))
    mapping = f"{name}_successors"
    if ends:
        engine.put(mapping, pa.table({"predecessor": list(ends), "successor": list(ends.values())}))
    else:
        engine.run(f"create or replace temporary view {mapping} as select predecessor, successor from {successions}")
    engine.run(f"create or replace temporary view {name} as {_joined(engine, table, schema, mapping, kept)}")
    before, after = (int(engine.arrow(f"select count(*) as n from {t}").column("n")[0].as_py()) for t in (table, name))
    return Followed(len(ends), len(set(ends.values())), before, after)


def _joined(engine: Engine, table: str, schema: PanelSchema, mapping: str, kept: Sequence[str]) -> str:
    c, y = quoted(engine, schema.company), quoted(engine, schema.year)
    carried = [
        f"{'avg' if one in schema.averaged else 'sum'}({quoted(engine, one)}) as {quoted(engine, one)}"
        for one in schema.outcomes
    ]
    first, organisation = schema.first_participation, schema.organisation
    described = [getattr(schema, field) for field in DESCRIBING]
    for column in dict.fromkeys([*described, *kept]):
        if column and not (first and column == organisation):
            q = quoted(engine, column)
            carried.append(f"coalesce(max(case when joined_own = 1 then {q} end), max({q})) as {q}")
    inner = f"select p.*, coalesce(m.successor, p.{c}) as joined_to, case when m.successor is null then 1 else 0 end as joined_own"
    inner += f" from {table} p left join {mapping} m on p.{c} = m.predecessor"
    rows = f"select joined_to as {c}, {y}, {', '.join(carried)} from ({inner}) q group by joined_to, {y}"
    if first is None:
        return rows
    f = quoted(engine, first)
    starts = f"select joined_to as starter, min({f}) as {f} from ({inner}) q group by joined_to"
    joined = f"({rows}) r join ({starts}) s on r.{c} = s.starter"
    if not organisation:
        return f"select r.*, s.{f} from {joined}"
    o = quoted(engine, organisation)
    came = (
        f"select q.joined_to as comer, coalesce(min(case when q.{f} = s.{f} then q.{o} end), min(case when q.joined_own = 1 then "
        f"q.{o} end), min(q.{o})) as {o} from ({inner}) q join ({starts}) s on q.joined_to = s.starter group by q.joined_to"
    )
    return f"select r.*, s.{f}, o.{o} from {joined} join ({came}) o on r.{c} = o.comer"
