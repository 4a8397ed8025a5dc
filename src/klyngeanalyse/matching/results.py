"""What a matching answers with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from klyngeanalyse.core.results import Result, Row, plain
from klyngeanalyse.matching.balance import Balance
from klyngeanalyse.matching.effect import Effects, Footing
from klyngeanalyse.matching.propensity import Propensity

Reason = Literal[
    "missing_value",
    "score_above_limit",
    "outside_support",
    "no_control_in_cell",
    "no_control_in_support",
    "no_control_in_stratum",
    "outside_caliper",
    "outside_bandwidth",
    "controls_used_up",
]


class Table(Result):
    """A result that is a long table: an Arrow table inside, rows of Python values outside."""

    table: pa.Table

    def rows(self) -> list[Row]:
        rows: list[Row] = self.table.to_pylist()
        return rows

    def as_dict(self) -> dict[str, Any]:
        return dict(plain(self.table.to_pydict()))


@dataclass(frozen=True)
class Pairs(Table):
    """company, control, cell, rank (1 the nearest), distance, weight; sorted by cell, company, rank."""

    table: pa.Table


@dataclass(frozen=True)
class Weights(Table):
    """company, cell, treated, weight of everybody who takes part: treated 1, controls what they stand for."""

    table: pa.Table


@dataclass(frozen=True)
class Unmatched(Table):
    """company, reason, cell and its exact columns, score, the nearest control's distance: the treated that are left out."""

    table: pa.Table

    @property
    def reasons(self) -> dict[str, int]:
        return dict(sorted(Counter(self.table.column("reason").to_pylist()).items()))


@dataclass(frozen=True)
class Summary(Result):
    """Counts; `effective_controls` is (Σw)² / Σw², `fewer` the matched treated with fewer controls than asked."""

    method: str
    n_treated: int
    n_matched: int
    n_controls: int
    n_controls_used: int
    effective_controls: float
    n_cells: int
    n_cells_shared: int
    fewer: int
    missing_controls: int
    reasons: dict[str, int]
    footing: Footing

    def rows(self) -> list[Row]:
        row = {name: value for name, value in vars(self).items() if name != "reasons"}
        return [{**row, **self.reasons}]


@dataclass(frozen=True)
class Matching:
    summary: Summary
    effects: Effects
    balance: Balance
    unmatched: Unmatched
    weights: Weights
    pairs: Pairs | None
    propensity: Propensity | None

    def results(self) -> dict[str, Result]:
        """The parts that there are, by name."""
        named: dict[str, Result | None] = {name: getattr(self, name) for name in self.__dataclass_fields__}
        if not self.effects.effects:
            named["effects"] = None
        return {name: part for name, part in named.items() if part is not None}
