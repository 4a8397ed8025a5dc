"""A declared study by groups of companies: by the organisation in which each began, and by a column of the panel, in each company's first year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.core.results import plain
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.gathering import gather
from klyngeanalyse.effects.groups import Groups, by_group
from klyngeanalyse.effects.study import FEWEST
from klyngeanalyse.panel.schema import PanelSchema

ORGANISATION = "organisation"  # of the list of who began where; every other name is a column of the panel
_OWN = ("company", "year")
_MOST = 4


def asked_by(methods: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups that the protocol declares. Raises Unfit for what is no list of columns."""
    said = methods.get("by", ())
    sound = isinstance(said, list | tuple) and len(said) <= _MOST and len(set(map(str, said))) == len(said)
    if not sound or not all(isinstance(one, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", one) and one not in _OWN for one in said):  # fmt: skip
        raise Unfit(f"by = {said!r}", where="effects", mend=f'name up to {_MOST} columns, such as by = ["organisation", "region"]')  # fmt: skip
    return tuple(said)


def columns_by(methods: Mapping[str, Any]) -> list[str]:
    """Of the panel."""
    return [one for one in asked_by(methods) if one != ORGANISATION]


def selected(methods: Mapping[str, Any]) -> str:
    """What the panel's query selects beside everything else: one column a declared group, the same in all of a company's years."""
    parts = [
        f", b.organisation as by_{nth}"
        if name == ORGANISATION
        else f', arg_min(cast(e."{name}" as varchar), e.year) over (partition by e.company) as by_{nth}'
        for nth, name in enumerate(asked_by(methods))
    ]
    return "".join(parts)


def counted_by(
    engine: DuckEngine, methods: Mapping[str, Any], name: str, schema: PanelSchema, design: Design, forms: Mapping[str, str], least: float,
) -> dict[str, Any]:  # fmt: skip
    """Flat tables: the groups, those of which nothing is told, and what the groups have in common."""
    own = replace(design, cluster=f"by_{asked_by(methods).index(name)}")
    try:
        rows = gather(engine, "panel", schema, own)
        found = by_group(rows, own, forms=forms, within=name != ORGANISATION, fewest=FEWEST, least=least)
    except Unfit as error:
        return {**_tables(()), "refused": str(error)}
    return {**_tables(found), "refused": ""}


def _tables(found: Iterable[Groups]) -> dict[str, Any]:
    found = tuple(found)
    return {
        "groups": [{"outcome": one.outcome, **dict(plain(row))} for one in found for row in one.rows()],
        "untold": [{"outcome": one.outcome, "group": group, "why": why} for one in found for group, why in one.untold],
        "common": [{"outcome": one.outcome, "form": one.form, "mean": one.mean, "spread": one.spread, "unnamed": one.unnamed} for one in found],
    }  # fmt: skip
