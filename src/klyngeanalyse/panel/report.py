"""What a check of a panel found: faults with their column, rows and mend, and how companies come and go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import Chart, Result, Row

MENDS = {
    "duplicate": "keep one row a company and year, or sum them before",
    "empty": "fill the key or drop the rows",
    "not_numeric": "write numbers with a decimal point and nothing else",
    "not_finite": "replace infinity and NaN by null",
    "negative": "correct the rows, or name the outcome in `signed` if it may be negative",
    "participation_varies": "write the first year of participation in every row of the company",
    "participation_not_a_year": "write a whole year, and null for a company that never took part",
    "mixed_versions": "translate the codes to one version by a correspondence table before joining",
    "version_missing": "write the version of the code (DB07, DB25) in every row that has one",
    "lost_zero": "read the codes as text: leading zeros are part of them",
    "organisation_without_participation": "give the first year of participation, or no organisation",
}


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one column: `count` rows (or companies), the first few as (company, year, value)."""

    code: str
    column: str
    count: int
    rows: tuple[tuple[Any, ...], ...]
    grave: bool = True

    @property
    def mend(self) -> str:
        return MENDS[self.code]


@dataclass(frozen=True)
class Coming:
    """One year of the panel: companies seen, seen first, seen last, and missing in between."""

    year: int
    companies: int
    entries: int
    exits: int
    gaps: int


@dataclass(frozen=True)
class PanelReport(Result):
    """n_rows, n_companies, first and last year; `faults` grave ones first; `years` how companies come and go.

    An entry is a first row after the panel's first year, an exit a last row before its last year, and a gap a year without
    a row between a company's first and last.
    """

    n_rows: int
    n_companies: int
    first_year: int
    last_year: int
    n_treated: int
    n_gaps: int
    n_entries: int
    n_exits: int
    balanced: bool
    faults: tuple[Fault, ...]
    years: tuple[Coming, ...]

    @property
    def sound(self) -> bool:
        return not any(fault.grave for fault in self.faults)

    def demand(self) -> PanelReport:
        """Itself if sound; else the first grave fault as an error that names column, rows and mend."""
        for fault in self.faults:
            if fault.grave:
                shown = ", ".join("/".join(str(part) for part in row) for row in fault.rows[:3])
                raise Unfit(
                    fault.code.replace("_", " "),
                    where=f"column {fault.column}, {fault.count} rows, first {shown}",
                    mend=fault.mend,
                )
        return self

    def rows(self) -> Iterable[Row]:
        return [
            {
                "year": one.year,
                "companies": one.companies,
                "entries": one.entries,
                "exits": one.exits,
                "gaps": one.gaps,
            }
            for one in self.years
        ]

    def chart(self) -> Chart:
        lines = [
            {"year": str(row["year"]), "what": what, "n": row[what]} for row in self.rows() for what in list(row)[1:]
        ]
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "data": {"values": lines},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "year", "type": "ordinal"},
                "y": {"field": "n", "type": "quantitative", "scale": {"type": "symlog"}},
                "color": {"field": "what", "type": "nominal"},
            },
        }
