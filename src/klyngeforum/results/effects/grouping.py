"""A result by groups of companies as the pages read it: what rests on fewer than the programme asks for is told nothing of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .rules import claim_of
from .terms import GROUP_TABLES, Claim, Group, Grouped, Limits, Outcome, Point, Protocol

_FEW = "few"


def grouped(told: Mapping[str, Any], protocol: Protocol, limits: Limits) -> tuple[Grouped, ...]:
    """Every declared grouping by every outcome; nothing of a protocol that declared none."""
    said = told.get("by", {})
    return tuple(
        _of(said[column], column, outcome, limits) for column in protocol.by if column in said for outcome in protocol.outcomes
    )  # fmt: skip


def _of(tables: Mapping[str, Any], column: str, outcome: Outcome, limits: Limits) -> Grouped:
    mine = {name: [row for row in tables[name] if row["outcome"] == outcome.column] for name in GROUP_TABLES}
    every = [_group(row, limits) for row in mine["groups"]]
    few = [row["group"] for row in mine["untold"] if row["why"] == _FEW] + [
        one.key for one in every if one.claim is Claim.NONE
    ]
    common = mine["common"][0] if mine["common"] else {"mean": 0.0, "spread": 0.0, "unnamed": 0}
    return Grouped(
        column, outcome, tuple(one for one in every if one.claim is not Claim.NONE), tuple(sorted(few)),
        tuple(sorted(row["group"] for row in mine["untold"] if row["why"] != _FEW)), int(common["unnamed"]), float(common["mean"]),
        float(common["spread"]), str(tables.get("refused", "")),
    )  # fmt: skip


def _group(row: Mapping[str, Any], limits: Limits) -> Group:
    key, participants = str(row["group"]), int(row["n_treated"])
    own = Point(key, float(row["relative"]), float(row["relative_low"]), float(row["relative_high"]))
    shrunk = Point(key, float(row["shrunk"]), float(row["shrunk_low"]), float(row["shrunk_high"]))
    return Group(
        key, participants, own, shrunk, float(row["p_holm"]), float(row["weight"]), claim_of(participants, limits)
    )
