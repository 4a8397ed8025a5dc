"""From panel to rows: streamed in blocks where the engine can, counted by one GROUP BY where it cannot (Spark)."""

from __future__ import annotations

from klyngeanalyse.core.engines import Engine, Streams
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.counting import counted
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.ordered import in_order
from klyngeanalyse.effects.rows import Rows
from klyngeanalyse.effects.streaming import streamed
from klyngeanalyse.panel.schema import PanelSchema


def gather(engine: Engine, table: str, schema: PanelSchema, design: Design, *, singly: bool = False) -> Rows:
    """The rows an estimate needs: cells with counts, means and scatters; companies one by one where covariates are numeric
    or `singly` asks for it.

    On DuckDB a panel in order of companies and years is read once, piece by piece; of any other the needed columns are streamed
    through blocks of fixed size, in passes. On other engines the sums are one GROUP BY over a
    GROUP BY of companies, and only numeric covariates bring companies back.
    """
    if not schema.outcomes:
        raise Unfit("no outcomes", where="panel schema", mend="name at least one outcome")
    asking = Asking(engine, table, schema, design)
    if isinstance(engine, Streams):
        ordered = None if singly else in_order(engine, asking)
        return streamed(engine, asking, singly) if ordered is None else ordered
    return counted(asking, singly)
