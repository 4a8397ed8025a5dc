"""`match`: a table of candidates and a design in, matched sets, balance, effects and reasons out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching import balancing, coarsened, held, reasons
from klyngeanalyse.matching.balance import Weighted, compared, weighted
from klyngeanalyse.matching.design import Design
from klyngeanalyse.matching.effect import Effects, effects, footing
from klyngeanalyse.matching.held import Held
from klyngeanalyse.matching.mahalanobis import straighten
from klyngeanalyse.matching.moments import Moments, moments
from klyngeanalyse.matching.paired import (
    adjusted,
    choose,
    comparison,
    covariates,
    pair_table,
    weight_table,
)
from klyngeanalyse.matching.pool import fetch, window
from klyngeanalyse.matching.propensity import Propensity, fit
from klyngeanalyse.matching.results import Matching, Pairs, Summary, Unmatched, Weights
from klyngeanalyse.matching.rows import Candidates, gather

Array = np.ndarray[Any, Any]


class Progress(Protocol):
    def __call__(self, done: float, of: float, what: str) -> None: ...


def silent(done: float, of: float, what: str) -> None:
    """Nobody listens."""


def match(engine: Engine, source: str, design: Design, progress: Progress = silent) -> Matching:
    """Matches the treated of the table or view `source` with its controls.

    The table has one row a company (and cell). The answer does not depend on the order of its rows: ties are decided by
    distance, then score, then company. Rows with a missing value are left out and reported.

    Raises `Unfit` on a table that does not fit the design (see `gather`, `fit`, `balance`), and where nobody can be matched.
    """
    progress(0, 5, "rows")
    if design.method == "coarsened" and (rows := held.read(engine, source, design)):
        return _in_memory(rows, progress)
    candidates, missing = gather(engine, source, design)
    try:
        progress(1, 5, "moments")
        seen = moments(candidates)
        progress(2, 5, design.method)
        work = {"coarsened": _coarsened, "balancing": _balanced}.get(design.method, _paired)
        answer = work(candidates, missing, seen, progress)
        progress(5, 5, "done")
        return answer
    finally:
        candidates.close()


def _paired(candidates: Candidates, missing: pa.Table, seen: Moments, progress: Progress) -> Matching:
    design = candidates.design
    propensity = fit(candidates) if design.scored else None
    spans = window(candidates, propensity)
    pool = fetch(candidates, propensity, spans)
    progress(3, 5, "pairs")
    if not design.scored:
        straighten(pool.treated, seen)
        straighten(pool.control, seen)
    chosen = choose(pool, design)
    everybody = reasons.everybody(candidates, propensity)
    unmatched = reasons.table(candidates, missing, everybody, *reasons.left_out(everybody, pool, chosen, design, spans))
    progress(4, 5, "effects")
    xt, xc = covariates(candidates, pool, chosen)
    if design.adjust and len(chosen.matched):
        y0 = adjusted(chosen, xt, xc, pool.control.y[chosen.used], len(pool.treated))
        chosen = replace(chosen, y0=y0)
    found = Effects(())
    if design.outcomes and len(chosen.matched):
        found = effects(design.outcomes, comparison(pool, chosen, design), design.confidence)
    arms = [weighted(xc, chosen.k), weighted(xt, np.ones(len(xt)))] if len(xt) else None
    fewer = int((chosen.count < design.neighbours).sum()) if design.method == "nearest" else 0
    return _answer(
        candidates,
        seen,
        arms,
        found,
        unmatched,
        Weights(weight_table(pool, chosen)),
        Pairs(pair_table(pool, chosen.sets)) if chosen.sets is not None else None,
        propensity,
        fewer,
    )


def _coarsened(candidates: Candidates, missing: pa.Table, seen: Moments, progress: Progress) -> Matching:
    design = candidates.design
    try:
        strata = coarsened.stratify(candidates)
        progress(4, 5, "effects")
        found = coarsened.effects(strata, design.outcomes, design.confidence) if design.outcomes else Effects(())
        arms = coarsened.weighted(candidates, seen) if len(strata.n1) else None
        unmatched = _strata_reasons(candidates, missing, coarsened.everybody(candidates))
        weights = Weights(coarsened.weights(candidates))
    finally:
        coarsened.forget(candidates)
    return _answer(candidates, seen, arms, found, unmatched, weights, None, None, 0)


def _in_memory(rows: Held, progress: Progress) -> Matching:
    """The same of a file that memory holds."""
    progress(1, 5, "moments")
    seen = held.moments(rows)
    progress(2, 5, "coarsened")
    near = held.stratify(rows)
    progress(4, 5, "effects")
    found = coarsened.effects(near.strata, rows.design.outcomes, rows.design.confidence)
    arms = held.weighted(rows, near) if len(near.strata.n1) else None
    answer = _answer(rows, seen, arms, found, held.unmatched(rows, near), held.weights(rows, near), None, None, 0)
    progress(5, 5, "done")
    return answer


def _strata_reasons(candidates: Candidates, missing: pa.Table, everybody: pa.Table) -> Unmatched:
    """The treated of strata without controls, and whether their whole cell has none."""
    place = np.flatnonzero(everybody["lost"].to_numpy())
    alone = everybody["n_control"].to_numpy()[place] == 0
    reason = np.where(alone, "no_control_in_cell", "no_control_in_stratum").astype(object)
    return reasons.table(candidates, missing, everybody, place, reason, np.full(len(place), np.nan))


def _balanced(candidates: Candidates, missing: pa.Table, seen: Moments, progress: Progress) -> Matching:
    try:
        tilt = balancing.balance(candidates, seen)
        progress(4, 5, "effects")
        found = balancing.effects(candidates, tilt)
        arms = balancing.weighted(candidates, seen)
        weights = Weights(balancing.weights(candidates))
    finally:
        balancing.forget(candidates)
    everybody = reasons.everybody(candidates, None)
    place = np.flatnonzero(everybody["n_control"].to_numpy() == 0)
    reason = np.full(len(place), "no_control_in_cell", dtype=object)
    unmatched = reasons.table(candidates, missing, everybody, place, reason, np.full(len(place), np.nan))
    return _answer(candidates, seen, arms, found, unmatched, weights, None, None, 0)


def _answer(
    candidates: Candidates | Held,
    seen: Moments,
    arms: list[Weighted] | None,
    found: Effects,
    unmatched: Unmatched,
    weights: Weights,
    pairs: Pairs | None,
    propensity: Propensity | None,
    fewer: int,
) -> Matching:
    treated = weights.table["treated"].to_numpy()
    n_matched, n_used = int((treated == 1).sum()), int((treated == 0).sum())
    if arms is None:
        raise _nobody(unmatched)
    n_cells, n_shared = candidates.cells
    balance = compared(candidates.names, seen, arms[1], arms[0])
    summary = Summary(
        method=candidates.design.method,
        n_treated=n_matched + unmatched.table.num_rows,
        n_matched=n_matched,
        n_controls=candidates.n_control,
        n_controls_used=n_used,
        effective_controls=balance.effective_controls,
        n_cells=n_cells,
        n_cells_shared=n_shared,
        fewer=fewer,
        missing_controls=candidates.n_missing_control,
        reasons=unmatched.reasons,
        footing=footing(n_matched),
    )
    return Matching(summary, found, balance, unmatched, weights, pairs, propensity)


def _nobody(unmatched: Unmatched) -> Unfit:
    told = ", ".join(f"{reason} {n}" for reason, n in unmatched.reasons.items())
    return Unfit(
        "nobody can be matched", why=told, mend="use fewer or wider exact columns, a wider caliper or coarser bins"
    )
