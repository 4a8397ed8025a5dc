"""Check a panel against its schema, in SQL: the rows stay in the engine, counts and a few examples come back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from klyngeanalyse.core.engines import Engine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.naming import quoted
from klyngeanalyse.panel.report import Coming, Fault, PanelReport
from klyngeanalyse.panel.schema import PanelSchema

EXAMPLES = 5


def check(engine: Engine, table: str, schema: PanelSchema) -> PanelReport:
    """Every fault of the panel at once, and the years' entries, exits and gaps.

    Raises Unfit where nothing can be counted: a missing column, an empty table, a year that is not a number.
    """
    asked = _Asked(engine, table, schema)
    types = asked.types()
    keys = [fault for fault in asked.empty_keys() if fault]
    faults = [*keys, *_faults(asked, types)]
    years = asked.years()
    if not years:
        raise Unfit("no rows", where=f"table {table}", mend="give a panel with companies and years")
    total = engine.arrow(f"select count(*) as n, count(distinct {asked.c}) as k from {table}").to_pylist()[0]
    return PanelReport(
        n_rows=total["n"],
        n_companies=total["k"],
        first_year=years[0].year,
        last_year=years[-1].year,
        n_treated=asked.treated(types),
        n_gaps=sum(one.gaps for one in years),
        n_entries=sum(one.entries for one in years),
        n_exits=sum(one.exits for one in years),
        balanced=all(one.companies == total["k"] for one in years) and not any(f.code == "duplicate" for f in faults),
        faults=tuple(sorted(faults, key=lambda fault: not fault.grave)),
        years=tuple(years),
    )


def _faults(asked: _Asked, types: dict[str, pa.DataType]) -> Iterator[Fault]:
    schema = asked.schema
    found = [asked.duplicates(), asked.participation(types)]
    for outcome in schema.outcomes:
        found += [asked.numbers(outcome, types), asked.negatives(outcome, types)]
    if schema.industry:
        found += [asked.versions(), asked.versionless(), asked.zeros(types)]
    if schema.organisation and schema.first_participation:
        found.append(asked.organisations(types))
    yield from (fault for fault in found if fault)


class _Asked:
    """The questions, each one query over the panel."""

    def __init__(self, engine: Engine, table: str, schema: PanelSchema) -> None:
        self.engine, self.table, self.schema = engine, table, schema
        self.c, self.y = self.q(schema.company), self.q(schema.year)

    def q(self, column: str) -> str:
        return quoted(self.engine, column)

    def types(self) -> dict[str, pa.DataType]:
        head = self.engine.arrow(f"select * from {self.table} limit 0").schema
        missing = [f"{column} ({field})" for field, column in self.schema.columns().items() if column not in head.names]
        if missing:
            raise Unfit(
                f"no column {', '.join(missing)}",
                where=f"table {self.table}",
                why=f"it has {', '.join(head.names)}",
                mend="name the columns in the schema, or leave the field None",
            )
        types = {name: head.field(name).type for name in head.names}
        if not (pa.types.is_integer(types[self.schema.year]) or pa.types.is_floating(types[self.schema.year])):
            raise Unfit(
                f"year is {types[self.schema.year]}",
                where=f"column {self.schema.year}",
                mend="write years as whole numbers",
            )
        return types

    def _found(self, code: str, column: str, where: str, value: str, grave: bool = True) -> Fault | None:
        """Rows that answer to `where`; the first few are shown as company, year, value."""
        return self._listed(
            code,
            column,
            f"select {self.c} as company, {self.y} as year, {value} as value from {self.table} where {where}",
            grave,
        )

    def _listed(self, code: str, column: str, sql: str, grave: bool = True) -> Fault | None:
        count = self.engine.arrow(f"select count(*) as n from ({sql}) q").column("n")[0].as_py()
        if not count:
            return None
        rows = self.engine.arrow(f"select * from ({sql}) q order by 1, 2 limit {EXAMPLES}").to_pylist()
        return Fault(code, column, count, tuple(tuple(row.values()) for row in rows), grave)

    def empty_keys(self) -> list[Fault | None]:
        return [
            self._found("empty", column, f"{self.q(column)} is null", "'null'")
            for column in (self.schema.company, self.schema.year)
        ]

    def duplicates(self) -> Fault | None:
        sql = (
            f"select {self.c} as company, {self.y} as year, count(*) as value from {self.table} "
            f"group by {self.c}, {self.y} having count(*) > 1"
        )
        return self._listed("duplicate", f"{self.schema.company}, {self.schema.year}", sql)

    def numbers(self, outcome: str, types: dict[str, pa.DataType]) -> Fault | None:
        column = self.q(outcome)
        if _is_text(types[outcome]):
            return self._found(
                "not_numeric", outcome, f"{column} is not null and try_cast({column} as double) is null", column
            )
        if not _is_number(types[outcome]):
            return self._found("not_numeric", outcome, f"{column} is not null", f"cast({column} as varchar(60))")
        if pa.types.is_floating(types[outcome]):
            return self._found("not_finite", outcome, f"isnan({column}) or abs({column}) > 1.7e308", column)
        return None

    def negatives(self, outcome: str, types: dict[str, pa.DataType]) -> Fault | None:
        if outcome in self.schema.signed or not _is_number(types[outcome]):
            return None
        return self._found("negative", outcome, f"{self.q(outcome)} < 0", self.q(outcome))

    def participation(self, types: dict[str, pa.DataType]) -> Fault | None:
        first = self.schema.first_participation
        if first is None:
            return None
        f = self.q(first)
        if not _is_number(types[first]):
            return self._found("participation_not_a_year", first, f"{f} is not null", f)
        odd = self._found("participation_not_a_year", first, f"{f} <> floor({f}) or {f} < 0", f)
        sql = (
            f"select {self.c} as company, min({f}) as first, max({f}) as last from {self.table} group by {self.c} "
            f"having min({f}) <> max({f}) or (count({f}) > 0 and count({f}) < count(*))"
        )
        return odd or self._listed("participation_varies", first, sql)

    def versions(self) -> Fault | None:
        """More than one version of the codes anywhere in the panel."""
        version = self.schema.industry_version
        if version is None:
            return None
        v = self.q(version)
        sql = (
            f"select {v} as version, min({self.y}) as first, max({self.y}) as last, count(*) as n from {self.table} "
            f"where {v} is not null group by {v}"
        )
        found = self._listed("mixed_versions", version, sql)
        return found if found and found.count > 1 else None

    def versionless(self) -> Fault | None:
        industry, version = str(self.schema.industry), self.schema.industry_version
        if version is None:
            return None
        where = f"{self.q(industry)} is not null and {self.q(version)} is null"
        return self._found("version_missing", version, where, self.q(industry))

    def zeros(self, types: dict[str, pa.DataType]) -> Fault | None:
        """Industry codes kept as numbers have lost their leading zeros."""
        industry = str(self.schema.industry)
        if not _is_number(types[industry]):
            return None
        return self._found("lost_zero", industry, f"{self.q(industry)} is not null", self.q(industry))

    def organisations(self, types: dict[str, pa.DataType]) -> Fault | None:
        organisation, first = str(self.schema.organisation), str(self.schema.first_participation)
        where = f"{self.q(organisation)} is not null and {self._lacks(first, types)}"
        return self._found("organisation_without_participation", organisation, where, self.q(organisation), grave=False)

    def _lacks(self, column: str, types: dict[str, pa.DataType]) -> str:
        """True of no value: a null, and in a column of decimals what is no number (an engine holds that to be above all numbers)."""
        none = f"{self.q(column)} is null"
        return f"({none} or isnan({self.q(column)}))" if pa.types.is_floating(types[column]) else none

    def treated(self, types: dict[str, pa.DataType]) -> int:
        first = self.schema.first_participation
        if first is None or not _is_number(types[first]):
            return 0
        sql = f"select count(distinct {self.c}) as n from {self.table} where {self.q(first)} > 0 and not {self._lacks(first, types)}"
        return int(self.engine.arrow(sql).column("n")[0].as_py())

    def years(self) -> list[Coming]:
        rows = self.engine.arrow(
            f"with seen as (select {self.c} as c, cast({self.y} as integer) as y from {self.table} "
            f"where {self.c} is not null and {self.y} is not null group by 1, 2), "
            "span as (select c, min(y) as a, max(y) as b from seen group by c), "
            "y as (select y, count(*) as n from seen group by y), "
            "ends as (select a, b, count(*) as n from span group by a, b) "
            "select y.y as year, max(y.n) as companies, "
            "sum(case when e.a = y.y then e.n else 0 end) as entries, sum(case when e.b = y.y then e.n else 0 end) as exits, "
            "sum(case when e.a <= y.y and e.b >= y.y then e.n else 0 end) as within "
            "from y cross join ends e group by y.y order by 1"
        ).to_pylist()
        return [
            Coming(
                year=int(row["year"]),
                companies=int(row["companies"]),
                entries=int(row["entries"]) if nth else 0,
                exits=int(row["exits"]) if nth < len(rows) - 1 else 0,
                gaps=int(row["within"]) - int(row["companies"]),
            )
            for nth, row in enumerate(rows)
        ]


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
