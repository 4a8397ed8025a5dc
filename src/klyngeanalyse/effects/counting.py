"""The same rows from SQL alone: a company's years beside each other, then n, sum y and sum yy' of every cell in one GROUP BY."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np

from klyngeanalyse.core.engines import Columns, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.effects.asking import Asking, complete, standardised, too_early, twice, varies
from klyngeanalyse.effects.cells import indicators, unpacked
from klyngeanalyse.effects.rows import Floats, Measured, Rows, Truths, Whole


def counted(asking: Asking, singly: bool = False) -> Rows:
    """Rows of cells; of single companies where covariates are numeric (then one row a company comes back)."""
    _sound(asking)
    wide = _wide(asking)
    found = columns(asking.engine, wide if asking.design.covariates or singly else _summed(asking, wide))
    keep = np.flatnonzero(~too_early(_whole(found["g"]), asking) & _observed(asking, found))
    dropped = int(_counts(found)[too_early(_whole(found["g"]), asking)].sum())
    if not len(keep):
        raise Unfit("no companies left", where=f"table {asking.table}", why="all took part from the first year")
    order = keep[np.argsort(_whole(found["g"])[keep], kind="stable")]
    return _rows(asking, {name: values[order] for name, values in found.items()}, dropped)


def _wide(asking: Asking) -> str:
    """One row a company: g, cluster, covariates c…, and of each outcome its presence p, y_ref r and z_1 … z_T."""
    design, schema = asking.design, asking.schema
    place = asking.place()
    parts = [f"{asking.company} as company", f"max(case when {asking.started} then {asking.first} else 0 end) as g"]
    if design.cluster:
        parts.append(f"max(cast({asking.q(design.cluster)} as varchar(200))) as cluster_name")
    for nth, one in enumerate((*design.covariates, *design.codes)):
        where = f"{asking.year} = {design.at}" if design.at is not None else "1 = 1"
        parts.append(f"min_by({asking.q(one)}, case when {where} then {asking.year} end) as c{nth}")
    for k, one in enumerate(schema.outcomes):
        y = f"cast({asking.q(one)} as double)"
        for t in range(len(asking.years)):
            parts.append(f"max(case when {place} = {t} and not isnan({y}) then {y} end) as y{k}_{t}")
    inner = f"select {', '.join(parts)} from {asking.table} group by {asking.company}"
    heads = ["company", "g", *(["cluster_name"] if design.cluster else [])]
    heads += [f"c{nth}" for nth in range(len(design.covariates) + len(design.codes))]
    years = range(len(asking.years))
    for k in range(len(schema.outcomes)):
        bits = " + ".join(f"case when y{k}_{t} is null then 0 else {1 << t} end" for t in years)
        ref = f"coalesce({', '.join(f'y{k}_{t}' for t in years)})"
        heads += [f"cast({bits} as bigint) as p{k}", f"coalesce({ref}, 0) as r{k}"]
        heads += [f"coalesce(y{k}_{t} - {ref}, 0) as z{k}_{t}" for t in years]
    return f"select {', '.join(heads)} from ({inner}) companies"


def _summed(asking: Asking, wide: str) -> str:
    design = asking.design
    keys = ["g", *(["cluster_name"] if design.cluster else []), *(f"c{nth}" for nth in range(len(design.codes)))]
    keys += [f"p{k}" for k in range(len(asking.schema.outcomes))]
    sums = ["count(*) as n"]
    for k in range(len(asking.schema.outcomes)):
        names = [*(f"z{k}_{t}" for t in range(len(asking.years))), f"r{k}"]
        sums += [f"sum({one}) as s{k}_{a}" for a, one in enumerate(names)]
        sums += [
            f"sum({names[a]} * {names[b]}) as s{k}_{a}_{b}"
            for a, b in combinations_with_replacement(range(len(names)), 2)
        ]
    return f"select {', '.join([*keys, *sums])} from ({wide}) wide group by {', '.join(keys)}"


def _sound(asking: Asking) -> None:
    """Companies twice in a year and participation or clusters that vary within a company, before anything is summed."""
    first = f"case when {asking.started} then {asking.first} else 0 end"
    cluster = asking.q(asking.design.cluster) if asking.design.cluster else "null"
    sql = (
        f"select {asking.company} as company, count(*) - count(distinct {asking.year}) as doubled, "
        f"case when min({first}) <> max({first}) or max({first}) <> floor(max({first})) then 1 else 0 end as shifting, "
        f"case when min({cluster}) <> max({cluster}) then 1 else 0 end as moving from {asking.table} group by {asking.company}"
    )
    odd = asking.engine.arrow(
        f"select * from ({sql}) q where doubled > 0 or shifting > 0 or moving > 0 limit 3"
    ).to_pylist()
    if not odd:
        return
    names = [row["company"] for row in odd]
    if odd[0]["doubled"]:
        raise twice(asking)
    column = asking.schema.first_participation if odd[0]["shifting"] else asking.design.cluster
    raise varies(asking, str(column), names)


def _whole(values: np.ndarray) -> Whole:
    return np.asarray(values, dtype=np.int64)


def _counts(found: Columns) -> Floats:
    return np.asarray(found["n"], dtype=np.float64) if "n" in found else np.ones(len(found["g"]))


def _observed(asking: Asking, found: Columns) -> Truths:
    seen = [_whole(found[f"p{k}"]) > 0 for k in range(len(asking.schema.outcomes))]
    return np.asarray(np.logical_or.reduce(seen), dtype=np.bool_)


def _rows(asking: Asking, found: Columns, dropped: int) -> Rows:
    design, n = asking.design, _counts(found)
    numbers = [np.asarray(found[f"c{nth}"], dtype=np.float64) for nth in range(len(design.covariates))]
    codes = [found[f"c{nth + len(design.covariates)}"] for nth in range(len(design.codes))]
    marks, terms = indicators(design.codes, codes)
    parts = [np.ones((len(n), 1))]
    if numbers:
        x = np.column_stack(numbers)
        complete(x, design.covariates)
        parts.append(standardised(x, n))
    if codes:
        parts.append(marks)
    cluster, clusters = _clusters(found)
    return Rows(
        years=asking.years,
        cohort=_whole(found["g"]),
        n=n,
        x=np.hstack(parts),
        cluster=cluster,
        clusters=clusters,
        outcomes=tuple(_measured(asking, found, n, k, name) for k, name in enumerate(asking.schema.outcomes)),
        terms=(*design.covariates, *terms),
        n_dropped=dropped,
    )


def _clusters(found: Columns) -> tuple[Whole, tuple[str, ...]]:
    if "cluster_name" not in found:
        return np.full(len(found["g"]), -1, dtype=np.int64), ()
    names = np.array(["" if one is None else str(one) for one in found["cluster_name"]])
    given = np.array([one is not None for one in found["cluster_name"]])
    known = np.unique(names[given])
    return np.where(given, np.searchsorted(known, names), -1).astype(np.int64), tuple(str(one) for one in known)


def _measured(asking: Asking, found: Columns, n: Floats, k: int, name: str) -> Measured:
    years = len(asking.years)
    present = unpacked(_whole(found[f"p{k}"]), years)
    if "n" not in found:
        parts = [found[f"z{k}_{t}"] for t in range(years)] + [found[f"r{k}"]]
        return Measured(name, np.column_stack(parts).astype(np.float64), None, present)
    mean = np.column_stack([found[f"s{k}_{a}"] for a in range(years + 1)]) / n[:, None]
    scatter = np.zeros((len(n), years + 1, years + 1))
    for a, b in combinations_with_replacement(range(years + 1), 2):
        scatter[:, a, b] = scatter[:, b, a] = found[f"s{k}_{a}_{b}"] - n * mean[:, a] * mean[:, b]
    return Measured(name, mean, scatter, present)
