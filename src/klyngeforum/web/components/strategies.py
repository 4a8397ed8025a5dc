"""A region's strategy as pages show it: every priority with what speaks for it, and the strengths that no priority names."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from klyngeforum.ground.bilingual import Bilingual
from klyngeforum.results.strengths.side_by_side import Judged, Support, judged, unprioritised
from klyngeforum.results.strengths.strategies import Strategy
from klyngeforum.results.strengths.terms import RegionStanding


def _language() -> str:
    return get_language() or "da"


def _list(found: tuple[Bilingual, ...]) -> list[str]:
    return [one.say(_language()) for one in found]


def field_said(strategy: Strategy, code: str) -> str:
    category = strategy.definition.category(code)
    return category.name.say(_language()) if category else code


@dataclass(frozen=True, slots=True)
class PriorityRow:
    name: str
    activity: str
    fields: str
    support: str
    supported_by: str
    none: bool
    evidence: list[str]
    instruments: list[str]
    monitoring: list[str]


def _row(strategy: Strategy, one: Judged) -> PriorityRow:
    first = one.priority
    return PriorityRow(
        first.name.say(_language()), first.activity.say(_language()), ", ".join(field_said(strategy, code) for code in first.fields),
        gettext(one.support.label), ", ".join(field_said(strategy, code) for code in one.fields), one.support is Support.NONE,
        _list(first.evidence), _list(first.instruments), _list(first.monitoring),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StrategySaid:
    """A strategy with its priorities judged by a table; ``missing``: strengths without a priority."""

    region: str
    region_name: str
    name: str
    version: str
    source: str
    placeholder: bool
    rows: list[PriorityRow]
    missing: list[str]

    @property
    def bare(self) -> int:
        return sum(row.none for row in self.rows)


def strategy_said(strategy: Strategy, standing: RegionStanding | None, region_name: str) -> StrategySaid:
    return StrategySaid(
        strategy.region, region_name, strategy.name.say(_language()), strategy.version, strategy.sourced(_language()), strategy.placeholder,
        [_row(strategy, one) for one in judged(strategy, standing)], [field_said(strategy, code) for code in unprioritised(strategy, standing)],
    )  # fmt: skip
