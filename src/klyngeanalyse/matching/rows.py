"""The candidates inside the engine: checked, coded by cell, every covariate a number; nothing leaves the engine here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from klyngeanalyse.core.engines import Engine, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.matching.design import Design

Array = np.ndarray[Any, Any]
LEVELS = 50
ROWS, CELLS = "matching_rows", "matching_cells"


def number(value: float) -> str:
    """A literal that is a double on every engine (0.1 alone would be a decimal)."""
    return f"{float(value):.17e}"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Candidates:
    """What the engine now holds: `ROWS` (company, treated 0/1, cell, x1… the covariates, y1… the outcomes; complete rows only)
    and `CELLS` (cell, n_treated, n_control and the exact columns k1…)."""

    engine: Engine
    design: Design
    source: str
    names: tuple[str, ...]  # one a column x1…: the covariate, or `covariate=value`
    coded: bool  # no covariate is continuous
    n_treated: int
    n_control: int
    n_missing_control: int

    @property
    def xs(self) -> list[str]:
        return [f"x{nth}" for nth in range(1, len(self.names) + 1)]

    @property
    def ys(self) -> list[str]:
        return [f"y{nth}" for nth in range(1, len(self.design.outcomes) + 1)]

    @property
    def cells(self) -> tuple[int, int]:
        """How many cells there are, and how many of them hold both arms."""
        asked = f"select count(*) as n, count(*) filter (where n_treated > 0 and n_control > 0) as shared from {CELLS}"
        found = columns(self.engine, asked)
        return int(found["n"][0]), int(found["shared"][0])

    def close(self) -> None:
        self.engine.drop(ROWS)
        self.engine.drop(CELLS)


def _schema(engine: Engine, source: str, design: Design) -> dict[str, pa.DataType]:
    found = engine.arrow(f"select * from {source} limit 0").schema
    kinds = {field.name: field.type for field in found}
    for name in design.columns:
        if name not in kinds:
            raise Unfit(f"no column {name!r}", where=source, mend=f"the columns are {', '.join(kinds)}")
        if pa.types.is_null(kinds[name]):
            raise Unfit(f"column {name!r} is wholly empty", where=source, mend="leave it out, or fill it")
    for name in design.outcomes:
        if not _numeric(kinds[name]):
            raise Unfit(f"outcome {name!r} is no number", where=f"{source}, {kinds[name]}", mend="give a number")
    return kinds


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _check_treated(engine: Engine, source: str, design: Design) -> None:
    name = design.treated
    found = engine.arrow(f"select distinct cast({name} as double) as t from {source}")["t"].to_pylist()
    if None in found or set(found) - {0.0, 1.0}:
        other = sorted(set(found) - {0.0, 1.0}, key=str)
        raise Unfit(
            f"treated column {name!r} holds {other[0]}",
            where=source,
            why="it says who is treated",
            mend="give 1 for treated and 0 for control in every row",
        )
    for value, word in ((1.0, "treated"), (0.0, "control")):
        if value not in found:
            raise Unfit(
                f"no {word} company", where=f"{source}.{name}", mend="both treated (1) and control (0) rows are needed"
            )


def _covariates(
    engine: Engine, source: str, design: Design, kinds: dict[str, pa.DataType]
) -> tuple[list[str], list[str]]:
    """Names and SQL expressions of the covariates as doubles."""
    names: list[str] = []
    expressions: list[str] = []
    for name in design.covariates:
        if _numeric(kinds[name]):
            names.append(name)
            expressions.append(f"cast({name} as double)")
        elif _text(kinds[name]):
            told = engine.arrow(
                f"select distinct {name} as v from {source} where {name} is not null order by v limit {LEVELS + 1}"
            )
            levels = sorted(told["v"].to_pylist())
            if len(levels) > LEVELS:
                raise Unfit(
                    f"covariate {name!r} has more than {LEVELS} values",
                    where=source,
                    mend="make it an exact column, or group it",
                )
            for level in levels[1:]:
                names.append(f"{name}={level}")
                expressions.append(
                    f"case when {name} is null then null when {name} = {quoted(level)} then 1e0 else 0e0 end"
                )
        else:
            raise Unfit(
                f"covariate {name!r} is neither number nor text",
                where=f"{source}, {kinds[name]}",
                mend="give a number or a text",
            )
    return names, expressions


def _complete(design: Design, kinds: dict[str, pa.DataType]) -> str:
    used = (*design.exact, *design.covariates, *design.outcomes)
    parts = [f"{name} is not null" for name in used]
    parts += [f"not isnan({name})" for name in used if pa.types.is_floating(kinds[name])]
    return " and ".join(parts)


def _once(engine: Engine) -> None:
    """One row a company and cell: cheap where every company has one row at all."""
    company = engine.arrow(f"select company from {ROWS}").column(0)
    if company.null_count:
        raise Unfit(f"{company.null_count} rows have no company", mend="give every row its company")
    distinct = distinct_whole(company.to_numpy()) if pa.types.is_integer(company.type) else len(company.unique())
    if distinct == len(company):
        return
    twice = engine.arrow(
        f"select company, count(*) as n from {ROWS} group by cell, company having count(*) > 1 order by company limit 3"
    ).to_pylist()
    if twice:
        raise Unfit(
            "a company stands twice in a cell",
            where=", ".join(f"{row['company']} ({row['n']} rows)" for row in twice),
            mend="keep one row a company and cell, or make the year an exact column",
        )


def distinct_whole(numbers: Array) -> int:
    """How many different whole numbers there are.

    >>> distinct_whole(np.array([-100, 100, 100], dtype=np.int8)), distinct_whole(np.array([], dtype=np.int64))
    (2, 0)
    """
    if not len(numbers):
        return 0
    if numbers.dtype != np.uint64:  # a difference may not fit into a narrow number
        numbers = numbers.astype(np.int64, copy=False)
    low, high = int(numbers.min()), int(numbers.max())
    if high - low < 16 * len(numbers):  # numbered close together: tick them off, which needs no sorting
        seen = np.zeros(high - low + 1, dtype=bool)
        seen[numbers - low] = True
        return int(np.count_nonzero(seen))
    ordered = np.sort(numbers)
    return int(1 + np.count_nonzero(ordered[1:] != ordered[:-1]))


def _keep_cells(engine: Engine, source: str, design: Design, complete: str) -> None:
    """The exact columns become k1, k2…, so that no name of theirs can meet one of ours."""
    keys = [f"k{nth}" for nth in range(1, len(design.exact) + 1)]
    listed = "".join(f"{key}, " for key in keys)
    named = "".join(f"{name} as {key}, " for name, key in zip(design.exact, keys, strict=True))
    grouped = f" group by {', '.join(keys)}" if keys else ""
    numbered = f"row_number() over (order by {', '.join(keys)})" if keys else "1"
    engine.keep(
        CELLS,
        f"select {numbered} as cell, {listed}n_treated, n_control from (select {listed}sum(t) as n_treated, "
        f"count(*) - sum(t) as n_control from (select {named}cast({design.treated} as int) as t from {source} where {complete}) as r"
        f"{grouped}) as counted",
    )


def _keep_rows(engine: Engine, source: str, design: Design, complete: str, expressions: list[str]) -> None:
    keys = [f"k{nth}" for nth in range(1, len(design.exact) + 1)]
    named = "".join(f", {name} as {key}" for name, key in zip(design.exact, keys, strict=True))
    named += "".join(f", {text} as x{nth}" for nth, text in enumerate(expressions, 1))
    named += "".join(f", cast({name} as double) as y{nth}" for nth, name in enumerate(design.outcomes, 1))
    inner = f"select {design.company} as company, cast({design.treated} as int) as treated{named} from {source} where {complete}"
    wanted = ["company", "treated", "cast(c.cell as int) as cell"]
    wanted += [f"x{nth}" for nth in range(1, len(expressions) + 1)]
    wanted += [f"y{nth}" for nth in range(1, len(design.outcomes) + 1)]
    joined = " and ".join(f"s.{key} = c.{key}" for key in keys)
    cells = f"join {CELLS} as c on {joined}" if joined else f"cross join (select cell from {CELLS}) as c"
    engine.keep(ROWS, f"select {', '.join(wanted)} from ({inner}) as s {cells}")


def _sizes(engine: Engine, source: str) -> tuple[int, int]:
    counted = columns(engine, f"select coalesce(sum(n_treated), 0) as t, coalesce(sum(n_control), 0) as c from {CELLS}")
    n_treated, n_control = int(counted["t"][0]), int(counted["c"][0])
    for n, word in ((n_treated, "treated"), (n_control, "control")):
        if n == 0:
            raise Unfit(
                f"no {word} row is complete", where=source, mend="fill the missing values, or leave their columns out"
            )
    return n_treated, n_control


def gather(engine: Engine, source: str, design: Design) -> tuple[Candidates, pa.Table]:
    """Checks the table `source` of the engine and keeps its complete rows coded; also the treated whose rows are incomplete.

    Raises `Unfit` on a column that is absent or of the wrong kind, a treated column that is not 0/1, no complete treated or
    control row.
    """
    kinds = _schema(engine, source, design)
    _check_treated(engine, source, design)
    names, expressions = _covariates(engine, source, design, kinds)
    complete = _complete(design, kinds)
    _keep_cells(engine, source, design, complete)
    _keep_rows(engine, source, design, complete, expressions)
    n_treated, n_control = _sizes(engine, source)
    one = f"cast({design.treated} as int)"
    missing = engine.arrow(
        f"select {design.company} as company from {source} where {one} = 1 and not ({complete}) order by company"
    )
    lost = columns(engine, f"select count(*) as n from {source} where {one} = 0 and not ({complete})")
    _once(engine)
    coded = not any(pa.types.is_floating(kinds[name]) for name in design.covariates)
    return (
        Candidates(engine, design, source, tuple(names), coded, n_treated, n_control, int(lost["n"][0])),
        missing,
    )
