"""The questions every reading of the panel starts with: its columns, years, companies and cohorts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from klyngeanalyse.core.engines import Engine, Streams, columns
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.core.stored import Stored
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.rows import Floats, Whole
from klyngeanalyse.panel.schema import PanelSchema

MOST_YEARS = 60


@dataclass(frozen=True)
class Extent:
    """First and last year, and how many rows there are."""

    low: int
    high: int
    n_rows: int


@dataclass(frozen=True)
class Asking:
    """The panel as SQL: quoted columns, the years observed, and a company's first participation as a whole number or 0."""

    engine: Engine
    table: str
    schema: PanelSchema
    design: Design

    def __post_init__(self) -> None:
        if self.schema.first_participation is None:
            raise Unfit(
                "no first participation",
                where="panel schema",
                mend="name the column with the first year of participation",
            )
        file = self.as_stored()
        head = file.kinds if file else self.engine.arrow(f"select * from {self.table} limit 0").schema
        self._named(head)
        for one in (*self.schema.outcomes, *self.design.covariates):
            kind = head.field(one).type
            if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
                raise Unfit(
                    f"column {one} is {kind}", where=f"table {self.table}", mend="give numbers, or name it in `codes`"
                )
        object.__setattr__(self, "_head", head)
        object.__setattr__(self, "extent", self._asked_extent())

    def as_stored(self) -> Stored | None:
        """The panel's file, where all columns of the question stand in it as plain numbers: it can be read without asking for anything."""
        file = self.engine.stored(self.table) if isinstance(self.engine, Streams) else None
        return file if file is not None and file.plain(self._wanted()) else None

    def _wanted(self) -> list[str]:
        design, schema = self.design, self.schema
        found = [schema.company, schema.year, str(schema.first_participation), *schema.outcomes]
        return [*found, *design.covariates, *design.codes, *([design.cluster] if design.cluster else [])]

    _head: Any = None
    extent: Extent = field(init=False)

    def _named(self, head: pa.Schema) -> None:
        missing = [one for one in self._wanted() if one not in head.names]
        if missing:
            raise Unfit(
                f"no column {', '.join(missing)}",
                where=f"table {self.table}",
                why=f"it has {', '.join(head.names)}",
                mend="name the columns as they stand in the table",
            )

    def q(self, column: str) -> str:
        return quoted(self.engine, column)

    @property
    def company(self) -> str:
        return self.q(self.schema.company)

    @property
    def year(self) -> str:
        return self.q(self.schema.year)

    @property
    def first(self) -> str:
        return self.q(str(self.schema.first_participation))

    def kind(self, column: str) -> pa.DataType:
        return self._head.field(column).type

    def _asked_extent(self) -> Extent:
        """Smallest and largest alone: a file mostly tells them, and an engine mostly knows them without reading a row."""
        if (file := self.as_stored()) and (told := self._told(file)):
            return told
        found = columns(
            self.engine,
            f"select min({self.year}) as low, max({self.year}) as high, count(*) as n, count({self.year}) as y, "
            f"count({self.company}) as c from {self.table}",
        )
        n = int(found["n"][0])
        if not n:
            raise Unfit("no rows", where=f"table {self.table}", mend="give a panel with companies and years")
        if int(found["y"][0]) < n or int(found["c"][0]) < n or np.isnan(float(found["high"][0])):
            raise Unfit(
                "empty company or year",
                where=f"table {self.table}",
                mend="fill the keys or drop the rows (see panel.check)",
            )
        return Extent(int(found["low"][0]), int(found["high"][0]), n)

    def _told(self, file: Stored) -> Extent | None:
        """What the file says of itself; None where it says too little, or where the panel is to be refused."""
        year, company = file.range(self.schema.year), file.range(self.schema.company)
        if year is None or company is None or year.empty or company.empty or not file.n_rows:
            return None
        whole = all(pa.types.is_integer(self.kind(one)) for one in (self.schema.year, self.schema.company))
        return Extent(int(year.low), int(year.high), file.n_rows) if whole else None

    @cached_property
    def years(self) -> Whole:
        """The years observed, in order."""
        found = columns(self.engine, f"select distinct {self.year} as y from {self.table} order by 1")
        if not 1 < len(found["y"]) <= MOST_YEARS:
            raise Unfit(
                f"{len(found['y'])} years",
                where=f"column {self.schema.year}",
                mend=f"give 2 to {MOST_YEARS} years of observation",
            )
        return np.asarray(found["y"], dtype=np.int64)

    @property
    def last_start(self) -> int:
        """Companies that start later than this are never seen taking part: they count as never."""
        return self.extent.high + self.design.anticipation

    @property
    def started(self) -> str:
        """True for rows of companies that start while they are observed; null, 0, NaN and later years are 'never'."""
        return f"{self.first} > 0 and {self.first} <= {self.last_start}"

    def place(self) -> str:
        """The year's place among the years, from 0."""
        years = self.years
        if years[-1] - years[0] == len(years) - 1:
            return f"cast({self.year} - {int(years[0])} as bigint)"
        cases = " ".join(f"when {int(year)} then {nth}" for nth, year in enumerate(years))
        return f"cast(case {self.year} {cases} end as bigint)"


def too_early(cohort: NDArray[np.integer[Any]], asking: Asking) -> np.ndarray:
    """Cohorts with no year before participation: nothing can be compared, their companies are dropped."""
    return (cohort > 0) & (cohort <= asking.extent.low + asking.design.anticipation)


def varies(asking: Asking, column: str, examples: list[Any]) -> Unfit:
    return Unfit(
        f"{column} varies within a company",
        where=f"column {column}, companies {', '.join(str(one) for one in examples[:3])}",
        mend="write one value in every row of the company (see panel.check)",
    )


def twice(asking: Asking) -> Unfit:
    sql = (
        f"select {asking.company} as c, {asking.year} as y from {asking.table} group by {asking.company}, {asking.year} "
        "having count(*) > 1 order by 1, 2 limit 3"
    )
    shown = ", ".join(f"{row['c']}/{row['y']}" for row in asking.engine.arrow(sql).to_pylist())
    return Unfit(
        "a company twice in a year",
        where=f"columns {asking.schema.company}, {asking.schema.year}, first {shown}",
        mend="keep one row a company and year, or sum them before",
    )


def standardised(values: Floats, weight: Floats) -> Floats:
    """Columns with mean 0 and variance 1 (a constant one 0): the estimates do not change, the arithmetic is steadier."""
    mean = weight @ values / weight.sum()
    around = values - mean
    spread = np.sqrt(weight @ around**2 / weight.sum())
    return np.asarray(around / np.where(spread > 0, spread, 1.0), dtype=np.float64)


def complete(x: Floats, names: tuple[str, ...]) -> None:
    """Refuses covariates (R, p) with companies that have no value."""
    for nth, name in enumerate(names):
        lacking = int((~np.isfinite(x[:, nth])).sum())
        if lacking:
            raise Unfit(
                f"{lacking} companies without a value",
                where=f"column {name}",
                mend="fill the covariate, leave these companies out, or choose another year `at`",
            )
