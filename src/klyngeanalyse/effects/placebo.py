"""Where nothing can have happened, nothing should be found: a false date, a false group, an outcome out of reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.progress import Progress, silent
from klyngeanalyse.core.results import Result
from klyngeanalyse.effects.aggregates import Estimate, aggregate
from klyngeanalyse.effects.asking import Asking
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import from_rows, group_time
from klyngeanalyse.effects.rows import Rows
from klyngeanalyse.panel.schema import PanelSchema


@dataclass(frozen=True)
class Placebo(Result):
    """kind 'date', 'outcome' or 'group'; `found` whether the interval leaves 0 out: then the design is in doubt."""

    kind: str
    outcome: str
    estimate: float
    stderr: float
    low: float
    high: float
    p: float

    @property
    def found(self) -> bool:
        return self.low > 0 or self.high < 0


def _placebo(kind: str, outcome: str, one: Estimate) -> Placebo:
    return Placebo(kind, outcome, one.estimate, one.stderr, one.low, one.high, one.p)


def false_date(engine: Engine, table: str, schema: PanelSchema, design: Design, years: int = 2) -> tuple[Placebo, ...]:
    """Participation said to begin `years` earlier than it did, the panel cut off where it truly began; one answer an outcome.

    Companies that never took part keep all their years. Raises Unfit where no year is left to look at.
    """
    if years < 1:
        raise Unfit(f"{years} years earlier", where="false date", mend="give 1 or more")
    asking = Asking(engine, table, schema, design)
    first, started = asking.first, asking.started
    kept = f"case when {started} then {asking.year} < {first} - {design.anticipation} else 1 = 1 end"
    moved = f"case when {started} then {first} - {years} else 0 end"
    engine.run(
        f"create or replace temporary view effects_false_date as select p.*, {moved} as effects_false_first "
        f"from {table} p where {kept}"
    )
    shifted = replace(schema, first_participation="effects_false_first")
    found = group_time(engine, "effects_false_date", shifted, replace(design, anticipation=0))
    return tuple(_placebo("date", one.outcome, aggregate(one, "simple").overall) for one in found)


def out_of_reach(
    engine: Engine, table: str, schema: PanelSchema, design: Design, outcomes: tuple[str, ...]
) -> tuple[Placebo, ...]:
    """Outcomes that participation cannot have touched."""
    swapped = replace(schema, outcomes=outcomes, signed=outcomes, averaged=())
    return tuple(
        _placebo("outcome", one.outcome, aggregate(one, "simple").overall)
        for one in group_time(engine, table, swapped, design)
    )


@dataclass(frozen=True)
class FalseGroups(Result):
    """Effects of participation said of companies that never took part, drawn again and again.

    share_found  share of draws whose interval leaves 0 out: about 1 - level where the errors are right
    p            share of draws at least as far from 0 as the true estimate (a permutation test)
    """

    outcome: str
    draws: int
    mean: float
    spread: float
    share_found: float
    estimate: float
    p: float


def false_groups(
    rows: Rows, outcome: str, design: Design, draws: int = 200, seed: int = 1, progress: Progress = silent
) -> FalseGroups:
    """`rows` gathered company by company (numeric covariates), or cells, from which false participants are drawn whole.

    The true participants are left out; as many companies as they were (at most a third of the others) are said to have taken part,
    in the same first years. Raises Unfit where rows are cells: their companies cannot be told apart.
    """
    if rows.outcomes[0].scatter is not None:
        raise Unfit(
            "companies are joined into cells",
            where="false group",
            mend="gather with design covariates, one row a company",
        )
    true = aggregate(from_rows(rows, design)[outcome], "simple").overall
    never = rows.taking(rows.cohort == 0)
    starts = rows.cohort[rows.cohort > 0]
    chance, found = np.random.default_rng(seed), []
    for nth in range(draws):
        progress(nth, draws, "false groups")
        size = min(len(starts), len(never.n) // 3)
        cohort = np.zeros(len(never.n), dtype=np.int64)
        cohort[chance.choice(len(cohort), size, replace=False)] = chance.choice(starts, size, replace=False)
        order = np.argsort(cohort, kind="stable")
        drawn = replace(never, cohort=cohort).taking(order)
        found.append(aggregate(from_rows(drawn, design)[outcome], "simple").overall)
    values = np.array([one.estimate for one in found])
    return FalseGroups(
        outcome=outcome,
        draws=draws,
        mean=float(values.mean()),
        spread=float(values.std(ddof=1)),
        share_found=float(np.mean([one.low > 0 or one.high < 0 for one in found])),
        estimate=true.estimate,
        p=float((1 + (np.abs(values) >= abs(true.estimate)).sum()) / (draws + 1)),
    )
